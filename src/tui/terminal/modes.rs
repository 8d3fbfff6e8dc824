//! The terminal's modes, which are restored whatever happens.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Mutex, MutexGuard, Once, OnceLock, PoisonError};
use std::thread::ThreadId;

use crossterm::cursor::Show;
use crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste, EnableFocusChange,
    EnableMouseCapture,
};
use crossterm::queue;
use crossterm::style::Print;
use crossterm::terminal::{
    EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};

use super::leaving::{LAST_MOMENTS, leave_within};
use super::outlet::Out;

/// The exit code of a program that panicked.
const PANICKED: u8 = 101;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "{stream} is not a terminal, and the workbench needs one: start rushes in a terminal, \
     or use `rushes gen` and `rushes ls` in scripts"
)]
pub struct NotATerminal {
    pub stream: &'static str,
}

pub fn require_terminal() -> Result<(), NotATerminal> {
    let streams = [
        (io::stdin().is_terminal(), "standard input"),
        (io::stdout().is_terminal(), "standard output"),
    ];
    match streams.into_iter().find(|(is_terminal, _)| !is_terminal) {
        Some((_, stream)) => Err(NotATerminal { stream }),
        None => Ok(()),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Mode {
    Raw = 1,
    Screen = 1 << 1,
    Paste = 1 << 2,
    Focus = 1 << 3,
    Mouse = 1 << 4,
    /// The window title is saved.
    Title = 1 << 5,
}

impl Mode {
    /// In the order in which they are entered; they are left in the reverse order.
    const ALL: [Self; 6] = [
        Self::Raw,
        Self::Screen,
        Self::Title,
        Self::Paste,
        Self::Focus,
        Self::Mouse,
    ];

    fn enter(self, out: &mut impl Write) -> io::Result<()> {
        match self {
            Self::Raw => enable_raw_mode(),
            Self::Screen => queue!(out, EnterAlternateScreen),
            Self::Paste => queue!(out, EnableBracketedPaste),
            Self::Focus => queue!(out, EnableFocusChange),
            Self::Mouse => queue!(out, EnableMouseCapture),
            // xterm's window operations 22 and 23: push and pop the titles.
            Self::Title => queue!(out, Print("\x1b[22;0t")),
        }
    }

    fn leave(self, out: &mut impl Write) -> io::Result<()> {
        match self {
            Self::Raw => disable_raw_mode(),
            Self::Screen => queue!(out, EndSynchronizedUpdate, Show, LeaveAlternateScreen),
            Self::Paste => queue!(out, DisableBracketedPaste),
            Self::Focus => queue!(out, DisableFocusChange),
            Self::Mouse => queue!(out, DisableMouseCapture),
            Self::Title => queue!(out, Print("\x1b[23;0t")),
        }
    }
}

/// The modes that are on.
#[derive(Debug, Default)]
struct Modes(AtomicU8);

impl Modes {
    const fn new() -> Self {
        Self(AtomicU8::new(0))
    }

    fn any(&self) -> bool {
        self.0.load(Ordering::SeqCst) != 0
    }

    /// Switches `mode` on, if it is not. After an error it counts as on, so that leaving tries to end it.
    fn enter(&self, mode: Mode, out: &mut impl Write) -> io::Result<()> {
        if self.0.fetch_or(mode as u8, Ordering::SeqCst) & mode as u8 != 0 {
            return Ok(());
        }
        mode.enter(out)?;
        out.flush()
    }

    /// Switches `mode` off, if it is on.
    fn leave(&self, mode: Mode, out: &mut impl Write) {
        if self.0.fetch_and(!(mode as u8), Ordering::SeqCst) & mode as u8 != 0 {
            // After an error, the other modes must still be left.
            let _ = mode.leave(out);
            let _ = out.flush();
        }
    }

    fn leave_all(&self, out: &mut impl Write) {
        for mode in Mode::ALL.into_iter().rev() {
            self.leave(mode, out);
        }
    }
}

static TERMINAL: Modes = Modes::new();
/// What is written before the modes are left.
static FAREWELL: Mutex<String> = Mutex::new(String::new());
static UI_THREAD: OnceLock<ThreadId> = OnceLock::new();

/// What has to be written before the terminal is given back: it makes the terminal forget the pictures that it was sent.
pub fn set_farewell(sequence: String) {
    *farewell() = sequence;
}

fn farewell() -> MutexGuard<'static, String> {
    FAREWELL.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Restores the terminal. May be called at any time, from any thread, any number of times.
pub fn restore() {
    if TERMINAL.any() {
        let farewell = std::mem::take(&mut *farewell());
        Out::end(|out| {
            // After an error, the modes must still be left.
            let _ = out.write_all(farewell.as_bytes());
            TERMINAL.leave_all(out);
        });
    }
}

/// Keeps the terminal in the workbench's modes until it is dropped.
#[derive(Debug)]
pub struct TerminalGuard(());

impl TerminalGuard {
    /// Enters the modes. From now on, a panic of this thread restores the terminal before it is reported, and a panic of
    /// another thread is only logged while the workbench is on screen.
    pub fn enter(mouse: bool) -> io::Result<Self> {
        static HOOKED: Once = Once::new();
        HOOKED.call_once(install_panic_hook);
        let guard = Self(());
        enter_terminal(mouse)?;
        Ok(guard)
    }
}

impl Drop for TerminalGuard {
    fn drop(&mut self) {
        restore();
    }
}

/// Enters the modes at the start, or again after a break.
pub fn enter_terminal(mouse: bool) -> io::Result<()> {
    for mode in [Mode::Raw, Mode::Screen, Mode::Title, Mode::Paste, Mode::Focus] {
        TERMINAL.enter(mode, &mut Out)?;
    }
    set_mouse(mouse)
}

pub fn set_mouse(on: bool) -> io::Result<()> {
    if on {
        return TERMINAL.enter(Mode::Mouse, &mut Out);
    }
    TERMINAL.leave(Mode::Mouse, &mut Out);
    Ok(())
}

/// Installs a panic hook that runs before the present one.
fn install_panic_hook() {
    let _ = UI_THREAD.set(std::thread::current().id());
    let next = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let on_ui = UI_THREAD.get() == Some(&std::thread::current().id());
        if TERMINAL.any() && !on_ui && !crate::media::is_worker_thread() {
            tracing::error!(%panic, "a worker panicked");
            return;
        }
        if on_ui {
            // Restoring the terminal and reporting may both block on a terminal that does not read.
            leave_within(LAST_MOMENTS, PANICKED);
            restore();
        }
        next(panic);
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mode_is_entered_and_left_once() {
        let (modes, mut out) = (Modes::new(), Vec::new());
        for _ in 0..2 {
            modes.enter(Mode::Screen, &mut out).unwrap();
            modes.enter(Mode::Paste, &mut out).unwrap();
        }
        modes.leave_all(&mut out);
        modes.leave_all(&mut out);
        let written = String::from_utf8(out).unwrap();
        assert_eq!(
            written,
            "\x1b[?1049h\x1b[?2004h\x1b[?2004l\x1b[?2026l\x1b[?25h\x1b[?1049l"
        );
    }

    #[test]
    fn leaving_goes_on_past_a_broken_terminal() {
        struct Broken(u32);
        impl Write for Broken {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                self.0 += 1;
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
        }
        let (modes, mut out) = (Modes::new(), Broken(0));
        assert!(modes.enter(Mode::Screen, &mut out).is_err());
        assert!(modes.enter(Mode::Focus, &mut out).is_err());
        let tried = out.0;
        modes.leave_all(&mut out);
        assert!(out.0 >= tried + 2, "both are tried although each fails");
        assert!(!modes.any());
    }

    #[test]
    fn an_error_says_what_to_do() {
        let text = NotATerminal {
            stream: "standard input",
        }
        .to_string();
        assert!(text.contains("rushes gen"), "{text}");
    }
}

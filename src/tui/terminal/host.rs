//! The terminal as the loop uses it besides drawing: input, breaks, the editor, escape sequences.

use std::future::Future;
use std::io::{self, Write};
use std::path::PathBuf;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use crossterm::event::{Event, EventStream};
use futures::{Stream, StreamExt};
use rustix::process::{Signal, kill_current_process_group};

use super::editor::{self, Edited, EditorError};
use super::outlet::Out;
use super::{modes, watch};

pub trait Host {
    /// Keys, pastes, mouse, focus and sizes; its end means that the terminal is gone.
    type Input: Stream<Item = io::Result<Event>> + Unpin;

    /// Starts reading. Called again after each break, when the last stream has been dropped.
    fn input(&mut self) -> Self::Input;
    /// Gives the terminal back for a break.
    fn leave(&mut self);
    /// Takes the terminal again.
    fn enter(&mut self) -> io::Result<()>;
    /// Stops the process until the shell continues it.
    fn suspend(&mut self) -> impl Future<Output = ()>;
    /// Edits `text` in the user's own editor, during a break.
    fn edit(&mut self, text: &str) -> impl Future<Output = Result<Edited, EditorError>>;
    fn set_mouse(&mut self, on: bool) -> io::Result<()>;
    /// Writes an escape sequence that draws nothing.
    fn escape(&mut self, sequence: &str) -> io::Result<()>;
    /// Whether the terminal has not yet accepted all that was written.
    fn is_behind(&self) -> bool;
    /// Waits until it has accepted everything; an error means that the terminal is gone.
    fn taken(&mut self) -> impl Future<Output = io::Result<()>>;
}

/// The terminal that the program was started in.
#[derive(Debug)]
pub struct RealHost {
    state_folder: PathBuf,
    /// The beginning of the names of the editor's files.
    prefix: String,
    mouse: bool,
}

impl RealHost {
    pub const fn new(state_folder: PathBuf, prefix: String, mouse: bool) -> Self {
        Self {
            state_folder,
            prefix,
            mouse,
        }
    }
}

/// How long to look for what arrived together with an event. It is there already, if there is anything.
const TOGETHER: Duration = Duration::from_micros(200);

#[derive(Debug)]
pub struct Input {
    events: EventStream,
    /// An event was just read, and more may have arrived with it.
    may_follow: bool,
}

impl Input {
    /// The next of several events that arrived together. The stream looks for it only once it has waited, so that a paste
    /// would come as single keys.
    fn following() -> Option<io::Result<Event>> {
        match crossterm::event::poll(TOGETHER) {
            Ok(true) => Some(crossterm::event::read()),
            Ok(false) => None,
            Err(error) => Some(Err(error)),
        }
    }
}

impl Stream for Input {
    type Item = io::Result<Event>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        // crossterm would never return from reading a terminal that is gone.
        if watch::is_gone() {
            return Poll::Ready(None);
        }
        let following = if self.may_follow { Self::following() } else { None };
        let next = match following {
            Some(event) => Poll::Ready(Some(event)),
            None => self.events.poll_next_unpin(cx),
        };
        self.may_follow = next.is_ready();
        next
    }
}

impl Host for RealHost {
    type Input = Input;

    fn input(&mut self) -> Input {
        Input {
            events: EventStream::new(),
            may_follow: false,
        }
    }

    fn leave(&mut self) {
        modes::restore();
    }

    fn enter(&mut self) -> io::Result<()> {
        modes::enter_terminal(self.mouse)?;
        // Keys that were typed when the editor ended are not meant for the workbench.
        rustix::termios::tcflush(io::stdin(), rustix::termios::QueueSelector::IFlush)?;
        Ok(())
    }

    async fn suspend(&mut self) {
        // The kernel ignores SIGTSTP, unlike SIGSTOP, where no shell could continue the program.
        if kill_current_process_group(Signal::TSTP).is_ok() {
            // The stop may come a moment after the call returns.
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn edit(&mut self, text: &str) -> Result<Edited, EditorError> {
        let command = editor::command(&|name| std::env::var(name).ok())?;
        editor::edit(&command, &self.state_folder, &self.prefix, text).await
    }

    fn set_mouse(&mut self, on: bool) -> io::Result<()> {
        self.mouse = on;
        modes::set_mouse(on)
    }

    fn escape(&mut self, sequence: &str) -> io::Result<()> {
        if Out::is_full() {
            return Ok(());
        }
        Out.write_all(sequence.as_bytes())?;
        Out.flush()
    }

    fn is_behind(&self) -> bool {
        Out::is_behind()
    }

    async fn taken(&mut self) -> io::Result<()> {
        Out::taken().await
    }
}

//! The signals the workbench answers, as one stream.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::Stream;
use tokio::signal::unix::{Signal as Source, SignalKind, signal};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::watch;

/// A workbench that is being left is gone within this, whatever it is stuck in: longer than the last changes and the
/// last submit may take, so that neither is lost, nor the hand-over to the background.
pub const LAST_MOMENTS: Duration = Duration::from_secs(20);
/// The exit code of a workbench that a signal or a lost terminal ended, as of every interrupted command.
pub const INTERRUPTED: u8 = 130;

/// What the system asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// The terminal is gone.
    HangUp,
    Terminate,
    Interrupt,
    Quit,
    /// The shell put the program back in front.
    Continue,
}

/// Every signal as it comes, and the end of the terminal, which counts as a hang-up.
#[derive(Debug)]
pub struct Signals {
    sources: Vec<(Signal, Source)>,
    gone: UnboundedReceiver<()>,
}

impl Signals {
    /// Takes the signals over from the system.
    ///
    /// # Errors
    /// When the system gives none of them away.
    pub fn listen() -> io::Result<Self> {
        let kinds = [
            (Signal::HangUp, SignalKind::hangup()),
            (Signal::Terminate, SignalKind::terminate()),
            (Signal::Interrupt, SignalKind::interrupt()),
            (Signal::Quit, SignalKind::quit()),
            (
                Signal::Continue,
                SignalKind::from_raw(rustix::process::Signal::CONT.as_raw()),
            ),
        ];
        let listen = |(name, kind)| Ok((name, signal(kind)?));
        let sources = kinds.into_iter().map(listen).collect::<io::Result<_>>()?;
        let (sender, gone) = unbounded_channel();
        watch::watch(sender);
        Ok(Self { sources, gone })
    }
}

impl Stream for Signals {
    type Item = Signal;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Signal>> {
        for (name, source) in &mut self.sources {
            if source.poll_recv(cx).is_ready() {
                return Poll::Ready(Some(*name));
            }
        }
        match self.gone.poll_recv(cx) {
            Poll::Ready(Some(())) => Poll::Ready(Some(Signal::HangUp)),
            // Where the terminal cannot be watched, the signals remain.
            Poll::Ready(None) | Poll::Pending => Poll::Pending,
        }
    }
}

/// Ends the process with that code after `within`, whatever it is stuck in: a terminal that is gone never answers.
#[expect(
    clippy::disallowed_methods,
    reason = "a deadline that must hold even when the runtime is stuck"
)]
pub fn leave_within(within: Duration, code: u8) {
    std::thread::spawn(move || {
        std::thread::sleep(within);
        std::process::exit(i32::from(code));
    });
}

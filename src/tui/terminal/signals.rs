//! The signals the workbench answers, as one stream.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::Stream;
use tokio::signal::unix::{Signal as Source, SignalKind, signal};

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

impl Signal {
    /// The exit code of a program that this ended: 128 and the signal's number.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::HangUp => 129,
            Self::Interrupt => 130,
            Self::Quit => 131,
            Self::Terminate => 143,
            Self::Continue => 0,
        }
    }
}

/// Every signal as it comes.
#[derive(Debug)]
pub struct Signals(Vec<(Signal, Source)>);

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
        kinds.into_iter().map(listen).collect::<io::Result<_>>().map(Self)
    }
}

impl Stream for Signals {
    type Item = Signal;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Signal>> {
        for (name, source) in &mut self.0 {
            if source.poll_recv(cx).is_ready() {
                return Poll::Ready(Some(*name));
            }
        }
        Poll::Pending
    }
}

/// Ends the process after `within`, whatever it is stuck in: a terminal that is gone never answers.
#[expect(
    clippy::disallowed_methods,
    reason = "a deadline that must hold even when the runtime is stuck"
)]
pub fn leave_within(within: Duration, signal: Signal) {
    std::thread::spawn(move || {
        std::thread::sleep(within);
        std::process::exit(i32::from(signal.exit_code()));
    });
}

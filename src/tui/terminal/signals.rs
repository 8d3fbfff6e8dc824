//! The signals that the workbench handles, as one stream.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures::Stream;
use tokio::signal::unix::{Signal as Source, SignalKind, signal};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::watch;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// The terminal is gone.
    HangUp,
    Terminate,
    Interrupt,
    Quit,
    /// The shell has continued the program.
    Continue,
}

/// The stream of signals, in which the end of the terminal counts as a hang-up.
#[derive(Debug)]
pub struct Signals {
    sources: Vec<(Signal, Source)>,
    gone: UnboundedReceiver<()>,
}

impl Signals {
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
            Poll::Ready(None) | Poll::Pending => Poll::Pending,
        }
    }
}

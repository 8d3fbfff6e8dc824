//! Detects that the terminal is gone, even without a signal.
//!
//! The kernel sends SIGHUP only to the session leader. A program that was started by `make`, by a script that traps the
//! signal, or without a controlling terminal gets none, and reading such a terminal never blocks again.

use std::io;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use tokio::sync::mpsc::UnboundedSender;

use super::leaving::{INTERRUPTED, LAST_MOMENTS, leave_within};

/// Whether the terminal at standard input or output is gone.
pub fn is_gone() -> bool {
    hung_up(Some(&Timespec::default())) == Some(true)
}

/// Starts a thread that sends a message when the terminal is gone, and then limits how long the process may live.
pub fn watch(gone: UnboundedSender<()>) {
    std::thread::spawn(move || {
        if hung_up(None) == Some(true) {
            let _ = gone.send(());
            leave_within(LAST_MOMENTS, INTERRUPTED);
        }
    });
}

/// Waits for the end of the terminal, at most for `patience`; `None` when it cannot be watched.
fn hung_up(patience: Option<&Timespec>) -> Option<bool> {
    let (input, output) = (io::stdin(), io::stdout());
    // No event is asked for: a hang-up and an error are reported in any case.
    let mut ends = [
        PollFd::new(&input, PollFlags::empty()),
        PollFd::new(&output, PollFlags::empty()),
    ];
    loop {
        match poll(&mut ends, patience) {
            Ok(_) => {
                let any = |flags| ends.iter().any(|end| end.revents().intersects(flags));
                return (!any(PollFlags::NVAL)).then(|| any(PollFlags::HUP | PollFlags::ERR));
            }
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => {
                tracing::warn!("the end of the terminal cannot be detected: {error}");
                return None;
            }
        }
    }
}

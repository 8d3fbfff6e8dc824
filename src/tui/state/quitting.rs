//! Leaving the workbench, and the takes that go on then.

use super::{Leaving, State, Tone};
use crate::store::{QueueState, Unsettled};

/// How many takes another process has to continue: sent and unknown ones, and waiting ones unless the queue is stopped.
pub const fn going_on(left: &Unsettled, queue: &QueueState) -> usize {
    let ready = if queue.stopped.is_none() { left.ready } else { 0 };
    left.sent + left.unknown + ready
}

impl State {
    /// Takes of any reel that go on when the workbench is left.
    pub fn goes_on(&self) -> usize {
        let unsettled = &self.takes.unsettled;
        unsettled.sent + unsettled.unknown + self.to_be_sent()
    }

    /// Waiting takes that are sent today without the user doing anything.
    fn to_be_sent(&self) -> usize {
        match self.why_not_sent() {
            Some(_) => 0,
            None => self.takes.unsettled.ready,
        }
    }

    pub fn quit_when_done(&mut self) {
        self.quits_when_done = true;
        self.tell(Tone::Plain, "Will quit when all takes have finished");
        self.quit_if_done();
    }

    /// The workbench stays open after all.
    pub fn stay_open(&mut self) {
        if std::mem::take(&mut self.quits_when_done) {
            self.tell(Tone::Plain, "Will stay open when all takes have finished");
        }
    }

    /// Quits if the user asked for that, types nothing, and no take is in flight or about to be sent. Unknown outcomes,
    /// which may take long to resolve, are left to the background.
    pub fn quit_if_done(&mut self) {
        let is_done = self.takes.unsettled.sent + self.to_be_sent() == 0;
        if self.quits_when_done && is_done && !self.is_typing {
            self.leaving = Some(Leaving::Quit);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::FailureKind;

    #[test]
    fn what_waits_goes_on_unless_the_queue_is_stopped() {
        let left = Unsettled {
            sent: 1,
            unknown: 2,
            ready: 4,
            on_hold: 8,
        };
        let stopped = QueueState {
            stopped: Some((FailureKind::Credits, "402".to_owned())),
            ..QueueState::default()
        };
        assert_eq!(going_on(&left, &QueueState::default()), 7);
        assert_eq!(going_on(&left, &stopped), 3);
    }
}

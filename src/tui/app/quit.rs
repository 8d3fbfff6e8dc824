//! Leaving the workbench: what goes on without it, what is waited for, and what is asked before.

use crate::model::Doubt;
use crate::store::{QueueState, Unsettled};
use crate::tui::effect::Effect;

use super::{App, Leaving};

/// Takes for whoever comes next: sent ones whose film is not saved, unclear ones among them, and waiting ones unless
/// the line is stopped.
#[must_use]
pub const fn going_on(left: &Unsettled, line: &QueueState) -> usize {
    let ready = if line.stopped.is_none() { left.ready } else { 0 };
    left.sent + left.unknown + ready
}

impl App {
    /// Takes of any reel that go on when the workbench is left.
    #[must_use]
    pub fn goes_on(&self) -> usize {
        self.unsettled.sent + self.unsettled.unknown + self.to_be_sent()
    }

    /// Waiting takes that are sent without another word of the user, today.
    fn to_be_sent(&self) -> usize {
        if self.line.stopped.is_some() || self.cap_holds() || self.doubt_that_holds().is_some() {
            0
        } else {
            self.unsettled.ready
        }
    }

    /// Whether the next take would pass the day's cap.
    fn cap_holds(&self) -> bool {
        let next = self.cap().zip(self.next);
        next.is_some_and(|(cap, next)| !cap.allows(self.today, next))
    }

    /// What is wrong with the settings about money, while takes wait for that.
    pub(super) fn doubt_that_holds(&self) -> Option<&Doubt> {
        self.money
            .doubt
            .as_ref()
            .filter(|_| self.is_live() && self.next.is_some())
    }

    /// Lets a stopped line go on; what settings about money hold that cannot be read is asked about first.
    pub(super) fn resume_line(&mut self) -> Vec<Effect> {
        match self.doubt_that_holds().cloned() {
            Some(doubt) if self.line.stopped.is_none() => {
                self.ask_to_accept(doubt);
                Vec::new()
            }
            _ => vec![Effect::ResumeLine],
        }
    }

    /// What is asked before they are left to themselves, and what is promised of them.
    #[must_use]
    pub fn quitting(&self) -> (String, Vec<String>) {
        let question = match self.goes_on() {
            1 => "1 take is not home yet. Quit?".to_owned(),
            n => format!("{n} takes are not home yet. Quit?"),
        };
        let stays = if self.line.stopped.is_some() {
            Some("The line is stopped: what waits stays in it.")
        } else if self.doubt_that_holds().is_some() {
            Some("The settings about money cannot be read: what waits stays in the line.")
        } else if self.cap_holds() {
            Some("The day's cap holds the line: what waits stays in it until tomorrow.")
        } else {
            None
        };
        let details = match stays {
            None => vec!["They go on in the background: what waits is sent, films are saved."],
            Some(stays) => {
                let mut details = vec!["They go on in the background: films are saved."];
                details.extend((self.unsettled.ready > 0).then_some(stays));
                details
            }
        };
        (question, details.into_iter().map(str::to_owned).collect())
    }

    /// Quits when that was to be done once no take is in flight or about to be. An unknown outcome may take long to
    /// clear up: that is left to the background.
    pub(super) fn quit_if_done(&mut self) {
        if self.quit_when_done && self.unsettled.sent + self.to_be_sent() == 0 {
            self.leaving = Some(Leaving::Quit);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::FailureKind;

    #[test]
    fn what_waits_goes_on_unless_the_line_is_stopped() {
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

//! Leaving the workbench: what goes on without it, what is waited for, and what is asked before.

use crate::store::{Line, Unsettled};

use super::{App, Leaving};

/// Takes for whoever comes next: sent ones whose film is not saved, unclear ones among them, and waiting ones unless
/// the line is stopped.
#[must_use]
pub const fn going_on(left: &Unsettled, line: &Line) -> usize {
    left.sent + left.unknown + to_be_sent(left, line)
}

/// Waiting takes that are sent without another word of the user.
const fn to_be_sent(left: &Unsettled, line: &Line) -> usize {
    if line.stopped.is_none() { left.ready } else { 0 }
}

impl App {
    /// Takes of any reel that go on when the workbench is left.
    #[must_use]
    pub const fn goes_on(&self) -> usize {
        going_on(&self.unsettled, &self.line)
    }

    /// What is asked before they are left to themselves, and what is promised of them.
    #[must_use]
    pub fn quitting(&self) -> (String, Vec<String>) {
        let question = match self.goes_on() {
            1 => "1 take is not home yet. Quit?".to_owned(),
            n => format!("{n} takes are not home yet. Quit?"),
        };
        let mut details =
            vec!["They go on in the background: what waits is sent, films are saved.".to_owned()];
        if self.line.stopped.is_some() {
            details = vec!["They go on in the background: films are saved.".to_owned()];
            if self.unsettled.ready > 0 {
                details.push("The line is stopped: what waits stays in it.".to_owned());
            }
        }
        (question, details)
    }

    /// Quits when that was to be done once no take is in flight or about to be. An unknown outcome may take long to
    /// clear up: that is left to the background.
    pub(super) fn quit_if_done(&mut self) {
        let awaited = self.unsettled.sent + to_be_sent(&self.unsettled, &self.line);
        if self.quit_when_done && awaited == 0 {
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
            held: 8,
        };
        let stopped = Line {
            stopped: Some((FailureKind::Credits, "402".to_owned())),
            ..Line::default()
        };
        assert_eq!(going_on(&left, &Line::default()), 7);
        assert_eq!(going_on(&left, &stopped), 3);
    }
}

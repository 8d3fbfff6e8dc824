//! Pure decisions that guarantee no take is bought twice or lost. `model_tests` tries every order of responses and
//! crashes on them.

use crate::model::TakeState;
use crate::segmind::Class;

/// How a worker came by its take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) enum Acquired {
    /// Claimed from the queue: it was never sent.
    FromQueue,
    /// Taken over from another process, or from an earlier run of this one.
    TakenOver,
}

/// What a worker does first with its take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) enum FirstStep {
    Send,
    /// It may have been sent: it becomes UNKNOWN.
    Unclear,
    /// Its state alone says how work goes on.
    GoOn,
}

/// Only a take that we claimed ourselves is sent. The previous owner of a taken-over one may have sent it before
/// crashing.
pub(in crate::engine) const fn first_step(state: TakeState, acquired: Acquired) -> FirstStep {
    match (state, acquired) {
        (TakeState::Submitting, Acquired::FromQueue) => FirstStep::Send,
        (TakeState::Submitting, Acquired::TakenOver) => FirstStep::Unclear,
        _ => FirstStep::GoOn,
    }
}

/// The state that follows a submit without a usable response.
pub(in crate::engine) const fn after_failed_submit(class: Class) -> TakeState {
    match class {
        Class::Ambiguous => TakeState::Unknown,
        // Nothing was bought; the queue itself may be stopped.
        Class::Repeatable | Class::FatalForQueue => TakeState::Waiting,
        Class::FatalForTake => TakeState::Refused,
    }
}

/// What a look at the history showed of a take whose outcome is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(in crate::engine) struct HistoryShows {
    /// An unowned request with the take's body, from the time of the submit.
    pub in_time: bool,
    /// The same, but from another time: our clock may have been wrong.
    pub out_of_time: bool,
    /// An unowned request with the take's body that failed, and that may as well belong to an equal take.
    pub failed: bool,
    /// An unowned request that may be the take's with its body reshaped.
    pub perhaps: bool,
    /// Every page was read to the end, every row could be read, and the days asked for contain the submit by the
    /// provider's clock as well.
    pub whole: bool,
    /// A request that arrived would certainly be shown by now.
    pub late_enough: bool,
}

/// What is concluded from a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::engine) enum AfterLook {
    /// The request in time is the take's.
    MatchInTime,
    /// The request of another time is the take's.
    MatchOutOfTime,
    /// The failed request is the take's: no request that cost anything is left.
    MatchFailed,
    NotSent,
    LookAgain,
}

/// A match is accepted. "Not sent" needs proof: a whole history, late enough, without anything that may be ours.
pub(in crate::engine) const fn after_look(shown: HistoryShows) -> AfterLook {
    match shown {
        HistoryShows { in_time: true, .. } => AfterLook::MatchInTime,
        HistoryShows {
            late_enough: false, ..
        } => AfterLook::LookAgain,
        HistoryShows {
            out_of_time: true, ..
        } => AfterLook::MatchOutOfTime,
        HistoryShows {
            whole: true,
            perhaps: false,
            failed,
            ..
        } => {
            if failed {
                AfterLook::MatchFailed
            } else {
                AfterLook::NotSent
            }
        }
        _ => AfterLook::LookAgain,
    }
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;

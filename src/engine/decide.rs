//! What follows from what is known: the decisions on which it hangs that no film is bought twice and none is
//! forgotten. Pure, so that every order of answers and crashes can be tried on them (`model_tests`).

use crate::model::TakeState;
use crate::segmind::Class;

use super::work::Origin;

/// What a take that comes into our hands needs first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FirstStep {
    Send,
    /// It may have been sent: it becomes UNKNOWN.
    Unclear,
    /// It stands where work goes on by its state alone.
    GoOn,
}

/// Only what we claimed ourselves is sent. Whoever held an adopted one may have sent it before he died.
pub(super) const fn first_step(state: TakeState, origin: Origin) -> FirstStep {
    match (state, origin) {
        (TakeState::Submitting, Origin::Claimed) => FirstStep::Send,
        (TakeState::Submitting, Origin::Adopted) => FirstStep::Unclear,
        _ => FirstStep::GoOn,
    }
}

/// Where a submit leads that no usable answer came to.
pub(super) const fn after_failed_submit(class: Class) -> TakeState {
    match class {
        Class::Ambiguous => TakeState::Unknown,
        // Nothing was bought; the line itself may be stopped.
        Class::Repeatable | Class::FatalForLine => TakeState::Waiting,
        Class::FatalForTake => TakeState::Refused,
    }
}

/// What a look at the history showed of a take whose outcome is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(super) struct Shown {
    /// Nobody's request with the take's body, from the time of the submit.
    pub in_time: bool,
    /// The same, but of another time: our clock may have been wrong.
    pub out_of_time: bool,
    /// Nobody's request with the take's body that failed, and that is as likely an equal take's.
    pub failed: bool,
    /// Nobody's request that may be the take's with its body reshaped.
    pub perhaps: bool,
    /// Every page was read to the end, every row could be read, and the days asked for are those of the submit by
    /// the provider's clock as well.
    pub whole: bool,
    /// A request that arrived would certainly be shown by now.
    pub late_enough: bool,
}

/// What a look leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum AfterLook {
    /// The request in time is the take's.
    AdoptInTime,
    /// So is the one of another time.
    AdoptOutOfTime,
    /// So is the one that failed: none that cost anything is there.
    AdoptFailed,
    NotSent,
    LookAgain,
}

/// A match is adopted. "Not sent" needs proof: a whole history, late enough, without anything that may be ours.
pub(super) const fn after_look(shown: Shown) -> AfterLook {
    match shown {
        Shown { in_time: true, .. } => AfterLook::AdoptInTime,
        Shown {
            late_enough: false, ..
        } => AfterLook::LookAgain,
        Shown {
            out_of_time: true, ..
        } => AfterLook::AdoptOutOfTime,
        Shown {
            whole: true,
            perhaps: false,
            failed,
            ..
        } => {
            if failed {
                AfterLook::AdoptFailed
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

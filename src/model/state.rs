//! The way of a take, as one enum with its legal steps.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Where a take stands. The words are those of the JSON output and of the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TakeState {
    /// On disk, not sent; may still be cancelled.
    Waiting,
    /// Committed before a byte of it is sent.
    Submitting,
    /// Sent, outcome unclear; only the provider's history can tell.
    Unknown,
    /// The provider gave an id.
    Accepted,
    Queued,
    Processing,
    /// The film exists at the provider and is paid for.
    Rendered,
    /// The film lies in the reel's folder, checked.
    Saved,
    /// Accepted, then failed; not billed.
    Failed,
    /// Turned down at once; not billed.
    Refused,
    Cancelled,
    /// Rendered, but the provider no longer has the file.
    Expired,
    /// Proven by the history never to have arrived.
    NotSent,
}

/// A step that no take may make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a take cannot go from {from} to {to}")]
pub struct IllegalTransition {
    pub from: TakeState,
    pub to: TakeState,
}

impl TakeState {
    /// Every state, in the order of a take's way.
    pub const ALL: [Self; 13] = [
        Self::Waiting,
        Self::Submitting,
        Self::Unknown,
        Self::Accepted,
        Self::Queued,
        Self::Processing,
        Self::Rendered,
        Self::Saved,
        Self::Failed,
        Self::Refused,
        Self::Cancelled,
        Self::Expired,
        Self::NotSent,
    ];

    /// Whether a take may go from here to `to`. There is no way back to [`TakeState::Waiting`] from an
    /// unclear outcome: that is what keeps a take from being bought twice.
    #[must_use]
    pub const fn may_become(self, to: Self) -> bool {
        use TakeState as S;
        match self {
            S::Waiting => matches!(to, S::Submitting | S::Cancelled),
            S::Submitting => matches!(to, S::Accepted | S::Waiting | S::Refused | S::Unknown),
            S::Unknown => matches!(to, S::Accepted | S::NotSent),
            S::Accepted => matches!(
                to,
                S::Queued | S::Processing | S::Rendered | S::Failed | S::Expired
            ),
            S::Queued => matches!(to, S::Processing | S::Rendered | S::Failed | S::Expired),
            S::Processing => matches!(to, S::Queued | S::Rendered | S::Failed | S::Expired),
            S::Rendered => matches!(to, S::Saved | S::Expired),
            S::Saved | S::Failed | S::Refused | S::Cancelled | S::Expired | S::NotSent => false,
        }
    }

    /// Whether a late response to the take's own submit, or the provider's history, may still make it accepted. It does
    /// not matter who has the lease. This and [`TakeState::may_be_unclear_late`] are the only ways out of
    /// [`TakeState::NotSent`], for a request that was delayed on its way or that the history showed late.
    #[must_use]
    pub const fn may_be_accepted_late(self) -> bool {
        matches!(self, Self::Submitting | Self::Unknown | Self::NotSent)
    }

    /// Whether the loss of that response makes the outcome unclear again: the request was on its way until now. It does
    /// not matter who has the lease.
    #[must_use]
    pub const fn may_be_unclear_late(self) -> bool {
        matches!(self, Self::NotSent)
    }

    /// # Errors
    /// [`IllegalTransition`] when the step is not on a take's way.
    pub const fn step(self, to: Self) -> Result<Self, IllegalTransition> {
        if self.may_become(to) {
            Ok(to)
        } else {
            Err(IllegalTransition { from: self, to })
        }
    }

    /// Given up, although the provider may have rendered it: its books may still show the film. The only way out of
    /// a settled state, and never towards another submit.
    #[must_use]
    pub const fn may_be_taken_up(self) -> bool {
        matches!(self, Self::Failed | Self::Expired)
    }

    /// Being sent or worked on by the provider: counts against the in-flight limit.
    #[must_use]
    pub const fn in_flight(self) -> bool {
        matches!(
            self,
            Self::Submitting | Self::Accepted | Self::Queued | Self::Processing
        )
    }

    /// Nothing more will happen to it.
    #[must_use]
    pub const fn settled(self) -> bool {
        matches!(
            self,
            Self::Saved | Self::Failed | Self::Refused | Self::Cancelled | Self::Expired | Self::NotSent
        )
    }

    /// Its price is spent or may yet be: counts against the cap. Any other state counts when there is a bill:
    /// [`super::Take::commits_money`].
    #[must_use]
    pub const fn commits_money(self) -> bool {
        self.in_flight() || matches!(self, Self::Unknown | Self::Rendered | Self::Saved | Self::Expired)
    }

    /// The word used in JSON, in the store and on screen.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Submitting => "submitting",
            Self::Unknown => "unknown",
            Self::Accepted => "accepted",
            Self::Queued => "queued",
            Self::Processing => "processing",
            Self::Rendered => "rendered",
            Self::Saved => "saved",
            Self::Failed => "failed",
            Self::Refused => "refused",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
            Self::NotSent => "not_sent",
        }
    }
}

impl fmt::Display for TakeState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// The word is not a state's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a state of a take")]
pub struct UnknownState(pub String);

impl FromStr for TakeState {
    type Err = UnknownState;
    fn from_str(text: &str) -> Result<Self, UnknownState> {
        Self::ALL
            .into_iter()
            .find(|s| s.word() == text)
            .ok_or_else(|| UnknownState(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_read_back() {
        for state in TakeState::ALL {
            assert_eq!(state.word().parse(), Ok(state));
            assert_eq!(serde_json::to_value(state).unwrap(), state.word());
        }
    }

    #[test]
    fn an_illegal_step_names_both_ends() {
        let error = TakeState::Unknown.step(TakeState::Waiting).unwrap_err();
        assert_eq!(error.to_string(), "a take cannot go from unknown to waiting");
    }

    #[test]
    fn settled_states_are_final_and_no_other_is() {
        for from in TakeState::ALL {
            let stuck = TakeState::ALL.iter().all(|to| !from.may_become(*to));
            assert_eq!(stuck, from.settled(), "{from}");
        }
    }

    proptest! {
        /// Once the outcome of a submit is known or unclear, no walk leads to a second submit.
        #[test]
        fn no_walk_submits_again_after_an_outcome(steps in prop::collection::vec(0..13_usize, 0..60)) {
            let mut state = TakeState::Waiting;
            let mut outcome = false;
            for step in steps {
                if let Ok(next) = state.step(TakeState::ALL[step]) {
                    prop_assert!(!(outcome && next == TakeState::Submitting));
                    outcome |= !matches!(next, TakeState::Waiting | TakeState::Submitting);
                    state = next;
                }
            }
        }
    }
}

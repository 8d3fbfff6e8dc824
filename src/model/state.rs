//! The take's state machine: its states and the allowed transitions.

use super::word_enum::word_enum;

word_enum! {
    /// The state of a take. The words are those of the JSON output and of the store.
    TakeState {
        /// On disk, not sent; it can still be cancelled.
        Waiting = "waiting",
        /// Committed before a byte of it is sent.
        Submitting = "submitting",
        /// Sent, outcome unclear; only the provider's history can tell.
        Unknown = "unknown",
        /// The provider gave an id.
        Accepted = "accepted",
        Queued = "queued",
        Processing = "processing",
        /// The video exists at the provider and is paid for.
        Rendered = "rendered",
        /// The video is in the reel's folder, checked.
        Saved = "saved",
        /// Accepted, then failed; not billed.
        Failed = "failed",
        /// Turned down at once; not billed.
        Refused = "refused",
        Cancelled = "cancelled",
        /// Rendered, but the provider no longer has the file.
        Expired = "expired",
        /// The history proves that it never arrived.
        NotSent = "not_sent",
    }
}

/// A transition that is not allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a take cannot go from {from} to {to}")]
pub struct IllegalTransition {
    pub from: TakeState,
    pub to: TakeState,
}

impl TakeState {
    /// Whether a take may go from here to `to`. There is no way back to [`TakeState::Waiting`] from an
    /// unclear outcome: that is what keeps a take from being bought twice.
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
    pub const fn may_be_accepted_late(self) -> bool {
        matches!(self, Self::Submitting | Self::Unknown | Self::NotSent)
    }

    /// Whether the loss of that response makes the outcome unclear again: the request was on its way until now. It does
    /// not matter who has the lease.
    pub const fn may_be_unclear_late(self) -> bool {
        matches!(self, Self::NotSent)
    }

    pub const fn step(self, to: Self) -> Result<Self, IllegalTransition> {
        if self.may_become(to) {
            Ok(to)
        } else {
            Err(IllegalTransition { from: self, to })
        }
    }

    /// Given up, although the provider may have rendered it: its history may still show the video. This is the only way
    /// out of a settled state, and it never leads to another submit.
    pub const fn may_be_recovered(self) -> bool {
        matches!(self, Self::Failed | Self::Expired)
    }

    /// Being sent or worked on by the provider: counts against the in-flight limit.
    pub const fn in_flight(self) -> bool {
        matches!(
            self,
            Self::Submitting | Self::Accepted | Self::Queued | Self::Processing
        )
    }

    /// Nothing more will happen to it.
    pub const fn settled(self) -> bool {
        matches!(
            self,
            Self::Saved | Self::Failed | Self::Refused | Self::Cancelled | Self::Expired | Self::NotSent
        )
    }

    /// Its price is spent or may yet be: counts against the cap. Any other state counts when there is a bill:
    /// [`super::Take::commits_money`].
    pub const fn commits_money(self) -> bool {
        self.in_flight() || matches!(self, Self::Unknown | Self::Rendered | Self::Saved | Self::Expired)
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

//! Applies one transition of a take's state, and what follows from it: a repeat, takes on hold, the end of rate limits.

use jiff::Timestamp;
use rusqlite::Connection;

use crate::model::{Take, TakeId, TakeState};
use crate::store::queue::{on_hold, rate_limits, repeats};
use crate::store::{SqlOrRule, Store, StoreError};

use super::events::Transition;
use super::facts::Facts;
use super::read;
use super::state::owned_by;
use super::transition::{self, from_present};

/// A settled take that turned out to be rendered.
#[derive(Debug, Clone, PartialEq)]
pub struct Revived {
    pub take: Take,
    /// An automatic repeat of it that had been sent by then: both may be billed.
    pub repeat_sent: Option<TakeId>,
}

impl Store {
    /// Applies one state transition to a take whose lease `owner` has; a lease that ran out and that nobody took over
    /// counts. The lease ends when the take waits again or is settled, and success clears an earlier error. Another take
    /// with the same request is [`StoreError::RequestIdTaken`].
    pub fn step(
        &self,
        owner: &str,
        id: TakeId,
        to: TakeState,
        detail: &str,
        facts: &Facts,
    ) -> Result<Take, StoreError> {
        self.write(|transaction, now| {
            let from = owned_by(transaction, owner, id)?;
            from.step(to)
                .map_err(|step| StoreError::IllegalTransition(id, step))?;
            let step = Transition {
                from: Some(from),
                to,
                detail,
                owner: Some(owner),
            };
            apply(transaction, id, &step, facts, now)?;
            read::one(transaction, id)
        })
    }

    /// Marks a take as accepted when the response to its submit came after the lease was lost. It does not
    /// matter who has the lease now or whether the take was marked as never sent: only this response has the request's id.
    pub fn accept_late(&self, id: TakeId, detail: &str, facts: &Facts) -> Result<Take, StoreError> {
        let may = TakeState::may_be_accepted_late;
        self.step_from(id, may, (TakeState::Accepted, detail), facts)
    }

    /// Marks a take as unknown when its submit ended ambiguously after the lease was lost, if it was marked as never
    /// sent meanwhile.
    pub fn unclear_late(&self, id: TakeId, detail: &str, facts: &Facts) -> Result<Take, StoreError> {
        let may = TakeState::may_be_unclear_late;
        self.step_from(id, may, (TakeState::Unknown, detail), facts)
    }

    /// Cancels a waiting take. Once it was sent that is illegal, because the provider cannot cancel.
    pub fn cancel(&self, id: TakeId) -> Result<Take, StoreError> {
        self.step_of_user(id, TakeState::Cancelled)
    }

    /// Marks a take of unknown outcome as never sent, as the user decided. A worker that tries to resolve it notices
    /// at its next look.
    pub fn mark_not_sent(&self, id: TakeId) -> Result<Take, StoreError> {
        self.step_of_user(id, TakeState::NotSent)
    }

    fn step_of_user(&self, id: TakeId, to: TakeState) -> Result<Take, StoreError> {
        let may = |from: TakeState| from.may_become(to);
        self.step_from(id, may, (to, "by the user"), &Facts::default())
    }

    /// Marks a settled take as rendered, because the provider's history shows its video after all. Nobody has its
    /// lease then, so the next worker downloads it. A repeat of it that still waits is cancelled, so that it is not
    /// paid twice.
    pub fn revive(&self, id: TakeId, detail: &str, facts: &Facts) -> Result<Revived, StoreError> {
        self.write(|transaction, now| {
            let may = TakeState::may_be_recovered;
            step_from(transaction, id, may, (TakeState::Rendered, detail), facts, now)?;
            let repeat_sent = repeats::cancel_of(transaction, id, now)?;
            let take = read::one(transaction, id)?;
            Ok(Revived { take, repeat_sent })
        })
    }

    /// A transition that does not need the lease, out of a state that `may` make it.
    fn step_from(
        &self,
        id: TakeId,
        may: impl Fn(TakeState) -> bool,
        to: (TakeState, &str),
        facts: &Facts,
    ) -> Result<Take, StoreError> {
        self.write(|transaction, now| {
            step_from(transaction, id, &may, to, facts, now)?;
            read::one(transaction, id)
        })
    }
}

fn step_from(
    connection: &Connection,
    id: TakeId,
    may: impl Fn(TakeState) -> bool,
    (to, detail): (TakeState, &str),
    facts: &Facts,
    now: Timestamp,
) -> Result<(), SqlOrRule> {
    let step = from_present(connection, id, may, to, detail)?;
    apply(connection, id, &step, facts, now)
}

/// Writes a transition that was checked, and does what follows from it.
pub fn apply(
    connection: &Connection,
    id: TakeId,
    step: &Transition<'_>,
    facts: &Facts,
    now: Timestamp,
) -> Result<(), SqlOrRule> {
    use TakeState as S;
    transition::write(connection, id, step, facts, now)?;
    match step.to {
        S::Failed => repeats::after_failure(connection, id, now)?,
        S::Waiting => on_hold::hold_if_prompt_was_refused(connection, id)?,
        S::Accepted if step.from == Some(S::Submitting) => rate_limits::note_accepted(connection, id)?,
        _ => {}
    }
    match facts.error_kind {
        Some(kind) if kind.is_moderation() && matches!(step.to, S::Failed | S::Refused) => {
            on_hold::hold_siblings(connection, id, kind)
        }
        _ => Ok(()),
    }
}

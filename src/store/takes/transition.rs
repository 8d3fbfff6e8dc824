//! Writes one transition of a take: its state, its facts and its event, all in the transaction of the caller.

use jiff::Timestamp;
use rusqlite::{Connection, named_params};

use crate::model::{IllegalTransition, TakeId, TakeState};
use crate::store::{SqlOrRule, StoreError};

use super::events::{self, Transition};
use super::facts::{self, Facts};
use super::state::state_of;
use super::waits;

/// The transition from the take's present state to `to`, if that state `may` make it. The lease is not checked.
pub fn from_present<'a>(
    connection: &Connection,
    id: TakeId,
    may: impl Fn(TakeState) -> bool,
    to: TakeState,
    detail: &'a str,
) -> Result<Transition<'a>, SqlOrRule> {
    let (from, _) = state_of(connection, id)?;
    if !may(from) {
        let step = IllegalTransition { from, to };
        return Err(StoreError::IllegalTransition(id, step).into());
    }
    Ok(Transition::new(Some(from), to, detail))
}

/// Cancels a take that waits.
pub fn cancel_waiting(
    connection: &Connection,
    id: TakeId,
    detail: &str,
    now: Timestamp,
) -> Result<(), SqlOrRule> {
    let waits = |from| from == TakeState::Waiting;
    let cancelled = from_present(connection, id, waits, TakeState::Cancelled, detail)?;
    write(connection, id, &cancelled, &Facts::default(), now)
}

/// Writes a transition that was checked. The lease ends when the take waits again or is settled, and success clears an
/// earlier error.
pub fn write(
    connection: &Connection,
    id: TakeId,
    transition: &Transition<'_>,
    facts: &Facts,
    now: Timestamp,
) -> Result<(), SqlOrRule> {
    use TakeState as S;
    let to = transition.to;
    connection
        .prepare_cached(
            "UPDATE takes SET state = :state,
                owner = iif(:keeps_lease, owner, NULL),
                lease_until = iif(:keeps_lease, lease_until, NULL),
                error = iif(:goes_well, NULL, error),
                error_kind = iif(:goes_well, NULL, error_kind),
                http_status = iif(:late, NULL, http_status),
                not_before = NULL,
                hold = iif(:waits, hold, NULL),
                repeats = iif(:may_fail, repeats, 0)
             WHERE id = :id",
        )?
        .execute(named_params! {
            ":id": id.0,
            ":state": to.word(),
            ":keeps_lease": !to.settled() && to != S::Waiting,
            ":goes_well": to.in_flight() || matches!(to, S::Rendered | S::Saved),
            // The status of the failed submit says nothing about a take that was found after all.
            ":late": to == S::Accepted && transition.from.is_some_and(|from| from != S::Submitting),
            ":waits": to == S::Waiting,
            ":may_fail": !to.settled() && to != S::Rendered || to == S::Failed,
        })?;
    facts::set(connection, id, facts, now)?;
    events::insert(connection, id, transition, now)?;
    if to == S::Saved {
        waits::note_sample(connection, id)?;
    }
    Ok(())
}

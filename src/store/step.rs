//! A take's steps: each one is a legal transition, its facts and its event, committed together.

use std::path::PathBuf;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, named_params};

use crate::model::{FailureKind, IllegalTransition, Take, TakeId, TakeState, Usd};

use super::error::Trouble;
use super::line::bounded;
use super::{Store, StoreError, hold, rate, repeat, reserve, row, take, text_of};

/// What became known about a take. Only what is `Some` is set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    pub request_id: Option<String>,
    pub http_status: Option<u16>,
    pub error: Option<String>,
    pub error_kind: Option<FailureKind>,
    /// The provider's bill.
    pub cost: Option<Usd>,
    pub output_url: Option<String>,
    pub last_frame_url: Option<String>,
    /// Absolute.
    pub file: Option<PathBuf>,
    pub bytes: Option<u64>,
    /// 64 lower-case hex digits.
    pub sha256: Option<String>,
    /// Not to be sent again before; at most [`super::LONGEST_WAIT`] away.
    pub not_before: Option<Timestamp>,
}

impl Store {
    /// Takes the take one step on. `owner` must hold its lease; one that ran out and that nobody took over is
    /// still held. Back to waiting and into any settled state the lease is dropped. A step that goes well
    /// clears the error that an earlier one left.
    ///
    /// # Errors
    /// [`StoreError::LostLease`] when another, or nobody, holds it; [`StoreError::IllegalTransition`];
    /// [`StoreError::NoSuchTake`]; [`StoreError::RequestIdTaken`] when another take has the provider's id;
    /// when the store cannot be written. Then nothing has changed.
    pub fn step(
        &self,
        owner: &str,
        id: TakeId,
        to: TakeState,
        detail: &str,
        facts: &Facts,
    ) -> Result<Take, StoreError> {
        self.write(|transaction, now| {
            let from = held_by(transaction, owner, id)?;
            from.step(to)
                .map_err(|step| StoreError::IllegalTransition { id, step })?;
            let passage = Passage {
                from: Some(from),
                to,
                detail,
                owner: Some(owner),
            };
            go(transaction, id, &passage, facts, now)?;
            take::one(transaction, id)
        })
    }

    /// The provider's answer to a submit came after the lease was lost: the take becomes accepted whoever holds it
    /// now, even if it was said meanwhile that it was never sent, since only this answer names the id.
    ///
    /// # Errors
    /// As [`Store::step`], but for the lease.
    pub fn accept_late(&self, id: TakeId, detail: &str, facts: &Facts) -> Result<Take, StoreError> {
        self.step_late(
            id,
            TakeState::Accepted,
            TakeState::may_be_accepted_late,
            detail,
            facts,
        )
    }

    /// The submit came to no clear end after the lease was lost: if it was said meanwhile that the take was never
    /// sent, it is unknown again.
    ///
    /// # Errors
    /// As [`Store::step`], but for the lease.
    pub fn unclear_late(&self, id: TakeId, detail: &str, facts: &Facts) -> Result<Take, StoreError> {
        self.step_late(
            id,
            TakeState::Unknown,
            TakeState::may_be_unclear_late,
            detail,
            facts,
        )
    }

    fn step_late(
        &self,
        id: TakeId,
        to: TakeState,
        may: fn(TakeState) -> bool,
        detail: &str,
        facts: &Facts,
    ) -> Result<Take, StoreError> {
        self.write(|transaction, now| {
            go_from(transaction, id, may, (to, detail), facts, now)?;
            take::one(transaction, id)
        })
    }

    /// The take, if `owner` holds it.
    ///
    /// # Errors
    /// [`StoreError::LostLease`] when another, or nobody, holds it; [`StoreError::NoSuchTake`]; when the store
    /// cannot be read.
    pub fn held_take(&self, owner: &str, id: TakeId) -> Result<Take, StoreError> {
        self.read(|connection| {
            held_by(connection, owner, id)?;
            take::one(connection, id)
        })
    }

    /// Sets facts without a step, of a take that `owner` holds.
    ///
    /// # Errors
    /// [`StoreError::LostLease`] when another, or nobody, holds it; as [`Store::learn`].
    pub fn learn_held(&self, owner: &str, id: TakeId, facts: &Facts) -> Result<(), StoreError> {
        self.write(|transaction, now| {
            held_by(transaction, owner, id)?;
            set_facts(transaction, id, facts, now)
        })
    }

    /// Sets facts without a step, whoever holds the take: a bill that came later.
    ///
    /// # Errors
    /// [`StoreError::NoSuchTake`]; when the store cannot be written.
    pub fn learn(&self, id: TakeId, facts: &Facts) -> Result<(), StoreError> {
        self.write(|transaction, now| {
            standing(transaction, id)?;
            set_facts(transaction, id, facts, now)
        })
    }
}

/// One step on a take's way, as its event tells it.
pub(super) struct Passage<'a> {
    /// `None` when it comes into the line.
    pub from: Option<TakeState>,
    pub to: TakeState,
    pub detail: &'a str,
    /// Who took it there; `None` for the user.
    pub owner: Option<&'a str>,
}

impl Passage<'_> {
    /// A new take's first.
    pub(super) const fn into_line() -> Self {
        Self {
            from: None,
            to: TakeState::Waiting,
            detail: "",
            owner: None,
        }
    }
}

/// Where a take stands and who holds it.
pub(super) fn standing(connection: &Connection, id: TakeId) -> Result<(TakeState, Option<String>), Trouble> {
    connection
        .prepare_cached("SELECT state, owner FROM takes WHERE id = ?1")?
        .query_row([id.0], |row| Ok((row::word(row, "state")?, row.get("owner")?)))
        .optional()?
        .ok_or_else(|| StoreError::NoSuchTake(id).into())
}

/// Where a take stands that `owner` holds.
fn held_by(connection: &Connection, owner: &str, id: TakeId) -> Result<TakeState, Trouble> {
    let (state, holder) = standing(connection, id)?;
    if holder.as_deref() == Some(owner) {
        return Ok(state);
    }
    let owner = owner.to_owned();
    Err(StoreError::LostLease {
        id,
        owner,
        holder,
        state,
    }
    .into())
}

/// A step of nobody's, out of a state that it may be taken from, whoever holds the take.
pub(super) fn go_from(
    connection: &Connection,
    id: TakeId,
    may: impl Fn(TakeState) -> bool,
    (to, detail): (TakeState, &str),
    facts: &Facts,
    now: Timestamp,
) -> Result<(), Trouble> {
    let (from, _) = standing(connection, id)?;
    if !may(from) {
        let step = IllegalTransition { from, to };
        return Err(StoreError::IllegalTransition { id, step }.into());
    }
    let passage = Passage {
        from: Some(from),
        to,
        detail,
        owner: None,
    };
    go(connection, id, &passage, facts, now)
}

/// State, facts and event in one; the transition was checked.
pub(super) fn go(
    connection: &Connection,
    id: TakeId,
    passage: &Passage<'_>,
    facts: &Facts,
    now: Timestamp,
) -> Result<(), Trouble> {
    use TakeState as S;
    let to = passage.to;
    let keeps_lease = !to.settled() && to != S::Waiting;
    let goes_well = to.in_flight() || matches!(to, S::Rendered | S::Saved);
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
            ":keeps_lease": keeps_lease,
            ":goes_well": goes_well,
            // The lost response says nothing about the take that was found after all.
            ":late": to == S::Accepted && passage.from.is_some_and(|from| from != S::Submitting),
            ":waits": to == S::Waiting,
            ":may_fail": !to.settled() && to != S::Rendered || to == S::Failed,
        })?;
    set_facts(connection, id, facts, now)?;
    note_event(connection, id, passage, now)?;
    match to {
        S::Failed => repeat::after_failure(connection, id, now)?,
        S::Waiting => hold::hold_latecomer(connection, id)?,
        S::Accepted if passage.from == Some(S::Submitting) => rate::note_accepted(connection, id)?,
        _ => {}
    }
    match facts.error_kind {
        Some(kind) if kind.is_moderation() && matches!(to, S::Failed | S::Refused) => {
            hold::hold_siblings(connection, id, kind)
        }
        _ => Ok(()),
    }
}

fn set_facts(connection: &Connection, id: TakeId, facts: &Facts, now: Timestamp) -> Result<(), Trouble> {
    if *facts == Facts::default() {
        return Ok(());
    }
    if let Some(request_id) = &facts.request_id {
        refuse_if_taken(connection, id, request_id)?;
    }
    let billed_before = match facts.cost {
        Some(_) => reserve::bill(connection, id)?,
        None => None,
    };
    let not_before = facts.not_before.map(|until| bounded(until, now));
    write_facts(connection, id, facts, not_before)?;
    match facts.cost {
        Some(_) => reserve::hold_against_bill(connection, id, billed_before),
        None => Ok(()),
    }
}

/// Writes facts as they are, without the rules that follow from them.
pub(super) fn write_facts(
    connection: &Connection,
    id: TakeId,
    facts: &Facts,
    not_before: Option<Timestamp>,
) -> Result<(), Trouble> {
    let file = facts.file.as_deref().map(text_of).transpose()?;
    connection
        .prepare_cached(
            "UPDATE takes SET
                request_id = coalesce(:request_id, request_id),
                http_status = coalesce(:http_status, http_status),
                error = coalesce(:error, error),
                error_kind = coalesce(:error_kind, error_kind),
                cost = coalesce(:cost, cost),
                output_url = coalesce(:output_url, output_url),
                last_frame_url = coalesce(:last_frame_url, last_frame_url),
                file = coalesce(:file, file),
                bytes = coalesce(:bytes, bytes),
                sha256 = coalesce(:sha256, sha256),
                not_before = coalesce(:not_before, not_before)
             WHERE id = :id",
        )?
        .execute(named_params! {
            ":id": id.0,
            ":request_id": facts.request_id,
            ":http_status": facts.http_status,
            ":error": facts.error,
            ":error_kind": facts.error_kind.map(FailureKind::word),
            ":cost": row::bill(facts.cost),
            ":output_url": facts.output_url,
            ":last_frame_url": facts.last_frame_url,
            ":file": file,
            ":bytes": facts.bytes.map(row::count),
            ":sha256": facts.sha256,
            ":not_before": not_before.map(Timestamp::as_millisecond),
        })?;
    Ok(())
}

pub(super) const OTHER_OF_REQUEST: &str = "SELECT id FROM takes WHERE request_id = ?1 AND id <> ?2
       AND backend = (SELECT backend FROM takes WHERE id = ?2)";

/// One generation of the provider belongs to one take.
fn refuse_if_taken(connection: &Connection, id: TakeId, request_id: &str) -> Result<(), Trouble> {
    let other: Option<i64> = connection
        .prepare_cached(OTHER_OF_REQUEST)?
        .query_row((request_id, id.0), |row| row.get(0))
        .optional()?;
    match other {
        None => Ok(()),
        Some(other) => Err(StoreError::RequestIdTaken {
            request_id: request_id.to_owned(),
            other: TakeId(other),
        }
        .into()),
    }
}

/// Writes the passage down.
pub(super) fn note_event(
    connection: &Connection,
    id: TakeId,
    passage: &Passage<'_>,
    now: Timestamp,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO events (take_id, at, from_state, to_state, detail, owner)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute((
            id.0,
            now.as_millisecond(),
            passage.from.map(TakeState::word),
            passage.to.word(),
            passage.detail,
            passage.owner,
        ))
        .map(drop)
}

//! Takes come into the line here, all of a sweep or none.

use jiff::Timestamp;
use rusqlite::{Connection, named_params};

use crate::model::{ApiVersion, Backend, Draft, Request, TakeId, TakeState, Usd};

use super::error::Trouble;
use super::step::{Passage, note_event};
use super::{Cap, Reserve, Store, StoreError, draft, hold, money, reel, row};

/// Takes to be put in line together.
#[derive(Debug, Clone, PartialEq)]
pub struct Admission {
    pub reel_id: String,
    pub backend: Backend,
    pub api_version: ApiVersion,
    /// What the requests were made of; kept as a version.
    pub draft: Draft,
    /// One take each; two or more share a sweep number.
    pub requests: Vec<Request>,
    /// Of each take.
    pub estimate: Usd,
    /// Of each take.
    pub reserve: Reserve,
    /// How often each may be repeated by itself after a fault of the provider; counted against the cap.
    pub repeats: u32,
    /// What they were promoted, chained or run again from.
    pub parent: Option<TakeId>,
    pub cap: Option<Cap>,
}

impl Store {
    /// Puts the takes at the end of the line, in the order given.
    ///
    /// # Errors
    /// [`StoreError::CapReached`] when what is committed, what is in line and what is asked for exceed the cap
    /// together; [`StoreError::PriceUnknown`]; [`StoreError::NoSuchReel`], [`StoreError::NoSuchTake`] (the parent); when the store cannot be
    /// written. Then no take was put in line.
    pub fn admit(&self, admission: &Admission) -> Result<Vec<TakeId>, StoreError> {
        self.admit_instead(admission, &[])
    }

    /// [`Store::admit`] in the place of takes that are held back: those are cancelled with it, or nothing is done.
    ///
    /// # Errors
    /// As [`Store::admit`]; [`StoreError::NotHeld`] when one of them is not held any more: what was let go on
    /// would be paid beside its replacement.
    pub fn admit_instead(&self, admission: &Admission, held: &[TakeId]) -> Result<Vec<TakeId>, StoreError> {
        self.write(|transaction, now| {
            hold::give_way(transaction, held, now)?;
            reel::must_exist(transaction, &admission.reel_id)?;
            if let Some(parent) = admission.parent {
                parent_must_exist(transaction, parent)?;
            }
            check_cap(transaction, admission)?;
            put_in_line(transaction, admission, now)
        })
    }
}

fn check_cap(connection: &Connection, admission: &Admission) -> Result<(), Trouble> {
    let Some(cap) = admission.cap else {
        return Ok(());
    };
    let spent = money::committed(connection, admission.backend, cap.since)?;
    let committed = spent + money::in_line(connection, admission.backend)?;
    let takes = u32::try_from(admission.requests.len()).unwrap_or(u32::MAX);
    let Some(each) = admission.reserve.most else {
        return Err(StoreError::PriceUnknown.into());
    };
    let asked = each.times(takes.saturating_mul(admission.repeats.saturating_add(1)));
    if !cap.allows(committed, asked) {
        let cap = cap.limit;
        return Err(StoreError::CapReached {
            cap,
            committed,
            asked,
        }
        .into());
    }
    Ok(())
}

fn parent_must_exist(connection: &Connection, parent: TakeId) -> Result<(), Trouble> {
    let exists = connection
        .prepare_cached("SELECT 1 FROM takes WHERE id = ?1")?
        .exists([parent.0])?;
    if exists {
        Ok(())
    } else {
        Err(StoreError::NoSuchTake(parent).into())
    }
}

fn put_in_line(
    connection: &Connection,
    admission: &Admission,
    now: Timestamp,
) -> Result<Vec<TakeId>, Trouble> {
    if admission.requests.is_empty() {
        return Ok(Vec::new());
    }
    let version = draft::freeze(connection, &admission.reel_id, &admission.draft, now)?;
    let sweep = if admission.requests.len() > 1 {
        Some(next(connection, NEXT_SWEEP)?)
    } else {
        None
    };
    let first_place = next(connection, &next_place_sql())?;
    let mut ids = Vec::with_capacity(admission.requests.len());
    for (place, request) in (first_place..).zip(&admission.requests) {
        let new = NewTake {
            admission,
            request,
            version,
            sweep,
            place,
        };
        let id = insert(connection, &new)?;
        note_event(connection, id, &Passage::into_line(), now)?;
        ids.push(id);
    }
    Ok(ids)
}

pub(super) const NEXT_SWEEP: &str = "SELECT coalesce(max(sweep), 0) + 1 FROM takes WHERE sweep IS NOT NULL";

/// Behind every take that waits or may come back to wait.
pub(super) fn next_place_sql() -> String {
    let unsettled = row::states(|state| !state.settled());
    format!("SELECT coalesce(max(position), 0) + 1 FROM takes WHERE state IN ({unsettled})")
}

fn next(connection: &Connection, sql: &str) -> rusqlite::Result<i64> {
    connection.prepare_cached(sql)?.query_row([], |row| row.get(0))
}

struct NewTake<'a> {
    admission: &'a Admission,
    request: &'a Request,
    version: i64,
    sweep: Option<i64>,
    place: i64,
}

fn insert(connection: &Connection, new: &NewTake<'_>) -> rusqlite::Result<TakeId> {
    connection
        .prepare_cached(
            "INSERT INTO takes (
                reel_id, backend, api_version, model, draft_version, sweep, parent, state, position, estimate,
                body, repeats, reserve, clip_frames, max_price
             ) VALUES (
                :reel_id, :backend, :api_version, :model, :draft_version, :sweep, :parent, :state, :position,
                :estimate, :body, :repeats, :reserve, :clip_frames, :max_price
             )",
        )?
        .insert(named_params! {
            ":reel_id": new.admission.reel_id,
            ":backend": new.admission.backend.word(),
            ":api_version": new.admission.api_version.wire(),
            ":model": new.request.form.model.wire(),
            ":draft_version": new.version,
            ":sweep": new.sweep,
            ":parent": new.admission.parent.map(|id| id.0),
            ":state": TakeState::Waiting.word(),
            ":position": new.place,
            ":estimate": row::estimate(new.admission.estimate),
            ":body": new.request.body().to_string(),
            ":repeats": new.admission.repeats,
            ":reserve": new.admission.reserve.most.map(row::estimate),
            ":clip_frames": new.admission.reserve.clip_frames,
            ":max_price": new.admission.reserve.max_price.map(row::estimate),
        })
        .map(TakeId)
}

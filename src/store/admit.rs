//! Takes come into the line here, all of a sweep or none.

use jiff::Timestamp;
use rusqlite::Connection;

use crate::model::{ApiVersion, Backend, Draft, Request, TakeId, TakeState, Usd, Verdict};

use super::error::Trouble;
use super::insert::{self, NewTake};
use super::step::{Passage, note_event};
use super::{Cap, Reserve, Store, StoreError, forms, hold, money, reel};

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
    let revision = forms::freeze(connection, &admission.reel_id, &admission.draft, now)?;
    let sweep = match admission.requests.len() {
        0 | 1 => None,
        _ => Some(
            connection
                .prepare_cached(NEXT_SWEEP)?
                .query_row([], |row| row.get(0))?,
        ),
    };
    let first_place = insert::next_place(connection)?;
    let mut ids = Vec::with_capacity(admission.requests.len());
    for (position, request) in (first_place..).zip(&admission.requests) {
        let new = NewTake {
            id: None,
            reel_id: &admission.reel_id,
            backend: admission.backend,
            account: None,
            api_version: admission.api_version,
            model: request.model,
            request: request.into(),
            body: request.body().to_string(),
            revision: Some(revision),
            sweep,
            parent: admission.parent,
            state: TakeState::Waiting,
            position,
            estimate: admission.estimate,
            reserve: admission.reserve,
            repeats: admission.repeats,
            verdict: Verdict::None,
            note: None,
        };
        let id = insert::insert(connection, &new)?;
        note_event(connection, id, &Passage::into_line(), now)?;
        ids.push(id);
    }
    Ok(ids)
}

pub(super) const NEXT_SWEEP: &str = "SELECT coalesce(max(sweep), 0) + 1 FROM takes WHERE sweep IS NOT NULL";

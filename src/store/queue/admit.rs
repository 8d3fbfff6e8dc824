//! Admits takes into the queue: all takes of a sweep, or none.

use jiff::Timestamp;
use rusqlite::Connection;

use crate::model::{ApiVersion, Backend, Form, Request, TakeId, TakeState, Usd, Verdict};
use crate::store::takes::events::{self, Transition};
use crate::store::takes::insert::{self, NewTake};
use crate::store::takes::state::state_of;
use crate::store::{Cap, Reserve, SqlOrRule, Store, StoreError, forms, ledger, reels};

use super::on_hold;

/// Takes to be admitted together.
#[derive(Debug, Clone, PartialEq)]
pub struct Admission {
    pub reel_id: String,
    pub backend: Backend,
    pub api_version: ApiVersion,
    /// What the requests were made from; kept as a revision.
    pub form: Form,
    /// One take each; two or more share a sweep number.
    pub requests: Vec<Request>,
    /// Of each take.
    pub estimate: Usd,
    /// Of each take.
    pub reserve: Reserve,
    /// How often each may be repeated automatically after a fault of the provider; counted against the cap.
    pub repeats: u32,
    /// The take that they were promoted, chained or run again from.
    pub parent: Option<TakeId>,
    pub cap: Option<Cap>,
    /// Takes on hold that are cancelled when these are admitted.
    pub replaces: Vec<TakeId>,
}

impl Store {
    /// Puts takes at the end of the queue, in the order given, or none: what is committed, what waits and what is asked
    /// for must be within the cap together, and takes that are replaced must still be on hold, because otherwise they
    /// would be paid beside their replacements.
    pub fn admit(&self, admission: &Admission) -> Result<Vec<TakeId>, StoreError> {
        self.write(|transaction, now| {
            on_hold::cancel_all(transaction, &admission.replaces, now)?;
            reels::must_exist(transaction, &admission.reel_id)?;
            if let Some(parent) = admission.parent {
                state_of(transaction, parent)?;
            }
            check_cap(transaction, admission)?;
            if admission.requests.is_empty() {
                return Ok(Vec::new());
            }
            insert_all(transaction, admission, now)
        })
    }
}

fn check_cap(connection: &Connection, admission: &Admission) -> Result<(), SqlOrRule> {
    let Some(cap) = admission.cap else {
        return Ok(());
    };
    let spent = ledger::committed(connection, admission.backend, cap.since)?;
    let committed = spent + ledger::waiting(connection, admission.backend)?;
    let takes = u32::try_from(admission.requests.len()).unwrap_or(u32::MAX);
    let Some(each) = admission.reserve.most else {
        return Err(StoreError::PriceUnknown.into());
    };
    let asked = each.times(takes.saturating_mul(admission.repeats.saturating_add(1)));
    if cap.allows(committed, asked) {
        return Ok(());
    }
    let cap = cap.limit;
    Err(StoreError::CapReached {
        cap,
        committed,
        asked,
    }
    .into())
}

fn insert_all(
    connection: &Connection,
    admission: &Admission,
    now: Timestamp,
) -> Result<Vec<TakeId>, SqlOrRule> {
    let revision = forms::freeze(connection, &admission.reel_id, &admission.form, now)?;
    let sweep = if admission.requests.len() > 1 {
        let mut next = connection.prepare_cached(NEXT_SWEEP)?;
        Some(next.query_row([], |row| row.get(0))?)
    } else {
        None
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
            model: request.form.model,
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
        events::insert(connection, id, &Transition::into_queue(), now)?;
        ids.push(id);
    }
    Ok(ids)
}

pub const NEXT_SWEEP: &str = "SELECT coalesce(max(sweep), 0) + 1 FROM takes WHERE sweep IS NOT NULL";

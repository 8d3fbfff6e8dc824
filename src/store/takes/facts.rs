//! Facts: what becomes known about a take while it is worked on.

use std::path::PathBuf;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, named_params};

use crate::model::take::{Draft, ProviderTimes};
use crate::model::{FailureKind, TakeId, Usd};
use crate::store::rules::wait::bounded;
use crate::store::{SqlOrRule, Store, StoreError, columns, text_of};

use super::reserve;
use super::state::{owned_by, state_of};

/// What became known about a take. Only what is `Some` is set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    pub request_id: Option<String>,
    pub http_status: Option<u16>,
    pub error: Option<String>,
    pub error_kind: Option<FailureKind>,
    /// The provider's bill.
    pub cost: Option<Usd>,
    pub times: ProviderTimes,
    pub output_url: Option<String>,
    pub last_frame_url: Option<String>,
    /// The returned last frame as a picture. Absolute.
    pub last_frame_file: Option<PathBuf>,
    /// Absolute.
    pub file: Option<PathBuf>,
    pub bytes: Option<u64>,
    /// 64 lower-case hex digits.
    pub sha256: Option<String>,
    /// How the provider names a draft that it can finish.
    pub draft: Option<Draft>,
    /// The take is not sent again before this time, which is at most [`MAX_WAIT`](crate::store::MAX_WAIT) away.
    pub not_before: Option<Timestamp>,
}

impl Facts {
    /// What is wrong with a take.
    pub fn error(kind: FailureKind, error: impl Into<String>) -> Self {
        Self {
            error: Some(error.into()),
            error_kind: Some(kind),
            ..Self::default()
        }
    }

    /// The provider's bill, if it is known.
    pub fn bill(cost: Option<Usd>) -> Self {
        Self {
            cost,
            ..Self::default()
        }
    }

    /// The provider's request that a take became, and its bill if that is known.
    pub fn request(id: &str, cost: Option<Usd>) -> Self {
        Self {
            request_id: Some(id.to_owned()),
            ..Self::bill(cost)
        }
    }
}

impl Store {
    /// Sets facts of a take whose lease `owner` has, without a transition.
    pub fn learn_owned(&self, owner: &str, id: TakeId, facts: &Facts) -> Result<(), StoreError> {
        self.write(|transaction, now| {
            owned_by(transaction, owner, id)?;
            set(transaction, id, facts, now)
        })
    }

    /// Sets facts without a transition and without the lease, such as a bill that came later.
    pub fn learn(&self, id: TakeId, facts: &Facts) -> Result<(), StoreError> {
        self.write(|transaction, now| {
            state_of(transaction, id)?;
            set(transaction, id, facts, now)
        })
    }
}

/// Sets facts, and stops the queue when a bill is higher than what was reserved for it.
pub fn set(connection: &Connection, id: TakeId, facts: &Facts, now: Timestamp) -> Result<(), SqlOrRule> {
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
    write(connection, id, facts, not_before)?;
    match facts.cost {
        Some(_) => reserve::stop_if_exceeded(connection, id, billed_before),
        None => Ok(()),
    }
}

/// Writes facts as they are, without the rules that follow from them.
pub fn write(
    connection: &Connection,
    id: TakeId,
    facts: &Facts,
    not_before: Option<Timestamp>,
) -> Result<(), SqlOrRule> {
    let file = facts.file.as_deref().map(text_of).transpose()?;
    let last_frame_file = facts.last_frame_file.as_deref().map(text_of).transpose()?;
    connection
        .prepare_cached(
            "UPDATE takes SET
                request_id = coalesce(:request_id, request_id),
                http_status = coalesce(:http_status, http_status),
                error = coalesce(:error, error),
                error_kind = coalesce(:error_kind, error_kind),
                cost = coalesce(:cost, cost),
                queue_ms = coalesce(:queue_ms, queue_ms),
                render_ms = coalesce(:render_ms, render_ms),
                output_url = coalesce(:output_url, output_url),
                last_frame_url = coalesce(:last_frame_url, last_frame_url),
                last_frame_file = coalesce(:last_frame_file, last_frame_file),
                file = coalesce(:file, file),
                bytes = coalesce(:bytes, bytes),
                sha256 = coalesce(:sha256, sha256),
                draft_id = coalesce(:draft_id, draft_id),
                draft_expires = coalesce(:draft_expires, draft_expires),
                not_before = coalesce(:not_before, not_before)
             WHERE id = :id",
        )?
        .execute(named_params! {
            ":id": id.0,
            ":request_id": facts.request_id,
            ":http_status": facts.http_status,
            ":error": facts.error,
            ":error_kind": facts.error_kind.map(FailureKind::word),
            ":cost": columns::bill(facts.cost),
            ":queue_ms": facts.times.queue_ms.map(columns::count),
            ":render_ms": facts.times.render_ms.map(columns::count),
            ":output_url": facts.output_url,
            ":last_frame_url": facts.last_frame_url,
            ":last_frame_file": last_frame_file,
            ":file": file,
            ":bytes": facts.bytes.map(columns::count),
            ":sha256": facts.sha256,
            ":draft_id": facts.draft.as_ref().map(|draft| &draft.id),
            ":draft_expires": facts.draft.as_ref().map(|draft| draft.expires.as_millisecond()),
            ":not_before": not_before.map(Timestamp::as_millisecond),
        })?;
    Ok(())
}

pub const OTHER_OF_REQUEST: &str = "SELECT id FROM takes WHERE request_id = ?1 AND id <> ?2
       AND backend = (SELECT backend FROM takes WHERE id = ?2)";

/// One generation of the provider belongs to one take.
fn refuse_if_taken(connection: &Connection, id: TakeId, request_id: &str) -> Result<(), SqlOrRule> {
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

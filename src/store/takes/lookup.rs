//! Finds takes by what the provider knows of them, and what a worker needs to know besides.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use crate::model::{Backend, Lineage, Take, TakeId, TakeState, Usd};
use crate::store::{Store, StoreError, columns};

use super::read;

/// What of a take that the provider accepted is compared with its history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptedTake {
    pub take: TakeId,
    pub at: Timestamp,
    pub request_id: Option<String>,
    pub state: TakeState,
    pub cost: Option<Usd>,
    pub account: Option<String>,
}

impl Store {
    /// The take that the provider's request belongs to.
    pub fn take_of_request(&self, backend: Backend, request_id: &str) -> Result<Option<Take>, StoreError> {
        self.read(|connection| match of_request(connection, backend, request_id)? {
            Some(id) => read::one(connection, id).map(Some),
            None => Ok(None),
        })
    }

    /// The newest take whose video has this hash.
    pub fn take_of_sha256(&self, sha256: &str) -> Result<Option<Take>, StoreError> {
        self.read(|connection| {
            let id: Option<i64> = connection
                .prepare_cached(OF_SHA256)?
                .query_row([sha256], |row| row.get(0))?;
            id.map(|id| read::one(connection, TakeId(id))).transpose()
        })
    }

    /// The newest take whose last frame this URL or file is.
    pub fn take_of_last_frame(&self, reference: &str) -> Result<Option<TakeId>, StoreError> {
        self.read(|connection| {
            let id: Option<i64> = connection
                .prepare_cached(OF_LAST_FRAME)?
                .query_row([reference], |row| row.get(0))?;
            Ok(id.map(TakeId))
        })
    }

    /// The takes that came from each of these, and how, oldest first.
    pub fn children(&self, ids: &[TakeId]) -> Result<Children, StoreError> {
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let ids = serde_json::json!(ids).to_string();
        self.read(|connection| {
            let mut statement = connection.prepare_cached(&children_sql())?;
            let mut rows = statement.query([&ids])?;
            let mut children = Children::new();
            while let Some(row) = rows.next()? {
                let (parent, child) = (TakeId(row.get("parent")?), TakeId(row.get("id")?));
                let lineage: Option<String> = row.get("lineage")?;
                let lineage = lineage.and_then(|word| word.parse().ok());
                children
                    .entry(parent)
                    .or_default()
                    .push((child, lineage.unwrap_or(Lineage::Repeated)));
            }
            Ok(children)
        })
    }

    /// Whether the provider's request belongs to any take.
    pub fn knows_request(&self, backend: Backend, request_id: &str) -> Result<bool, StoreError> {
        self.read(|connection| Ok(of_request(connection, backend, request_id)?.is_some()))
    }

    /// The takes that the provider accepted after this moment and take, and not after `last`: oldest first, at most `limit`.
    pub fn accepted_after(
        &self,
        backend: Backend,
        (after, take): (Timestamp, TakeId),
        last: Timestamp,
        limit: u32,
    ) -> Result<Vec<AcceptedTake>, StoreError> {
        let params = (
            backend.word(),
            after.as_millisecond(),
            take.0,
            last.as_millisecond(),
            limit,
        );
        self.read(|connection| {
            let mut statement = connection.prepare_cached(ACCEPTED_AFTER)?;
            let accepted = statement.query_map(params, |row| {
                Ok(AcceptedTake {
                    take: TakeId(row.get("take_id")?),
                    at: columns::time(row, "at")?,
                    request_id: row.get("request_id")?,
                    state: columns::word(row, "state")?,
                    cost: columns::usd_if_any(row, "cost")?,
                    account: row.get("account")?,
                })
            })?;
            Ok(accepted.collect::<Result<_, _>>()?)
        })
    }

    /// Every take that may have been sent at or after `since` although its request's id is not known: those that are
    /// being sent, are unknown or count as never sent, and those of the blocking contract, where a refused one may have
    /// failed at the provider.
    pub fn nameless_since(&self, backend: Backend, since: Timestamp) -> Result<Vec<Take>, StoreError> {
        let params = (backend.word(), since.as_millisecond());
        self.read(|connection| Ok(read::several(connection, &nameless_tail(), params)?))
    }

    /// Whether another take with the same body is being sent: which of two equal requests is whose cannot be told then.
    pub fn twin_is_being_sent(&self, id: TakeId) -> Result<bool, StoreError> {
        self.read(|connection| {
            Ok(connection
                .prepare_cached(TWIN_BEING_SENT)?
                .query_row([id.0], |row| row.get(0))?)
        })
    }

    /// Since when, by the provider's own clock, its history has been asked about the take: `now_there`, unless it was
    /// asked before.
    pub fn asked_since(&self, id: TakeId, now_there: Timestamp) -> Result<Timestamp, StoreError> {
        self.write(|transaction, _| {
            transaction
                .prepare_cached(
                    "UPDATE takes SET asked_since = coalesce(asked_since, ?2) WHERE id = ?1 RETURNING asked_since",
                )?
                .query_row((id.0, now_there.as_millisecond()), |row| {
                    columns::time(row, "asked_since")
                })
                .optional()?
                .ok_or_else(|| StoreError::NoSuchTake(id).into())
        })
    }
}

/// The takes that came from others, by the others' numbers.
pub type Children = BTreeMap<TakeId, Vec<(TakeId, Lineage)>>;

/// The condition that a take may have come to something, or cost something: its draft is not finished again.
pub fn final_counts_sql() -> String {
    let free = columns::states(|state| {
        matches!(
            state,
            TakeState::Refused | TakeState::Cancelled | TakeState::NotSent
        )
    });
    format!("state NOT IN ({free}) AND NOT (state = 'failed' AND coalesce(cost, 0) = 0)")
}

pub fn children_sql() -> String {
    let counts = final_counts_sql();
    format!(
        "SELECT parent, id, lineage FROM takes WHERE parent IN (SELECT value FROM json_each(?1))
           AND (lineage IS NOT 'finished' OR {counts}) ORDER BY id"
    )
}

pub const OF_SHA256: &str = "SELECT max(id) FROM takes WHERE sha256 = ?1";

pub const OF_LAST_FRAME: &str = "SELECT max(id) FROM takes WHERE last_frame_url = ?1 OR last_frame_file = ?1";

pub const OF_REQUEST: &str = "SELECT id FROM takes WHERE request_id = ?1 AND backend = ?2";

/// Of a take that was accepted more than once, the first time counts.
pub const ACCEPTED_AFTER: &str = "SELECT events.take_id, events.at, t.request_id, t.state, t.cost, t.account
     FROM events CROSS JOIN takes t ON t.id = events.take_id
     JOIN log ON log.reel_id = t.reel_id AND log.take_id = t.id
     WHERE events.to_state = 'accepted' AND (events.at, events.take_id) > (?2, ?3) AND events.at <= ?4
        AND +t.backend = ?1 AND log.accepted = events.at
     GROUP BY events.at, events.take_id ORDER BY events.at, events.take_id LIMIT ?5";

pub const TWIN_BEING_SENT: &str = "SELECT count(*) > 0 FROM takes one
     JOIN takes other ON other.state = 'submitting' AND other.backend = one.backend AND other.id <> one.id
     WHERE one.id = ?1 AND other.model = one.model AND other.body = one.body";

pub fn nameless_tail() -> String {
    format!(
        "WHERE t.request_id IS NULL AND t.backend = ?1 AND +t.state IN ({})
           AND EXISTS (SELECT 1 FROM events WHERE take_id = t.id AND to_state = 'submitting' AND at >= ?2)
         ORDER BY t.id",
        columns::states(|state| {
            state.commits_money() || matches!(state, TakeState::NotSent | TakeState::Refused)
        })
    )
}

pub fn of_request(
    connection: &Connection,
    backend: Backend,
    request_id: &str,
) -> rusqlite::Result<Option<TakeId>> {
    connection
        .prepare_cached(OF_REQUEST)?
        .query_row((request_id, backend.word()), |row| row.get(0).map(TakeId))
        .optional()
}

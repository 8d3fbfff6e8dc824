//! What was asked of the provider for a take, and what it answered.

use jiff::Timestamp;
use rusqlite::{Connection, Row};
use serde::{Deserialize, Serialize};

use crate::model::TakeId;

use super::step::standing;
use super::{Store, StoreError, row};

/// The longest answer that is kept, in bytes.
const LONGEST_ANSWER: usize = 64 * 1024;

/// One request and its answer. No header is kept, so no key is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// When the answer was there.
    pub at: Timestamp,
    /// `submit`, `status`, `result`, `download`, `history` or `upload`.
    pub stage: String,
    pub method: String,
    /// Without the host.
    pub path: String,
    /// `None` when no answer came.
    pub status: Option<u16>,
    #[serde(rename = "ms")]
    pub millis: u64,
    /// Cut at 64 KiB.
    pub answer: Option<String>,
}

impl Store {
    /// Writes an exchange down.
    ///
    /// # Errors
    /// [`StoreError::NoSuchTake`]; when the store cannot be written.
    pub fn record(&self, id: TakeId, exchange: &Exchange) -> Result<(), StoreError> {
        self.write(|transaction, _| {
            standing(transaction, id)?;
            Ok(insert(transaction, id, exchange)?)
        })
    }

    /// Every exchange of the take, oldest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn exchanges(&self, id: TakeId) -> Result<Vec<Exchange>, StoreError> {
        self.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT * FROM exchanges WHERE take_id = ?1 ORDER BY id")?;
            let exchanges = statement.query_map([id.0], read)?;
            Ok(exchanges.collect::<Result<_, _>>()?)
        })
    }
}

/// [`Store::record`] within a transaction.
pub(super) fn insert(connection: &Connection, id: TakeId, exchange: &Exchange) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO exchanges (take_id, at, stage, method, path, status, millis, answer)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute((
            id.0,
            exchange.at.as_millisecond(),
            &exchange.stage,
            &exchange.method,
            &exchange.path,
            exchange.status,
            row::count(exchange.millis),
            exchange.answer.as_deref().map(cut),
        ))
        .map(drop)
}

fn cut(answer: &str) -> &str {
    &answer[..answer.floor_char_boundary(LONGEST_ANSWER)]
}

pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Exchange> {
    Ok(Exchange {
        at: row::time(row, "at")?,
        stage: row.get("stage")?,
        method: row.get("method")?,
        path: row.get("path")?,
        status: row.get("status")?,
        millis: row::made(row, "millis", |ms: i64| u64::try_from(ms).ok())?,
        answer: row.get("answer")?,
    })
}

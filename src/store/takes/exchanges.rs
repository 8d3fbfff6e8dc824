//! Exchanges: what the provider was asked for a take, and its responses.

use jiff::Timestamp;
use rusqlite::{Connection, Row};
use serde::{Deserialize, Serialize};

use crate::model::TakeId;
use crate::store::{Store, StoreError, columns};

use super::state::state_of;

/// The longest response that is kept, in bytes.
const MAX_RESPONSE: usize = 64 * 1024;

/// One request and its response. No header is kept, so no key is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// When the response was complete.
    pub at: Timestamp,
    /// `submit`, `status`, `result`, `download`, `history` or `upload`.
    pub stage: String,
    pub method: String,
    /// Without the host.
    pub path: String,
    /// `None` when there was no response.
    pub status: Option<u16>,
    #[serde(rename = "ms")]
    pub millis: u64,
    /// The response, cut at 64 KiB.
    #[serde(rename = "answer")]
    pub response: Option<String>,
    /// How often it was asked with this response, when it is kept once for all; `at` and `millis` are those of the last.
    #[serde(default = "once", skip_serializing_if = "is_once")]
    pub times: u32,
}

const fn once() -> u32 {
    1
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_once(times: &u32) -> bool {
    *times == once()
}

impl Store {
    /// Writes an exchange down.
    pub fn record(&self, id: TakeId, exchange: &Exchange) -> Result<(), StoreError> {
        self.write(|transaction, _| {
            state_of(transaction, id)?;
            Ok(insert(transaction, id, exchange)?)
        })
    }

    /// Writes an exchange down that may be repeated many times. If the newest exchange of the take was the same request with
    /// the same response, that row is counted once more and gets the newer time.
    pub fn record_again(&self, id: TakeId, exchange: &Exchange) -> Result<(), StoreError> {
        self.write(|transaction, _| {
            state_of(transaction, id)?;
            let again = transaction.prepare_cached(ASKED_AGAIN)?.execute((
                id.0,
                exchange.at.as_millisecond(),
                columns::count(exchange.millis),
                &exchange.stage,
                &exchange.path,
                exchange.status,
                cut(exchange.response.as_deref()),
            ))?;
            if again == 0 {
                insert(transaction, id, exchange)?;
            }
            Ok(())
        })
    }

    /// Every exchange of the take, oldest first.
    pub fn exchanges(&self, id: TakeId) -> Result<Vec<Exchange>, StoreError> {
        self.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT * FROM exchanges WHERE take_id = ?1 ORDER BY id")?;
            let exchanges = statement.query_map([id.0], read)?;
            Ok(exchanges.collect::<Result<_, _>>()?)
        })
    }
}

pub const ASKED_AGAIN: &str = "UPDATE exchanges SET times = times + 1, at = ?2, millis = ?3
     WHERE id = (SELECT max(id) FROM exchanges WHERE take_id = ?1)
        AND stage = ?4 AND path = ?5 AND status IS ?6 AND answer IS ?7";

fn cut(response: Option<&str>) -> Option<&str> {
    response.map(|text| &text[..text.floor_char_boundary(MAX_RESPONSE)])
}

pub fn insert(connection: &Connection, id: TakeId, exchange: &Exchange) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO exchanges (take_id, at, stage, method, path, status, millis, answer, times)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute((
            id.0,
            exchange.at.as_millisecond(),
            &exchange.stage,
            &exchange.method,
            &exchange.path,
            exchange.status,
            columns::count(exchange.millis),
            cut(exchange.response.as_deref()),
            exchange.times.max(once()),
        ))
        .map(drop)
}

pub fn read(row: &Row<'_>) -> rusqlite::Result<Exchange> {
    Ok(Exchange {
        at: columns::time(row, "at")?,
        stage: row.get("stage")?,
        method: row.get("method")?,
        path: row.get("path")?,
        status: row.get("status")?,
        millis: columns::made(row, "millis", |ms: i64| u64::try_from(ms).ok())?,
        response: row.get("answer")?,
        times: row.get("times")?,
    })
}

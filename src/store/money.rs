//! What is spent or may yet be.

use jiff::Timestamp;
use rusqlite::Connection;

use crate::model::{Backend, TakeState, Usd};

use super::{Store, StoreError, damage, row};

impl Store {
    /// What takes last sent at or after `since` cost or may yet cost: the bill where it is known, else the
    /// reserve. A failure counts too when it was billed, and when its bill is not known.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn committed_since(&self, backend: Backend, since: Timestamp) -> Result<Usd, StoreError> {
        self.read(|connection| Ok(committed(connection, backend, since)?))
    }
}

impl Store {
    /// What the takes in line may cost, with every repeat that they may still have.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn waiting_money(&self, backend: Backend) -> Result<Usd, StoreError> {
        self.read(|connection| Ok(in_line(connection, backend)?))
    }
}

/// [`Store::committed_since`] within a transaction.
pub(super) fn committed(
    connection: &Connection,
    backend: Backend,
    since: Timestamp,
) -> rusqlite::Result<Usd> {
    let known = connection
        .prepare_cached(&committed_sql())?
        .query_row((backend.word(), since.as_millisecond()), row::total)?;
    Ok(known + damage::lost_since(connection, backend, since)?)
}

pub(super) fn committed_sql() -> String {
    format!(
        "SELECT coalesce(sum(coalesce(cost, reserve, estimate)), 0) AS total,
            min(coalesce(cost, reserve, estimate)) AS least, max(coalesce(cost, reserve, estimate)) AS most
         FROM takes WHERE id IN (SELECT take_id FROM events WHERE to_state = 'submitting' AND at >= ?2)
           AND +backend = ?1 AND (+state IN ({}) OR +cost > 0 OR +state = 'failed' AND cost IS NULL)",
        row::states(TakeState::commits_money)
    )
}

/// [`Store::waiting_money`] within a transaction.
pub(super) fn in_line(connection: &Connection, backend: Backend) -> rusqlite::Result<Usd> {
    connection
        .prepare_cached(IN_LINE)?
        .query_row([backend.word()], row::total)
}

pub(super) const IN_LINE: &str =
    "SELECT coalesce(sum(coalesce(reserve, estimate) * (1 + repeats)), 0) AS total,
        min(coalesce(reserve, estimate)) AS least, max(coalesce(reserve, estimate)) AS most
     FROM takes WHERE state = 'waiting' AND backend = ?1";

//! What is spent or may yet be.

use jiff::Timestamp;
use rusqlite::Connection;

use crate::model::{Backend, TakeState, Usd};

use super::{Store, StoreError, damage, row};

/// The most that may be committed since a moment, e.g. since midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cap {
    pub limit: Usd,
    pub since: Timestamp,
}

impl Store {
    /// What takes last sent at or after `since` cost or may yet cost: the bill where it is known, else the
    /// estimate.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn committed_since(&self, backend: Backend, since: Timestamp) -> Result<Usd, StoreError> {
        self.read(|connection| Ok(committed(connection, backend, since)?))
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
        .query_row((backend.word(), since.as_millisecond()), |row| row.get(0))
        .map(Usd::from_micros)?;
    Ok(known + damage::lost_since(connection, backend, since)?)
}

pub(super) fn committed_sql() -> String {
    format!(
        "SELECT coalesce(sum(coalesce(cost, estimate)), 0) FROM takes
         WHERE id IN (SELECT take_id FROM events WHERE to_state = 'submitting' AND at >= ?2)
           AND +backend = ?1 AND +state IN ({})",
        row::states(TakeState::commits_money)
    )
}

/// What the takes in line would cost, with every repeat that they may still have.
pub(super) fn in_line(connection: &Connection, backend: Backend) -> rusqlite::Result<Usd> {
    connection
        .prepare_cached(IN_LINE)?
        .query_row([backend.word()], |row| row.get(0))
        .map(Usd::from_micros)
}

pub(super) const IN_LINE: &str =
    "SELECT coalesce(sum(estimate * (1 + repeats)), 0) FROM takes WHERE state = 'waiting' AND backend = ?1";

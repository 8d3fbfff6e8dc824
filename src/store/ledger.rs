//! The ledger: what is spent or may yet be spent, from the rows of the takes.

use jiff::Timestamp;
use rusqlite::Connection;

use crate::model::{Backend, TakeId, TakeState, Usd};

use super::takes::events::SENT_FROM_ANOTHER_HOME;
use super::{Queue, Store, StoreError, columns};

/// The beginning of the setting that remembers an account of this home.
const ACCOUNT: &str = "account ";

impl Store {
    /// Remembers that this home spends from `account` ([`crate::model::ApiKey::account`]), so that takes of it count
    /// wherever they were sent from. A claim does the same.
    pub fn use_account(&self, account: &str) -> Result<(), StoreError> {
        if self.setting(&format!("{ACCOUNT}{account}"))?.is_some() {
            return Ok(());
        }
        self.write(|transaction, _| Ok(use_account(transaction, account)?))
    }
}

/// [`Store::use_account`] within a transaction.
pub fn use_account(connection: &Connection, account: &str) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT OR IGNORE INTO settings (key, value) VALUES (?1, '')")?
        .execute([format!("{ACCOUNT}{account}")])
        .map(drop)
}

impl Queue<'_> {
    /// What takes last sent at or after `since` cost or may yet cost: the bill where it is known, else the reserve. A
    /// failure counts too when it was billed, and when its bill is not known.
    pub fn committed_since(&self, since: Timestamp) -> Result<Usd, StoreError> {
        self.store
            .read(|connection| Ok(committed(connection, self.backend, since)?))
    }

    /// What the waiting takes may cost, with every repeat that they may still have.
    pub fn waiting_money(&self) -> Result<Usd, StoreError> {
        self.store
            .read(|connection| Ok(waiting(connection, self.backend)?))
    }
}

/// [`Queue::committed_since`] within a transaction.
///
/// The cap is that of the home: what any of its keys has sent counts, because another key may be a new one of the same
/// account. Only takes that came in a bundle and were paid from an account that this home has never used do not count.
/// It has used an account that a setting remembers, and one that any take was sent with from here: a database of an
/// earlier release, or one that was rebuilt, has no such settings.
pub fn committed(connection: &Connection, backend: Backend, since: Timestamp) -> rusqlite::Result<Usd> {
    let params = (backend.word(), since.as_millisecond());
    let total = |sql: &str| connection.prepare_cached(sql)?.query_row(params, columns::total);
    Ok(total(&committed_sql())? + total(&lost_sql())?)
}

/// Which takes count, as a condition: of the backend `?1`, and last sent at `?2` or later.
fn counted() -> String {
    let from_elsewhere = |take: &str, comparison: &str| {
        format!(
            "EXISTS (SELECT 1 FROM events WHERE take_id = {take}.id AND to_state = 'submitting'
               AND detail {comparison} '{SENT_FROM_ANOTHER_HOME}')"
        )
    };
    format!(
        "takes.id IN (SELECT take_id FROM events WHERE to_state = 'submitting' AND at >= ?2)
           AND +takes.backend = ?1 AND (+state IN ({}) OR +cost > 0 OR +state = 'failed' AND cost IS NULL)
           AND NOT (account IS NOT NULL AND {}
             AND NOT EXISTS (SELECT 1 FROM settings WHERE key = '{ACCOUNT}' || takes.account)
             AND NOT EXISTS (SELECT 1 FROM takes own WHERE own.account = takes.account AND {}))",
        columns::states(TakeState::commits_money),
        from_elsewhere("takes", "="),
        from_elsewhere("own", "<>"),
    )
}

pub fn committed_sql() -> String {
    format!(
        "SELECT coalesce(sum(coalesce(cost, reserve, estimate)), 0) AS total,
            min(coalesce(cost, reserve, estimate)) AS least, max(coalesce(cost, reserve, estimate)) AS most
         FROM takes WHERE {}",
        counted()
    )
}

/// Whether [`committed`] counts the take.
pub fn is_counted(
    connection: &Connection,
    backend: Backend,
    id: TakeId,
    since: Timestamp,
) -> rusqlite::Result<bool> {
    connection
        .prepare_cached(&format!("SELECT 1 FROM takes WHERE id = ?3 AND {}", counted()))?
        .exists((backend.word(), since.as_millisecond(), id.0))
}

/// What lost takes may have cost. One whose backend cannot be read counts for every backend; one that came back and is
/// counted there does not count here.
pub fn lost_sql() -> String {
    format!(
        "SELECT coalesce(sum(amount), 0) AS total, min(amount) AS least, max(amount) AS most FROM damaged
         WHERE sent_at >= ?2 AND (backend IS NULL OR backend = ?1)
           AND NOT EXISTS (SELECT 1 FROM takes WHERE takes.id = damaged.take_id AND {})",
        counted()
    )
}

/// [`Queue::waiting_money`] within a transaction.
pub fn waiting(connection: &Connection, backend: Backend) -> rusqlite::Result<Usd> {
    connection
        .prepare_cached(WAITING)?
        .query_row([backend.word()], columns::total)
}

pub const WAITING: &str = "SELECT coalesce(sum(coalesce(reserve, estimate) * (1 + repeats)), 0) AS total,
        min(coalesce(reserve, estimate)) AS least, max(coalesce(reserve, estimate)) AS most
     FROM takes WHERE state = 'waiting' AND backend = ?1";

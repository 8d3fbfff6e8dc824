//! The sandbox's ledger: what was accepted, what it costs, what was handed out.
//!
//! One SQLite file, shared by any number of processes. Every decision is one `BEGIN IMMEDIATE` transaction. The state of
//! a job follows from the clock alone, so no process has to run for it.

mod accept;
mod account;
mod history;
mod job;
mod lookup;
mod schema;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use rusqlite::{Connection, Transaction, TransactionBehavior};

pub(super) use accept::{Accepted, NewJob};
pub(super) use account::Account;
pub(super) use history::{JobFilter, Page};
pub(super) use job::{Job, JobState};
pub(super) use lookup::Lookup;

use crate::model::Usd;

/// Why the ledger cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    #[error("cannot open the sandbox's ledger {}: {source}; move the file away to start a new one", path.display())]
    Open { path: PathBuf, source: rusqlite::Error },
    #[error("the sandbox's ledger {} has a newer version ({found}): update rushes, or use another folder", path.display())]
    Newer { path: PathBuf, found: i64 },
    #[error("the sandbox's ledger failed: {0}")]
    Sql(#[from] rusqlite::Error),
    #[error("the sandbox's ledger has an unreadable {0}: move the file away to start a new one")]
    Unreadable(String),
}

/// The open ledger; clones share one connection.
#[derive(Clone)]
pub(super) struct Ledger(Arc<Mutex<Connection>>);

impl Ledger {
    /// Opens the ledger, or starts a new one with `opening` in the account.
    pub fn open(path: &Path, opening: Usd) -> Result<Self, LedgerError> {
        let connection = schema::open(path, opening)?;
        Ok(Self(Arc::new(Mutex::new(connection))))
    }

    /// Runs `work` in one immediate transaction, after settling every job that is due at `now`.
    fn decide<T>(
        &self,
        now: Timestamp,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, LedgerError>,
    ) -> Result<T, LedgerError> {
        let mut connection = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        account::settle_due(&transaction, now)?;
        let outcome = work(&transaction)?;
        transaction.commit()?;
        Ok(outcome)
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;

//! Keeps takes, the queue, request forms and settings in one SQLite database.
//!
//! Several processes may have it open at once. Every write is one transaction that takes the write lock first and is on
//! the disk when it returns. Nothing outside this module knows SQL, and this module knows no network.
//!
//! - `takes/`: rows of takes, the transitions of their state, their events, exchanges and sidecars
//! - `queue/`: admit, claim, leases, order, takes on hold, repeats, rate limits
//! - `log/`: pages, filters, samples of how long takes took
//! - `forms.rs`, `ledger.rs`, `reels.rs`, `settings.rs`: request forms, money, projects, what is remembered
//! - `rules/`: the pure rules: cap, hold, repeat, rate limits, waits, leases
//! - `recovery/`: a missing, damaged or outdated database; a full disk
//! - `database/`: opening the file, its schema, its columns

mod database;
mod error;
mod forms;
mod ledger;
mod log;
mod queue;
pub mod recovery;
mod reels;
mod rules;
mod settings;
mod takes;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::model::Clock;

pub use database::open::StoreOptions;
pub use error::StoreError;
pub use forms::{Forms, Overwritten, Revision};
pub use log::filter::{Filter, FilterError};
pub use queue::Queue;
pub use queue::admit::Admission;
pub use queue::claim::{Claim, Claimed};
pub use queue::content::Unsettled;
pub use queue::leases::Leases;
pub use queue::stop::QueueState;
pub use recovery::{Damaged, Recovery};
pub use reels::Reel;
pub use rules::cap::Cap;
pub use rules::lease::MAX_LEASE;
pub use rules::rate_limit::{MAX_RATE_LIMITS_IN_A_ROW, MAX_SUBMITS_IN_WINDOW};
pub use rules::wait::MAX_WAIT;
pub use takes::events::TakeEvent;
pub use takes::exchanges::Exchange;
pub use takes::facts::Facts;
pub use takes::import::{Import, ImportState};
pub use takes::reserve::Reserve;
pub use takes::sidecar::{Dossier, Sidecar};
pub use takes::step::Revived;

use database::columns;
use error::{SqlOrRule, of_sql};
use recovery::{mender, read_only};

/// The open store. Clones share one connection. Calls block, on the disk and on other processes' writes. A write that
/// fails changes nothing.
#[derive(Clone)]
pub struct Store {
    connection: Arc<Mutex<Connection>>,
    path: Arc<Path>,
    clock: Arc<dyn Clock>,
    mender: Arc<mender::Mender>,
    /// It is a copy in memory of a database on a full disk.
    is_read_only: bool,
}

impl Store {
    /// Opens the database and brings its schema up to date. Creates it (mode 0600) and its folder (0700) if needed.
    pub fn open(path: &Path, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        Self::open_with(path, clock, StoreOptions::default())
    }

    /// [`Store::open`] with options.
    pub fn open_with(path: &Path, clock: Arc<dyn Clock>, options: StoreOptions) -> Result<Self, StoreError> {
        let connection = database::open::connect(path, options).map_err(read_only::if_full)?;
        Ok(Self::of(connection, path, clock, false))
    }

    fn of(connection: Connection, path: &Path, clock: Arc<dyn Clock>, is_read_only: bool) -> Self {
        Self {
            connection: Arc::new(Mutex::new(connection)),
            path: path.into(),
            clock,
            mender: Arc::default(),
            is_read_only,
        }
    }

    /// The path of the database.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The files, in one folder, of which every commit writes at least one.
    pub fn files(&self) -> [PathBuf; 2] {
        ["", "-wal"].map(|ending| beside(&self.path, ending))
    }

    /// A number that changes when another connection, of this process or another one, has written.
    pub fn data_version(&self) -> Result<i64, StoreError> {
        self.read(|connection| Ok(connection.pragma_query_value(None, "data_version", |row| row.get(0))?))
    }

    /// Reads without waiting for writers.
    fn read<T>(&self, work: impl Fn(&Connection) -> Result<T, SqlOrRule>) -> Result<T, StoreError> {
        self.mending(|| self.read_once(&work))
    }

    /// [`Store::read`] without mending anything.
    fn read_once<T>(&self, work: impl FnOnce(&Connection) -> Result<T, SqlOrRule>) -> Result<T, StoreError> {
        work(&self.lock()).map_err(|problem| problem.at(&self.path))
    }

    /// Writes in one transaction that has the write lock from its start. `work` is given the time, read once the store
    /// has the lock, so that events have the order in which they were committed. An error of `work` leaves the store as
    /// it was.
    fn write<T>(
        &self,
        work: impl Fn(&Transaction<'_>, Timestamp) -> Result<T, SqlOrRule>,
    ) -> Result<T, StoreError> {
        self.mending(|| self.write_once(&work))
    }

    /// [`Store::write`] without mending anything.
    fn write_once<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>, Timestamp) -> Result<T, SqlOrRule>,
    ) -> Result<T, StoreError> {
        let in_words = |error: rusqlite::Error| of_sql(&self.path, &error);
        let mut connection = self.lock();
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(in_words)?;
        let result = work(&transaction, self.clock.now()).map_err(|problem| problem.at(&self.path))?;
        transaction.commit().map_err(in_words)?;
        Ok(result)
    }

    /// Has the next start look for damage that was met.
    fn noted(&self, error: StoreError) -> StoreError {
        if self.is_read_only {
            return match error {
                StoreError::ReadOnly(path) => StoreError::DiskFull(path),
                other => other,
            };
        }
        if matches!(
            error,
            StoreError::Corrupt { .. } | StoreError::NotADatabase { .. }
        ) {
            recovery::suspect(&self.path);
        }
        error
    }

    /// Closes the store so that everything is in its one file. There may be no clones of it.
    fn into_one_file(self) -> Result<(), StoreError> {
        let in_words = |error: rusqlite::Error| of_sql(&self.path, &error);
        self.lock()
            .pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))
            .map_err(in_words)
    }

    /// A panic that poisoned the lock has rolled its transaction back, so the connection is in order.
    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Store").field(&self.path).finish()
    }
}

/// A path as the store keeps it.
fn text_of(path: &Path) -> Result<&str, StoreError> {
    path.to_str()
        .ok_or_else(|| StoreError::PathNotText(PathBuf::from(path)))
}

/// The file beside the store with its name and this ending.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

#[cfg(test)]
#[path = "store_tests.rs"]
mod tests;

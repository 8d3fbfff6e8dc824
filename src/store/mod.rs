//! What rushes keeps: takes, drafts, money, in one SQLite database.
//!
//! Several processes may have it open at once. Every write is one transaction that begins by taking the
//! write lock and is on the disk when it returns. SQL stays in here; no network, no files of takes.

mod admit;
mod aside;
mod cap;
mod claim;
mod damage;
mod error;
mod exchange;
mod filter;
mod foreign;
mod forms;
pub mod fresh;
mod frozen;
mod hold;
mod insert;
mod lease;
mod line;
mod log;
mod mark;
mod mender;
mod migrate;
mod money;
mod open;
mod rate;
mod reel;
mod repeat;
mod reserve;
mod restore;
mod row;
pub mod salvage;
mod setting;
mod sidecar;
mod step;
mod take;
mod taken_up;
mod work;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::model::Clock;

pub use admit::Admission;
pub use cap::Cap;
pub use claim::{Claim, Claimed};
pub use damage::Damaged;
pub use error::StoreError;
pub use exchange::Exchange;
pub use filter::{Filter, FilterError};
pub use foreign::{Foreign, ForeignState};
pub use forms::{Overwritten, Revision};
pub use lease::LONGEST_LEASE;
pub use line::{LONGEST_WAIT, Line};
pub use log::{Event, Unsettled};
pub use open::Options;
pub use rate::{MAX_RATE_LIMITS_IN_A_ROW, MAX_SUBMITS_IN_WINDOW};
pub use reel::Reel;
pub use reserve::Reserve;
pub use sidecar::{Dossier, Sidecar};
pub use step::Facts;
pub use taken_up::TakenUp;

use error::{Trouble, of_sql};

/// The open store. Clones share one connection. Calls block, on the disk and on other processes' writes:
/// call them where blocking is allowed.
#[derive(Clone)]
pub struct Store {
    connection: Arc<Mutex<Connection>>,
    path: Arc<Path>,
    clock: Arc<dyn Clock>,
    mender: Arc<mender::Mender>,
    /// It is a copy in memory, of a database on a full disk.
    is_frozen: bool,
}

impl Store {
    /// Opens the database, creating it (mode 0600) and its folder (0700) when they are not there, and brings
    /// its schema up to date.
    ///
    /// # Errors
    /// A file that is locked, damaged, not a database, another program's, newer than this program, or that
    /// cannot be written; a full disk.
    pub fn open(path: &Path, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        Self::open_with(path, clock, Options::default())
    }

    /// [`Store::open`] with other than the usual options.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_with(path: &Path, clock: Arc<dyn Clock>, options: Options) -> Result<Self, StoreError> {
        let connection = open::connect(path, options).map_err(frozen::if_full)?;
        Ok(Self::of(connection, path, clock, false))
    }

    fn of(connection: Connection, path: &Path, clock: Arc<dyn Clock>, is_frozen: bool) -> Self {
        Self {
            connection: Arc::new(Mutex::new(connection)),
            path: path.into(),
            clock,
            mender: Arc::default(),
            is_frozen,
        }
    }

    /// Where the database lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A number that changes when another connection, of this process or another, has written.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn data_version(&self) -> Result<i64, StoreError> {
        self.read(|connection| Ok(connection.pragma_query_value(None, "data_version", |row| row.get(0))?))
    }

    /// Reads, without waiting for writers.
    fn read<T>(&self, work: impl Fn(&Connection) -> Result<T, Trouble>) -> Result<T, StoreError> {
        self.mending(|| self.read_once(&work))
    }

    /// [`Store::read`] without mending anything.
    fn read_once<T>(&self, work: impl FnOnce(&Connection) -> Result<T, Trouble>) -> Result<T, StoreError> {
        work(&self.lock()).map_err(|trouble| trouble.at(&self.path))
    }

    /// Writes in one transaction that holds the write lock from its start; `work` is given the time, read
    /// once the lock is held so that events stand in the order in which they were committed. An error from
    /// `work` leaves the store as it was.
    fn write<T>(
        &self,
        work: impl Fn(&Transaction<'_>, Timestamp) -> Result<T, Trouble>,
    ) -> Result<T, StoreError> {
        self.mending(|| self.write_once(&work))
    }

    /// [`Store::write`] without mending anything.
    fn write_once<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>, Timestamp) -> Result<T, Trouble>,
    ) -> Result<T, StoreError> {
        let in_words = |error: rusqlite::Error| of_sql(&self.path, &error);
        let mut connection = self.lock();
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(in_words)?;
        let result = work(&transaction, self.clock.now()).map_err(|trouble| trouble.at(&self.path))?;
        transaction.commit().map_err(in_words)?;
        Ok(result)
    }

    /// Has the next start look for damage that was met.
    fn noted(&self, error: StoreError) -> StoreError {
        if self.is_frozen {
            return match error {
                StoreError::ReadOnly { path } => StoreError::DiskFull { path },
                other => other,
            };
        }
        if matches!(
            error,
            StoreError::Corrupt { .. } | StoreError::NotADatabase { .. }
        ) {
            salvage::suspect(&self.path);
        }
        error
    }

    /// Closes the store so that all of it is in its one file. There may be no clones of it.
    fn into_one_file(self) -> Result<(), StoreError> {
        let in_words = |error: rusqlite::Error| of_sql(&self.path, &error);
        self.lock()
            .pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))
            .map_err(in_words)
    }

    /// A panic while the lock was held has rolled its transaction back: the connection is in order.
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

/// The file that lies beside the store under its name and `ending`.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

#[cfg(test)]
#[path = "store_tests.rs"]
mod tests;

//! The open store: its connection, and how it is read and written.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use jiff::Timestamp;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::model::Clock;

use super::database::open::{connect, if_full};
use super::error::of_sql;
use super::recovery::mender::Mender;
use super::recovery::suspect;
use super::{SqlOrRule, StoreError, StoreOptions, beside};

/// Sets rows aside that cannot be read, and returns whether there were any.
type Mend = Box<dyn Fn(&Store) -> Result<bool, StoreError> + Send + Sync>;

/// The open store. Clones share one connection. Calls block, on the disk and on other processes' writes. A write that
/// fails changes nothing.
#[derive(Clone)]
pub struct Store {
    connection: Arc<Mutex<Connection>>,
    path: Arc<Path>,
    pub(super) clock: Arc<dyn Clock>,
    mend: Arc<OnceLock<Mend>>,
    mender: Arc<Mender>,
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
        let connection = connect(path, options).map_err(if_full)?;
        Ok(Self::of(connection, path, clock, false))
    }

    pub(super) fn of(connection: Connection, path: &Path, clock: Arc<dyn Clock>, is_read_only: bool) -> Self {
        Self {
            connection: Arc::new(Mutex::new(connection)),
            path: path.into(),
            clock,
            mend: Arc::default(),
            mender: Arc::default(),
            is_read_only,
        }
    }

    /// The same store over another connection, so that a long reading keeps nobody waiting. A copy in memory has no other.
    pub(super) fn another(&self) -> Result<Self, StoreError> {
        if self.is_read_only {
            return Ok(self.clone());
        }
        let connection = connect(&self.path, StoreOptions::default()).map_err(if_full)?;
        Ok(Self {
            connection: Arc::new(Mutex::new(connection)),
            ..self.clone()
        })
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
    pub(super) fn read<T>(
        &self,
        work: impl Fn(&Connection) -> Result<T, SqlOrRule>,
    ) -> Result<T, StoreError> {
        self.mending(|| self.read_once(&work))
    }

    /// [`Store::read`] without mending anything.
    pub(super) fn read_once<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, SqlOrRule>,
    ) -> Result<T, StoreError> {
        work(&self.lock()).map_err(|problem| problem.at(&self.path))
    }

    /// Writes in one transaction that has the write lock from its start. `work` is given the time, read once the store
    /// has the lock, so that events have the order in which they were committed. An error of `work` leaves the store as
    /// it was.
    pub(super) fn write<T>(
        &self,
        work: impl Fn(&Transaction<'_>, Timestamp) -> Result<T, SqlOrRule>,
    ) -> Result<T, StoreError> {
        self.mending(|| self.write_once(&work))
    }

    /// [`Store::write`] without mending anything.
    pub(super) fn write_once<T>(
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

    /// Registers `mend`, which is called when a row cannot be read and returns whether it set any row aside. It may only
    /// use [`mend_rows`](super::Recovery::mend_rows) of the store that it is given.
    pub fn mend_by(&self, mend: impl Fn(&Self) -> Result<bool, StoreError> + Send + Sync + 'static) {
        // Only the first one counts.
        let _ = self.mend.set(Box::new(mend));
    }

    /// Runs `attempt`, and once more if it failed on a row that was then mended.
    fn mending<T>(&self, attempt: impl Fn() -> Result<T, StoreError>) -> Result<T, StoreError> {
        let before = self.mender.times();
        let mend = || {
            self.mend
                .get()
                .map(|mend| self.mender.mend(before, || mend(self)))
        };
        match attempt() {
            Err(StoreError::Corrupt { .. }) if mend() == Some(true) => attempt(),
            outcome => outcome,
        }
        .map_err(|error| self.noted(error))
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
            suspect(&self.path);
        }
        error
    }

    /// Closes the store so that everything is in its one file. There may be no clones of it.
    pub(super) fn into_one_file(self) -> Result<(), StoreError> {
        let in_words = |error: rusqlite::Error| of_sql(&self.path, &error);
        self.lock()
            .pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))
            .map_err(in_words)
    }

    /// A panic that poisoned the lock has rolled its transaction back, so the connection is in order.
    pub(super) fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Store").field(&self.path).finish()
    }
}

//! Opens the database file: its mode, the write-ahead log, durability, the schema.

use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::store::beside;
use crate::store::error::{StoreError, of_sql};

use super::schema;

/// How the store is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoreOptions {
    /// How long to wait for another process's write before the file counts as locked.
    pub busy_timeout: Duration,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self {
            busy_timeout: Duration::from_secs(10),
        }
    }
}

/// What SQLite needs beside a database to open it.
const ROOM: usize = 64 * 1024;
/// Prepared statements that are kept; the store has about forty.
const STATEMENTS: usize = 64;

/// A connection that is ready for use, with the newest schema.
pub fn connect(path: &Path, options: StoreOptions) -> Result<Connection, StoreError> {
    make_folder(path)?;
    make_file(path)?;
    check_length(path)?;
    let in_words = |error: rusqlite::Error| of_sql(path, &error);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags).map_err(in_words)?;
    connection.busy_timeout(options.busy_timeout).map_err(in_words)?;
    if connection.is_readonly("main").map_err(in_words)? {
        return Err(StoreError::ReadOnly(path.to_owned()));
    }
    // Nothing is written to the file until it is known to be sound, not even the content of its log.
    let log_stays = |connection: &Connection, stays: bool| {
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, stays)
    };
    log_stays(&connection, true).map_err(in_words)?;
    schema::check(&mut connection, path)?;
    log_stays(&connection, false).map_err(in_words)?;
    write_ahead(&connection, options.busy_timeout).map_err(in_words)?;
    prepare(&connection).map_err(in_words)?;
    schema::run(&mut connection, path)?;
    schema::verify(&connection, path)?;
    Ok(connection)
}

fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    // FULL: a claim must be on the disk before the first byte of the request is sent.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(())
}

/// Switches the write-ahead log on. When two processes do so at once, SQLite reports a lock without waiting, so this
/// function waits.
#[expect(
    clippy::disallowed_methods,
    reason = "SQLite offers nothing to wait for, and the store is sync"
)]
fn write_ahead(connection: &Connection, patience: Duration) -> rusqlite::Result<()> {
    let deadline = Instant::now() + patience;
    loop {
        match connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(())) {
            Err(error) if is_busy(&error) && Instant::now() < deadline => {
                std::thread::sleep(Duration::from_millis(5));
            }
            outcome => return outcome,
        }
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked};
    matches!(error.sqlite_error_code(), Some(DatabaseBusy | DatabaseLocked))
}

/// The folder of the file.
pub fn folder_of(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

pub fn make_folder(path: &Path) -> Result<(), StoreError> {
    let mut builder = DirBuilder::new();
    let created = builder.recursive(true).mode(0o700).create(folder_of(path));
    created.map_err(|error| cannot_open(path, &error))
}

/// Creates the file for its owner alone, or removes everyone else's access to it. SQLite gives its side files the
/// same mode.
fn make_file(path: &Path) -> Result<(), StoreError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    match options.open(path) {
        Ok(_) => return Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(cannot_open(path, &error)),
    }
    let found = path.metadata().map_err(|error| cannot_open(path, &error))?;
    if !found.is_file() {
        return Err(StoreError::CannotOpen(
            path.to_owned(),
            "it is not a file".to_owned(),
        ));
    }
    let mode = found.permissions().mode();
    if mode & 0o077 != 0 {
        let ours = Permissions::from_mode(mode & !0o077);
        match std::fs::set_permissions(path, ours) {
            // Another user's file: SQLite finds out whether it may be written to.
            Err(error) if error.kind() == ErrorKind::PermissionDenied => {}
            outcome => outcome.map_err(|error| cannot_open(path, &error))?,
        }
    }
    Ok(())
}

/// Refuses a file that was cut off where SQLite would not notice: within its header or its last page. With a write-ahead
/// log it may end anywhere, because the log completes it.
pub fn check_length(path: &Path) -> Result<(), StoreError> {
    const HEADER: usize = 100;
    const PAGE_SIZE: usize = 16;
    let bytes = path.metadata().map_err(|error| cannot_open(path, &error))?.len();
    let log = beside(path, "-wal").metadata().map_or(0, |found| found.len());
    if bytes == 0 || log > 0 {
        return Ok(());
    }
    let mut header = [0; HEADER];
    let path = path.to_owned();
    match File::open(&path).and_then(|mut file| file.read_exact(&mut header)) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
            return Err(StoreError::NotADatabase(path));
        }
        Err(error) => return Err(cannot_open(&path, &error)),
    }
    // The largest size, 65,536, is written as 1 and is a multiple of 1.
    let page = u64::from(u16::from_be_bytes([header[PAGE_SIZE], header[PAGE_SIZE + 1]]));
    if header.starts_with(b"SQLite format 3\0") && page > 0 && bytes % page != 0 {
        let detail = "it ends in the middle of a page".to_owned();
        return Err(StoreError::Corrupt(path, detail));
    }
    Ok(())
}

pub fn cannot_open(path: &Path, error: &std::io::Error) -> StoreError {
    let path = path.to_owned();
    match error.kind() {
        ErrorKind::StorageFull => StoreError::DiskFull(path),
        ErrorKind::ReadOnlyFilesystem => StoreError::ReadOnly(path),
        _ => StoreError::CannotOpen(path, error.to_string()),
    }
}

/// Turns an error of opening into that of a full disk if that is the reason: SQLite reports an input or output error when
/// there is no room for its own files.
pub fn if_full(error: StoreError) -> StoreError {
    match error {
        StoreError::Disk(path, _) | StoreError::CannotOpen(path, _) if is_full(folder_of(&path)) => {
            StoreError::DiskFull(path)
        }
        other => other,
    }
}

fn is_full(folder: &Path) -> bool {
    let tried = tempfile::tempfile_in(folder).and_then(|mut file| {
        file.write_all(&vec![0; ROOM])?;
        file.sync_all()
    });
    tried.is_err_and(|error| matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded))
}

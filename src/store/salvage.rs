//! A damaged database is kept aside and another put in its place, unless somebody still has it open.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Seek};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use rustix::fs::{FlockOperation, fcntl_lock};
use rustix::io::Errno;

use crate::model::Clock;

use super::error::of_sql;
use super::{Options, Store, StoreError, beside, open};

/// The files that SQLite keeps beside the database.
const SIDE_FILES: [&str; 3] = ["-wal", "-shm", "-journal"];
/// Between the database's name and the number of the process that makes a new one.
const NEW: &str = ".new-";

/// What is wrong with a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    pub what: String,
    /// Rows hold what they may not, and the file is sound otherwise.
    pub is_in_rows: bool,
}

impl Damage {
    /// What SQLite says about a value in a row, and about nothing else.
    fn said(what: String) -> Self {
        let is_in_rows = what.contains(" value in ") || what.starts_with("CHECK constraint failed in ");
        Self { what, is_in_rows }
    }

    fn of_the_file(what: &str) -> Self {
        Self {
            what: what.to_owned(),
            is_in_rows: false,
        }
    }
}

/// Looks through the whole file, which takes time: 0.1 s for ten thousand takes. What is wrong with it, if
/// anything, which the next start then sees to. Changes nothing in it.
///
/// # Errors
/// When it cannot be read, which is no damage: locked, no room, another program's.
pub fn damage(path: &Path, options: Options) -> Result<Option<Damage>, StoreError> {
    let found = match look(path, options) {
        Ok(found) => found,
        Err(StoreError::Corrupt { detail, .. }) => Some(Damage::of_the_file(&detail)),
        Err(StoreError::NotADatabase { .. }) => Some(Damage::of_the_file("it is not a database")),
        Err(other) => return Err(other),
    };
    if found.is_some() {
        suspect(path);
    }
    Ok(found)
}

fn look(path: &Path, options: Options) -> Result<Option<Damage>, StoreError> {
    open::check_length(path)?;
    let in_words = |error: rusqlite::Error| of_sql(path, &error);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(in_words)?;
    // What is damaged stays as it is.
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)
        .map_err(in_words)?;
    connection.busy_timeout(options.busy_timeout).map_err(in_words)?;
    let all = || -> rusqlite::Result<Vec<String>> {
        connection
            .prepare("PRAGMA quick_check(1000)")?
            .query_map([], |row| row.get(0))?
            .collect()
    };
    let mut damages = all()
        .map_err(in_words)?
        .into_iter()
        .filter(|said| said != "ok")
        .map(Damage::said);
    // Of several the worst counts.
    Ok(damages
        .next()
        .map(|first| damages.find(|damage| !damage.is_in_rows).unwrap_or(first)))
}

/// Whether a running program met damage in the database, which its next start should look for.
pub fn is_suspect(path: &Path) -> bool {
    mark(path).exists()
}

/// The next start looks through the whole file.
pub fn suspect(path: &Path) {
    // Without the mark the next start finds the damage when it reads it.
    let _ = File::create(mark(path));
}

/// The file was looked through: the next start need not.
pub fn clear_suspicion(path: &Path) {
    let _ = std::fs::remove_file(mark(path));
}

fn mark(path: &Path) -> PathBuf {
    beside(path, ".suspect")
}

/// Puts a new store, filled by `fill`, in the place of a damaged one, which is kept beside it. `None` when it is
/// not damaged (any more), or in its rows alone, unless it `cannot_be_mended`. A crash on the way leaves the damaged one
/// in its place, to be found again.
///
/// No connection of this process may be open to the file: its locks would not be seen.
///
/// # Errors
/// [`StoreError::DamagedAndHeld`] when another process has it open: nothing was moved then. When the new one
/// cannot be written.
pub fn replace<T>(
    path: &Path,
    clock: &Arc<dyn Clock>,
    options: Options,
    cannot_be_mended: bool,
    fill: impl FnOnce(&Store) -> Result<T, StoreError>,
) -> Result<Option<(PathBuf, T)>, StoreError> {
    let disk = |error| disk(path, &error);
    let looked_at = path.metadata().map_err(disk)?;
    let is_broken = damage(path, options)?.is_some_and(|damage| !damage.is_in_rows);
    if !is_broken && !cannot_be_mended {
        return Ok(None);
    }
    // From here on no connection to it is opened in this process: closing one would drop the locks.
    let locks = lock(path)?;
    let now = path.metadata().map_err(disk)?;
    if (now.dev(), now.ino()) != (looked_at.dev(), looked_at.ino()) {
        // Another process was quicker.
        return Ok(None);
    }
    let new = new_name(path);
    let filled = build(&new, clock, options, fill)?;
    let aside = aside(path, clock);
    // A second name first, so that at no moment there is no database, which would be taken for a fresh start.
    if std::fs::hard_link(path, &aside).is_err() {
        copy(&locks[0], &aside).map_err(disk)?;
    }
    move_side_files(path, &aside)?;
    std::fs::rename(&new, path).map_err(disk)?;
    File::open(open::folder_of(path))
        .and_then(|folder| folder.sync_all())
        .map_err(disk)?;
    clear_suspicion(path);
    Ok(Some((aside, filled)))
}

/// A copy of an open file, on the disk. Opening it once more would drop its locks at the end.
fn copy(mut from: &File, to: &Path) -> std::io::Result<()> {
    let mut to = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(to)?;
    from.rewind()?;
    std::io::copy(&mut from, &mut to)?;
    to.sync_all()
}

/// Moves what SQLite keeps, or may have left, beside a database to beside another name of it: it would be taken for
/// that of the next one.
pub(super) fn move_side_files(from: &Path, to: &Path) -> Result<(), StoreError> {
    for ending in SIDE_FILES {
        match std::fs::rename(beside(from, ending), beside(to, ending)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(disk(from, &error)),
            _ => {}
        }
    }
    Ok(())
}

/// The name under which this process makes a new one.
pub(super) fn new_name(path: &Path) -> PathBuf {
    beside(path, &format!("{NEW}{}", std::process::id()))
}

/// How the names begin under which any process makes a new one.
pub(super) fn new_prefix(path: &Path) -> Option<String> {
    Some(format!("{}{NEW}", path.file_name()?.to_str()?))
}

/// Makes a store in one file, or leaves nothing.
pub(super) fn build<T>(
    new: &Path,
    clock: &Arc<dyn Clock>,
    options: Options,
    fill: impl FnOnce(&Store) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let remove = || {
        for ending in [""].into_iter().chain(SIDE_FILES) {
            let _ = std::fs::remove_file(beside(new, ending));
        }
    };
    // A process of the same number may have died over its own.
    remove();
    let built = Store::open_with(new, Arc::clone(clock), options).and_then(|store| {
        let filled = fill(&store)?;
        store.into_one_file()?;
        Ok(filled)
    });
    if built.is_err() {
        remove();
    }
    built
}

pub(super) fn disk(path: &Path, error: &std::io::Error) -> StoreError {
    StoreError::Disk {
        path: path.to_owned(),
        detail: error.to_string(),
    }
}

/// The name under which the damaged one is kept; never one that is taken.
pub(super) fn aside(path: &Path, clock: &Arc<dyn Clock>) -> PathBuf {
    let at = clock.now().strftime("%Y%m%dT%H%M%SZ").to_string();
    let plain = beside(path, &format!(".corrupt-{at}"));
    let others = (2..1000).map(|n| beside(path, &format!(".corrupt-{at}-{n}")));
    std::iter::once(plain.clone())
        .chain(others)
        .find(|name| !name.exists())
        .unwrap_or(plain)
}

/// Locks the file and its index against every other process; SQLite holds one of them as long as it is open.
pub(super) fn lock(path: &Path) -> Result<Vec<File>, StoreError> {
    let mut locks = Vec::new();
    for ending in ["", "-shm"] {
        let file = match OpenOptions::new()
            .read(true)
            .write(true)
            .open(beside(path, ending))
        {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound && !ending.is_empty() => continue,
            Err(error) => return Err(open::cannot_open(path, &error)),
        };
        match fcntl_lock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => locks.push(file),
            Err(Errno::AGAIN | Errno::ACCESS) => {
                return Err(StoreError::DamagedAndHeld {
                    path: path.to_owned(),
                });
            }
            Err(error) => return Err(open::cannot_open(path, &error.into())),
        }
    }
    Ok(locks)
}

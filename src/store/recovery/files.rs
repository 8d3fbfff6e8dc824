//! The files of a database that is built, replaced or kept: their names, their locks, moving them.

use std::fs::{File, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::fs::{FlockOperation, fcntl_lock};
use rustix::io::Errno;

use crate::model::Clock;
use crate::store::database::open;
use crate::store::error::on_disk;
use crate::store::{Store, StoreError, StoreOptions, beside};

/// The files that SQLite keeps beside the database.
const SIDE_FILES: [&str; 3] = ["-wal", "-shm", "-journal"];
/// Between the database's name and the number of the process that builds a new one.
const NEW: &str = ".new-";

/// The name under which this process builds a new database.
pub fn new_name(path: &Path) -> PathBuf {
    beside(path, &format!("{NEW}{}", std::process::id()))
}

/// The start of the names under which any process builds a new database.
pub fn new_prefix(path: &Path) -> Option<String> {
    Some(format!("{}{NEW}", path.file_name()?.to_str()?))
}

/// An unused name under which a damaged database is kept.
pub fn kept_name(path: &Path, clock: &Arc<dyn Clock>) -> PathBuf {
    let at = clock.now().strftime("%Y%m%dT%H%M%SZ").to_string();
    let plain = beside(path, &format!(".corrupt-{at}"));
    let others = (2..1000).map(|n| beside(path, &format!(".corrupt-{at}-{n}")));
    let mut names = std::iter::once(plain.clone()).chain(others);
    names.find(|name| !name.exists()).unwrap_or(plain)
}

/// Builds a store in one file; leaves nothing when it fails.
pub fn build<T>(
    new: &Path,
    clock: &Arc<dyn Clock>,
    options: StoreOptions,
    fill: impl FnOnce(&Store) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let remove = || {
        for ending in [""].into_iter().chain(SIDE_FILES) {
            let _ = std::fs::remove_file(beside(new, ending));
        }
    };
    // A process with the same number may have died while it built one.
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

/// Moves SQLite's side files of a database to another name, so that the next database does not use them.
pub fn move_side_files(from: &Path, to: &Path) -> Result<(), StoreError> {
    for ending in SIDE_FILES {
        match std::fs::rename(beside(from, ending), beside(to, ending)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(on_disk(from, &error)),
            _ => {}
        }
    }
    Ok(())
}

/// Locks the database and its index against every other process; SQLite has a lock on one of them while it is open.
pub fn lock(path: &Path) -> Result<Vec<File>, StoreError> {
    let mut locks = Vec::new();
    for ending in ["", "-shm"] {
        let mut options = OpenOptions::new();
        let file = match options.read(true).write(true).open(beside(path, ending)) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound && !ending.is_empty() => continue,
            Err(error) => return Err(open::cannot_open(path, &error)),
        };
        match fcntl_lock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => locks.push(file),
            Err(Errno::AGAIN | Errno::ACCESS) => {
                return Err(StoreError::DamagedAndOpen(path.to_owned()));
            }
            Err(error) => return Err(open::cannot_open(path, &error.into())),
        }
    }
    Ok(locks)
}

/// Makes the names in the database's folder durable.
pub fn sync_folder(path: &Path) -> Result<(), StoreError> {
    File::open(open::folder_of(path))
        .and_then(|folder| folder.sync_all())
        .map_err(|error| on_disk(path, &error))
}

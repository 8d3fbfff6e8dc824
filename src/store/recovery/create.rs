//! Creates a missing database atomically: it is built under another name and then renamed, so a crash leaves none.

use std::fs::{File, TryLockError};
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::model::Clock;
use crate::store::database::open;
use crate::store::error::on_disk;
use crate::store::{Store, StoreError, StoreOptions};

use super::files;

/// Whether there is no database, or only an empty file. A file that cannot be examined counts as one: opening it reports
/// why it cannot be read.
pub fn is_missing(path: &Path) -> bool {
    match path.metadata() {
        Ok(found) => found.is_file() && found.len() == 0,
        Err(error) => error.kind() == ErrorKind::NotFound,
    }
}

/// Creates the database and fills it by `fill`. `None` when there is one already: another process may have created it
/// meanwhile. After an error there still is none.
pub fn create<T>(
    path: &Path,
    clock: &Arc<dyn Clock>,
    options: StoreOptions,
    fill: impl FnOnce(&Store) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    open::make_folder(path)?;
    let folder = open::folder_of(path);
    let _alone = lock(path, folder, options.busy_timeout)?;
    if !is_missing(path) {
        return Ok(None);
    }
    remove_leftovers(path, folder);
    let new = files::new_name(path);
    let filled = files::build(&new, clock, options, fill)?;
    let named = give_name(&new, path, clock);
    // After a rename there is nothing to remove.
    let _ = std::fs::remove_file(&new);
    Ok(named?.then_some(filled))
}

/// False when there is a database by now.
fn give_name(new: &Path, path: &Path, clock: &Arc<dyn Clock>) -> Result<bool, StoreError> {
    let disk = |error| on_disk(path, &error);
    File::open(new).and_then(|file| file.sync_all()).map_err(disk)?;
    // No other process may be about to fill an empty file.
    let _held = match files::lock(path) {
        Err(StoreError::DamagedAndOpen(path)) => return Err(StoreError::Locked(path)),
        Err(_) if !path.exists() => Vec::new(),
        locks => locks?,
    };
    if !is_missing(path) {
        return Ok(false);
    }
    let kept = files::kept_name(path, clock);
    files::move_side_files(path, &kept)?;
    if path.exists() {
        std::fs::rename(new, path).map_err(disk)?;
    } else {
        match std::fs::hard_link(new, path) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(false),
            // A file system without links: the lock keeps the other processes away.
            Err(_) => std::fs::rename(new, path).map_err(disk)?,
        }
    }
    files::sync_folder(path)?;
    Ok(true)
}

/// Locks the folder while the database is created. On a file system without locks the first process to rename its
/// database wins.
#[expect(
    clippy::disallowed_methods,
    reason = "the system offers no lock with a deadline, and the store is sync"
)]
fn lock(path: &Path, folder: &Path, patience: Duration) -> Result<File, StoreError> {
    let deadline = Instant::now() + patience;
    let file = File::open(folder).map_err(|error| open::cannot_open(path, &error))?;
    loop {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) if Instant::now() < deadline => {
                std::thread::sleep(Duration::from_millis(5));
            }
            Err(TryLockError::WouldBlock) => {
                return Err(StoreError::Locked(path.to_owned()));
            }
            Ok(()) | Err(TryLockError::Error(_)) => return Ok(file),
        }
    }
}

/// Removes what crashed processes left unfinished.
fn remove_leftovers(path: &Path, folder: &Path) {
    let Some(prefix) = files::new_prefix(path) else {
        return;
    };
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        if name.to_str().is_some_and(|name| name.starts_with(&prefix)) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

//! A database where there is none. It bears its name only once it is complete: a crash on the way leaves none, and
//! the next start makes it.

use std::fs::{File, TryLockError};
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::model::Clock;

use super::{Options, Store, StoreError, open, salvage};

/// Whether there is no database, or an empty file for one. What cannot be looked at is there: opening it says why.
pub fn is_missing(path: &Path) -> bool {
    match path.metadata() {
        Ok(found) => found.is_file() && found.len() == 0,
        Err(error) => error.kind() == ErrorKind::NotFound,
    }
}

/// Makes the database and fills it by `fill`. `None` when there is one: another process may have been quicker.
///
/// # Errors
/// [`StoreError::Locked`] when another process takes too long over the same; when it cannot be written or filled.
/// Then there still is none.
pub fn make<T>(
    path: &Path,
    clock: &Arc<dyn Clock>,
    options: Options,
    fill: impl FnOnce(&Store) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    open::make_folder(path)?;
    let folder = open::folder_of(path);
    let _alone = lock(path, folder, options.busy_timeout)?;
    if !is_missing(path) {
        return Ok(None);
    }
    sweep(path, folder);
    let new = salvage::new_name(path);
    let filled = salvage::build(&new, clock, options, fill)?;
    let named = give_name(&new, path, clock);
    // Gone already if it was renamed.
    let _ = std::fs::remove_file(&new);
    Ok(named?.then_some(filled))
}

/// False when there is a database by now.
fn give_name(new: &Path, path: &Path, clock: &Arc<dyn Clock>) -> Result<bool, StoreError> {
    let disk = |error| salvage::disk(path, &error);
    File::open(new).and_then(|file| file.sync_all()).map_err(disk)?;
    // Nobody may be about to fill an empty file.
    let _held = match salvage::lock(path) {
        Err(StoreError::DamagedAndHeld { path }) => return Err(StoreError::Locked { path }),
        Err(_) if !path.exists() => Vec::new(),
        locks => locks?,
    };
    if !is_missing(path) {
        return Ok(false);
    }
    let aside = salvage::aside(path, clock);
    salvage::move_side_files(path, &aside)?;
    if path.exists() {
        std::fs::rename(new, path).map_err(disk)?;
    } else {
        match std::fs::hard_link(new, path) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(false),
            // A file system without links: the lock keeps the others away.
            Err(_) => std::fs::rename(new, path).map_err(disk)?,
        }
    }
    File::open(open::folder_of(path))
        .and_then(|folder| folder.sync_all())
        .map_err(disk)?;
    Ok(true)
}

/// Locks the folder: whoever makes the database holds it. A file system without locks is no reason to do without
/// a database; there the name goes to whoever is first.
#[expect(
    clippy::disallowed_methods,
    reason = "the system offers no lock that ends its waiting, and the store is sync"
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
                return Err(StoreError::Locked {
                    path: path.to_owned(),
                });
            }
            Ok(()) | Err(TryLockError::Error(_)) => return Ok(file),
        }
    }
}

/// Removes what processes that died left half made. Nothing of it is known to anyone.
fn sweep(path: &Path, folder: &Path) {
    let Some(prefix) = salvage::new_prefix(path) else {
        return;
    };
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry
            .file_name()
            .to_str()
            .is_some_and(|name| name.starts_with(&prefix))
        {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

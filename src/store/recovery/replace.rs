//! Replaces a damaged database, which is kept beside the new one, unless another process still has it open.

use std::fs::{File, OpenOptions};
use std::io::Seek;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::model::Clock;
use crate::store::error::on_disk;
use crate::store::{Store, StoreError, StoreOptions};

use super::files;
use super::inspect::{clear_suspicion, damage};

/// Replaces a damaged store by a new one, filled by `fill`, and returns where the damaged one is kept. `None` when the
/// present one is not damaged (any more), or only in its rows, unless it `cannot_be_mended`. A crash before the end
/// leaves the damaged one in its place.
///
/// No connection of this process may be open to the file, because its locks would not be seen. If another process has
/// it open, nothing is moved ([`StoreError::DamagedAndOpen`]).
pub fn replace<T>(
    path: &Path,
    clock: &Arc<dyn Clock>,
    options: StoreOptions,
    cannot_be_mended: bool,
    fill: impl FnOnce(&Store) -> Result<T, StoreError>,
) -> Result<Option<(PathBuf, T)>, StoreError> {
    let disk = |error| on_disk(path, &error);
    let inspected = path.metadata().map_err(disk)?;
    let is_broken = damage(path, options)?.is_some_and(|damage| !damage.is_in_rows);
    if !is_broken && !cannot_be_mended {
        return Ok(None);
    }
    // From here on this process opens no connection to it: closing one would drop the locks.
    let locks = files::lock(path)?;
    let now = path.metadata().map_err(disk)?;
    if (now.dev(), now.ino()) != (inspected.dev(), inspected.ino()) {
        // Another process replaced it meanwhile.
        return Ok(None);
    }
    let new = files::new_name(path);
    let filled = files::build(&new, clock, options, fill)?;
    let kept = files::kept_name(path, clock);
    // It gets a second name first: if there were no database for a moment, another process would create an empty one.
    if std::fs::hard_link(path, &kept).is_err() {
        copy(&locks[0], &kept).map_err(disk)?;
    }
    files::move_side_files(path, &kept)?;
    std::fs::rename(&new, path).map_err(disk)?;
    files::sync_folder(path)?;
    clear_suspicion(path);
    Ok(Some((kept, filled)))
}

/// Copies an open file. Opening it once more would drop its locks at the end.
fn copy(mut from: &File, to: &Path) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    let mut to = options.write(true).create_new(true).mode(0o600).open(to)?;
    from.rewind()?;
    std::io::copy(&mut from, &mut to)?;
    to.sync_all()
}

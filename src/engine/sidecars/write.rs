//! Writes a take's sidecar, whole or not at all.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::engine::file_names;
use crate::model::text::tame_json;
use crate::model::{Take, TakeId, TakeState};
use crate::store::{Store, StoreError};

/// Why a sidecar was not written. The store still has the take.
#[derive(Debug, thiserror::Error)]
pub enum Unwritten {
    #[error("{} cannot be written: {error}", path.display())]
    Io { path: PathBuf, error: io::Error },
    #[error("it cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Most rewrites in one call, for a take that keeps changing.
const MAX_TIMES: usize = 4;

/// Two writers of one process must not put an older state over a newer one.
static WRITING: Mutex<()> = Mutex::new(());

/// Whether the take has a sidecar, from when it is sent. A take that waits again keeps its old one.
fn belongs_to(take: &Take) -> bool {
    take.times.submitted.is_some() && take.state != TakeState::Waiting
}

/// The path of a take's sidecar.
pub fn path(store: &Store, reels: &Path, take: &Take) -> Result<PathBuf, StoreError> {
    let video = match &take.file {
        Some(file) => file.clone(),
        None => file_names::working(reels, &store.reel_of(take.id)?.folder, take),
    };
    Ok(video.with_extension("json"))
}

/// Removes the sidecar that the take had before its video got its name. It stays when it cannot be removed; the other
/// one counts more.
fn remove_working(store: &Store, reels: &Path, take: &Take, path: &Path) -> Result<(), StoreError> {
    let working = file_names::working(reels, &store.reel_of(take.id)?.folder, take).with_extension("json");
    if working != path
        && let Err(error) = std::fs::remove_file(&working)
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::info!("{} stays: {error}", working.display());
    }
    Ok(())
}

/// Rewrites the take's sidecar, or leaves the previous one; a take that waits or was never sent has none. Blocks.
pub fn write(store: &Store, reels: &Path, id: TakeId) -> Result<(), Unwritten> {
    let _one_at_a_time = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let take = store.take(id)?;
    if !belongs_to(&take) {
        return Ok(());
    }
    let path = path(store, reels, &take)?;
    // Another process may put an older state over a newer one: the last writer sees it and writes once more.
    let mut written = String::new();
    for _ in 0..MAX_TIMES {
        let json = text(store, id)?;
        if json == written {
            break;
        }
        put(&path, json.as_bytes()).map_err(|error| Unwritten::Io {
            path: path.clone(),
            error,
        })?;
        written = json;
    }
    Ok(remove_working(store, reels, &take, &path)?)
}

/// Rewrites the sidecars of takes that the store has changed. A folder that cannot be written is reported when a video is
/// saved. Blocks.
pub fn renew(store: &Store, reels: &Path, ids: &[TakeId]) {
    for id in ids {
        if let Err(error) = write(store, reels, *id) {
            tracing::warn!("the sidecar of take {id} is not up to date: {error}");
        }
    }
}

/// The content, safe to show in a terminal.
fn text(store: &Store, id: TakeId) -> Result<String, Unwritten> {
    Ok(tame_json(serde_json::to_string_pretty(&store.sidecar(id)?)?) + "\n")
}

/// Replaces the file, durably, readable by its owner alone (as `tempfile` makes them).
fn put(path: &Path, content: &[u8]) -> io::Result<()> {
    let folder = path.parent().ok_or(io::ErrorKind::InvalidFilename)?;
    file_names::make_folder(folder)?;
    let mut file = tempfile::Builder::new().prefix(".sidecar-").tempfile_in(folder)?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    std::fs::File::open(folder)?.sync_all()
}

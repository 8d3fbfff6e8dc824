//! The bin: the folder in a reel's folder that the files of rejected takes are moved to, until the user empties it.
//!
//! The verdict is committed first, then the files are moved, then their new place is committed. A process that ends in
//! between leaves a take whose files are not where its verdict says, or not where its row says: [`settle`] finds the
//! files, moves them, and notes where they are.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::model::text::sentences;
use crate::model::{Take, TakeId, Verdict};
use crate::store::{Store, StoreError};

use super::file_names::{self, BIN, counterpart, rename_anew};
pub use super::file_names::{folder_of, is_binned};
use super::sidecars::bundled::hash;
use super::sidecars::{read_file, renew};

/// Names that are tried when others are taken.
const MAX_NAMES: u32 = 1000;
/// Most moves in one call, for a take whose verdict keeps changing.
const MAX_TIMES: usize = 4;

/// Two threads of one process must not move the same files.
static MOVING: Mutex<()> = Mutex::new(());

/// Why the files of a take are not where its verdict says. The verdict stays.
#[derive(Debug, thiserror::Error)]
pub enum NotMoved {
    #[error("its video is not at {}, so no file was moved", .0.display())]
    Missing(PathBuf),
    #[error("its video stays at {}: {error}", file.display())]
    Io { file: PathBuf, error: io::Error },
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl NotMoved {
    /// What the user is told about a take that got `verdict` all the same.
    pub fn in_words(&self, take: TakeId, verdict: Verdict) -> String {
        let kept = match verdict {
            Verdict::Rejected => format!("Take {take} is rejected"),
            Verdict::Circled => format!("Take {take} is circled"),
            Verdict::None => format!("Take {take} has no verdict now"),
        };
        sentences(&[&format!("{kept}, but {self}"), self.next()])
    }

    fn next(&self) -> &'static str {
        match self {
            Self::Missing(_) => "Put it back there, or run the take again",
            Self::Io { error, .. } => match error.kind() {
                io::ErrorKind::CrossesDevices => {
                    "Its reel's folder and the folder `bin` in it must be on one disk. The next start of rushes moves it"
                }
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                    "Make room on the disk. The next start of rushes moves it"
                }
                _ => "Allow writing in that folder. The next start of rushes moves it",
            },
            Self::Store(_) => "",
        }
    }
}

/// Moves the files of a take into the bin if it is rejected, and out of it otherwise; its row and its sidecar follow.
/// No file is overwritten. Whether anything was moved. Blocks.
pub fn settle(store: &Store, reels: &Path, id: TakeId) -> Result<bool, NotMoved> {
    let _one_at_a_time = MOVING.lock().unwrap_or_else(PoisonError::into_inner);
    let mut has_moved = false;
    for _ in 0..MAX_TIMES {
        let take = store.take(id)?;
        let Some(noted) = take.file.clone().filter(|file| is_misplaced(file, take.verdict)) else {
            break;
        };
        let moved = move_files(&take, &noted)?;
        if let Err(error) = store.files_moved(id, &moved.video, moved.picture.as_deref()) {
            moved.undo();
            return Err(error.into());
        }
        renew(store, reels, &[id]);
        remove_sidecar(&noted.with_extension("json"), id, &moved.video);
        has_moved = true;
    }
    Ok(has_moved)
}

/// Settles every take whose row says that its files are not where its verdict says; which were moved. What cannot be
/// moved is only logged: the user was told when it first happened. Blocks.
pub fn settle_all(store: &Store, reels: &Path) -> Result<Vec<TakeId>, StoreError> {
    let mut moved = Vec::new();
    for (id, file, verdict) in store.bin_candidates()? {
        if !is_misplaced(&file, verdict) {
            continue;
        }
        match settle(store, reels, id) {
            Ok(has_moved) => moved.extend(has_moved.then_some(id)),
            Err(NotMoved::Store(error)) if !error.is_about_the_take() => return Err(error),
            Err(error) => tracing::info!("the files of take {id} are not where its verdict says: {error}"),
        }
    }
    Ok(moved)
}

fn is_misplaced(file: &Path, verdict: Verdict) -> bool {
    is_binned(file) != (verdict == Verdict::Rejected)
}

/// Files that were moved.
struct Moved {
    was: PathBuf,
    video: PathBuf,
    /// Where the picture was and is, if it was moved.
    picture_was: Option<PathBuf>,
    picture: Option<PathBuf>,
}

impl Moved {
    /// Moves the files back. What cannot be moved back is found by the next look.
    fn undo(&self) {
        let pictures = self.picture_was.as_deref().zip(self.picture.as_deref());
        for (was, is) in pictures.into_iter().chain([(&*self.was, &*self.video)]) {
            if let Err(error) = rename_anew(is, was) {
                tracing::info!("{} was not moved back: {error}", is.display());
            }
        }
    }
}

/// Moves video and picture of a take to the other side of the bin.
fn move_files(take: &Take, noted: &Path) -> Result<Moved, NotMoved> {
    let missing = || NotMoved::Missing(noted.to_owned());
    let folder = match counterpart(noted).as_deref().and_then(Path::parent) {
        Some(folder) => folder.to_owned(),
        None => return Err(missing()),
    };
    let is_there = noted.symlink_metadata().is_ok();
    let video = if is_there {
        let failed = |error| NotMoved::Io {
            file: noted.to_owned(),
            error,
        };
        file_names::make_folder(&folder).map_err(failed)?;
        let is_free = |video: &Path| sidecar_is_free(video, take.id);
        move_anew(noted, &folder, is_free).map_err(failed)?
    } else {
        moved_before(take, &folder, noted).ok_or_else(missing)?
    };
    let picture_was = take.last_frame_file.clone();
    let picture = picture_was.as_deref().and_then(|was| {
        // A picture elsewhere is not the bin's.
        if was.parent() != noted.parent() {
            return None;
        }
        if was.symlink_metadata().is_err() {
            return Some(folder.join(was.file_name()?)).filter(|there| there.is_file());
        }
        let moved = move_anew(was, &folder, |_| true);
        moved
            .inspect_err(|error| tracing::warn!("the picture {} stays: {error}", was.display()))
            .ok()
    });
    Ok(Moved {
        was: noted.to_owned(),
        video,
        picture_was: picture_was.filter(|_| picture.is_some()),
        picture,
    })
}

/// The video in `folder`, if an earlier process moved it there and ended before that was noted.
fn moved_before(take: &Take, folder: &Path, noted: &Path) -> Option<PathBuf> {
    let is_it = |path: &PathBuf| {
        let bytes = path.metadata().ok().filter(fs::Metadata::is_file)?.len();
        let is_same = match &take.sha256 {
            Some(sha256) => hash(path).is_ok_and(|there| there == *sha256),
            None => take.bytes == Some(bytes),
        };
        is_same.then_some(())
    };
    names(noted, folder).find(|path| is_it(path).is_some())
}

/// `main-5.mp4`, then `main-5-2.mp4`, in `folder`.
fn names(file: &Path, folder: &Path) -> impl Iterator<Item = PathBuf> {
    let stem = file
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let ending = file
        .extension()
        .map(|ending| ending.to_string_lossy().into_owned());
    let plain = folder.join(file.file_name().unwrap_or_default());
    let others = (2..MAX_NAMES).map({
        let folder = folder.to_owned();
        move |n| match &ending {
            Some(ending) => folder.join(format!("{stem}-{n}.{ending}")),
            None => folder.join(format!("{stem}-{n}")),
        }
    });
    std::iter::once(plain).chain(others)
}

/// Moves a file into `folder` under a name that no other file has; returns when the name is on the disk.
fn move_anew(file: &Path, folder: &Path, is_free: impl Fn(&Path) -> bool) -> io::Result<PathBuf> {
    for to in names(file, folder) {
        if !is_free(&to) {
            continue;
        }
        match rename_anew(file, &to) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
            Ok(()) => {
                for folder in [Some(folder), file.parent()].into_iter().flatten() {
                    // The file has its name; a power failure may only undo the move.
                    let _ = fs::File::open(folder).and_then(|folder| folder.sync_all());
                }
                return Ok(to);
            }
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Whether no other take's sidecar would be beside the video.
fn sidecar_is_free(video: &Path, id: TakeId) -> bool {
    let sidecar = video.with_extension("json");
    sidecar.symlink_metadata().is_err() || is_sidecar_of(&sidecar, id)
}

fn is_sidecar_of(path: &Path, id: TakeId) -> bool {
    read_file(path).is_some_and(|sidecar| sidecar.dossier.take.id == id)
}

/// Removes a sidecar of the take that is no longer beside its video.
fn remove_sidecar(path: &Path, id: TakeId, video: &Path) {
    let newer = video.with_extension("json");
    if path != newer
        && newer.is_file()
        && is_sidecar_of(path, id)
        && let Err(error) = fs::remove_file(path)
    {
        tracing::info!("{} stays: {error}", path.display());
    }
}

/// A rejected take with its files in the bin.
#[derive(Debug, Clone, PartialEq)]
pub struct Binned {
    pub take: Take,
    pub video: PathBuf,
    /// Of video and picture together; 0 when the video is not there.
    pub bytes: u64,
    pub is_missing: bool,
}

/// What the bins hold: the files of rejected takes that the store knows, oldest first. Blocks.
pub fn contents(store: &Store) -> Result<Vec<Binned>, StoreError> {
    let rejected = store.rejected_with_files()?;
    let binned = rejected.into_iter().filter_map(|take| {
        let video = take.file.clone().filter(|file| is_binned(file))?;
        let files = [Some(video.clone()), picture_in_bin(&take)];
        let sizes: Vec<u64> = files
            .into_iter()
            .flatten()
            .filter_map(|file| size(&file))
            .collect();
        Some(Binned {
            is_missing: size(&video).is_none(),
            bytes: sizes.iter().sum(),
            take,
            video,
        })
    });
    Ok(binned.collect())
}

fn size(file: &Path) -> Option<u64> {
    let about = file.symlink_metadata().ok()?;
    about.is_file().then_some(about.len())
}

fn picture_in_bin(take: &Take) -> Option<PathBuf> {
    let picture = take.last_frame_file.clone()?;
    let is_beside = take.file.as_deref().and_then(Path::parent) == picture.parent();
    is_beside.then_some(picture)
}

/// What was deleted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Emptied {
    pub takes: usize,
    pub bytes: u64,
    /// Takes whose files were left, each with why.
    pub left: Vec<(TakeId, String)>,
}

/// Deletes the files of these takes, as far as they are still rejected and in a bin, and no other file. The takes and
/// their sidecars stay. Blocks.
pub fn empty(store: &Store, reels: &Path, takes: &[TakeId]) -> Result<Emptied, StoreError> {
    let _one_at_a_time = MOVING.lock().unwrap_or_else(PoisonError::into_inner);
    let mut emptied = Emptied::default();
    for id in takes {
        let take = store.take(*id)?;
        match delete(store, &take)? {
            Ok(bytes) => {
                renew(store, reels, &[*id]);
                if let (Some(video), Ok(now)) = (&take.file, store.take(*id))
                    && let Ok(newer) = super::sidecars::path(store, reels, &now)
                {
                    remove_sidecar(&video.with_extension("json"), *id, &newer);
                }
                emptied.takes += 1;
                emptied.bytes += bytes;
            }
            Err(why) => emptied.left.push((*id, why)),
        }
    }
    Ok(emptied)
}

const OUTSIDE: &str = "it is no longer in the bin";

/// Deletes video and picture of a take that is still rejected; how many bytes, or why they stay. The row still names a
/// video that is gone if the process ends then, and the next emptying notes that it is gone.
fn delete(store: &Store, take: &Take) -> Result<Result<u64, String>, StoreError> {
    let Some(video) = take.file.as_deref() else {
        return Ok(Err("its video was deleted meanwhile".to_owned()));
    };
    if take.verdict != Verdict::Rejected || !is_binned(video) {
        return Ok(Err(OUTSIDE.to_owned()));
    }
    if let Err(why) = must_be_ours(take, video) {
        return Ok(Err(why));
    }
    let deleted = store.delete_files(take.id, video, || remove(take, video))?;
    Ok(deleted.unwrap_or_else(|| Err(OUTSIDE.to_owned())))
}

fn stays(file: &Path, error: &io::Error) -> String {
    format!("{} stays: {error}", file.display())
}

/// The video is the one that was saved, or it is gone.
fn must_be_ours(take: &Take, video: &Path) -> Result<(), String> {
    if size(video).is_some() {
        let is_it = match &take.sha256 {
            Some(sha256) => hash(video).map_err(|error| stays(video, &error))? == *sha256,
            None => true,
        };
        if is_it {
            return Ok(());
        }
        return Err(format!(
            "{} is not the video that was saved, and stays: look at it, and move or delete it yourself",
            video.display()
        ));
    }
    if video.symlink_metadata().is_ok() {
        return Err(format!("{} is not a file, and stays", video.display()));
    }
    if video.parent().is_some_and(Path::is_dir) {
        return Ok(());
    }
    Err(format!(
        "its folder {} is not there: connect its disk, then empty the bin again",
        video.parent().unwrap_or(Path::new(BIN)).display()
    ))
}

/// Removes video and picture; how many bytes.
fn remove(take: &Take, video: &Path) -> Result<u64, String> {
    let mut bytes = 0;
    if let Some(size) = size(video) {
        fs::remove_file(video).map_err(|error| stays(video, &error))?;
        bytes += size;
    }
    if let Some(picture) = picture_in_bin(take)
        && let Some(size) = size(&picture)
    {
        match fs::remove_file(&picture) {
            Ok(()) => bytes += size,
            Err(error) => tracing::warn!("the picture {} stays: {error}", picture.display()),
        }
    }
    Ok(bytes)
}

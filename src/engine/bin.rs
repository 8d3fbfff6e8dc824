//! The bin: the folder in a reel's folder that the files of rejected takes are moved to, until the user empties it.
//!
//! The verdict is committed first, then all files are moved, then their new place is committed. A process that ends in
//! between leaves a take whose files are not where its verdict says, or not where its row says: [`settle`] finds the
//! files, moves them, and notes where they are. No row names the pictures of the first frame: they follow the video by
//! their names.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::media;
use crate::model::form::is_local;
use crate::model::text::sentences;
use crate::model::{Form, Take, TakeId, Verdict};
use crate::store::{Store, StoreError};

use super::file_names::{self, BIN, counterpart, rename_anew, stem_of_picture};
pub use super::file_names::{folder_of, is_binned, picture as picture_beside};
use super::references::found;
use super::sidecars::bundled::hash;
use super::sidecars::{read_file, renew};

/// Names that are tried when others are taken.
const MAX_NAMES: u32 = 1000;
/// The word in the names of pictures of the first frame.
const FIRST: &str = "first";
/// Most moves in one call, for a take whose verdict keeps changing.
const MAX_TIMES: usize = 4;

/// Two threads of one process must not move the same files.
static MOVING: Mutex<()> = Mutex::new(());

/// Why the files of a take are not where its verdict says. The verdict stays.
#[derive(Debug, thiserror::Error)]
pub enum NotMoved {
    #[error("its video {} is not there, so no file was moved", .0.display())]
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
        // The row comes last: as long as it names the old place, the next start finishes what is left to do.
        if let Err(error) = store.files_moved(id, &moved.video, moved.picture.as_deref()) {
            // Another process may have found the files and noted where they are.
            let noted = store.take(id).ok().and_then(|take| take.file);
            if noted.as_ref() != Some(&moved.video) {
                moved.undo();
                return Err(error.into());
            }
        }
        renew(store, reels, &[id]);
        remove_sidecar(&noted.with_extension("json"), id, &moved.video);
        has_moved = true;
    }
    Ok(has_moved)
}

/// Settles every take whose row says that its files are not where its verdict says; which were moved. Pictures that were
/// left behind follow their videos. What cannot be moved is only logged: the user was told when it first happened. Blocks.
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
    bring_pictures(reels);
    Ok(moved)
}

/// Moves the pictures of the first frame that are on the other side of the bin than their video: one that could not be
/// moved, or was saved while the video moved.
fn bring_pictures(reels: &Path) {
    let _one_at_a_time = MOVING.lock().unwrap_or_else(PoisonError::into_inner);
    for entry in file_names::all(reels) {
        let picture = entry.path();
        let Some(was) = video_of(&picture) else { continue };
        // With a video of that name beside it, or without a take, it is not ours to move.
        let is_of_take = |video: &Path| video.is_file() && read_file(&video.with_extension("json")).is_some();
        let video = counterpart(&was).filter(|video| was.symlink_metadata().is_err() && is_of_take(video));
        if let Some(video) = video {
            move_or_leave(&picture, picture_names(&picture, &video));
        }
    }
}

/// The video that a picture of the first frame is beside, by its name.
fn video_of(picture: &Path) -> Option<PathBuf> {
    let name = picture.file_name()?.to_str()?;
    let stem = stem_of_picture(name)?;
    let rest = name.strip_prefix(stem)?.strip_prefix('-')?;
    let is_first = rest.starts_with(FIRST) && picture.extension()? == "png";
    is_first.then(|| picture.with_file_name(format!("{stem}.mp4")))
}

/// The pictures of first frames in a folder, by their videos.
fn first_frames_in(folder: &Path) -> HashMap<PathBuf, Vec<PathBuf>> {
    let mut pictures: HashMap<PathBuf, Vec<PathBuf>> = HashMap::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let picture = entry.path();
        if let Some(video) = video_of(&picture).filter(|_| picture.is_file()) {
            pictures.entry(video).or_default().push(picture);
        }
    }
    pictures
}

/// The pictures of the first frame that promoting has saved beside the video.
fn first_frames(video: &Path) -> Vec<PathBuf> {
    let folder = video.parent().map(first_frames_in);
    folder.and_then(|mut all| all.remove(video)).unwrap_or_default()
}

/// The names that a picture of the first frame may get beside its video: with the number that it has, else with another.
fn picture_names(picture: &Path, video: &Path) -> impl Iterator<Item = PathBuf> {
    let name = |file: &Path, wanted: fn(&Path) -> Option<&std::ffi::OsStr>| {
        wanted(file).unwrap_or_default().to_string_lossy().into_owned()
    };
    let name_now = name(picture, Path::file_name);
    let rest = stem_of_picture(&name_now).and_then(|stem| name_now.strip_prefix(stem));
    let same = rest.map(|rest| video.with_file_name(name(video, Path::file_stem) + rest));
    let video = video.to_owned();
    let others = (1..MAX_NAMES).map(move |n| picture_beside(&video, FIRST, n, "png"));
    same.into_iter().chain(others)
}

fn is_misplaced(file: &Path, verdict: Verdict) -> bool {
    is_binned(file) != (verdict == Verdict::Rejected)
}

/// Files that were moved.
struct Moved {
    video: PathBuf,
    /// That of the last frame, unless it stayed where it was.
    picture: Option<PathBuf>,
    /// Where each file was and is.
    files: Vec<(PathBuf, PathBuf)>,
}

impl Moved {
    /// Moves the files back. What cannot be moved back is found by the next look.
    fn undo(&self) {
        for (was, is) in self.files.iter().rev() {
            if let Err(error) = rename_anew(is, was) {
                tracing::info!("{} was not moved back: {error}", is.display());
            }
        }
    }
}

/// Moves video, pictures and sidecar of a take to the other side of the bin.
fn move_files(take: &Take, noted: &Path) -> Result<Moved, NotMoved> {
    let missing = || NotMoved::Missing(noted.to_owned());
    let (Some(folder), Some(name)) = (
        counterpart(noted).and_then(|there| Some(there.parent()?.to_owned())),
        noted.file_name(),
    ) else {
        return Err(missing());
    };
    let mut files = Vec::new();
    let video = if noted.symlink_metadata().is_ok() {
        let failed = |error| NotMoved::Io {
            file: noted.to_owned(),
            error,
        };
        file_names::make_folder(&folder).map_err(failed)?;
        let is_free = |video: &PathBuf| sidecar_is_free(video, take.id);
        let video = move_anew(noted, names(&folder.join(name)).filter(is_free)).map_err(failed)?;
        files.push((noted.to_owned(), video.clone()));
        video
    } else {
        moved_before(take, &folder, noted).ok_or_else(missing)?
    };
    let mut move_one = |was: &Path, names: &mut dyn Iterator<Item = PathBuf>| {
        let is = move_or_leave(was, names)?;
        files.push((was.to_owned(), is.clone()));
        Some(is)
    };
    // A picture elsewhere is not the bin's.
    let last = take.last_frame_file.as_deref();
    let picture = last.filter(|was| was.parent() == noted.parent()).and_then(|was| {
        let there = folder.join(was.file_name()?);
        match was.symlink_metadata() {
            Ok(_) => move_one(was, &mut names(&there)),
            Err(_) => Some(there).filter(|there| there.is_file()),
        }
    });
    for first in first_frames(noted) {
        move_one(&first, &mut picture_names(&first, &video));
    }
    let (sidecar, moved) = (noted.with_extension("json"), video.with_extension("json"));
    // An older one that is there already is written anew, and then this one is removed.
    if is_sidecar_of(&sidecar, take.id) && moved.symlink_metadata().is_err() {
        move_one(&sidecar, &mut std::iter::once(moved));
    }
    Ok(Moved {
        video,
        picture,
        files,
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
    let stem = noted.file_stem()?.to_str()?;
    let is_named = |path: &PathBuf| {
        let own = path.file_stem().and_then(|own| own.to_str()?.strip_prefix(stem));
        own.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    let files = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
    let mut videos = files.filter(|path| path.extension() == noted.extension() && is_named(path));
    videos.find(|path| is_it(path).is_some())
}

/// `main-5.mp4`, then `main-5-2.mp4`.
fn names(wanted: &Path) -> impl Iterator<Item = PathBuf> {
    let stem = wanted
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let others = (2..MAX_NAMES).map({
        let wanted = wanted.to_owned();
        move |n| match wanted.extension() {
            Some(ending) => wanted.with_file_name(format!("{stem}-{n}.{}", ending.to_string_lossy())),
            None => wanted.with_file_name(format!("{stem}-{n}")),
        }
    });
    std::iter::once(wanted.to_owned()).chain(others)
}

/// Moves a file to the first of these paths that no other file has; returns when the name is on the disk.
fn move_anew(file: &Path, names: impl Iterator<Item = PathBuf>) -> io::Result<PathBuf> {
    for to in names {
        match rename_anew(file, &to) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
            Ok(()) => {
                for folder in [to.parent(), file.parent()].into_iter().flatten() {
                    // The file has its name; a power failure may only undo the move.
                    let _ = fs::File::open(folder).and_then(|folder| folder.sync_all());
                }
                return Ok(to);
            }
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// [`move_anew`] for a file without which the move is not a failure.
fn move_or_leave(file: &Path, names: impl Iterator<Item = PathBuf>) -> Option<PathBuf> {
    let moved = move_anew(file, names);
    moved
        .inspect_err(|error| tracing::warn!("{} stays: {error}", file.display()))
        .ok()
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
    /// Of video and pictures together.
    pub bytes: u64,
    pub is_missing: bool,
}

/// What the bins hold: the files of rejected takes that the store knows, oldest first. Blocks.
pub fn contents(store: &Store) -> Result<Vec<Binned>, StoreError> {
    let rejected = store.rejected_with_files()?;
    // Each bin is listed once, however many takes are in it.
    let mut listed = HashMap::new();
    let binned = rejected.into_iter().filter_map(|take| {
        let video = take.file.clone().filter(|file| is_binned(file))?;
        let folder = video.parent()?.to_owned();
        let in_folder = listed
            .entry(folder)
            .or_insert_with_key(|folder| first_frames_in(folder));
        let firsts = in_folder.remove(&video).unwrap_or_default();
        let pictures = picture_in_bin(&take).into_iter().chain(firsts);
        let files = std::iter::once(video.clone()).chain(pictures);
        Some(Binned {
            is_missing: size(&video).is_none(),
            bytes: files.filter_map(|file| size(&file)).sum(),
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

/// Deletes the files of these takes, as far as they are still rejected and in a bin, and no other file. If one of these
/// files was used to make a take that is not settled yet, they stay. The takes and their sidecars stay. Blocks.
pub fn empty(store: &Store, reels: &Path, takes: &[TakeId]) -> Result<Emptied, StoreError> {
    let _one_at_a_time = MOVING.lock().unwrap_or_else(PoisonError::into_inner);
    let mut emptied = Emptied::default();
    let needed = needed(store)?;
    for id in takes {
        let take = store.take(*id)?;
        let deleted = match needed_by(&take, &needed) {
            Some(why) => Err(why),
            None => delete(store, &take)?,
        };
        match deleted {
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

/// The local files that were used to make takes that are not settled yet: they may have to be uploaded once more.
fn needed(store: &Store) -> Result<Vec<(PathBuf, TakeId)>, StoreError> {
    let mut needed = Vec::new();
    for take in store.unsettled_takes(None)? {
        let Some(revision) = take.revision else { continue };
        let reel = store.reel_of(take.id)?;
        let form = store.forms(&reel.id).revision(revision)?;
        let files = form.iter().flat_map(Form::references).map(|(_, named)| named);
        let files = files
            .filter(|named| is_local(named))
            .map(|named| resolved(found(Path::new(named))));
        needed.extend(files.map(|file| (file, take.id)));
    }
    Ok(needed)
}

/// The file itself, by whichever links it is named.
fn resolved(file: PathBuf) -> PathBuf {
    file.canonicalize().unwrap_or(file)
}

/// Why the files of a take stay, if one of them was used to make a take that is not settled yet.
fn needed_by(take: &Take, needed: &[(PathBuf, TakeId)]) -> Option<String> {
    let video = take.file.clone()?;
    let pictures = picture_in_bin(take).into_iter().chain(first_frames(&video));
    let files: Vec<PathBuf> = pictures.chain([video]).map(resolved).collect();
    let (file, by) = needed.iter().find(|(file, _)| files.contains(file))?;
    Some(format!(
        "take {by} is not finished and was made from {}; take {}'s files stay until take {by} is finished",
        file.file_name()?.to_string_lossy(),
        take.id
    ))
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
    let pictures = own_pictures(take, video);
    let deleted = store.delete_files(take.id, video, || remove(video, &pictures))?;
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

/// The pictures that are deleted with the video: the last frame's, which the row names, and the first frame's. A file that
/// only has the name of a first frame's picture, and shows something else, is not among them.
fn own_pictures(take: &Take, video: &Path) -> Vec<PathBuf> {
    let mut pictures: Vec<PathBuf> = picture_in_bin(take).into_iter().collect();
    let firsts = first_frames(video);
    if firsts.is_empty() {
        return pictures;
    }
    let shown = media::first_frame_png(video).ok();
    let (ours, others): (Vec<PathBuf>, Vec<PathBuf>) = firsts
        .into_iter()
        .partition(|file| shown.is_some() && fs::read(file).ok() == shown);
    for other in others {
        tracing::warn!("{} is not the video's first frame, and stays", other.display());
    }
    pictures.extend(ours);
    pictures
}

/// Removes a video and its pictures; how many bytes.
fn remove(video: &Path, pictures: &[PathBuf]) -> Result<u64, String> {
    let mut bytes = 0;
    if let Some(size) = size(video) {
        fs::remove_file(video).map_err(|error| stays(video, &error))?;
        bytes += size;
    }
    for picture in pictures {
        let Some(size) = size(picture) else { continue };
        match fs::remove_file(picture) {
            Ok(()) => bytes += size,
            Err(error) => tracing::warn!("the picture {} stays: {error}", picture.display()),
        }
    }
    Ok(bytes)
}

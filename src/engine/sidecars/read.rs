//! Finds and reads sidecars.

use std::cell::Cell;
use std::collections::HashMap;
use std::fs::{DirEntry, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::engine::file_names::{self, Place};
use crate::store::recovery::TakePlace;
use crate::store::{Sidecar, Store};

/// The longest sidecar that is read, in bytes.
const MAX_BYTES: u64 = 16 << 20;

/// Every sidecar with its take's number, ordered by number.
///
/// The store tells the number of the files that it knows, and any other sidecar tells its own. A name counts only where
/// the file cannot be read. Of two files of one take in one reel, that beside the video counts: the process ended before
/// it removed the other one.
pub(super) fn files(store: &Store, reels: &Path) -> Vec<(i64, PathBuf)> {
    found(&owner_in(store), reels, |_| true)
}

/// Of [`files`], those of the takes of which `is_wanted` is true.
pub(super) fn files_of(store: &Store, reels: &Path, is_wanted: impl Fn(i64) -> bool) -> Vec<(i64, PathBuf)> {
    found(&owner_in(store), reels, |sidecar| is_wanted(sidecar.number))
}

/// Of [`files`], those that the store does not know.
pub(super) fn unknown_files(store: &Store, reels: &Path) -> Vec<(i64, PathBuf)> {
    found(&owner_in(store), reels, |sidecar| !sidecar.is_known)
}

/// As [`files`], without a store: every sidecar is read.
pub(super) fn files_by_content(reels: &Path) -> Vec<(i64, PathBuf)> {
    found(&|_| None, reels, |_| true)
}

/// Which take a file belongs to, by its place.
type Owner<'a> = dyn Fn(&Place) -> Option<i64> + 'a;

/// The number of a sidecar's take.
struct Numbered {
    number: i64,
    /// The store told it.
    is_known: bool,
}

fn is_sidecar(entry: &DirEntry) -> bool {
    let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
    is_file && entry.path().extension().is_some_and(|ending| ending == "json")
}

fn numbered(owner: &Owner<'_>, path: &Path) -> Option<Numbered> {
    if let Some(number) = file_names::place(path).and_then(|place| owner(&place)) {
        return Some(Numbered {
            number,
            is_known: true,
        });
    }
    let name = path.file_name().and_then(|name| name.to_str());
    let is_hidden = name.is_none_or(|name| name.starts_with('.'));
    let by_content = || Some(read(path).ok().filter(|_| !is_hidden)?.dossier.take.id.0);
    let by_name = || name.and_then(file_names::number);
    Some(Numbered {
        number: by_content().or_else(by_name)?,
        is_known: false,
    })
}

fn found(owner: &Owner<'_>, reels: &Path, is_wanted: impl Fn(&Numbered) -> bool) -> Vec<(i64, PathBuf)> {
    let mut found: Vec<(i64, PathBuf)> = Vec::new();
    for entry in file_names::all(reels).filter(is_sidecar) {
        let path = entry.path();
        let wanted = numbered(owner, &path).filter(|sidecar| is_wanted(sidecar));
        found.extend(wanted.map(|sidecar| (sidecar.number, path)));
    }
    found.sort();
    found.dedup_by(|later, earlier| {
        let is_of_one_take =
            later.0 == earlier.0 && file_names::folder_of(&later.1) == file_names::folder_of(&earlier.1);
        if is_of_one_take && rank(&later.1) > rank(&earlier.1) {
            std::mem::swap(later, earlier);
        }
        is_of_one_take
    });
    found
}

/// Which of two sidecars of one take counts more: that beside the video, then that outside the bin, which is left when the
/// bin is emptied, then that with a name of its own.
fn rank(path: &Path) -> (bool, bool, bool) {
    let name = path.file_name().and_then(|name| name.to_str());
    (
        path.with_extension("mp4").is_file(),
        !file_names::is_binned(path),
        name.and_then(file_names::number).is_none(),
    )
}

/// The highest number above `last` of a take that a file belongs to, where the store has no number above that. Of the
/// files that the store knows only the names are read.
pub(super) fn highest_above(store: &Store, reels: &Path, last: i64) -> Option<i64> {
    let owner = owner_in(store);
    let mut others: HashMap<Place, i64> = HashMap::new();
    let mut highest = None;
    for entry in file_names::all(reels).filter(is_sidecar) {
        let path = entry.path();
        if let Some(sidecar) = numbered(&owner, &path) {
            highest = highest.max(Some(sidecar.number));
            let place = file_names::place(&path).filter(|_| !sidecar.is_known);
            others.extend(place.map(|place| (place, sidecar.number)));
        }
    }
    for entry in file_names::all(reels) {
        let by_name = entry.file_name().to_str().and_then(file_names::number);
        let Some(number) = by_name.filter(|number| *number > last) else {
            continue;
        };
        let of_place = file_names::place(&entry.path())
            .and_then(|place| others.get(&place).copied().or_else(|| owner(&place)));
        highest = highest.max(of_place.or(Some(number)));
    }
    highest.filter(|highest| *highest > last)
}

/// Asks the store which take has its file at a place, or had it there before it was saved.
fn owner_in(store: &Store) -> impl Fn(&Place) -> Option<i64> {
    let told = Cell::new(false);
    move |place| {
        let (_, _, stem) = place;
        let number = file_names::number(&format!("{stem}.mp4"));
        let takes = store
            .recovery()
            .takes_of_file(number, &format!("{stem}.mp4"))
            .unwrap_or_else(|error| {
                if !told.replace(true) {
                    tracing::warn!("the sidecars are read one by one: {error}");
                }
                Vec::new()
            });
        let is_there = |take: &&TakePlace| {
            let stem = file_names::working_stem(take.number, take.seed, &take.resolution, take.duration);
            let saved = || file_names::place(Path::new(take.file.as_ref()?));
            *place == (take.folder.clone().into(), false, stem) || saved().as_ref() == Some(place)
        };
        takes.iter().filter(is_there).map(|take| take.number).max()
    }
}

/// The sidecar at `path`, if it is one that this program reads.
pub fn read_file(path: &Path) -> Option<Sidecar> {
    read(path).ok().filter(Sidecar::can_be_read)
}

/// As [`read_file`]; an error when there is a file that cannot be read, so that nobody knows whether it is a sidecar.
pub(super) fn read_if_any(path: &Path) -> io::Result<Option<Sidecar>> {
    match text(path) {
        Ok(text) => Ok(parse(path, &text).ok().filter(Sidecar::can_be_read)),
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::IsADirectory
            ) =>
        {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// The beginning of a file: one byte more than a sidecar may have.
fn text(path: &Path) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    File::open(path)?.take(MAX_BYTES + 1).read_to_end(&mut text)?;
    Ok(text)
}

/// The file, or that of its name on the other side of the bin: the process ended while it moved the files of a take.
fn there(file: PathBuf) -> Option<PathBuf> {
    if file.is_file() {
        return Some(file);
    }
    file_names::counterpart(&file).filter(|other| other.is_file())
}

/// Reads a sidecar. The paths of folder and video are those where it was found, whatever the file says: it may have
/// been moved, and is not trusted with paths.
pub(super) fn read(path: &Path) -> Result<Sidecar, String> {
    parse(path, &text(path).map_err(|error| error.to_string())?)
}

fn parse(path: &Path, text: &[u8]) -> Result<Sidecar, String> {
    if text.len() as u64 > MAX_BYTES {
        return Err(format!("it is longer than {} MiB", MAX_BYTES >> 20));
    }
    let mut sidecar: Sidecar = serde_json::from_slice(text).map_err(|error| error.to_string())?;
    let folder = file_names::folder_of(path).and_then(Path::file_name);
    let folder = folder.and_then(|name| name.to_str());
    folder
        .ok_or("its folder has no name")?
        .clone_into(&mut sidecar.rebuild.reel.folder);
    let record = &mut sidecar.dossier.take;
    let picture = record.last_frame_file.as_deref();
    let picture = picture.and_then(|file| there(path.with_file_name(file.file_name()?)));
    record.last_frame_file = picture;
    let video = path.with_extension("mp4");
    let named = record.file.is_some();
    record.file = named.then(|| there(video.clone()).unwrap_or(video));
    Ok(sidecar)
}

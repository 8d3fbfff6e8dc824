//! Finds and reads sidecars.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::ffi::OsString;
use std::fs::{DirEntry, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::engine::file_names;
use crate::store::{Sidecar, Store};

/// The longest sidecar that is read, in bytes.
const MAX_BYTES: u64 = 16 << 20;

/// Every sidecar with its take's number, ordered by number.
///
/// A name that begins with the number tells it; under any other name, the take is the one that `store` has with the
/// video beside it, or the one that the file itself names. Of two files of one take in one folder, that beside the saved
/// video counts: the process ended before it removed the older one.
pub(super) fn files(store: &Store, reels: &Path) -> Vec<(i64, PathBuf)> {
    let is_sidecar = |entry: &DirEntry| {
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        is_file && entry.path().extension().is_some_and(|ending| ending == "json")
    };
    let known: OnceCell<HashMap<Place, i64>> = OnceCell::new();
    let mut found: Vec<(i64, bool, PathBuf)> = Vec::new();
    for path in file_names::all(reels)
        .filter(is_sidecar)
        .map(|entry| entry.path())
    {
        let name = path.file_name().and_then(|name| name.to_str());
        let is_hidden = name.is_none_or(|name| name.starts_with('.'));
        let by_name = name.and_then(file_names::number);
        let number = by_name.or_else(|| {
            let known = known.get_or_init(|| known_files(store));
            let known = place(&path.with_extension("mp4")).and_then(|place| known.get(&place).copied());
            known.or_else(|| Some(read(&path).ok().filter(|_| !is_hidden)?.dossier.take.id.0))
        });
        found.extend(number.map(|number| (number, by_name.is_some(), path)));
    }
    found.sort();
    found.dedup_by(|later, earlier| {
        let is_of_one_take = later.0 == earlier.0 && later.2.parent() == earlier.2.parent();
        is_of_one_take && later.1 && !earlier.1
    });
    found
        .into_iter()
        .map(|(number, _, path)| (number, path))
        .collect()
}

/// A file's folder and name, which stay the same when a home is moved.
type Place = (OsString, OsString);

fn place(path: &Path) -> Option<Place> {
    let folder = path.parent()?.file_name()?;
    Some((folder.to_owned(), path.file_name()?.to_owned()))
}

/// The numbers of the takes whose videos the store has.
fn known_files(store: &Store) -> HashMap<Place, i64> {
    let files = store.recovery().files().unwrap_or_else(|error| {
        tracing::warn!("the sidecars are read one by one: {error}");
        Vec::new()
    });
    let with_place = |(number, file): (i64, String)| Some((place(Path::new(&file))?, number));
    files.into_iter().filter_map(with_place).collect()
}

/// The sidecar at `path`, if it is one that this program reads.
pub fn read_file(path: &Path) -> Option<Sidecar> {
    read(path).ok().filter(Sidecar::can_be_read)
}

/// Reads a sidecar. The paths of folder and video are those where it was found, whatever the file says: it may have
/// been moved, and is not trusted with paths.
pub(super) fn read(path: &Path) -> Result<Sidecar, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let mut text = Vec::new();
    let read = file.take(MAX_BYTES + 1).read_to_end(&mut text);
    read.map_err(|error| error.to_string())?;
    if text.len() as u64 > MAX_BYTES {
        return Err(format!("it is longer than {} MiB", MAX_BYTES >> 20));
    }
    let mut sidecar: Sidecar = serde_json::from_slice(&text).map_err(|error| error.to_string())?;
    let folder = path.parent().and_then(Path::file_name);
    let folder = folder.and_then(|name| name.to_str());
    folder
        .ok_or("its folder has no name")?
        .clone_into(&mut sidecar.rebuild.reel.folder);
    let video = path.with_extension("mp4");
    let record = &mut sidecar.dossier.take;
    record.last_frame_file = record.last_frame_file.as_deref().and_then(|file| {
        let file = path.with_file_name(file.file_name()?);
        file.is_file().then_some(file)
    });
    record.file = record.file.is_some().then_some(video);
    Ok(sidecar)
}

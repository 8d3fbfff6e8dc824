//! Finds and reads sidecars.

use std::fs::{DirEntry, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::engine::file_names;
use crate::store::Sidecar;

/// The longest sidecar that is read, in bytes.
const MAX_BYTES: u64 = 16 << 20;

/// Every sidecar with its take's number, ordered by number.
pub(super) fn files(reels: &Path) -> Vec<(i64, PathBuf)> {
    let is_sidecar = |entry: &DirEntry| {
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        is_file && entry.path().extension().is_some_and(|ending| ending == "json")
    };
    let ours = file_names::all_of_takes(reels).filter(|(_, entry)| is_sidecar(entry));
    let mut found: Vec<(i64, PathBuf)> = ours.map(|(number, entry)| (number, entry.path())).collect();
    found.sort();
    found
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
    record.file = record.file.is_some().then_some(video);
    Ok(sidecar)
}

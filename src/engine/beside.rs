//! Reads the files beside the films.

use std::fs::{DirEntry, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::store::Sidecar;

use super::place;

/// The longest sidecar that is read, in bytes.
const LONGEST: u64 = 16 << 20;

/// Every sidecar with its take's number, in the order of the numbers.
pub(super) fn files(reels: &Path) -> Vec<(i64, PathBuf)> {
    let is_sidecar = |entry: &DirEntry| {
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        is_file && entry.path().extension().is_some_and(|ending| ending == "json")
    };
    let ours = place::ours(reels).filter(|(_, entry)| is_sidecar(entry));
    let mut found: Vec<(i64, PathBuf)> = ours.map(|(number, entry)| (number, entry.path())).collect();
    found.sort();
    found
}

/// A sidecar as it lies there. Folder and film are where they are found, whatever the file says: it may have been
/// moved, and is not trusted with paths.
pub(super) fn read(path: &Path) -> Result<Sidecar, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let mut text = Vec::new();
    file.take(LONGEST + 1)
        .read_to_end(&mut text)
        .map_err(|error| error.to_string())?;
    if text.len() as u64 > LONGEST {
        return Err(format!("it is longer than {} MiB", LONGEST >> 20));
    }
    let mut sidecar: Sidecar = serde_json::from_slice(&text).map_err(|error| error.to_string())?;
    let folder = path
        .parent()
        .and_then(Path::file_name)
        .and_then(|name| name.to_str());
    folder
        .ok_or("its folder has no name")?
        .clone_into(&mut sidecar.rebuild.reel.folder);
    let film = path.with_extension("mp4");
    let record = &mut sidecar.dossier.take;
    record.file = record.file.is_some().then_some(film);
    Ok(sidecar)
}

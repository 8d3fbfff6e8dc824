//! Finds a take's file that has moved into the bin of its reel, or out of it, since a form named it.

use std::path::{Path, PathBuf};

use super::paths::at_home;
use crate::engine::file_names::{counterpart, stem_of_picture};
use crate::engine::sidecars::read_file;

/// Where the file of a reference is. A take's video or picture is also found on the other side of its reel's bin, so that a
/// form may name it whatever the take's verdict becomes. Reads the disk.
pub fn found(path: &Path) -> PathBuf {
    let path = at_home(path);
    if path.symlink_metadata().is_ok() {
        return path;
    }
    match counterpart(&path) {
        Some(moved) if moved.is_file() && is_of_take(&moved) => moved,
        _ => path,
    }
}

/// Whether the sidecar of a take is beside the file. Only then has rushes moved it, and not the user.
fn is_of_take(file: &Path) -> bool {
    let picture = file.file_name().and_then(|name| stem_of_picture(name.to_str()?));
    let sidecar = match picture {
        Some(stem) => file.with_file_name(format!("{stem}.json")),
        None => file.with_extension("json"),
    };
    read_file(&sidecar).is_some()
}

//! Paths of the database, and of the files beside it.

use std::path::{Path, PathBuf};

use super::StoreError;

/// A path as the store keeps it.
pub fn text_of(path: &Path) -> Result<&str, StoreError> {
    path.to_str()
        .ok_or_else(|| StoreError::PathNotText(PathBuf::from(path)))
}

/// The file beside the store with its name and this ending.
pub fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

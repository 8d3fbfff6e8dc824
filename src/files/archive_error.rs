//! What can be wrong with an archive.

use std::io;
use std::path::{Path, PathBuf};

use super::entry_name::BadName;
use super::new_file::NewFileError;

/// Why an archive could not be written or read. Every message names the archive, and the entry where there is one.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    #[error(transparent)]
    New(#[from] NewFileError),
    #[error("cannot read {}: {source}", path.display())]
    Read {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("{} cannot be put into the archive as {name}: {what}", path.display())]
    Source {
        path: PathBuf,
        name: String,
        what: String,
    },
    #[error("{}: the entry {name:?} {why}; nothing was taken from it: ask its sender for another one", path.display())]
    Name {
        path: PathBuf,
        name: String,
        why: BadName,
    },
    #[error("{}: the entry {name:?} is {kind}, and only files and folders are read; nothing was taken from it: ask its sender for another one", path.display())]
    Kind {
        path: PathBuf,
        name: String,
        kind: &'static str,
    },
    #[error("{}: the entry {name:?} has {bytes} bytes, more than the {most} that are read; nothing was taken from it: ask its sender for another one", path.display())]
    TooLarge {
        path: PathBuf,
        name: String,
        bytes: u64,
        most: u64,
    },
    #[error("{} has more than the {most} entries that are read; nothing was taken from it: ask its sender for another one", path.display())]
    TooMany { path: PathBuf, most: usize },
    #[error("{} ends early, in or after the entry {after:?}; fetch or copy it again", path.display())]
    Truncated { path: PathBuf, after: String },
    #[error("{} is not a plain tar archive ({what})", path.display())]
    NotAnArchive { path: PathBuf, what: String },
    #[error("{} has no entry {name:?}", path.display())]
    NoEntry { path: PathBuf, name: String },
}

impl ArchiveError {
    pub(super) fn too_large(path: &Path, name: &str, bytes: u64, most: u64) -> Self {
        Self::TooLarge {
            path: path.to_owned(),
            name: name.to_owned(),
            bytes,
            most,
        }
    }
}

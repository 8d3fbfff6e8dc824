//! What can be wrong with files, folders and the key, and what to do about it.

use std::path::PathBuf;

use crate::model::key::BadKey;

use super::located::Located;

/// Something in the configuration that does not work, with the next step.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// A place in a file.
    #[error(transparent)]
    Located(#[from] Box<Located>),
    #[error(
        "{}: the file cannot be read ({reason}): the defaults are used, and live takes are not sent until it can be read",
        path.display()
    )]
    Unreadable { path: PathBuf, reason: String },
    #[error(
        "no home folder is known: set HOME, or put everything in one folder with --home DIR (or RUSHES_HOME)"
    )]
    NoHome,
    #[error(
        "{}: cannot write in this folder ({reason}): make it writable, or choose another with --home DIR (or RUSHES_HOME)",
        path.display()
    )]
    Folder { path: PathBuf, reason: String },
    #[error("SEGMIND_API_KEY: {0}")]
    KeyInEnvironment(BadKey),
    #[error("{}: {bad}", path.display())]
    KeyInFile { path: PathBuf, bad: BadKey },
    #[error(
        "{}: others on this machine may read the key (mode {mode:03o}): run chmod 600 on it, it is not used before",
        path.display()
    )]
    KeyFileOpen { path: PathBuf, mode: u32 },
    #[error("{}: the key cannot be read ({reason})", path.display())]
    KeyFileUnreadable { path: PathBuf, reason: String },
    #[error("key_command {command:?} {reason}: run it by hand, it must print the key and nothing else")]
    KeyCommand { command: String, reason: String },
}

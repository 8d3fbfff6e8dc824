//! What can be wrong with files, folders and the key, and what to do about it.

use std::fmt;
use std::path::PathBuf;

use crate::model::key::BadKey;
use crate::model::{ApiKey, Complaint};

use super::located::Located;

/// Something in the configuration that does not work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfigError {
    /// A place in a file.
    Located(Box<Located>),
    Unreadable {
        path: PathBuf,
        reason: String,
    },
    NoHome,
    Folder {
        path: PathBuf,
        reason: String,
    },
    KeyInEnvironment(BadKey),
    KeyInFile {
        path: PathBuf,
        bad: BadKey,
    },
    KeyFileOpen {
        path: PathBuf,
        mode: u32,
    },
    KeyFileUnreadable {
        path: PathBuf,
        reason: String,
    },
    KeyCommand {
        command: String,
        reason: String,
    },
}

impl ConfigError {
    /// What is wrong, and what to do.
    pub fn complaint(&self) -> Complaint {
        let bad_key = |place: &dyn fmt::Display, bad: &BadKey| {
            let Complaint { what, next } = bad.complaint();
            let what = format!("{place}: {what}");
            Complaint { what, next }
        };
        match self {
            Self::Located(located) => located.complaint(),
            Self::Unreadable { path, reason } => Complaint::new(
                format!("{}: the file cannot be read ({reason})", path.display()),
                "correct that; until then the defaults are used, and live takes are not sent",
            ),
            Self::NoHome => Complaint::new(
                "no home folder is known",
                "set HOME, or put everything in one folder with --home DIR (or RUSHES_HOME)",
            ),
            Self::Folder { path, reason } => Complaint::new(
                format!("{}: cannot write in this folder ({reason})", path.display()),
                "make it writable, or choose another with --home DIR (or RUSHES_HOME)",
            ),
            Self::KeyInEnvironment(bad) => bad_key(&ApiKey::VARIABLE, bad),
            Self::KeyInFile { path, bad } => bad_key(&path.display(), bad),
            Self::KeyFileOpen { path, mode } => Complaint::new(
                format!(
                    "{}: others on this machine may read the key (mode {mode:03o})",
                    path.display()
                ),
                "run chmod 600 on it; until then it is not used",
            ),
            Self::KeyFileUnreadable { path, reason } => Complaint::new(
                format!("{}: the key cannot be read ({reason})", path.display()),
                "make it a text file that you may read, with nothing but the key in it",
            ),
            Self::KeyCommand { command, reason } => Complaint::new(
                format!("key_command {command:?} {reason}"),
                "run it by hand; it must print the key and nothing else",
            ),
        }
    }

    /// Whether it is the key that cannot be used.
    pub const fn is_about_the_key(&self) -> bool {
        matches!(
            self,
            Self::KeyInEnvironment(_)
                | Self::KeyInFile { .. }
                | Self::KeyFileOpen { .. }
                | Self::KeyFileUnreadable { .. }
                | Self::KeyCommand { .. }
        )
    }
}

impl From<Box<Located>> for ConfigError {
    fn from(located: Box<Located>) -> Self {
        Self::Located(located)
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Located(located) => located.fmt(f),
            other => other.complaint().fmt(f),
        }
    }
}

impl std::error::Error for ConfigError {}

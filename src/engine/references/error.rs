//! Why a local file cannot be a reference, and what to do about it.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::model::invalid::Field;
use crate::model::text::tenths;

pub(super) const MIB: u64 = 1024 * 1024;

/// Why a local file cannot be a reference. Displayed as "why: what to do".
#[derive(Debug)]
pub enum FileError {
    Unreadable {
        field: Field,
        path: PathBuf,
        error: std::io::Error,
    },
    NotAFile {
        field: Field,
        path: PathBuf,
        /// `a folder`
        found: &'static str,
    },
    WrongKind {
        field: Field,
        path: PathBuf,
        found: String,
    },
    Damaged {
        field: Field,
        path: PathBuf,
        /// `it ends early`
        what: String,
    },
    TooLarge {
        field: Field,
        path: PathBuf,
        bytes: u64,
        max: u64,
    },
    WrongLength {
        field: Field,
        path: PathBuf,
        millis: u64,
        accepted: (u64, u64),
    },
}

impl FileError {
    /// What is wrong with the file.
    pub fn why(&self) -> String {
        let (path, field) = self.place();
        let (path, name) = (path.display(), field.wire());
        match self {
            Self::Unreadable { error, .. } => format!("cannot read {path} for {name} ({error})"),
            Self::NotAFile { found, .. } => format!("{path} is {found}, {name} takes {}", wanted(field)),
            Self::WrongKind { found, .. } => format!("{path} is {found}, {name} takes {}", wanted(field)),
            Self::Damaged { what, .. } => format!("{path} is damaged ({what}) and cannot be used as {name}"),
            Self::TooLarge { bytes, max, .. } => format!(
                "{path} has {} MiB, {name} takes at most {} MiB",
                bytes.div_ceil(MIB),
                max / MIB
            ),
            Self::WrongLength { millis, accepted, .. } => format!(
                "{path} lasts {} s, {name} takes {} to {} s",
                tenths(*millis),
                accepted.0 / 1000,
                accepted.1 / 1000
            ),
        }
    }

    /// What to do now.
    pub const fn now(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "give a readable file or an http(s) URL",
            Self::NotAFile { .. } => "give a file or an http(s) URL",
            Self::WrongKind { .. } => "give another file",
            Self::Damaged { .. } => "choose an intact file",
            Self::TooLarge { .. } => "make it smaller",
            Self::WrongLength { millis, accepted, .. } if *millis > accepted.1 => "cut it",
            Self::WrongLength { .. } => "give a longer one",
        }
    }

    fn place(&self) -> (&Path, Field) {
        match self {
            Self::Unreadable { field, path, .. }
            | Self::NotAFile { field, path, .. }
            | Self::WrongKind { field, path, .. }
            | Self::Damaged { field, path, .. }
            | Self::TooLarge { field, path, .. }
            | Self::WrongLength { field, path, .. } => (path, *field),
        }
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.why(), self.now())
    }
}

impl std::error::Error for FileError {}

const fn wanted(field: Field) -> &'static str {
    match field {
        Field::Videos => "a video",
        Field::Audios => "a sound file",
        _ => "a picture",
    }
}

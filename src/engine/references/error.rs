//! Why a local file cannot be a reference, and what to do about it.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::model::Parameter;
use crate::model::parameters::Medium;
use crate::model::text::tenths;

pub(super) const MIB: u64 = 1024 * 1024;

/// Why a local file cannot be a reference. Displayed as "why: what to do".
#[derive(Debug)]
pub enum FileError {
    Unreadable {
        parameter: Parameter,
        path: PathBuf,
        error: std::io::Error,
    },
    NotAFile {
        parameter: Parameter,
        path: PathBuf,
        /// `a folder`
        found: &'static str,
    },
    WrongKind {
        parameter: Parameter,
        path: PathBuf,
        found: String,
    },
    Damaged {
        parameter: Parameter,
        path: PathBuf,
        /// `it ends early`
        what: String,
    },
    TooLarge {
        parameter: Parameter,
        path: PathBuf,
        bytes: u64,
        max: u64,
    },
    WrongLength {
        parameter: Parameter,
        path: PathBuf,
        millis: u64,
        accepted: (u64, u64),
    },
}

impl FileError {
    /// What is wrong with the file.
    pub fn why(&self) -> String {
        let (path, parameter) = self.place();
        let (path, name) = (path.display(), parameter.wire());
        match self {
            Self::Unreadable { error, .. } => format!("cannot read {path} for {name} ({error})"),
            Self::NotAFile { found, .. } => format!("{path} is {found}, {name} takes {}", wanted(parameter)),
            Self::WrongKind { found, .. } => format!("{path} is {found}, {name} takes {}", wanted(parameter)),
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

    fn place(&self) -> (&Path, Parameter) {
        match self {
            Self::Unreadable { parameter, path, .. }
            | Self::NotAFile { parameter, path, .. }
            | Self::WrongKind { parameter, path, .. }
            | Self::Damaged { parameter, path, .. }
            | Self::TooLarge { parameter, path, .. }
            | Self::WrongLength { parameter, path, .. } => (path, *parameter),
        }
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.why(), self.now())
    }
}

impl std::error::Error for FileError {}

fn wanted(parameter: Parameter) -> &'static str {
    match parameter.file_medium() {
        Medium::Video => "a video",
        Medium::Audio => "a sound file",
        Medium::Image => "a picture",
    }
}

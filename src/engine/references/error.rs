//! Why a local file cannot be a reference, and what to do about it.

use std::fmt;
use std::io::ErrorKind;
use std::path::PathBuf;

use crate::engine::file_names::stem_of_picture;
use crate::model::parameters::Medium;
use crate::model::seconds::length;
use crate::model::text::io_error;
use crate::model::{Complaint, Parameter};

pub(super) const MIB: u64 = 1024 * 1024;

/// Why a local file cannot be a reference. Displayed as "why: what to do".
#[derive(Debug)]
pub struct FileError {
    pub(super) parameter: Parameter,
    pub(super) path: PathBuf,
    pub(super) fault: Fault,
}

/// What is wrong with a file.
#[derive(Debug)]
pub(super) enum Fault {
    Unreadable(std::io::Error),
    /// It is `a folder`, for example.
    NotAFile(&'static str),
    WrongKind(String),
    Damaged(String),
    TooLarge {
        bytes: u64,
        max: u64,
    },
    WrongLength {
        millis: u64,
        accepted: (u64, u64),
    },
}

impl FileError {
    /// What is wrong with the file, and what to do.
    pub fn complaint(&self) -> Complaint {
        Complaint::new(self.why(), self.now())
    }

    fn why(&self) -> String {
        let (path, name) = (self.path.display(), self.name());
        let wanted = match self.parameter.file_medium() {
            Medium::Video => "a video",
            Medium::Audio => "a sound file",
            Medium::Image => "a picture",
        };
        match &self.fault {
            Fault::Unreadable(error) => format!("cannot read {path} for {name} ({})", io_error(error)),
            Fault::NotAFile(found) => format!("{path} is {found}, and {name} must be {wanted}"),
            Fault::WrongKind(found) => format!("{path} is {found}, and {name} must be {wanted}"),
            Fault::Damaged(what) => format!("{path} is damaged ({what}) and cannot be used as {name}"),
            Fault::TooLarge { bytes, max } => {
                let (bytes, max) = (bytes.div_ceil(MIB), max / MIB);
                format!("{path} has {bytes} MiB, and {name} may have at most {max} MiB")
            }
            Fault::WrongLength { millis, accepted } => {
                let (min, max) = (accepted.0 / 1000, accepted.1 / 1000);
                let lasts = length(*millis);
                format!("{path} lasts {lasts}, and {name} must last {min} to {max} s")
            }
        }
    }

    /// Whether it has the name of a picture that is saved beside a take's video.
    fn is_picture_of_take(&self) -> bool {
        let name = self.path.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| stem_of_picture(name).is_some())
    }

    /// What the file is to be.
    fn name(&self) -> &'static str {
        match (self.parameter, self.parameter.file_medium()) {
            (Parameter::FirstFrame, _) => "the first frame",
            (Parameter::LastFrame, _) => "the last frame",
            (_, Medium::Image) => "a reference image",
            (_, Medium::Video) => "a reference video",
            (_, Medium::Audio) => "a reference sound",
        }
    }

    fn now(&self) -> &'static str {
        match &self.fault {
            Fault::Unreadable(error) if error.kind() == ErrorKind::NotFound && self.is_picture_of_take() => {
                "the bin of its take may have been emptied; give another file or an http(s) URL"
            }
            Fault::Unreadable(_) => "give a readable file or an http(s) URL",
            Fault::NotAFile(_) => "give a file or an http(s) URL",
            Fault::WrongKind(_) => "choose another file",
            Fault::Damaged(_) => "choose an intact file",
            Fault::TooLarge { .. } => "make it smaller",
            Fault::WrongLength { millis, accepted } if *millis > accepted.1 => "cut it",
            Fault::WrongLength { .. } => "give a longer one",
        }
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.complaint().fmt(f)
    }
}

impl std::error::Error for FileError {}

//! Why videos cannot be joined.

use std::path::{Path, PathBuf};

use crate::files::NewFileError;

use super::super::copying::CopyError;
use super::super::error::MediaError;
use super::agree::Difference;
use super::command;

/// Why videos could not be joined. Every message names the files, what is wrong, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum JoinError {
    #[error("joining needs at least two videos, and {given} was given: name all of them, in their order")]
    TooFew { given: usize },
    #[error(transparent)]
    Media(#[from] MediaError),
    #[error(
        "{} {why}, so it cannot be joined as it is; re-encode the videos with ffmpeg: {command}",
        path.display()
    )]
    Unsupported {
        path: PathBuf,
        /// As a phrase: `is fragmented`.
        why: String,
        command: String,
    },
    #[error(
        "{} {}, {} {}: videos are joined as they are only when they agree; re-encode them with ffmpeg: {command}",
        first.display(), difference.first, second.display(), difference.second
    )]
    Differ {
        first: PathBuf,
        second: PathBuf,
        difference: Difference,
        command: String,
    },
    #[error(transparent)]
    Target(#[from] NewFileError),
}

impl From<CopyError> for JoinError {
    fn from(error: CopyError) -> Self {
        match error {
            CopyError::Read(error) => error.into(),
            CopyError::Write(error) => error.into(),
        }
    }
}

impl JoinError {
    /// What is wrong with the video at `path`, one of `files` that should become `to`.
    pub(super) fn of(fault: Fault, path: &Path, files: &[PathBuf], to: &Path) -> Self {
        match fault {
            Fault::Media(error) => error.into(),
            Fault::Damaged(what) => MediaError::damaged(path, what).into(),
            Fault::Unjoinable(why) => Self::Unsupported {
                path: path.to_owned(),
                why,
                command: command::reencode(files, to),
            },
        }
    }

    /// Two videos do not agree.
    pub(super) fn differ(
        first: &Path,
        second: &Path,
        difference: Difference,
        files: &[PathBuf],
        to: &Path,
    ) -> Self {
        Self::Differ {
            first: first.to_owned(),
            second: second.to_owned(),
            difference,
            command: command::reencode(files, to),
        }
    }
}

/// What is wrong with one video, before its name is known.
#[derive(Debug)]
pub(in crate::media) enum Fault {
    Media(MediaError),
    /// As a sentence: `its table of times ends early`.
    Damaged(String),
    /// It is whole, but cannot be joined as it is. As a phrase: `is fragmented`.
    Unjoinable(String),
}

impl From<MediaError> for Fault {
    fn from(error: MediaError) -> Self {
        Self::Media(error)
    }
}

impl Fault {
    pub(super) fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged(what.into())
    }

    pub(super) fn unjoinable(why: impl Into<String>) -> Self {
        Self::Unjoinable(why.into())
    }
}

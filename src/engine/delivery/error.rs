//! Why a video is not saved yet.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::engine::pauses::Interrupted;
use crate::model::FailureKind;
use crate::segmind::ApiError;

/// None of these ends the take: the download is tried until it succeeds or the file is no longer kept.
#[derive(Debug, thiserror::Error)]
pub enum Undelivered {
    #[error("{0}")]
    Api(#[from] ApiError),
    #[error("{0} {path}: {2}", path = .1.display())]
    Io(&'static str, PathBuf, io::Error),
    #[error("the download is not the video: {0}")]
    NotTheVideo(String),
    /// It begins like a video and is as long as the server announced.
    #[error("a whole video arrived that rushes cannot read: {what}")]
    UnreadableVideo {
        what: String,
        /// The hash of all that arrived.
        sha256: String,
    },
    #[error("{0}")]
    WrongLength(String),
    #[error("another process is downloading it")]
    Elsewhere,
    #[error("the provider has not named the video's URL")]
    NoUrl,
    #[error("the download was stopped")]
    Stopped(Interrupted),
}

impl From<Interrupted> for Undelivered {
    fn from(stop: Interrupted) -> Self {
        Self::Stopped(stop)
    }
}

impl Undelivered {
    /// Makes errors of the file system at `path`; `what` says what failed.
    pub fn io(what: &'static str, path: &Path) -> impl Fn(io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self::Io(what, path.clone(), error)
    }

    pub fn kind(&self) -> FailureKind {
        match self {
            Self::Io { .. } => FailureKind::Storage,
            Self::Api(error) if error.kind == FailureKind::Network => FailureKind::Network,
            _ => FailureKind::Delivery,
        }
    }

    /// Whether the host says that there is no such file. A 403 proves nothing: a gateway may have sent it.
    pub fn file_is_gone(&self) -> bool {
        matches!(self, Self::Api(error) if matches!(error.status, Some(404 | 410)))
    }

    /// How long the host asks to wait.
    pub fn asks_to_wait(&self) -> Option<Duration> {
        match self {
            Self::Api(error) => error.retry_after,
            _ => None,
        }
    }

    /// The hash of a whole video that arrived and cannot be read.
    pub fn unreadable_video(&self) -> Option<&str> {
        match self {
            Self::UnreadableVideo { sha256, .. } => Some(sha256),
            _ => None,
        }
    }

    /// Whether our partial download is longer than the file.
    pub fn is_past_its_end(&self) -> bool {
        matches!(self, Self::Api(error) if error.status == Some(416))
    }
}

//! Why a film is not there yet.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::model::FailureKind;
use crate::segmind::ApiError;

use super::context::Stop;

/// None of these ends the take: the film is fetched until it is saved or no longer kept.
#[derive(Debug, thiserror::Error)]
pub(super) enum Undelivered {
    #[error("{0}")]
    Api(#[from] ApiError),
    #[error("{what} {}: {error}", path.display())]
    Io {
        what: &'static str,
        path: PathBuf,
        error: io::Error,
    },
    #[error("what arrived is not the film: {0}")]
    NotTheFilm(String),
    /// A video by its first bytes, and as long as the server announced.
    #[error("a whole video arrived that rushes cannot read: {what}")]
    UnreadableVideo {
        what: String,
        /// Of all that arrived.
        sha256: String,
    },
    #[error("{0}")]
    WrongLength(String),
    #[error("another process is fetching it")]
    Elsewhere,
    #[error("the provider has not said where the film lies")]
    NoAddress,
    #[error("it was put down")]
    PutDown(Stop),
}

impl From<Stop> for Undelivered {
    fn from(stop: Stop) -> Self {
        Self::PutDown(stop)
    }
}

impl Undelivered {
    /// Says of a failure of the file system at `path` what could not be done.
    pub(super) fn io(what: &'static str, path: &Path) -> impl Fn(io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self::Io {
            what,
            path: path.clone(),
            error,
        }
    }

    pub(super) fn kind(&self) -> FailureKind {
        match self {
            Self::Io { .. } => FailureKind::Storage,
            Self::Api(error) if error.kind == FailureKind::Network => FailureKind::Network,
            _ => FailureKind::Delivery,
        }
    }

    /// The host says that there is no such file. A 403 says nothing of the kind: a gateway in between may.
    pub(super) fn file_is_gone(&self) -> bool {
        matches!(self, Self::Api(error) if matches!(error.status, Some(404 | 410)))
    }

    /// How long the host asks to wait.
    pub(super) fn asks_to_wait(&self) -> Option<Duration> {
        match self {
            Self::Api(error) => error.retry_after,
            _ => None,
        }
    }

    /// The hash of a whole video that came and cannot be read.
    pub(super) fn unreadable_video(&self) -> Option<&str> {
        match self {
            Self::UnreadableVideo { sha256, .. } => Some(sha256),
            _ => None,
        }
    }

    /// What we have of the file is more than there is.
    pub(super) fn is_past_its_end(&self) -> bool {
        matches!(self, Self::Api(error) if error.status == Some(416))
    }
}

//! What can be wrong with a film.

use std::io;
use std::path::{Path, PathBuf};

/// Why a film could not be read or written. Every message names the file, what is wrong, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    #[error("cannot read {}: {source}", path.display())]
    Io {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("{} is empty: no byte of the film arrived; fetch it again", path.display())]
    Empty { path: PathBuf },
    #[error("{} is not an MP4 film but {looks}; fetch it again", path.display())]
    NotAMovie { path: PathBuf, looks: &'static str },
    #[error("{} ends early: {has} of at least {needs} bytes; fetch it again", path.display())]
    Truncated { path: PathBuf, has: u64, needs: u64 },
    #[error("{} has no movie header (moov): it was never finished; fetch it again", path.display())]
    NoHeader { path: PathBuf },
    #[error("{} is damaged: {what}; fetch it again", path.display())]
    Damaged { path: PathBuf, what: String },
    #[error("{}: reading it does not come to an end; fetch it again", path.display())]
    Endless { path: PathBuf },
    #[error("{} has a header that is not known here ({what})", path.display())]
    Unknown { path: PathBuf, what: String },
    #[error("{} has no picture track", path.display())]
    NoVideo { path: PathBuf },
    #[error("{}: pictures in {codec} cannot be shown here ({why}); an ffmpeg on PATH would be used", path.display())]
    Unsupported {
        path: PathBuf,
        codec: String,
        why: String,
    },
    #[error("{} has no picture at {ms} ms", path.display())]
    NoFrame { path: PathBuf, ms: u64 },
    #[error("ffmpeg could not read {}: {why}", path.display())]
    Ffmpeg { path: PathBuf, why: String },
    #[error("cannot encode the film: {what}")]
    Encode { what: String },
    #[error("cannot write the film: {0}")]
    Write(#[source] io::Error),
}

impl MediaError {
    /// What our reader cannot make anything of, where the file may be whole and sound all the same. A file that is
    /// empty, or ends early by its own header, is not whole, however often it comes.
    pub fn unreadable(&self) -> Option<String> {
        match self {
            Self::NotAMovie { looks, .. } => Some(format!("it is not an MP4 film but {looks}")),
            Self::Damaged { what, .. } => Some(what.clone()),
            Self::NoVideo { .. } => Some("it has no picture track".to_owned()),
            _ => None,
        }
    }

    pub(super) fn io(path: &Path, source: io::Error) -> Self {
        Self::Io {
            path: path.to_owned(),
            source,
        }
    }

    pub(super) fn damaged(path: &Path, what: impl Into<String>) -> Self {
        Self::Damaged {
            path: path.to_owned(),
            what: what.into(),
        }
    }

    /// The parser cannot read it. That it does not know something is no damage.
    pub(super) fn unread(path: &Path, error: &re_mp4::Error) -> Self {
        match error {
            re_mp4::Error::UnsupportedBoxVersion(..) => Self::Unknown {
                path: path.to_owned(),
                what: error.to_string(),
            },
            _ => Self::damaged(path, error.to_string()),
        }
    }

    pub(super) fn encode(what: &impl ToString) -> Self {
        Self::Encode {
            what: what.to_string(),
        }
    }
}

//! What can be wrong with a video.

use std::io;
use std::path::{Path, PathBuf};

/// The most pixels of a picture that is decoded: those of 4096×2304, in any shape.
pub const MAX_PIXELS: u64 = 4096 * 2304;

/// Why a video could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    #[error("{} {problem}", path.display())]
    Read { path: PathBuf, problem: VideoProblem },
    #[error("cannot encode the video: {0}")]
    Encode(String),
    #[error("cannot write the video: {0}")]
    Write(#[source] io::Error),
}

/// What is wrong with a video file, as the rest of a sentence that begins with its name, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum VideoProblem {
    #[error("cannot be read: {0}")]
    Io(#[source] io::Error),
    #[error("is not there: put it back there, or check the path")]
    Gone,
    #[error("is empty: no byte of the video arrived; download or copy it again")]
    Empty,
    #[error("is not an MP4 video but {0}; download or copy it again")]
    NotAMovie(&'static str),
    #[error("ends early: {has} of at least {needs} bytes; download or copy it again")]
    Truncated { has: u64, needs: u64 },
    #[error("has no movie header (moov): it was never finished; download or copy it again")]
    NoHeader,
    #[error("is damaged: {0}; download or copy it again")]
    Damaged(String),
    #[error("takes too long to read; download or copy it again")]
    Endless,
    #[error("has a header of an unknown format ({0})")]
    Unknown(String),
    #[error("has no picture track")]
    NoVideo,
    #[error("is encoded in {codec}, which rushes cannot decode ({why}); install ffmpeg to see its pictures")]
    Unsupported { codec: String, why: String },
    #[error("has pictures of {0}×{1} pixels; rushes decodes at most {MAX_PIXELS} pixels")]
    TooLarge(u32, u32),
    #[error("has no picture at {0} ms")]
    NoFrame(u64),
    #[error("has {has} bytes, but {noted} were saved: it was changed since; download or copy it again")]
    OtherSize { has: u64, noted: u64 },
    #[error(
        "is not the file that was saved: its SHA-256 differs from the one that was noted; download or copy it again"
    )]
    OtherContent,
    #[error("has sound in {codec}, which rushes cannot decode ({why}); install ffmpeg to see its waveform")]
    UnsupportedSound { codec: String, why: String },
    #[error("was not read to the end, because that was cancelled")]
    Cancelled,
    #[error("could not be read by ffmpeg: {0}")]
    Ffmpeg(String),
}

impl VideoProblem {
    pub(super) fn at(self, path: &Path) -> MediaError {
        MediaError::Read {
            path: path.to_owned(),
            problem: self,
        }
    }
}

impl MediaError {
    /// That there is no file.
    pub fn gone(path: &Path) -> Self {
        VideoProblem::Gone.at(path)
    }

    /// Whether it only says that the caller wanted no more.
    pub const fn is_cancelled(&self) -> bool {
        matches!(
            self,
            Self::Read {
                problem: VideoProblem::Cancelled,
                ..
            }
        )
    }

    /// What our reader cannot make sense of, although the file may be whole. A file that is empty, or ends early by its
    /// own header, is not whole, however often it is fetched.
    pub fn unreadable(&self) -> Option<String> {
        let Self::Read { problem, .. } = self else {
            return None;
        };
        match problem {
            VideoProblem::NotAMovie(looks) => Some(format!("it is not an MP4 video but {looks}")),
            VideoProblem::Damaged(what) => Some(what.clone()),
            VideoProblem::NoVideo => Some("it has no picture track".to_owned()),
            _ => None,
        }
    }

    pub(super) fn io(path: &Path, source: io::Error) -> Self {
        let problem = match source.kind() {
            io::ErrorKind::NotFound => VideoProblem::Gone,
            _ => VideoProblem::Io(source),
        };
        problem.at(path)
    }

    pub(super) fn damaged(path: &Path, what: impl Into<String>) -> Self {
        VideoProblem::Damaged(what.into()).at(path)
    }

    /// The parser cannot read it. A version that it does not know is no damage.
    pub(super) fn unread(path: &Path, error: &re_mp4::Error) -> Self {
        match error {
            re_mp4::Error::UnsupportedBoxVersion(..) => VideoProblem::Unknown(error.to_string()).at(path),
            _ => Self::damaged(path, error.to_string()),
        }
    }

    pub(super) fn encode(what: &impl ToString) -> Self {
        Self::Encode(what.to_string())
    }
}

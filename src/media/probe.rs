//! Checks a picture, video or sound before it is sent: whether it is whole, and how long it lasts.
//!
//! A certain defect is a [`Flaw`]. A file that rushes cannot read is only doubtful: the provider may be able to read it.

use std::io::{Read, Seek};
use std::path::Path;
use std::time::Duration;

use crate::model::text::counted;

use super::boxes;
use super::error::{MediaError, VideoProblem};
use super::guard::{guarded, guarded_for};
use super::inspect::Movie;
use super::length::sound_ms;
use super::still::{self, StillProblem};

/// How long decoding one picture may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// What is known about a file that can be used.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Probed {
    /// Width and height of its pictures, as they are stored.
    pub pixels: Option<(u32, u32)>,
    /// How long its pictures or its sound last.
    pub millis: Option<u64>,
    /// How long the file says that it lasts as a whole, where that is longer.
    pub whole_ms: Option<u64>,
    /// The longest of all lengths that a video has: shown, stored, or said of the whole file.
    pub longest_ms: Option<u64>,
    /// Why the check is incomplete.
    pub doubt: Option<String>,
}

impl Probed {
    /// Nothing is known except why.
    fn doubtful(why: impl Into<String>) -> Self {
        Self {
            doubt: Some(why.into()),
            ..Self::default()
        }
    }
}

/// What is certainly wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    /// A video file that holds no pictures.
    NoPictures,
    /// As a phrase: `it ends early`.
    Damaged(String),
}

/// What can be probed.
pub trait Source: Read + Seek + Send + 'static {}
impl<T: Read + Seek + Send + 'static> Source for T {}

/// Probes a picture of the type `mime` by decoding it.
pub fn probe_picture(path: &Path, mime: &str, mut source: impl Source) -> Result<Probed, Flaw> {
    let owned = path.to_owned();
    let looked = match mime {
        "image/png" | "image/jpeg" | "image/webp" => {
            guarded_for(PATIENCE, path, move || Ok(still::check_whole(source)))
        }
        "image/heif" | "image/avif" => {
            // Only its boxes are checked, because rushes has no decoder for them.
            let whole = guarded(path, move || boxes::check_picture(&owned, &mut source));
            let undecoded = |()| Ok(Probed::doubtful(format!("rushes cannot decode {mime}")));
            return whole.map_or_else(|error| judged(&error), undecoded);
        }
        kind => return Ok(Probed::doubtful(format!("rushes cannot decode {kind}"))),
    };
    match looked {
        Ok(Ok(pixels)) => Ok(Probed {
            pixels: Some(pixels),
            ..Probed::default()
        }),
        Ok(Err(StillProblem::Damaged(what))) => Err(Flaw::Damaged(what)),
        // A picture that rushes cannot decode or read is not damaged.
        Ok(Err(error)) => Ok(Probed {
            pixels: match error {
                StillProblem::TooLarge(width, height) => Some((width, height)),
                _ => None,
            },
            ..Probed::doubtful(undecoded(&error))
        }),
        Err(error) => judged(&error),
    }
}

/// Why a picture that may be whole was not decoded.
fn undecoded(problem: &StillProblem) -> String {
    match problem {
        StillProblem::TooLarge(width, height) => {
            format!("{width}×{height} pixels are more than rushes decodes")
        }
        StillProblem::TooManyBytes(bytes) => format!("{bytes} bytes are more than rushes decodes"),
        other => format!("it {other}"),
    }
}

/// Probes a video.
pub fn probe_video(path: &Path, source: impl Source) -> Result<Probed, Flaw> {
    let owned = path.to_owned();
    let probed = guarded(path, move || {
        let movie = Movie::read(&owned, source)?;
        let shown_ms = movie.info.duration_ms;
        let stray = counted(movie.stray, "byte");
        Ok(Probed {
            pixels: Some((movie.info.width, movie.info.height)),
            millis: Some(shown_ms),
            whole_ms: movie.whole_ms.filter(|whole| *whole > shown_ms),
            longest_ms: movie.whole_ms.max(Some(shown_ms.max(movie.stored_ms))),
            doubt: (movie.stray > 0).then(|| format!("it has {stray} of unknown data after its last part")),
        })
    });
    probed.or_else(|error| judged(&error))
}

/// Probes a sound of the type `mime`.
pub fn probe_sound(path: &Path, mime: &str, source: impl Source) -> Result<Probed, Flaw> {
    let (owned, mime) = (path.to_owned(), mime.to_owned());
    match guarded(path, move || sound_ms(&owned, &mime, source)) {
        Ok(Some(millis)) => Ok(Probed {
            millis: Some(millis),
            ..Probed::default()
        }),
        Ok(None) => Ok(Probed::doubtful("its length is unknown")),
        Err(error) => judged(&error),
    }
}

/// Whether the error is the file's fault, or only more than rushes can read.
fn judged(error: &MediaError) -> Result<Probed, Flaw> {
    let damaged = |what: String| Err(Flaw::Damaged(what));
    let doubt = |what: &str| Ok(Probed::doubtful(what));
    let MediaError::Read { problem, .. } = error else {
        return doubt(&error.to_string());
    };
    match problem {
        VideoProblem::NoVideo => Err(Flaw::NoPictures),
        VideoProblem::Empty => damaged("it is empty".to_owned()),
        VideoProblem::Truncated { has, needs } => {
            damaged(format!("it ends early, after {has} of at least {needs} bytes"))
        }
        VideoProblem::NoHeader => {
            damaged("it has no movie header (moov), so it was never finished".to_owned())
        }
        VideoProblem::Damaged(what) => damaged(what.clone()),
        VideoProblem::NotAMovie(_) => doubt("it is not an MP4, so its length and pictures are not checked"),
        VideoProblem::Unknown(what) => doubt(&format!("the format of its header is unknown ({what})")),
        VideoProblem::Endless => doubt("it takes too long to read"),
        _ => doubt(&error.to_string()),
    }
}

#[cfg(test)]
#[path = "probe_tests.rs"]
mod tests;

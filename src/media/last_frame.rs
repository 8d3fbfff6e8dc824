//! The last frame of a video, for one that goes on from it.

use std::path::Path;

use super::cancel::Cancel;
use super::error::MediaError;
use super::picture::Picture;
use super::video::{Video, Wanted};

/// The last frame that the video shows. What an edit list hides behind it does not count. What cannot be decoded
/// here is given to an `ffmpeg` on PATH when there is one.
///
/// # Errors
/// What is wrong with the file, also when neither can decode it; never a panic.
pub fn last_frame(path: &Path) -> Result<Picture, MediaError> {
    let mut video = Video::open(path, &Wanted::default())?;
    let shown = video.at(u64::MAX, &Cancel::new())?;
    Ok(shown.1)
}

/// The same as a PNG file.
///
/// # Errors
/// As [`last_frame`].
pub fn last_frame_png(path: &Path) -> Result<Vec<u8>, MediaError> {
    last_frame(path)?.png()
}

#[cfg(test)]
#[path = "last_frame_tests.rs"]
mod tests;

//! The last frame of a film, for a film that goes on from it.

use std::path::Path;

use super::cancel::Cancel;
use super::error::MediaError;
use super::guard::guarded;
use super::join::Part;
use super::picture::Picture;
use super::video::{Video, Wanted};

/// The last frame that the film shows. What an edit list hides behind it does not count. What cannot be decoded
/// here is given to an `ffmpeg` on PATH when there is one.
///
/// # Errors
/// What is wrong with the file, also when neither can decode it; never a panic.
pub fn last_frame(path: &Path) -> Result<Picture, MediaError> {
    let owned = path.to_owned();
    // What cannot be read in that much detail has no edits that are known: its last frame is the last one stored.
    let last = guarded(path, move || {
        Ok(Part::open(&owned).ok().and_then(|part| last_shown(&part)))
    })?;
    let mut video = Video::open(path, &Wanted::default())?;
    let shown = video.at(last.unwrap_or(u64::MAX), &Cancel::new())?;
    Ok(shown.1)
}

/// The same as a PNG file.
///
/// # Errors
/// As [`last_frame`].
pub fn last_frame_png(path: &Path) -> Result<Vec<u8>, MediaError> {
    last_frame(path)?.png()
}

/// When the last frame that is shown begins, in milliseconds since the first one that is stored, without edits.
fn last_shown(part: &Part) -> Option<u64> {
    let track = &part.pictures;
    let piece = track.pieces.last()?;
    let end = (piece.start + piece.length).cast_signed();
    let (first, _) = track.bounds();
    let mut decoded = 0_i64;
    let shown = track.samples.iter().map(|sample| {
        let shown = decoded + sample.shift;
        decoded += sample.duration.cast_signed();
        shown
    });
    let last = shown.filter(|shown| *shown < end).max()?.max(0).unsigned_abs();
    let millis = |ticks: u64| ticks.saturating_mul(1000) / track.scale;
    Some(millis(last.saturating_sub(first.max(0).unsigned_abs())))
}

#[cfg(test)]
#[path = "last_frame_tests.rs"]
mod tests;

//! The last frame of a film, for a film that goes on from it.

use std::path::Path;

use super::error::{MediaError, VideoProblem};
use super::ffmpeg;
use super::frames::Frames;
use super::guard::guarded;
use super::inspect::inspect;
use super::join::Part;
use super::picture::Picture;

/// The last frame that the film shows. What an edit list hides behind it does not count. What cannot be decoded
/// here is given to an `ffmpeg` on PATH when there is one.
///
/// # Errors
/// What is wrong with the file, also when neither can decode it; never a panic.
pub fn last_frame(path: &Path) -> Result<Picture, MediaError> {
    let info = inspect(path)?;
    let owned = path.to_owned();
    // What cannot be read in that much detail has no edits that are known: its last frame is the last one stored.
    let last = guarded(path, move || {
        Ok(Part::open(&owned).ok().and_then(|part| last_shown(&part)))
    })?;
    let last = last.unwrap_or(Last {
        stored_ms: u64::MAX,
        shown_ms: u64::MAX,
    });
    let own = Frames::open(path).and_then(|mut frames| {
        frames.seek(last.stored_ms);
        let frame = frames
            .next()
            .unwrap_or_else(|| Err(VideoProblem::NoFrame(info.duration_ms).at(path)));
        frame.map(|(_, picture)| picture)
    });
    own.or_else(|error| ffmpeg::frame_at(path, last.shown_ms, &info).unwrap_or(Err(error)))
}

/// The same as a PNG file.
///
/// # Errors
/// As [`last_frame`].
pub fn last_frame_png(path: &Path) -> Result<Vec<u8>, MediaError> {
    last_frame(path)?.png()
}

/// When the last frame begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Last {
    /// Since the first frame that is stored, without edits.
    stored_ms: u64,
    /// By the clock of the film, somewhat earlier than exactly, so that no rounding passes it.
    shown_ms: u64,
}

fn last_shown(part: &Part) -> Option<Last> {
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
    let early = last
        .saturating_sub(piece.start)
        .saturating_sub(track.usual_duration() / 4);
    Some(Last {
        stored_ms: millis(last.saturating_sub(first.max(0).unsigned_abs())),
        shown_ms: millis(piece.at + early),
    })
}

#[cfg(test)]
#[path = "last_frame_tests.rs"]
mod tests;

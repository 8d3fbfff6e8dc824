//! Sums up the sound of a video for a picture of it: how loud it is where, and where it is silent or clipped.
//!
//! The sound is measured while it is decoded. What is held is one block of it, the columns, and the lists of stretches,
//! which have at most [`MAX_STRETCHES`] each.

use std::path::Path;

use super::cancel::Cancel;
use super::error::{MediaError, VideoProblem};
use super::sound_track::{Block, Blocks, Foreign, SoundTrack};
use super::wave_meter::Meter;

/// The most columns of a wave.
pub const MAX_COLUMNS: usize = 4096;
/// The most stretches of silence, or of clipping, that are listed.
pub const MAX_STRETCHES: usize = 1000;
/// Sound is silent below this level, in decibels of full scale: no words are heard there.
pub const SILENT_BELOW_DBFS: f64 = -50.0;
/// Silence is what is silent this long, in milliseconds.
pub const MIN_SILENCE_MS: u64 = 500;
/// The lowest level that is told, in decibels of full scale: that of no sound at all.
pub const FLOOR_DBFS: f64 = -120.0;

/// The sound of a video, summed up.
#[derive(Debug, Clone, PartialEq)]
pub struct Wave {
    /// What the columns span: how long the pictures are shown, in milliseconds.
    pub duration_ms: u64,
    /// In equal parts of the duration. Those after the end of the sound are silent.
    pub columns: Vec<Column>,
    /// The loudest sample, in decibels of full scale. It may be above 0: decoded AAC overshoots.
    pub peak_dbfs: f64,
    /// The integrated loudness by EBU R 128 (ITU-R BS.1770), in LUFS; a single channel counts once. `None` where
    /// nothing is louder than −70 LUFS.
    pub loudness_lufs: Option<f64>,
    /// Where no channel reaches [`SILENT_BELOW_DBFS`] for [`MIN_SILENCE_MS`] or longer, also after the end of the sound.
    pub silences: Vec<Stretch>,
    /// Where three samples or more in a row are at full scale; stretches less than 100 ms apart are one.
    pub clipping: Vec<Stretch>,
}

/// A part of the sound.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Column {
    /// The lowest sample of all channels; −1 is full scale.
    pub min: f32,
    /// The highest; 1 is full scale.
    pub max: f32,
    /// The root mean square of all samples, in decibels of full scale.
    pub rms_dbfs: f64,
}

/// A stretch of time, in milliseconds from the video's start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    pub start_ms: u64,
    pub end_ms: u64,
}

/// Measures the sound of the video at `path` in `columns` columns, 1 to [`MAX_COLUMNS`]; `None` if it has no sound.
///
/// It blocks. AAC-LC is decoded here, everything else by an `ffmpeg` on PATH.
///
/// # Errors
/// The file is gone, cut off, damaged or no MP4; neither decoder can decode its sound; or it was cancelled.
pub fn wave(path: &Path, columns: usize, cancel: &Cancel) -> Result<Option<Wave>, MediaError> {
    wave_with(path, columns, cancel, "ffmpeg")
}

fn wave_with(path: &Path, columns: usize, cancel: &Cancel, ffmpeg: &str) -> Result<Option<Wave>, MediaError> {
    let Some(track) = SoundTrack::open(path)? else {
        return Ok(None);
    };
    let columns = columns.clamp(1, MAX_COLUMNS);
    let duration_ms = track.duration_ms;
    let own = track
        .built_in()
        .and_then(|mut blocks| measure(path, &mut blocks, (columns, duration_ms), cancel));
    match own {
        Err(refusal) if may_help(&refusal) => {
            let mut blocks = Foreign::start(path, ffmpeg, refusal)?;
            measure(path, &mut blocks, (columns, duration_ms), cancel).map(Some)
        }
        own => own.map(Some),
    }
}

/// Whether ffmpeg may be able to decode what the built-in decoder could not.
fn may_help(error: &MediaError) -> bool {
    let MediaError::Read { problem, .. } = error else {
        return false;
    };
    !matches!(problem, VideoProblem::Io(_) | VideoProblem::Cancelled)
}

fn measure(
    path: &Path,
    blocks: &mut impl Blocks,
    (columns, duration_ms): (usize, u64),
    cancel: &Cancel,
) -> Result<Wave, MediaError> {
    let mut meter: Option<Meter> = None;
    while let Some(block) = blocks.next(cancel)? {
        let Block {
            rate,
            channels,
            samples,
        } = block;
        if rate == 0 || channels == 0 {
            return Err(MediaError::damaged(path, "its sound has no rate or no channels"));
        }
        let start = blocks.start();
        let meter = meter.get_or_insert_with(|| Meter::new((rate, channels), start, columns, duration_ms));
        if !meter.is_of(rate, channels) {
            return Err(MediaError::damaged(
                path,
                "its sound changes its format on the way",
            ));
        }
        meter.add(&samples);
        if meter.is_over() {
            break;
        }
    }
    let meter = meter.unwrap_or_else(|| Meter::new((48_000, 1), 0, columns, duration_ms));
    Ok(meter.finish())
}

#[cfg(test)]
#[path = "wave_tests.rs"]
mod tests;

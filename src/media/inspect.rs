//! Describes an MP4 file by its header.

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::ops::Range;
use std::path::Path;

use re_mp4::{Mp4, Sample, StsdBoxContent, Track, TrakBox};

use super::boxes::{self, Outline};
use super::color::Coding;
use super::edits;
use super::error::{MediaError, VideoProblem};
use super::guard::guarded;
use super::h264;

/// What a video's header says.
#[derive(Debug, Clone, PartialEq)]
pub struct MovieInfo {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// How long its pictures are shown, cuts by an edit list included.
    pub duration_ms: u64,
    /// Frames a second, on average.
    pub fps: f64,
    pub frames: u32,
    /// `h264`, `hevc`, `av1`, `vp9`, `vp8`, or the file's own name for it.
    pub video_codec: String,
    /// `aac`, or the file's own name for it; `None` without a sound track.
    pub audio_codec: Option<String>,
    /// Size of the file.
    pub bytes: u64,
}

/// Describes the video at `path`; a file that passes has its whole movie header and all its bytes.
pub fn inspect(path: &Path) -> Result<MovieInfo, MediaError> {
    let owned = path.to_owned();
    guarded(path, move || Movie::open(&owned).map(|movie| movie.info))
}

/// A video whose header has been read.
pub(super) struct Movie<R = File> {
    pub(super) info: MovieInfo,
    pub(super) source: R,
    /// Pictures in the order they are stored.
    pub(super) samples: Vec<Sample>,
    pub(super) ticks_a_second: u64,
    /// The ticks whose pictures are shown; an edit list hides the others.
    pub(super) shown: Range<i64>,
    /// How long the file says that all its tracks together last, where it says so.
    pub(super) whole_ms: Option<u64>,
    /// How long all of its pictures last, whether an edit list shows them or not.
    pub(super) stored_ms: u64,
    /// How many bytes at its end belong to no box.
    pub(super) stray: u64,
    /// What an H.264 decoder needs first.
    pub(super) avc: Option<Avc>,
}

/// How H.264 is packed in this file.
pub(super) struct Avc {
    /// Bytes of the length before each unit.
    pub(super) length_bytes: usize,
    /// Parameter sets, each with a start code.
    pub(super) parameter_sets: Vec<u8>,
    /// How its colours are coded.
    pub(super) coding: Coding,
}

impl Movie {
    /// Reads the header of a file. To be called under [`guarded`].
    pub(super) fn open(path: &Path) -> Result<Self, MediaError> {
        let file = File::open(path).map_err(|source| MediaError::io(path, source))?;
        Self::read(path, file)
    }
}

impl<R: Read + Seek> Movie<R> {
    /// Reads the header of `source`; `path` is its name in errors. To be called under [`guarded`].
    pub(super) fn read(path: &Path, mut source: R) -> Result<Self, MediaError> {
        let (mp4, outline) = header(path, &mut source)?;
        let bytes = outline.length;
        let (trak, track) = track_of(&mp4, *b"vide").ok_or_else(|| VideoProblem::NoVideo.at(path))?;
        check_track(path, track, bytes)?;
        let info = info(&mp4, trak, track, bytes);
        Ok(Self {
            info,
            samples: track.samples.clone(),
            ticks_a_second: track.timescale,
            shown: edits::shown_ticks(&mp4, trak, track),
            whole_ms: edits::whole_ms(&mp4),
            stored_ms: edits::stored_ms(track),
            stray: bytes - outline.boxes_end,
            avc: avc(&trak.mdia.minf.stbl.stsd.contents),
            source,
        })
    }

    /// When the picture with this tick is shown, in milliseconds.
    pub(super) fn shown_ms(&self, tick: i64) -> u64 {
        let since = tick.saturating_sub(self.shown.start.max(0));
        edits::millis(u64::try_from(since).unwrap_or(0), self.ticks_a_second)
    }
}

/// The movie header, and what is at the top level of the file.
pub(super) fn header(path: &Path, source: &mut (impl Read + Seek)) -> Result<(Mp4, Outline), MediaError> {
    let outline = boxes::check(path, source)?;
    source.rewind().map_err(|source| MediaError::io(path, source))?;
    let mp4 = Mp4::read(
        boxes::Limited::new(BufReader::new(source), &outline),
        outline.boxes_end,
    )
    .map_err(|error| MediaError::unread(path, &error))?;
    Ok((mp4, outline))
}

/// The first track with this handler: pictures are `vide`, sounds `soun`, in whatever codec.
pub(super) fn track_of(mp4: &Mp4, handler: [u8; 4]) -> Option<(&TrakBox, &Track)> {
    let wanted = |trak: &&TrakBox| trak.mdia.hdlr.handler_type.value == handler;
    let mut traks = mp4.moov.traks.iter().filter(wanted);
    traks.find_map(|trak| Some((trak, mp4.tracks().get(&trak.tkhd.track_id)?)))
}

fn check_track(path: &Path, track: &Track, bytes: u64) -> Result<(), MediaError> {
    if track.timescale == 0 {
        return Err(MediaError::damaged(path, "its clock has no speed"));
    }
    if track.samples.is_empty() {
        return Err(MediaError::damaged(path, "its picture track is empty"));
    }
    let ends = track
        .samples
        .iter()
        .map(|sample| sample.offset.checked_add(sample.size));
    let needs = ends
        .max_by_key(|end| end.unwrap_or(u64::MAX))
        .flatten()
        .ok_or_else(|| MediaError::damaged(path, "a picture lies beyond all bounds"))?;
    if needs > bytes {
        return Err(VideoProblem::Truncated { has: bytes, needs }.at(path));
    }
    Ok(())
}

fn info(mp4: &Mp4, trak: &TrakBox, track: &Track, bytes: u64) -> MovieInfo {
    let frames = u32::try_from(track.samples.len()).unwrap_or(u32::MAX);
    let contents = &trak.mdia.minf.stbl.stsd.contents;
    let (width, height) = match contents {
        StsdBoxContent::Avc1(avc) => (avc.width, avc.height),
        _ => (track.width, track.height),
    };
    MovieInfo {
        width: u32::from(width),
        height: u32::from(height),
        duration_ms: edits::shown_ms(mp4, trak, track),
        fps: rate(frames, edits::ticks(track), track.timescale),
        frames,
        video_codec: codec(contents),
        audio_codec: mp4.moov.traks.iter().find_map(audio_codec),
        bytes,
    }
}

fn rate(frames: u32, ticks: u64, ticks_a_second: u64) -> f64 {
    // Rounded to thousandths in whole numbers: 23.976 stays 23.976, 24 stays 24.
    let thousandths = u128::from(frames) * u128::from(ticks_a_second) * 1000 / u128::from(ticks.max(1));
    f64::from(u32::try_from(thousandths).unwrap_or(u32::MAX)) / 1000.0
}

pub(super) fn codec(contents: &StsdBoxContent) -> String {
    match contents {
        StsdBoxContent::Avc1(_) => "h264".to_owned(),
        StsdBoxContent::Hvc1(_) | StsdBoxContent::Hev1(_) => "hevc".to_owned(),
        StsdBoxContent::Av01(_) => "av1".to_owned(),
        StsdBoxContent::Vp08(_) => "vp8".to_owned(),
        StsdBoxContent::Vp09(_) => "vp9".to_owned(),
        StsdBoxContent::Mp4a(_) => "aac".to_owned(),
        StsdBoxContent::Tx3g(_) => "tx3g".to_owned(),
        StsdBoxContent::Unknown(name) => name.to_string(),
    }
}

fn audio_codec(trak: &TrakBox) -> Option<String> {
    let is_sound = trak.mdia.hdlr.handler_type.value == *b"soun";
    is_sound.then(|| codec(&trak.mdia.minf.stbl.stsd.contents))
}

fn avc(contents: &StsdBoxContent) -> Option<Avc> {
    let StsdBoxContent::Avc1(entry) = contents else {
        return None;
    };
    let config = &entry.avcc.contents;
    let sets = config
        .sequence_parameter_sets
        .iter()
        .chain(&config.picture_parameter_sets);
    Some(Avc {
        length_bytes: usize::from(config.length_size_minus_one & 3) + 1,
        parameter_sets: sets
            .flat_map(|set| [0, 0, 0, 1].into_iter().chain(set.bytes.iter().copied()))
            .collect(),
        coding: h264::coding(
            config
                .sequence_parameter_sets
                .first()
                .map_or(&[], |set| &set.bytes),
            u32::from(entry.width),
            u32::from(entry.height),
        ),
    })
}

#[cfg(test)]
#[path = "inspect_tests.rs"]
mod tests;

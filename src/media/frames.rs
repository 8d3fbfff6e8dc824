//! Decodes the pictures of a video: a single one, or one after another.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::boxes;
use super::error::{MediaError, VideoProblem};
use super::ffmpeg;
use super::guard::{Worker, guarded};
use super::h264::Decoder;
use super::inspect::{Avc, Movie, MovieInfo, inspect};
use super::picture::Picture;
use super::yuv::Yuv;

type Decoding = Worker<Vec<u8>, Option<Yuv>>;

/// The most pictures that may wait for an earlier one: what H.264 allows.
const MAX_WAITING: usize = 16;

/// The video's first frame.
pub fn first_frame(path: &Path) -> Result<Picture, MediaError> {
    frame_at(path, 0)
}

/// The same as a PNG file.
///
/// # Errors
/// As [`first_frame`].
pub fn first_frame_png(path: &Path) -> Result<Vec<u8>, MediaError> {
    first_frame(path)?.png()
}

/// The picture that is shown at `ms`, or the last one of a shorter video. An `ffmpeg` on PATH decodes what cannot be
/// decoded without ffmpeg.
pub fn frame_at(path: &Path, ms: u64) -> Result<Picture, MediaError> {
    let info = inspect(path)?;
    let own = Frames::open(path).and_then(|mut frames| frames.at(ms));
    match own {
        Ok(picture) => Ok(picture),
        Err(error) => ffmpeg::frame_at(path, ms, &info).unwrap_or(Err(error)),
    }
}

/// A video's pictures one after another, in the order they are shown, each with its time in milliseconds.
///
/// Holds one compressed picture and those few that wait for an earlier one. It ends after an error.
pub struct Frames {
    path: PathBuf,
    movie: Movie,
    /// Decodes one access unit after another; a seek starts a new one.
    decoder: Option<Decoding>,
    /// The next sample to decode.
    next: usize,
    /// Tick of every picture, in the order they are shown.
    display: Vec<i64>,
    /// How many of `display` have been shown.
    shown: usize,
    /// Decoded, by tick.
    waiting: BTreeMap<i64, Yuv>,
    is_over: bool,
}

impl Frames {
    /// Opens the video at its first frame.
    pub fn open(path: &Path) -> Result<Self, MediaError> {
        let owned = path.to_owned();
        let movie = guarded(path, move || Movie::open(&owned))?;
        if movie.avc.is_none() {
            let (codec, why) = (movie.info.video_codec, "it decodes only H.264".to_owned());
            return Err(VideoProblem::Unsupported { codec, why }.at(path));
        }
        let mut display: Vec<i64> = movie.samples.iter().map(|s| s.composition_timestamp).collect();
        display.sort_unstable();
        Ok(Self {
            path: path.to_owned(),
            movie,
            decoder: None,
            next: 0,
            display,
            shown: 0,
            waiting: BTreeMap::new(),
            is_over: false,
        })
    }

    /// What the video's header says.
    pub fn info(&self) -> &MovieInfo {
        &self.movie.info
    }

    /// Goes to the picture that is shown at `ms`, or to the last one, which is returned next.
    pub fn seek(&mut self, ms: u64) {
        let samples = &self.movie.samples;
        let started = |sample: &&re_mp4::Sample| self.movie.shown_ms(sample.composition_timestamp) <= ms;
        let target = samples
            .iter()
            .filter(started)
            .max_by_key(|sample| (sample.composition_timestamp, Reverse(sample.id)))
            .or(samples.first());
        let Some((tick, stored)) = target.map(|s| (s.composition_timestamp, s.id as usize)) else {
            return;
        };
        let before = samples.get(..=stored).unwrap_or_default();
        self.next = before.iter().rposition(|sample| sample.is_sync).unwrap_or(0);
        self.shown = self.display.partition_point(|other| *other < tick);
        self.decoder = None;
        self.waiting.clear();
        self.is_over = false;
    }

    /// The picture that is shown at `ms`.
    fn at(&mut self, ms: u64) -> Result<Picture, MediaError> {
        self.seek(ms);
        match self.next() {
            Some(frame) => frame.map(|(_, picture)| picture),
            None => Err(VideoProblem::NoFrame(ms).at(&self.path)),
        }
    }

    fn step(&mut self) -> Result<Option<(u64, Picture)>, MediaError> {
        loop {
            if let Some((tick, yuv)) = self.due() {
                self.shown = self.display.partition_point(|other| *other <= tick);
                return Ok(Some((self.movie.shown_ms(tick), yuv.picture())));
            }
            if self.next >= self.movie.samples.len() {
                return Ok(None);
            }
            self.decode_next()?;
        }
    }

    /// The earliest decoded picture, once no earlier one can come.
    fn due(&mut self) -> Option<(i64, Yuv)> {
        let expected = self.display.get(self.shown).copied().unwrap_or(i64::MAX);
        while let Some(entry) = self.waiting.first_entry() {
            if *entry.key() >= expected {
                break;
            }
            entry.remove();
        }
        let is_due = *self.waiting.first_key_value()?.0 == expected
            || self.waiting.len() > MAX_WAITING
            || self.next >= self.movie.samples.len();
        if is_due { self.waiting.pop_first() } else { None }
    }

    fn decode_next(&mut self) -> Result<(), MediaError> {
        let Some(sample) = self.movie.samples.get(self.next).copied() else {
            return Ok(());
        };
        let is_first = sample.is_sync || self.next == 0;
        self.next += 1;
        let stored = boxes::read_at(&mut self.movie.source, sample.offset, sample.size)
            .map_err(|source| MediaError::io(&self.path, source))?;
        let avc = self.movie.avc.as_ref();
        let unit = avc
            .and_then(|avc| access_unit(avc, &stored, is_first))
            .ok_or_else(|| MediaError::damaged(&self.path, "a picture is cut short"))?;
        let worker = match self.decoder.take() {
            Some(worker) => worker,
            None => decoding(&self.path)?,
        };
        let picture = worker.ask(&self.path, unit)?;
        self.decoder = Some(worker);
        if let Some(picture) = picture {
            self.waiting.insert(sample.composition_timestamp, picture);
        }
        Ok(())
    }
}

impl Iterator for Frames {
    type Item = Result<(u64, Picture), MediaError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let step = self.step().transpose();
        self.is_over = !matches!(step, Some(Ok(_)));
        step
    }
}

fn decoding(path: &Path) -> Result<Decoding, MediaError> {
    let mut decoder = Decoder::new();
    let owned = path.to_owned();
    Worker::start(path, move |unit: Vec<u8>| {
        let codec = "h264".to_owned();
        let decoded = decoder.decode(&unit);
        decoded.map_err(|why| VideoProblem::Unsupported { codec, why }.at(&owned))
    })
}

/// A stored picture with start codes in place of lengths; `None` when a length does not fit.
fn access_unit(avc: &Avc, stored: &[u8], is_first: bool) -> Option<Vec<u8>> {
    let mut unit = Vec::with_capacity(stored.len() + 64);
    if is_first {
        unit.extend_from_slice(&avc.parameter_sets);
    }
    let mut rest = stored;
    while !rest.is_empty() {
        let (length, after) = rest.split_at_checked(avc.length_bytes)?;
        let length = length
            .iter()
            .fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte));
        let (nal, after) = after.split_at_checked(length)?;
        unit.extend_from_slice(&[0, 0, 0, 1]);
        unit.extend_from_slice(nal);
        rest = after;
    }
    Some(unit)
}

#[cfg(test)]
#[path = "frames_tests.rs"]
mod tests;

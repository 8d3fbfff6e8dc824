//! Decodes H.264 without another program.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::boxes;
use super::cancel::Cancel;
use super::color::Coding;
use super::error::{MediaError, VideoProblem};
use super::guard::Worker;
use super::h264::Decoder;
use super::inspect::{Avc, Movie};
use super::picture::{Picture, shrink};
use super::video::{Decode, Fit, Shown, check_size};
use super::yuv::Yuv;

type Decoding = Worker<Vec<u8>, Option<Yuv>>;

/// The most pictures that may wait for an earlier one: what H.264 allows.
pub(super) const MAX_WAITING: usize = 16;
/// The most bytes of one compressed picture. One of 4K has at most some megabytes.
const MAX_SAMPLE_BYTES: u64 = 32 << 20;

/// A video's pictures one after another, in the order they are shown. What an edit list hides is left out; several pieces
/// of it are not put in another order.
///
/// Holds one compressed picture, what the decoder keeps to decode the next, and those pictures that wait for an earlier
/// one, which are scaled down already.
pub(super) struct Frames {
    path: PathBuf,
    movie: Movie,
    fit: Fit,
    /// Decodes one access unit after another; a seek starts a new one.
    decoder: Option<Decoding>,
    /// The next sample to decode.
    next: usize,
    /// Tick of every picture, in the order they are shown.
    display: Vec<i64>,
    /// How many of `display` have been shown or passed over.
    shown: usize,
    /// Decoded, by tick.
    waiting: BTreeMap<i64, Picture>,
}

impl Frames {
    /// The pictures of `movie`, which is H.264, from the first on.
    pub(super) fn new(path: &Path, movie: Movie, fit: Fit) -> Self {
        let mut display: Vec<i64> = movie.samples.iter().map(|s| s.composition_timestamp).collect();
        display.sort_unstable();
        // An edit list that shows nothing is not followed.
        if display.iter().any(|tick| movie.shown.contains(tick)) {
            display.retain(|tick| movie.shown.contains(tick));
        }
        Self {
            path: path.to_owned(),
            movie,
            fit,
            decoder: None,
            next: 0,
            display,
            shown: 0,
            waiting: BTreeMap::new(),
        }
    }

    /// The sample of the picture that is shown at `ms`, or of the first: its tick and its place in the file's order.
    fn sample_at(&self, ms: u64) -> Option<(i64, usize)> {
        let samples = &self.movie.samples;
        let started = self
            .display
            .partition_point(|tick| self.movie.shown_ms(*tick) <= ms);
        let tick = *self.display.get(started.saturating_sub(1))?;
        let stored = samples
            .iter()
            .position(|sample| sample.composition_timestamp == tick)?;
        Some((tick, stored))
    }

    /// The last sample up to this one that decoding may begin with.
    fn key_before(&self, stored: usize) -> usize {
        let before = self.movie.samples.get(..=stored).unwrap_or_default();
        before.iter().rposition(|sample| sample.is_sync).unwrap_or(0)
    }

    /// The tick of the picture that is shown next.
    fn expected(&self) -> i64 {
        self.display.get(self.shown).copied().unwrap_or(i64::MAX)
    }

    /// The earliest decoded picture, once no earlier one can come.
    fn due(&mut self) -> Option<(i64, Picture)> {
        let expected = self.expected();
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
        if sample.size > MAX_SAMPLE_BYTES {
            return Err(MediaError::damaged(&self.path, "a picture is far too large"));
        }
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
        let decoded = worker.ask(&self.path, unit)?;
        // What the header says may be untrue.
        if let Some(yuv) = &decoded {
            check_size(&self.path, yuv.width, yuv.height)?;
        }
        self.decoder = Some(worker);
        let tick = sample.composition_timestamp;
        if let Some(yuv) = decoded.filter(|_| tick >= self.expected()) {
            let avc = self.movie.avc.as_ref();
            let coding = avc.map_or(Coding::guess(yuv.width, yuv.height), |avc| avc.coding);
            self.waiting.insert(tick, fitted(&yuv, coding, self.fit));
        }
        Ok(())
    }
}

impl Decode for Frames {
    fn seek(&mut self, ms: u64) {
        let Some((tick, stored)) = self.sample_at(ms) else {
            return;
        };
        let key = self.key_before(stored);
        self.shown = self.display.partition_point(|other| *other < tick);
        // Decoding can go on when the picture lies ahead and there is no key frame to leap to.
        let is_ahead = self.decoder.is_some() && key < self.next;
        if is_ahead && (stored >= self.next || self.waiting.contains_key(&tick)) {
            return;
        }
        self.next = key;
        self.decoder = None;
        self.waiting.clear();
    }

    fn next(&mut self, cancel: &Cancel) -> Result<Option<Shown>, MediaError> {
        loop {
            if let Some((tick, picture)) = self.due() {
                self.shown = self.display.partition_point(|other| *other <= tick);
                return Ok(Some((self.movie.shown_ms(tick), picture)));
            }
            if self.next >= self.movie.samples.len() {
                return Ok(None);
            }
            if cancel.is_cancelled() {
                return Err(VideoProblem::Cancelled.at(&self.path));
            }
            self.decode_next()?;
        }
    }

    fn lead_in(&self, ms: u64) -> u64 {
        let key = self.sample_at(ms).map(|(_, stored)| self.key_before(stored));
        let key = key.and_then(|key| self.movie.samples.get(key));
        key.map_or(0, |key| self.movie.shown_ms(key.composition_timestamp).min(ms))
    }

    fn begins(&self, ms: u64) -> u64 {
        let shown = self.sample_at(ms);
        shown.map_or(0, |(tick, _)| self.movie.shown_ms(tick))
    }

    #[cfg(test)]
    fn held(&self) -> usize {
        self.waiting.len()
    }
}

fn fitted(yuv: &Yuv, coding: Coding, fit: Fit) -> Picture {
    let picture = yuv.picture_of(coding);
    match fit {
        Some((width, height)) if picture.width > width || picture.height > height => {
            shrink(&picture, width, height)
        }
        _ => picture,
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

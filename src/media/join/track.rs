//! One track of a video: where its samples lie, how long each lasts, and which of them an edit list shows.

use mp4_atom::{Co64, Ctts, Elst, Stco, Stsc, Stss, Stsz, StszSamples, Stts};

use super::error::Fault;
use super::walk::{child, decoded, descendant, needed};

/// Longest track that is joined, in seconds: more than a day. It keeps sums of times within their bounds.
const MAX_SECONDS: u64 = 100_000;
/// Most pieces that an edit list may show of a track.
const MAX_PIECES: usize = 100;
/// Most ticks of a clock in one second.
pub(super) const MAX_TICKS: u64 = 100_000_000;

/// One picture, or one frame of sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::media) struct Sample {
    /// Where it lies in its file.
    pub(super) offset: u64,
    pub(super) size: u32,
    /// The chunk of its file that it is part of.
    pub(super) chunk: u32,
    /// Ticks until the next one is decoded.
    pub(in crate::media) duration: u64,
    /// Ticks from when it is decoded to when it is shown.
    pub(in crate::media) shift: i64,
    /// Decoding may begin with it.
    pub(super) is_sync: bool,
}

/// A stretch of a track that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::media) struct Piece {
    /// When it is shown, in ticks of the track since the video began.
    pub(in crate::media) at: u64,
    /// Where it begins in the track, in ticks.
    pub(in crate::media) start: u64,
    /// How long it is shown, in ticks.
    pub(in crate::media) length: u64,
}

/// A track that can be joined.
#[derive(Debug, Clone)]
pub(in crate::media) struct Track {
    /// Ticks of its clock in a second.
    pub(in crate::media) scale: u64,
    pub(in crate::media) samples: Vec<Sample>,
    /// What is shown of it, in order.
    pub(in crate::media) pieces: Vec<Piece>,
}

impl Track {
    /// Reads the track of a `trak` box; `movie_scale` is the clock of the whole video.
    pub(super) fn read(trak: &[u8], scale: u32, movie_scale: u32) -> Result<Self, Fault> {
        let stbl = descendant(trak, &[b"mdia", b"minf", b"stbl"])
            .ok_or_else(|| Fault::damaged("a track has no tables"))?;
        let scale = u64::from(scale);
        if scale == 0 || scale > MAX_TICKS {
            return Err(Fault::damaged("a track's clock has no sensible speed"));
        }
        let mut samples = placed(stbl)?;
        times(stbl, &mut samples)?;
        syncs(stbl, &mut samples)?;
        let length: u64 = samples.iter().map(|sample| sample.duration).sum();
        let farthest = samples.iter().map(|sample| sample.shift.unsigned_abs()).max();
        if length.max(farthest.unwrap_or(0)) / scale > MAX_SECONDS {
            return Err(Fault::damaged("a track lasts longer than a day"));
        }
        let mut track = Self {
            scale,
            samples,
            pieces: Vec::new(),
        };
        let edits = match child(trak, *b"edts") {
            Some(edts) => decoded::<Elst>(edts)?,
            None => None,
        };
        track.pieces = track.shown(&edits.unwrap_or_default(), u64::from(movie_scale))?;
        Ok(track)
    }

    /// When the first picture is shown and when the last one is over, by the track's own clock and without edits.
    /// For sound, when it begins and ends.
    pub(in crate::media) fn bounds(&self) -> (i64, i64) {
        let (mut decoded, mut first, mut last) = (0_i64, i64::MAX, i64::MIN);
        for sample in &self.samples {
            let shown = decoded + sample.shift;
            first = first.min(shown);
            last = last.max(shown);
            decoded += sample.duration.cast_signed();
        }
        if self.samples.is_empty() {
            return (0, 0);
        }
        let end = first + decoded;
        // Some programs give the last picture no length.
        let usual = self.usual_duration().max(1).cast_signed();
        (first, if end > last { end } else { last + usual })
    }

    /// How long most samples last.
    pub(in crate::media) fn usual_duration(&self) -> u64 {
        let mut durations: Vec<u64> = self.samples.iter().map(|sample| sample.duration).collect();
        durations.sort_unstable();
        let runs = durations.chunk_by(|one, other| one == other);
        runs.max_by_key(|run| run.len()).map_or(0, |run| run[0])
    }

    /// The same track by a clock that is `factor` times as fast.
    pub(super) fn faster(&mut self, factor: u64) {
        self.scale *= factor;
        for sample in &mut self.samples {
            sample.duration *= factor;
            sample.shift *= factor.cast_signed();
        }
        for piece in &mut self.pieces {
            piece.at *= factor;
            piece.start *= factor;
            piece.length *= factor;
        }
    }

    /// What the edit list shows of the track; all of it where there is none.
    fn shown(&self, edits: &Elst, movie_scale: u64) -> Result<Vec<Piece>, Fault> {
        let (first, end) = self.bounds();
        let (first, end) = (first.max(0).unsigned_abs(), end.max(0).unsigned_abs());
        if edits.entries.is_empty() {
            return Ok(vec![clipped(0, 0, end, first)]);
        }
        if movie_scale == 0 {
            return Err(Fault::damaged("the video's clock has no speed"));
        }
        let ticks = |movie: u64| scaled(movie, movie_scale, self.scale);
        let rounding = self.scale.div_ceil(movie_scale);
        let (mut passed, mut pieces) = (0_u64, Vec::new());
        for edit in &edits.entries {
            let at = ticks(passed);
            if at / self.scale > MAX_SECONDS {
                return Err(Fault::damaged("its edit list lasts longer than a day"));
            }
            passed = passed.saturating_add(edit.segment_duration);
            let Some(start) = edit.media_time else {
                continue;
            };
            let rate = edit.media_rate;
            if rate.integer() != 1 || rate.decimal() != 0 {
                return Err(Fault::unjoinable("plays a part of itself at another speed"));
            }
            let rest = end.saturating_sub(start);
            let length = match ticks(edit.segment_duration) {
                // To the end, as in a video that was written piece by piece.
                0 => rest,
                // The video's clock may be too coarse to say where the last picture ends.
                length if length.abs_diff(rest) <= rounding => rest,
                length => length.min(rest),
            };
            let piece = clipped(at, start, length, first);
            if piece.length > 0 {
                pieces.push(piece);
            }
            if pieces.len() > MAX_PIECES {
                return Err(Fault::unjoinable("is cut into too many pieces by its edit list"));
            }
        }
        Ok(pieces)
    }
}

/// A piece without what lies before the `first` sample.
fn clipped(at: u64, start: u64, length: u64, first: u64) -> Piece {
    let missing = first.saturating_sub(start);
    Piece {
        at: at + missing,
        start: start + missing,
        length: length.saturating_sub(missing),
    }
}

/// `ticks` of one clock in ticks of another, to the nearest.
pub(super) fn scaled(ticks: u64, from: u64, to: u64) -> u64 {
    let exact = (u128::from(ticks) * u128::from(to) * 2 + u128::from(from)) / (u128::from(from.max(1)) * 2);
    u64::try_from(exact).unwrap_or(u64::MAX)
}

/// The samples with their place, by the tables of sizes and chunks.
fn placed(stbl: &[u8]) -> Result<Vec<Sample>, Fault> {
    if child(stbl, *b"stz2").is_some() {
        return Err(Fault::unjoinable("keeps its sizes in a compact table (stz2)"));
    }
    let sizes: Stsz = needed(stbl)?;
    let count = match &sizes.samples {
        StszSamples::Identical { count, .. } => *count as usize,
        StszSamples::Different { sizes } => sizes.len(),
    };
    let size = |at: usize| match &sizes.samples {
        StszSamples::Identical { size, .. } => *size,
        StszSamples::Different { sizes } => sizes.get(at).copied().unwrap_or(0),
    };
    let chunks: Vec<u64> = match decoded::<Stco>(stbl)? {
        Some(short) => short.entries.into_iter().map(u64::from).collect(),
        None => needed::<Co64>(stbl)?.entries,
    };
    let runs = needed::<Stsc>(stbl)?.entries;
    if runs.iter().any(|run| run.sample_description_index != 1) {
        return Err(Fault::unjoinable("changes its codec parameters on the way"));
    }
    let mut samples = Vec::with_capacity(count);
    let mut run = 0;
    for (chunk, offset) in (1_u32..).zip(&chunks) {
        while runs.get(run + 1).is_some_and(|next| next.first_chunk <= chunk) {
            run += 1;
        }
        let in_chunk = match runs.get(run) {
            Some(run) if run.first_chunk <= chunk => run.samples_per_chunk as usize,
            _ => {
                return Err(Fault::damaged(
                    "its table of chunks does not begin with the first",
                ));
            }
        };
        let mut offset = *offset;
        for _ in 0..in_chunk.min(count - samples.len()) {
            let size = size(samples.len());
            samples.push(Sample {
                offset,
                size,
                chunk,
                duration: 0,
                shift: 0,
                is_sync: true,
            });
            offset = offset
                .checked_add(u64::from(size))
                .ok_or_else(|| Fault::damaged("a sample lies beyond all bounds"))?;
        }
    }
    if samples.len() < count {
        return Err(Fault::damaged(
            "its table of chunks ends before its table of sizes",
        ));
    }
    Ok(samples)
}

/// Fills in how long each sample lasts and when it is shown.
fn times(stbl: &[u8], samples: &mut [Sample]) -> Result<(), Fault> {
    let durations = needed::<Stts>(stbl)?.entries;
    let mut each = durations
        .iter()
        .flat_map(|run| std::iter::repeat_n(run.sample_delta, run.sample_count as usize));
    for sample in samples.iter_mut() {
        let duration = each.next();
        sample.duration = u64::from(duration.ok_or_else(|| Fault::damaged("its table of times ends early"))?);
    }
    let shifts = decoded::<Ctts>(stbl)?.unwrap_or_default().entries;
    let each = shifts
        .iter()
        .flat_map(|run| std::iter::repeat_n(run.sample_offset, run.sample_count as usize));
    for (sample, shift) in samples.iter_mut().zip(each) {
        sample.shift = shift;
    }
    Ok(())
}

/// Marks the samples that decoding may begin with: all, where there is no table of them.
fn syncs(stbl: &[u8], samples: &mut [Sample]) -> Result<(), Fault> {
    let Some(syncs) = decoded::<Stss>(stbl)? else {
        return Ok(());
    };
    for sample in samples.iter_mut() {
        sample.is_sync = false;
    }
    for number in syncs.entries {
        let at = (number as usize).checked_sub(1);
        if let Some(sample) = at.and_then(|at| samples.get_mut(at)) {
            sample.is_sync = true;
        }
    }
    Ok(())
}

//! Puts the pictures of all parts on one clock, one part behind the other.

use super::error::Fault;
use super::part::Part;
use super::tables::Row;
use super::track::{MAX_TICKS, Piece};

/// The pictures of the joined video.
#[derive(Debug)]
pub(super) struct Pictures {
    /// Ticks a second of the joined video's clock.
    pub(super) scale: u64,
    pub(super) rows: Vec<Row>,
    /// What is shown, as places in the track: start and length in ticks.
    pub(super) edits: Vec<(u64, u64)>,
    /// Where each shown piece of each part comes to lie.
    pub(super) seams: Vec<Seam>,
    /// How long all of them are shown.
    pub(super) shown: u64,
}

/// A shown piece of a part, and when the joined video shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seam {
    pub(super) part: usize,
    /// When the part's own video shows it, in ticks of the joined video's clock.
    pub(super) at: u64,
    /// When the joined video shows it.
    pub(super) start: u64,
    pub(super) length: u64,
}

/// The pictures of `parts`, one part behind the other. A fault comes with the number of its part.
pub(super) fn joined(parts: &mut [Part]) -> Result<Pictures, (usize, Fault)> {
    let scale = common_scale(parts.iter().map(|part| part.pictures.scale)).map_err(|part| {
        (
            part,
            Fault::unjoinable("has a clock that does not fit those before it"),
        )
    })?;
    for part in parts.iter_mut() {
        let factor = scale / part.pictures.scale;
        part.pictures.faster(factor);
    }
    let firsts = parts.iter().map(|part| part.pictures.bounds().0);
    // All parts wait for their first picture as long as the one that waits longest.
    let wait = firsts.max().unwrap_or(0).max(0);
    let mut video = Pictures {
        scale,
        rows: Vec::new(),
        edits: Vec::new(),
        seams: Vec::new(),
        shown: 0,
    };
    let mut decoded = 0;
    for (number, part) in parts.iter().enumerate() {
        if number > 0 && !part.pictures.samples.first().is_some_and(|first| first.is_sync) {
            let fault = Fault::unjoinable("does not begin with a picture that decoding may begin with");
            return Err((number, fault));
        }
        decoded = video.append(number, part, decoded, wait);
    }
    if video.shown == 0 {
        return Err((0, Fault::unjoinable("shows none of its pictures")));
    }
    Ok(video)
}

impl Pictures {
    /// Appends the part, which is decoded from the tick `decoded` on. Returns when the next one is.
    fn append(&mut self, number: usize, part: &Part, decoded: u64, wait: i64) -> u64 {
        let track = &part.pictures;
        let (first, end) = track.bounds();
        let (length, later) = ((end - first).unsigned_abs(), wait - first);
        let stored: u64 = track.samples.iter().map(|sample| sample.duration).sum();
        for sample in &track.samples {
            self.rows.push(Row {
                part: number,
                sample: *sample,
                duration: sample.duration,
                shift: sample.shift + later,
            });
        }
        if let Some(last) = self.rows.last_mut() {
            last.duration += length.saturating_sub(stored);
        }
        for Piece { at, start, length } in &track.pieces {
            let place = decoded + (start.cast_signed() + later).max(0).unsigned_abs();
            self.seams.push(Seam {
                part: number,
                at: *at,
                start: self.shown,
                length: *length,
            });
            self.shown += length;
            match self.edits.last_mut() {
                Some((before, shown)) if *before + *shown == place => *shown += length,
                _ => self.edits.push((place, *length)),
            }
        }
        decoded + length.max(stored)
    }

    /// How long the track is, shown or not.
    pub(super) fn stored(&self) -> u64 {
        self.rows.iter().map(|row| row.duration).sum()
    }
}

/// The slowest clock in which all of these can be told exactly; the number of the first that does not fit.
pub(super) fn common_scale(scales: impl Iterator<Item = u64>) -> Result<u64, usize> {
    let mut common = 1;
    for (number, scale) in scales.enumerate() {
        common = common / divisor(common, scale) * scale;
        if common > MAX_TICKS {
            return Err(number);
        }
    }
    Ok(common)
}

fn divisor(mut one: u64, mut other: u64) -> u64 {
    while other > 0 {
        (one, other) = (other, one % other);
    }
    one.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_are_brought_together() {
        assert_eq!(common_scale([12_288, 24_000].into_iter()), Ok(1_536_000));
        assert_eq!(common_scale([90_000, 90_000].into_iter()), Ok(90_000));
        assert_eq!(common_scale([99_999_999, 99_999_998].into_iter()), Err(1));
    }
}

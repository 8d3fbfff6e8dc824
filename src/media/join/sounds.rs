//! Places the sound of all parts so that each part's begins with its pictures.

use super::error::Fault;
use super::part::Part;
use super::pictures::{Pictures, Seam, common_scale};
use super::tables::Row;
use super::track::{Piece, Sample, Track, scaled};

/// The sound of the joined video.
#[derive(Debug)]
pub(super) struct Sounds {
    /// Ticks a second of its clock.
    pub(super) scale: u64,
    pub(super) rows: Vec<Row>,
    /// Ticks of silence before it begins.
    pub(super) silence: u64,
    /// Ticks of it that are decoded and not heard: what AAC needs to begin.
    pub(super) hidden: u64,
    /// Ticks of it that are heard.
    pub(super) heard: u64,
}

/// A frame of sound and the tick of the joined video at which it is heard.
#[derive(Debug, Clone, Copy)]
struct Placed {
    part: usize,
    sample: Sample,
    at: i64,
    /// When it is over or no longer heard.
    end: i64,
}

/// The sound of `parts` beside their joined `pictures`; `None` where there is none. A fault comes with the number of
/// its part.
pub(super) fn joined(parts: &mut [Part], pictures: &Pictures) -> Result<Option<Sounds>, (usize, Fault)> {
    let scales = parts.iter().filter_map(|part| part.sound.as_ref());
    let scale = common_scale(scales.map(|(track, _)| track.scale)).map_err(|part| {
        (
            part,
            Fault::unjoinable("has a clock of its sound that does not fit"),
        )
    })?;
    let mut usual = None;
    for (track, _) in parts.iter_mut().filter_map(|part| part.sound.as_mut()) {
        let factor = scale / track.scale;
        track.faster(factor);
        usual = usual.or(Some(track.usual_duration()));
    }
    let frame = usual.unwrap_or(0).max(1).cast_signed();
    let mut placed = Vec::new();
    for (number, seam) in pictures.seams.iter().enumerate() {
        if let Some((track, _)) = &parts[seam.part].sound {
            let window = Window {
                seam,
                frame,
                picture_scale: pictures.scale,
                is_first: number == 0,
                is_last: number + 1 == pictures.seams.len(),
            };
            window.place(track, &mut placed);
        }
    }
    Ok(sounds(scale, frame, &placed))
}

/// The time of one shown piece of pictures, which sound is looked for.
struct Window<'a> {
    seam: &'a Seam,
    /// Ticks of one frame of sound.
    frame: i64,
    picture_scale: u64,
    is_first: bool,
    is_last: bool,
}

impl Window<'_> {
    /// Adds the frames that are heard in this window. One that crosses its edge belongs to the side on which more of
    /// it is; what comes before the video's first is kept, since decoding begins with it.
    fn place(&self, track: &Track, placed: &mut Vec<Placed>) {
        let ticks = |pictures: u64| scaled(pictures, self.picture_scale, track.scale).cast_signed();
        let begin = ticks(self.seam.start);
        let end = ticks(self.seam.start + self.seam.length);
        let own = ticks(self.seam.at);
        let half = self.frame / 2;
        for (number, piece) in track.pieces.iter().enumerate() {
            let Piece { at, start, length } = *piece;
            let (from, to) = (start.cast_signed(), (start + length).cast_signed());
            let later = begin + at.cast_signed() - own - from;
            let is_lead = self.is_first && number == 0;
            let mut next = 0_i64;
            for sample in &track.samples {
                let here = next;
                next += sample.duration.cast_signed();
                let (middle, at) = (here + half, here + later);
                if !is_lead && (middle < from || middle + later < begin) {
                    continue;
                }
                let margin = if self.is_last { 0 } else { half };
                if here + margin >= to || at + margin >= end {
                    break;
                }
                if placed.last().is_some_and(|last| last.at >= at) {
                    continue;
                }
                placed.push(Placed {
                    part: self.seam.part,
                    sample: *sample,
                    at,
                    end: (at + sample.duration.max(1).cast_signed())
                        .min(to + later)
                        .min(end),
                });
            }
        }
    }
}

/// Makes rows of placed frames, each of which lasts until the next.
fn sounds(scale: u64, frame: i64, placed: &[Placed]) -> Option<Sounds> {
    let (first, last) = (placed.first()?, placed.last()?);
    let nexts = placed.iter().skip(1).map(|next| next.at);
    let usual = match last.sample.duration {
        0 => frame,
        duration => duration.cast_signed(),
    };
    let rows = placed.iter().zip(nexts.chain([last.at + usual]));
    let rows = rows.map(|(frame, next)| Row {
        part: frame.part,
        sample: frame.sample,
        duration: (next - frame.at).unsigned_abs(),
        shift: 0,
    });
    let heard = last.end - first.at.max(0);
    (heard > 0).then(|| Sounds {
        scale,
        rows: rows.collect(),
        silence: first.at.max(0).unsigned_abs(),
        hidden: first.at.min(0).unsigned_abs(),
        heard: heard.unsigned_abs(),
    })
}

impl Sounds {
    /// How long the track is, heard or not.
    pub(super) fn stored(&self) -> u64 {
        self.rows.iter().map(|row| row.duration).sum()
    }
}

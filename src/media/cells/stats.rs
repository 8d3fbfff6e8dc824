//! What is known about the samples of one cell before its glyph and colours are chosen.

use super::glyphs::{AREAS, WHOLE, areas_at};
use super::sample::{ACROSS, Samples};

/// Red, green, blue, 0 to 255 each.
pub(super) type Color = [f32; 3];

/// Sums over the samples of one cell.
#[derive(Debug, Clone)]
pub(super) struct Stats {
    /// Of each area of [`super::glyphs`].
    pub(super) areas: [Color; AREAS],
    pub(super) total: Color,
    /// How far the samples are from their mean, squared, each channel alone.
    pub(super) spread: Color,
    /// How much an error of each channel is noticed here: less where much goes on.
    pub(super) weight: Color,
}

/// From the structural similarity index: the square of 3% of the whole range. (Wang et al. 2004, C2.)
const QUIET: f32 = 58.5;

/// How much of an error a busy cell hides. The index would say 2 within one of its windows, which are smaller than a cell.
const BUSY: f32 = 0.15;

impl Stats {
    pub(super) fn of(samples: &Samples, x: usize, y: usize) -> Self {
        let mut areas = [[0.0; 3]; AREAS];
        let mut total = [0.0; 3];
        let mut squares = [0.0; 3];
        for (row, line) in samples.cell(x, y).enumerate() {
            for (side, half) in line.chunks_exact(ACROSS / 2).enumerate() {
                let mut sum = [0.0; 3];
                for sample in half {
                    let sample = sample.map(f32::from);
                    for channel in 0..3 {
                        sum[channel] += sample[channel];
                        squares[channel] += sample[channel] * sample[channel];
                    }
                }
                for area in areas_at(side, row) {
                    areas[area] = [0, 1, 2].map(|c| areas[area][c] + sum[c]);
                }
                total = [0, 1, 2].map(|c| total[c] + sum[c]);
            }
        }
        let spread = [0, 1, 2].map(|c| (squares[c] - total[c] * total[c] / WHOLE).max(0.0));
        let weight = spread.map(|spread| 1.0 / (BUSY * spread / WHOLE + QUIET));
        Self {
            areas,
            total,
            spread,
            weight,
        }
    }

    /// The means of the upper and the lower half.
    pub(super) fn halves(&self) -> [Color; 2] {
        [6, 8].map(|area| [0, 1, 2].map(|c| (self.areas[area][c] + self.areas[area + 1][c]) / (WHOLE / 2.0)))
    }
}

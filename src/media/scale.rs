//! Scales pictures in linear light, in whole numbers, so that every machine gives the same result.

use super::light::{encoded, linear};
use super::picture::Picture;

/// The shares of a new pixel make this power of two together, so that a shift divides by it.
const SHARES: u32 = 12;
/// The places of edges are multiples of this part of a pixel.
const UNIT: u64 = 256;

/// The old pixels of a row or column that a new one is made of, and the share of each.
pub(super) struct Taps {
    first: usize,
    shares: Vec<u32>,
}

/// For each new pixel of a row or column: the old ones that it covers.
pub(super) fn covered(old: u32, new: usize) -> Vec<Taps> {
    let edge = |at: usize| at as u64 * u64::from(old) * UNIT / new.max(1) as u64;
    let taps = |at: usize| {
        let (start, end) = (edge(at), edge(at + 1).max(edge(at) + 1));
        let first = start / UNIT;
        // What is covered up to the end of a pixel, rounded, so that all shares together are exact.
        let until = |pixel: u64| {
            let covered = (end.min(pixel * UNIT).max(start) - start) << SHARES;
            u32::try_from(covered / (end - start)).unwrap_or_default()
        };
        let pixels = first..end.div_ceil(UNIT);
        Taps {
            first: usize::try_from(first).unwrap_or(usize::MAX),
            shares: pixels.map(|pixel| until(pixel + 1) - until(pixel)).collect(),
        }
    };
    (0..new).map(taps).collect()
}

/// For each new pixel of a row or column that grows: the two old ones that it lies between.
pub(super) fn between(old: u32, new: usize) -> Vec<Taps> {
    let last = u64::from(old.max(1) - 1) * UNIT;
    let taps = |at: usize| {
        let middle = (2 * at as u64 + 1) * u64::from(old) * (UNIT / 2) / new.max(1) as u64;
        let place = middle.saturating_sub(UNIT / 2).min(last);
        let share = u32::try_from(((place % UNIT) << SHARES) / UNIT).unwrap_or(0);
        let whole = 1 << SHARES;
        Taps {
            first: usize::try_from(place / UNIT).unwrap_or(usize::MAX),
            shares: if share == 0 {
                vec![whole]
            } else {
                vec![whole - share, share]
            },
        }
    };
    (0..new).map(taps).collect()
}

/// The new pixels, row by row: each is the mean of the light of its old ones.
pub(super) fn sampled(picture: &Picture, across: &[Taps], down: &[Taps]) -> Vec<[u8; 3]> {
    let stride = picture.width as usize * 3;
    let line = |at: usize| {
        picture
            .rgb
            .get(at * stride..(at + 1) * stride)
            .unwrap_or_default()
    };
    let mut rgb = Vec::with_capacity(across.len() * down.len());
    // A new row and the next one share at most two lines of the picture, whose numbers follow each other.
    let mut narrow = [(); 2].map(|()| (usize::MAX, vec![[0; 3]; across.len()]));
    let mut sums = vec![[0_u32; 3]; across.len()];
    for row in down {
        sums.fill([0; 3]);
        for (at, share) in (row.first..).zip(&row.shares) {
            let (known, narrow) = &mut narrow[at % 2];
            if *known != at {
                *known = at;
                narrow_line(line(at), across, narrow);
            }
            for (sum, light) in sums.iter_mut().zip(narrow.iter()) {
                *sum = [0, 1, 2].map(|c| sum[c] + light[c] * share);
            }
        }
        rgb.extend(sums.iter().map(|sum| sum.map(|sum| encoded(sum >> SHARES))));
    }
    rgb
}

/// Scales a line of the picture to the width of `across`.
fn narrow_line(line: &[u8], across: &[Taps], narrow: &mut [[u32; 3]]) {
    let (pixels, _) = line.as_chunks::<3>();
    for (mean, taps) in narrow.iter_mut().zip(across) {
        let mut sums = [0_u32; 3];
        let old = pixels.get(taps.first..).unwrap_or_default();
        for (pixel, share) in old.iter().zip(&taps.shares) {
            let light = pixel.map(linear);
            sums = [0, 1, 2].map(|c| sums[c] + light[c] * share);
        }
        *mean = sums.map(|sum| sum >> SHARES);
    }
}

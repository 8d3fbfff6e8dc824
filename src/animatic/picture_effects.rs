//! Turns, enlarges, blurs or pushes aside what is already drawn, in whole numbers.

use crate::media::Yuv;

use super::pixels::{even, index, signed};

/// A turn and an enlargement about a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Warp {
    /// The point that does not move.
    pub(super) middle: (i32, i32),
    /// In 1/256.
    pub(super) zoom: i32,
    /// In 1/65536 of a radian; clockwise when positive. Small angles only.
    pub(super) turn: i32,
}

/// A copy of one plane's rows.
struct Plane {
    samples: Vec<u8>,
    width: i32,
    height: i32,
}

impl Plane {
    /// The sample at a position in 1/256 of a pixel, mixed from its four neighbours; mirrored at the edges.
    fn at(&self, x: i32, y: i32) -> u8 {
        let (part_x, part_y) = (x & 255, y & 255);
        let (left, top) = (x >> 8, y >> 8);
        let row = |y: i32| {
            let start = mirrored(y, self.height) * self.width;
            let sample = |x: i32| {
                let at = index(start + mirrored(x, self.width));
                i32::from(self.samples.get(at).copied().unwrap_or(0))
            };
            sample(left) * (256 - part_x) + sample(left + 1) * part_x
        };
        let sum = row(top) * (256 - part_y) + row(top + 1) * part_y;
        u8::try_from((sum + 32_768) >> 16).unwrap_or(u8::MAX)
    }
}

/// Warps the rows from `top` to before `bottom`, which are even.
pub(super) fn warp(picture: &mut Yuv, (top, bottom): (i32, i32), warp: Warp) {
    each_plane(picture, (top, bottom), |samples, width, part| {
        let old = Plane {
            samples: samples.to_vec(),
            width,
            height: (bottom - top) / part,
        };
        let (x0, y0) = (warp.middle.0 / part, (warp.middle.1 - top) / part);
        let (sin, cos) = sine_and_cosine(warp.turn);
        // Divided by the zoom: it says where each sample comes from.
        let zoom = i64::from(warp.zoom.max(1));
        let (sin, cos) = (sin * 256 / zoom, cos * 256 / zoom);
        let mut out = samples.iter_mut();
        for y in 0..old.height {
            for (x, sample) in (0..width).zip(&mut out) {
                let (dx, dy) = (i64::from(x - x0), i64::from(y - y0));
                let from_x = (dx * cos + dy * sin) >> 8;
                let from_y = (dy * cos - dx * sin) >> 8;
                *sample = old.at(signed(from_x) + x0 * 256, signed(from_y) + y0 * 256);
            }
        }
    });
}

/// Blurs rows sideways: each sample becomes the mean of `radius` pixels to both sides.
pub(super) fn blur(picture: &mut Yuv, rows: (i32, i32), radius: i32) {
    each_plane(picture, rows, |samples, width, part| {
        let radius = (radius / part).min(width - 1);
        if radius < 1 {
            return;
        }
        for row in samples.chunks_exact_mut(index(width)) {
            let old = row.to_vec();
            let at = |x: i32| i32::from(old.get(index(x.clamp(0, width - 1))).copied().unwrap_or(0));
            let mut sum: i32 = (-radius..=radius).map(at).sum();
            for (x, sample) in (0..).zip(row) {
                *sample = u8::try_from(sum / (2 * radius + 1)).unwrap_or(u8::MAX);
                sum += at(x + radius + 1) - at(x - radius);
            }
        }
    });
}

/// Pushes the rows from `top` to before `bottom` to the right by `shift` pixels; `before`, a picture of the same size,
/// follows from the left.
pub(super) fn push(picture: &mut Yuv, (top, bottom): (i32, i32), before: &Yuv, shift: i32) {
    let mut sources = [&before.y, &before.u, &before.v].into_iter();
    each_plane(picture, (top, bottom), |samples, width, part| {
        let Some(before) = sources.next() else { return };
        let (wide, shift) = (index(width), index((even(shift) / part).clamp(0, width)));
        let start = index(top / part) * wide;
        let rows = before.get(start..).unwrap_or_default().chunks_exact(wide.max(1));
        for (row, other) in samples.chunks_exact_mut(wide.max(1)).zip(rows) {
            row.copy_within(..wide - shift, shift);
            row[..shift].copy_from_slice(&other[wide - shift..]);
        }
    });
}

/// Calls `change` with the rows of each plane, the width of the plane, and how many pixels wide a sample is.
fn each_plane(picture: &mut Yuv, (top, bottom): (i32, i32), mut change: impl FnMut(&mut [u8], i32, i32)) {
    let width = signed(picture.width);
    for (plane, part) in [(&mut picture.y, 1), (&mut picture.u, 2), (&mut picture.v, 2)] {
        let at = |row: i32| index(row / part * (width / part));
        if let Some(rows) = plane.get_mut(at(top)..at(bottom)) {
            change(rows, width / part, part);
        }
    }
}

/// In 1/65536, by the first terms of their series: exact enough for up to half a radian.
fn sine_and_cosine(turn: i32) -> (i64, i64) {
    let turn = i64::from(turn);
    let square = (turn * turn) >> 16;
    let sine = turn - ((turn * square) >> 16) / 6;
    let cosine = 65_536 - square / 2 + ((square * square) >> 16) / 24;
    (sine, cosine)
}

/// `at`, mirrored into 0 to before `side`.
fn mirrored(at: i32, side: i32) -> i32 {
    let period = (2 * side).max(1);
    let at = at.rem_euclid(period);
    if at < side { at } else { period - 1 - at }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture whose luma tells the column and whose chroma tells the row.
    fn board() -> Yuv {
        let mut board = Yuv::black(32, 16);
        for (at, y) in (0_u8..32).cycle().zip(&mut board.y) {
            *y = at * 8;
        }
        for (at, u) in board.u.iter_mut().enumerate() {
            *u = u8::try_from(at / 16 * 16).unwrap();
        }
        board
    }

    #[test]
    fn nothing_changes_outside_the_rows_or_without_a_cause() {
        let still = Warp {
            middle: (16, 8),
            zoom: 256,
            turn: 0,
        };
        let mut same = board();
        warp(&mut same, (0, 16), still);
        blur(&mut same, (0, 16), 0);
        push(&mut same, (0, 16), &Yuv::black(32, 16), 0);
        assert_eq!(same, board());
        let mut part = board();
        warp(&mut part, (4, 12), Warp { zoom: 512, ..still });
        assert_eq!(part.y[..4 * 32], board().y[..4 * 32]);
        assert_eq!(part.y[12 * 32..], board().y[12 * 32..]);
        assert_ne!(part.y[6 * 32..7 * 32], board().y[6 * 32..7 * 32]);
    }

    #[test]
    fn a_zoom_and_a_turn_move_what_is_off_the_middle() {
        let mut near = board();
        let middle = (16, 8);
        warp(
            &mut near,
            (0, 16),
            Warp {
                middle,
                zoom: 512,
                turn: 0,
            },
        );
        assert_eq!((near.y[8 * 32 + 16], near.y[8 * 32 + 24]), (128, 160));
        let mut turned = board();
        // After half a radian, what was right of the middle is below it.
        warp(
            &mut turned,
            (0, 16),
            Warp {
                middle,
                zoom: 256,
                turn: 32_768,
            },
        );
        assert_eq!(turned.y[8 * 32 + 16], 128);
        assert!(turned.y[2 * 32 + 16] < 110 && turned.y[14 * 32 + 16] > 145);
    }

    #[test]
    fn a_push_brings_the_other_picture() {
        let mut pushed = board();
        push(&mut pushed, (0, 16), &Yuv::black(32, 16), 10);
        assert_eq!((pushed.y[9], pushed.y[10], pushed.y[31]), (16, 0, 21 * 8));
    }

    #[test]
    fn a_blur_is_a_mean() {
        let mut soft = board();
        blur(&mut soft, (0, 16), 2);
        assert_eq!((soft.y[0], soft.y[16]), (4, 128));
    }
}

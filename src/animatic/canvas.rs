//! Draws rows, boxes, discs and other pictures into a picture.

use crate::media::{Color, Yuv};

use super::pixels::{even, index, signed};

/// A picture to draw on. Coordinates are pixels from the top left; nothing outside is drawn.
pub(super) struct Canvas<'picture> {
    picture: &'picture mut Yuv,
    /// Nothing is drawn outside these rows.
    clip: (i32, i32),
}

impl<'picture> Canvas<'picture> {
    pub(super) fn new(picture: &'picture mut Yuv) -> Self {
        let clip = (0, signed(picture.height));
        Self { picture, clip }
    }

    /// Limits drawing to the rows from `top` to before `bottom`.
    pub(super) fn clip(&mut self, top: i32, bottom: i32) {
        self.clip = (top.max(0), bottom.min(signed(self.picture.height)));
    }

    /// The picture itself, for effects that change what is already drawn.
    pub(super) fn picture(&mut self) -> &mut Yuv {
        self.picture
    }

    pub(super) fn width(&self) -> i32 {
        signed(self.picture.width)
    }

    /// Fills row `y` from `start` to before `end`.
    pub(super) fn span(&mut self, y: i32, start: i32, end: i32, color: Color) {
        if let Some(row) = self.luma(y, start, end) {
            row.fill(color.y);
        }
        if let Some((u, v)) = self.chroma(y, start, end) {
            u.fill(color.u);
            v.fill(color.v);
        }
    }

    /// Mixes `part` of 16 of the colour into row `y` from `start` to before `end`.
    pub(super) fn tint(&mut self, y: i32, start: i32, end: i32, color: Color, part: u8) {
        if let Some(row) = self.luma(y, start, end) {
            mix(row, color.y, part);
        }
        if let Some((u, v)) = self.chroma(y, start, end) {
            mix(u, color.u, part);
            mix(v, color.v, part);
        }
    }

    /// Fills a box.
    pub(super) fn fill(&mut self, (x, y): (i32, i32), (width, height): (i32, i32), color: Color) {
        for row in y..y + height {
            self.span(row, x, x + width, color);
        }
    }

    /// Mixes the colour into a box, as [`Self::tint`] does.
    pub(super) fn shade(&mut self, (x, y): (i32, i32), (width, height): (i32, i32), color: Color, part: u8) {
        for row in y..y + height {
            self.tint(row, x, x + width, color, part);
        }
    }

    /// Fills a disc.
    pub(super) fn disc(&mut self, (x, y): (i32, i32), radius: i32, color: Color) {
        for dy in -radius..=radius {
            let half = chord(radius, dy);
            self.span(y + dy, x - half, x + half, color);
        }
    }

    /// Mixes the colour into a disc, as [`Self::tint`] does.
    pub(super) fn glow(&mut self, (x, y): (i32, i32), radius: i32, color: Color, part: u8) {
        for dy in -radius..=radius {
            let half = chord(radius, dy);
            self.tint(y + dy, x - half, x + half, color, part);
        }
    }

    /// Mixes in `part` of 256 of another picture, whose corner is moved to even pixels.
    pub(super) fn lay(&mut self, (x, y): (i32, i32), other: &Yuv, part: i32) {
        let (x, y) = (even(x), even(y));
        let wide = signed(other.width).min(self.width() - x);
        if wide <= 0 || x < 0 || part <= 0 {
            return;
        }
        let (row, half) = (other.width as usize, other.width as usize / 2);
        for (at, luma) in (y..).zip(other.y.chunks_exact(row.max(1))) {
            if let Some(under) = self.luma(at, x, x + wide) {
                blend(under, luma, part);
            }
        }
        let chroma = other
            .u
            .chunks_exact(half.max(1))
            .zip(other.v.chunks_exact(half.max(1)));
        for (at, (other_u, other_v)) in (y..).step_by(2).zip(chroma) {
            if let Some((u, v)) = self.chroma(at, x, x + wide) {
                blend(u, other_u, part);
                blend(v, other_v, part);
            }
        }
    }

    /// Fills row `y` in each column of which the entry in `tops` is at or above `level`.
    pub(super) fn under(&mut self, y: i32, level: i32, tops: &[i16], color: Color) {
        let width = self.width();
        let Ok(level) = i16::try_from(level) else {
            return;
        };
        if let Some(row) = self.luma(y, 0, width) {
            for (sample, top) in row.iter_mut().zip(tops) {
                *sample = if *top <= level { color.y } else { *sample };
            }
        }
        if let Some((u, v)) = self.chroma(y, 0, width) {
            for ((u, v), top) in u.iter_mut().zip(v).zip(tops.iter().step_by(2)) {
                if *top <= level {
                    (*u, *v) = (color.u, color.v);
                }
            }
        }
    }

    fn luma(&mut self, y: i32, start: i32, end: i32) -> Option<&mut [u8]> {
        let width = self.width();
        let (start, end) = (start.clamp(0, width), end.clamp(0, width));
        if y < self.clip.0 || y >= self.clip.1 || start >= end {
            return None;
        }
        let row = index(y) * index(width);
        self.picture.y.get_mut(row + index(start)..row + index(end))
    }

    /// The chroma samples whose first pixel lies in the span.
    fn chroma(&mut self, y: i32, start: i32, end: i32) -> Option<(&mut [u8], &mut [u8])> {
        let width = self.width();
        let (start, end) = (start.clamp(0, width), end.clamp(0, width));
        if y % 2 != 0 || y < self.clip.0 || y >= self.clip.1 {
            return None;
        }
        let (first, behind) = (index((start + 1) / 2), index((end + 1) / 2));
        let row = index(y / 2) * index(width / 2);
        let range = row + first..row + behind.max(first);
        let u = self.picture.u.get_mut(range.clone())?;
        let v = self.picture.v.get_mut(range)?;
        Some((u, v))
    }
}

fn mix(samples: &mut [u8], value: u8, part: u8) {
    let (part, value) = (u16::from(part.min(16)), u16::from(value));
    for sample in samples {
        let mixed = (u16::from(*sample) * (16 - part) + value * part + 8) / 16;
        // The mean of two bytes fits a byte.
        *sample = mixed.to_be_bytes()[1];
    }
}

fn blend(under: &mut [u8], over: &[u8], part: i32) {
    let part = part.min(256);
    for (sample, other) in under.iter_mut().zip(over) {
        let mixed = i32::from(*sample) * (256 - part) + i32::from(*other) * part + 128;
        *sample = u8::try_from(mixed >> 8).unwrap_or(u8::MAX);
    }
}

/// Half the width of a disc at `dy` rows from its middle.
fn chord(radius: i32, dy: i32) -> i32 {
    let square = radius.saturating_mul(radius) - dy * dy;
    square.max(0).isqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RED: Color = Color { y: 81, u: 90, v: 240 };

    fn count(samples: &[u8], value: u8) -> usize {
        samples.iter().map(|sample| usize::from(*sample == value)).sum()
    }

    #[test]
    fn nothing_is_drawn_outside() {
        let mut picture = Yuv::black(16, 8);
        let mut canvas = Canvas::new(&mut picture);
        canvas.clip(2, 6);
        canvas.fill((-50, -50), (500, 500), RED);
        canvas.disc((400, -3), 30, RED);
        let reds: Vec<usize> = (0..8)
            .map(|row| count(&picture.y[row * 16..row * 16 + 16], 81))
            .collect();
        assert_eq!(reds, [0, 0, 16, 16, 16, 16, 0, 0]);
        assert_eq!(count(&picture.u, 90), 16);
    }

    #[test]
    fn a_tint_is_a_mean() {
        let mut picture = Yuv::black(4, 2);
        let mut canvas = Canvas::new(&mut picture);
        canvas.tint(
            0,
            0,
            2,
            Color {
                y: 216,
                u: 228,
                v: 28,
            },
            8,
        );
        assert_eq!((picture.y[0], picture.y[2]), (116, 16));
        assert_eq!((picture.u[0], picture.v[0], picture.u[1]), (178, 78, 128));
    }

    #[test]
    fn another_picture_is_laid_over_in_part_and_clipped() {
        let mut picture = Yuv::black(8, 4);
        let mut other = Yuv::black(4, 4);
        other.y.fill(216);
        other.u.fill(28);
        let mut canvas = Canvas::new(&mut picture);
        canvas.lay((7, 2), &other, 128);
        assert_eq!(
            (picture.y[2 * 8 + 5], picture.y[2 * 8 + 6], picture.y[8 + 6]),
            (16, 116, 16)
        );
        assert_eq!((picture.u[4 + 2], picture.u[4 + 3]), (128, 78));
    }

    #[test]
    fn a_ridge_fills_below_its_tops() {
        let mut picture = Yuv::black(4, 4);
        let mut canvas = Canvas::new(&mut picture);
        for y in 0..4 {
            canvas.under(y, y, &[0, 1, 2, 9], RED);
        }
        let columns: Vec<usize> = (0..4)
            .map(|x| (0..4).filter(|y| picture.y[y * 4 + x] == 81).count())
            .collect();
        assert_eq!(columns, [4, 3, 2, 0]);
    }
}

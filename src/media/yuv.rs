//! One uncompressed picture as video stores it: full luma, chroma at half the width and height.

use super::color::Coding;
use super::picture::Picture;

/// A picture in planar 4:2:0, limited range. Width and height are even, rows are without padding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Yuv {
    pub width: u32,
    pub height: u32,
    /// `width * height` bytes.
    pub y: Vec<u8>,
    /// `width / 2 * height / 2` bytes.
    pub u: Vec<u8>,
    /// As `u`.
    pub v: Vec<u8>,
}

/// A colour as its three samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Color {
    pub y: u8,
    pub u: u8,
    pub v: u8,
}

impl Color {
    /// `rgb` as a video of this size stores it.
    pub fn of(rgb: [u8; 3], width: u32, height: u32) -> Self {
        let [y, u, v] = Coding::guess(width, height).to_yuv(rgb);
        Self { y, u, v }
    }

    /// The colour `part` of `whole` of the way to `other`.
    pub fn towards(self, other: Self, part: u32, whole: u32) -> Self {
        let whole = whole.max(1);
        let part = part.min(whole);
        let mix = |from: u8, to: u8| {
            let sum = u32::from(from) * (whole - part) + u32::from(to) * part;
            u8::try_from((sum + whole / 2) / whole).unwrap_or(to)
        };
        Self {
            y: mix(self.y, other.y),
            u: mix(self.u, other.u),
            v: mix(self.v, other.v),
        }
    }
}

impl Yuv {
    /// A black picture; odd sizes are rounded up to even ones.
    pub fn black(width: u32, height: u32) -> Self {
        let (width, height) = (width.next_multiple_of(2), height.next_multiple_of(2));
        let luma = width as usize * height as usize;
        Self {
            width,
            height,
            y: vec![16; luma],
            u: vec![128; luma / 4],
            v: vec![128; luma / 4],
        }
    }

    /// `picture` as a video of `width` × `height` stores it; a last odd column or row is left out.
    pub fn of(picture: &Picture, (width, height): (u32, u32)) -> Self {
        let coding = Coding::guess(width, height);
        let mut yuv = Self::black(picture.width / 2 * 2, picture.height / 2 * 2);
        let row = picture.width as usize * 3;
        let (wide, half) = (yuv.width as usize, yuv.width as usize / 2);
        for (pair, rows) in picture.rgb.chunks_exact((row * 2).max(1)).enumerate() {
            for column in 0..half {
                let mut sums = [0_u32; 2];
                for (at, from) in [0, 3, row, row + 3].into_iter().enumerate() {
                    let from = from + column * 6;
                    let Some([red, green, blue]) = rows.get(from..from + 3) else {
                        continue;
                    };
                    let [luma, u, v] = coding.to_yuv([*red, *green, *blue]);
                    yuv.y[(pair * 2 + at / 2) * wide + column * 2 + at % 2] = luma;
                    sums[0] += u32::from(u);
                    sums[1] += u32::from(v);
                }
                let [u, v] = sums.map(|sum| u8::try_from((sum + 2) / 4).unwrap_or(128));
                (yuv.u[pair * half + column], yuv.v[pair * half + column]) = (u, v);
            }
        }
        yuv
    }

    /// The picture in RGB, its colours coded as players guess by its size.
    pub fn picture(&self) -> Picture {
        self.picture_of(Coding::guess(self.width, self.height))
    }

    /// The picture in RGB.
    pub(super) fn picture_of(&self, coding: Coding) -> Picture {
        let width = self.width as usize;
        let mut rgb = Vec::with_capacity(width * self.height as usize * 3);
        for (row, luma) in self.y.chunks_exact(width.max(1)).enumerate() {
            let chroma = row / 2 * (width / 2)..;
            let colors = self.u[chroma.clone()].iter().zip(&self.v[chroma]);
            for (pair, (u, v)) in luma.chunks_exact(2).zip(colors) {
                for sample in pair {
                    rgb.extend_from_slice(&coding.to_rgb([*sample, *u, *v]));
                }
            }
        }
        Picture {
            width: self.width,
            height: self.height,
            rgb,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_block_of_colour_stays_in_its_place() {
        let mut yuv = Yuv::black(8, 4);
        let red = Color::of([255, 0, 0], 8, 4);
        for at in [2 * 8 + 4, 2 * 8 + 5, 3 * 8 + 4, 3 * 8 + 5] {
            yuv.y[at] = red.y;
        }
        yuv.u[4 + 2] = red.u;
        yuv.v[4 + 2] = red.v;
        let picture = yuv.picture();
        for (at, rgb) in picture.rgb.chunks_exact(3).enumerate() {
            let inside = (4..6).contains(&(at % 8)) && (2..4).contains(&(at / 8));
            assert_eq!(rgb[0] > 250, inside, "pixel {at}: {rgb:?}");
            assert!(rgb[1] < 5 && rgb[2] < 5, "pixel {at}: {rgb:?}");
        }
    }

    #[test]
    fn a_picture_comes_back_from_video() {
        let halves = |x: u32| if x < 4 { [200, 40, 30] } else { [20, 90, 220] };
        let picture = Picture {
            width: 9,
            height: 5,
            rgb: (0..45).flat_map(|at| halves(at % 9)).collect(),
        };
        let back = Yuv::of(&picture, (864, 496)).picture();
        assert_eq!((back.width, back.height), (8, 4));
        for (at, rgb) in (0_u32..).zip(back.rgb.chunks_exact(3)) {
            let off = halves(at % 8).iter().zip(rgb).map(|(a, b)| a.abs_diff(*b)).max();
            assert!(off <= Some(4), "pixel {at}: {rgb:?}");
        }
    }

    #[test]
    fn half_way_between_colours_is_half_way() {
        let (black, white) = (
            Color {
                y: 16,
                u: 100,
                v: 128,
            },
            Color {
                y: 235,
                u: 140,
                v: 128,
            },
        );
        assert_eq!(
            black.towards(white, 1, 2),
            Color {
                y: 126,
                u: 120,
                v: 128
            }
        );
        assert_eq!(black.towards(white, 9, 2), white);
    }
}

//! Converts between RGB and the limited-range YUV of video, in whole numbers, so that every machine gets the same bytes.

/// The weights that a video's colours were mixed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Matrix {
    Bt601,
    Bt709,
}

/// How the colours of a video are coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Coding {
    pub(super) matrix: Matrix,
    /// Samples go from 0 to 255 instead of from 16 to 235.
    pub(super) is_full: bool,
}

/// Weights of red, green and blue in Y, U and V, in 1/65536.
type Forward = [[i32; 3]; 3];
/// Weights of luma, V in red, U in green, V in green, U in blue, in 1/65536.
type Backward = [i32; 5];

const FORWARD_601: Forward = [
    [16_829, 33_039, 6_416],
    [-9_713, -19_071, 28_784],
    [28_784, -24_103, -4_681],
];
const FORWARD_709: Forward = [
    [11_966, 40_254, 4_064],
    [-6_595, -22_189, 28_784],
    [28_784, -26_145, -2_639],
];
const BACKWARD_601: Backward = [76_309, 104_597, 25_675, 53_279, 132_201];
const BACKWARD_709: Backward = [76_309, 117_489, 13_975, 34_925, 138_438];
const FULL_601: Backward = [65_536, 91_881, 22_554, 46_802, 116_130];
const FULL_709: Backward = [65_536, 103_206, 12_276, 30_679, 121_609];
const HALF: i32 = 1 << 15;

impl Matrix {
    /// HD is BT.709, smaller is BT.601.
    pub(super) const fn guess(width: u32, height: u32) -> Self {
        if width >= 1280 || height > 576 {
            Self::Bt709
        } else {
            Self::Bt601
        }
    }
}

impl Coding {
    /// What players take a video of this size for when it does not say.
    pub(super) const fn guess(width: u32, height: u32) -> Self {
        Self {
            matrix: Matrix::guess(width, height),
            is_full: false,
        }
    }

    /// The samples of a colour; never of full range, because rushes encodes no such video.
    pub(super) fn to_yuv(self, [red, green, blue]: [u8; 3]) -> [u8; 3] {
        let weights = match self.matrix {
            Matrix::Bt601 => FORWARD_601,
            Matrix::Bt709 => FORWARD_709,
        };
        let mix = |[r, g, b]: [i32; 3], base: i32| {
            byte(base + ((r * i32::from(red) + g * i32::from(green) + b * i32::from(blue) + HALF) >> 16))
        };
        [mix(weights[0], 16), mix(weights[1], 128), mix(weights[2], 128)]
    }

    pub(super) fn to_rgb(self, [luma, u, v]: [u8; 3]) -> [u8; 3] {
        let (weights, black) = match (self.matrix, self.is_full) {
            (Matrix::Bt601, false) => (BACKWARD_601, 16),
            (Matrix::Bt709, false) => (BACKWARD_709, 16),
            (Matrix::Bt601, true) => (FULL_601, 0),
            (Matrix::Bt709, true) => (FULL_709, 0),
        };
        let [wy, v_red, u_green, v_green, u_blue] = weights;
        let base = (i32::from(luma) - black) * wy + HALF;
        let (u, v) = (i32::from(u) - 128, i32::from(v) - 128);
        [
            byte((base + v_red * v) >> 16),
            byte((base - u_green * u - v_green * v) >> 16),
            byte((base + u_blue * u) >> 16),
        ]
    }
}

fn byte(value: i32) -> u8 {
    u8::try_from(value.clamp(0, 255)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn black_white_and_grey_are_exact() {
        for matrix in [Matrix::Bt601, Matrix::Bt709] {
            let coding = Coding {
                matrix,
                is_full: false,
            };
            assert_eq!(coding.to_yuv([0, 0, 0]), [16, 128, 128]);
            assert_eq!(coding.to_yuv([255, 255, 255]), [235, 128, 128]);
            assert_eq!(coding.to_rgb([16, 128, 128]), [0, 0, 0]);
            assert_eq!(coding.to_rgb([235, 128, 128]), [255, 255, 255]);
            let full = Coding {
                matrix,
                is_full: true,
            };
            for grey in [0, 16, 128, 235, 255] {
                assert_eq!(full.to_rgb([grey, 128, 128]), [grey; 3]);
            }
        }
    }

    #[test]
    fn a_colour_survives_there_and_back() {
        for matrix in [Matrix::Bt601, Matrix::Bt709] {
            let coding = Coding {
                matrix,
                is_full: false,
            };
            for red in (0..=255).step_by(51) {
                for green in (0..=255).step_by(51) {
                    for blue in (0..=255).step_by(51) {
                        let rgb = [red, green, blue];
                        let back = coding.to_rgb(coding.to_yuv(rgb));
                        let off = rgb.iter().zip(back).map(|(a, b)| a.abs_diff(b)).max();
                        assert!(off <= Some(3), "{matrix:?} {rgb:?} came back as {back:?}");
                    }
                }
            }
        }
    }
}

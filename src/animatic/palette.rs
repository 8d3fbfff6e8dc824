//! The colours of a card.

use crate::media::Color;

use super::random::Random;

/// One card's colours, from the back of the picture to its front.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Palette {
    pub(super) sky_high: Color,
    pub(super) sky_low: Color,
    pub(super) sun: Color,
    pub(super) far: Color,
    pub(super) mid: Color,
    pub(super) near: Color,
    pub(super) accent: Color,
    /// Bars behind letters.
    pub(super) bar: Color,
    /// Letters on bars.
    pub(super) ink: Color,
    /// Lesser letters on bars.
    pub(super) dim: Color,
}

/// High sky, low sky, sun, far, mid, near and accent at dusk, at dawn, in neon, noir, forest, desert, ice, rose, storm,
/// ember, lagoon and a violet night.
const ALL: [[u32; 7]; 12] = [
    [
        0x1b_1b3a, 0xf0_8a5d, 0xff_d480, 0x8a_4b6e, 0x4d_2c5b, 0x1c_112b, 0xff_7a62,
    ],
    [
        0x7f_b8cc, 0xfd_e2c4, 0xff_f6e0, 0x9f_b8ad, 0x5f_8a8b, 0x1f_3d45, 0xf4_a259,
    ],
    [
        0x0b_1026, 0x54_228a, 0xff_3d92, 0x35_3585, 0x1e_1e58, 0x09_0920, 0x17_d9f2,
    ],
    [
        0x26_2a31, 0x8d_99a6, 0xe9_eef2, 0x62_6d78, 0x3d_454e, 0x14_171b, 0xe2_4a5a,
    ],
    [
        0x8c_b87a, 0xf1_f0cc, 0xff_f9de, 0x7f_a071, 0x44_683f, 0x18_2b1c, 0xf2_b134,
    ],
    [
        0x4a_90b8, 0xf9_d5a7, 0xff_f2d2, 0xd9_9a6c, 0xa9_5c38, 0x4a_2318, 0x35_c9bb,
    ],
    [
        0x27_4060, 0xc3_dfe6, 0xff_ffff, 0x8f_b3c4, 0x4f_7c96, 0x16_3142, 0xff_a733,
    ],
    [
        0x43_2e54, 0xf7_b2ad, 0xff_e8de, 0xb0_7079, 0x6d_3b4b, 0x29_1723, 0x9a_dca0,
    ],
    [
        0x1f_2a30, 0x84_9596, 0xd6_dedd, 0x5a_6b6f, 0x34_474d, 0x0f_171b, 0xf6_d743,
    ],
    [
        0x18_0a10, 0xa0_3510, 0xff_b627, 0x6a_1f0e, 0x3a_110c, 0x14_0606, 0xff_c94a,
    ],
    [
        0x05_668d, 0xa8_e6cf, 0xfd_ffc4, 0x3c_a7a0, 0x1b_7f83, 0x06_303a, 0xff_8a66,
    ],
    [
        0x0d_0a26, 0x56_459b, 0xf2_e9e4, 0x41_3580, 0x26_1e55, 0x0b_071c, 0xf4_a3f5,
    ],
];

/// Palettes for this many cards in a random order; neighbours always differ.
pub(super) fn palettes(random: &mut Random, cards: usize, (width, height): (u32, u32)) -> Vec<Palette> {
    let count = ALL.len();
    let first = random.pick(12);
    // These steps have no factor in common with 12, so that all twelve are used before one is used again.
    let step = if random.chance(1, 2) { 5 } else { 7 };
    (0..cards)
        .filter_map(|card| ALL.get((first + card * step) % count))
        .map(|row| palette(*row, width, height))
        .collect()
}

fn palette(row: [u32; 7], width: u32, height: u32) -> Palette {
    let [sky_high, sky_low, sun, far, mid, near, accent] = row.map(|hex| {
        let [_, red, green, blue] = hex.to_be_bytes();
        Color::of([red, green, blue], width, height)
    });
    let black = Color::of([10, 10, 12], width, height);
    let ink = Color::of([244, 241, 234], width, height);
    Palette {
        sky_high,
        sky_low,
        sun,
        far,
        mid,
        near,
        accent,
        bar: near.towards(black, 3, 4),
        ink,
        dim: ink.towards(black, 2, 5),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_differ_and_letters_stand_out() {
        for seed in 0..40 {
            let palettes = palettes(&mut Random::new("kite", seed), 20, (864, 496));
            assert_eq!(palettes.len(), 20);
            assert!(palettes.windows(2).all(|two| two[0] != two[1]));
            for palette in palettes {
                for letters in [palette.ink, palette.dim, palette.accent] {
                    let contrast = i32::from(letters.y) - i32::from(palette.bar.y);
                    assert!(contrast > 60, "seed {seed}: {palette:?}");
                }
            }
        }
    }
}

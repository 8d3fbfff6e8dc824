//! The colours that a terminal of each depth has, and the nearest of them.

use std::sync::LazyLock;

use super::grid::Ink;
use super::look::Depth;
use super::stats::Color;

/// The sixteen as xterm shows them; users change them.
const SIXTEEN: [[u8; 3]; 16] = [
    [0, 0, 0],
    [205, 0, 0],
    [0, 205, 0],
    [205, 205, 0],
    [0, 0, 238],
    [205, 0, 205],
    [0, 205, 205],
    [229, 229, 229],
    [127, 127, 127],
    [255, 0, 0],
    [0, 255, 0],
    [255, 255, 0],
    [92, 92, 255],
    [255, 0, 255],
    [0, 255, 255],
    [255, 255, 255],
];

const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// The colour of an index, as xterm shows it.
pub fn rgb(ink: Ink) -> [u8; 3] {
    match ink {
        Ink::Rgb(rgb) => rgb,
        Ink::Index(n @ 0..16) => SIXTEEN[usize::from(n)],
        Ink::Index(n @ 16..232) => {
            let n = usize::from(n - 16);
            [n / 36, n / 6 % 6, n % 6].map(|step| STEPS[step])
        }
        Ink::Index(n) => [8 + 10 * (n - 232); 3],
    }
}

/// [`rgb`] to reckon with.
pub(super) fn color(ink: Ink) -> Color {
    match ink {
        Ink::Rgb(rgb) => rgb.map(f32::from),
        Ink::Index(index) => ALL[usize::from(index)].1,
    }
}

/// Every colour that has an index.
static ALL: LazyLock<[([u8; 3], Color); 256]> = LazyLock::new(|| {
    std::array::from_fn(|index| {
        let rgb = rgb(Ink::Index(u8::try_from(index).unwrap_or_default()));
        (rgb, rgb.map(f32::from))
    })
});

/// How different two colours look, weighed by what the eye sees most of.
fn distance(a: [u8; 3], b: [u8; 3]) -> u32 {
    let weights = [3, 5, 2];
    (0..3)
        .map(|i| weights[i] * u32::from(a[i].abs_diff(b[i])).pow(2))
        .sum()
}

/// Bits of each channel in the table of the sixteen.
const BITS: u32 = 4;

/// The nearest of the sixteen for every colour of four bits a channel.
static OF_16: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let part = |at: u32| u8::try_from((at & 15) * 17).unwrap_or(u8::MAX);
    let nearest = |at: u32| {
        let own = [part(at >> (2 * BITS)), part(at >> BITS), part(at)];
        let by_distance = |index: &u8| distance(own, rgb(Ink::Index(*index)));
        (0..16).min_by_key(by_distance).unwrap_or_default()
    };
    (0..1 << (3 * BITS)).map(nearest).collect()
});

/// The nearest colour that `depth` has; without colours it is left as it is.
pub(super) fn nearest(own: Color, depth: Depth) -> Ink {
    let own = own.map(sample);
    match depth {
        Depth::None | Depth::Truecolor => Ink::Rgb(own),
        Depth::Ansi256 => Ink::Index(nearest_256(own)),
        Depth::Ansi16 => {
            let at = own.iter().fold(0, |at, value| {
                let rounded = (usize::from(*value) + 8) / 17;
                at << BITS | rounded
            });
            Ink::Index(OF_16.get(at).copied().unwrap_or_default())
        }
    }
}

fn nearest_256(own: [u8; 3]) -> u8 {
    // In the middle between two steps the lower one is nearer by half.
    let step = |value: u8| match value {
        0..48 => 0,
        48..=115 => 1,
        116..=155 => 2,
        156..=195 => 3,
        196..=235 => 4,
        _ => 5,
    };
    let [r, g, b] = own.map(step);
    let cube = 16 + 36 * r + 6 * g + b;
    let grey = 232 + u8::try_from((mean(own).saturating_sub(3) / 10).min(23)).unwrap_or(23);
    let off = |index: u8| distance(own, ALL[usize::from(index)].0);
    let is_grey = off(grey) < off(cube);
    if is_grey { grey } else { cube }
}

/// The colours with which `own` can be mixed, the nearest first: the corners of the cube around it and two greys, or those of
/// the sixteen.
pub(super) fn around(own: Color, depth: Depth) -> [(Ink, Color); 10] {
    let samples = own.map(sample);
    let mut inks = [0; 16];
    let count = if depth == Depth::Ansi16 {
        inks = std::array::from_fn(|index| u8::try_from(index).unwrap_or_default());
        16
    } else {
        let step = |value: u8| STEPS[1..5].partition_point(|step| *step <= value);
        let below = samples.map(|value| u8::try_from(step(value)).unwrap_or(4));
        for (corner, ink) in (0_u8..8).zip(&mut inks) {
            let [r, g, b] = [0, 1, 2].map(|c| below[c] + (corner >> c & 1));
            *ink = 16 + 36 * r + 6 * g + b;
        }
        let grey = 232 + u8::try_from((mean(samples).saturating_sub(8) / 10).min(22)).unwrap_or(22);
        [inks[8], inks[9]] = [grey, grey + 1];
        10
    };
    let mut near = [(u32::MAX, 0); 16];
    for (near, index) in near.iter_mut().zip(&inks[..count]) {
        *near = (distance(samples, ALL[usize::from(*index)].0), *index);
    }
    near.sort_unstable();
    std::array::from_fn(|at| {
        let ink = Ink::Index(near[at].1);
        (ink, color(ink))
    })
}

/// How bright a colour is, by the weights of [`distance`].
fn mean([r, g, b]: [u8; 3]) -> u16 {
    (3 * u16::from(r) + 5 * u16::from(g) + 2 * u16::from(b)) / 10
}

/// A value rounded to a sample.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is inside the range"
)]
fn sample(value: f32) -> u8 {
    (value + 0.5).clamp(0.0, 255.0) as u8
}

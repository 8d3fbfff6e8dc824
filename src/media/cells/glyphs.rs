//! The glyphs of each shape, and which part of a cell each one covers.

use std::sync::LazyLock;

use super::look::Shape;
use super::sample::DOWN;

/// Halves of rows: bit `2 * row + side`.
type Mask = u32;

/// Where sextants end, in samples down a cell of 16: the rows of real fonts.
const THIRDS: [usize; 4] = [0, 5, 11, DOWN];

/// The areas from whose sums the sum of every glyph is made, as masks: six sextants, the quadrants, and rows in pairs.
pub(super) const AREAS: usize = 18;

/// Two glyphs that divide a cell in the same way, with foreground and background exchanged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pair {
    pub(super) glyph: char,
    /// The glyph that covers the rest, where there is one.
    pub(super) inverse: Option<char>,
    /// Which of the areas `glyph` covers, as bits.
    pub(super) areas: u32,
    /// How many samples `glyph` covers.
    pub(super) size: f32,
}

/// Samples in a cell.
pub(super) const WHOLE: f32 = 64.0;

fn rows(from: usize, to: usize, sides: Mask) -> Mask {
    (from..to).fold(0, |mask, row| mask | sides << (2 * row))
}

/// The masks of the areas.
static MASKS: LazyLock<[Mask; AREAS]> = LazyLock::new(|| {
    let mut masks = [0; AREAS];
    for part in 0..6 {
        masks[part] = rows(THIRDS[part / 2], THIRDS[part / 2 + 1], 1 << (part % 2));
    }
    for part in 0..4 {
        masks[6 + part] = rows(part / 2 * 8, part / 2 * 8 + 8, 1 << (part % 2));
    }
    for pair in 0..8 {
        masks[10 + pair] = rows(2 * pair, 2 * pair + 2, 3);
    }
    masks
});

fn pair(glyph: char, inverse: Option<char>, areas: u32) -> Pair {
    let covered = (0..AREAS).filter(|area| areas >> area & 1 == 1);
    let bits: u32 = covered.map(|area| MASKS[area].count_ones()).sum();
    // A bit stands for the samples of half a row.
    let size = f32::from(u16::try_from(bits).unwrap_or(0)) * (WHOLE / 32.0);
    Pair {
        glyph,
        inverse,
        areas,
        size,
    }
}

/// The quadrants, by bits: upper left 1, upper right 2, lower left 4, lower right 8.
const QUADRANTS: [char; 16] = [
    ' ', '▘', '▝', '▀', '▖', '▌', '▞', '▛', '▗', '▚', '▐', '▜', '▄', '▙', '▟', '█',
];

/// The sextant of these parts, the upper left first. (Unicode 13, U+1FB00 to U+1FB3B: the full block, the halves and the
/// empty cell have characters of their own.)
fn sextant(parts: u32) -> char {
    match parts {
        0 => ' ',
        21 => '▌',
        42 => '▐',
        63 => '█',
        _ => {
            let skipped = u32::from(parts > 21) + u32::from(parts > 42);
            char::from_u32(0x1_fb00 + parts - 1 - skipped).unwrap_or(' ')
        }
    }
}

/// The lower eighths that no other shape has, the inverse of which no font has.
const EIGHTHS: [(char, u32); 6] = [('▁', 1), ('▂', 2), ('▃', 3), ('▅', 5), ('▆', 6), ('▇', 7)];

fn eighths() -> impl Iterator<Item = Pair> {
    EIGHTHS
        .into_iter()
        .map(|(glyph, pairs)| pair(glyph, None, ((1 << pairs) - 1) << (18 - pairs)))
}

/// Those quadrants of the given parts.
fn quadrants(parts: &[u32]) -> impl Iterator<Item = Pair> {
    parts.iter().map(|parts| {
        let glyph = |parts: u32| QUADRANTS[parts as usize & 15];
        pair(glyph(*parts), Some(glyph(15 - parts)), parts << 6)
    })
}

static HALVES: LazyLock<Vec<Pair>> = LazyLock::new(|| quadrants(&[0, 3]).collect());

static QUARTERS: LazyLock<Vec<Pair>> =
    LazyLock::new(|| quadrants(&[0, 1, 2, 3, 4, 5, 6, 7]).chain(eighths()).collect());

static SIXTHS: LazyLock<Vec<Pair>> = LazyLock::new(|| {
    let own = (0..32).map(|parts| pair(sextant(parts), Some(sextant(63 - parts)), parts));
    own.chain(quadrants(&[1, 2, 3, 4, 6, 7]))
        .chain(eighths())
        .collect()
});

/// The glyphs of a shape, the empty cell first. ASCII has that alone.
pub(super) fn of(shape: Shape) -> &'static [Pair] {
    match shape {
        Shape::Half => &HALVES,
        Shape::Quadrant => &QUARTERS,
        Shape::Sextant => &SIXTHS,
        Shape::Ascii => &EMPTY,
    }
}

static EMPTY: [Pair; 1] = [Pair {
    glyph: ' ',
    inverse: None,
    areas: 0,
    size: 0.0,
}];

/// Glyphs that mix both colours all over the cell, and how much of the foreground is in them.
pub(super) const SHADES: [(char, f32); 3] = [('░', 0.25), ('▒', 0.5), ('▓', 0.75)];

/// Which areas the left or the right half (`side`) of a row of a cell belongs to.
pub(super) fn areas_at(side: usize, row: usize) -> [usize; 3] {
    let third = usize::from(row >= THIRDS[1]) + usize::from(row >= THIRDS[2]);
    [third * 2 + side, 6 + row / 8 * 2 + side, 10 + row / 2]
}

/// How much of the sample at `column`, `row` a glyph covers.
#[cfg(test)]
pub(super) fn covered(glyph: char, column: usize, row: usize) -> f64 {
    if let Some((_, part)) = SHADES.iter().find(|(shade, _)| *shade == glyph) {
        return f64::from(*part);
    }
    let side = column * 2 / super::sample::ACROSS;
    let is_covered = |pair: &Pair| areas_at(side, row).iter().any(|area| pair.areas >> area & 1 == 1);
    let all = || QUARTERS.iter().chain(SIXTHS.iter());
    let straight = all().find(|pair| pair.glyph == glyph).map(is_covered);
    let turned = || {
        all()
            .find(|pair| pair.inverse == Some(glyph))
            .map(|pair| !is_covered(pair))
    };
    f64::from(u8::from(straight.or_else(turned).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask(pair: &Pair) -> Mask {
        let areas = (0..AREAS).filter(|area| pair.areas >> area & 1 == 1);
        areas.fold(0, |mask, area| {
            assert_eq!(mask & MASKS[area], 0, "{} covers a place twice", pair.glyph);
            mask | MASKS[area]
        })
    }

    #[test]
    fn no_glyph_is_there_twice_under_two_names() {
        for (shape, glyphs) in [(Shape::Half, 4), (Shape::Quadrant, 22), (Shape::Sextant, 82)] {
            let mut masks = Vec::new();
            let mut chars = Vec::new();
            for pair in of(shape) {
                masks.extend(
                    [Some(mask(pair)), pair.inverse.map(|_| !mask(pair))]
                        .into_iter()
                        .flatten(),
                );
                chars.extend([Some(pair.glyph), pair.inverse].into_iter().flatten());
            }
            assert_eq!((masks.len(), chars.len()), (glyphs, glyphs), "{shape:?}");
            for all in [&mut masks, &mut chars.iter().map(|c| u32::from(*c)).collect()] {
                all.sort_unstable();
                all.dedup();
                assert_eq!(all.len(), glyphs, "{shape:?}");
            }
        }
    }

    #[test]
    fn the_names_of_unicode() {
        // BLOCK SEXTANT-1, BLOCK SEXTANT-12345, BLOCK SEXTANT-23456
        assert_eq!((sextant(1), sextant(31), sextant(62)), ('🬀', '🬝', '🬻'));
        assert_eq!(QUADRANTS[1 | 2 | 4], '▛');
    }

    #[test]
    fn a_sample_lies_in_the_areas_that_cover_it() {
        for row in 0..DOWN {
            for side in 0..2 {
                let bit = 1 << (2 * row + side);
                for area in areas_at(side, row) {
                    assert!(MASKS[area] & bit != 0, "{side} {row} {area}");
                }
            }
        }
    }
}

//! Draws a cell without colours: the letter whose ink is most like the brightness of its upper and lower half.

use super::grid::Cell;
use super::stats::Stats;

/// Letters with the ink in their upper and lower half, in 255ths of the fullest, as in usual fonts on a dark ground.
const INKS: [(char, u8, u8); 22] = [
    (' ', 0, 0),
    ('.', 0, 40),
    ('\'', 40, 0),
    (',', 5, 60),
    ('"', 80, 5),
    (':', 50, 50),
    ('_', 0, 85),
    ('-', 75, 75),
    ('^', 110, 20),
    ('=', 110, 110),
    ('+', 135, 135),
    ('o', 70, 150),
    ('Y', 160, 100),
    ('*', 165, 150),
    ('m', 80, 200),
    ('P', 200, 110),
    ('b', 150, 200),
    ('F', 185, 130),
    ('#', 200, 200),
    ('%', 225, 225),
    ('g', 150, 245),
    ('@', 255, 255),
];

/// The letter of one cell. `dither` is added to its brightness.
pub(super) fn letter(stats: &Stats, dither: f32) -> Cell {
    let halves = stats
        .halves()
        .map(|[r, g, b]| 0.3 * r + 0.6 * g + 0.1 * b + dither);
    let off = |(_, upper, lower): &(char, u8, u8)| {
        let [upper, lower] = [halves[0] - f32::from(*upper), halves[1] - f32::from(*lower)];
        // The whole brightness counts as much as that of each half.
        upper * upper + lower * lower + (upper + lower) * (upper + lower) * 0.5
    };
    let nearest = INKS.iter().min_by(|a, b| off(a).total_cmp(&off(b)));
    Cell {
        glyph: nearest.map_or(' ', |(letter, ..)| *letter),
        ..Cell::EMPTY
    }
}

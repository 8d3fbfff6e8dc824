//! What a cell that is on the screen loses of a newer picture, when it stays as it is.

use super::choose::{Chosen, PATTERN, split, wanted};
use super::glyphs::{self, SHADES, WHOLE};
use super::grid::{Cell, Ink};
use super::look::Shape;
use super::palette;
use super::stats::{Color, Stats};

/// The cell as it is, with what it loses of `stats`; `None` when it was not drawn in this shape.
pub(super) fn keep(stats: &Stats, cell: Cell, shape: Shape, shift: Color) -> Option<Chosen> {
    let side = |ink: Option<Ink>| ink.map(palette::color);
    let spread: f32 = (0..3).map(|c| stats.spread[c] * stats.weight[c]).sum();
    let mean = [0, 1, 2].map(|c| (stats.total[c] / WHOLE + shift[c]).clamp(0.0, 255.0));
    let chosen = |wanted: [Color; 2], size: f32, cost: f32| Chosen {
        cell,
        sets: [false; 2],
        wanted,
        sizes: [size, WHOLE - size],
        cost,
    };
    let off = |shown: Color, wanted: Color| -> f32 {
        let off = (0..3).map(|c| (shown[c] - wanted[c]) * (shown[c] - wanted[c]) * stats.weight[c]);
        off.sum()
    };
    if matches!(cell.glyph, ' ' | '█') {
        let size = if cell.glyph == ' ' { 0.0 } else { WHOLE };
        let ink = if cell.glyph == ' ' { cell.bg } else { cell.fg };
        let lost = spread + WHOLE * off(side(ink)?, mean);
        return Some(chosen([mean; 2], size, lost));
    }
    let (front, back) = (side(cell.fg)?, side(cell.bg)?);
    if let Some((_, part)) = SHADES.iter().find(|(shade, _)| *shade == cell.glyph) {
        let mixed = [0, 1, 2].map(|c| back[c] + (front[c] - back[c]) * part);
        let pattern = off(front, back) * part * (1.0 - part) * PATTERN;
        let lost = spread + WHOLE * (off(mixed, mean) + pattern);
        return Some(chosen([mean; 2], WHOLE * part, lost));
    }
    let mut pairs = glyphs::of(shape).iter();
    let pair = pairs.find(|pair| pair.glyph == cell.glyph || pair.inverse == Some(cell.glyph))?;
    let parts = split(stats, pair);
    let ([mut ahead, mut behind], mut size) = (wanted(stats, &parts, shift), pair.size);
    if pair.glyph != cell.glyph {
        (ahead, behind, size) = (behind, ahead, WHOLE - size);
    }
    let lost = parts.lost + size * off(front, ahead) + (WHOLE - size) * off(back, behind);
    Some(chosen([ahead, behind], size, lost))
}

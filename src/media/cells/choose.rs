//! Chooses the glyph and the two colours of each cell: those with the least sum of what is lost of the picture and what the
//! bytes are worth.

use super::encode::{Told, length};
use super::glyphs::{self, Pair, SHADES, WHOLE};
use super::grid::{Cell, Ink};
use super::look::{Depth, Look, Shape};
use super::palette;
use super::stats::{Color, Stats};

/// The escape, the bracket and the letter around colours.
const SEQUENCE: f32 = 3.0;

/// How far the two colours of a cell may be moved apart, so that it keeps its contrast although two colours show less.
const MAX_BOOST: f32 = 1.15;

/// How visible the pattern of a shade is, against an error of the same size.
pub(super) const PATTERN: f32 = 0.12;

/// The fewest bytes of a glyph that has two sides.
const MIN_GLYPH: f32 = 3.0;

/// The most pairs of glyphs that a shape has.
const MAX_PAIRS: usize = 48;

/// A cell, and why it is so.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chosen {
    pub(super) cell: Cell,
    /// Whether the foreground and the background are set here, rather than reused.
    pub(super) sets: [bool; 2],
    /// The colours that both should have.
    pub(super) wanted: [Color; 2],
    /// How many samples they fill.
    pub(super) sizes: [f32; 2],
    /// Losses and bytes together.
    pub(super) cost: f32,
}

/// Chooses the cell of `stats`. `told` are the colours that the terminal knows, and `shift` is added to the colours sought.
pub(super) fn choose(stats: &Stats, told: Told, look: Look, shift: Color) -> Chosen {
    let chooser = Chooser {
        stats,
        told,
        look,
        shift,
    };
    chooser.choose()
}

struct Chooser<'a> {
    stats: &'a Stats,
    told: Told,
    look: Look,
    shift: Color,
}

/// What one side of a glyph is painted with.
#[derive(Debug, Clone, Copy)]
struct Side {
    ink: Option<Ink>,
    is_new: bool,
    cost: f32,
}

/// A cell divided in two.
#[derive(Debug, Clone, Copy)]
pub(super) struct Split {
    means: [Color; 2],
    /// What two colours cannot show.
    pub(super) lost: f32,
    /// How much of the spread they show, all channels together.
    shown: f32,
}

impl Chooser<'_> {
    fn choose(&self) -> Chosen {
        let pairs = glyphs::of(self.look.shape);
        let mut lost = [f32::INFINITY; MAX_PAIRS];
        for (lost, pair) in lost.iter_mut().zip(pairs) {
            *lost = self.split(pair).lost;
        }
        let is_exact = self.look.depth == Depth::Truecolor;
        let tries = match (self.look.is_fast, is_exact) {
            (true, _) => 4,
            (false, true) => 16,
            (false, false) => 10,
        };
        let mut sorted = lost;
        let (_, limit, _) = sorted.select_nth_unstable_by(tries, f32::total_cmp);
        let by_loss = |a: &usize, b: &usize| lost[*a].total_cmp(&lost[*b]);
        let nearest = (0..pairs.len()).min_by(by_loss).unwrap_or_default();
        // A plain cell is where flat parts of the picture end.
        let mut best = self.plain();
        for at in std::iter::once(nearest).chain((0..pairs.len()).filter(|at| lost[*at] <= *limit)) {
            let least = lost[at] + self.look.thrift * MIN_GLYPH;
            if least < best.cost && pairs[at].size > 0.0 {
                self.try_pair(&pairs[at], &mut best);
            }
        }
        if !is_exact && self.look.shape.has_shades() {
            self.try_shades(&mut best);
        }
        best
    }

    fn split(&self, pair: &Pair) -> Split {
        split(self.stats, pair)
    }

    fn wanted(&self, split: &Split) -> [Color; 2] {
        wanted(self.stats, split, self.shift)
    }

    /// A cell of one colour: the empty one, or the full block in a foreground that is known.
    fn plain(&self) -> Chosen {
        let lost: f32 = (0..3).map(|c| self.stats.spread[c] * self.stats.weight[c]).sum();
        let mean = self.mean();
        let back = self.side((mean, self.nearest(mean)), WHOLE, self.told.bg);
        let empty = self.chosen(' ', [None, Some(back)], [mean; 2], 0.0, lost);
        let Some(known) = self.told.fg.filter(|_| self.look.shape != Shape::Ascii) else {
            return empty;
        };
        let front = Side {
            ink: Some(known),
            is_new: false,
            cost: self.loss(palette::color(known), mean, WHOLE),
        };
        let full = self.chosen('█', [Some(front), None], [mean; 2], WHOLE, lost);
        if full.cost < empty.cost { full } else { empty }
    }

    fn mean(&self) -> Color {
        [0, 1, 2].map(|c| (self.stats.total[c] / WHOLE + self.shift[c]).clamp(0.0, 255.0))
    }

    fn try_pair(&self, pair: &Pair, best: &mut Chosen) {
        let split = self.split(pair);
        let [a, b] = self.wanted(&split).map(|wanted| (wanted, self.nearest(wanted)));
        let (a_size, b_size) = (pair.size, WHOLE - pair.size);
        let inverse = pair.inverse.map(|glyph| (glyph, b, b_size, a, a_size));
        let straight = (pair.glyph, a, a_size, b, b_size);
        for (glyph, front, front_size, back, back_size) in std::iter::once(straight).chain(inverse) {
            let sides = [
                Some(self.side(front, front_size, self.told.fg)),
                Some(self.side(back, back_size, self.told.bg)),
            ];
            let chosen = self.chosen(glyph, sides, [front.0, back.0], front_size, split.lost);
            if chosen.cost < best.cost {
                *best = chosen;
            }
        }
    }

    /// The nearest colour that there is, with its samples.
    fn nearest(&self, wanted: Color) -> (Ink, Color) {
        let ink = palette::nearest(wanted, self.look.depth);
        (ink, palette::color(ink))
    }

    /// Tries to mix two colours of the palette, those that are known and those around the mean.
    fn try_shades(&self, best: &mut Chosen) {
        let lost: f32 = (0..3).map(|c| self.stats.spread[c] * self.stats.weight[c]).sum();
        if lost >= best.cost {
            return;
        }
        let mean = self.mean();
        let around = palette::around(mean, self.look.depth);
        let around = &around[..if self.look.is_fast { 4 } else { 7 }];
        let of = |ink: Ink| (ink, palette::color(ink));
        let known = self.told.fg.zip(self.told.bg).map(|(fg, bg)| (of(fg), of(bg)));
        if let Some((front, back)) = known {
            self.try_shade(front, back, mean, lost, best);
        }
        for (at, front) in around.iter().enumerate() {
            for back in &around[at + 1..] {
                self.try_shade(*front, *back, mean, lost, best);
            }
        }
    }

    /// Tries the shade of two colours that comes nearest to `mean`.
    fn try_shade(&self, front: (Ink, Color), back: (Ink, Color), mean: Color, lost: f32, best: &mut Chosen) {
        let weight = self.stats.weight;
        let apart = [0, 1, 2].map(|c| front.1[c] - back.1[c]);
        let along = |by: Color| {
            apart[0] * by[0] * weight[0] + apart[1] * by[1] * weight[1] + apart[2] * by[2] * weight[2]
        };
        let contrast = along(apart);
        let part = along([0, 1, 2].map(|c| mean[c] - back.1[c])) / contrast.max(f32::MIN_POSITIVE);
        let (glyph, part) = match part {
            ..0.375 => SHADES[0],
            ..0.625 => SHADES[1],
            _ => SHADES[2],
        };
        let off = |c: usize| {
            let off = back.1[c] + apart[c] * part - mean[c];
            off * off * weight[c]
        };
        let off = off(0) + off(1) + off(2) + contrast * part * (1.0 - part) * PATTERN;
        let lost = lost + WHOLE * off;
        if lost >= best.cost {
            return;
        }
        let side = |ink: Ink, told: Option<Ink>| {
            let is_new = told != Some(ink);
            let bytes = if is_new { f32::from(length(ink)) } else { 0.0 };
            Some(Side {
                ink: Some(ink),
                is_new,
                cost: bytes * self.look.thrift,
            })
        };
        let sides = [side(front.0, self.told.fg), side(back.0, self.told.bg)];
        let mixed = self.chosen(glyph, sides, [mean; 2], WHOLE * part, lost);
        if mixed.cost < best.cost {
            *best = mixed;
        }
    }

    fn chosen(
        &self,
        glyph: char,
        sides: [Option<Side>; 2],
        wanted: [Color; 2],
        size: f32,
        lost: f32,
    ) -> Chosen {
        let is_new = |side: &Option<Side>| side.is_some_and(|side| side.is_new);
        let of = |side: &Option<Side>| side.map_or(0.0, |side| side.cost);
        let [front, back] = &sides;
        let sets = [is_new(front), is_new(back)];
        let header = if sets[0] || sets[1] { SEQUENCE } else { 0.0 };
        let bytes = header + f32::from(u8::try_from(glyph.len_utf8()).unwrap_or(4));
        Chosen {
            cell: Cell {
                glyph,
                fg: front.and_then(|side| side.ink),
                bg: back.and_then(|side| side.ink),
            },
            sets,
            wanted,
            sizes: [size, WHOLE - size],
            cost: lost + of(front) + of(back) + self.look.thrift * bytes,
        }
    }

    /// The cheaper of a new colour, the nearest to the wanted one, and the known one.
    fn side(&self, (wanted, (new, color)): (Color, (Ink, Color)), size: f32, told: Option<Ink>) -> Side {
        let of_new = self.loss(color, wanted, size) + self.look.thrift * f32::from(length(new));
        let known = told.map(|told| (told, self.loss(palette::color(told), wanted, size)));
        match known.filter(|(told, of_told)| *told == new || *of_told <= of_new) {
            Some((told, cost)) => Side {
                ink: Some(told),
                is_new: false,
                cost,
            },
            None => Side {
                ink: Some(new),
                is_new: true,
                cost: of_new,
            },
        }
    }

    fn loss(&self, shown: Color, wanted: Color, size: f32) -> f32 {
        let off = |c: usize| (shown[c] - wanted[c]) * (shown[c] - wanted[c]) * self.stats.weight[c];
        size * (off(0) + off(1) + off(2))
    }
}

/// How well the glyph's two sides divide the cell.
pub(super) fn split(stats: &Stats, pair: &Pair) -> Split {
    let mut front = [0.0; 3];
    let mut bits = pair.areas;
    while bits != 0 {
        let area = &stats.areas[bits.trailing_zeros() as usize];
        bits &= bits - 1;
        front = [0, 1, 2].map(|c| front[c] + area[c]);
    }
    let back = [0, 1, 2].map(|c| stats.total[c] - front[c]);
    let (front_part, back_part) = (1.0 / pair.size.max(1.0), 1.0 / (WHOLE - pair.size).max(1.0));
    let shown = [0, 1, 2].map(|c| {
        let whole = stats.total[c] * stats.total[c] * (1.0 / WHOLE);
        front[c] * front[c] * front_part + back[c] * back[c] * back_part - whole
    });
    let lost = [0, 1, 2].map(|c| (stats.spread[c] - shown[c]).max(0.0) * stats.weight[c]);
    Split {
        means: [front.map(|sum| sum * front_part), back.map(|sum| sum * back_part)],
        lost: lost[0] + lost[1] + lost[2],
        shown: shown[0] + shown[1] + shown[2],
    }
}

/// The colours of the two sides: their means, moved apart so that the cell keeps its contrast.
pub(super) fn wanted(stats: &Stats, split: &Split, shift: Color) -> [Color; 2] {
    let spread = stats.spread[0] + stats.spread[1] + stats.spread[2];
    let boost = (spread / split.shown.max(1.0)).sqrt().clamp(1.0, MAX_BOOST) - 1.0;
    split.means.map(|mean| {
        let moved = |c: usize| mean[c] + (mean[c] - stats.total[c] / WHOLE) * boost + shift[c];
        [0, 1, 2].map(|c| moved(c).clamp(0.0, 255.0))
    })
}

impl Chosen {
    /// How much lighter or darker the cell is than it should be, each channel alone. `shift` is what was added.
    pub(super) fn error(&self, shift: Color) -> Color {
        let inks = [self.cell.fg, self.cell.bg];
        [0, 1, 2].map(|c| {
            let sides = inks.iter().enumerate().filter_map(|(side, ink)| {
                let shown = palette::color((*ink)?)[c];
                Some((shown - self.wanted[side][c] + shift[c]) * self.sizes[side])
            });
            sides.sum::<f32>() / WHOLE
        })
    }
}

/// Gives a colour that several cells share the mean of what they wanted.
pub(super) fn settle(chosen: &mut [Chosen], stats: &[Stats]) {
    for side in 0..2 {
        let mut start = 0;
        while start < chosen.len() {
            let rest = chosen[start + 1..].iter();
            let end = start + 1 + rest.take_while(|one| !one.sets[side]).count();
            let mut sums = [[0.0_f32; 2]; 3];
            for (one, stats) in chosen[start..end].iter().zip(&stats[start..end]) {
                for (c, [sum, weights]) in sums.iter_mut().enumerate() {
                    let weight = stats.weight[c] * one.sizes[side];
                    *sum += weight * one.wanted[side][c];
                    *weights += weight;
                }
            }
            if sums[0][1] > 0.0 {
                let mean = sums.map(|[sum, weights]| sum / weights);
                let ink = palette::nearest(mean, Depth::Truecolor);
                for one in &mut chosen[start..end] {
                    let cell = &mut one.cell;
                    let shown = if side == 0 { &mut cell.fg } else { &mut cell.bg };
                    *shown = shown.map(|_| ink);
                }
            }
            start = end;
        }
    }
}

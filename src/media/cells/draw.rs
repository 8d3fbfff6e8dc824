//! Draws a picture in cells: scales it once, and chooses the cells for a look or for a number of bytes.

use super::choose::{choose, settle};
use super::encode::{Told, encode};
use super::grid::{Cell, Grid};
use super::kept::keep;
use super::letters::letter;
use super::look::{Depth, Look, Shape};
use super::sample::{Samples, fit};
use super::stats::{Color, Stats};
use crate::media::Picture;

/// How much of its neighbours' error a cell of few colours takes over: a step between two cells that the picture does not have
/// is seen more than a colour that is a little wrong on both.
const FOLLOW: f32 = 0.45;

/// The largest worth of a byte that is tried for a budget.
const MAX_THRIFT: f32 = 10_000.0;
/// The bytes that lead over cells that stay.
const LEAP: f32 = 4.0;
/// How often a budget is approached: each time halves what is left between too much and too little.
const TRIES: usize = 12;

/// `picture` in as many of `columns` × `rows` cells as its aspect allows; nothing when there is no room or no picture.
pub fn draw(picture: &Picture, columns: u16, rows: u16, look: Look) -> Grid {
    Canvas::of(picture, columns, rows).draw(look)
}

/// A picture that has been scaled to its cells, to be drawn in one look after another.
#[derive(Debug, Clone)]
pub struct Canvas {
    columns: u16,
    stats: Vec<Stats>,
}

impl Canvas {
    /// Scales `picture` to as many of `columns` × `rows` cells as its aspect allows.
    pub fn of(picture: &Picture, columns: u16, rows: u16) -> Self {
        let (columns, rows) = fit((picture.width, picture.height), columns, rows);
        let samples = Samples::of(picture, columns, rows);
        let places = (0..usize::from(rows)).flat_map(|y| (0..usize::from(columns)).map(move |x| (x, y)));
        Self {
            columns,
            stats: places.map(|(x, y)| Stats::of(&samples, x, y)).collect(),
        }
    }

    /// Its cells in one look.
    pub fn draw(&self, look: Look) -> Grid {
        let width = usize::from(self.columns.max(1));
        let place = |at: usize| (at % width, at / width);
        if look.depth == Depth::None {
            let cells = self.stats.iter().enumerate();
            let cells = cells.map(|(at, stats)| letter(stats, dither(place(at)) * LETTER_STEP));
            return Grid::new(self.columns, cells.collect());
        }
        let mut chosen = Vec::with_capacity(self.stats.len());
        let mut errors: Vec<Color> = Vec::with_capacity(self.stats.len());
        let mut told = Told::default();
        for (at, stats) in self.stats.iter().enumerate() {
            if at % width == 0 {
                told.bg = None;
            }
            let shift = shift(look, at, width, &errors);
            let one = choose(stats, told, look, shift);
            told = told.after(one.cell);
            errors.push(one.error(shift));
            chosen.push(one);
        }
        if look.depth == Depth::Truecolor {
            settle(&mut chosen, &self.stats);
        }
        Grid::new(self.columns, chosen.into_iter().map(|one| one.cell).collect())
    }

    /// Its cells over those that are on the screen. A cell stays as it is when what it loses by that is less than what the
    /// bytes of a new one are worth, so that it takes none. Every cell also has the colours that its glyph does not show.
    #[must_use]
    pub fn draw_over(&self, look: Look, shown: &Grid) -> Grid {
        let Some(before) = shown.of_size(self.columns, self.stats.len()) else {
            return self.draw(look).filled();
        };
        if look.depth == Depth::None {
            return self.draw(look);
        }
        let mut cells: Vec<Cell> = before.to_vec();
        let (mut places, mut written) = (Vec::new(), Vec::new());
        let mut errors: Vec<Color> = Vec::with_capacity(cells.len());
        let (mut told, mut follows) = (Told::default(), false);
        let width = usize::from(self.columns.max(1));
        for (at, stats) in self.stats.iter().enumerate() {
            let shift = shift(look, at, width, &errors);
            let mut new = choose(stats, told, look, shift);
            if !follows {
                new.cost += look.thrift * LEAP;
            }
            let kept = keep(stats, cells[at], look.shape, shift).filter(|kept| kept.cost <= new.cost);
            follows = kept.is_none();
            errors.push(kept.unwrap_or(new).error(shift));
            if follows {
                told = told.after(new.cell);
                places.push(at);
                written.push(new);
            }
        }
        if look.depth == Depth::Truecolor {
            let stats: Vec<Stats> = places.iter().map(|at| self.stats[*at].clone()).collect();
            settle(&mut written, &stats);
        }
        let mut told = Told::default();
        for (at, new) in places.into_iter().zip(written) {
            told = told.after(new.cell);
            let under = cells[at];
            cells[at] = Cell {
                glyph: new.cell.glyph,
                fg: told.fg.or(under.fg),
                bg: told.bg.or(under.bg),
            };
        }
        Grid::new(self.columns, cells)
    }

    /// Its cells in the look nearest to `look` whose bytes are at most `budget`; where none is, the one of fewest bytes.
    pub fn draw_within(&self, look: Look, budget: usize) -> Grid {
        let of = |thrift: f32| {
            let grid = self.draw(Look { thrift, ..look });
            let is_within = encode(&grid).len() <= budget;
            (grid, is_within)
        };
        let (whole, is_within) = of(look.thrift);
        if is_within {
            return whole;
        }
        let (mut low, mut high) = (look.thrift.max(0.01), MAX_THRIFT);
        let mut best = of(high).0;
        for _ in 0..TRIES {
            let middle = (low * high).sqrt();
            match of(middle) {
                (grid, true) => (best, high) = (grid, middle),
                _ => low = middle,
            }
        }
        best
    }
}

/// What is added to the colours sought of the cell at this place.
fn shift(look: Look, at: usize, width: usize, errors: &[Color]) -> Color {
    let above = at.checked_sub(width).map_or([0.0; 3], |at| errors[at]);
    let left = if at.is_multiple_of(width) {
        above
    } else {
        errors[at - 1]
    };
    let place = (at % width, at / width);
    match (look.depth, look.shape) {
        (Depth::Ansi256, Shape::Ascii) => [dither(place) * SPACE_STEP; 3],
        (Depth::Ansi16, Shape::Ascii) => [dither(place) * SPACE_STEP * 3.0; 3],
        (Depth::Ansi256, _) => [0, 1, 2].map(|c| (above[c] + left[c]) * (FOLLOW / 2.0)),
        _ => [0.0; 3],
    }
}

/// How far brightness is moved to and fro so that letters in between are mixed.
const LETTER_STEP: f32 = 24.0;
/// The same for coloured spaces of the palette of 256.
const SPACE_STEP: f32 = 20.0;

/// Bayer's thresholds from -0.5 to 0.5, fixed to the place, so that a still picture does not flicker.
fn dither((x, y): (usize, usize)) -> f32 {
    const BAYER: [[u8; 4]; 4] = [[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]];
    (f32::from(BAYER[y % 4][x % 4]) - 7.5) / 16.0
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;

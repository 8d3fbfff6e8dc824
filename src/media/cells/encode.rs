//! Writes cells as bytes for a terminal, as few as show them.

use std::io::Write;

use super::grid::{Cell, Grid, Ink};

/// The colours that a terminal has been told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) fg: Option<Ink>,
    pub(super) bg: Option<Ink>,
}

impl Told {
    /// What is told before `cell`; colours that its glyph does not show stay as they are.
    pub(super) fn after(self, cell: Cell) -> Self {
        Self {
            fg: cell.fg.or(self.fg),
            bg: cell.bg.or(self.bg),
        }
    }
}

/// The rows of `grid`, each ended by a line feed with the background as it was before, so that no line is coloured to its end.
/// Empty cells at the end of a line are left out.
pub fn encode(grid: &Grid) -> Vec<u8> {
    let mut out = Vec::new();
    let last = usize::from(grid.rows()).saturating_sub(1);
    let mut told = Told::default();
    for (y, line) in grid.lines().enumerate() {
        let shown = line.iter().rposition(|cell| *cell != Cell::EMPTY);
        for cell in &line[..shown.map_or(0, |last| last + 1)] {
            let next = told.after(*cell);
            colours(&mut out, told, next);
            told = next;
            let mut utf8 = [0; 4];
            out.extend_from_slice(cell.glyph.encode_utf8(&mut utf8).as_bytes());
        }
        let next_fg = grid.lines().nth(y + 1).and_then(|line| line.first()?.fg);
        told = end_of_line(&mut out, told, y == last, next_fg);
        out.push(b'\n');
    }
    out
}

/// What changes `before` into `after`, written for a cursor in the upper left corner, where it is left again, in plain
/// colours. Where the sizes differ, all of `after` is written.
pub fn changes(before: &Grid, after: &Grid) -> Vec<u8> {
    let mut out = Vec::new();
    let count = after.lines().map(<[Cell]>::len).sum();
    let known = before.of_size(after.columns(), count);
    let mut told = Told::default();
    let (mut at, mut row) = (None, 0);
    for (y, line) in after.lines().enumerate() {
        for (x, cell) in line.iter().enumerate() {
            let place = y * usize::from(after.columns()) + x;
            if known.is_some_and(|known| known[place] == *cell) {
                continue;
            }
            step(&mut out, &mut row, &mut at, (x, y));
            let next = told.after(*cell);
            colours(&mut out, told, next);
            told = next;
            let mut utf8 = [0; 4];
            out.extend_from_slice(cell.glyph.encode_utf8(&mut utf8).as_bytes());
            at = Some(x + 1);
        }
    }
    if told != Told::default() {
        out.extend_from_slice(b"\x1b[m");
    }
    if at.is_some() {
        out.push(b'\r');
        go(&mut out, row, b'A');
    }
    out
}

/// Moves the cursor to the place.
fn step(out: &mut Vec<u8>, row: &mut usize, at: &mut Option<usize>, (x, y): (usize, usize)) {
    if *row != y {
        go(out, y - *row, b'B');
        *row = y;
        // At the end of a line the column is not certain.
        out.push(b'\r');
        *at = Some(0);
    }
    go(out, x - at.unwrap_or(0), b'C');
}

fn go(out: &mut Vec<u8>, by: usize, way: u8) {
    // Writing into memory cannot fail.
    let _ = match by {
        0 => Ok(()),
        1 => out.write_all(b"\x1b["),
        _ => write!(out, "\x1b[{by}"),
    };
    if by > 0 {
        out.push(way);
    }
}

/// Gives the background back, and the foreground too where it is not needed again or at the end.
fn end_of_line(out: &mut Vec<u8>, told: Told, is_last: bool, next_fg: Option<Ink>) -> Told {
    let keeps_fg = !is_last && told.fg.is_some() && told.fg == next_fg;
    match told.bg {
        Some(_) if keeps_fg => {
            out.extend_from_slice(b"\x1b[49m");
            Told { bg: None, ..told }
        }
        None if keeps_fg || !is_last || told.fg.is_none() => told,
        _ => {
            out.extend_from_slice(b"\x1b[m");
            Told::default()
        }
    }
}

/// One sequence with those colours that differ.
fn colours(out: &mut Vec<u8>, told: Told, next: Told) {
    let mut start: &[u8] = b"\x1b[";
    for (old, new, is_back) in [(told.fg, next.fg, false), (told.bg, next.bg, true)] {
        let Some(new) = new.filter(|_| old != new) else {
            continue;
        };
        out.extend_from_slice(start);
        ink(out, new, is_back);
        start = b";";
    }
    if start == b";" {
        out.push(b'm');
    }
}

fn ink(out: &mut Vec<u8>, ink: Ink, is_back: bool) {
    // Writing into memory cannot fail.
    let _ = match ink {
        Ink::Rgb([r, g, b]) => write!(out, "{}8;2;{r};{g};{b}", if is_back { 4 } else { 3 }),
        Ink::Index(n @ 0..8) => write!(out, "{}{n}", if is_back { 4 } else { 3 }),
        Ink::Index(n @ 8..16) => write!(out, "{}{}", if is_back { 10 } else { 9 }, n - 8),
        Ink::Index(n) => write!(out, "{}8;5;{n}", if is_back { 4 } else { 3 }),
    };
}

/// How many bytes it takes to name a colour as a foreground; as a background it is the same, or one more for the bright ones.
pub(super) fn length(ink: Ink) -> u8 {
    let digits = |value: u8| 1 + u8::from(value > 9) + u8::from(value > 99);
    match ink {
        Ink::Rgb(rgb) => 7 + rgb.map(digits).iter().sum::<u8>(),
        Ink::Index(0..16) => 2,
        Ink::Index(n) => 5 + digits(n),
    }
}

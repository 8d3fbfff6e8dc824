//! Cells: a glyph each, with a foreground and a background.

/// A colour of a cell, as terminals name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ink {
    Rgb([u8; 3]),
    /// One of 256; below 16 those of the terminal's own scheme.
    Index(u8),
}

/// One cell. A colour that its glyph does not show is `None`, and so are colours of a picture without any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    pub glyph: char,
    pub fg: Option<Ink>,
    pub bg: Option<Ink>,
}

impl Cell {
    pub const EMPTY: Self = Self {
        glyph: ' ',
        fg: None,
        bg: None,
    };
}

/// A picture in cells, row by row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grid {
    columns: u16,
    cells: Vec<Cell>,
}

impl Grid {
    pub(super) fn new(columns: u16, cells: Vec<Cell>) -> Self {
        Self { columns, cells }
    }

    /// The grids from left to right with a `gap` between two, and below those that are lower than others.
    #[must_use]
    pub fn beside(grids: &[Self], gap: Cell) -> Self {
        let rows = grids.iter().map(Self::rows).max().unwrap_or(0);
        let mut cells = Vec::new();
        for y in 0..usize::from(rows) {
            for (at, grid) in grids.iter().enumerate() {
                cells.extend((at > 0).then_some(gap));
                match grid.lines().nth(y) {
                    Some(line) => cells.extend_from_slice(line),
                    None => cells.extend(std::iter::repeat_n(gap, usize::from(grid.columns))),
                }
            }
        }
        let gaps = grids.len().saturating_sub(1);
        let columns = gaps + grids.iter().map(|grid| usize::from(grid.columns)).sum::<usize>();
        Self::new(u16::try_from(columns).unwrap_or(u16::MAX), cells)
    }

    pub fn columns(&self) -> u16 {
        self.columns
    }

    pub fn rows(&self) -> u16 {
        u16::try_from(self.lines().count()).unwrap_or(u16::MAX)
    }

    /// The rows from top to bottom.
    pub fn lines(&self) -> impl Iterator<Item = &[Cell]> {
        self.cells.chunks(usize::from(self.columns.max(1)))
    }

    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// The same, where each cell also has the colours that its glyph does not show: those of the cell before, because they
    /// take no bytes.
    #[must_use]
    pub fn filled(mut self) -> Self {
        let mut told = (None, None);
        for cell in &mut self.cells {
            told = (cell.fg.or(told.0), cell.bg.or(told.1));
            (cell.fg, cell.bg) = told;
        }
        self
    }

    /// The cells row by row, when the grid has this size.
    pub(super) fn of_size(&self, columns: u16, cells: usize) -> Option<&[Cell]> {
        (self.columns == columns && self.cells.len() == cells).then_some(&self.cells)
    }
}

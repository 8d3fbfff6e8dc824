//! Rows of columns, which are shortened and dropped where there is too little room.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::narrow::narrow;
use super::text::{cut, pad};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    pub width: usize,
    /// A column with 0 is never dropped; of the others, the greatest is dropped first.
    drops: u8,
    is_right_aligned: bool,
    /// Takes the room that is left over.
    grows: bool,
    /// Spaces before the column, unless it is the first that is shown.
    pub gap: usize,
    /// What is left of the column before it is dropped.
    short: Option<Short>,
    /// It is left out when it is empty.
    hides: bool,
}

/// A column without its less important part, such as differences in brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Short {
    width: usize,
    /// When the column is shortened, in the order of [`Column::drops`].
    order: u8,
}

impl Column {
    /// A column of text that is always shown.
    pub const fn text(width: usize) -> Self {
        Self {
            width,
            drops: 0,
            is_right_aligned: false,
            grows: false,
            gap: 2,
            short: None,
            hides: false,
        }
    }

    /// A column of numbers that is always shown.
    pub const fn number(width: usize) -> Self {
        Self {
            is_right_aligned: true,
            ..Self::text(width)
        }
    }

    /// Dropped when there is too little room; the greatest `order` first.
    pub const fn drops(mut self, order: u8) -> Self {
        self.drops = order;
        self
    }

    /// Shortened to `width` when there is too little room, in the same order in which columns are dropped.
    pub const fn shortens(mut self, width: usize, order: u8) -> Self {
        if width < self.width {
            self.short = Some(Short { width, order });
        }
        self
    }

    /// Takes the room that is left over.
    pub const fn grows(mut self) -> Self {
        self.grows = true;
        self
    }

    /// Left out when its width is 0, so that no gap is left either.
    pub const fn hides(mut self) -> Self {
        self.hides = true;
        self
    }

    pub const fn gap(mut self, gap: usize) -> Self {
        self.gap = gap;
        self
    }
}

/// Columns, with the widths that they have in the room there is.
pub struct Table<const N: usize> {
    pub columns: [Column; N],
    pub widths: Vec<Option<usize>>,
}

impl<const N: usize> Table<N> {
    pub fn of(columns: [Column; N], room: usize) -> Self {
        let widths = widths(&columns, room);
        Self { columns, widths }
    }

    /// Whether a column is neither shortened nor dropped.
    pub fn is_whole(&self, at: usize) -> bool {
        self.widths[at].is_some_and(|width| width >= self.columns[at].width)
    }
}

/// The widths of the columns in `room`; `None` for one that is dropped.
fn widths(columns: &[Column], room: usize) -> Vec<Option<usize>> {
    let mut shown: Vec<Shown<'_>> = columns
        .iter()
        .map(|column| Shown {
            column,
            width: Some(column.width).filter(|width| *width > 0 || !column.hides),
        })
        .collect();
    narrow(&mut shown, Shown::order, Shown::give, |shown| {
        total(shown) <= room
    });
    let left = room.saturating_sub(total(&shown));
    let growing = shown
        .iter_mut()
        .find(|shown| shown.column.grows && shown.width.is_some());
    if let Some(shown) = growing {
        shown.width = shown.width.map(|width| width + left);
    }
    shown.into_iter().map(|shown| shown.width).collect()
}

/// A column and its remaining width.
struct Shown<'a> {
    column: &'a Column,
    width: Option<usize>,
}

impl Shown<'_> {
    fn shorter(&self) -> Option<Short> {
        self.column
            .short
            .filter(|_| self.width == Some(self.column.width))
    }

    fn order(&self) -> u8 {
        match (self.width, self.shorter()) {
            (None, _) => 0,
            (_, Some(short)) => short.order,
            (_, None) => self.column.drops,
        }
    }

    fn give(&mut self) {
        self.width = self.shorter().map(|short| short.width);
    }
}

fn total(shown: &[Shown<'_>]) -> usize {
    let mut sum = 0;
    for Shown { column, width } in shown {
        if let Some(width) = width {
            sum += width + if sum == 0 { 0 } else { column.gap };
        }
    }
    sum
}

/// A row of cells, cut and padded to `widths`.
pub fn row(
    columns: &[Column],
    widths: &[Option<usize>],
    cells: &[(String, Style)],
    ellipsis: &str,
) -> Line<'static> {
    let mut spans: Vec<Span<'static>> = Vec::new();
    for ((column, columns_wide), (text, style)) in columns.iter().zip(widths).zip(cells) {
        let Some(wide) = *columns_wide else { continue };
        if !spans.is_empty() {
            spans.push(Span::raw(" ".repeat(column.gap)));
        }
        let text = cut(text, wide, ellipsis);
        spans.push(Span::styled(pad(&text, wide, column.is_right_aligned), *style));
    }
    Line::from(spans)
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 3] = [
        Column::number(3),
        Column::text(4).drops(2).grows(),
        Column::text(2).drops(1),
    ];

    #[test]
    fn the_lightest_column_goes_first() {
        assert_eq!(widths(&COLUMNS, 20), [Some(3), Some(11), Some(2)]);
        assert_eq!(widths(&COLUMNS, 13), [Some(3), Some(4), Some(2)]);
        assert_eq!(widths(&COLUMNS, 12), [Some(3), None, Some(2)]);
        assert_eq!(widths(&COLUMNS, 6), [Some(3), None, None]);
        assert_eq!(widths(&COLUMNS, 0), [Some(3), None, None]);
    }

    #[test]
    fn a_column_becomes_short_before_one_that_matters_more_is_dropped() {
        let columns = [
            Column::number(3),
            Column::text(9).shortens(4, 8).drops(3),
            Column::text(5).drops(5),
        ];
        assert_eq!(widths(&columns, 21), [Some(3), Some(9), Some(5)]);
        assert_eq!(widths(&columns, 20), [Some(3), Some(4), Some(5)]);
        assert_eq!(widths(&columns, 15), [Some(3), Some(4), None]);
        assert_eq!(widths(&columns, 8), [Some(3), None, None]);
    }

    #[test]
    fn cells_are_cut_and_aligned() {
        let cells = [("7", Style::new()), ("abcdef", Style::new()), ("x", Style::new())]
            .map(|(text, style)| (text.to_owned(), style));
        let line = row(&COLUMNS, &widths(&COLUMNS, 13), &cells, "…");
        assert_eq!(line.to_string(), "  7  abc…  x ");
    }
}

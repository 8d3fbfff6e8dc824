//! Rows of columns that drop out by weight when the room is narrow, before anything is cut.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::text::{cut, pad, width};

/// A column of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Columns of text, without the gap after it.
    pub width: usize,
    /// 0 is never dropped; of the rest the greatest goes first.
    pub drops: u8,
    /// Numbers stand on the right.
    pub right: bool,
    /// Takes the room that is left over.
    pub grows: bool,
    /// Spaces before the column (none before the first that is shown).
    pub gap: usize,
}

impl Column {
    /// A column of text that is always shown.
    #[must_use]
    pub const fn text(width: usize) -> Self {
        Self {
            width,
            drops: 0,
            right: false,
            grows: false,
            gap: 2,
        }
    }

    /// A column of numbers that is always shown.
    #[must_use]
    pub const fn number(width: usize) -> Self {
        Self {
            right: true,
            ..Self::text(width)
        }
    }

    /// Dropped when narrow; the greatest `order` first.
    #[must_use]
    pub const fn drops(self, order: u8) -> Self {
        Self { drops: order, ..self }
    }

    /// Takes the room that is left over.
    #[must_use]
    pub const fn grows(self) -> Self {
        Self { grows: true, ..self }
    }

    /// With `gap` spaces before it.
    #[must_use]
    pub const fn gap(self, gap: usize) -> Self {
        Self { gap, ..self }
    }
}

/// The widths of the columns in `room`; `None` for one that is dropped.
#[must_use]
pub fn widths(columns: &[Column], room: usize) -> Vec<Option<usize>> {
    let mut shown: Vec<Option<usize>> = columns.iter().map(|column| Some(column.width)).collect();
    while total(columns, &shown) > room {
        let worst = (0..columns.len())
            .filter(|at| shown[*at].is_some() && columns[*at].drops > 0)
            .max_by_key(|at| columns[*at].drops);
        match worst {
            Some(at) => shown[at] = None,
            None => break,
        }
    }
    let left = room.saturating_sub(total(columns, &shown));
    if let Some(at) = (0..columns.len()).find(|at| columns[*at].grows && shown[*at].is_some()) {
        shown[at] = shown[at].map(|width| width + left);
    }
    shown
}

fn total(columns: &[Column], shown: &[Option<usize>]) -> usize {
    let mut sum = 0;
    for (column, width) in columns.iter().zip(shown) {
        if let Some(width) = width {
            sum += width + if sum == 0 { 0 } else { column.gap };
        }
    }
    sum
}

/// One row: its cells cut and padded to `widths`.
#[must_use]
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
        let text = if width(text) > wide {
            cut(text, wide, ellipsis)
        } else {
            text.clone()
        };
        spans.push(Span::styled(pad(&text, wide, column.right), *style));
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
    fn cells_are_cut_and_aligned() {
        let cells = [("7", Style::new()), ("abcdef", Style::new()), ("x", Style::new())]
            .map(|(text, style)| (text.to_owned(), style));
        let line = row(&COLUMNS, &widths(&COLUMNS, 13), &cells, "…");
        assert_eq!(line.to_string(), "  7  abc…  x ");
    }
}

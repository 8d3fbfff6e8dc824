//! Draws the editor: the rows of the text, the marks in it, and the caret.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;

use super::text::{Editor, View};
use crate::tui::theme::{Role, Theme};
use crate::tui::widgets::wrap::{self, WrappedRow};

/// A range of the text, in bytes of [`Editor::text`], that is shown in a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    pub range: Range<usize>,
    pub role: Role,
}

impl Editor {
    /// Draws the text into `area` and returns the place of the caret when `focused`. The last column is for a caret after a
    /// full row. Where marks overlap, the last one wins.
    ///
    /// The size and the scroll position are kept, for keys that move by rows.
    pub fn draw(
        &self,
        buffer: &mut Buffer,
        area: Rect,
        theme: &Theme,
        focused: bool,
        marks: &[Mark],
    ) -> Option<Position> {
        let area = area.intersection(buffer.area);
        if area.is_empty() {
            return None;
        }
        let (width, height) = (usize::from(area.width) - 1, usize::from(area.height));
        let rows = self.rows(width.max(1));
        let caret = self.place();
        let caret_row = wrap::row_of(&rows, caret.line, caret.byte);
        let top = self.scrolled(rows.len(), caret_row, height);
        self.view.set(View {
            width: width.max(1),
            height,
            top,
        });
        let painter = Painter {
            lines: self.area.lines(),
            theme,
            marks,
            width,
        };
        let (mut line, mut offset) = (0, 0);
        for (y, row) in rows.iter().skip(top).take(height).enumerate() {
            let place = Rect {
                y: area.y + u16::try_from(y).unwrap_or(0),
                height: 1,
                ..area
            };
            if focused && top + y == caret_row {
                buffer.set_style(place, theme.style(Role::CaretLine));
            }
            while line < row.line {
                offset += self.area.lines()[line].len() + 1;
                line += 1;
            }
            painter.row(buffer, place, *row, offset);
        }
        let row = rows.get(caret_row)?;
        let column = wrap::column(&self.area.lines()[caret.line], *row, caret.byte).min(width);
        let (x, y) = (u16::try_from(column), u16::try_from(caret_row - top));
        focused.then(|| Position::new(area.x + x.unwrap_or(0), area.y + y.unwrap_or(0)))
    }

    /// How many rows are hidden above and below in an area of this size.
    pub fn hidden(&self, width: u16, height: u16) -> (usize, usize) {
        let rows = self.rows(usize::from(width).saturating_sub(1).max(1));
        let caret = self.place();
        let height = usize::from(height.max(1));
        let top = self.scrolled(rows.len(), wrap::row_of(&rows, caret.line, caret.byte), height);
        (top, rows.len().saturating_sub(top + height))
    }

    /// The first row to show: the last one, unless the caret would be hidden or room be wasted.
    fn scrolled(&self, rows: usize, caret_row: usize, height: usize) -> usize {
        let top = self.view.get().top.min(rows.saturating_sub(height));
        top.clamp((caret_row + 1).saturating_sub(height), caret_row)
    }
}

struct Painter<'a> {
    lines: &'a [String],
    theme: &'a Theme,
    marks: &'a [Mark],
    width: usize,
}

impl Painter<'_> {
    fn row(&self, buffer: &mut Buffer, place: Rect, row: WrappedRow, line_offset: usize) {
        let text = &self.lines[row.line][row.start..row.end];
        let whole = line_offset + row.start..line_offset + row.end;
        let over = |mark: &&Mark| mark.range.start < whole.end && mark.range.end > whole.start;
        let marks: Vec<&Mark> = self.marks.iter().filter(over).collect();
        if marks.is_empty() {
            buffer.set_stringn(place.x, place.y, text, self.width, Style::new());
            return;
        }
        let end = place.x + u16::try_from(self.width).unwrap_or(place.width).min(place.width);
        let mut x = place.x;
        for (at, cluster) in text.grapheme_indices(true) {
            let here = whole.start + at;
            let mark = marks.iter().rev().find(|mark| mark.range.contains(&here));
            let style = mark.map_or(Style::new(), |mark| self.theme.style(mark.role));
            let room = usize::from(end.saturating_sub(x));
            (x, _) = buffer.set_stringn(x, place.y, cluster, room, style);
        }
    }
}

//! The motions of the caret: by grapheme clusters, words, and rows on screen.

use unicode_segmentation::UnicodeSegmentation;

use super::Editor;
use super::keys::Motion;
use super::steps::Caret;
use crate::tui::widgets::wrap::{self, WrappedRow, at_column};

impl Editor {
    /// The row on screen that a place is in.
    fn row(&self, at: Caret) -> WrappedRow {
        let rows = self.rows(self.view.get().width);
        rows[wrap::row_of(&rows, at.line, at.byte)]
    }

    /// The column of the caret in its row.
    pub(super) fn column(&self) -> usize {
        let at = self.place();
        wrap::column(&self.area.lines()[at.line], self.row(at), at.byte)
    }

    /// Where `motion` leads from the caret.
    pub(super) fn target(&self, motion: Motion) -> Caret {
        let at = self.place();
        let lines = self.area.lines();
        let text = &lines[at.line];
        let page = isize::try_from(self.view.get().height.saturating_sub(1).max(1)).unwrap_or(1);
        let here = |byte: usize| Caret { byte, ..at };
        match motion {
            Motion::Left => match text[..at.byte].grapheme_indices(true).next_back() {
                Some((byte, _)) => here(byte),
                None => self.line_end_before(at),
            },
            Motion::Right => match text[at.byte..].graphemes(true).next() {
                Some(cluster) => here(at.byte + cluster.len()),
                None => self.line_start_after(at),
            },
            Motion::WordLeft => self.word_left(at),
            Motion::WordRight => self.word_right(at),
            Motion::Up => self.rows_away(at, -1),
            Motion::Down => self.rows_away(at, 1),
            Motion::PageUp => self.rows_away(at, -page),
            Motion::PageDown => self.rows_away(at, page),
            Motion::RowStart => here(self.row(at).start),
            Motion::RowEnd => here(at_column(text, self.row(at), usize::MAX)),
            Motion::LineStart => here(0),
            Motion::LineEnd => here(text.len()),
            Motion::TextStart => Caret::default(),
            Motion::TextEnd => self.line_end(lines.len() - 1),
        }
    }

    fn line_end_before(&self, at: Caret) -> Caret {
        at.line.checked_sub(1).map_or(at, |line| self.line_end(line))
    }

    fn line_end(&self, line: usize) -> Caret {
        let byte = self.area.lines()[line].len();
        Caret { line, byte }
    }

    fn line_start_after(&self, at: Caret) -> Caret {
        let next = Caret {
            line: at.line + 1,
            byte: 0,
        };
        if next.line < self.area.lines().len() {
            next
        } else {
            at
        }
    }

    fn word_left(&self, at: Caret) -> Caret {
        if at.byte == 0 {
            return self.line_end_before(at);
        }
        let before = &self.area.lines()[at.line][..at.byte];
        let mut words = before.split_word_bound_indices().rev();
        let byte = words
            .find(|(_, word)| !word.trim().is_empty())
            .map_or(0, |(start, _)| start);
        Caret { byte, ..at }
    }

    fn word_right(&self, at: Caret) -> Caret {
        let text = &self.area.lines()[at.line];
        if at.byte == text.len() {
            return self.line_start_after(at);
        }
        let mut words = text[at.byte..].split_word_bound_indices();
        let end = words
            .find(|(_, word)| !word.trim().is_empty())
            .map_or(text.len(), |(start, word)| at.byte + start + word.len());
        Caret { byte: end, ..at }
    }

    /// `by` rows down, or up if negative, in the column that is kept to.
    fn rows_away(&self, at: Caret, by: isize) -> Caret {
        let rows = self.rows(self.view.get().width);
        let from = wrap::row_of(&rows, at.line, at.byte);
        let to = from.saturating_add_signed(by).min(rows.len() - 1);
        if to == from {
            return at;
        }
        let row = rows[to];
        let text = &self.area.lines()[row.line];
        let column = self.goal.unwrap_or_else(|| self.column());
        Caret {
            line: row.line,
            byte: at_column(text, row, column),
        }
    }
}

//! The motions of the caret: by grapheme clusters, words, and rows on screen.

use std::rc::Rc;

use tui_textarea::CursorMove;
use unicode_segmentation::UnicodeSegmentation;

use super::Editor;
use super::keys::Motion;
use super::steps::Caret;
use crate::tui::widgets::wrap::{self, WrappedRow, at_column};

impl Editor {
    pub(super) fn characters_between(&self, from: Caret, to: Caret) -> usize {
        let lines = self.area.lines();
        if from.line == to.line {
            return lines[from.line][from.byte..to.byte].chars().count();
        }
        let head = lines[from.line][from.byte..].chars().count();
        let middle: usize = lines[from.line + 1..to.line]
            .iter()
            .map(|line| line.chars().count())
            .sum();
        head + middle + lines[to.line][..to.byte].chars().count() + (to.line - from.line)
    }

    pub(super) fn place(&self) -> Caret {
        let cursor = self.area.cursor();
        let line = &self.area.lines()[cursor.0];
        let byte = line.char_indices().nth(cursor.1).map_or(line.len(), |(at, _)| at);
        Caret { line: cursor.0, byte }
    }

    /// Moves the caret to a place, or to the last character boundary before it.
    pub(super) fn jump(&mut self, to: Caret) {
        let line = &self.area.lines()[to.line];
        let byte = line.floor_char_boundary(to.byte.min(line.len()));
        let column = line[..byte].chars().count();
        // MAX_CHARACTERS keeps both within 16 bits.
        let (row, column) = (u16::try_from(to.line), u16::try_from(column));
        self.area.move_cursor(CursorMove::Jump(
            row.unwrap_or(u16::MAX),
            column.unwrap_or(u16::MAX),
        ));
    }

    /// Moves the caret to the next boundary of a grapheme cluster, when an edit left it inside one.
    pub(super) fn snap(&mut self) {
        let Caret { line, byte } = self.place();
        let text = &self.area.lines()[line];
        let mut borders = text.grapheme_indices(true).map(|(at, _)| at);
        let border = borders.find(|at| *at >= byte).unwrap_or(text.len());
        if border != byte {
            self.jump(Caret { line, byte: border });
        }
    }

    /// The rows of the text at `width`, wrapped once for each version and width.
    pub(super) fn rows(&self, width: usize) -> Rc<[WrappedRow]> {
        let mut wrapped = self.wrapped.borrow_mut();
        match wrapped.as_ref() {
            Some((version, columns, rows)) if (*version, *columns) == (self.version, width) => {
                Rc::clone(rows)
            }
            _ => {
                let rows: Rc<[WrappedRow]> = wrap::rows(self.area.lines(), width).into();
                *wrapped = Some((self.version, width, Rc::clone(&rows)));
                rows
            }
        }
    }

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
        match motion {
            Motion::Left => match text[..at.byte].grapheme_indices(true).next_back() {
                Some((byte, _)) => Caret { byte, ..at },
                None => self.line_end_before(at),
            },
            Motion::Right => match text[at.byte..].graphemes(true).next() {
                Some(cluster) => Caret {
                    byte: at.byte + cluster.len(),
                    ..at
                },
                None => self.line_start_after(at),
            },
            Motion::WordLeft => self.word_left(at),
            Motion::WordRight => self.word_right(at),
            Motion::Up => self.rows_away(at, -1),
            Motion::Down => self.rows_away(at, 1),
            Motion::PageUp => self.rows_away(at, -page),
            Motion::PageDown => self.rows_away(at, page),
            Motion::RowStart => Caret {
                byte: self.row(at).start,
                ..at
            },
            Motion::RowEnd => Caret {
                byte: at_column(text, self.row(at), usize::MAX),
                ..at
            },
            Motion::LineStart => Caret { byte: 0, ..at },
            Motion::LineEnd => Caret {
                byte: text.len(),
                ..at
            },
            Motion::TextStart => Caret::default(),
            Motion::TextEnd => Caret {
                line: lines.len() - 1,
                byte: lines[lines.len() - 1].len(),
            },
        }
    }

    fn line_end_before(&self, at: Caret) -> Caret {
        match at.line.checked_sub(1) {
            Some(line) => Caret {
                line,
                byte: self.area.lines()[line].len(),
            },
            None => at,
        }
    }

    fn line_start_after(&self, at: Caret) -> Caret {
        if at.line + 1 < self.area.lines().len() {
            Caret {
                line: at.line + 1,
                byte: 0,
            }
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

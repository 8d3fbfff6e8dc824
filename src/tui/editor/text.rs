//! The text being edited, its caret, and the rows that it wraps into.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use tui_textarea::{CursorMove, TextArea};
use unicode_segmentation::UnicodeSegmentation;

use super::steps::{Caret, Steps};
use crate::model::clean::clean;
use crate::tui::widgets::wrap::{self, WrappedRow};

/// A longer paste is refused. (The text area addresses a line by 16 bits.)
pub const MAX_CHARACTERS: usize = 60_000;

/// Entries of history, enough for hours of typing.
pub(super) const MAX_EDITS: usize = 100_000;

/// How the text was last drawn, for keys that move by rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct View {
    pub width: usize,
    pub height: usize,
    /// The first row shown.
    pub top: usize,
}

/// The rows of a version of the text at a width.
type Wrapped = (u64, usize, Rc<[WrappedRow]>);

#[derive(Debug)]
pub struct Editor {
    pub(super) area: TextArea<'static>,
    pub(super) steps: Steps,
    pub(super) version: u64,
    pub(super) characters: usize,
    /// The column that moving up and down keeps to.
    pub(super) goal: Option<usize>,
    pub(super) view: Cell<View>,
    wrapped: RefCell<Option<Wrapped>>,
}

impl Editor {
    /// An editor of the cleaned `text`, with the caret at its start.
    pub fn new(text: &str) -> Self {
        let text = clean(text, MAX_CHARACTERS);
        let mut area = TextArea::new(text.split('\n').map(str::to_owned).collect());
        area.set_max_histories(MAX_EDITS);
        Self {
            area,
            steps: Steps::default(),
            version: 0,
            characters: text.chars().count(),
            goal: None,
            view: Cell::new(View {
                width: 80,
                height: 10,
                top: 0,
            }),
            wrapped: RefCell::new(None),
        }
    }

    pub fn text(&self) -> String {
        self.area.lines().join("\n")
    }

    pub fn is_empty(&self) -> bool {
        self.characters == 0
    }

    pub fn is_full(&self) -> bool {
        self.characters >= MAX_CHARACTERS
    }

    /// Increases whenever the text changes.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The line of the caret, from 0, and the byte in it.
    pub fn caret(&self) -> (usize, usize) {
        let Caret { line, byte } = self.place();
        (line, byte)
    }

    /// Moves the caret to `line`, from 0, near `byte`, or to the end of the text.
    pub fn go_to(&mut self, line: usize, byte: usize) {
        self.steps.close();
        self.goal = None;
        let line = line.min(self.area.lines().len() - 1);
        self.jump(Caret { line, byte });
        self.snap();
    }

    /// Moves the caret to a byte of [`Editor::text`].
    pub fn go_to_byte(&mut self, byte: usize) {
        let mut left = byte;
        for line in 0..self.area.lines().len() {
            let length = self.area.lines()[line].len();
            if left <= length {
                return self.go_to(line, left);
            }
            left -= length + 1;
        }
        self.go_to(usize::MAX, usize::MAX);
    }

    /// The text of the caret's line up to the caret.
    pub fn before_caret(&self) -> String {
        let Caret { line, byte } = self.place();
        self.area.lines()[line][..byte].to_owned()
    }

    pub(super) fn characters_between(&self, from: Caret, to: Caret) -> usize {
        let lines = self.area.lines();
        if from.line == to.line {
            return lines[from.line][from.byte..to.byte].chars().count();
        }
        let head = lines[from.line][from.byte..].chars().count();
        let between = lines[from.line + 1..to.line].iter();
        let middle: usize = between.map(|line| line.chars().count()).sum();
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
}

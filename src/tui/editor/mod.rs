//! The prompt's editor, a wrapper of the text area's lines and history.
//!
//! The text area edits by code point, undoes by character, keeps control bytes, does not wrap lines and paints its own
//! cursor. This editor moves by grapheme cluster, undoes by word, and uses the terminal's cursor.

mod draw;
mod keys;
mod moves;
mod steps;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crossterm::event::KeyEvent;
use tui_textarea::TextArea;

use crate::model::clean::clean;

pub use draw::Mark;

use super::widgets::wrap::WrappedRow;
use keys::{EditCommand, Motion};
use steps::{Caret, EditKind, Step, Steps};

/// The rest of a longer paste is dropped. (The text area addresses a line by 16 bits.)
pub const MAX_CHARACTERS: usize = 60_000;

/// Entries of history, enough for hours of typing.
const MAX_EDITS: usize = 100_000;

/// What a key did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyOutcome {
    Changed,
    /// The key was the editor's, but the text is the same.
    Moved,
    /// The key means nothing to the editor.
    Ignored,
}

/// How the text was last drawn, for keys that move by rows.
#[derive(Debug, Clone, Copy)]
struct View {
    width: usize,
    height: usize,
    /// The first row shown.
    top: usize,
}

/// The rows of a version of the text at a width.
type Wrapped = (u64, usize, Rc<[WrappedRow]>);

#[derive(Debug)]
pub struct Editor {
    area: TextArea<'static>,
    steps: Steps,
    version: u64,
    characters: usize,
    /// The column that moving up and down keeps to.
    goal: Option<usize>,
    view: Cell<View>,
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

    /// Replaces the text as one step of undo. The caret keeps its line where it can.
    pub fn set_text(&mut self, text: &str) -> KeyOutcome {
        let text = clean(text, MAX_CHARACTERS);
        if text == self.text() {
            return KeyOutcome::Moved;
        }
        let before = self.place();
        self.jump(Caret::default());
        let mut edits = usize::from(self.characters > 0 && self.area.delete_str(self.characters));
        edits += usize::from(self.area.insert_str(&text));
        self.characters = text.chars().count();
        let line = before.line.min(self.area.lines().len() - 1);
        self.jump(Caret { line, ..before });
        self.changed(EditKind::Whole, before, edits)
    }

    /// Inserts `text` at the caret as one step of undo.
    pub fn paste(&mut self, text: &str) -> KeyOutcome {
        self.insert(text, EditKind::Whole)
    }

    /// The text of the caret's line up to the caret.
    pub fn before_caret(&self) -> String {
        let Caret { line, byte } = self.place();
        self.area.lines()[line][..byte].to_owned()
    }

    /// Replaces the last `bytes` before the caret on its line, as one step of undo.
    pub fn replace_before_caret(&mut self, bytes: usize, text: &str) -> KeyOutcome {
        let before = self.place();
        let from = Caret {
            byte: before.byte.saturating_sub(bytes),
            ..before
        };
        self.jump(from);
        let count = self.characters_between(self.place(), before);
        let text = clean(
            text,
            MAX_CHARACTERS.saturating_sub(self.characters.saturating_sub(count)),
        );
        let mut edits = usize::from(count > 0 && self.area.delete_str(count));
        edits += usize::from(self.area.insert_str(&text));
        self.snap();
        self.changed(EditKind::Whole, before, edits)
    }

    pub fn handle(&mut self, key: KeyEvent) -> KeyOutcome {
        let Some(command) = keys::command(key) else {
            return KeyOutcome::Ignored;
        };
        if !matches!(command, EditCommand::Move(_)) {
            self.goal = None;
        }
        match command {
            EditCommand::Insert(c) => self.insert(
                c.encode_utf8(&mut [0; 4]),
                EditKind::Type {
                    space: c.is_whitespace(),
                },
            ),
            EditCommand::Newline => self.insert("\n", EditKind::Whole),
            EditCommand::Move(motion) => self.go(motion),
            EditCommand::Delete(motion) => self.delete(motion),
            EditCommand::Undo => self.undo(),
            EditCommand::Redo => self.redo(),
        }
    }

    pub fn undo(&mut self) -> KeyOutcome {
        let step = self.steps.undo();
        self.replay(step.map(|step| (step.edits, step.before)), TextArea::undo)
    }

    pub fn redo(&mut self) -> KeyOutcome {
        let step = self.steps.redo();
        self.replay(step.map(|step| (step.edits, step.after)), TextArea::redo)
    }

    fn replay(
        &mut self,
        step: Option<(usize, Caret)>,
        edit: fn(&mut TextArea<'static>) -> bool,
    ) -> KeyOutcome {
        let Some((edits, caret)) = step else {
            return KeyOutcome::Moved;
        };
        for _ in 0..edits {
            edit(&mut self.area);
        }
        self.jump(caret);
        self.touched();
        KeyOutcome::Changed
    }

    fn insert(&mut self, text: &str, kind: EditKind) -> KeyOutcome {
        let text = clean(text, MAX_CHARACTERS.saturating_sub(self.characters));
        if text.is_empty() {
            return KeyOutcome::Moved;
        }
        let before = self.place();
        let edits = usize::from(self.area.insert_str(&text));
        self.snap();
        self.changed(kind, before, edits)
    }

    fn delete(&mut self, motion: Motion) -> KeyOutcome {
        let before = self.place();
        let to = match (motion, self.target(motion)) {
            // At the end of a line, deleting to its end deletes the line break.
            (Motion::LineEnd, to) if to == before => self.target(Motion::Right),
            (Motion::LineStart, to) if to == before => self.target(Motion::Left),
            (_, to) => to,
        };
        let (from, to) = (before.min(to), before.max(to));
        let count = self.characters_between(from, to);
        if count == 0 {
            return KeyOutcome::Moved;
        }
        self.jump(from);
        let edits = usize::from(self.area.delete_str(count));
        self.snap();
        let one_by_one = matches!(motion, Motion::Left | Motion::Right);
        self.changed(
            if one_by_one {
                EditKind::Erase
            } else {
                EditKind::Whole
            },
            before,
            edits,
        )
    }

    fn go(&mut self, motion: Motion) -> KeyOutcome {
        self.steps.close();
        let vertical = matches!(
            motion,
            Motion::Up | Motion::Down | Motion::PageUp | Motion::PageDown
        );
        let goal = vertical.then(|| self.goal.unwrap_or_else(|| self.column()));
        self.goal = goal;
        let to = self.target(motion);
        self.jump(to);
        KeyOutcome::Moved
    }

    fn changed(&mut self, kind: EditKind, before: Caret, edits: usize) -> KeyOutcome {
        let step = Step {
            edits,
            before,
            after: self.place(),
        };
        self.steps.note(kind, step, MAX_EDITS);
        self.touched();
        KeyOutcome::Changed
    }

    fn touched(&mut self) {
        self.version += 1;
        let lines = self.area.lines();
        let breaks = lines.len() - 1;
        self.characters = breaks + lines.iter().map(|line| line.chars().count()).sum::<usize>();
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;

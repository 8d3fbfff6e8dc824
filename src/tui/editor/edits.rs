//! What changes the text or moves the caret: keys, pastes, undo.

use crossterm::event::KeyEvent;
use tui_textarea::TextArea;

use super::keys::{self, EditCommand, Motion};
use super::steps::{Caret, EditKind, Step};
use super::text::{Editor, MAX_CHARACTERS, MAX_EDITS};
use crate::model::clean::clean;

/// What a key did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyOutcome {
    Changed,
    /// The key was the editor's, but the text is the same.
    Moved,
    /// The key means nothing to the editor.
    Ignored,
}

impl Editor {
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

    /// How many characters of `text` do not fit beside those that are there.
    pub fn excess(&self, text: &str) -> usize {
        let all = clean(text, usize::MAX).chars().count();
        all.saturating_sub(MAX_CHARACTERS.saturating_sub(self.characters))
    }

    /// Inserts `text` at the caret as one step of undo.
    pub fn paste(&mut self, text: &str) -> KeyOutcome {
        self.insert(text, EditKind::Whole)
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
        let others = self.characters.saturating_sub(count);
        let text = clean(text, MAX_CHARACTERS.saturating_sub(others));
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
            EditCommand::Insert(c) => {
                let space = c.is_whitespace();
                self.insert(c.encode_utf8(&mut [0; 4]), EditKind::Type { space })
            }
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

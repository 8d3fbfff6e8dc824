//! Groups edits of the text area's history into steps of undo: a word, a run of deletions, a paste.

use std::collections::VecDeque;

/// A place in the text: a line, and a byte in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, PartialOrd, Ord)]
pub struct Caret {
    pub line: usize,
    pub byte: usize,
}

/// Edits that are undone together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    pub edits: usize,
    pub before: Caret,
    pub after: Caret,
}

/// The kind of an edit, which decides whether it continues the last step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EditKind {
    /// A typed character.
    Type { space: bool },
    /// The deletion of one character.
    Erase,
    /// Anything that is a step of its own.
    Whole,
}

#[derive(Debug, Clone, Default)]
pub struct Steps {
    done: VecDeque<Step>,
    undone: Vec<Step>,
    open: Option<EditKind>,
    edits: usize,
}

impl Steps {
    /// Records an edit. The text area keeps `most` entries of history.
    pub fn note(&mut self, kind: EditKind, step: Step, most: usize) {
        self.undone.clear();
        let goes_on = match (self.open, kind) {
            (Some(EditKind::Type { space: was }), EditKind::Type { space }) => space || !was,
            (Some(EditKind::Erase), EditKind::Erase) => true,
            _ => false,
        };
        self.edits += step.edits;
        match self
            .done
            .back_mut()
            .filter(|last| goes_on && last.after == step.before)
        {
            Some(last) => {
                last.edits += step.edits;
                last.after = step.after;
            }
            None => self.done.push_back(step),
        }
        self.open = Some(kind);
        // Edits that the text area has dropped cannot be undone.
        while self.edits > most {
            let Some(oldest) = self.done.pop_front() else {
                break;
            };
            self.edits -= oldest.edits;
        }
    }

    /// Ends the current step, because the caret was moved.
    pub fn close(&mut self) {
        self.open = None;
    }

    pub fn undo(&mut self) -> Option<Step> {
        self.open = None;
        let step = self.done.pop_back()?;
        self.edits -= step.edits;
        self.undone.push(step);
        Some(step)
    }

    pub fn redo(&mut self) -> Option<Step> {
        self.open = None;
        let step = self.undone.pop()?;
        self.edits += step.edits;
        self.done.push_back(step);
        Some(step)
    }
}

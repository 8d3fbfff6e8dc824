//! Undo in steps a person would count: a word typed, a run of deletions, a paste. Each step is a number of
//! edits in the text area's own history.

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

/// What an edit is, to decide whether it goes on with the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A character typed; whether it is a space.
    Type { space: bool },
    /// Characters taken away one by one.
    Erase,
    /// Anything that stands for itself.
    Whole,
}

/// The steps made and unmade.
#[derive(Debug, Clone, Default)]
pub struct Steps {
    done: VecDeque<Step>,
    undone: Vec<Step>,
    open: Option<Kind>,
    edits: usize,
}

impl Steps {
    /// Notes an edit that took `edits` entries of the text area's history, of which `most` are kept.
    pub fn note(&mut self, kind: Kind, step: Step, most: usize) {
        self.undone.clear();
        let goes_on = match (self.open, kind) {
            (Some(Kind::Type { space: was }), Kind::Type { space }) => space || !was,
            (Some(Kind::Erase), Kind::Erase) => true,
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
        // What the text area has forgotten cannot be undone.
        while self.edits > most {
            let Some(oldest) = self.done.pop_front() else {
                break;
            };
            self.edits -= oldest.edits;
        }
    }

    /// Ends the step that is being made: the caret went elsewhere.
    pub fn close(&mut self) {
        self.open = None;
    }

    /// The step to undo.
    pub fn undo(&mut self) -> Option<Step> {
        self.open = None;
        let step = self.done.pop_back()?;
        self.edits -= step.edits;
        self.undone.push(step);
        Some(step)
    }

    /// The step to make again.
    pub fn redo(&mut self) -> Option<Step> {
        self.open = None;
        let step = self.undone.pop()?;
        self.edits += step.edits;
        self.done.push_back(step);
        Some(step)
    }
}

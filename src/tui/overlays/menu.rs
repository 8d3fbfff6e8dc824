//! A list to choose from: findings and their fixes, and whatever else is chosen by row.

use crate::model::rule::Severity;
use crate::script::lint::Fix;
use crate::store::Revision;
use crate::tui::app::Late;
use crate::tui::panes::Param;
use crate::tui::rescue::{Decision, Found};

/// What choosing a row does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pick {
    /// Goes to a byte of the prompt.
    Place(usize),
    /// Mends the draft.
    Fix(Fix),
    /// Sets a parameter to the value at that place among its options.
    Value(Param, usize),
    /// Loads a revision into the draft.
    Revision(Box<Revision>),
    /// Decides about a text that an earlier session could not save.
    Unsaved(Box<Found>, Decision),
    /// Decides about a text that an editor saved late.
    Late(Box<Late>, Decision),
}

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Stands in a column of its own; may be empty.
    pub lead: String,
    pub text: String,
    /// How much it weighs, when it is a finding.
    pub severity: Option<Severity>,
    pub pick: Pick,
}

/// The list, and the row chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Menu {
    pub title: String,
    pub rows: Vec<Choice>,
    pub at: usize,
}

impl Menu {
    /// The list with its first row chosen.
    #[must_use]
    pub fn new(title: impl Into<String>, rows: Vec<Choice>) -> Self {
        Self {
            title: title.into(),
            rows,
            at: 0,
        }
    }

    /// The chosen row.
    #[must_use]
    pub fn chosen(&self) -> Option<&Choice> {
        self.rows.get(self.at)
    }

    /// Chooses another row.
    pub fn step(&mut self, by: isize) {
        self.at = self
            .at
            .saturating_add_signed(by)
            .min(self.rows.len().saturating_sub(1));
    }
}

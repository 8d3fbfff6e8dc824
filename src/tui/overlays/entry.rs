//! One line being typed: a note, a filter.

use crate::model::TakeId;
use crate::tui::widgets::field::TextField;

/// What the line is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Note(TakeId),
    Filter,
    /// Shots and seconds of a new script.
    Script,
    /// The most that one take may cost, where no price is known.
    MaxPrice,
}

/// One line being typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub purpose: Purpose,
    pub field: TextField,
    /// The text as it was, for leaving without a change.
    pub before: String,
}

impl Entry {
    /// Begins with `text`.
    #[must_use]
    pub fn new(purpose: Purpose, text: &str) -> Self {
        Self {
            purpose,
            field: TextField::prefilled(text),
            before: text.to_owned(),
        }
    }

    /// What stands before the field.
    #[must_use]
    pub fn title(&self) -> String {
        match self.purpose {
            Purpose::Note(take) => format!("Note on take {take}"),
            Purpose::Filter => "Filter".to_owned(),
            Purpose::Script => "New script: shots and seconds".to_owned(),
            Purpose::MaxPrice => {
                "The price is not known. Most that one take may cost, in US dollars".to_owned()
            }
        }
    }

    /// How the line is written.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self.purpose {
            Purpose::Note(_) => "what is good or wrong in it",
            Purpose::Filter => "seed:42 state:saved 720p circled, or words",
            Purpose::Script => "5 in 10",
            Purpose::MaxPrice => "0.80",
        }
    }
}

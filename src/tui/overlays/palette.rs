//! Commands found by a few letters of their names.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use crate::tui::action::Action;
use crate::tui::widgets::field::TextField;

/// What is typed, and what it finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Palette {
    pub field: TextField,
    /// What can be done now.
    offered: Vec<Action>,
    /// What was found, best first.
    pub found: Vec<Action>,
    /// Row of the chosen one.
    pub at: usize,
}

impl Palette {
    /// Finds among `offered`; all of it while nothing is typed.
    #[must_use]
    pub fn new(offered: Vec<Action>) -> Self {
        Self {
            field: TextField::default(),
            found: offered.clone(),
            offered,
            at: 0,
        }
    }

    /// The field changed: finds anew.
    pub fn find(&mut self) {
        let pattern = Pattern::parse(self.field.text(), CaseMatching::Ignore, Normalization::Smart);
        let mut matcher = Matcher::new(Config::DEFAULT);
        let mut buffer = Vec::new();
        let mut scored: Vec<(u32, Action)> = Vec::new();
        for action in &self.offered {
            // The short name counts twice, so that "zoom" finds zoom before what only mentions it.
            let mut score = |text: &str| pattern.score(Utf32Str::new(text, &mut buffer), &mut matcher);
            let short = score(action.short()).map(|points| points * 2);
            let best = short.max(score(action.about())).max(score(action.name()));
            scored.extend(best.map(|points| (points, *action)));
        }
        scored.sort_by_key(|(points, action)| (std::cmp::Reverse(*points), *action));
        self.found = scored.into_iter().map(|(_, action)| action).collect();
        self.at = 0;
    }

    /// The chosen command.
    #[must_use]
    pub fn chosen(&self) -> Option<Action> {
        self.found.get(self.at).copied()
    }

    /// Chooses another row.
    pub fn step(&mut self, by: isize) {
        self.at = self
            .at
            .saturating_add_signed(by)
            .min(self.found.len().saturating_sub(1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_found_by_its_name() {
        for action in Action::ALL {
            let mut palette = Palette::new(Action::ALL.to_vec());
            palette.field.paste(action.name());
            palette.find();
            assert!(
                palette.found.iter().take(3).any(|found| found == action),
                "{action}: {:?}",
                palette.found
            );
        }
    }

    #[test]
    fn a_few_letters_are_enough_and_nonsense_finds_nothing() {
        let mut palette = Palette::new(Action::ALL.to_vec());
        palette.field.paste("zm");
        palette.find();
        assert_eq!(palette.chosen(), Some(Action::Zoom));
        palette.field.paste("qqqq");
        palette.find();
        assert_eq!(palette.chosen(), None);
        palette.step(1);
    }
}

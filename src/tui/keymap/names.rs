//! The names of actions and contexts in `keymap.toml`, today's and those of earlier releases.

use std::fmt;
use std::str::FromStr;

use super::table::{Action, Context};

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an action")]
pub struct UnknownAction(pub String);

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Names that actions had in earlier releases, which keymaps may still use.
const OLD_NAMES: [(&str, &str); 8] = [
    ("compare_books", "reconcile"),
    ("adopt", "import"),
    ("adopt_all", "import_all"),
    ("decide_held", "decide_on_hold"),
    ("release_held", "release_on_hold"),
    ("cancel_held", "cancel_on_hold"),
    ("change_held", "change_on_hold"),
    ("resume_line", "resume_queue"),
];

impl FromStr for Action {
    type Err = UnknownAction;
    fn from_str(name: &str) -> Result<Self, UnknownAction> {
        let renamed = OLD_NAMES.iter().find(|(old, _)| *old == name);
        let name = renamed.map_or(name, |(_, new)| new);
        Self::ALL
            .iter()
            .copied()
            .find(|action| action.name() == name)
            .ok_or_else(|| UnknownAction(name.to_owned()))
    }
}

impl Context {
    /// The table of this name, also by the names of earlier releases.
    pub fn named(name: &str) -> Option<Self> {
        let name = match name {
            "books" => "reconcile",
            "held" => "on_hold",
            name => name,
        };
        Self::ALL.into_iter().find(|context| context.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_read_back() {
        for action in Action::ALL {
            assert_eq!(action.name().parse(), Ok(*action));
        }
        for (old, new) in OLD_NAMES {
            assert_eq!(old.parse::<Action>(), new.parse(), "{old}");
            assert!(new.parse::<Action>().is_ok(), "{new}");
        }
    }

    #[test]
    fn every_description_is_one_line_of_its_own() {
        let mut seen = BTreeSet::new();
        for action in Action::ALL {
            let about = action.about();
            assert!(
                about.len() <= 70 && !about.contains('\n') && !about.ends_with('.'),
                "{about}"
            );
            assert!(about.starts_with(char::is_uppercase), "{about}");
            assert!(seen.insert(about), "{about} stands twice");
            assert!((1..=17).contains(&action.short().len()), "{}", action.short());
        }
    }
}

//! How a take came from another one.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How a take came from its parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lineage {
    /// The same idea at a higher resolution: by seed, or with the parent as a reference.
    Promoted,
    /// The very shot of a finishable draft.
    Finished,
    /// It begins with the parent's last frame.
    Chained,
    /// The same request again, with the same seed or another one.
    Repeated,
}

impl Lineage {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Promoted, Self::Finished, Self::Chained, Self::Repeated];

    /// The word in JSON and in the store.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Promoted => "promoted",
            Self::Finished => "finished",
            Self::Chained => "chained",
            Self::Repeated => "repeated",
        }
    }

    /// What a take is called from its parent's side: `promoted to 123`.
    pub const fn to(self) -> &'static str {
        match self {
            Self::Promoted => "promoted to",
            Self::Finished => "finished as",
            Self::Chained => "continued by",
            Self::Repeated => "run again as",
        }
    }

    /// How it came from its parent: `from draft 118`, `final of draft 118`.
    pub const fn from(self) -> &'static str {
        match self {
            Self::Promoted => "from draft",
            Self::Finished => "final of draft",
            Self::Chained => "continues",
            Self::Repeated => "again from",
        }
    }
}

impl FromStr for Lineage {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.word() == text).ok_or(())
    }
}

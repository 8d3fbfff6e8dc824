//! The panes with their titles and keymap tables.

use super::keymap::Context;

/// The five panes, in the order of their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PaneId {
    Prompt,
    Params,
    Queue,
    Log,
    Monitor,
}

impl PaneId {
    pub const ALL: [Self; 5] = [Self::Prompt, Self::Params, Self::Queue, Self::Log, Self::Monitor];

    /// The number and name shown in the border.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Prompt => "1 Prompt",
            Self::Params => "2 Parameters",
            Self::Queue => "3 Queue",
            Self::Log => "4 Log",
            Self::Monitor => "5 Monitor",
        }
    }

    /// The table of the keymap that applies in it while nothing is typed.
    pub const fn context(self) -> Context {
        match self {
            Self::Prompt => Context::Prompt,
            Self::Params => Context::Parameters,
            Self::Queue => Context::Queue,
            Self::Log => Context::Log,
            Self::Monitor => Context::Monitor,
        }
    }
}

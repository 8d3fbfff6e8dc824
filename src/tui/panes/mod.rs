//! The panes of the workbench, one component each.

pub mod compact;
mod layout;
mod log;
mod monitor;
pub mod notice;
pub(in crate::tui) mod params;
pub(in crate::tui) mod prompt;
pub(in crate::tui) mod queue;
pub mod status;
mod take_rows;
pub mod wording;

pub use layout::layout;
pub use monitor::Monitor;
pub use params::{Parameter, Spot};

use super::action::Action;
pub use super::canvas::{Ctx, Drawn, Target};
use super::component::Component;
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

    /// The action that gives it the keys.
    pub const fn focus(self) -> Action {
        match self {
            Self::Prompt => Action::FocusPrompt,
            Self::Params => Action::FocusParameters,
            Self::Queue => Action::FocusQueue,
            Self::Log => Action::FocusLog,
            Self::Monitor => Action::FocusMonitor,
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

/// All panes, in the order of [`PaneId::ALL`].
pub fn all() -> [Box<dyn Component>; PaneId::ALL.len()] {
    PaneId::ALL.map(|pane| -> Box<dyn Component> {
        match pane {
            PaneId::Prompt => Box::new(prompt::Prompt::default()),
            PaneId::Params => Box::new(params::Params::default()),
            PaneId::Queue => Box::new(queue::Queue),
            PaneId::Log => Box::new(log::Log::default()),
            PaneId::Monitor => Box::new(Monitor::default()),
        }
    })
}

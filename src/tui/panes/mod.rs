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

pub use super::canvas::{Ctx, Drawn, Target};
use super::component::Component;
pub use super::pane::PaneId;

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

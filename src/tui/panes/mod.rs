//! The panes of the workbench, one component each.

mod chain_strip;
pub mod compact;
mod filter_field;
pub mod layout;
mod log;
mod monitor;
pub mod no_picture;
pub mod notice;
pub(in crate::tui) mod params;
mod probed;
pub(in crate::tui) mod prompt;
pub(in crate::tui) mod queue;
mod sound;
pub mod status;
mod sweep_rows;
mod take_rows;
pub mod wording;

pub use monitor::Monitor;
pub use params::{Parameter, Spot};

pub use super::canvas::{Ctx, Drawn, Target};
use super::component::Component;
pub use super::keymap::PaneId;

/// A pane of a column, with the fewest and the most rows that it gets.
type Share = (PaneId, Option<(u16, u16)>);

/// The columns of a wide terminal from top to bottom. A pane gets two fifths of the rows that are left, within these limits;
/// the last of a column gets the rest.
pub const COLUMNS: [&[Share]; 2] = [
    &[
        (PaneId::Prompt, Some((12, 18))),
        (PaneId::Queue, Some((5, 12))),
        (PaneId::Log, None),
    ],
    &[(PaneId::Parameters, Some((12, 18))), (PaneId::Monitor, None)],
];

/// All panes, in the order of [`PaneId::ALL`].
pub fn all() -> [Box<dyn Component>; PaneId::ALL.len()] {
    PaneId::ALL.map(|pane| -> Box<dyn Component> {
        match pane {
            PaneId::Prompt => Box::new(prompt::Prompt::default()),
            PaneId::Parameters => Box::new(params::Params::default()),
            PaneId::Queue => Box::new(queue::Queue),
            PaneId::Log => Box::new(log::Log::default()),
            PaneId::Monitor => Box::new(Monitor::default()),
        }
    })
}

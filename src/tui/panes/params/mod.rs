//! The Parameters pane: the values of the form, its references, and what generating would cost.

mod component;
mod draw;
mod fields;
mod rows;
pub(in crate::tui) mod state;

pub use crate::model::Parameter;
pub use component::Params;
pub use state::Spot;

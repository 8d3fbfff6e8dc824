//! The Parameters pane: the values of the form, its references, and what generating would cost.

mod draw;
mod fields;
mod rows;
mod state;

pub use crate::model::Parameter as Param;
pub use draw::{Offer, ParamsPane};
pub use state::{Change, ParamsState, Spot};

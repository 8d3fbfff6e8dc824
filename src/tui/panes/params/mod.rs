//! Pane 2: every field of the request as a toggle or a small field, and the price of what would be sent.

mod component;
mod draw;
mod fields;
pub(in crate::tui) mod param;
mod rows;
pub(in crate::tui) mod state;

pub use component::Params;
pub use draw::{Offer, ParamsPane};
pub use param::Param;
pub use state::{Change, ParamsState, Spot};

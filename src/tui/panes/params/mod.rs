//! Pane 2: every field of the request as a toggle or a small field, and the price of what would be sent.

mod draw;
mod fields;
mod param;
mod rows;
mod state;

pub use draw::{Offer, ParamsPane};
pub use param::Param;
pub use state::{Change, ParamsState, Spot};

//! The wall: takes as rows, their shots as columns, each a small picture.

mod component;
mod draw;
mod state;
mod tiles;

pub use component::{can_open, open, told};
pub use state::Wall;

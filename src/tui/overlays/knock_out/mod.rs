//! Two takes at once, pair after pair until all are ranked.

mod component;
mod draw;
mod pair;
mod place;
mod state;

pub use component::{between, decided, opened, start};
pub use state::Compared;

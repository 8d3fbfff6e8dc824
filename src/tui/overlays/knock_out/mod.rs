//! Two takes at once, pair after pair until all are ranked.

mod component;
mod draw;
mod pair;

pub use component::{Compared, between, decided, opened, start};

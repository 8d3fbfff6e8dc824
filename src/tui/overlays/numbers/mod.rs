//! The numbers: what was spent, kept, failed and waited for, by day, reel, sweep or model.

mod chart;
mod component;
mod draw;
mod state;
mod table;

pub use component::open;

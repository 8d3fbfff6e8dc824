//! Pane 5: the selected take with its picture, a still of each of its shots, its state, facts and origin.

mod component;
mod draw;
mod facts;
mod place;
mod playback;
mod position;
mod stills;
mod summary;

pub use component::Monitor;

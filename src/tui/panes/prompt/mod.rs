//! Pane 1: the prompt with its findings and the timeline of its shots.

mod complete;
mod component;
mod draw;

pub use component::{Prompt, not_edited};

//! The workbench: one task that owns the state, drawn on a terminal and driven by keys.
//!
//! Knows the engine only through a trait of its own, so that all of it runs without a terminal or a network.

pub mod action;
pub mod keymap;
pub mod terminal;
pub mod throttle;

pub use action::{Action, Group};
pub use keymap::Keymap;

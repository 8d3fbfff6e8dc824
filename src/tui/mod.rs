//! The workbench: one task that owns the state, drawn on a terminal and driven by keys.
//!
//! Knows the engine only through a trait of its own, so that all of it runs without a terminal or a network.

pub mod action;
pub mod app;
pub mod editor;
pub mod effect;
pub mod glyphs;
pub mod keymap;
pub mod overlays;
pub mod terminal;
pub mod theme;
pub mod throttle;
pub mod widgets;
pub mod works;

pub use action::{Action, Group};
pub use keymap::Keymap;

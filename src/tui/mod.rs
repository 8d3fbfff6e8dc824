//! The workbench: one task that owns the state, drawn on a terminal and driven by keys.
//!
//! Knows the engine only through [`effects::EngineHandle`], so that the whole of it runs without a terminal or a
//! network.

pub mod action;
pub mod keymap;

pub use action::{Action, Group};

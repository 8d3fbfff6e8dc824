//! The workbench: one task that owns the state, drawn on a terminal and driven by keys.
//!
//! Knows the engine only through a trait of its own, so that all of it runs without a terminal or a network.

pub mod action;
pub mod app;
pub mod editor;
pub mod effect;
pub mod effects;
pub mod expiry;
pub mod glyphs;
pub mod keymap;
pub mod overlays;
pub mod panes;
pub mod reading;
pub mod rescue;
pub mod run;
pub mod saver;
pub mod screen;
pub mod terminal;
pub mod theme;
pub mod throttle;
pub mod widgets;
pub mod workbench;

pub use action::{Action, Group};
pub use keymap::Keymap;
pub use workbench::{Exit, Setup, TuiError, run_workbench};

//! The workbench: one task that owns the components and the state they share, drawn on a terminal and driven by keys.
//!
//! It knows the engine only through a trait, so that all of it runs without a terminal or a network.

pub mod action;
pub mod app;
mod burst;
pub mod canvas;
mod commands;
pub mod component;
pub mod editor;
pub mod effect;
pub mod expiry;
pub mod glyphs;
mod hints;
pub mod jobs;
pub mod keymap;
pub mod overlays;
pub mod pane;
pub mod panes;
pub mod reading;
mod receive;
pub mod run;
pub mod screen;
mod stack;
pub mod state;
pub mod terminal;
pub mod theme;
pub mod throttle;
pub mod widgets;
pub mod workbench;

pub use action::{Action, Group};
pub use keymap::Keymap;
pub use workbench::{Exit, Setup, TuiError, run_workbench};

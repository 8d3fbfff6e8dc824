//! The workbench: the components and the state that they share, drawn on a terminal and driven by keys.
//!
//! It knows the terminal and the engine only through traits, so that tests run it without either.

pub mod app;
mod burst;
pub mod canvas;
pub mod choosing;
mod commands;
pub mod component;
pub mod editor;
pub mod effect;
pub mod expiry;
pub mod glyphs;
pub mod graphics;
mod hints;
pub mod jobs;
pub mod keymap;
pub mod overlays;
pub mod panes;
pub mod picture_style;
pub mod picture_way;
pub mod playing;
mod receive;
pub mod run;
pub mod screen;
pub mod script_check;
mod stack;
pub mod state;
pub mod terminal;
pub mod theme;
pub mod throttle;
pub mod widgets;
pub mod workbench;

pub use keymap::Keymap;
pub use workbench::{WorkbenchSetup, run_workbench};

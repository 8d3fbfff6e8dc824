//! The workbench.

pub mod editor;
pub mod glyphs;
pub mod panes;
pub mod theme;
pub mod widgets;

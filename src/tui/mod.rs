//! The workbench.

pub mod editor;
pub mod glyphs;
pub mod theme;
pub mod widgets;

//! Building blocks of panes and overlays, which know themes and signs but no takes.

pub mod columns;
pub mod field;
pub mod frame;
pub mod narrow;
pub mod picture;
pub mod strip;
pub mod text;
pub mod time;
pub mod toggle;
pub mod wave;
pub mod wrap;

//! Small pieces that panes are made of. They know themes and signs, no pane and no take.

pub mod columns;
pub mod field;
pub mod frame;
pub mod narrow;
pub mod picture;
pub mod strip;
pub mod text;
pub mod time;
pub mod toggle;
pub mod wrap;

//! Pictures of pixels: which protocol the terminal has, the pictures encoded for it, and which of them it shows now.
//!
//! A component draws such a picture as it draws one of cells: each cell gets a mark. So what covers a picture and what it
//! covers is known from the cells alone, and nothing is sent while they stay the same.

mod layer;
mod pixels;
mod protocol;

pub use layer::{Layer, Painting, Placed, Stage};
pub use pixels::{Pixels, is_placeholder};
pub use protocol::{Graphics, Protocol, TerminalGraphics, cell_size};

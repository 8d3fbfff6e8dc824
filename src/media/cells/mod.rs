//! Draws pictures in character cells, and writes the cells as bytes: for the workbench, playback and `rushes still`.
//!
//! A cell is a glyph with two colours. Which glyph and which colours is a trade between what is lost of the picture and what
//! the bytes are worth ([`Look::thrift`]), decided for one cell after another with the colours in mind that the terminal
//! already knows.
//!
//! A picture is first scaled to 4 × 16 samples for each cell, and a sample is the mean of the *light* of its pixels, as the
//! eye sees them from afar: a fine pattern of black and white becomes the grey that it looks like, and not a darker one. The
//! colours of a cell are then means of these samples *as they are encoded* (sRGB). To the eye, encoded values are about
//! equally far apart, so that their mean is the colour with the least visible error over the part of the cell that it fills;
//! the mean of their light would be too near to the brightest of them.
//!
//! What is lost is weighed as the structural similarity index weighs it: less where much goes on. All is in whole numbers,
//! tables and the basic operations of IEEE 754, so that every machine draws the same cells.

mod choose;
mod draw;
mod encode;
mod glyphs;
mod grid;
mod kept;
mod letters;
mod look;
mod palette;
mod sample;
mod stats;

pub use draw::{Canvas, draw};
pub use encode::{changes, encode};
pub use grid::{Cell, Grid, Ink};
pub use look::{Depth, Look, Shape};
pub use palette::rgb;
pub use sample::fit;

//! How a still picture is drawn: in which cells, or in pixels.

use crate::media::Picture;
use crate::media::cells::{self, Depth, Look, Shape};

use super::graphics::{Graphics, Pixels};
use super::widgets::picture::DrawnPicture;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureWay {
    /// With which glyphs, and in how many colours.
    pub shape: Shape,
    pub depth: Depth,
    /// In pixels instead.
    pub graphics: Option<Graphics>,
}

impl PictureWay {
    /// In character cells.
    pub const fn cells(shape: Shape, depth: Depth) -> Self {
        Self {
            shape,
            depth,
            graphics: None,
        }
    }

    /// `picture` in as many of `columns` × `rows` cells as its shape allows; nothing when there is no room or no picture. What
    /// cannot be encoded in pixels is drawn in cells.
    pub fn draw(self, picture: &Picture, columns: u16, rows: u16) -> Option<DrawnPicture> {
        let pixels = self
            .graphics
            .and_then(|graphics| Pixels::new(picture, columns, rows, graphics));
        if let Some(pixels) = pixels {
            return Some(DrawnPicture::of_pixels(pixels));
        }
        let look = Look {
            shape: self.shape,
            depth: self.depth,
            thrift: Look::THRIFT,
            ..Look::default()
        };
        DrawnPicture::of_cells(cells::draw(picture, columns, rows, look))
    }
}

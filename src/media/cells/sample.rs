//! Scales a picture to the fine grid from which cells are chosen: 4 × 16 samples in each cell, averaged in linear light.

use crate::media::Picture;
use crate::media::scale::{covered, sampled};

/// Samples across a cell.
pub(super) const ACROSS: usize = 4;
/// Samples down a cell.
pub(super) const DOWN: usize = 16;

/// A picture as rows of samples, [`ACROSS`] × [`DOWN`] to a cell.
#[derive(Debug, Clone)]
pub(super) struct Samples {
    columns: usize,
    /// Red, green, blue, row by row over the whole picture.
    rgb: Vec<[u8; 3]>,
}

/// The most cells that a picture of this size fills in `columns` × `rows` with its aspect kept; a cell is twice as high as
/// wide. Nothing when there is no room or no picture.
pub fn fit((width, height): (u32, u32), columns: u16, rows: u16) -> (u16, u16) {
    if width == 0 || height == 0 || columns == 0 || rows == 0 {
        return (0, 0);
    }
    let (w, h) = (u64::from(width), u64::from(height));
    let side = |over: u64, under: u64, most: u16| {
        let rounded = (2 * over + under) / (2 * under);
        u16::try_from(rounded).unwrap_or(most).clamp(1, most)
    };
    (
        side(u64::from(rows) * 2 * w, h, columns),
        side(u64::from(columns) * h, 2 * w, rows),
    )
}

impl Samples {
    /// `picture` scaled to exactly `columns` × `rows` cells.
    pub(super) fn of(picture: &Picture, columns: u16, rows: u16) -> Self {
        let (columns, rows) = (usize::from(columns), usize::from(rows));
        let across = covered(picture.width, columns * ACROSS);
        let down = covered(picture.height, rows * DOWN);
        Self {
            columns,
            rgb: sampled(picture, &across, &down),
        }
    }

    /// The samples of one cell, row by row.
    pub(super) fn cell(&self, x: usize, y: usize) -> impl Iterator<Item = &[[u8; 3]]> {
        let width = self.columns * ACROSS;
        (0..DOWN).map(move |row| {
            let start = (y * DOWN + row) * width + x * ACROSS;
            self.rgb.get(start..start + ACROSS).unwrap_or_default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(width: u32, height: u32, rgb: [u8; 3]) -> Picture {
        Picture {
            width,
            height,
            rgb: rgb.repeat(width as usize * height as usize),
        }
    }

    #[test]
    fn the_aspect_is_kept_in_cells_twice_as_high_as_wide() {
        assert_eq!(fit((1280, 720), 80, 22), (78, 22));
        assert_eq!(fit((864, 496), 80, 40), (80, 23));
        assert_eq!(fit((720, 1280), 80, 22), (25, 22));
        assert_eq!(fit((10_000, 1), 80, 22), (80, 1));
        assert_eq!(fit((1, 10_000), 80, 22), (1, 22));
        assert_eq!(fit((9, 9), 0, 22), (0, 0));
        assert_eq!(fit((0, 9), 80, 22), (0, 0));
    }

    #[test]
    fn one_colour_stays_that_colour_however_it_is_scaled() {
        for (width, height) in [(1, 1), (3, 7), (864, 5), (9_000, 2)] {
            for grey in [0, 1, 9, 77, 200, 255] {
                let samples = Samples::of(&plain(width, height, [grey; 3]), 2, 3);
                assert_eq!(samples.rgb.len(), 2 * ACROSS * 3 * DOWN);
                for sample in samples.rgb.iter().flatten() {
                    assert!(
                        sample.abs_diff(grey) <= 1,
                        "{width}×{height}: {grey} became {sample}"
                    );
                }
            }
        }
    }

    #[test]
    fn light_is_averaged_rather_than_samples() {
        let stripes = Picture {
            width: 64,
            height: 16,
            rgb: [[0; 3], [255; 3]].repeat(512).concat(),
        };
        let samples = Samples::of(&stripes, 1, 1);
        assert!(samples.rgb.iter().all(|rgb| rgb[0].abs_diff(188) <= 1));
    }
}

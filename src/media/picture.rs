//! A picture in RGB, and its scaling, in whole numbers so that it is the same on every machine.

use super::error::MediaError;

/// A picture, three bytes a pixel, rows without padding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    pub width: u32,
    pub height: u32,
    pub rgb: Vec<u8>,
}

impl Picture {
    /// The picture as a PNG file.
    ///
    /// # Errors
    /// [`MediaError::Encode`] when its size does not fit its pixels.
    pub fn png(&self) -> Result<Vec<u8>, MediaError> {
        let encoded = || {
            let mut bytes = Vec::new();
            let mut encoder = png::Encoder::new(&mut bytes, self.width, self.height);
            encoder.set_color(png::ColorType::Rgb);
            encoder.set_depth(png::BitDepth::Eight);
            let mut writer = encoder.write_header()?;
            writer.write_image_data(&self.rgb)?;
            writer.finish()?;
            Ok::<_, png::EncodingError>(bytes)
        };
        encoded().map_err(|error| MediaError::encode(&format!("a picture as PNG: {error}")))
    }

    /// The pixel at column `x`, row `y`; black outside.
    pub fn pixel(&self, x: u32, y: u32) -> [u8; 3] {
        if x >= self.width || y >= self.height {
            return [0; 3];
        }
        let at = (y as usize * self.width as usize + x as usize) * 3;
        match self.rgb.get(at..at + 3) {
            Some([red, green, blue]) => [*red, *green, *blue],
            _ => [0; 3],
        }
    }
}

/// `picture` made to fit into `width` × `height` with its shape kept, each new pixel the mean of those it
/// covers. A picture that fits already is returned as it is. For half-block cells, `height` is twice the rows.
pub fn shrink(picture: &Picture, width: u32, height: u32) -> Picture {
    let (width, height) = fit((picture.width, picture.height), (width, height));
    if (width, height) == (picture.width, picture.height) {
        return picture.clone();
    }
    sampled(
        picture,
        &weights(picture.width, width),
        &weights(picture.height, height),
    )
}

/// `picture` in exactly this size, its shape not kept: each new pixel the mean of those it covers, or a mixture of
/// its neighbours where the picture is made larger. A side of 0 is taken as 1.
pub fn resize(picture: &Picture, width: u32, height: u32) -> Picture {
    let (width, height) = (width.max(1), height.max(1));
    let taps = |old: u32, new: u32| {
        if new > old {
            between(old, new)
        } else {
            weights(old, new)
        }
    };
    let (columns, rows) = (taps(picture.width, width), taps(picture.height, height));
    sampled(picture, &columns, &rows)
}

/// The middle of `picture`, as large as fits in the shape of `width` to `height`.
pub fn crop(picture: &Picture, (width, height): (u32, u32)) -> Picture {
    let (old_width, old_height) = (u64::from(picture.width), u64::from(picture.height));
    let (width, height) = (u64::from(width.max(1)), u64::from(height.max(1)));
    let side = |exact: u64, most: u32| u32::try_from(exact.max(1)).unwrap_or(u32::MAX).min(most);
    let (width, height) = if old_width * height > old_height * width {
        (side(old_height * width / height, picture.width), picture.height)
    } else {
        (picture.width, side(old_width * height / width, picture.height))
    };
    let left = (picture.width - width) as usize / 2 * 3;
    let top = (picture.height - height) as usize / 2;
    let row = (picture.width as usize * 3).max(1);
    let rows = picture.rgb.chunks_exact(row).skip(top).take(height as usize);
    let rgb = rows
        .filter_map(|row| row.get(left..left + width as usize * 3))
        .flatten()
        .copied()
        .collect();
    Picture { width, height, rgb }
}

/// The largest size of the picture's shape inside the room, at least one pixel, never larger than the picture.
pub(super) fn fit((width, height): (u32, u32), (room_width, room_height): (u32, u32)) -> (u32, u32) {
    if width <= room_width && height <= room_height {
        return (width, height);
    }
    let (room_width, room_height) = (room_width.max(1), room_height.max(1));
    let scaled = |side: u32, room: u32, by: u32| {
        let by = u64::from(by.max(1));
        let exact = (u64::from(side) * u64::from(room) + by / 2) / by;
        u32::try_from(exact).unwrap_or(u32::MAX).max(1)
    };
    if u64::from(width) * u64::from(room_height) > u64::from(height) * u64::from(room_width) {
        (room_width, scaled(height, room_width, width).min(room_height))
    } else {
        (scaled(width, room_height, height).min(room_width), room_height)
    }
}

/// The first old pixel of a new one, and the weights of it and of those after it, in 1/256.
type Taps = (usize, Vec<u32>);

fn sampled(picture: &Picture, columns: &[Taps], rows: &[Taps]) -> Picture {
    let mut rgb = Vec::with_capacity(columns.len() * rows.len() * 3);
    for row in rows {
        for column in columns {
            rgb.extend(mean(picture, column, row));
        }
    }
    Picture {
        width: u32::try_from(columns.len()).unwrap_or(u32::MAX),
        height: u32::try_from(rows.len()).unwrap_or(u32::MAX),
        rgb,
    }
}

/// For each new pixel of a row or column that grows: the two old ones it lies between.
fn between(old: u32, new: u32) -> Vec<Taps> {
    let last = u64::from(old.max(1) - 1) * 256;
    (0..new)
        .map(|at| {
            let middle = (2 * u64::from(at) + 1) * u64::from(old) * 128 / u64::from(new.max(1));
            let place = middle.saturating_sub(128).min(last);
            let share = u32::try_from(place % 256).unwrap_or(0);
            let taps = if share == 0 {
                vec![256]
            } else {
                vec![256 - share, share]
            };
            (usize::try_from(place / 256).unwrap_or(0), taps)
        })
        .collect()
}

/// For each new pixel of a row or column that shrinks: the old ones it covers.
fn weights(old: u32, new: u32) -> Vec<Taps> {
    let edge = |at: u32| u64::from(at) * u64::from(old) * 256 / u64::from(new.max(1));
    (0..new)
        .map(|at| {
            let (start, end) = (edge(at), edge(at + 1));
            let first = start / 256;
            let covered = (first..end.div_ceil(256))
                .map(|pixel| {
                    let share = end.min((pixel + 1) * 256) - start.max(pixel * 256);
                    u32::try_from(share).unwrap_or(256)
                })
                .collect();
            (usize::try_from(first).unwrap_or(0), covered)
        })
        .collect()
}

fn mean(picture: &Picture, column: &Taps, row: &Taps) -> [u8; 3] {
    let width = picture.width as usize;
    let mut sums = [0_u64; 3];
    let mut whole = 0_u64;
    for (dy, tall) in row.1.iter().enumerate() {
        let line = ((row.0 + dy) * width + column.0) * 3;
        let pixels = picture.rgb.get(line..).unwrap_or_default().chunks_exact(3);
        for (pixel, wide) in pixels.zip(&column.1) {
            let weight = u64::from(*tall) * u64::from(*wide);
            whole += weight;
            for (sum, sample) in sums.iter_mut().zip(pixel) {
                *sum += weight * u64::from(*sample);
            }
        }
    }
    let whole = whole.max(1);
    sums.map(|sum| u8::try_from((sum + whole / 2) / whole).unwrap_or(u8::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn plain(width: u32, height: u32, rgb: [u8; 3]) -> Picture {
        Picture {
            width,
            height,
            rgb: rgb.repeat(width as usize * height as usize),
        }
    }

    #[test]
    fn the_shape_is_kept() {
        let video = plain(864, 496, [9, 9, 9]);
        for (room, size) in [
            ((80, 44), (77, 44)),
            ((40, 44), (40, 23)),
            ((2000, 2000), (864, 496)),
        ] {
            let small = shrink(&video, room.0, room.1);
            assert_eq!((small.width, small.height), size, "in {room:?}");
            assert_eq!(small.rgb.len(), small.width as usize * small.height as usize * 3);
        }
    }

    #[test]
    fn a_pixel_is_the_mean_of_what_it_covers() {
        let board = Picture {
            width: 4,
            height: 2,
            rgb: [0, 100, 40, 60, 200, 100, 40, 60]
                .iter()
                .flat_map(|v| [*v; 3])
                .collect(),
        };
        assert_eq!(shrink(&board, 2, 1).rgb, [100, 100, 100, 50, 50, 50]);
        assert_eq!(shrink(&board, 1, 1).rgb, [75, 75, 75]);
        assert_eq!(board.pixel(1, 0), [100; 3]);
        assert_eq!(board.pixel(4, 0), [0; 3]);
    }

    #[test]
    fn a_larger_picture_goes_smoothly_from_pixel_to_pixel() {
        let two = Picture {
            width: 2,
            height: 1,
            rgb: [[0; 3], [200; 3]].concat(),
        };
        let reds: Vec<u8> = resize(&two, 4, 2).rgb.chunks(3).map(|rgb| rgb[0]).collect();
        assert_eq!(reds, [0, 50, 150, 200, 0, 50, 150, 200]);
        assert_eq!(resize(&two, 2, 1), two);
    }

    #[test]
    fn the_middle_is_kept() {
        let grey: Vec<u8> = (0..12).collect();
        let board = Picture {
            width: 4,
            height: 3,
            rgb: grey.iter().flat_map(|v| [*v; 3]).collect(),
        };
        let reds = |picture: &Picture| picture.rgb.chunks(3).map(|rgb| rgb[0]).collect::<Vec<u8>>();
        let tall = crop(&board, (2, 3));
        assert_eq!(
            (tall.width, tall.height, reds(&tall)),
            (2, 3, vec![1, 2, 5, 6, 9, 10])
        );
        let wide = crop(&board, (4, 1));
        assert_eq!((wide.width, wide.height, reds(&wide)), (4, 1, vec![4, 5, 6, 7]));
        assert_eq!(crop(&board, (8, 6)), board);
    }

    proptest! {
        #[test]
        fn one_colour_stays_that_colour(
            size in (1..90_u32, 1..90_u32), room in (0..60_u32, 0..60_u32), grey in any::<u8>(),
        ) {
            let small = shrink(&plain(size.0, size.1, [grey; 3]), room.0, room.1);
            prop_assert!(small.width >= 1 && small.height >= 1);
            prop_assert!(small.width <= room.0.max(1) && small.height <= room.1.max(1));
            prop_assert!(small.rgb.iter().all(|sample| *sample == grey));
            let other = resize(&crop(&small, (size.1, room.1)), room.0, size.0);
            prop_assert_eq!((other.width, other.height), (room.0.max(1), size.0));
            prop_assert!(other.rgb.iter().all(|sample| *sample == grey));
            prop_assert_eq!(other.rgb.len(), other.width as usize * other.height as usize * 3);
        }
    }
}

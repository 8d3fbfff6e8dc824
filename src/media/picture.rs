//! A picture in RGB, made smaller, larger, or cropped.

use super::error::MediaError;
use super::scale::{Taps, between, covered, sampled};

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

/// `picture` made to fit into `width` × `height` with its shape kept, each new pixel the mean of the light
/// that it covers. A picture that fits already is returned as it is. For half-block cells, `height` is twice the rows.
pub fn shrink(picture: &Picture, width: u32, height: u32) -> Picture {
    let (width, height) = fit((picture.width, picture.height), (width, height));
    if (width, height) == (picture.width, picture.height) {
        return picture.clone();
    }
    scaled(
        picture,
        &covered(picture.width, width as usize),
        &covered(picture.height, height as usize),
    )
}

fn scaled(picture: &Picture, across: &[Taps], down: &[Taps]) -> Picture {
    let side = |taps: &[Taps]| u32::try_from(taps.len()).unwrap_or(u32::MAX);
    Picture {
        width: side(across),
        height: side(down),
        rgb: sampled(picture, across, down).into_flattened(),
    }
}

/// `picture` in exactly this size, its shape not kept: each new pixel the mean of the light that it covers, or a
/// mixture of its neighbours where the picture is made larger. A side of 0 is taken as 1.
pub fn resize(picture: &Picture, width: u32, height: u32) -> Picture {
    let (width, height) = (width.max(1), height.max(1));
    let taps = |old: u32, new: u32| {
        let by = if new > old { between } else { covered };
        by(old, new as usize)
    };
    let (across, down) = (taps(picture.width, width), taps(picture.height, height));
    scaled(picture, &across, &down)
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
            rgb: [0, 255, 60, 60, 255, 0, 60, 60]
                .iter()
                .flat_map(|v| [*v; 3])
                .collect(),
        };
        // Half the light is 188 in samples.
        assert_eq!(shrink(&board, 2, 1).rgb, [188, 188, 188, 60, 60, 60]);
        assert_eq!(board.pixel(1, 0), [255; 3]);
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
        assert_eq!(reds, [0, 106, 176, 200, 0, 106, 176, 200]);
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

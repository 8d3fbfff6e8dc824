//! Turns a photograph the right way up, by its Exif data.

use super::picture::Picture;

/// What has to be done with the stored pixels, in this order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Orientation {
    /// Rows and columns change places.
    swap: bool,
    mirror: bool,
    flip: bool,
}

/// The tag of the orientation. (CIPA DC-008, Exif 2.32, 4.6.4 A.)
const TAG: u32 = 0x0112;

impl Orientation {
    /// Reads it from Exif data; upright if they cannot be understood.
    pub(super) fn read(exif: &[u8]) -> Self {
        let (swap, mirror, flip) = match orientation(exif) {
            Some(2) => (false, true, false),
            Some(3) => (false, true, true),
            Some(4) => (false, false, true),
            Some(5) => (true, false, false),
            Some(6) => (true, true, false),
            Some(7) => (true, true, true),
            Some(8) => (true, false, true),
            _ => (false, false, false),
        };
        Self { swap, mirror, flip }
    }

    /// The picture the right way up.
    pub(super) fn apply(self, picture: Picture) -> Picture {
        if self == Self::default() {
            return picture;
        }
        let (width, height) = if self.swap {
            (picture.height, picture.width)
        } else {
            (picture.width, picture.height)
        };
        let mut rgb = Vec::with_capacity(picture.rgb.len());
        for y in 0..height {
            for x in 0..width {
                let x = if self.mirror { width - 1 - x } else { x };
                let y = if self.flip { height - 1 - y } else { y };
                rgb.extend(if self.swap {
                    picture.pixel(y, x)
                } else {
                    picture.pixel(x, y)
                });
            }
        }
        Picture { width, height, rgb }
    }
}

fn orientation(exif: &[u8]) -> Option<u32> {
    let is_little = match exif.get(..2)? {
        b"II" => true,
        b"MM" => false,
        _ => return None,
    };
    let number = |at: usize, bytes: usize| -> Option<u32> {
        let field = exif.get(at..at.checked_add(bytes)?)?;
        let join = |sum: u32, byte: &u8| sum << 8 | u32::from(*byte);
        Some(if is_little {
            field.iter().rev().fold(0, join)
        } else {
            field.iter().fold(0, join)
        })
    };
    let first = usize::try_from(number(4, 4)?).ok()?;
    let entries = usize::try_from(number(first, 2)?).ok()?;
    let entry = (0..entries)
        .map(|entry| first.saturating_add(2 + entry * 12))
        .find(|at| number(*at, 2) == Some(TAG))?;
    number(entry.checked_add(8)?, 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exif(order: [u8; 2], orientation: u8) -> Vec<u8> {
        let fields: [&[u8]; 11] = [
            &[0, 42],
            &[0, 0, 0, 8],
            &[0, 2],
            &[1, 0],
            &[0, 4],
            &[0, 0, 0, 1],
            &[0, 0, 0, 9],
            &[1, 0x12],
            &[0, 3],
            &[0, 0, 0, 1],
            &[0, orientation],
        ];
        let fields = fields.map(|field| {
            let mut field = field.to_vec();
            if order == *b"II" {
                field.reverse();
            }
            field
        });
        [order.to_vec(), fields.concat()].concat()
    }

    #[test]
    fn every_way_is_turned_up() {
        // The letters of an upright picture of 2 × 3, and as a camera stores them for each orientation.
        let stored = [
            (1, 2, "abcdef"),
            (2, 2, "badcfe"),
            (3, 2, "fedcba"),
            (4, 2, "efcdab"),
            (5, 3, "acebdf"),
            (6, 3, "bdface"),
            (7, 3, "fdbeca"),
            (8, 3, "ecafdb"),
        ];
        for (orientation, width, letters) in stored {
            let picture = Picture {
                width,
                height: 6 / width,
                rgb: letters.bytes().flat_map(|letter| [letter; 3]).collect(),
            };
            for order in [*b"II", *b"MM"] {
                let up = Orientation::read(&exif(order, orientation)).apply(picture.clone());
                let seen: String = up.rgb.chunks(3).map(|rgb| char::from(rgb[0])).collect();
                assert_eq!(
                    (up.width, up.height, seen.as_str()),
                    (2, 3, "abcdef"),
                    "{orientation}"
                );
            }
        }
    }

    #[test]
    fn what_cannot_be_understood_is_upright() {
        let whole = exif(*b"MM", 6);
        for length in 0..whole.len() {
            assert_eq!(
                Orientation::read(&whole[..length]),
                Orientation::default(),
                "{length}"
            );
        }
        let far = [b"II\x2a\0\xff\xff\xff\xff", &whole[..]].concat();
        for odd in [exif(*b"MM", 0), exif(*b"II", 9), far, b"XX".to_vec()] {
            assert_eq!(Orientation::read(&odd), Orientation::default());
        }
    }
}

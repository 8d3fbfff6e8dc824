//! Several small pictures in one PNG file, one below the other, with their times in its text.

use std::io::Cursor;

use png::{BitDepth, ColorType, Decoder, Encoder, Limits};

use crate::media::error::MediaError;
use crate::media::picture::Picture;

/// The text with the times: pairs of the moment that was asked for and when the picture is shown, in milliseconds.
const KEYWORD: &str = "rushes thumbnails";
/// The largest strip that is read back, in bytes of its pixels.
const MAX_BYTES: usize = 64 << 20;

/// A small picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Still {
    /// The moment that was asked for, in milliseconds.
    pub(super) moment: u64,
    /// When the picture is shown, in milliseconds.
    pub(super) shown: u64,
    pub(super) picture: Picture,
}

/// The file with these pictures, which are of one size.
pub(super) fn encode(stills: &[Still]) -> Result<Vec<u8>, MediaError> {
    let (width, height) = stills
        .first()
        .map_or((0, 0), |still| (still.picture.width, still.picture.height));
    let total = u32::try_from(stills.len())
        .unwrap_or(u32::MAX)
        .saturating_mul(height);
    let times: Vec<String> = stills
        .iter()
        .map(|still| format!("{}:{}", still.moment, still.shown))
        .collect();
    let rgb: Vec<u8> = stills
        .iter()
        .flat_map(|still| &still.picture.rgb)
        .copied()
        .collect();
    let encoded = || {
        let mut bytes = Vec::new();
        let mut encoder = Encoder::new(&mut bytes, width, total);
        encoder.set_color(ColorType::Rgb);
        encoder.set_depth(BitDepth::Eight);
        encoder.add_text_chunk(KEYWORD.to_owned(), times.join(" "))?;
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&rgb)?;
        writer.finish()?;
        Ok::<_, png::EncodingError>(bytes)
    };
    encoded().map_err(|error| MediaError::encode(&format!("thumbnails: {error}")))
}

/// The pictures of such a file; `None` if it is damaged or none of ours. A checksum guards each part of it.
pub(super) fn decode(bytes: &[u8]) -> Option<Vec<Still>> {
    let mut reader = Decoder::new_with_limits(Cursor::new(bytes), Limits { bytes: MAX_BYTES })
        .read_info()
        .ok()?;
    let info = reader.info();
    if (info.color_type, info.bit_depth) != (ColorType::Rgb, BitDepth::Eight) {
        return None;
    }
    let text = info
        .uncompressed_latin1_text
        .iter()
        .find(|text| text.keyword == KEYWORD)?;
    let times: Vec<(u64, u64)> = text.text.split(' ').map(pair).collect::<Option<_>>()?;
    let (width, total) = (info.width, info.height);
    let count = u32::try_from(times.len()).ok().filter(|count| *count > 0)?;
    let height = (total % count == 0).then_some(total / count)?;
    let size = reader.output_buffer_size().filter(|size| *size <= MAX_BYTES)?;
    let mut rgb = vec![0; size];
    reader.next_frame(&mut rgb).ok()?;
    // The last checksum comes after the pixels.
    reader.finish().ok()?;
    let one = width as usize * height as usize * 3;
    let pictures = rgb.chunks_exact(one.max(1)).map(|rgb| Picture {
        width,
        height,
        rgb: rgb.to_vec(),
    });
    let stills = times
        .into_iter()
        .zip(pictures)
        .map(|((moment, shown), picture)| Still {
            moment,
            shown,
            picture,
        });
    Some(stills.collect())
}

fn pair(text: &str) -> Option<(u64, u64)> {
    let (moment, shown) = text.split_once(':')?;
    Some((moment.parse().ok()?, shown.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stills() -> Vec<Still> {
        let still = |at: u8| Still {
            moment: u64::from(at) * 1000 + 7,
            shown: u64::from(at) * 1000,
            picture: Picture {
                width: 20,
                height: 10,
                rgb: (0..200).flat_map(|pixel| [at, pixel, 9]).collect(),
            },
        };
        (0..4).map(still).collect()
    }

    #[test]
    fn pictures_come_back_as_they_were() {
        assert_eq!(decode(&encode(&stills()).unwrap()), Some(stills()));
        assert!(encode(&[]).is_err());
    }

    /// Each byte counts: nothing damaged is shown.
    #[test]
    fn a_damaged_file_is_none_or_still_the_same() {
        let whole = encode(&stills()).unwrap();
        for at in 0..whole.len() {
            assert_eq!(decode(&whole[..at]), None, "cut at {at}");
            let mut torn = whole.clone();
            torn[at] ^= 0x55;
            let read = decode(&torn);
            assert!(read.is_none() || read == Some(stills()), "byte {at}");
        }
    }
}

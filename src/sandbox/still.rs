//! A film's last frame as a PNG, for requests that ask for it.

use std::io::{self, Write};
use std::path::Path;

use miniz_oxide::deflate::compress_to_vec_zlib;

use crate::media::Picture;

/// Writes the picture to `path`, whole or not at all.
pub(super) fn write(picture: &Picture, path: &Path) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut part = tempfile::NamedTempFile::new_in(folder)?;
    part.write_all(&png(picture))?;
    part.persist(path)?;
    Ok(())
}

/// The picture as PNG: eight bits a channel, no filter (W3C, PNG specification, 5 to 11).
fn png(picture: &Picture) -> Vec<u8> {
    let mut header = Vec::with_capacity(13);
    header.extend(picture.width.to_be_bytes());
    header.extend(picture.height.to_be_bytes());
    header.extend([8, 2, 0, 0, 0]);
    let row = picture.width as usize * 3;
    let rows: Vec<u8> = picture
        .rgb
        .chunks(row.max(1))
        .flat_map(|row| std::iter::once(0).chain(row.iter().copied()))
        .collect();
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut file, *b"IHDR", &header);
    chunk(&mut file, *b"IDAT", &compress_to_vec_zlib(&rows, 6));
    chunk(&mut file, *b"IEND", &[]);
    file
}

fn chunk(file: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    let length = u32::try_from(data.len()).unwrap_or(u32::MAX);
    file.extend(length.to_be_bytes());
    let start = file.len();
    file.extend(kind);
    file.extend(data);
    let check = crc(&file[start..]);
    file.extend(check.to_be_bytes());
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xEDB8_8320 * (crc & 1))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_is_the_one_of_the_standard() {
        assert_eq!(crc(b"123456789"), 0xCBF4_3926);
        assert_eq!(crc(b"IEND"), 0xAE42_6082);
    }

    #[test]
    fn a_picture_keeps_its_pixels() {
        let rgb: Vec<u8> = (0..18).collect();
        let file = png(&Picture {
            width: 3,
            height: 2,
            rgb: rgb.clone(),
        });
        assert!(file.starts_with(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x03\0\0\0\x02\x08\x02\0\0\0"));
        let at = file.windows(4).position(|kind| kind == b"IDAT").unwrap();
        let length = u32::from_be_bytes(file[at - 4..at].try_into().unwrap()) as usize;
        let rows = miniz_oxide::inflate::decompress_to_vec_zlib(&file[at + 4..at + 4 + length]).unwrap();
        let expected: Vec<u8> = rgb.chunks(9).flat_map(|row| [&[0], row].concat()).collect();
        assert_eq!(rows, expected);
    }
}

//! Reads still pictures from outside within limits: PNG, JPEG and WebP.
//!
//! The same file gives the same pixels on every machine: the decoders work in whole numbers, and the JPEG one is
//! built without its processor-specific code.

use std::io::{self, Cursor, Read, Seek};
use std::path::{Path, PathBuf};

use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::error::{MediaError, VideoProblem};
use super::guard::guarded;
use super::open::{OpenError, open_file};
use super::orientation::Orientation;
use super::picture::{Picture, shrink};

/// The largest file that is read: somewhat more than the API accepts. (Segmind, Seedance 2.0 model page: 30 MB.)
const MAX_BYTES: u64 = 32 * 1024 * 1024;
/// The longest side of a picture that is decoded.
const MAX_SIDE: u32 = 16_384;
/// The most pixels of a picture that is decoded: those of the best cameras people carry.
const MAX_PIXELS: u64 = 50_000_000;
/// How many bytes of memory a decoder may use.
const MAX_MEMORY: usize = 512 * 1024 * 1024;
/// The longest side of a picture that is kept: larger ones are scaled down.
const MAX_KEPT_SIDE: u32 = 1600;

/// Why a picture could not be read: names the file and what is wrong with it.
#[derive(Debug, thiserror::Error)]
#[error("{} {problem}", path.display())]
pub struct StillError {
    pub path: PathBuf,
    pub problem: StillProblem,
}

/// What is wrong with a picture.
#[derive(Debug, thiserror::Error)]
pub enum StillProblem {
    #[error("cannot be read: {0}")]
    Io(#[from] io::Error),
    #[error("is not a file")]
    NotAFile,
    #[error("has {0} bytes; the limit for a picture is {MAX_BYTES}")]
    TooManyBytes(u64),
    #[error("is not a PNG, JPEG or WebP picture")]
    NotAPicture,
    #[error("has {0}×{1} pixels; the limit is {MAX_SIDE} on each side and {MAX_PIXELS} in all")]
    TooLarge(u32, u32),
    #[error("is of a kind that rushes cannot decode ({0})")]
    Unknown(String),
    #[error("is damaged: {0}")]
    Damaged(String),
}

/// The picture at `path`, the first one of several, with white behind what is transparent, scaled down when a
/// side is longer than 1600 pixels, and turned as the Exif data of a JPEG say.
pub fn read_still(path: &Path) -> Result<Picture, StillError> {
    let owned = path.to_owned();
    let read = guarded(path, move || Ok(read(&owned))).unwrap_or_else(|error: MediaError| {
        Err(StillProblem::Damaged(match error {
            MediaError::Read {
                problem: VideoProblem::Damaged(what),
                ..
            } => what,
            other => other.to_string(),
        }))
    });
    read.map_err(|problem| StillError {
        path: path.to_owned(),
        problem,
    })
}

fn read(path: &Path) -> Result<Picture, StillProblem> {
    let (file, _) = open_file(path).map_err(|error| match error {
        OpenError::Io(source) => StillProblem::Io(source),
        OpenError::NotAFile(_) => StillProblem::NotAFile,
    })?;
    decode(&bytes_of(file)?)
}

/// Decodes the picture and looks for its end; returns its width and height. To be called under [`guarded`].
///
/// # Errors
/// [`StillProblem::Damaged`] if the picture is not whole; the others if that cannot be found out.
pub(super) fn check_whole(mut source: impl Read + Seek) -> Result<(u32, u32), StillProblem> {
    source.rewind()?;
    let bytes = bytes_of(source)?;
    // Decoders fill in what is missing.
    if !ends(&bytes) {
        return Err(StillProblem::Damaged(
            "it ends in the middle of the picture".to_owned(),
        ));
    }
    let picture = decode_whole(&bytes)?.0;
    Ok((picture.width, picture.height))
}

fn bytes_of(source: impl Read) -> Result<Vec<u8>, StillProblem> {
    let mut bytes = Vec::new();
    source.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(StillProblem::TooManyBytes(bytes.len() as u64));
    }
    Ok(bytes)
}

/// Whether the end of the picture is there, by the marks of its format.
fn ends(bytes: &[u8]) -> bool {
    match bytes {
        [0xff, 0xd8, ..] => jpeg_ends(bytes),
        [0x89, b'P', b'N', b'G', ..] => bytes.windows(4).any(|four| four == b"IEND"),
        [b'R', b'I', b'F', b'F', a, b, c, d, ..] => {
            let size = u64::from(u32::from_le_bytes([*a, *b, *c, *d]));
            bytes.len() as u64 >= size + 8
        }
        _ => true,
    }
}

/// Whether a JPEG has the end mark after its picture. (ITU-T T.81, annex B.)
fn jpeg_ends(bytes: &[u8]) -> bool {
    const END: u8 = 0xd9;
    let mut at = 2;
    loop {
        // The next mark. Within a picture's bytes 0xff is followed by 0, or by the mark of a new start.
        let Some(next) = bytes.get(at..).and_then(|rest| {
            let is_mark = |two: &[u8]| two[0] == 0xff && !matches!(two[1], 0 | 1 | 0xd0..=0xd7 | 0xff);
            rest.windows(2).position(is_mark)
        }) else {
            return false;
        };
        at += next + 2;
        match bytes[at - 1] {
            END => return true,
            0xd8 => {}
            _ => {
                let length = bytes
                    .get(at..at + 2)
                    .map_or(0, |two| usize::from(two[0]) << 8 | usize::from(two[1]));
                at += length;
            }
        }
    }
}

fn decode(bytes: &[u8]) -> Result<Picture, StillProblem> {
    let (picture, orientation) = decode_whole(bytes)?;
    Ok(orientation.apply(shrink(&picture, MAX_KEPT_SIDE, MAX_KEPT_SIDE)))
}

/// The picture as it is stored, and how it has to be turned.
fn decode_whole(bytes: &[u8]) -> Result<(Picture, Orientation), StillProblem> {
    let upright = |picture| (picture, Orientation::default());
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => png(bytes).map(upright),
        [0xff, 0xd8, 0xff, ..] => jpeg(bytes),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => webp(bytes).map(upright),
        _ => Err(StillProblem::NotAPicture),
    }
}

fn png(bytes: &[u8]) -> Result<Picture, StillProblem> {
    let damaged = |error: png::DecodingError| match error {
        png::DecodingError::LimitsExceeded => StillProblem::Unknown(error.to_string()),
        _ => StillProblem::Damaged(error.to_string()),
    };
    let limits = png::Limits { bytes: MAX_MEMORY };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), limits);
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(damaged)?;
    let (width, height) = (reader.info().width, reader.info().height);
    check(width, height)?;
    let size = reader
        .output_buffer_size()
        .ok_or(StillProblem::TooLarge(width, height))?;
    let mut samples = vec![0; size];
    let frame = reader.next_frame(&mut samples).map_err(damaged)?;
    samples.truncate(frame.buffer_size());
    let rgb = match frame.color_type {
        png::ColorType::Rgb | png::ColorType::Indexed => samples,
        png::ColorType::Rgba => on_white(&samples),
        png::ColorType::Grayscale => samples.iter().flat_map(|grey| [*grey; 3]).collect(),
        png::ColorType::GrayscaleAlpha => {
            let pairs = samples.as_chunks::<2>().0.iter();
            pairs.flat_map(|[grey, alpha]| [over(*grey, *alpha); 3]).collect()
        }
    };
    whole(frame.width, frame.height, rgb)
}

fn jpeg(bytes: &[u8]) -> Result<(Picture, Orientation), StillProblem> {
    let damaged = |error: DecodeErrors| match error {
        // `Format` is also said of what is legal and rare.
        DecodeErrors::Unsupported(_) | DecodeErrors::Format(_) | DecodeErrors::LargeDimensions(_) => {
            StillProblem::Unknown(error.to_string())
        }
        _ => StillProblem::Damaged(error.to_string()),
    };
    let options = DecoderOptions::default()
        // Larger ones are refused below, with their size.
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX))
        .set_use_unsafe(false)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(damaged)?;
    let (width, height) = decoder.dimensions().unwrap_or((usize::MAX, usize::MAX));
    let side = |side: usize| u32::try_from(side).unwrap_or(u32::MAX);
    let (width, height) = (side(width), side(height));
    check(width, height)?;
    let orientation = decoder
        .exif()
        .map_or(Orientation::default(), |exif| Orientation::read(exif));
    let rgb = decoder.decode().map_err(damaged)?;
    Ok((whole(width, height, rgb)?, orientation))
}

fn webp(bytes: &[u8]) -> Result<Picture, StillProblem> {
    let damaged = |error: image_webp::DecodingError| match error {
        image_webp::DecodingError::ImageTooLarge
        | image_webp::DecodingError::MemoryLimitExceeded
        | image_webp::DecodingError::UnsupportedFeature(_) => StillProblem::Unknown(error.to_string()),
        _ => StillProblem::Damaged(error.to_string()),
    };
    let mut decoder = image_webp::WebPDecoder::new(Cursor::new(bytes)).map_err(damaged)?;
    decoder.set_memory_limit(MAX_MEMORY);
    let (width, height) = decoder.dimensions();
    check(width, height)?;
    let size = decoder
        .output_buffer_size()
        .ok_or(StillProblem::TooLarge(width, height))?;
    let mut samples = vec![0; size];
    if decoder.is_animated() {
        decoder.read_frame(&mut samples).map_err(damaged)?;
    } else {
        decoder.read_image(&mut samples).map_err(damaged)?;
    }
    let rgb = if decoder.has_alpha() {
        on_white(&samples)
    } else {
        samples
    };
    whole(width, height, rgb)
}

fn check(width: u32, height: u32) -> Result<(), StillProblem> {
    let is_small = width <= MAX_SIDE && height <= MAX_SIDE;
    if is_small && u64::from(width) * u64::from(height) <= MAX_PIXELS {
        Ok(())
    } else {
        Err(StillProblem::TooLarge(width, height))
    }
}

fn whole(width: u32, height: u32, rgb: Vec<u8>) -> Result<Picture, StillProblem> {
    let needs = u64::from(width) * u64::from(height) * 3;
    if needs == 0 || rgb.len() as u64 != needs {
        return Err(StillProblem::Damaged(
            "it does not hold all its pixels".to_owned(),
        ));
    }
    Ok(Picture { width, height, rgb })
}

fn on_white(rgba: &[u8]) -> Vec<u8> {
    let pixels = rgba.as_chunks::<4>().0.iter();
    pixels
        .flat_map(|[red, green, blue, alpha]| [red, green, blue].map(|sample| over(*sample, *alpha)))
        .collect()
}

/// A sample over white.
fn over(sample: u8, alpha: u8) -> u8 {
    let sum = u32::from(sample) * u32::from(alpha) + 255 * u32::from(255 - alpha);
    u8::try_from((sum + 127) / 255).unwrap_or(u8::MAX)
}

#[cfg(test)]
#[path = "still_tests.rs"]
mod tests;

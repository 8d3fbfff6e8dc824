//! Real files of every kind, damaged ones, and ones of absurd size.

use super::*;
use crate::media::is_worker_thread;

const RED: [u8; 3] = [200, 60, 40];
const BLUE: [u8; 3] = [30, 90, 200];

/// A PNG of these samples.
fn png_of(width: u32, height: u32, color: png::ColorType, depth: png::BitDepth, samples: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(color);
    encoder.set_depth(depth);
    if color == png::ColorType::Indexed {
        encoder.set_palette([RED, BLUE].concat());
    }
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(samples).unwrap();
    writer.finish().unwrap();
    file
}

fn read_bytes(bytes: &[u8]) -> Result<Picture, StillError> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    read_still(file.path())
}

#[test]
fn every_form_of_png_gives_its_colours() {
    use png::BitDepth::{Eight, One, Sixteen};
    use png::ColorType::{Grayscale, GrayscaleAlpha, Indexed, Rgb, Rgba};
    let wide: Vec<u8> = [RED, BLUE].concat().iter().flat_map(|v| [*v, 7]).collect();
    let cases: [(_, _, &[u8], [[u8; 3]; 2]); 6] = [
        (Rgb, Eight, &[200, 60, 40, 30, 90, 200], [RED, BLUE]),
        (Rgb, Sixteen, &wide, [RED, BLUE]),
        (Rgba, Eight, &[200, 60, 40, 255, 30, 90, 200, 0], [RED, [255; 3]]),
        (Grayscale, Eight, &[9, 99], [[9; 3], [99; 3]]),
        (GrayscaleAlpha, Eight, &[9, 255, 55, 128], [[9; 3], [155; 3]]),
        (Indexed, One, &[0b0100_0000], [RED, BLUE]),
    ];
    for (color, depth, samples, pixels) in cases {
        let picture = read_bytes(&png_of(2, 1, color, depth, samples)).unwrap();
        assert_eq!((picture.width, picture.height), (2, 1));
        assert_eq!(picture.rgb, pixels.concat(), "{color:?} {depth:?}");
    }
}

#[test]
fn jpeg_and_webp_are_read() {
    let files: [(&[u8], [u8; 3]); 3] = [
        (include_bytes!("../../tests/pictures/halves.jpg"), BLUE),
        (include_bytes!("../../tests/pictures/halves.webp"), BLUE),
        // Half transparent: half way to white.
        (include_bytes!("../../tests/pictures/clear.webp"), [142, 172, 227]),
    ];
    for (n, (bytes, right)) in files.into_iter().enumerate() {
        let picture = read_bytes(bytes).unwrap();
        assert_eq!((picture.width, picture.height), (32, 16));
        for (x, color) in [(4, RED), (28, right)] {
            let near = picture
                .pixel(x, 8)
                .iter()
                .zip(color)
                .all(|(a, b)| a.abs_diff(b) < 8);
            assert!(near, "file {n}: {:?} at {x}", picture.pixel(x, 8));
        }
    }
}

#[test]
fn a_photograph_is_turned_as_it_says() {
    let plain = include_bytes!("../../tests/pictures/halves.jpg");
    // Orientation 8: its left side is stored on top.
    let exif = b"\xff\xe1\0\x22Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x08\0\0\0\0\0\0";
    let turned = read_bytes(&[&plain[..2], exif, &plain[2..]].concat()).unwrap();
    assert_eq!((turned.width, turned.height), (16, 32));
    assert!(turned.pixel(8, 4)[2] > 150 && turned.pixel(8, 28)[0] > 150);
}

#[test]
fn a_large_picture_is_kept_small() {
    let samples = vec![77; 4000 * 20];
    let file = png_of(
        4000,
        20,
        png::ColorType::Grayscale,
        png::BitDepth::Eight,
        &samples,
    );
    let picture = read_bytes(&file).unwrap();
    assert_eq!((picture.width, picture.height), (1600, 8));
    assert!(picture.rgb.iter().all(|sample| *sample == 77));
}

#[test]
fn absurd_sizes_are_refused_before_they_are_decoded() {
    let mut file = png_of(2, 1, png::ColorType::Grayscale, png::BitDepth::Eight, &[1, 2]);
    for (width, height) in [(10_000_u32, 10_000_u32), (20_000, 1), (1, 16_385)] {
        file[16..20].copy_from_slice(&width.to_be_bytes());
        file[20..24].copy_from_slice(&height.to_be_bytes());
        let crc = crc32(&file[12..29]);
        file[29..33].copy_from_slice(&crc.to_be_bytes());
        let error = read_bytes(&file).unwrap_err();
        assert!(
            error.to_string().contains(&format!("{width}×{height}")),
            "{width}×{height}: {error}"
        );
    }
    let mut jpeg = include_bytes!("../../tests/pictures/halves.jpg").to_vec();
    let frame = jpeg.windows(2).position(|two| two == [0xff, 0xc0]).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xff; 4]);
    let error = read_bytes(&jpeg).unwrap_err();
    assert!(
        matches!(
            error,
            StillError {
                problem: StillProblem::TooLarge(65_535, _),
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn what_is_no_picture_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let missing = read_still(&folder.path().join("a.png")).unwrap_err();
    assert!(matches!(missing.problem, StillProblem::Io(_)) && missing.to_string().contains("a.png"));
    assert!(matches!(
        read_still(folder.path()),
        Err(StillError {
            problem: StillProblem::NotAFile,
            ..
        })
    ));
    for bytes in [&b""[..], b"GIF89a", b"RIFF\0\0\0\0WAVE", b"\x89P"] {
        assert!(matches!(
            read_bytes(bytes),
            Err(StillError {
                problem: StillProblem::NotAPicture,
                ..
            })
        ));
    }
    let large = tempfile::NamedTempFile::new().unwrap();
    large.as_file().set_len(MAX_BYTES + 1).unwrap();
    assert!(matches!(
        read_still(large.path()),
        Err(StillError {
            problem: StillProblem::TooManyBytes(_),
            ..
        })
    ));
}

#[test]
fn damaged_pictures_are_errors_or_pictures_and_never_a_panic() {
    assert!(!is_worker_thread());
    let samples: Vec<u8> = (0..=255).cycle().take(64 * 48 * 3).collect();
    let whole: [Vec<u8>; 4] = [
        png_of(64, 48, png::ColorType::Rgb, png::BitDepth::Eight, &samples),
        include_bytes!("../../tests/pictures/halves.jpg").to_vec(),
        include_bytes!("../../tests/pictures/halves.webp").to_vec(),
        include_bytes!("../../tests/pictures/clear.webp").to_vec(),
    ];
    let seed = fastrand::u64(..);
    println!("seed {seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    for file in &whole {
        for length in (0..file.len()).step_by(file.len() / 40 + 1) {
            let _ = read_bytes(&file[..length]);
        }
        for _ in 0..200 {
            let mut broken = file.clone();
            for _ in 0..random.usize(1..6) {
                let at = random.usize(..broken.len());
                broken[at] = random.u8(..);
            }
            if let Ok(picture) = read_bytes(&broken) {
                let pixels = picture.width as usize * picture.height as usize;
                assert_eq!(picture.rgb.len(), pixels * 3);
            }
        }
    }
    let cut = &whole[0][..whole[0].len() / 2];
    assert!(matches!(
        read_bytes(cut),
        Err(StillError {
            problem: StillProblem::Damaged(_),
            ..
        })
    ));
}

/// W3C, PNG specification, annex D.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xEDB8_8320 * (crc & 1))
        })
    })
}

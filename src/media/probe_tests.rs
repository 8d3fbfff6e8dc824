//! Whole, broken and strange files of every kind, as people attach them.

use std::io::Cursor;

use super::*;

const CUT: &[u8] = include_bytes!("../../tests/clips/cut.mp4");

fn picture(mime: &str, bytes: &[u8]) -> Result<Probed, Flaw> {
    probe_picture(Path::new("x"), mime, Cursor::new(bytes.to_vec()))
}

fn video(bytes: &[u8]) -> Result<Probed, Flaw> {
    probe_video(Path::new("x.mp4"), Cursor::new(bytes.to_vec()))
}

fn sound(mime: &str, bytes: &[u8]) -> Result<Probed, Flaw> {
    probe_sound(Path::new("x"), mime, Cursor::new(bytes.to_vec()))
}

fn damage(probed: Result<Probed, Flaw>) -> String {
    match probed {
        Err(Flaw::Damaged(what)) => what,
        other => panic!("{other:?}"),
    }
}

/// `ffmpeg -ss 3 -i v.mp4 -t 14.5 -c copy`: 31 pictures at 2 a second, of which the first is before the cut.
#[test]
fn a_clip_that_was_cut_without_decoding_lasts_as_long_as_it_is_shown() {
    let probed = video(CUT).unwrap();
    assert_eq!(
        (probed.millis, probed.whole_ms, probed.doubt),
        (Some(14_500), None, None)
    );
    assert_eq!(probed.longest_ms, Some(15_500));
    assert!(probed.pixels.is_some());
    // Without the edit list all of it is shown.
    let mut plain = CUT.to_vec();
    let edits = plain.windows(4).position(|four| four == b"edts").unwrap();
    plain[edits..edits + 4].copy_from_slice(b"free");
    assert_eq!(video(&plain).unwrap().millis, Some(15_500));
}

#[test]
fn a_file_that_lasts_longer_than_its_pictures_says_so() {
    let mut longer = CUT.to_vec();
    let header = longer.windows(4).position(|four| four == b"mvhd").unwrap();
    longer[header + 20..header + 24].copy_from_slice(&17_000_u32.to_be_bytes());
    let probed = video(&longer).unwrap();
    assert_eq!((probed.whole_ms, probed.longest_ms), (Some(17_000), Some(17_000)));
}

/// What programs and transfers leave after the last box is not part of the video, and nothing is missing.
#[test]
fn a_whole_video_with_something_behind_it_is_a_doubt() {
    let tails: [&[u8]; 6] = [
        b"\n",
        b"\r\n\r\n",
        b"\0\0\0\0\0\0\0",
        b"\0\0\0\x03abcd",
        b"made by a camera of some sort",
        &[0xff; 40],
    ];
    for tail in tails {
        let probed = video(&[CUT, tail].concat()).unwrap();
        assert_eq!(probed.millis, Some(14_500), "{tail:?}");
        assert!(probed.doubt.unwrap().contains("after its last part"), "{tail:?}");
    }
    // A box that a video can have is missed where it is cut.
    for name in [b"mdat", b"moof", b"free"] {
        let cut = [CUT, b"\0\0\x10\0", name.as_slice(), b"abc"].concat();
        assert!(damage(video(&cut)).starts_with("it ends early"));
    }
}

#[test]
fn a_picture_too_large_to_decode_is_a_doubt() {
    let mut png = Vec::new();
    let encoder = png::Encoder::new(&mut png, 60_000, 60_000);
    let mut writer = encoder.write_header().unwrap();
    writer.write_chunk(png::chunk::IDAT, &[0; 8]).unwrap();
    drop(writer);
    let probed = picture("image/png", &png).unwrap();
    assert_eq!(probed.pixels, Some((60_000, 60_000)));
    let doubt = probed.doubt.unwrap();
    assert_eq!(doubt, "60000×60000 pixels are more than rushes decodes");
}

#[test]
fn a_broken_video_is_found_out() {
    let unfinished = CUT.windows(4).position(|four| four == b"moov").unwrap() - 4;
    for (bytes, what) in [
        (&CUT[..0], "it is empty"),
        (&CUT[..unfinished], "it has no movie header (moov)"),
        (&CUT[..CUT.len() - 1], "it ends early"),
        (&CUT[..700], "it ends early"),
    ] {
        let found = damage(video(bytes));
        assert!(found.starts_with(what), "{found}");
    }
    let only_sound = include_bytes!("../../tests/clips/sound-only.mp4");
    assert_eq!(video(only_sound), Err(Flaw::NoPictures));
}

/// The provider may know a format that rushes does not know.
#[test]
fn a_strange_video_is_a_doubt_and_no_flaw() {
    let probed = video(include_bytes!("../../tests/clips/part2.mp4")).unwrap();
    assert_eq!((probed.millis, probed.doubt), (Some(3000), None));
    let probed = video(b"\x1a\x45\xdf\xa3 webm or the like").unwrap();
    assert!(probed.doubt.unwrap().contains("not an MP4"));
}

#[test]
fn a_picture_cut_anywhere_is_found_out() {
    let jpeg: &[u8] = include_bytes!("../../tests/pictures/halves.jpg");
    let webp: &[u8] = include_bytes!("../../tests/pictures/halves.webp");
    let mut png = Vec::new();
    let mut encoder = png::Encoder::new(&mut png, 40, 30);
    encoder.set_color(png::ColorType::Rgb);
    let samples: Vec<u8> = (0..=255).cycle().take(40 * 30 * 3).collect();
    encoder
        .write_header()
        .unwrap()
        .write_image_data(&samples)
        .unwrap();
    let end_of_pixels = png.len() - 12;
    for (mime, whole, last) in [
        ("image/jpeg", jpeg, jpeg.len()),
        ("image/webp", webp, webp.len()),
        ("image/png", &png[..], end_of_pixels),
    ] {
        let probed = picture(mime, whole).unwrap();
        assert!(probed.pixels.is_some() && probed.doubt.is_none(), "{mime}");
        for length in (20..last).step_by(last / 25 + 1).chain([last - 1]) {
            damage(picture(mime, &whole[..length]));
        }
    }
    // A preview in the header has an end of its own, and what follows the picture's end belongs to others.
    let preview = [b"\xff\xe1\x00\x0bExif\0".as_slice(), b"\xff\xd9\xff\xd8"].concat();
    let with_preview = [&jpeg[..2], &preview, &jpeg[2..]].concat();
    assert_eq!(picture("image/jpeg", &with_preview), picture("image/jpeg", jpeg));
    damage(picture("image/jpeg", &with_preview[..with_preview.len() - 2]));
    let followed = [jpeg, b"a video of the same moment"].concat();
    assert_eq!(picture("image/jpeg", &followed), picture("image/jpeg", jpeg));
}

#[test]
fn an_empty_shell_of_a_picture_is_found_out() {
    let mut shell = b"\0\0\0\x18ftypheic".to_vec();
    shell.resize(224, 0);
    assert_eq!(damage(picture("image/heif", &shell)), "there is no picture in it");
    let whole = [&shell[..24], b"\0\0\0\x10meta\0\0\0\0\0\0\0\0\0\0\0\x08mdat"].concat();
    let doubt = picture("image/heif", &whole).unwrap().doubt;
    assert_eq!(doubt.as_deref(), Some("rushes cannot decode image/heif"));
    damage(picture("image/heif", &whole[..whole.len() - 3]));
    // Types that rushes cannot decode are accepted, but not reported as fine.
    for kind in ["image/gif", "image/tiff", "image/bmp"] {
        let doubt = picture(kind, b"GIF89a").unwrap().doubt.unwrap();
        assert_eq!(doubt, format!("rushes cannot decode {kind}"));
    }
}

#[test]
fn sounds_of_every_kind_have_their_length() {
    let files: [(&str, &[u8], u64); 3] = [
        ("audio/ogg", include_bytes!("../../tests/clips/three.ogg"), 3000),
        ("audio/x-flac", include_bytes!("../../tests/clips/one.flac"), 1000),
        ("audio/m4a", include_bytes!("../../tests/clips/three.m4a"), 3000),
    ];
    for (mime, bytes, ms) in files {
        assert_eq!(sound(mime, bytes).unwrap().millis, Some(ms), "{mime}");
    }
    let unknown = sound("audio/midi", b"MThd\0\0").unwrap();
    assert!(unknown.millis.is_none() && unknown.doubt.unwrap().contains("length"));
}

/// Programs that do not know the length while they write claim the longest one: `ffmpeg … -f wav - > file`.
#[test]
fn a_wave_that_claims_more_than_it_holds_is_a_doubt() {
    let wav = |claimed: u32| {
        let mut wav = b"RIFF".to_vec();
        wav.extend(claimed.saturating_add(36).to_le_bytes());
        wav.extend(*b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
        wav.extend(8000_u32.to_le_bytes());
        wav.extend(16_000_u32.to_le_bytes());
        wav.extend(*b"\x02\0\x10\0data");
        wav.extend(claimed.to_le_bytes());
        wav.resize(wav.len() + 48_000, 0);
        sound("audio/x-wav", &wav).unwrap()
    };
    assert_eq!(wav(48_000).millis, Some(3000));
    for claimed in [960_000, u32::MAX] {
        let doubtful = wav(claimed);
        assert!(doubtful.millis.is_none() && doubtful.doubt.is_some(), "{claimed}");
    }
}

/// Damage anywhere gives a flaw, a doubt or facts, never a panic or an endless look.
#[test]
fn corrupted_files_do_no_harm() {
    let seed = fastrand::u64(..);
    println!("seed {seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    let flac: &[u8] = include_bytes!("../../tests/clips/one.flac");
    let ogg: &[u8] = include_bytes!("../../tests/clips/three.ogg");
    let m4a: &[u8] = include_bytes!("../../tests/clips/three.m4a");
    for _ in 0..150 {
        for (mime, whole) in [
            ("", CUT),
            ("audio/x-flac", flac),
            ("audio/ogg", ogg),
            ("audio/m4a", m4a),
        ] {
            let mut bytes = whole[..random.usize(1..=whole.len())].to_vec();
            for _ in 0..random.usize(1..8) {
                let at = random.usize(..bytes.len());
                bytes[at] = random.u8(..);
            }
            let _ = if mime.is_empty() {
                video(&bytes)
            } else {
                sound(mime, &bytes)
            };
        }
    }
}

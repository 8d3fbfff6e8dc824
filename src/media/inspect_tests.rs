//! Whole, wrong, torn and corrupted files.

use std::fs;

use super::super::samples::Bars;
use super::*;
use crate::media::{Cancel, Video, Wanted, frame_at};

fn video(folder: &Path, sound: bool) -> std::path::PathBuf {
    let mut bars = Bars::new(64, 48, 24);
    bars.sound = sound;
    bars.save(folder, "bars.mp4")
}

#[test]
fn a_whole_video_is_described() {
    let folder = tempfile::tempdir().unwrap();
    for sound in [false, true] {
        let path = video(folder.path(), sound);
        let info = inspect(&path).unwrap();
        assert_eq!((info.width, info.height, info.frames), (64, 48, 24));
        assert_eq!(info.duration_ms, 1000);
        assert!((info.fps - 24.0).abs() < 0.01, "{}", info.fps);
        assert_eq!(info.video_codec, "h264");
        assert_eq!(info.audio_codec.as_deref(), sound.then_some("aac"));
        assert_eq!(info.bytes, fs::metadata(&path).unwrap().len());
    }
}

#[test]
fn each_wrong_file_is_an_error_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wrong.mp4");
    assert!(matches!(
        inspect(&path),
        Err(MediaError::Read {
            problem: VideoProblem::Gone,
            ..
        })
    ));
    fs::write(&path, "").unwrap();
    assert!(matches!(
        inspect(&path),
        Err(MediaError::Read {
            problem: VideoProblem::Empty,
            ..
        })
    ));
    fs::write(&path, "<html><body>expired</body></html>").unwrap();
    let html = inspect(&path).unwrap_err();
    assert!(html.to_string().contains("web page"), "{html}");
    fs::write(&path, b"\0\0\0\x10ftypisom\0\0\0\0").unwrap();
    assert!(matches!(
        inspect(&path),
        Err(MediaError::Read {
            problem: VideoProblem::NoHeader,
            ..
        })
    ));
    assert!(inspect(folder.path()).is_err(), "a folder is no video");
}

#[test]
fn a_video_torn_anywhere_is_never_taken_for_whole() {
    let folder = tempfile::tempdir().unwrap();
    let whole = fs::read(video(folder.path(), true)).unwrap();
    let path = folder.path().join("torn.mp4");
    for keep in (0..whole.len()).step_by(37).chain([whole.len() - 1]) {
        fs::write(&path, &whole[..keep]).unwrap();
        let error = inspect(&path).expect_err("a torn video passed");
        let MediaError::Read { problem, .. } = &error else {
            panic!("{error}")
        };
        let is_typed = matches!(
            problem,
            VideoProblem::Empty
                | VideoProblem::NotAMovie(_)
                | VideoProblem::Truncated { .. }
                | VideoProblem::NoHeader
        );
        assert!(is_typed, "{keep} of {} bytes: {error}", whole.len());
    }
}

/// Damage in header and pictures: an error or a description, never a panic, never an endless read.
#[test]
fn hundreds_of_corrupted_videos_do_no_harm() {
    const SEED: u64 = 20_261_122;
    println!("seed {SEED}");
    let mut random = fastrand::Rng::with_seed(SEED);
    let folder = tempfile::tempdir().unwrap();
    let whole = fs::read(video(folder.path(), true)).unwrap();
    let header = whole.windows(4).position(|four| four == b"mdat").unwrap();
    let path = folder.path().join("corrupted.mp4");
    let mut refused = 0;
    for round in 0..600 {
        let mut bytes = whole.clone();
        let within = if round % 3 == 0 { bytes.len() } else { header };
        for _ in 0..random.usize(1..12) {
            let at = random.usize(0..within);
            bytes[at] = match random.u8(0..3) {
                0 => 0xff,
                1 => 0,
                _ => random.u8(..),
            };
        }
        fs::write(&path, &bytes).unwrap();
        match inspect(&path) {
            Ok(info) => assert!(info.frames > 0, "round {round}"),
            Err(error) => {
                refused += 1;
                assert!(
                    error.to_string().contains("corrupted.mp4"),
                    "round {round}: {error}"
                );
            }
        }
        // Without the fallback: another program's patience is not what is tested.
        if let Ok(mut video) = Video::open_with(&path, &Wanted::default(), "/nowhere/ffmpeg") {
            video.pictures(&Cancel::new()).take(30).for_each(drop);
        }
    }
    assert!(
        refused > 100,
        "only {refused} of 600 were refused: is the damage done at all?"
    );
}

#[test]
fn the_picture_at_a_broken_place_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("none.mp4");
    fs::write(&path, "not found").unwrap();
    assert!(matches!(
        frame_at(&path, 0),
        Err(MediaError::Read {
            problem: VideoProblem::NotAMovie(_),
            ..
        })
    ));
}

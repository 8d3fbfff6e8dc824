//! Pictures come back in order and at their time.

use super::super::samples::Bars;
use super::*;
use crate::media::Color;

fn grey(frame: u32) -> u8 {
    // What luma alone becomes in RGB.
    let yuv = Yuv {
        y: vec![Bars::luma(frame); 4],
        ..Yuv::black(2, 2)
    };
    yuv.picture().rgb[0]
}

/// The ground's grey, read away from the bar.
fn ground(picture: &Picture, frame: u32) -> u8 {
    let x = if frame * 2 % 60 < 30 { 60 } else { 2 };
    picture.pixel(x, 24)[0]
}

#[test]
fn all_pictures_come_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let path = Bars::new(64, 48, 24).save(folder.path(), "bars.mp4");
    let frames: Vec<(u64, Picture)> = Frames::open(&path).unwrap().map(Result::unwrap).collect();
    assert_eq!(frames.len(), 24);
    for (frame, (ms, picture)) in (0_u32..).zip(&frames) {
        assert_eq!(*ms, u64::from(frame) * 1000 / 24);
        assert_eq!((picture.width, picture.height), (64, 48));
        assert!(ground(picture, frame).abs_diff(grey(frame)) < 6, "frame {frame}");
    }
}

#[test]
fn a_picture_is_found_by_its_time() {
    let folder = tempfile::tempdir().unwrap();
    let path = Bars::new(64, 48, 24).save(folder.path(), "bars.mp4");
    for frame in 0..24_u32 {
        let ms = u64::from(frame) * 1000 / 24;
        for at in [ms, ms + 40] {
            let picture = frame_at(&path, at).unwrap();
            assert!(ground(&picture, frame).abs_diff(grey(frame)) < 6, "at {at} ms");
        }
    }
    assert_eq!(frame_at(&path, 99_999).unwrap(), frame_at(&path, 958).unwrap());
    assert_eq!(first_frame(&path).unwrap(), frame_at(&path, 0).unwrap());
}

#[test]
fn going_back_and_forth_gives_the_same_pictures() {
    let folder = tempfile::tempdir().unwrap();
    let path = Bars::new(64, 48, 24).save(folder.path(), "bars.mp4");
    let mut frames = Frames::open(&path).unwrap();
    for ms in [900, 0, 500, 450, 999] {
        frames.seek(ms);
        let (at, picture) = frames.next().unwrap().unwrap();
        assert!(at <= ms && ms < at + 42, "asked {ms}, got {at}");
        assert_eq!(picture, frame_at(&path, ms).unwrap());
    }
    assert_eq!(frames.count(), 0, "999 ms was the last");
}

#[test]
fn colours_are_those_that_were_drawn() {
    let green = Color::of([20, 200, 60], 64, 48);
    let yuv = Yuv {
        y: vec![green.y; 64 * 48],
        u: vec![green.u; 32 * 24],
        v: vec![green.v; 32 * 24],
        ..Yuv::black(64, 48)
    };
    let [red, green, blue] = yuv.picture().pixel(10, 10);
    assert!(red.abs_diff(20) < 4 && green.abs_diff(200) < 4 && blue.abs_diff(60) < 4);
}

//! Pictures come back in order and at their time, forwards and backwards, by either decoder.

use std::os::unix::fs::PermissionsExt;

use tempfile::TempDir;

use super::super::samples::{Bars, converted};
use super::super::yuv::Yuv;
use super::*;
use crate::media::{Color, Sound, VideoSource, encode, frame_at};

/// A program that is not there.
const NO_FFMPEG: &str = "/nowhere/ffmpeg";

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
    picture.pixel(x * picture.width / 64, picture.height / 2)[0]
}

fn bars(frames: u32) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = Bars::new(64, 48, frames).save(folder.path(), "bars.mp4");
    (folder, path)
}

fn open(path: &Path) -> Video {
    Video::open_with(path, &Wanted::default(), NO_FFMPEG).unwrap()
}

fn go_on() -> Cancel {
    Cancel::new()
}

fn ms(frame: u32) -> u64 {
    u64::from(frame) * 1000 / 24
}

/// Going on decodes each picture once at most, and nothing for the one that is shown.
#[test]
fn going_on_passes_over_pictures_and_knows_the_one_that_is_shown() {
    let (_folder, path) = bars(48);
    let cancel = go_on();
    let mut video = open(&path);
    let mut at = |ms: u64| video.onward(ms, &cancel).unwrap().map(|(at, _)| at);
    assert_eq!(at(0), Some(0));
    assert_eq!((at(0), at(40)), (None, None));
    assert_eq!(at(ms(7) + 3), Some(ms(7)));
    assert_eq!((at(ms(7)), at(ms(8) - 1)), (None, None));
    assert_eq!(at(ms(30)), Some(ms(30)), "over a key frame");
    assert_eq!(at(ms(3)), Some(ms(3)), "backwards");
    assert_eq!(at(99_000), Some(ms(47)));
    assert_eq!(at(100_000), None);
}

#[test]
fn all_pictures_come_in_order() {
    let (_folder, path) = bars(24);
    let cancel = go_on();
    let frames: Vec<Shown> = open(&path).pictures(&cancel).map(Result::unwrap).collect();
    assert_eq!(frames.len(), 24);
    for (frame, (at, picture)) in (0_u32..).zip(&frames) {
        assert_eq!(*at, ms(frame));
        assert_eq!((picture.width, picture.height), (64, 48));
        assert!(ground(picture, frame).abs_diff(grey(frame)) < 6, "frame {frame}");
    }
}

#[test]
fn a_picture_is_found_by_its_time() {
    let (_folder, path) = bars(24);
    for frame in 0..24_u32 {
        for at in [ms(frame), ms(frame) + 40] {
            let picture = frame_at(&path, at).unwrap();
            assert!(ground(&picture, frame).abs_diff(grey(frame)) < 6, "at {at} ms");
        }
    }
    assert_eq!(frame_at(&path, 99_999).unwrap(), frame_at(&path, 958).unwrap());
    assert_eq!(first_frame(&path).unwrap(), frame_at(&path, 0).unwrap());
}

#[test]
fn going_back_and_forth_gives_the_same_pictures() {
    let (_folder, path) = bars(24);
    let mut video = open(&path);
    for at in [900, 0, 100, 300, 500, 450, 999] {
        video.seek(at);
        let (shown, picture) = video.next(&go_on()).unwrap().unwrap();
        assert!(shown <= at && at < shown + 42, "asked {at}, got {shown}");
        assert_eq!(picture, frame_at(&path, at).unwrap());
    }
    assert_eq!(video.pictures(&go_on()).count(), 0, "999 ms was the last");
}

#[test]
fn steps_back_give_the_pictures_that_steps_forward_gave() {
    let (_folder, path) = bars(64);
    let mut video = open(&path);
    assert_eq!(video.previous(&go_on()).unwrap(), None, "nothing is shown yet");
    let all: Vec<Shown> = video.pictures(&go_on()).map(Result::unwrap).collect();
    for expected in all.iter().rev().skip(1) {
        assert_eq!(video.previous(&go_on()).unwrap().as_ref(), Some(expected));
    }
    assert_eq!(video.previous(&go_on()).unwrap(), None);
    assert_eq!(video.next(&go_on()).unwrap().as_ref(), Some(&all[1]));
    // After a leap there is nothing to go back to but what is decoded again.
    video.seek(ms(37));
    assert_eq!(video.next(&go_on()).unwrap().as_ref(), Some(&all[37]));
    for at in [36, 35, 34] {
        assert_eq!(video.previous(&go_on()).unwrap().as_ref(), Some(&all[at]));
    }
    for expected in &all[35..] {
        assert_eq!(video.next(&go_on()).unwrap().as_ref(), Some(expected));
    }
    assert_eq!(video.next(&go_on()).unwrap(), None);
    assert_eq!(video.previous(&go_on()).unwrap().as_ref(), Some(&all[62]));
}

#[test]
fn one_that_was_cancelled_goes_on_from_where_it_was() {
    let (_folder, path) = bars(64);
    let mut video = open(&path);
    let cancelled = go_on();
    cancelled.cancel();
    assert!(video.next(&cancelled).unwrap_err().is_cancelled());
    let all: Vec<Shown> = video.pictures(&go_on()).map(Result::unwrap).collect();
    assert_eq!(all.len(), 64);
    video.seek(ms(30));
    assert_eq!(video.next(&go_on()).unwrap().as_ref(), Some(&all[30]));
    assert!(video.previous(&cancelled).unwrap_err().is_cancelled());
    assert_eq!(video.next(&go_on()).unwrap().as_ref(), Some(&all[31]));
    assert_eq!(video.previous(&go_on()).unwrap().as_ref(), Some(&all[30]));
}

#[test]
fn pictures_are_scaled_down_before_they_are_kept_and_only_so_many_are() {
    let folder = tempfile::tempdir().unwrap();
    let path = Bars::new(128, 96, 80).save(folder.path(), "bars.mp4");
    let wanted = Wanted {
        fit: Some((40, 40)),
        bytes: None,
    };
    let mut video = Video::open_with(&path, &wanted, NO_FFMPEG).unwrap();
    let mut most = 0;
    while let Some((_, picture)) = video.next(&go_on()).unwrap() {
        assert_eq!((picture.width, picture.height), (40, 30));
        assert!(video.past.iter().all(|(_, kept)| kept.rgb.len() == 40 * 30 * 3));
        most = most.max(video.past.len() + video.decoder.held());
    }
    assert!(
        most <= MAX_PAST + super::super::frames::MAX_WAITING,
        "{most} are held"
    );
    assert!(most >= MAX_PAST, "the longest way back is {most}");
}

#[test]
fn large_pictures_are_kept_within_the_limit_of_bytes() {
    let (_folder, path) = bars(4);
    let mut video = open(&path);
    let large = Picture {
        width: 4096,
        height: 1024,
        rgb: vec![0; 4096 * 1024 * 3],
    };
    for ms in 0..6 {
        video.remember((ms, large.clone()));
    }
    assert_eq!(video.past.len(), 2);
}

/// The size of a picture is in the header, so nothing has to be decoded to refuse it.
#[test]
fn a_picture_that_claims_to_be_huge_is_refused_before_it_is_decoded() {
    let (_folder, path) = bars(2);
    let mut bytes = std::fs::read(&path).unwrap();
    let entry = bytes.windows(4).position(|four| four == b"avc1").unwrap();
    bytes[entry + 28..entry + 32].copy_from_slice(&[0xea, 0x60, 0xea, 0x60]);
    std::fs::write(&path, &bytes).unwrap();
    let error = Video::open(&path, &Wanted::default()).err().unwrap().to_string();
    assert!(
        error.contains("bars.mp4 has pictures of 60000×60000 pixels"),
        "{error}"
    );
    bytes[entry + 28..entry + 32].fill(0);
    std::fs::write(&path, &bytes).unwrap();
    let error = Video::open(&path, &Wanted::default()).err().unwrap().to_string();
    assert!(error.contains("no size"), "{error}");
}

#[test]
fn what_is_wrong_with_a_file_is_said_with_its_name() {
    let (folder, path) = bars(12);
    let whole = std::fs::read(&path).unwrap();
    let error = |wanted: Wanted| Video::open(&path, &wanted).err().unwrap().to_string();
    let noted = Wanted {
        bytes: Some(9),
        ..Wanted::default()
    };
    assert!(error(noted).contains("bars.mp4 has "), "another size");
    std::fs::write(&path, &whole[..whole.len() - 10]).unwrap();
    assert!(error(Wanted::default()).contains("bars.mp4 ends early"));
    std::fs::write(&path, "").unwrap();
    assert!(error(Wanted::default()).contains("bars.mp4 is empty"));
    std::fs::remove_file(&path).unwrap();
    assert!(error(Wanted::default()).contains("bars.mp4 is not there: put it back"));
    let error = Video::open(folder.path(), &Wanted::default()).err().unwrap();
    assert!(error.to_string().contains("cannot be read"), "{error}");
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

/// One green picture after another.
struct Green;

impl VideoSource for Green {
    fn size(&self) -> (u32, u32) {
        (64, 48)
    }
    fn fps(&self) -> u32 {
        24
    }
    fn frames(&self) -> u32 {
        3
    }
    fn title(&self) -> &'static str {
        "green"
    }
    fn is_cut(&self, _: u32) -> bool {
        false
    }
    fn draw(&mut self, _: u32, picture: &mut Yuv) {
        let green = Color::of([20, 200, 60], 64, 48);
        picture.y.fill(green.y);
        picture.u.fill(green.u);
        picture.v.fill(green.v);
    }
    fn sound(&self) -> Option<Sound> {
        None
    }
}

/// A video may say that its colours are coded otherwise than players guess by its size.
#[test]
fn colours_are_read_as_the_video_says_they_are_coded() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("green.mp4");
    encode(&mut Green, &mut std::fs::File::create(&path).unwrap()).unwrap();
    for (matrix, range) in [("bt709", "tv"), ("bt709", "pc"), ("smpte170m", "pc")] {
        let filter = format!("scale=out_color_matrix={matrix}:out_range={range}");
        let options = [
            "-vf",
            &filter,
            "-colorspace",
            matrix,
            "-color_range",
            range,
            "-c:v",
            "libx264",
            "-crf",
            "1",
        ];
        let Some(other) = converted(&path, &options) else {
            continue;
        };
        let [red, green, blue] = frame_at(&other, 0).unwrap().pixel(10, 10);
        let is_near = red.abs_diff(20) < 6 && green.abs_diff(200) < 6 && blue.abs_diff(60) < 6;
        assert!(is_near, "{matrix} {range}: {red} {green} {blue}");
    }
}

#[test]
fn without_ffmpeg_a_codec_that_is_not_h264_is_named() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clips/part2.mp4");
    let mut video = Video::open_with(&path, &Wanted::default(), NO_FFMPEG).unwrap();
    for _ in 0..2 {
        let error = video.next(&go_on()).unwrap_err().to_string();
        assert!(error.contains("install ffmpeg to see its pictures"), "{error}");
    }
}

#[test]
fn ffmpeg_decodes_what_the_built_in_decoder_refuses() {
    let (_folder, path) = bars(48);
    for options in [
        &["-c:v", "libx265", "-x265-params", "log-level=error:keyint=12"][..],
        &["-c:v", "libx264", "-pix_fmt", "yuv420p10le", "-g", "12"],
        &["-c:v", "libx264", "-flags", "+ildct+ilme", "-x264opts", "tff=1"],
        &["-c:v", "mpeg4", "-q:v", "2"],
    ] {
        let Some(other) = converted(&path, options) else {
            continue;
        };
        let mut video = Video::open(&other, &Wanted::default()).unwrap();
        let all: Vec<Shown> = video.pictures(&go_on()).map(Result::unwrap).collect();
        assert_eq!(all.len(), 48, "{options:?}");
        assert!(!video.is_built_in, "{options:?}");
        for (frame, (at, picture)) in (0_u32..).zip(&all) {
            let off = ground(picture, frame).abs_diff(grey(frame));
            assert!(
                *at == ms(frame) && off < 12,
                "{options:?}: frame {frame} at {at}: {off}"
            );
        }
        for frame in [30_u32, 11, 12, 47, 0] {
            let (at, picture) = video.at(ms(frame) + 20, &go_on()).unwrap();
            assert_eq!(at, ms(frame));
            assert!(
                ground(&picture, frame).abs_diff(grey(frame)) < 12,
                "{options:?}: frame {frame}"
            );
        }
        let (late, _) = video.at(99_999, &go_on()).unwrap();
        assert_eq!(late, ms(47));
        let (before, _) = video.previous(&go_on()).unwrap().unwrap();
        assert_eq!(
            (before, video.next(&go_on()).unwrap().unwrap().0),
            (ms(46), ms(47))
        );
        let small = Wanted {
            fit: Some((32, 32)),
            bytes: None,
        };
        let mut video = Video::open(&other, &small).unwrap();
        let (_, picture) = video.at(500, &go_on()).unwrap();
        assert_eq!((picture.width, picture.height), (32, 24));
        assert!(video.decoder.held() <= 2);
    }
}

/// A stand-in for ffmpeg that never writes is given up, and one that ends at once is told.
#[test]
fn a_bad_ffmpeg_is_an_error_and_no_end_of_waiting() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clips/part2.mp4");
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("ffmpeg");
    std::fs::write(&program, "#!/bin/sh\necho 'no such codec' >&2\nexit 1\n").unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut video = Video::open_with(&path, &Wanted::default(), program.to_str().unwrap()).unwrap();
    let error = video.next(&go_on()).unwrap_err().to_string();
    assert!(
        error.contains("part2.mp4 could not be read by ffmpeg: no such codec"),
        "{error}"
    );
}

//! Animatics: real MP4 files of the right size and length, the same for the same request, with each shot's card at its
//! time.

// Helpers of tests may fail as tests do.
#![allow(clippy::unwrap_used)]

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use rushes::animatic::{self, Attached, MARK, Rendered};
use rushes::media::{Cancel, Picture, Video, Wanted, frame_at, inspect};
use rushes::model::{Model, Request, Resolution};
use serde_json::{Value, json};

const SCRIPT: &str = "A kite day.\n\
    Shot 1 | 0s–1s\nWide shot, static camera. A kite lies on the beach.\n\
    Shot 2 | 1s–2.5s\nMedium shot. The kite climbs over the dunes, two friends cheer.\n\
    Shot 3 | 2.5s–4s\nExtreme close-up, slow push in. 她看着风筝。";

fn request(changes: &Value) -> Request {
    let mut body = json!({
        "prompt": SCRIPT, "duration": 4, "resolution": "480p", "aspect_ratio": "16:9",
        "generate_audio": false, "seed": 42,
    });
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    Request::from_body(Model::default(), &body, &mut fastrand::Rng::with_seed(1)).unwrap()
}

fn save(folder: &Path, changes: &Value) -> (PathBuf, Rendered) {
    let path = folder.join(format!("{}.mp4", fastrand::u64(..)));
    let rendered = animatic::render(
        &request(changes),
        &Attached::default(),
        &mut File::create(&path).unwrap(),
    )
    .unwrap();
    (path, rendered)
}

/// Mean difference of samples, over the rows from `top` to `bottom` in hundredths of the height.
fn difference(one: &Picture, other: &Picture, (top, bottom): (u32, u32)) -> u64 {
    assert_eq!((one.width, one.height), (other.width, other.height));
    let at = |percent: u32| (one.height * percent / 100 * one.width * 3) as usize;
    let (one, other) = (&one.rgb[at(top)..at(bottom)], &other.rgb[at(top)..at(bottom)]);
    let sum: u64 = one
        .iter()
        .zip(other)
        .map(|(a, b)| u64::from(a.abs_diff(*b)))
        .sum();
    sum / one.len() as u64
}

/// Rows where only the scene is.
const SCENE: (u32, u32) = (14, 60);
const ALL: (u32, u32) = (0, 100);

#[test]
fn every_shape_has_its_exact_size_and_length() {
    let folder = tempfile::tempdir().unwrap();
    let model = Model::default();
    let drafts = model.aspect_ratios.iter().map(|ratio| (Resolution::P480, *ratio));
    let finals = ["4:3".parse().unwrap(), "21:9".parse().unwrap()].map(|ratio| (Resolution::P720, ratio));
    for (resolution, ratio) in drafts.chain(finals) {
        let shape = json!({"resolution": resolution.wire(), "aspect_ratio": ratio.wire()});
        let (path, rendered) = save(folder.path(), &shape);
        let info = inspect(&path).unwrap();
        assert_eq!(
            Some((info.width, info.height)),
            model.pixels(resolution, ratio),
            "{shape}"
        );
        assert_eq!(
            (info.duration_ms, info.frames, info.fps),
            (4000, 96, 24.0),
            "{shape}"
        );
        assert_eq!(
            (info.video_codec.as_str(), info.audio_codec),
            ("h264", None),
            "{shape}"
        );
        assert_eq!((rendered.bytes, rendered.frames), (info.bytes, 96), "{shape}");
    }
}

#[test]
fn every_length_is_that_long_and_every_frame_can_be_decoded() {
    let folder = tempfile::tempdir().unwrap();
    for seconds in [4_u64, 5, 15] {
        let (path, _) = save(
            folder.path(),
            &json!({"duration": seconds, "aspect_ratio": "21:9"}),
        );
        assert_eq!(inspect(&path).unwrap().duration_ms, seconds * 1000);
        let mut count = 0;
        let mut video = Video::open(&path, &Wanted::default()).unwrap();
        for (frame, shown) in (0_u64..).zip(video.pictures(&Cancel::new())) {
            let (ms, picture) = shown.unwrap();
            assert_eq!((ms, picture.width, picture.height), (frame * 1000 / 24, 992, 432));
            count += 1;
        }
        assert_eq!(count, seconds * 24);
    }
}

#[test]
fn sound_is_there_when_asked_for_and_leaves_the_length_alone() {
    let folder = tempfile::tempdir().unwrap();
    for wanted in [true, false] {
        let (path, rendered) = save(folder.path(), &json!({"generate_audio": wanted}));
        let info = inspect(&path).unwrap();
        assert_eq!(info.audio_codec.as_deref(), wanted.then_some("aac"));
        assert_eq!((info.duration_ms, rendered.has_sound), (4000, wanted));
    }
}

#[test]
fn the_same_request_gives_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    for sound in [true, false] {
        let (one, rendered) = save(folder.path(), &json!({"generate_audio": sound}));
        let (two, again) = save(folder.path(), &json!({"generate_audio": sound}));
        assert_eq!(rendered, again);
        assert_eq!(fs::read(one).unwrap(), fs::read(two).unwrap());
    }
}

/// The hash of a silent video, whose pictures are drawn and encoded in whole numbers, the same on every machine. A change
/// of drawing or encoder changes it; then look at the pictures and pin the new hash.
#[test]
fn the_bytes_are_those_they_always_were() {
    let (mut bytes, request) = (Vec::new(), request(&json!({})));
    let rendered = animatic::render(&request, &Attached::default(), &mut bytes).unwrap();
    assert_eq!(
        rendered.sha256,
        "0ade55be4c0aecb43ca801c23dc95cd6cf6912ee0571d2784e50af37dc151d12"
    );
}

#[test]
fn another_seed_is_another_picture() {
    let folder = tempfile::tempdir().unwrap();
    let videos: Vec<(PathBuf, Rendered)> = [42, 43, 7, 2_000_000_000]
        .map(|seed| save(folder.path(), &json!({"seed": seed})))
        .into();
    for (n, (one, rendered)) in videos.iter().enumerate() {
        for (other, different) in &videos[n + 1..] {
            assert_ne!(rendered.sha256, different.sha256);
            let apart = difference(
                &frame_at(one, 500).unwrap(),
                &frame_at(other, 500).unwrap(),
                SCENE,
            );
            assert!(apart > 12, "two seeds look alike: {apart}");
        }
    }
}

#[test]
fn each_shot_has_its_own_card_at_its_own_time() {
    let folder = tempfile::tempdir().unwrap();
    let (path, _) = save(folder.path(), &json!({}));
    let mut video = Video::open(&path, &Wanted::default()).unwrap();
    let frames: Vec<Picture> = video
        .pictures(&Cancel::new())
        .map(|frame| frame.unwrap().1)
        .collect();
    let cuts: Vec<usize> = (1..frames.len())
        .filter(|at| difference(&frames[at - 1], &frames[*at], ALL) > 8)
        .collect();
    assert_eq!(cuts, [24, 60], "cuts at 1 s and 2.5 s, and nowhere else");
}

#[test]
fn something_moves_in_every_card() {
    let folder = tempfile::tempdir().unwrap();
    let (path, _) = save(folder.path(), &json!({}));
    for (from, to) in [(0, 958), (1000, 2450), (2500, 3950)] {
        let (one, other) = (frame_at(&path, from).unwrap(), frame_at(&path, to).unwrap());
        let at = |picture: &Picture| picture.rgb[864 * 3 * 70..864 * 3 * 290].to_vec();
        let moved = at(&one)
            .iter()
            .zip(at(&other))
            .filter(|(a, b)| a.abs_diff(*b) > 24)
            .count();
        assert!(
            moved > 2000,
            "only {moved} samples move between {from} and {to} ms"
        );
    }
}

#[test]
fn the_file_says_that_it_is_no_seedance_video() {
    let mut bytes = Vec::new();
    animatic::render(&request(&json!({})), &Attached::default(), &mut bytes).unwrap();
    assert!(bytes.windows(MARK.len()).any(|window| window == MARK.as_bytes()));
    assert!(MARK.contains("SANDBOX"));
}

#[test]
fn the_last_frame_is_the_videos_last_frame() {
    let folder = tempfile::tempdir().unwrap();
    let (path, _) = save(folder.path(), &json!({}));
    let drawn = animatic::last_frame(&request(&json!({})), &Attached::default());
    let decoded = frame_at(&path, 4000).unwrap();
    assert!(difference(&drawn, &decoded, ALL) < 3);
}

#[test]
fn no_prompt_is_too_strange() {
    let prompts = [
        "x".repeat(20_000),
        "Shot 1 | 0s-1s\nA.\n".repeat(300),
        "\u{202e}\u{7}\u{1b}[31m 🪁🪁🪁 \u{10ffff} עברית العربية ไทย".to_owned(),
        "Shot 4000000000 | 99999s-0s\nbackwards".to_owned(),
        "Shot 1: a".to_owned(),
        "特".repeat(3000),
    ];
    for prompt in prompts {
        let mut bytes = Vec::new();
        let rendered = animatic::render(
            &request(&json!({"prompt": prompt})),
            &Attached::default(),
            &mut bytes,
        )
        .unwrap();
        assert_eq!(rendered.frames, 96);
    }
}

#[test]
fn a_reader_that_hangs_up_is_an_error() {
    struct Gone;
    impl io::Write for Gone {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    assert!(animatic::render(&request(&json!({})), &Attached::default(), &mut Gone).is_err());
}

/// A PNG with a cross of four colours.
fn png(path: &Path, (width, height): (u32, u32)) {
    let mut encoder = png::Encoder::new(File::create(path).unwrap(), width, height);
    encoder.set_color(png::ColorType::Rgb);
    let pixel = |at: u32| match (at % width < width / 3, at / width < height / 2) {
        (true, true) => [230, 40, 30],
        (true, false) => [30, 200, 60],
        (false, true) => [20, 60, 220],
        (false, false) => [240, 220, 40],
    };
    let pixels: Vec<u8> = (0..width * height).flat_map(pixel).collect();
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&pixels).unwrap();
    writer.finish().unwrap();
}

/// The video of a request with these pictures, and how many could not be read.
fn attached(folder: &Path, changes: &Value) -> (PathBuf, Rendered, usize) {
    png(&folder.join("wide.png"), (300, 170));
    png(&folder.join("tall.png"), (90, 200));
    let request = request(changes);
    let pictures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures");
    let (attached, unreadable) = Attached::read(&request, |url| {
        let name = url.strip_prefix("https://here/")?;
        let made = folder.join(name);
        Some(if made.exists() { made } else { pictures.join(name) })
    });
    let path = folder.join(format!("{}.mp4", fastrand::u64(..)));
    let rendered = animatic::render(&request, &attached, &mut File::create(&path).unwrap()).unwrap();
    (path, rendered, unreadable.len())
}

/// As without attachments: pictures are read, scaled and drawn in whole numbers, the same on every machine.
#[test]
fn attached_pictures_are_seen_and_their_bytes_are_those_they_always_were() {
    let folder = tempfile::tempdir().unwrap();
    let prompt = "In the style of image 2.\n\
        Shot 1 | 0s–1s\nWide shot, whip pan. The boy of image 1.\n\
        Shot 2 | 1s–2s\nDissolve. Medium shot, camera roll. The girl of image 3 and image 4.\n\
        Shot 3 | 2s–3s\nWhip transition. Close-up, crash zoom, image 5.\n\
        Shot 4 | 3s–4s\nFade in. Dolly zoom, Dutch angle. Fade to black.";
    let names = ["tall.png", "wide.png", "halves.jpg", "clear.webp"];
    let mut images = names.map(|name| format!("https://here/{name}")).to_vec();
    images.push("https://elsewhere/a.png".to_owned());
    let changes = json!({"prompt": prompt, "reference_images": images});
    let (_, rendered, unreadable) = attached(folder.path(), &changes);
    assert_eq!(unreadable, 0, "what is not looked for is not unreadable");
    let frames =
        json!({"first_frame_url": "https://here/wide.png", "last_frame_url": "https://here/tall.png"});
    let (path, framed, _) = attached(folder.path(), &frames);
    // Red is the left upper part of the first frame, and of the last.
    for ms in [100, 3950] {
        let shown = frame_at(&path, ms).unwrap();
        let reddish = (0..shown.width).filter(|x| {
            let [red, green, blue] = shown.pixel(*x, shown.height / 4);
            red > 190 && green < 80 && blue < 80
        });
        assert!(reddish.count() > 20, "the attached frame is not seen at {ms} ms");
    }
    let (_, without) = save(folder.path(), &json!({}));
    assert_ne!(framed.sha256, without.sha256);
    assert_eq!(
        [rendered.sha256.as_str(), framed.sha256.as_str()],
        [
            "e101937683f5d543cca68e073597de65c57142fd98fee7e2c6a06376a9fa51f0",
            "4e9fd4d9b4cad67041cf4a857503cb2e298b62f575e91361d2705a29a624e8c5"
        ]
    );
}

#[test]
fn a_picture_that_cannot_be_read_shows_its_name() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("broken.png"), b"\x89PNG\r\n\x1a\n and no more").unwrap();
    let changes = json!({"first_frame_url": "https://here/broken.png"});
    let (path, rendered, unreadable) = attached(folder.path(), &changes);
    assert_eq!((rendered.frames, unreadable), (96, 1));
    let (plain, _) = save(folder.path(), &json!({}));
    let apart = |ms| {
        difference(
            &frame_at(&path, ms).unwrap(),
            &frame_at(&plain, ms).unwrap(),
            SCENE,
        )
    };
    assert!(apart(500) > 2, "its card is on the first card");
    assert_eq!(apart(2000), 0, "and on no other");
}

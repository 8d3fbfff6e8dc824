//! `rushes animatic`: one video, free, never over another by accident.

use crate::commands::output;

#[test]
fn a_script_becomes_a_video_and_nothing_else() {
    let home = tempfile::tempdir().unwrap();
    let path = |name: &str| home.path().join(name).to_str().unwrap().to_owned();
    let (shots, video) = (path("shots.txt"), path("video.mp4"));
    std::fs::write(&shots, "0-2s: a kite lifts\n2-4s: it dives").unwrap();
    let draw = |more: &[&str]| {
        let mut arguments = vec!["animatic", &shots, "-o", &video, "--duration", "4", "--no-audio"];
        arguments.extend(more);
        output(home.path(), &arguments)
    };
    let drawn = draw(&[]);
    let said = String::from_utf8(drawn.stdout).unwrap();
    assert_eq!(drawn.status.code(), Some(0));
    assert!(
        said.contains("864×496, 4 s, 96 frames, without sound") && said.contains("seed 42"),
        "{said}"
    );
    let bytes = std::fs::read(&video).unwrap();
    assert_eq!(&bytes[4..8], b"ftyp");
    let mut left: Vec<_> = std::fs::read_dir(home.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    left.sort();
    assert_eq!(
        left,
        ["shots.txt", "video.mp4"],
        "no store, no take, no part of a video"
    );

    let refused = draw(&[]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8(refused.stderr).unwrap().contains("--force"));
    assert_eq!(draw(&["--force"]).status.code(), Some(0));
    assert_eq!(
        std::fs::read(&video).unwrap(),
        bytes,
        "the same request gives the same bytes"
    );
    let text = std::fs::read(&shots).unwrap();
    for (out, said) in [(shots.as_str(), "is the script itself"), ("-", "standard output")] {
        let refused = output(home.path(), &["animatic", &shots, "-o", out, "--force"]);
        assert_eq!(refused.status.code(), Some(2));
        assert!(String::from_utf8(refused.stderr).unwrap().contains(said), "{out}");
        assert_eq!(std::fs::read(&shots).unwrap(), text, "the script stays as it is");
    }
    let fitted = output(
        home.path(),
        &["animatic", &shots, "-o", &video, "--no-audio", "--force"],
    );
    assert!(
        String::from_utf8(fitted.stdout)
            .unwrap()
            .contains(", 4 s, 96 frames")
    );
    assert_eq!(draw(&["--force", "--seeds", "1,2"]).status.code(), Some(2));
    assert_eq!(draw(&["--force", "--last-frame", "a.png"]).status.code(), Some(2));
    assert_eq!(std::fs::read(&video).unwrap(), bytes);
}

/// What the video does not show is said, with what to do.
#[test]
fn what_does_not_fit_is_told() {
    let home = tempfile::tempdir().unwrap();
    let path = |name: &str| home.path().join(name).to_str().unwrap().to_owned();
    for (text, told) in [
        (
            "0-2s: a kite\n2-7s: it dives",
            "the script ends at 7 s, and the animatic at 4 s: give --duration 8",
        ),
        (
            "0-9s: a kite\n9-20s: it dives",
            "no take of seedance-2.0 is long enough",
        ),
        (
            "CLIP 1\n0-2s: a\n2-4s: b\nCLIP 2\n0-2s: c\n2-3s: d",
            "the scripts of 2 clips",
        ),
        ("0-2s: a kite\n2-4s: it dives", ""),
    ] {
        std::fs::write(path("shots.txt"), text).unwrap();
        let (shots, video) = (path("shots.txt"), path("video.mp4"));
        let arguments = [
            "animatic",
            &shots,
            "-o",
            &video,
            "--duration",
            "4",
            "--no-audio",
            "--force",
        ];
        let drawn = output(home.path(), &arguments);
        let said = String::from_utf8(drawn.stderr).unwrap();
        assert_eq!(drawn.status.code(), Some(0), "{said}");
        assert!(
            said.contains(told) && said.is_empty() == told.is_empty(),
            "{said}"
        );
    }
}

#[test]
fn local_pictures_are_shown_and_a_missing_one_is_told() {
    let home = tempfile::tempdir().unwrap();
    let path = |name: &str| home.path().join(name).to_str().unwrap().to_owned();
    let shots = path("shots.txt");
    std::fs::write(&shots, "0-2s: the kite of image 1\n2-4s: it dives").unwrap();
    let draw = |video: &str, more: &[&str]| {
        let video = path(video);
        let mut arguments = vec!["animatic", &shots, "-o", &video, "--duration", "4", "--no-audio"];
        arguments.extend(more);
        let drawn = output(home.path(), &arguments);
        assert_eq!(drawn.status.code(), Some(0));
        (
            std::fs::read(&video).unwrap(),
            String::from_utf8(drawn.stderr).unwrap(),
        )
    };
    let picture = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/pictures/halves.jpg");
    let (with, said) = draw("with.mp4", &["--image", picture]);
    assert_eq!(said, "");
    assert_eq!(draw("again.mp4", &["--image", picture]).0, with);
    let (missing, said) = draw("missing.mp4", &["--image", &path("gone.png")]);
    assert!(
        said.contains("gone.png") && said.contains("shows only its name"),
        "{said}"
    );
    assert_ne!(missing, with);
}

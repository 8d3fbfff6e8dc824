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
    assert_eq!(draw(&["--force", "--seeds", "1,2"]).status.code(), Some(2));
    assert_eq!(draw(&["--force", "--last-frame", "a.png"]).status.code(), Some(2));
    assert_eq!(std::fs::read(&video).unwrap(), bytes);
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

//! `rushes promote` and `rushes chain` on the embedded sandbox.

use crate::commands::{errors, output, records};

#[test]
fn a_draft_is_promoted_and_continued_by_commands() {
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("config");
    std::fs::create_dir_all(&config).unwrap();
    std::fs::write(config.join("config.toml"), "sandbox_speed = 50\n").unwrap();
    let draft = records(
        home.path(),
        &[
            "gen",
            "-p",
            "A kite over the sea.",
            "--duration",
            "4",
            "--seeds",
            "7",
            "--json",
        ],
    );
    assert_eq!(draft[0]["state"], "saved", "{draft:?}");
    for (how, field) in [
        ("seed", None),
        ("first-frame", Some("first_frame_url")),
        ("video", Some("reference_videos")),
    ] {
        let made = records(home.path(), &["promote", "1", "--how", how, "--json"]);
        let take = &made[0];
        assert_eq!(take["state"], "saved", "{take}");
        assert_eq!(
            (&take["parent"], &take["lineage"]),
            (&1.into(), &"promoted".into())
        );
        assert_eq!(take["seed"], 7);
        assert_eq!(take["request"]["resolution"], "720p");
        if let Some(field) = field {
            assert!(take["request"][field].to_string().contains("http"), "{take}");
        }
    }
    let chained = output(home.path(), &["chain", "1"]);
    assert_eq!(chained.status.code(), Some(0), "{}", errors(&chained));
    let told = String::from_utf8(chained.stdout).unwrap();
    let (_, frame) = told
        .trim()
        .split_once("now begins with take 1's last frame: ")
        .unwrap();
    assert!(std::path::Path::new(frame).exists(), "{told}");
    let next = records(
        home.path(),
        &[
            "gen",
            "-p",
            "It sinks.",
            "--first-frame",
            frame,
            "--duration",
            "4",
            "--json",
        ],
    );
    assert_eq!(next[0]["state"], "saved", "{next:?}");
    assert_eq!(
        (&next[0]["parent"], &next[0]["lineage"]),
        (&1.into(), &"chained".into())
    );
    for (arguments, told) in [
        (&["promote", "99"][..], "99"),
        (&["promote", "2"], "already 720p"),
        (&["promote", "1", "--resolution", "480p"], "480p already"),
        (&["promote", "2", "--resolution", "720p"], "720p already"),
        (&["promote", "1", "--how", "magic"], "seed, first-frame, video"),
        (&["promote", "1", "--resolution", "9000p"], "9000p"),
        (&["chain", "99"], "99"),
    ] {
        let ended = output(home.path(), arguments);
        assert_eq!(ended.status.code(), Some(2), "{arguments:?} {}", errors(&ended));
        assert!(errors(&ended).contains(told), "{arguments:?} {}", errors(&ended));
    }
}

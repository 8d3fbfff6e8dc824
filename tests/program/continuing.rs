//! `rushes promote` and `rushes chain` on the embedded sandbox.

use std::sync::Arc;

use rushes::model::{Form, SystemClock};
use rushes::store::Store;

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

/// The takes may be made again by a program that was started in another folder.
#[test]
fn a_relative_reference_enters_the_form_by_its_whole_path() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let relative = "tests/pictures/halves.jpg";
    let whole = std::path::absolute(relative).unwrap();
    let plan = [
        "--sandbox",
        "gen",
        "--dry-run",
        "--json",
        "-p",
        "As in image 1.",
        "--image",
        relative,
    ];
    let sent = &records(home, &plan)[0]["request"]["reference_images"];
    assert_eq!(sent, &serde_json::json!([whole]));

    // A form of an earlier release, which its revision names in full, is not set aside once more.
    let store = Store::open(&home.join("data/rushes.db"), Arc::new(SystemClock)).unwrap();
    let reel = store.default_reel().unwrap();
    let form = |image: &str| Form {
        prompt: "As in image 1.".to_owned(),
        images: vec![image.to_owned()],
        ..Form::default()
    };
    let forms = store.forms(&reel.id);
    let kept = forms.keep(&form(whole.to_str().unwrap())).unwrap();
    forms.save(&form(relative)).unwrap();
    let file = home.join("request.json");
    std::fs::write(&file, r#"{"prompt": "A lamp in the snow."}"#).unwrap();
    let opened = records(home, &["open", file.to_str().unwrap(), "--json"]);
    assert_eq!(opened[0]["previous_revision"], kept);
}

//! A model that only the user's `models.toml` describes: requests, checks, prices and takes on the sandbox.

use std::path::Path;

use crate::caps::r#gen;
use crate::commands::{Server, errors, output, records};

const LONG: &str = r#"
["seedance-2.5"]
like = "seedance-2.0"
label = "2.5"
durations = { min = 4, max = 30 }
references = { images = 30, videos = 10, audios = 10, total = 50 }
prices = [{ per_million_tokens = 10.97, as_of = 2026-09-26 }]
"#;

fn set(home: &Path, text: &str) {
    std::fs::create_dir_all(home.join("config")).unwrap();
    std::fs::write(home.join("config/models.toml"), text).unwrap();
}

#[test]
fn a_model_of_the_users_own_is_checked_priced_and_saved() {
    let home = tempfile::tempdir().unwrap();
    set(home.path(), LONG);
    std::fs::write(home.path().join("config/config.toml"), "sandbox_speed = 100\n").unwrap();
    let long = [
        "gen",
        "--sandbox",
        "--prompt",
        "0-24s: a kite",
        "--model",
        "seedance-2.5",
        "--json",
    ];
    let with = |length: &'static str| [&long[..], &["--duration", length]].concat();
    let ended = output(home.path(), &with("31"));
    assert_eq!(ended.status.code(), Some(2), "{}", errors(&ended));
    assert!(
        errors(&ended).contains("use 4 to 30 seconds"),
        "{}",
        errors(&ended)
    );
    let saved = records(home.path(), &with("24"));
    assert_eq!(saved.len(), 1);
    let take = &saved[0];
    assert_eq!(
        (&take["state"], &take["model"]),
        (&"saved".into(), &"seedance-2.5".into())
    );
    assert_eq!(take["request"]["duration"], 24);
    // 864 × 496 pixels, 24 s of 24 frames and one more, 10.97 for a million tokens of 1024 pixels.
    assert_eq!(take["estimate_usd"], 2.648_975);
    let file = take["file"].as_str().unwrap();
    let movie = rushes::media::inspect(Path::new(file)).unwrap();
    assert_eq!(movie.duration_ms, 24_000);
    // Another model keeps its own limits, and the script's checks take those of the model.
    let script = home.path().join("shots.txt");
    std::fs::write(&script, "Shot 1 | 0s-14s\na kite\nShot 2 | 14s-26s\na dive\n").unwrap();
    let lint = |more: &[&str]| {
        let ended = output(home.path(), &[&["lint", script.to_str().unwrap()], more].concat());
        String::from_utf8(ended.stdout).unwrap()
    };
    assert!(
        lint(&[]).contains("and a take lasts at most 15 s"),
        "{}",
        lint(&[])
    );
    let longer = lint(&["--model", "seedance-2.5"]);
    assert!(longer.contains("--duration 26"), "{longer}");
}

#[test]
fn a_mistake_in_the_users_models_has_its_place_and_stops_live_takes() {
    let home = tempfile::tempdir().unwrap();
    let server = Server::start(home.path(), "");
    for (text, place, what) in [
        (
            "[\"seedance-2.0\"]\nprices = [{ per_million_tokens = \"low\", as_of = 2026-11-01 }]\n",
            "models.toml:2:",
            "invalid type",
        ),
        (
            "\n[\"seedance-2.0\"]\ndurations = [10, 20\n",
            "models.toml:",
            "this is not TOML",
        ),
        (
            "[\"seedance-2.0\"]\nlabl = \"x\"\n",
            "models.toml:2:1",
            "unknown field `labl`",
        ),
        (
            "[\"seedance-3.0\"]\nlabel = \"3\"\n",
            "models.toml:1:1",
            "missing field `durations`",
        ),
    ] {
        set(home.path(), text);
        let ended = r#gen(home.path(), &server, &["--yes"]);
        let told = errors(&ended);
        assert_eq!(ended.status.code(), Some(4), "{text}: {told}");
        assert!(told.contains(place) && told.contains(what), "{text}: {told}");
        assert!(
            told.lines().last().unwrap().contains("a price in the settings"),
            "{told}"
        );
        assert!(records(home.path(), &["ls", "--json"]).is_empty(), "{text}");
    }
    set(
        home.path(),
        "[\"seedance-2.0\"]\nprices = [{ per_million_tokens = 3.5, as_of = 2026-11-01 }]\n",
    );
    let ended = r#gen(home.path(), &server, &["--yes", "--json"]);
    assert_eq!(ended.status.code(), Some(0), "{}", errors(&ended));
    assert_eq!(
        records(home.path(), &["ls", "--json"])[0]["estimate_usd"],
        0.142_081
    );
}

#[test]
fn doctor_and_config_name_the_file_of_models_and_its_mistakes() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("config/models.toml").display().to_string();
    let checked = || {
        let all = records(home.path(), &["doctor", "--json"]);
        let models = all.iter().find(|found| found["check"] == "models").unwrap();
        let settings = all.iter().find(|found| found["check"] == "settings").unwrap();
        assert_eq!(settings["weight"], "ok", "{settings}");
        let word = |name: &str| models[name].as_str().unwrap().to_owned();
        (word("weight"), word("found"))
    };
    let config = || errors(&output(home.path(), &["config"]));
    let is = |state: &str| format!("models of your own: {file} ({state})");
    assert_eq!(
        checked(),
        ("ok".into(), format!("defaults ({file} does not exist)"))
    );
    assert!(config().contains(&is("does not exist")), "{}", config());
    set(home.path(), LONG);
    assert_eq!(checked(), ("ok".into(), file.clone()));
    assert!(config().contains(&is("has no mistakes")), "{}", config());
    set(home.path(), "[\"seedance-2.0\"]\nlabl = \"x\"\n");
    let (weight, found) = checked();
    assert!(weight == "note" && found.contains("models.toml:2:1"), "{found}");
    let told = config();
    assert!(told.contains(&is("has 1 mistake")), "{told}");
    assert!(
        told.contains("models.toml:2:1") && told.contains("unknown field `labl`"),
        "{told}"
    );
}

//! `rushes lint` and the checks of `rushes gen`: what is printed, what is written, exit codes.

use std::io::Write;
use std::path::Path;
use std::process::{Output, Stdio};
use std::sync::Arc;

use rushes::model::clock::SystemClock;
use rushes::store::Store;
use serde_json::{Value, json};

use crate::commands::{output, rushes};

pub const OVERRUN: &str =
    "Two drivers.\nShot 1 | 0s–6s\nWide shot, static camera.\nShot 2 | 6s–14s\nHandheld, no music.\n";
pub const GAP: &str = "0-3s: a kite\\n4-6s: it dives, by @Image1";

pub fn file(home: &Path, name: &str, text: &str) -> String {
    let path = home.join(name);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

pub fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub fn errors(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// What is sent is checked: variables and snippets are no slots, and neither is a brace that was escaped.
#[test]
fn only_forgotten_slots_are_errors_for_lint_and_gen() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("slots.txt");
    let path = file.to_str().unwrap();
    let slots = |text: &str| {
        std::fs::write(&file, text).unwrap();
        let linted = output(home.path(), &["lint", path]);
        let prompt = format!("@{path}");
        let planned = output(home.path(), &["gen", "--dry-run", "--seeds", "7", "-p", &prompt]);
        let told = [out(&linted), errors(&planned)];
        told.map(|text| text.matches("[unfilled-slot]").count())
    };
    assert_eq!(slots("A kite in {place}."), [1, 1]);
    assert_eq!(slots("A {red|black} kite."), [0, 0]);
    assert_eq!(slots(r"A sign says \{place}."), [0, 0]);
    assert_eq!(slots(r"A sign says \{place\}, in {place}."), [1, 1]);
    let store = Store::open(&home.path().join("data/rushes.db"), Arc::new(SystemClock)).unwrap();
    let reel = store.reel("main").unwrap();
    store
        .set_snippet(&reel.id, "sign", r"a sign that says \{place\}")
        .unwrap();
    assert_eq!(slots("A {{sign}}."), [0, 0]);
    store.set_snippet(&reel.id, "sign", "a sign in {place}").unwrap();
    assert_eq!(slots("A {{sign}}."), [1, 1]);
}

#[test]
fn findings_are_printed_like_a_compilers() {
    let home = tempfile::tempdir().unwrap();
    let shots = file(home.path(), "shots.txt", OVERRUN);
    let ended = output(home.path(), &["lint", &shots, "--duration", "10"]);
    assert_eq!(ended.status.code(), Some(2), "{}", errors(&ended));
    let expected = format!(
        "{shots}:4:13: error: the timeline ends at 14 s, the take at 10 s [overrun]\n    set the duration to \
         15 s, or squeeze it\n    fix: --duration 15 · or: --fix=squeeze (Squeeze to 10 s)\n2 shots to 14 s, in a take of 10 s: 1 error\n"
    );
    assert_eq!(out(&ended), expected);
    let ended = output(home.path(), &["lint", &shots, "--duration", "15"]);
    assert_eq!(ended.status.code(), Some(0));
    assert_eq!(
        out(&ended),
        "2 shots to 14 s, in a take of 15 s: nothing to fix\n"
    );
}

#[test]
fn json_has_its_documented_shape() {
    let home = tempfile::tempdir().unwrap();
    let text = "镜头1（0-3秒）：@图片2 in 16:9\n镜头2（3-16.5秒）：video 1, 手持";
    let shots = file(home.path(), "shots.txt", text);
    let ended = output(home.path(), &["lint", "--json", &shots, "--duration", "10"]);
    assert_eq!(ended.status.code(), Some(2));
    let found: Value = serde_json::from_str(&out(&ended)).unwrap();
    let names: Vec<&String> = found.as_object().unwrap().keys().collect();
    assert_eq!(names, ["shots", "end", "duration_fit", "references", "findings"]);
    let second = text.find("镜头2").unwrap();
    assert_eq!(
        found["shots"],
        json!([
            {"n": 1, "title": "", "start": 0.0, "end": 3.0, "offset": 0},
            {"n": 2, "title": "", "start": 3.0, "end": 16.5, "offset": second},
        ])
    );
    assert_eq!(
        (&found["end"], &found["duration_fit"]),
        (&json!(16.5), &Value::Null)
    );
    assert_eq!(
        found["references"],
        json!({"image": [2], "video": [1], "audio": []})
    );
    let over = found["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|f| f["rule"] == "over-cap")
        .unwrap();
    let at = text.find("16.5").unwrap();
    assert_eq!(
        (&over["line"], &over["column"], &over["offset"]),
        (&json!(2), &json!(7), &json!(at))
    );
    assert_eq!(over["severity"], "error");
    assert_eq!(over["fix"], "Split into 2 clips");
    let missing = found["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|f| f["rule"] == "missing-reference")
        .unwrap();
    assert_eq!(missing["fix"], Value::Null);
    let keys: Vec<&String> = missing.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        ["rule", "severity", "line", "column", "offset", "message", "fix"]
    );
}

/// A silent WAV of this many seconds: 8 kHz, one channel, 8 bits.
fn wav(seconds: u32) -> Vec<u8> {
    let count = seconds * 8000;
    let mut wav = b"RIFF".to_vec();
    wav.extend((36 + count).to_le_bytes());
    wav.extend(*b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    wav.extend([8000_u32.to_le_bytes(), 8000_u32.to_le_bytes()].concat());
    wav.extend(*b"\x01\0\x08\0data");
    wav.extend(count.to_le_bytes());
    wav.resize(wav.len() + count as usize, 128);
    wav
}

/// Nobody knows whether Segmind has these limits, so they are told before any price and stop nothing.
#[test]
fn limits_that_others_report_are_warnings_before_the_price() {
    let home = tempfile::tempdir().unwrap();
    let shots = file(
        home.path(),
        "shots.txt",
        "A kite of image 1 sings audio 1, then audio 2, wide shot, pan.",
    );
    let at = |name: &str| home.path().join(name).to_str().unwrap().to_owned();
    let (first, second, picture) = (at("one.mp3"), at("two.mp3"), at("her look.jpg"));
    std::fs::write(&first, wav(10)).unwrap();
    std::fs::write(&second, wav(12)).unwrap();
    std::fs::write(
        &picture,
        b"\0\0\0\x18ftypavif\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x10meta\0\0\0\0\0\0\0\0\0\0\0\x08mdat",
    )
    .unwrap();
    let files = ["--audio-ref", &first, "--audio-ref", &second, "--image", &picture];
    let together = "warning: the reference sounds are 22 s together, and others report 15 s as the most [reported-limit]";
    let convert = format!(
        "{picture} is AVIF, which others report as refused [reported-limit]\n    convert it to PNG, for example with ffmpeg \
         -i '{picture}' '{}'",
        at("her look.png")
    );
    let linted = output(home.path(), &[&["lint", &shots][..], &files].concat());
    assert_eq!(linted.status.code(), Some(0), "{}", errors(&linted));
    let told = out(&linted);
    assert!(told.contains(together) && told.contains(&convert), "{told}");
    assert!(!told.contains("[doubtful-reference]"), "{told}");
    assert!(told.contains("0 errors") || !told.contains("error"), "{told}");
    let json = output(home.path(), &[&["lint", "--json", &shots][..], &files].concat());
    let found: Value = serde_json::from_str(&out(&json)).unwrap();
    let rules = found["findings"].as_array().unwrap().iter();
    assert_eq!(
        rules
            .filter(|finding| finding["rule"] == "reported-limit")
            .count(),
        2
    );

    let prompt = format!("@{shots}");
    let gen_all = [&["gen", "--dry-run", "--seeds", "7", "-p", &prompt][..], &files].concat();
    let planned = output(home.path(), &gen_all);
    assert_eq!(planned.status.code(), Some(0), "{}", errors(&planned));
    assert!(errors(&planned).contains(together) && errors(&planned).contains(&convert));
    assert!(out(&planned).contains("nothing was sent"), "{}", out(&planned));
    // However many there are, each is told.
    let pictures: Vec<String> = (1..=7).map(|n| at(&format!("{n}.gif"))).collect();
    let mut many = vec!["lint", &shots];
    for picture in &pictures {
        std::fs::write(picture, [&b"GIF89a"[..], &[0; 300]].concat()).unwrap();
        many.extend(["--image", picture]);
    }
    let told = out(&output(home.path(), &many));
    assert_eq!(
        told.matches("is GIF, which others report as refused").count(),
        7,
        "{told}"
    );
    // Another model has another limit.
    let larger = [&gen_all[..], &["--model", "seedance-2.5"]].concat();
    assert!(!errors(&output(home.path(), &larger)).contains("22 s together"));

    std::fs::create_dir_all(home.path().join("config")).unwrap();
    std::fs::write(
        home.path().join("config/config.toml"),
        "[lint]\noff = [\"reported-limit\"]\n",
    )
    .unwrap();
    let told = out(&output(home.path(), &[&["lint", &shots][..], &files].concat()));
    assert!(
        !told.contains("reported-limit") && told.contains("[doubtful-reference]"),
        "{told}"
    );
}

/// Without a length, a script is checked at the one that fits it.
#[test]
fn the_length_that_fits_is_chosen_and_said() {
    let home = tempfile::tempdir().unwrap();
    for (text, said, code) in [
        (
            OVERRUN,
            "2 shots to 14 s, in a take of 15 s, the shortest that holds them: nothing to fix",
            0,
        ),
        (
            "0-9s: a fox, pan.\n9-20s: it hides, pan.",
            "in a take of 15 s, the longest there is: 1 error",
            2,
        ),
        (
            "A 12-second film of a fox, pan.",
            "no shots, in a take of 12 s, as the text says: nothing to fix",
            0,
        ),
        (
            "A fox runs, pan.",
            "no shots, in a take of 10 s: nothing to fix",
            0,
        ),
    ] {
        let shots = file(home.path(), "shots.txt", text);
        let ended = output(home.path(), &["lint", &shots]);
        assert!(out(&ended).contains(said), "{}", out(&ended));
        assert_eq!(ended.status.code(), Some(code), "{}", out(&ended));
    }
}

#[test]
fn several_files_are_checked_one_after_the_other() {
    let home = tempfile::tempdir().unwrap();
    let good = file(home.path(), "good.txt", OVERRUN);
    let bad = file(home.path(), "bad.txt", "A film of [product], pan.");
    let ended = output(home.path(), &["lint", &good, &bad]);
    assert_eq!(ended.status.code(), Some(2), "{}", errors(&ended));
    let said = out(&ended);
    assert!(said.contains(&format!("{good}: 2 shots to 14 s")), "{said}");
    assert!(
        said.contains(&format!("{bad}:1:11: error: [product] is an unfilled slot")),
        "{said}"
    );
    assert!(
        said.contains(&format!("{bad}: no shots, in a take of 10 s: 1 error")),
        "{said}"
    );
    let json = out(&output(home.path(), &["lint", "--json", &good, &bad]));
    let files: Vec<Value> = json
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(
        (&files[0]["file"], &files[1]["file"]),
        (&json!(good), &json!(bad))
    );
    // One that cannot be read does not keep the others from being checked.
    let missing = output(home.path(), &["lint", "nowhere.txt", &good]);
    assert!(errors(&missing).contains("nowhere.txt") && out(&missing).contains("2 shots to 14 s"));
    assert_eq!(missing.status.code(), Some(2));
    let both = output(home.path(), &["lint", &good, "-"]);
    assert!(errors(&both).contains("standard input"), "{}", errors(&both));
}

#[test]
fn standard_input_needs_no_dash() {
    let home = tempfile::tempdir().unwrap();
    let mut child = rushes(home.path(), &["lint"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(OVERRUN.as_bytes()).unwrap();
    let ended = child.wait_with_output().unwrap();
    assert!(out(&ended).contains("2 shots to 14 s"), "{}", out(&ended));
}

#[test]
fn rules_are_listed_and_switched_off_in_the_settings() {
    let home = tempfile::tempdir().unwrap();
    let listed = out(&output(home.path(), &["lint", "--rules"]));
    assert_eq!(listed.lines().count(), rushes::model::Rule::ALL.len());
    assert!(listed.lines().all(|line| line.chars().count() <= 110), "{listed}");
    let shots = file(home.path(), "shots.txt", OVERRUN);
    std::fs::create_dir_all(home.path().join("config")).unwrap();
    std::fs::write(
        home.path().join("config/config.toml"),
        "[lint]\noff = [\"overrun\"]\n",
    )
    .unwrap();
    let ended = output(home.path(), &["lint", &shots, "--duration", "10"]);
    assert_eq!(ended.status.code(), Some(0), "{}", out(&ended));
}

#[test]
fn a_missing_script_or_option_is_reported() {
    let home = tempfile::tempdir().unwrap();
    for (arguments, word) in [
        (&["lint", "nowhere.txt"][..], "nowhere.txt"),
        (&["lint"], "FILE"),
        (&["lint", "-", "--duration", "7"], "4, 5, 6, 8, 10, 12 or 15"),
        (&["lint", "--split", "-"], "--split"),
        (&["lint", "--json", "--fix", "-"], "--json"),
    ] {
        let ended = output(home.path(), arguments);
        assert_eq!(ended.status.code(), Some(2), "{arguments:?}");
        assert!(errors(&ended).contains(word), "{arguments:?}: {}", errors(&ended));
    }
}

#[test]
fn live_takes_of_a_script_with_errors_are_refused_unless_told() {
    let home = tempfile::tempdir().unwrap();
    let prompt = format!("@{}", file(home.path(), "shots.txt", OVERRUN));
    // Nobody listens there: whatever passes the checks ends unreachable.
    let closed = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let api = format!("http://{closed}");
    let live = |more: &[&str]| {
        let mut arguments = vec!["--live", "--api", &api, "gen", "--yes", "--prompt", &prompt];
        arguments.extend(more);
        rushes(home.path(), &arguments)
            .env("SEGMIND_API_KEY", "SG_0123456789abcdef")
            .output()
            .unwrap()
    };
    let refused = live(&[]);
    assert_eq!(refused.status.code(), Some(2), "{}", errors(&refused));
    assert!(errors(&refused).contains("[overrun]") && errors(&refused).contains("--ignore-lint"));
    assert_eq!(live(&["--ignore-lint"]).status.code(), Some(7));
    assert_eq!(live(&["--duration", "15"]).status.code(), Some(7));
}

#[test]
fn the_sandbox_only_warns() {
    let home = tempfile::tempdir().unwrap();
    let prompt = format!("@{}", file(home.path(), "shots.txt", OVERRUN));
    let ended = output(
        home.path(),
        &["gen", "--sandbox", "--dry-run", "--json", "--prompt", &prompt],
    );
    assert_eq!(ended.status.code(), Some(0));
    assert!(errors(&ended).contains("[overrun]"), "{}", errors(&ended));
    let ended = output(
        home.path(),
        &[
            "gen",
            "--sandbox",
            "--prompt",
            &prompt,
            "--duration",
            "4",
            "--json",
        ],
    );
    assert_eq!(ended.status.code(), Some(0), "{}", errors(&ended));
    assert!(errors(&ended).contains("[overrun]"), "{}", errors(&ended));
}

#[test]
fn a_missing_reference_file_is_reported_before_any_price() {
    let home = tempfile::tempdir().unwrap();
    let ended = output(
        home.path(),
        &[
            "gen",
            "--dry-run",
            "--prompt",
            "image 1 flies",
            "--image",
            "nowhere.png",
        ],
    );
    assert_eq!(ended.status.code(), Some(2));
    assert!(errors(&ended).contains("nowhere.png"), "{}", errors(&ended));
    assert_eq!(out(&ended), "");
}

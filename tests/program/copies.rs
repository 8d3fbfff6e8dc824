//! `open`, `concat`, `bundle` and `embed`: copies for others, and requests that are found again.

use std::path::Path;

use serde_json::Value;

use crate::commands::{errors, of_lines, output, records};
use crate::reels::{faster, file, take};
use crate::what_goes_wrong::archive;

/// The SHA-256 of a file.
pub fn hash(path: &Path) -> String {
    use sha2::{Digest, Sha256};
    let bytes = std::fs::read(path).unwrap();
    Sha256::digest(&bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn is_untouched(take: &Value) -> bool {
    take["sha256"] == hash(file(take))
}

/// The form after `open`, which must succeed.
fn opened(home: &Path, reel: &str, path: &Path) -> Value {
    let done = output(home, &["--reel", reel, "open", path.to_str().unwrap(), "--json"]);
    assert_eq!(done.status.code(), Some(0), "{}", errors(&done));
    of_lines(&done).remove(0)
}

#[test]
fn a_video_finds_its_request_by_sidecar_by_hash_and_by_metadata() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    faster(home, "");
    let made = take(home, "main", "7", &["--aspect", "1:1"]);
    let form = opened(home, "main", file(&made));
    assert_eq!(
        (&form["form"]["prompt"], &form["form"]["seeds"]),
        (&"A kite.".into(), &"7".into())
    );
    assert!(form["found"].as_str().unwrap().contains("sidecar"), "{form}");
    // Elsewhere and under another name, the log knows its hash.
    let renamed = home.join("from a friend.mp4");
    std::fs::copy(file(&made), &renamed).unwrap();
    let form = opened(home, "other", &renamed);
    assert!(form["found"].as_str().unwrap().contains("it is take 1"), "{form}");
    assert_eq!(form["form"]["aspect_ratio"], "1:1");
    // A copy with the request in it is understood by a home that knows nothing.
    let copy = home.join("copy.mp4");
    let embedded = output(home, &["embed", "1", "-o", copy.to_str().unwrap()]);
    assert_eq!(embedded.status.code(), Some(0), "{}", errors(&embedded));
    let said = String::from_utf8(embedded.stdout).unwrap();
    assert!(said.contains("prompt, seed and parameters"), "{said}");
    let elsewhere = tempfile::tempdir().unwrap();
    let form = opened(elsewhere.path(), "main", &copy);
    assert!(form["found"].as_str().unwrap().contains("metadata"), "{form}");
    assert_eq!(
        (&form["form"]["prompt"], &form["form"]["seeds"]),
        (&"A kite.".into(), &"7".into())
    );
    let again = output(home, &["embed", "1", "-o", copy.to_str().unwrap()]);
    assert_eq!(again.status.code(), Some(2));
    assert!(
        errors(&again).contains("was not overwritten"),
        "{}",
        errors(&again)
    );
    // A file of somebody else is named, with what was looked for.
    let unknown = output(elsewhere.path(), &["open", renamed.to_str().unwrap()]);
    assert_eq!(unknown.status.code(), Some(2));
    let said = errors(&unknown);
    assert!(
        said.contains("from a friend.mp4 is not a video of this home") && said.contains("SHA-256"),
        "{said}"
    );
    assert!(is_untouched(&made));
}

#[test]
fn a_curl_command_is_opened_without_its_key_and_the_previous_form_is_kept() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let curl = home.join("curl.txt");
    std::fs::write(
        &curl,
        "curl -X POST https://api.segmind.com/v2/seedance-2.0 -H 'x-api-key: SG_0123456789abcdef' \
         -d '{\"prompt\": \"A {red|blue} kite.\", \"duration\": 5, \"seed\": 42}'",
    )
    .unwrap();
    let script = home.join("script.json");
    std::fs::write(&script, "{\"prompt\": \"A boat.\"}").unwrap();
    assert_eq!(opened(home, "main", &script)["previous_revision"], Value::Null);
    let done = output(home, &["open", curl.to_str().unwrap(), "--json"]);
    assert_eq!(done.status.code(), Some(0), "{}", errors(&done));
    let said = errors(&done);
    assert!(
        said.contains("key") && !said.contains("0123456789abcdef"),
        "{said}"
    );
    let form = of_lines(&done).remove(0);
    assert!(!form.to_string().contains("0123456789abcdef"));
    assert_eq!(form["previous_revision"], 1);
    // It was sent like this, so nothing in it expands.
    let sent = records(home, &["--sandbox", "gen", "--dry-run", "--json"]);
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0]["request"]["prompt"], "A {red|blue} kite.");
    let none = home.join("none.bin");
    std::fs::write(&none, [0xff_u8, 0xfe, 0, 1]).unwrap();
    let refused = output(home, &["open", none.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        errors(&refused).contains("none.bin is not a file of rushes"),
        "{}",
        errors(&refused)
    );
    let gone = output(home, &["open", "gone.mp4"]);
    assert_eq!(gone.status.code(), Some(2));
    assert!(
        errors(&gone).contains("cannot read gone.mp4"),
        "{}",
        errors(&gone)
    );
}

#[test]
fn takes_are_joined_when_they_agree_and_nothing_is_overwritten() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    faster(home, "");
    let (one, two) = (take(home, "main", "7", &[]), take(home, "main", "8", &[]));
    let other = take(home, "main", "9", &["--aspect", "9:16"]);
    let out = home.join("all.mp4");
    let out = out.to_str().unwrap();
    let joined = output(home, &["concat", "1", "2", "-o", out, "--json"]);
    assert_eq!(joined.status.code(), Some(0), "{}", errors(&joined));
    let joined = of_lines(&joined).remove(0);
    assert_eq!(
        (&joined["frames"], &joined["duration_ms"]),
        (&192.into(), &8000.into())
    );
    let before = hash(Path::new(out));
    let again = output(home, &["concat", "2", "1", "-o", out]);
    assert_eq!(again.status.code(), Some(2));
    assert!(
        errors(&again).contains("was not overwritten"),
        "{}",
        errors(&again)
    );
    assert_eq!(hash(Path::new(out)), before);
    let odd = home.join("odd.mp4");
    let differ = output(home, &["concat", "1", "3", "-o", odd.to_str().unwrap()]);
    assert_eq!(differ.status.code(), Some(2));
    let said = errors(&differ);
    assert!(
        said.contains("is 864x496") && said.contains("is 496x864") && said.contains("ffmpeg -n"),
        "{said}"
    );
    assert!(!odd.exists());
    let missing = output(home, &["concat", "1", "99", "-o", odd.to_str().unwrap()]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(errors(&missing).contains("no take 99"), "{}", errors(&missing));
    for take in [one, two, other] {
        assert!(is_untouched(&take));
    }
}

#[test]
fn a_bundle_is_restored_on_an_empty_home_and_contains_no_key() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    faster(home, "");
    let one = take(home, "night", "7", &["--return-last-frame"]);
    let picture = one["last_frame_file"].as_str().unwrap().to_owned();
    let two = take(home, "night", "8", &["--first-frame", &picture]);
    let tar = home.join("two.tar");
    let tar = tar.to_str().unwrap();
    let bundled = output(home, &["bundle", "1", "2", "-o", tar]);
    assert_eq!(bundled.status.code(), Some(0), "{}", errors(&bundled));
    let bytes = std::fs::read(tar).unwrap();
    let holds = |text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(holds("takes/night-00001-s7-480p-4s.mp4") && holds("takes/night-00001-s7-480p-4s-last.png"));
    assert!(!holds(home.to_str().unwrap()), "no path of this machine");

    let empty = tempfile::tempdir().unwrap();
    let empty = empty.path();
    let form = opened(empty, "main", Path::new(tar));
    assert_eq!(form["imported"], serde_json::json!([1, 2]));
    assert_eq!(form["form"]["prompt"], "A kite.");
    let back = records(empty, &["--reel", "night", "ls", "--json"]);
    assert_eq!(back.len(), 2);
    for (back, made) in back.iter().rev().zip([&one, &two]) {
        for field in ["id", "seed", "request", "sha256", "state", "created_at", "reel"] {
            assert_eq!(back[field], made[field], "{field}");
        }
        assert!(file(back).starts_with(empty) && is_untouched(back));
        assert!(file(back).with_extension("json").exists());
    }
    let picture = Path::new(back[1]["last_frame_file"].as_str().unwrap());
    assert!(picture.starts_with(empty) && picture.exists());
    // The same again changes nothing.
    assert_eq!(
        opened(empty, "main", Path::new(tar))["imported"],
        serde_json::json!([])
    );
    assert_eq!(records(empty, &["--reel", "night", "ls", "--json"]).len(), 2);
    assert!(is_untouched(&one) && is_untouched(&two));
}

#[test]
fn one_of_several_takes_in_a_bundle_is_chosen() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    faster(home, "");
    take(home, "main", "7,8", &[]);
    take(home, "main", "9", &["--aspect", "1:1"]);
    let tar = home.join("three.tar");
    let tar = tar.to_str().unwrap();
    let bundled = output(home, &["bundle", "1", "2", "3", "-o", tar]);
    assert_eq!(bundled.status.code(), Some(0), "{}", errors(&bundled));
    let first = output(home, &["open", tar]);
    assert!(
        errors(&first).contains(
            "The bundle has 3 takes: 1 (seed 7), 2 (seed 8), 3 (seed 9). The request of take 1 is opened; --take N \
             opens another one."
        ),
        "{}",
        errors(&first)
    );
    let third = output(home, &["open", tar, "--take", "3", "--json"]);
    assert_eq!((third.status.code(), &*errors(&third)), (Some(0), ""));
    let third = of_lines(&third).remove(0);
    assert_eq!(
        (&third["form"]["seeds"], &third["form"]["aspect_ratio"]),
        (&"9".into(), &"1:1".into())
    );
    let none = output(home, &["open", tar, "--take", "4"]);
    assert_eq!(none.status.code(), Some(2));
    let said = errors(&none);
    assert!(
        said.contains("the bundle has no take 4: choose one of its takes: 1 (seed 7)"),
        "{said}"
    );
    let video = records(home, &["show", "1", "--json"]).remove(0);
    let none = output(home, &["open", file(&video).to_str().unwrap(), "--take", "1"]);
    assert_eq!(none.status.code(), Some(2));
    assert!(errors(&none).contains("is not a bundle"), "{}", errors(&none));
}

#[test]
fn a_bundle_with_a_path_that_leaves_its_folder_is_refused_whole() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let path = home.join("evil.tar");
    archive(&path, b"takes/../../../escaped.mp4");
    let refused = output(home, &["open", path.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2));
    let said = errors(&refused);
    assert!(
        said.contains("leaves its folder") && said.contains("nothing was taken from it"),
        "{said}"
    );
    assert!(!home.join("data/escaped.mp4").exists() && !home.join("escaped.mp4").exists());
}

//! What goes wrong while seeds are iterated: each message whole, with nothing lost and nothing sent.

use std::fmt::Write as _;
use std::path::Path;

use rushes::model::clock::SystemClock;
use rushes::store::Store;

use crate::commands::{errors, output, records, rushes};
use crate::reels::{faster, take};

/// An archive with one entry, whose path is not checked by the library that writes it.
pub fn archive(to: &Path, name: &[u8]) {
    let mut header = tar::Header::new_gnu();
    header.as_old_mut().name[..name.len()].copy_from_slice(name);
    header.set_size(4);
    header.set_mode(0o644);
    header.set_cksum();
    let mut tar = tar::Builder::new(Vec::new());
    tar.append(&header, &b"evil"[..]).unwrap();
    std::fs::write(to, tar.into_inner().unwrap()).unwrap();
}

/// Two snippets that insert each other, in the reel `main`.
fn snippets_in_a_circle(home: &Path) {
    let clock = std::sync::Arc::new(SystemClock);
    let store = Store::open(&home.join("data/rushes.db"), clock).unwrap();
    let reel = store.reel("main").unwrap();
    store.set_snippet(&reel.id, "coat", "a {{colour}} coat").unwrap();
    store.set_snippet(&reel.id, "colour", "red {{coat}}").unwrap();
}

#[test]
fn each_message_names_the_thing_and_the_next_step() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    faster(home, "");
    take(home, "main", "7,8", &[]);
    take(home, "main", "9", &["--aspect", "9:16"]);
    take(home, "old", "7", &[]);
    snippets_in_a_circle(home);
    assert_eq!(output(home, &["reels", "archive", "old"]).status.code(), Some(0));
    archive(&home.join("evil.tar"), b"takes/../../escaped.mp4");
    std::fs::write(home.join("notes.bin"), [0xff_u8, 0xfe, 0, 1]).unwrap();
    std::fs::write(home.join("notes.txt"), "Remember to call Ada.").unwrap();
    let film = home.join("from a friend.mp4");
    let made = records(home, &["ls", "--json"]);
    copy_with_another_hash(Path::new(made[0]["file"].as_str().unwrap()), &film);
    std::fs::write(
        home.join("curl.txt"),
        "curl -X POST https://api.segmind.com/v2/seedance-2.0 -H 'x-api-key: SG_0123456789abcdef' -d '{\"prompt\": \"A kite.\"}'",
    )
    .unwrap();
    let generate = |prompt: &'static str, option: &'static str, value: &'static str| {
        let first = ["--sandbox", "gen", "-y", "--duration", "4", "--prompt", prompt];
        [&first[..], &[option, value]].concat()
    };
    let cases: Vec<(&str, Vec<&str>)> = vec![
        (
            "a sweep that does not exist",
            generate("A kite.", "--seeds", "sweep 9"),
        ),
        (
            "circles of a sweep without circles",
            generate("A kite.", "--seeds", "circled of sweep 1"),
        ),
        (
            "a sweep over an unknown variable",
            generate("A kite.", "--sweep", "colour=red,blue"),
        ),
        ("snippets in a circle", generate("A {{coat}}.", "--seeds", "7")),
        (
            "an unknown field in a name",
            vec!["reels", "names", "main", "{n}-{colour}"],
        ),
        (
            "takes of different sizes",
            vec!["concat", "1", "3", "-o", "joined.mp4"],
        ),
        (
            "a take that is not there",
            vec!["concat", "1", "99", "-o", "joined.mp4"],
        ),
        ("a chain from a take that is not there", vec!["chain", "99"]),
        ("a file that is not ours", vec!["open", "notes.bin"]),
        ("a text that is not ours", vec!["open", "notes.txt"]),
        ("a video that is not ours", vec!["open", "from a friend.mp4"]),
        ("a bundle that leaves its folder", vec!["open", "evil.tar"]),
        (
            "an archived reel",
            vec!["--reel", "old", "--sandbox", "gen", "-y", "--prompt", "A kite."],
        ),
        ("a curl command with a key", vec!["open", "curl.txt"]),
    ];
    let before = records(home, &["ls", "--all-reels", "--json"]);
    let folder = Path::new(made[0]["file"].as_str().unwrap()).parent().unwrap();
    let folder = folder.file_name().unwrap().to_str().unwrap().to_owned();
    let mut told = String::new();
    for (what, arguments) in cases {
        let ended = rushes(home, &arguments).current_dir(home).output().unwrap();
        let said = errors(&ended)
            .replace(home.to_str().unwrap(), "HOME")
            .replace(&folder, "FOLDER");
        writeln!(told, "# {what}: rushes {}", arguments.join(" ")).unwrap();
        writeln!(told, "exit {}\n{said}", ended.status.code().unwrap()).unwrap();
    }
    insta::assert_snapshot!("what_goes_wrong", told);
    assert!(!told.contains("0123456789abcdef"), "the key is never shown");
    assert_eq!(
        records(home, &["ls", "--all-reels", "--json"]),
        before,
        "nothing was sent or lost"
    );
    assert!(!home.join("joined.mp4").exists() && !home.join("data/escaped.mp4").exists());
}

/// A copy with one byte more, so that no hash in the log is its own.
fn copy_with_another_hash(from: &Path, to: &Path) {
    let mut bytes = std::fs::read(from).unwrap();
    bytes.extend([0, 0, 0, 8, b'f', b'r', b'e', b'e']);
    std::fs::write(to, bytes).unwrap();
}

//! A whole evening by keys in a real terminal, against a sandbox that fails one take, then a restore on an empty home.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::commands::{Server, errors, of_lines, output, records};
use crate::copies::hash;
use crate::terminal::Terminal;

const SCRIPT: &str = "\
A night drive in a red convertible. Cold neon, wet asphalt, film grain.

Shot 1 | 0s-2s
Medium shot, static camera. Two drivers in the parked car, in profile, cold faces.

Shot 2 | 2s-5s
Side tracking shot at the speed of the car. Neon blurs behind them.";

/// The third take fails at the provider.
const THIRD_FAILS: &str = include_str!("../common/third_fails.toml");

const ESC: &str = "\x1b";
const HOME: &str = "\x1b[H";
const ENTER: &str = "\r";

/// Presses each key once the screen shows what the one before led to.
fn keys(terminal: &mut Terminal, steps: &[(&str, &str)]) {
    for (key, seen) in steps {
        terminal.press(key);
        terminal.see(seen);
    }
}

/// Leaves the editor. What follows Escape at once would be taken for an Alt key.
fn leave_editor(terminal: &mut Terminal) {
    terminal.press(ESC);
    terminal.see_that("is not editing", |screen| !screen.contains("EDITING"));
}

fn one_line(takes: &[Value]) -> Vec<String> {
    let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let line = |take: &Value| {
        format!(
            "{} {} {} {} sweep {} {} {}",
            take["id"],
            word(&take["state"]),
            word(&take["verdict"]),
            word(&take["request"]["resolution"]),
            take["sweep"],
            word(&take["lineage"]),
            take["parent"],
        )
    };
    let mut lines: Vec<String> = takes.iter().map(line).collect();
    lines.reverse();
    lines
}

/// The saved videos with their hashes as the log has them.
fn videos(takes: &[Value]) -> BTreeMap<PathBuf, String> {
    let saved = takes.iter().filter(|take| take["file"].is_string());
    saved
        .map(|take| {
            let file = PathBuf::from(take["file"].as_str().unwrap());
            (file, take["sha256"].as_str().unwrap().to_owned())
        })
        .collect()
}

fn all_unchanged(videos: &BTreeMap<PathBuf, String>) {
    for (file, sha256) in videos {
        assert_eq!(hash(file), *sha256, "{}", file.display());
    }
}

#[test]
fn a_whole_evening_by_keys_and_a_restore_on_an_empty_home() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let server = Server::start(home, THIRD_FAILS);
    let mut terminal = Terminal::start(home, 120, 40, &["--api", &server.origin]);
    terminal.see("lighthouse");
    write_and_sweep(&mut terminal);
    judge_and_sweep_again(&mut terminal);
    promote_and_continue(&mut terminal);
    join_and_bundle(&mut terminal, home);
    terminal.press("q");
    assert_eq!(terminal.end().0.exit_code(), 0);

    let takes = records(home, &["ls", "--json"]);
    let failed = takes.iter().find(|take| take["state"] == "failed").unwrap();
    let failed = failed["id"].as_i64().unwrap();
    // The circled two are the newest of the saved ones.
    let saved: Vec<i64> = (1..=6).rev().filter(|id| *id != failed).collect();
    let expected: Vec<String> = (1..=11)
        .map(|id: i64| {
            let state = if id == failed { "failed" } else { "saved" };
            let verdict = match id {
                _ if id == failed => "none",
                8 => "circled",
                1..=6 if saved[..2].contains(&id) => "circled",
                1..=6 => "rejected",
                _ => "none",
            };
            match id {
                1..=6 => format!("{id} {state} {verdict} 480p sweep 1 - null"),
                7 | 8 => format!("{id} {state} {verdict} 480p sweep 2 - null"),
                9 => format!("{id} {state} {verdict} 720p sweep null promoted 8"),
                10 => format!("{id} {state} {verdict} 480p sweep null chained 8"),
                _ => format!("{id} {state} {verdict} 480p sweep null chained 10"),
            }
        })
        .collect();
    assert_eq!(one_line(&takes), expected);
    assert_eq!(
        records(home, &["ls", "--sweeps", "--json"]).len(),
        2,
        "sweeps of the evening"
    );
    let shown = output(home, &["show", "10"]);
    let shown = String::from_utf8(shown.stdout).unwrap();
    assert!(
        shown.contains("8 5 s, 10 5 s (this take), 11 5 s: 15 s in all"),
        "{shown}"
    );
    let videos = videos(&takes);
    all_unchanged(&videos);
    restore(home, &takes);
    all_unchanged(&videos);
}

fn write_and_sweep(terminal: &mut Terminal) {
    keys(terminal, &[("E", "The form is empty"), ("2", "Enter")]);
    keys(
        terminal,
        &[
            ("j", "Duration"),
            ("h", "[8]"),
            ("h", "[6]"),
            ("h", "[5]"),
            ("h", "[4]"),
        ],
    );
    keys(
        terminal,
        &[
            ("i", "CHOOSING"),
            (ESC, "[4]"),
            ("1", "Enter edit"),
            ("i", "EDITING"),
        ],
    );
    terminal.press(&format!("\x1b[200~{SCRIPT}\x1b[201~"));
    terminal.see("Neon blurs");
    leave_editor(terminal);
    terminal.see("F Duration 5 s");
    keys(
        terminal,
        &[
            ("F", "5 s of 5 s"),
            ("s", "Generate 6 takes?"),
            (ENTER, "6 takes are queued"),
        ],
    );
    terminal.see("5 of 6 saved");
    terminal.see("1 failed");
}

/// Waits until the log's row of a take says that it is saved.
fn saved(terminal: &mut Terminal, take: u32) {
    let number = take.to_string();
    let is_row = |line: &str| {
        let words: Vec<&str> = line
            .split([' ', '│', '›'])
            .filter(|word| !word.is_empty())
            .collect();
        let at = words.iter().position(|word| *word == number);
        at.is_some_and(|at| {
            let seed = words.get(at + 1).and_then(|word| word.strip_prefix('s'));
            let is_seed = seed.is_some_and(|digits| digits.parse::<u32>().is_ok());
            is_seed && words.get(at + 4) == Some(&"saved")
        })
    };
    terminal.see_that(&format!("shows that take {take} is saved"), |screen| {
        screen.lines().any(is_row)
    });
}

fn judge_and_sweep_again(terminal: &mut Terminal) {
    keys(terminal, &[("4", "a next"), (HOME, "its takes differ in: seed")]);
    terminal.press("a");
    terminal.see_that("shows a take", |screen| !screen.contains("its takes differ in"));
    // The Monitor is drawn below the sweep's row: with both, the frame is whole.
    keys(terminal, &[("*", "1 circled"), ("", "* circled")]);
    terminal.press("a");
    terminal.see_that("shows another take", |screen| !screen.contains("* circled"));
    keys(
        terminal,
        &[("*", "2 circled"), (HOME, "its takes differ in: seed")],
    );
    keys(
        terminal,
        &[("-", "that are not circled?"), ("y", "3 takes rejected")],
    );
    keys(terminal, &[("1", "Enter edit"), ("i", "EDITING")]);
    terminal.press("\x1b[1;5H");
    terminal.press("\x1b[200~At dusk. \x1b[201~");
    terminal.see("At dusk. A night drive");
    leave_editor(terminal);
    keys(
        terminal,
        &[("S", "Generate 2 takes?"), (ENTER, "2 takes are queued")],
    );
    terminal.see("2 of 2 saved");
    keys(
        terminal,
        &[("4", "a next"), ("a", "take 8  seed"), ("*", "* circled")],
    );
    keys(terminal, &[("v", "1 marked"), ("d", "From take 8 to the form")]);
    terminal.press(ESC);
    terminal.see_that("shows no difference", |screen| !screen.contains("From take 8"));
    terminal.press("V");
    terminal.see_that("shows no mark", |screen| !screen.contains("1 marked"));
}

fn promote_and_continue(terminal: &mut Terminal) {
    keys(
        terminal,
        &[
            ("p", "Promote take 8"),
            (ENTER, "Make a 720p take of take 8"),
            ("y", "Take 9 is queued"),
        ],
    );
    saved(terminal, 9);
    keys(
        terminal,
        &[
            (HOME, "take 9  seed"),
            ("j", "its takes differ"),
            ("j", "take 8  seed"),
        ],
    );
    keys(
        terminal,
        &[("c", "take 8's last frame"), ("g", "Take 10 is queued")],
    );
    saved(terminal, 10);
    keys(
        terminal,
        &[
            (HOME, "take 10  seed"),
            ("c", "take 10's last frame"),
            ("g", "Take 11 is queued"),
        ],
    );
    saved(terminal, 11);
    keys(terminal, &[(HOME, "chain of 3, 15 s")]);
}

fn join_and_bundle(terminal: &mut Terminal, home: &Path) {
    for (key, asks, name, done) in [
        ("+", "Join takes 8, 10, 11", "evening.mp4", "are joined in"),
        ("b", "Bundle takes 8, 10, 11", "evening.tar", "bundled in"),
    ] {
        keys(terminal, &[(key, asks)]);
        // What is there is selected, so that this replaces it.
        let path = home.join(name);
        terminal.press(&format!("\x1b[200~{}\x1b[201~", path.display()));
        terminal.see(name);
        keys(terminal, &[(ENTER, done)]);
        assert!(path.exists());
    }
}

/// Another home knows nothing but the bundle.
fn restore(home: &Path, made: &[Value]) {
    let joined = rushes::media::inspect(&home.join("evening.mp4")).unwrap();
    let chain: Vec<&Value> = [11, 10, 8]
        .into_iter()
        .map(|id| made.iter().find(|take| take["id"] == id).unwrap())
        .collect();
    let frames = chain.iter().map(|take| {
        let file = Path::new(take["file"].as_str().unwrap());
        rushes::media::inspect(file).unwrap().frames
    });
    assert_eq!(joined.frames, frames.sum::<u32>());
    let copy = home.join("copy.mp4");
    let embedded = output(home, &["embed", "8", "-o", copy.to_str().unwrap()]);
    assert_eq!(embedded.status.code(), Some(0), "{}", errors(&embedded));

    let empty = tempfile::tempdir().unwrap();
    let empty = empty.path();
    let bundle = home.join("evening.tar");
    let opened = output(empty, &["open", bundle.to_str().unwrap(), "--json"]);
    assert_eq!(opened.status.code(), Some(0), "{}", errors(&opened));
    let opened = of_lines(&opened).remove(0);
    assert_eq!(opened["imported"], serde_json::json!([8, 10, 11]));
    let back = records(empty, &["ls", "--json"]);
    assert_eq!(back.len(), 3);
    for (back, made) in back.iter().zip(chain) {
        for field in [
            "id",
            "seed",
            "request",
            "sha256",
            "state",
            "lineage",
            "parent",
            "created_at",
        ] {
            assert_eq!(back[field], made[field], "{field}");
        }
    }
    all_unchanged(&videos(&back));
    let again = output(empty, &["open", copy.to_str().unwrap(), "--json"]);
    let again = of_lines(&again).remove(0);
    assert!(again["found"].as_str().unwrap().contains("metadata"), "{again}");
    assert_eq!(again["form"]["prompt"], opened["form"]["prompt"]);
}

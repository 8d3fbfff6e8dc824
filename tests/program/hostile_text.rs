//! Text from prompts, names and responses that tries to steer the terminal, leave its folder, or fill the memory.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use rushes::model::SystemClock;
use rushes::store::Store;

use crate::commands::{of_lines, output, rushes};
use crate::observed_run::{self, all_below};
use crate::terminal::Terminal;
use crate::test_provider::{JSON, Manner, Provider, say};

/// Colours, a clipboard write, a title, an 8-bit CSI, bidi overrides, a bell, a carriage return, deletes.
const WILD: &str =
    "a\x1b[31mb\x1b]52;c;eA==\x07c\x1b]0;t\x1b\\d\u{9b}2Je\u{202e}f\u{2066}g\rh\x08\x7fi../../j";

/// Nothing that a terminal obeys: no control but line breaks and tabs, no override.
fn assert_tame(bytes: &[u8], what: &str) {
    let text = std::str::from_utf8(bytes).unwrap();
    let wild = text.chars().find(|c| {
        (c.is_control() && !matches!(c, '\n' | '\t'))
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    });
    assert_eq!(wild, None, "{what}: {text:?}");
}

/// Runs to its end, or so long; output and the most memory that it had, in KiB.
fn run(command: Command, most: Duration) -> (Vec<u8>, Vec<u8>, u64) {
    let mut peak = 0;
    let ended = observed_run::run(command, most, |pid| {
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        let high = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let high = high.and_then(|rest| rest.trim().trim_end_matches(" kB").parse().ok());
        peak = peak.max(high.unwrap_or(0));
    });
    (ended.stdout, ended.stderr, peak)
}

/// A command with a key, for which the stand-in is the provider.
fn live(home: &Path, origin: &str, words: &[&str]) -> Command {
    let mut command = rushes(home, &["--live", "--api", origin]);
    command.args(words).env("SEGMIND_API_KEY", "SG_0123456789abcdef");
    command
}

fn generate(home: &Path, origin: &str, reel: &str, prompt: &Path) -> Command {
    let prompt = format!("@{}", prompt.display());
    let mut command = live(
        home,
        origin,
        &["--reel", reel, "gen", "--yes", "--prompt", &prompt],
    );
    command.args(["--duration", "4", "--seeds", "1"]);
    command
}

/// A generation made elsewhere under such a name, that was billed and came to nothing.
const NAME: &str = "..%2f\u{202e}\u{feff}/../../x";

/// The provider's ledger, wild wherever it can be.
const LEDGER: Manner = |request, stream| {
    let row = serde_json::json!({"request_id": NAME, "model_name": "seedance-2.0", "model_status": "FAILED",
        "error": WILD, "credits_deduction": 0.3, "request_body": {"prompt": WILD}, "model_created": "2026-01-01"});
    let body = match request {
        _ if request.starts_with("POST") => serde_json::json!({"request_id": "abc", "status": "QUEUED"}),
        _ if !request.contains("/request-history?") => {
            serde_json::json!({"status": "FAILED", "error": WILD})
        }
        _ if request.contains("?page=1&") => serde_json::json!({ "data": [row] }),
        _ => serde_json::json!({"data": []}),
    };
    say(stream, "200 OK", JSON, &body.to_string());
};

/// A shot's title.
const TITLE: &str = "The d\u{9b}ive\u{202e} of\u{feff} it";

/// A script whose second shot has that title, in a file of such a name; it is too long for a take of 4 s.
fn wild_script(folder: &Path) -> String {
    let path = folder.join("s\x1b[31m\u{9b}\u{202e}.txt");
    let text = format!("Shot 1 | 0s–3s | A kite\nWide.\nShot 2 | 3s–9s | {TITLE}\nHandheld.\n");
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

/// Every file below.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = all_below(folder);
    found.retain(|path| !path.is_dir());
    found
}

/// What commands print and complain about.
fn assert_commands_are_tame(home: &Path, origin: &str, reel: &str) {
    // Its name is the user's own: it lies elsewhere.
    let scripts = tempfile::tempdir().unwrap();
    let script = wild_script(scripts.path());
    let by_name = format!("@{script}");
    let gone = format!("@{script}-gone");
    for words in [
        vec!["lint", &script],
        vec!["lint", "--json", &script],
        vec!["gen", "--prompt", &by_name, "--duration", "4", "--dry-run"],
        vec!["gen", "--prompt", &by_name, "--duration", "4"],
        vec!["gen", "--prompt", &gone],
        vec!["reconcile"],
        vec!["reconcile", "--json"],
        vec!["reconcile", "--import", NAME],
        vec!["reconcile", "--import", NAME],
        vec!["reconcile", "--import", "none\u{202e}\u{9b}31m"],
        vec!["ls", "--no-such\u{202e}\u{9b}31m"],
        vec!["ls"],
        vec!["ls", "--json"],
        vec!["ls", "nothing:\u{9b}31m"],
        vec!["ls", "--all-reels"],
        vec!["show", "1"],
        vec!["show", "1", "--json"],
        vec!["gen", "--prompt", "k", "--first-frame", "../\x1b[31m\u{202e}.png"],
    ] {
        let mut all = vec!["--reel", reel];
        all.extend(&words);
        let ended = live(home, origin, &all).output().unwrap();
        assert_tame(&ended.stdout, &format!("{words:?}"));
        assert_tame(&ended.stderr, &format!("{words:?}, errors"));
    }
}

/// What the workbench draws.
fn assert_the_workbench_is_tame(home: &Path, reel: &str) {
    let mut terminal = Terminal::start(home, 140, 45, &["--reel", reel]);
    terminal.see("Problems found at the start");
    terminal.press("\x1b");
    terminal.see_that("shows the log again", |shown| !shown.contains("Problems found"));
    // The log's row of it.
    terminal.see(" 1  s1 ");
    terminal.press("4o");
    terminal.see("Request");
    terminal.press("q");
    let text = String::from_utf8_lossy(&terminal.all).into_owned();
    for smuggled in [
        "\x1b]52;c;eA==",
        "\x1b]0;t",
        "\u{9b}",
        "\u{202e}",
        "\u{2066}",
        "\x1b[31mb",
    ] {
        assert!(!text.contains(smuggled), "{smuggled:?}");
    }
    terminal.press("q");
    terminal.end();
}

#[test]
fn nothing_from_outside_steers_the_terminal_or_leaves_the_reels_folder() {
    let responses: [Manner; 4] = [
        LEDGER,
        |_, stream| {
            let body = serde_json::json!({"error": WILD}).to_string();
            say(stream, "400 Bad Request", JSON, &body);
        },
        // Accepted under such an id, failed with such a message.
        |request, stream| {
            let body = if request.starts_with("POST") {
                serde_json::json!({"request_id": "..%2f\u{202e}/../../x", "status": "QUEUED"})
            } else {
                serde_json::json!({"status": "FAILED", "error": WILD, "error_message": WILD})
            };
            say(stream, "200 OK", JSON, &body.to_string());
        },
        // A video at an invalid URL, or a file of this machine.
        |request, stream| {
            let body = if request.starts_with("POST") {
                serde_json::json!({"request_id": "abc", "status": "QUEUED"})
            } else {
                serde_json::json!({"status": "COMPLETED", "output": {"video": "file:///etc/../etc/passwd"},
                    "video_url": format!("file:///etc/passwd?{WILD}")})
            };
            say(stream, "200 OK", JSON, &body.to_string());
        },
    ];
    let runs = responses.map(|response| {
        std::thread::spawn(move || {
            let outer = tempfile::tempdir().unwrap();
            let home = outer.path().join("a/b/home");
            std::fs::create_dir_all(&home).unwrap();
            let prompt = home.join("prompt.txt");
            std::fs::write(&prompt, format!("A kite. {WILD}\0 \u{feff}end")).unwrap();
            let origin = Provider::start(response).origin;
            // Earlier releases made reels of any name.
            let reel = format!("../../{}", WILD.replace('\0', ""));
            let data = home.join("data");
            std::fs::create_dir_all(&data).unwrap();
            let store = Store::open(&data.join("rushes.db"), Arc::new(SystemClock)).unwrap();
            store.reel(&reel).unwrap();
            drop(store);
            let (out, err, _) = run(generate(&home, &origin, &reel, &prompt), Duration::from_secs(8));
            assert_tame(&out, "gen");
            assert_tame(&err, "gen, errors");
            let settings = home.join("config/config.toml");
            std::fs::write(settings, "\"un\u{202e}known\u{9b}31m\" = 1\n").unwrap();
            assert_commands_are_tame(&home, &origin, &reel);
            // A prompt is cleaned before it is sent, and the JSON gives back every character that was sent.
            let shown = output(&home, &["show", "1", "--json"]).stdout;
            let shown: serde_json::Value = serde_json::from_slice(&shown).unwrap();
            assert_eq!(
                shown["request"]["prompt"],
                "A kite. a[31mb]52;c;eA==c]0;t\\d2Jefg\nhi../../j end"
            );

            assert_the_workbench_is_tame(&home, &reel);
            for file in files(outer.path()) {
                assert!(file.starts_with(&home), "{} is outside", file.display());
                let name = file.file_name().unwrap().to_str().unwrap();
                assert_tame(name.as_bytes(), "a file's name");
                if file.extension().is_some_and(|ending| ending == "json") {
                    assert_tame(&std::fs::read(&file).unwrap(), "a sidecar");
                }
                assert!(!name.contains("passwd"));
            }
        })
    });
    for run in runs {
        run.join().unwrap();
    }
}

#[test]
fn json_gives_back_every_character_of_titles_names_and_prompts() {
    let home = tempfile::tempdir().unwrap();
    let script = wild_script(home.path());
    let ended = output(home.path(), &["lint", "--json", &script]);
    assert_tame(&ended.stdout, "lint");
    assert_eq!(of_lines(&ended)[0]["shots"][1]["title"], TITLE);
    let origin = Provider::start(LEDGER).origin;
    let told = |more: &[&str]| {
        let words = [&["reconcile", "--json"], more].concat();
        let ended = live(home.path(), &origin, &words).output().unwrap();
        assert_tame(&ended.stdout, "reconcile");
        of_lines(&ended)
    };
    let elsewhere = told(&[]).remove(0);
    assert_eq!(
        (&elsewhere["kind"], &elsewhere["request_id"]),
        (&"elsewhere".into(), &NAME.into())
    );
    let told = told(&["--import", NAME]);
    let imported = told.iter().find(|line| line["kind"] == "adopted").unwrap();
    assert_eq!(imported["request_id"], NAME);
    let shown = output(home.path(), &["show", "1", "--json"]);
    assert_tame(&shown.stdout, "show");
    assert_eq!(of_lines(&shown)[0]["request"]["prompt"], WILD);
}

#[test]
fn responses_of_any_size_and_depth_are_bounded() {
    let responses: [Manner; 3] = [
        |_, stream| {
            let body = format!("{{\"error\":\"{}\"}}", "x".repeat(10 << 20));
            say(stream, "400 Bad Request", JSON, &body);
        },
        |_, stream| {
            let body = "[".repeat(100_000) + &"]".repeat(100_000);
            say(stream, "200 OK", JSON, &body);
        },
        // Never ends.
        |_, stream| {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{\"a\":\"");
            while stream.write_all(&[b'y'; 8192]).is_ok() {}
        },
    ];
    let runs = responses.map(|response| {
        std::thread::spawn(move || {
            let home = tempfile::tempdir().unwrap();
            let prompt = home.path().join("prompt.txt");
            std::fs::write(&prompt, "A kite.").unwrap();
            let origin = Provider::start(response).origin;
            let (_, err, peak) = run(
                generate(home.path(), &origin, "main", &prompt),
                Duration::from_secs(6),
            );
            assert!(err.len() < 64 * 1024, "{} bytes of errors", err.len());
            // The program itself has about 40 MiB; a response adds no more than a few times its limit of 4 MiB.
            assert!((1..150 * 1024).contains(&peak), "{peak} KiB");
            let shown = output(home.path(), &["show", "1", "--json"]).stdout;
            assert!(shown.len() < 2 << 20, "{} bytes kept", shown.len());
            let stored: u64 = files(home.path())
                .iter()
                .map(|file| file.metadata().unwrap().len())
                .sum();
            assert!(stored < 16 << 20, "{stored} bytes stored");
        })
    });
    for run in runs {
        run.join().unwrap();
    }
}

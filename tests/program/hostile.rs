//! Text from prompts, names and answers that tries to steer the terminal, leave its folder, or fill the memory.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::commands::{output, rushes};
use crate::terminal::Terminal;
use crate::watched::{self, all_below};

/// Colours, a clipboard write, a title, an 8-bit CSI, bidi overrides, a bell, a carriage return, deletes.
const WILD: &str =
    "a\x1b[31mb\x1b]52;c;eA==\x07c\x1b]0;t\x1b\\d\u{9b}2Je\u{202e}f\u{2066}g\rh\x08\x7fi../../j";

/// Says what `answer` makes of the request's first line, as often as it is asked.
fn serve(answer: fn(&str, &mut TcpStream)) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            std::thread::spawn(move || {
                let mut head = vec![0; 65536];
                let n = stream.read(&mut head).unwrap_or(0);
                let first = String::from_utf8_lossy(&head[..n])
                    .lines()
                    .next()
                    .unwrap_or("")
                    .to_owned();
                answer(&first, &mut stream);
                // Whatever else was sent is read, so that the end of the answer is not lost to a reset.
                let _ = stream.shutdown(std::net::Shutdown::Write);
                let _ = std::io::copy(&mut stream, &mut std::io::sink());
            });
        }
    });
    origin
}

fn say(stream: &mut TcpStream, status: &str, body: &str) {
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all(head.as_bytes());
    let _ = stream.write_all(body.as_bytes());
}

/// Nothing that a terminal obeys: no control but line breaks and tabs, no override.
fn assert_tame(bytes: &[u8], what: &str) {
    let text = std::str::from_utf8(bytes).unwrap();
    let wild = text.chars().find(|c| {
        (c.is_control() && !matches!(c, '\n' | '\t'))
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    });
    assert_eq!(wild, None, "{what}: {text:?}");
}

/// Runs to its end, or so long; output and the most memory that it had, in KiB.
fn run(command: Command, most: Duration) -> (Vec<u8>, Vec<u8>, u64) {
    let mut peak = 0;
    let ended = watched::run(command, most, |pid| {
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        let high = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let high = high.and_then(|rest| rest.trim().trim_end_matches(" kB").parse().ok());
        peak = peak.max(high.unwrap_or(0));
    });
    (ended.stdout, ended.stderr, peak)
}

fn generate(home: &Path, origin: &str, reel: &str, prompt: &Path) -> Command {
    let prompt = format!("@{}", prompt.display());
    let mut command = rushes(
        home,
        &[
            "--reel",
            reel,
            "gen",
            "--live",
            "--yes",
            "--api",
            origin,
            "--prompt",
            &prompt,
            "--duration",
            "4",
            "--seeds",
            "1",
        ],
    );
    command.env("SEGMIND_API_KEY", "SG_0123456789abcdef");
    command
}

/// Every file below.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = all_below(folder);
    found.retain(|path| !path.is_dir());
    found
}

#[test]
fn nothing_from_outside_steers_the_terminal_or_leaves_the_reels_folder() {
    let answers: [fn(&str, &mut TcpStream); 3] = [
        |_, stream| {
            say(
                stream,
                "400 Bad Request",
                &serde_json::json!({"error": WILD}).to_string(),
            );
        },
        // Accepted under such an id, failed with such a message.
        |first, stream| {
            let body = if first.starts_with("POST") {
                serde_json::json!({"request_id": "..%2f\u{202e}/../../x", "status": "QUEUED"})
            } else {
                serde_json::json!({"status": "FAILED", "error": WILD, "error_message": WILD})
            };
            say(stream, "200 OK", &body.to_string());
        },
        // A film at an address that is none, or a file of this machine.
        |first, stream| {
            let body = if first.starts_with("POST") {
                serde_json::json!({"request_id": "abc", "status": "QUEUED"})
            } else {
                serde_json::json!({"status": "COMPLETED", "output": {"video": "file:///etc/../etc/passwd"},
                    "video_url": format!("file:///etc/passwd?{WILD}")})
            };
            say(stream, "200 OK", &body.to_string());
        },
    ];
    let runs = answers.map(|answer| {
        std::thread::spawn(move || {
            let outer = tempfile::tempdir().unwrap();
            let home = outer.path().join("a/b/home");
            std::fs::create_dir_all(&home).unwrap();
            let prompt = home.join("prompt.txt");
            std::fs::write(&prompt, format!("A kite. {WILD}\0 \u{feff}end")).unwrap();
            let origin = serve(answer);
            let reel = format!("../../{}", WILD.replace('\0', ""));
            let (out, err, _) = run(generate(&home, &origin, &reel, &prompt), Duration::from_secs(8));
            assert_tame(&out, "gen");
            assert_tame(&err, "gen, errors");
            for words in [
                vec!["ls"],
                vec!["ls", "--json"],
                vec!["ls", "nothing:\u{9b}31m"],
                vec!["ls", "--all-reels"],
                vec!["show", "1"],
                vec!["show", "1", "--json"],
                vec!["gen", "--prompt", "k", "--first-frame", "../\x1b[31m\u{202e}.png"],
            ] {
                let mut all = vec!["--reel", reel.as_str()];
                all.extend(&words);
                let ended = output(&home, &all);
                assert_tame(&ended.stdout, &format!("{words:?}"));
                assert_tame(&ended.stderr, &format!("{words:?}, errors"));
            }
            // Of the whole prompt the JSON gives back every character that was sent.
            let shown = output(&home, &["show", "1", "--json"]).stdout;
            let shown: serde_json::Value = serde_json::from_slice(&shown).unwrap();
            assert!(
                shown["request"]["prompt"]
                    .as_str()
                    .unwrap()
                    .contains("\u{202e}f\u{2066}g")
            );

            let mut terminal = Terminal::start(&home, 140, 45, &["--reel", &reel]);
            // The log's row of it.
            terminal.see("  1  s1 ");
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
fn answers_of_any_size_and_depth_are_bounded() {
    let answers: [fn(&str, &mut TcpStream); 3] = [
        |_, stream| {
            let body = format!("{{\"error\":\"{}\"}}", "x".repeat(10 << 20));
            say(stream, "400 Bad Request", &body);
        },
        |_, stream| {
            let body = "[".repeat(100_000) + &"]".repeat(100_000);
            say(stream, "200 OK", &body);
        },
        // Never ends.
        |_, stream| {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{\"a\":\"");
            while stream.write_all(&[b'y'; 8192]).is_ok() {}
        },
    ];
    let runs = answers.map(|answer| {
        std::thread::spawn(move || {
            let home = tempfile::tempdir().unwrap();
            let prompt = home.path().join("prompt.txt");
            std::fs::write(&prompt, "A kite.").unwrap();
            let origin = serve(answer);
            let (_, err, peak) = run(
                generate(home.path(), &origin, "main", &prompt),
                Duration::from_secs(6),
            );
            assert!(err.len() < 64 * 1024, "{} bytes of errors", err.len());
            // The program itself has about 40 MiB; an answer adds no more than a few times its limit of 4 MiB.
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

//! Playing in a real terminal: keys are answered meanwhile, and the bytes stay within the budget.

use portable_pty::CommandBuilder;

use crate::commands::{errors, output};
use crate::terminal::Terminal;

const CLIP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clips/cut.mp4");
const SHORT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clips/part2.mp4");

/// How often a frame of several rows was sent.
fn frames(bytes: &[u8]) -> usize {
    let begin = b"\x1b[?2026h";
    bytes
        .windows(begin.len())
        .filter(|window| window == begin)
        .count()
}

#[test]
fn a_take_is_played_within_the_budget_while_keys_are_answered() {
    const BYTES_PER_SECOND: usize = 10_000;
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(home.path().join("config")).unwrap();
    let settings = format!(
        "sandbox_speed = 20\ncolor = \"truecolor\"\n[pictures]\nmode = \"quadrant\"\nbytes_per_second = {BYTES_PER_SECOND}\n"
    );
    std::fs::write(home.path().join("config/config.toml"), settings).unwrap();
    let mut terminal = Terminal::start(home.path(), 140, 45, &[]);
    terminal.see("g generate");
    terminal.press("g");
    terminal.see("864×496");
    terminal.press("5");
    terminal.see("Space play");
    terminal.press("z");
    terminal.see_that("shows the Monitor alone", |screen| {
        !screen.contains("4 Log") && screen.contains("shot 1 of 5") && !screen.contains("reading the video")
    });
    let start = terminal.all.len();
    terminal.press(" ");
    terminal.see("▶ shot 1 of 5");
    let plays = |screen: &str| screen.contains('▶');
    terminal.press("{");
    terminal.see_that("plays at half speed", |screen| {
        plays(screen) && screen.contains("½×")
    });
    terminal.press("*");
    terminal.see_that("plays and has the verdict", |screen| {
        plays(screen) && screen.contains("* circled")
    });
    terminal.press("}");
    terminal.see_that("plays at normal speed", |screen| {
        plays(screen) && !screen.contains("½×")
    });
    terminal.see("▶ shot 3 of 5");
    terminal.press(" ");
    terminal.see_that("has stopped", |screen| !plays(screen));
    let sent = &terminal.all[start..];
    let frames = frames(sent);
    // Six seconds of the video at most, half of them at half speed: nine seconds. Half a second's bytes may be saved up at each
    // of three starts, and the still at the end may be among what was read.
    let most = BYTES_PER_SECOND * 9 + 3 * BYTES_PER_SECOND / 2 + 60_000;
    assert!(sent.len() < most, "{} bytes in {frames} frames", sent.len());
    assert!(frames >= 5, "{frames} frames");
    terminal.press("q");
    assert_eq!(terminal.end().0.exit_code(), 0);
}

fn play(home: &std::path::Path, arguments: &[&str]) -> Terminal {
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_rushes"));
    command.env_clear();
    command.args([&["play"], arguments].concat());
    Terminal::run(command, home, 80, 24)
}

#[test]
fn play_plays_in_place_answers_keys_and_gives_the_terminal_back() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = play(
        home.path(),
        &[CLIP, "--size", "40x10", "--loop", "--speed", "1/2"],
    );
    terminal.see("loop 0:00.");
    assert!(terminal.is_raw());
    terminal.press("}}");
    terminal.see("2x");
    terminal.press(" ");
    terminal.see("stop");
    let at = |screen: &str| screen.split_once("stop ").map(|(_, rest)| rest[..6].to_owned());
    let before = at(&terminal.see("stop ")).unwrap();
    terminal.press(".");
    terminal.see_that("shows another picture", |screen| {
        at(screen).is_some_and(|at| at != before)
    });
    terminal.press("q");
    let (status, bytes) = terminal.end();
    assert_eq!(status.exit_code(), 0);
    assert!(bytes.ends_with(b"\x1b[?25h\r\n") || bytes.ends_with(b"\x1b[?25h\r\r\n"));
    assert!(
        !bytes.windows(8).any(|window| window == b"\x1b[?1049h"),
        "no other screen"
    );
}

#[test]
fn play_ends_with_the_video_and_at_an_interrupt() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = play(home.path(), &[SHORT, "--speed", "2"]);
    terminal.see("play 0:0");
    let (status, bytes) = terminal.end();
    assert_eq!(status.exit_code(), 0);
    // The last picture stays, and one line below it says what was played.
    let said = String::from_utf8_lossy(&bytes).into_owned();
    let said = said.rsplit("\u{1b}[K").nth(1).unwrap_or_default().to_owned();
    assert!(
        said.contains("part2.mp4") && said.contains("frames shown"),
        "{said:?}"
    );
    let mut terminal = play(home.path(), &[CLIP]);
    terminal.see("play 0:0");
    terminal.press("\x03");
    assert_eq!(terminal.end().0.exit_code(), 130);
}

#[test]
fn play_says_what_it_cannot_play() {
    let home = tempfile::tempdir().unwrap();
    let done = output(home.path(), &["play", CLIP]);
    assert_eq!(done.status.code(), Some(2));
    assert!(errors(&done).contains("`rushes still`"), "{}", errors(&done));
    for (file, why) in [
        ("tests/clips/gone.mp4", "is not there"),
        ("tests/clips/sound-only.mp4", "no picture track"),
        ("tests/clips/three.ogg", "is not an MP4 video"),
        ("7", "take 7"),
    ] {
        let folder = env!("CARGO_MANIFEST_DIR");
        let file = if file == "7" {
            file.to_owned()
        } else {
            format!("{folder}/{file}")
        };
        let mut terminal = play(home.path(), &[&file]);
        terminal.see(why);
        assert_ne!(terminal.end().0.exit_code(), 0, "{file}");
    }
}

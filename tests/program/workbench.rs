//! The workbench in a real terminal against the embedded sandbox.

use std::path::Path;

use rustix::process::Signal;

use crate::commands::{Server, records};
use crate::terminal::Terminal;

/// A home whose sandbox renders quickly.
fn home() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(home.path().join("config")).unwrap();
    std::fs::write(home.path().join("config/config.toml"), "sandbox_speed = 20\n").unwrap();
    home
}

fn wide(home: &Path) -> Terminal {
    Terminal::start(home, 140, 45, &[])
}

fn has(bytes: &[u8], sequence: &str) -> bool {
    bytes
        .windows(sequence.len())
        .any(|window| window == sequence.as_bytes())
}

#[test]
fn a_first_take_is_made_with_one_key_and_everything_is_there_at_the_next_start() {
    let home = home();
    let mut terminal = Terminal::start(home.path(), 80, 24, &[]);
    let first = terminal.see("g generate");
    assert!(first.contains("Shot 1"), "{first}");
    assert!(terminal.is_raw());
    terminal.press("g");
    terminal.see_that("shows a saved take", |screen| screen.contains("saved"));
    terminal.resize(140, 45);
    let shown = terminal.see("5 Monitor");
    assert!(
        shown.contains("2 Parameters") && shown.contains("4 Log"),
        "{shown}"
    );
    terminal.see_that("shows the video's facts", |screen| {
        screen.contains("864×496") && screen.contains("h264")
    });
    terminal.press("q");
    let (status, bytes) = terminal.end();
    assert_eq!(status.exit_code(), 0);
    for restored in ["\x1b[?1049l", "\x1b[?2004l", "\x1b[?25h"] {
        assert!(has(&bytes, restored), "{restored:?} was not written");
    }
    let takes = records(home.path(), &["ls", "--json"]);
    assert_eq!(takes.len(), 1);
    assert_eq!(takes[0]["state"], "saved");
    assert!(Path::new(takes[0]["file"].as_str().unwrap()).is_file());

    let mut again = wide(home.path());
    let shown = again.see("864×496");
    assert!(
        shown.contains("A lighthouse") && shown.contains("saved"),
        "{shown}"
    );
    again.press("q");
    assert_eq!(again.end().0.exit_code(), 0);
}

#[test]
fn typed_text_is_kept_and_a_paste_only_adds_text() {
    let home = home();
    let mut terminal = wide(home.path());
    terminal.see("g generate");
    terminal.press("\r");
    terminal.press("\x1b[200~g q\r\nx\x07y\x1b[201~");
    terminal.see("g q");
    terminal.press("Zebra ");
    terminal.see("Zebra");
    // Arrives as one: a terminal's Alt-q.
    terminal.press("\x1bq");
    assert_eq!(terminal.end().0.exit_code(), 0);
    let mut again = wide(home.path());
    again.see("Zebra");
    again.see("0 takes");
    again.press("q");
    assert_eq!(again.end().0.exit_code(), 0);
}

#[test]
fn signals_give_the_terminal_back() {
    for signal in [Signal::HUP, Signal::TERM, Signal::INT, Signal::QUIT] {
        let home = home();
        let mut terminal = wide(home.path());
        terminal.see("g generate");
        terminal.signal(signal);
        let (status, bytes) = terminal.end();
        assert_ne!(status.exit_code(), 0, "{signal:?}");
        assert!(has(&bytes, "\x1b[?1049l"), "{signal:?}");
    }
}

#[test]
fn a_terminal_that_is_too_small_says_so_and_recovers() {
    let home = home();
    let mut terminal = Terminal::start(home.path(), 20, 5, &[]);
    terminal.see("small");
    terminal.resize(80, 24);
    terminal.see("g generate");
    terminal.press("q");
    assert_eq!(terminal.end().0.exit_code(), 0);
}

#[test]
fn the_text_of_a_server_is_shown_as_the_reason_and_never_as_what_to_do() {
    let home = home();
    let server = Server::start(
        home.path(),
        "[[fault]]\npath = \"/inference-request/**\"\nstatus = 500\nbody = '{\"error\":\"boom: the moon is full\"}'\n",
    );
    let mut terminal = Terminal::start(home.path(), 140, 45, &["--api", &server.origin]);
    terminal.see("g generate");
    terminal.press("B");
    // The page wraps the reason before "moon".
    let shown = terminal.see("moon is full");
    let now = shown.lines().find(|line| line.contains("Now:"));
    assert!(
        now.is_some_and(|line| !line.contains("moon")) && shown.contains("500 Internal Server Error: boom"),
        "{shown}"
    );
    terminal.press("\x1b");
    terminal.press("q");
    assert_eq!(terminal.end().0.exit_code(), 0);
}

/// Not every terminal and multiplexer marks a paste as one.
#[test]
fn an_unmarked_paste_runs_no_command_and_is_text_in_the_editor() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), 120, 40, &[]);
    terminal.see("g generate");
    for _ in 0..5 {
        terminal.press("hello gay world, quit");
        terminal.see("The pasted text was ignored, because keys are commands here");
        terminal.press("?");
        terminal.see("Esc back");
        terminal.press("\x1b");
        terminal.see("Enter edit");
    }
    terminal.press("E");
    terminal.see("The form is empty");
    terminal.press("i");
    terminal.see("EDITING");
    terminal.press("A kite over a bay.\rIt is green.\r");
    terminal.see("It is green.");
    terminal.press("\x1b");
    terminal.see("Enter edit");
    // All of it was one step.
    terminal.press("U");
    terminal.see_that("is without the paste", |screen| !screen.contains("kite"));
    terminal.press("q");
    assert_eq!(terminal.end().0.exit_code(), 0);
    assert_eq!(records(home.path(), &["ls", "--json"]).len(), 0);
}

#[test]
fn a_key_that_arrives_with_the_one_that_asks_is_no_answer() {
    let home = home();
    let mut terminal = wide(home.path());
    terminal.see("g generate");
    terminal.press("g");
    terminal.see("864×496");
    for _ in 0..5 {
        terminal.press("4");
        terminal.see("r run again");
        terminal.press("Ry");
        terminal.see("Run take 1 again with seed");
        terminal.press("?");
        terminal.see("Esc back");
        terminal.press("\x1b\x1b");
        terminal.see_that("has no question", |screen| !screen.contains("Run take 1 again"));
    }
    terminal.press("q");
    assert_eq!(terminal.end().0.exit_code(), 0);
    assert_eq!(records(home.path(), &["ls", "--json"]).len(), 1);
}

/// One of the two was left behind until the next key when the input's reader woke up for both.
#[test]
fn a_key_and_a_new_size_that_come_at_once_are_both_seen() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), 120, 40, &[]);
    terminal.see("g generate");
    for round in 0..200 {
        let is_narrow = round % 2 == 0;
        let (columns, rows) = if is_narrow { (80, 24) } else { (120, 40) };
        let (open, sign) = if round % 4 < 2 {
            ("?", "Esc back")
        } else {
            ("\x1b", "Enter edit")
        };
        terminal.press(open);
        terminal.resize(columns, rows);
        terminal.see_that(&format!("has its size and {sign:?} in round {round}"), |screen| {
            let last = screen.trim_end().lines().count();
            screen.contains(sign) && last == usize::from(rows)
        });
    }
    terminal.press("q");
    assert_eq!(terminal.end().0.exit_code(), 0);
}

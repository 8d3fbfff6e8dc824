//! Pictures of pixels in a real terminal: sent where it has them, and none is left behind when it is given back.

use std::collections::BTreeSet;
use std::path::Path;

use crate::terminal::Terminal;

const PLACEHOLDER: char = '\u{10EEEE}';
const LEFT_SCREEN: &str = "\x1b[?1049l";

/// Starts the workbench in a terminal with these variables, and has a take made.
fn with_a_take(home: &Path, environment: &[(&str, &str)]) -> Terminal {
    std::fs::create_dir_all(home.join("config")).unwrap();
    std::fs::write(home.join("config/config.toml"), "sandbox_speed = 30\n").unwrap();
    let mut terminal = Terminal::start_in(home, (140, 45), environment);
    terminal.see("g generate");
    terminal.press("g");
    terminal.see("864×496");
    terminal
}

/// The pictures that a terminal has after these bytes, and how many it was sent.
fn kept(bytes: &str) -> (BTreeSet<&str>, usize) {
    let (mut kept, mut sent) = (BTreeSet::new(), 0);
    for command in bytes.split("\x1b_G").skip(1) {
        let control = command.split([';', '\x1b']).next().unwrap();
        let id = control.split(',').find_map(|pair| pair.strip_prefix("i="));
        if control.contains("a=T") {
            sent += 1;
            kept.insert(id.unwrap());
        } else if control.contains("a=d") {
            kept.remove(id.unwrap());
        }
    }
    (kept, sent)
}

#[test]
fn kitty_gets_the_still_and_forgets_it_before_the_terminal_is_given_back() {
    for ending in ["q", "a signal"] {
        let home = tempfile::tempdir().unwrap();
        let kitty = [
            ("TERM", "xterm-kitty"),
            ("KITTY_WINDOW_ID", "1"),
            ("EDITOR", "/bin/true"),
        ];
        let mut terminal = with_a_take(home.path(), &kitty);
        terminal.see_that("has a picture", |screen| screen.contains(PLACEHOLDER));
        // The editor gets a terminal without pictures, and the workbench sends its own again.
        terminal.press("e");
        terminal.see("ended at once");
        terminal.see_that("has a picture", |screen| screen.contains(PLACEHOLDER));
        match ending {
            "q" => terminal.press("q"),
            _ => terminal.signal(rustix::process::Signal::TERM),
        }
        let (_, bytes) = terminal.end();
        let text = String::from_utf8_lossy(&bytes);
        let visits: Vec<&str> = text.split(LEFT_SCREEN).collect();
        assert_eq!(visits.len(), 3, "{ending}");
        for visit in &visits[..2] {
            let (kept, sent) = kept(visit);
            assert!(
                sent > 0 && kept.is_empty(),
                "{ending}: {sent} were sent, {kept:?} are left"
            );
        }
        assert_eq!(
            kept(visits[2]).1,
            0,
            "{ending}: nothing is sent to the shell's screen"
        );
    }
}

#[test]
fn where_pixels_may_not_arrive_pictures_are_drawn_in_cells() {
    for (name, value) in [
        ("TMUX", "/tmp/none,1,0"),
        ("SSH_CONNECTION", "10.0.0.1 5 10.0.0.2 22"),
    ] {
        let home = tempfile::tempdir().unwrap();
        let mut terminal = with_a_take(home.path(), &[("KITTY_WINDOW_ID", "1"), (name, value)]);
        terminal.see_that("has a picture in cells", |screen| {
            screen.contains('▀') || screen.contains('▄')
        });
        terminal.press("q");
        let (_, bytes) = terminal.end();
        let text = String::from_utf8_lossy(&bytes);
        assert!(
            !text.contains("\x1b_G") && !text.contains("\x1bP") && !text.contains(PLACEHOLDER),
            "{name}"
        );
    }
}

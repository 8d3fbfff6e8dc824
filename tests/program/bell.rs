//! The bell for takes that have ended: in the workbench and of `gen`, as the settings say.

use std::path::Path;
use std::process::Command;

use portable_pty::CommandBuilder;

use crate::terminal::Terminal;

const BELL: u8 = 7;
const GEN: [&str; 7] = ["gen", "--prompt", "a kite", "--duration", "4", "--seeds", "7"];

fn home(notify: &str) -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(home.path().join("config")).unwrap();
    let settings = format!("sandbox_speed = 20\nnotify = \"{notify}\"\n");
    std::fs::write(home.path().join("config/config.toml"), settings).unwrap();
    home
}

fn gen_in_a_terminal(home: &Path) -> Vec<u8> {
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_rushes"));
    command.args(GEN);
    command.env_clear();
    let (status, bytes) = Terminal::run(command, home, 100, 30).end();
    assert_eq!(status.exit_code(), 0);
    bytes
}

#[test]
fn gen_rings_at_its_end_where_a_terminal_looks_on_and_the_settings_allow_it() {
    for (notify, rings) in [("auto", 1), ("always", 1), ("never", 0)] {
        let bytes = gen_in_a_terminal(home(notify).path());
        let rung = bytes.split(|byte| *byte == BELL).count() - 1;
        assert_eq!(rung, rings, "{notify}: {:?}", String::from_utf8_lossy(&bytes));
    }
    let home = home("always");
    let output = Command::new(env!("CARGO_BIN_EXE_rushes"))
        .args(GEN)
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", home.path())
        .env("RUSHES_HOME", home.path())
        .output()
        .unwrap();
    assert!(output.status.success());
    assert!(!output.stderr.contains(&BELL) && !output.stdout.contains(&BELL));
}

/// As in a default tmux: the terminal never says whether its window has the keys.
#[test]
fn the_workbench_rings_for_a_saved_take_where_nothing_is_known_of_the_window() {
    for (notify, rings) in [("auto", true), ("never", false)] {
        let home = home(notify);
        let mut terminal = Terminal::start(home.path(), 100, 30, &[]);
        terminal.see("g generate");
        terminal.press("g");
        terminal.see("Take 1 is saved");
        terminal.press("q");
        let (status, bytes) = terminal.end();
        assert_eq!(status.exit_code(), 0);
        assert_eq!(bytes.contains(&BELL), rings, "{notify}");
    }
}

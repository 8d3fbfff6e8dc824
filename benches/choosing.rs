//! Counts what it takes to choose the best of 24 takes of four shots over a terminal line: keys and bytes.
//!
//! `cargo bench --bench choosing` makes the takes on the sandbox, opens the workbench in a pseudo-terminal of 120×40,
//! looks at all of them on the wall, rejects 20, knocks out the other four, and circles the winner. It prints the keys
//! that were pressed and the bytes that came over the line, beside the bytes of the 24 files. The goal is at most 60 keys
//! and 1.5 MB.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a bench that cannot be set up must stop"
)]

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use terminal::Terminal;

#[path = "../tests/program/terminal.rs"]
#[allow(dead_code, reason = "the tests use all of it")]
mod terminal;

const TAKES: usize = 24;
/// The places of those that are not rejected at once.
const KEPT: [usize; 4] = [2, 9, 15, 20];
const SCRIPT: &str = "A night drive in a red convertible. Cold neon, wet asphalt.

Shot 1 | 0s-2s
Medium shot, static camera. Two drivers in the parked car.

Shot 2 | 2s-4s
Side tracking shot at the speed of the car. Neon blurs behind them.

Shot 3 | 4s-6s
Close-up. Her hand on the wheel.

Shot 4 | 6s-8s
Wide shot. The tail lights leave the town.";

fn main() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    std::fs::create_dir_all(home.join("config")).unwrap();
    std::fs::write(home.join("config/config.toml"), "sandbox_speed = 50.0\n").unwrap();
    let seeds = format!("100..{}", 100 + TAKES - 1);
    let made = rushes(
        home,
        &[
            "--sandbox",
            "gen",
            "--prompt",
            SCRIPT,
            "--seeds",
            &seeds,
            "--duration",
            "8",
            "--json",
            "-y",
        ],
    );
    let files: u64 = made
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|take| std::fs::metadata(take["file"].as_str().unwrap()).unwrap().len())
        .sum();

    let mut terminal = Terminal::start(home, 120, 40, &["--sandbox"]);
    terminal.see("24 takes");
    let opened = terminal.all.len();
    let mut keys = 0;
    let mut press = |terminal: &mut Terminal, key: &str, seen: &str| {
        // The user looks at the pictures before choosing.
        terminal.rest(Duration::from_millis(400));
        loop {
            keys += 1;
            terminal.press(key);
            let answered = |screen: &str| screen.contains(seen) || screen.contains("was ignored");
            let shown = terminal.see_that(&format!("shows {seen:?}"), answered);
            // A key that came too early has to be pressed again, as a user would.
            if shown.contains(seen) {
                break;
            }
        }
    };
    press(&mut terminal, "4", "sweep 1");
    press(&mut terminal, "w", "Wall of sweep 1");
    for place in 1..=TAKES {
        let is_kept = KEPT.contains(&place);
        // A kept one is passed over; the next row has the pointer.
        let key = if is_kept { "j" } else { "-" };
        let next = format!("{} of {TAKES}", (place + 1).min(TAKES));
        press(&mut terminal, key, &next);
    }
    let wall = terminal.all.len();
    press(&mut terminal, "\x1b", "1 Prompt");
    // Folded, the sweep is selected: all of it that is not rejected is compared.
    press(&mut terminal, "\x1b[D", "▸ sweep 1");
    press(&mut terminal, "=", "Knock-out of 4 takes");
    for (key, seen) in [
        ("h", "decision 2"),
        ("l", "decision 3"),
        ("h", "Ranking of 4 takes"),
    ] {
        press(&mut terminal, key, seen);
    }
    press(&mut terminal, "*", "* ");
    let all = terminal.all.len() - opened;
    press(&mut terminal, "\x1b", "1 circled");
    terminal.press("q");
    terminal.end();
    println!("the best of {TAKES} takes of four shots of 8 s, at 120×40");
    println!("  keys                    {keys:>9}");
    println!(
        "  bytes over the line     {all:>9}, {} of them for the wall",
        wall - opened
    );
    println!("  bytes of the {TAKES} files   {files:>9}");
}

/// What the program prints; it must succeed.
fn rushes(home: &Path, arguments: &[&str]) -> String {
    let done = Command::new(env!("CARGO_BIN_EXE_rushes"))
        .args(arguments)
        .env_clear()
        .envs([("HOME", home), ("RUSHES_HOME", home)])
        .env("PATH", "/usr/bin:/bin")
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

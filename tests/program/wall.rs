//! `rushes wall`: rows of takes in cells and as a contact sheet, and what is said where there is no picture.

use std::path::Path;

use rushes::media::read_still;

use crate::commands::{errors, of_lines, output};
use crate::reels::{faster, file};

/// What a command prints; it must succeed and say nothing else.
fn printed(home: &Path, arguments: &[&str]) -> String {
    let done = output(home, arguments);
    assert_eq!(
        (done.status.code(), errors(&done).as_str()),
        (Some(0), ""),
        "{arguments:?}"
    );
    String::from_utf8(done.stdout).unwrap()
}

#[test]
fn a_sweep_is_printed_and_written_as_a_sheet_but_never_over_a_file() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    faster(home, "");
    let script = "Shot 1 | 0s-2s\nA kite.\nShot 2 | 2s-4s\nA dune.";
    let made = output(
        home,
        &[
            "--sandbox",
            "gen",
            "--prompt",
            script,
            "--seeds",
            "7, 8",
            "--duration",
            "4",
            "--json",
            "-y",
        ],
    );
    assert_eq!(made.status.code(), Some(0), "{}", errors(&made));
    let made = of_lines(&made);
    let cells = printed(
        home,
        &[
            "wall", "1", "--size", "41x10", "--colors", "256", "--shape", "half",
        ],
    );
    assert!(cells.contains("take 1  seed 7  480p 4 s"), "{cells}");
    assert!(cells.contains("take 2  seed 8"), "{cells}");
    assert!(
        cells.contains("\u{1b}[38;5;") || cells.contains("\u{1b}[48;5;"),
        "{cells}"
    );
    // Without a terminal there are letters: two captions, and two rows of two pictures of 39 columns.
    let letters = printed(home, &["wall", "1"]);
    assert!(
        letters.chars().all(|c| c == '\n' || (' '..='~').contains(&c)),
        "{letters:?}"
    );
    assert_eq!(letters.lines().count(), 2 * (1 + 11), "{letters}");
    assert!(letters.lines().all(|line| line.len() <= 80), "{letters}");
    // Of a take that is named, another moment.
    let late = printed(home, &["wall", "--takes", "2", "--moment", "late"]);
    assert!(!late.contains("take 1") && !letters.contains(&late), "{late}");
    assert!(printed(home, &["wall", "2", "1"]).starts_with("take 2"));

    let sheet = home.join("sheet.png");
    let sheet = sheet.to_str().unwrap();
    let told = printed(home, &["wall", "1", "-o", sheet]);
    let picture = read_still(Path::new(sheet)).unwrap();
    assert_eq!(
        told,
        format!("{sheet}: {}×{}, 2 takes\n", picture.width, picture.height)
    );
    assert!(picture.width > 2 * 320 && picture.height > 2 * 180);
    let again = output(home, &["wall", "1", "-o", sheet]);
    assert_eq!(again.status.code(), Some(2));
    assert!(errors(&again).contains("is there already, and it was not overwritten"));

    // A take whose video is gone says so, and the others are there.
    std::fs::remove_file(file(&made[0])).unwrap();
    let gone = printed(home, &["wall", "1"]);
    assert!(gone.contains(".mp4 is not there: put it back there"), "{gone}");
    let other = home.join("other.png");
    printed(home, &["wall", "1", "-o", other.to_str().unwrap()]);
    assert!(read_still(&other).is_ok());
}

#[test]
fn a_sweep_or_take_that_is_not_there_is_named() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    for (arguments, said) in [
        (&["wall", "9"][..], "9"),
        (&["wall", "5", "6"], "5"),
        (&["wall", "x"], "x"),
    ] {
        let done = output(home, arguments);
        assert_eq!(done.status.code(), Some(2), "{arguments:?}: {}", errors(&done));
        assert!(errors(&done).contains(said), "{}", errors(&done));
    }
    let nowhere = output(home, &["wall", "--takes", "1", "-o", "/nowhere/at/all.png"]);
    assert_eq!(nowhere.status.code(), Some(2));
}

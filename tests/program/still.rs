//! `rushes still`: one picture in cells or as a file, and what is said where there is none.

use std::path::Path;

use rushes::media::{Picture, read_still};

use crate::commands::{errors, output, records};
use crate::reels::{faster, file, take};

/// What `still` prints with these arguments; it must succeed and say nothing else.
fn printed(home: &Path, arguments: &[&str]) -> String {
    let done = output(home, &[&["still"], arguments].concat());
    assert_eq!(
        (done.status.code(), errors(&done).as_str()),
        (Some(0), ""),
        "{arguments:?}"
    );
    String::from_utf8(done.stdout).unwrap()
}

/// The exit code and the complaint of `still` with these arguments; nothing may be printed.
fn refused(home: &Path, arguments: &[&str]) -> (i32, String) {
    let done = output(home, &[&["still"], arguments].concat());
    assert!(done.stdout.is_empty(), "{arguments:?}");
    (done.status.code().unwrap(), errors(&done))
}

/// Red on the left, blue on the right.
fn halves(path: &Path) {
    let row = [
        [[215_u8, 0, 0]; 8].as_flattened(),
        [[0, 0, 215]; 8].as_flattened(),
    ]
    .concat();
    let picture = Picture {
        width: 16,
        height: 8,
        rgb: row.repeat(8),
    };
    std::fs::write(path, picture.png().unwrap()).unwrap();
}

#[test]
fn a_picture_is_printed_in_pixels_with_the_graphics_of_the_terminal() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let png = home.join("halves.png");
    halves(&png);
    let png = png.to_str().unwrap();
    let of = |protocol| printed(home, &[png, "--size", "8x4", "--protocol", protocol]);
    let kitty = of("kitty");
    assert!(
        kitty.starts_with("\x1b_G") && kitty.contains("a=T,U=1,c=8,r=2,"),
        "{kitty:?}"
    );
    assert_eq!(
        (kitty.lines().count(), kitty.matches('\u{10EEEE}').count()),
        (2, 16),
        "{kitty:?}"
    );
    let iterm = of("iterm");
    assert!(
        iterm.starts_with("\n\n\x1b[2A\x1b7") && iterm.contains("\x1b]1337;File=inline=1;"),
        "{iterm:?}"
    );
    let sixel = of("sixel");
    assert!(
        sixel.contains("\x1bP") && sixel.contains("\x1b\\\x1b8\x1b["),
        "{sixel:?}"
    );
    let (code, why) = refused(home, &[png, "--protocol", "kitty", "--max-bytes", "900"]);
    assert!(code == 2 && why.contains("--max-bytes"), "{code} {why}");
}

#[test]
fn a_picture_file_is_printed_in_every_shape_and_depth() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let png = home.join("halves.png");
    halves(&png);
    let png = png.to_str().unwrap();
    let of = |colors, shape| {
        printed(
            home,
            &[png, "--size", "4x1", "--colors", colors, "--shape", shape],
        )
    };
    let red = |set: &str, unset: &str| format!("\u{1b}[48;{set}m  \u{1b}[48;{unset}m  \u{1b}[m\n");
    for shape in ["half", "quadrant", "sextant", "ascii"] {
        assert_eq!(of("truecolor", shape), red("2;215;0;0", "2;0;0;215"), "{shape}");
    }
    assert_eq!(of("256", "ascii"), red("5;160", "5;20"));
    let sixteen = of("16", "half");
    assert!(sixteen.contains("1m") && !sixteen.contains("8;"), "{sixteen:?}");
    // Without a terminal, nothing but letters and line breaks.
    let letters = printed(home, &[png]);
    assert!(
        letters.chars().all(|c| c == '\n' || (' '..='~').contains(&c)),
        "{letters:?}"
    );
    assert_eq!(
        letters.lines().count(),
        20,
        "80 columns of a picture twice as wide as high"
    );
    assert!(letters.lines().all(|line| line.len() <= 80));
}

#[test]
fn a_take_is_printed_at_any_time_and_written_as_png_but_never_over_a_file() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    faster(home, "");
    let made = take(home, "main", "7", &["--aspect", "1:1"]);
    let first = printed(home, &["1", "--size", "20x10", "--colors", "256"]);
    let same = printed(
        home,
        &[
            file(&made).to_str().unwrap(),
            "--size",
            "20x10",
            "--colors",
            "256",
        ],
    );
    assert_eq!(first, same);
    assert_eq!(first.lines().count(), 10);
    let later = printed(home, &["1", "--size", "20x10", "--colors", "256", "--at", "2.5"]);
    assert_ne!(first, later);
    let small = printed(
        home,
        &["1", "--size", "20x10", "--colors", "256", "--max-bytes", "600"],
    );
    assert!(small.len() <= 600 && small.len() < first.len(), "{}", small.len());
    let few = output(
        home,
        &[
            "still",
            "1",
            "--size",
            "20x10",
            "--colors",
            "256",
            "--max-bytes",
            "3",
        ],
    );
    assert!(errors(&few).contains("smaller --size"), "{}", errors(&few));
    assert_eq!(few.status.code(), Some(0));

    let late = output(
        home,
        &["still", "1", "--size", "20x10", "--colors", "256", "--at", "99"],
    );
    assert_eq!(late.status.code(), Some(0));
    assert!(
        errors(&late).contains("take 1 ends at 0:04.0: this is its last picture"),
        "{}",
        errors(&late)
    );
    assert!(!late.stdout.is_empty() && late.stdout != first.as_bytes());

    let png = home.join("still.png");
    let path = png.to_str().unwrap();
    let said = printed(home, &["1", "--at", "2.5", "--png", path]);
    assert!(said.contains("640×640, a picture of take 1"), "{said}");
    assert_eq!(read_still(&png).unwrap().width, 640);
    let (code, said) = refused(home, &["1", "--png", path]);
    assert_eq!(code, 2);
    assert!(said.contains("already exists and was not overwritten"), "{said}");
    let parts = std::fs::read_dir(home).unwrap();
    let parts = parts.filter(|entry| {
        let name = entry.as_ref().unwrap().file_name();
        name.to_str().unwrap().starts_with(".rushes-")
    });
    assert_eq!(parts.count(), 0);

    // Another clip under its name is not the take.
    let whole = std::fs::read(file(&made)).unwrap();
    let other = [&whole[..], b"\0\0\0\x08free"].concat();
    std::fs::write(file(&made), other).unwrap();
    let (code, said) = refused(home, &["1"]);
    assert!(code == 1 && said.contains("were saved"), "{said}");

    // A file that is gone or cut off.
    std::fs::write(file(&made), &whole[..whole.len() / 2]).unwrap();
    let (code, said) = refused(home, &["1"]);
    assert_eq!(code, 1);
    assert!(
        said.contains("ends early") && said.contains("download or copy it again"),
        "{said}"
    );
    std::fs::remove_file(file(&made)).unwrap();
    let (code, said) = refused(home, &["1"]);
    assert_eq!(code, 2);
    assert!(said.contains(".mp4 is not there: put it back there"), "{said}");
}

#[test]
fn what_has_no_picture_is_named_with_what_to_do() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    faster(home, "");
    let png = home.join("halves.png");
    halves(&png);
    let png = png.to_str().unwrap();
    let (code, said) = refused(home, &["7"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains('7'), "{said}");
    let missing = home.join("gone.mp4");
    let empty = home.join("empty.mp4");
    std::fs::write(&empty, "").unwrap();
    let page = home.join("page.mp4");
    std::fs::write(&page, "<html>not a video</html>").unwrap();
    let notes = home.join("notes.txt");
    std::fs::write(&notes, "A kite over the sea.").unwrap();
    let cases: [(&[&str], i32, &str); 10] = [
        (
            &[missing.to_str().unwrap()],
            2,
            "gone.mp4 is not there: put it back there",
        ),
        (&[home.to_str().unwrap()], 2, "it is not a file"),
        (&[empty.to_str().unwrap()], 1, "is empty"),
        (&[page.to_str().unwrap()], 1, "is not an MP4 video"),
        (&[png, "--at", "1"], 2, "leave out --at"),
        (
            &[png, "--at", "-1"],
            2,
            "a time is a number of seconds from 0 to the end of the video",
        ),
        (&[png, "--size", "0x5"], 2, "a size is columns x rows"),
        (&[png, "--colors", "many"], 2, "truecolor"),
        (
            &[png, "--png", "/nowhere/a.png"],
            1,
            "cannot write /nowhere/a.png: the folder /nowhere does not exist: create it",
        ),
        (
            &[notes.to_str().unwrap()],
            1,
            "is not an MP4 video but plain text: give an MP4 video",
        ),
    ];
    for (arguments, expected, words) in cases {
        let (code, said) = refused(home, arguments);
        assert_eq!(code, expected, "{arguments:?}: {said}");
        assert!(said.contains(words), "{arguments:?}: {said}");
    }
    // A take that waits has no video yet.
    let queued = [
        "--sandbox",
        "gen",
        "--prompt",
        "A kite.",
        "--seeds",
        "7",
        "--duration",
        "4",
        "--dry-run",
    ];
    assert!(
        !records(home, &["ls", "--json"])
            .iter()
            .any(|take| take["state"] == "saved")
    );
    assert_eq!(output(home, &queued).status.code(), Some(0));
}

//! `rushes lint --fix`, `--diff` and `--split`: what is changed in the files, and what is not.

use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::process::Stdio;

use rushes::script::lint::Fix;

use crate::commands::{output, rushes};
use crate::lint::{GAP, OVERRUN, errors, file, out};

#[test]
fn fixes_are_written_whole_and_keep_the_files_mode() {
    let home = tempfile::tempdir().unwrap();
    let shots = file(home.path(), "shots.txt", GAP);
    std::fs::set_permissions(&shots, std::fs::Permissions::from_mode(0o640)).unwrap();
    let picture = file(home.path(), "kite.jpg", "");
    std::fs::write(&picture, include_bytes!("../pictures/halves.jpg")).unwrap();
    let before = std::fs::metadata(&shots).unwrap().ino();
    let ended = output(
        home.path(),
        &["lint", "--fix", &shots, "--duration", "6", "--image", &picture],
    );
    assert_eq!(ended.status.code(), Some(0), "{}{}", out(&ended), errors(&ended));
    assert_eq!(
        std::fs::read_to_string(&shots).unwrap(),
        "0-4s: a kite\n4-6s: it dives, by image 1"
    );
    let after = std::fs::metadata(&shots).unwrap();
    assert_eq!(after.mode() & 0o777, 0o640);
    assert_ne!(after.ino(), before, "the file was written over and not replaced");
    for label in ["Cite as image 1", "Replace every \\n", "Close the gaps"] {
        assert!(
            out(&ended).contains(&format!("fixed: {label}")),
            "{}",
            out(&ended)
        );
    }
    let left: Vec<_> = std::fs::read_dir(home.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert!(
        left.iter()
            .all(|name| !name.to_string_lossy().starts_with(".rushes-")),
        "{left:?}"
    );
}

/// A way of writing that is no mistake stays as it is.
#[test]
fn good_scripts_are_not_changed() {
    let home = tempfile::tempdir().unwrap();
    for (text, options) in [
        (
            "SHOT 2-3: a fox runs, pan\nSHOT 4: it hides, tilt up\n",
            "--duration 8",
        ),
        (
            "[0-4s] A fox, pan.\n[4-8s] Quick cuts:\nCut 1: its ear.\nCut 2: its tail.\n[8-12s] Rest, tilt up.\n",
            "--duration 12",
        ),
        (
            "[00:00-00:04] A fox, pan.\n[00:04-00:10] It hides. [00:04-00:07] It digs. [00:07-00:10] It waits, tilt up.\n",
            "--duration 10",
        ),
        (
            "5-10s: a fox, pan.\n10-15s: it waits, tilt up.\n",
            "--duration 15",
        ),
    ] {
        let shots = file(home.path(), "shots.txt", text);
        let mut words = vec!["lint", "--fix", &shots];
        words.extend(options.split(' '));
        let ended = output(home.path(), &words);
        assert_eq!(std::fs::read_to_string(&shots).unwrap(), text, "{}", out(&ended));
    }
}

/// Seconds that are counted inclusively, and a timeline that continues another take, are re-timed and never squeezed.
#[test]
fn times_are_corrected_without_a_squeeze() {
    let home = tempfile::tempdir().unwrap();
    for (text, after) in [
        (
            "0-2s: a fox, pan.\n3-6s: it hides, pan.\n7-10s: it waits, pan.\n",
            "0-3s: a fox, pan.\n3-7s: it hides, pan.\n7-10s: it waits, pan.\n",
        ),
        (
            "1-3s: a fox, pan.\n4-6s: it hides, pan.\n7-10s: it waits, pan.\n",
            "0-3s: a fox, pan.\n3-6s: it hides, pan.\n6-10s: it waits, pan.\n",
        ),
        (
            "15-20s: a fox, pan.\n20-25s: it hides, pan.\n",
            "0-5s: a fox, pan.\n5-10s: it hides, pan.\n",
        ),
    ] {
        let shots = file(home.path(), "shots.txt", text);
        let ended = output(home.path(), &["lint", "--fix", &shots]);
        assert_eq!(ended.status.code(), Some(0), "{}", out(&ended));
        assert_eq!(std::fs::read_to_string(&shots).unwrap(), after, "{}", out(&ended));
        assert!(
            out(&ended).contains("in a take of 10 s, the shortest that holds them"),
            "{}",
            out(&ended)
        );
    }
}

/// What is not certain is left, with the word that asks for it.
#[test]
fn a_named_fix_is_made_and_the_others_are_left() {
    let home = tempfile::tempdir().unwrap();
    let shots = file(home.path(), "shots.txt", OVERRUN);
    let left = output(home.path(), &["lint", "--fix", &shots, "--duration", "10"]);
    assert_eq!(std::fs::read_to_string(&shots).unwrap(), OVERRUN);
    let said = format!("{shots}:4: left: Squeeze to 10 s [overrun], which --fix=squeeze does");
    assert!(out(&left).contains(&said), "{}", out(&left));
    let done = output(
        home.path(),
        &["lint", "--fix=squeeze", &shots, "--duration", "10"],
    );
    assert_eq!(done.status.code(), Some(0), "{}", out(&done));
    assert!(
        out(&done).contains("fixed: Squeeze to 10 s [overrun]"),
        "{}",
        out(&done)
    );
    assert!(std::fs::read_to_string(&shots).unwrap().contains("–10s"));
    let again = output(
        home.path(),
        &["lint", "--fix=squeeze", &shots, "--duration", "10"],
    );
    let said = format!("{shots}: nothing to do for --fix=squeeze");
    assert!(out(&again).contains(&said), "{}", out(&again));
    let unknown = output(home.path(), &["lint", "--fix=squash", &shots]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(
        errors(&unknown).contains("\"squash\"") && errors(&unknown).contains("squeeze"),
        "{}",
        errors(&unknown)
    );
}

/// A continuation is said to have a start of its own.
#[test]
fn a_continuation_is_summed_up_from_its_start() {
    let home = tempfile::tempdir().unwrap();
    let shots = file(
        home.path(),
        "shots.txt",
        "15-20s: a kite, pan.\n20-25s: it dives, tilt up.\n",
    );
    let ended = output(home.path(), &["lint", &shots]);
    assert!(
        out(&ended).contains("2 shots from 15 s to 25 s, in a take of 10 s"),
        "{}",
        out(&ended)
    );
}

/// A name without the sign is taken for a file, and nothing is written.
#[test]
fn the_name_of_a_fix_that_stands_apart_is_pointed_out() {
    const SCRIPT: &str = "0-2s: @Image1, pan.\n3-6s: it dives, tilt up.\n7-10s: it lands.\n";
    let home = tempfile::tempdir().unwrap();
    let shots = file(home.path(), "shots.txt", SCRIPT);
    let apart = output(home.path(), &["lint", "--fix", "close-gaps", &shots]);
    assert_eq!(apart.status.code(), Some(2));
    assert!(
        errors(&apart).contains("did you mean --fix=close-gaps?"),
        "{}",
        errors(&apart)
    );
    assert_eq!(std::fs::read_to_string(&shots).unwrap(), SCRIPT);
}

/// Times stay where another number may tell one of them again, unless the fix is asked for.
#[test]
fn times_that_are_told_elsewhere_are_left() {
    const SCRIPT: &str =
        "Shot 1 (0-3s): a kite, pan.\nShot 2 (4-6s): it dives, tilt up.\nAt 4s a bell rings.\n";
    let home = tempfile::tempdir().unwrap();
    let shots = file(home.path(), "shots.txt", SCRIPT);
    let left = output(home.path(), &["lint", "--fix", &shots]);
    assert_eq!(std::fs::read_to_string(&shots).unwrap(), SCRIPT);
    let said = format!(
        "{shots}:2: left: Close the gaps [inclusive-seconds], because \"4s\" in line 3 leaves doubt about the times; \
         --fix=close-gaps does it"
    );
    assert!(out(&left).contains(&said), "{}", out(&left));
    output(home.path(), &["lint", "--fix=close-gaps", &shots]);
    assert!(
        std::fs::read_to_string(&shots)
            .unwrap()
            .starts_with("Shot 1 (0-4s)")
    );
}

#[test]
fn a_diff_shows_what_a_fix_would_change() {
    let home = tempfile::tempdir().unwrap();
    let text = "Cold light.\n0-3s: a fox, pan.\n4.5-8s: it hides, pan.\n";
    let shots = file(home.path(), "shots.txt", text);
    let shown = output(home.path(), &["lint", "--diff", &shots]);
    let said = out(&shown);
    assert!(
        said.contains("-0-3s: a fox, pan.\n+0-4.5s: a fox, pan.\n"),
        "{said}"
    );
    assert!(said.contains("would fix: Close the gaps [gap]"), "{said}");
    assert_eq!(
        std::fs::read_to_string(&shots).unwrap(),
        text,
        "nothing is written"
    );
    let both = output(home.path(), &["lint", "--diff", "--fix", &shots]);
    assert!(out(&both).contains("+0-4.5s: a fox, pan.\n"), "{}", out(&both));
    assert!(std::fs::read_to_string(&shots).unwrap().contains("0-4.5s"));
}

/// A mark is replaced whole or not at all.
#[test]
fn citations_are_replaced_whole() {
    let home = tempfile::tempdir().unwrap();
    let text = "【参考】@图片1\n0-4s: <<<image_1_1>>> opens, pan.\n4-8s: by <<<image_2_1>>> and image_1_1.png, tilt up.\n";
    let shots = file(home.path(), "shots.txt", text);
    let images = [
        "--image",
        "https://e.example/a.png",
        "--image",
        "https://e.example/b.png",
    ];
    let ended = output(
        home.path(),
        &[&["lint", "--fix", &shots, "--duration", "8"][..], &images].concat(),
    );
    assert_eq!(
        std::fs::read_to_string(&shots).unwrap(),
        "【参考】image 1\n0-4s: image 1 opens, pan.\n4-8s: by image 2 and image_1_1.png, tilt up.\n",
        "{}",
        out(&ended)
    );
    // A model's name and number are no citation.
    let named =
        "Boards made with GPT Image 2 and Qwen-Image 2.\n0-4s: a fox, pan.\n4-8s: it hides, tilt up.\n";
    let shots = file(home.path(), "shots.txt", named);
    let ended = output(home.path(), &["lint", &shots, "--duration", "8"]);
    assert!(!out(&ended).contains("[missing-reference]"), "{}", out(&ended));
    assert_eq!(ended.status.code(), Some(0));
}

#[test]
fn an_error_that_only_an_option_fixes_stays_an_error() {
    let home = tempfile::tempdir().unwrap();
    let shots = file(home.path(), "shots.txt", OVERRUN);
    let ended = output(home.path(), &["lint", "--fix", &shots, "--duration", "10"]);
    assert_eq!(ended.status.code(), Some(2));
    assert!(out(&ended).contains("--duration 15"), "{}", out(&ended));
    assert_eq!(std::fs::read_to_string(&shots).unwrap(), OVERRUN);
}

#[test]
fn standard_input_is_fixed_on_standard_output() {
    let home = tempfile::tempdir().unwrap();
    let mut child = rushes(home.path(), &["lint", "--fix", "-", "--duration", "5"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(b"0-3s: a kite\n5-3s: it dives")
        .unwrap();
    let ended = child.wait_with_output().unwrap();
    assert_eq!(out(&ended), "0-3s: a kite\n3-5s: it dives");
    assert!(errors(&ended).contains("<stdin>:2: fixed"), "{}", errors(&ended));
    assert_eq!(ended.status.code(), Some(0));
}

#[test]
fn a_long_script_is_split_into_files_that_are_not_overwritten() {
    let home = tempfile::tempdir().unwrap();
    let shots = file(
        home.path(),
        "shots.txt",
        "Style.\n0-9s: a kite, handheld\n9-18s: it dives, handheld",
    );
    let ended = output(home.path(), &["lint", "--split", &shots]);
    assert_eq!(ended.status.code(), Some(0), "{}", errors(&ended));
    let clip = |n: u8| std::fs::read_to_string(home.path().join(format!("shots-{n}.txt"))).unwrap();
    assert_eq!(
        (clip(1).as_str(), clip(2).as_str()),
        (
            "Style.\n0-9s: a kite, handheld",
            "Style.\n0-9s: it dives, handheld"
        )
    );
    std::fs::write(home.path().join("shots-1.txt"), "mine").unwrap();
    let ended = output(home.path(), &["lint", "--split", &shots]);
    assert_eq!(ended.status.code(), Some(2));
    assert_eq!(clip(1), "mine");
    let ended = output(home.path(), &["lint", "--split", "--force", &shots]);
    assert_eq!(ended.status.code(), Some(0));
    assert_ne!(clip(1), "mine");
}

/// The help and the documentation name every fix that `--fix=` takes.
#[test]
fn the_fixes_are_named_where_they_are_looked_for() {
    let home = tempfile::tempdir().unwrap();
    let help = out(&output(home.path(), &["lint", "--help"]));
    let docs = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/scripts.md")).unwrap();
    let row = docs
        .lines()
        .find(|line| line.starts_with("| `--fix=NAMES`"))
        .unwrap();
    for word in Fix::WORDS {
        assert!(row.contains(&format!("`{word}`")), "{word} is not in {row}");
        assert!(help.contains(word), "{word} is not in {help}");
    }
}

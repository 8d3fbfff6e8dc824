//! `rushes reels`, and how the files of a reel are named.

use std::path::Path;
use std::sync::Arc;

use rushes::model::{SystemClock, TakeId};
use rushes::store::Store;
use serde_json::Value;

use crate::commands::{errors, of_lines, output, records};
use crate::terminal::Terminal;

/// One take of the embedded sandbox, as JSON.
pub fn take(home: &Path, reel: &str, seed: &str, more: &[&str]) -> Value {
    let arguments = [
        "--sandbox",
        "--reel",
        reel,
        "gen",
        "--prompt",
        "A kite.",
        "--seeds",
        seed,
        "--duration",
        "4",
        "--json",
        "-y",
    ];
    let made = output(home, &[&arguments[..], more].concat());
    assert_eq!(made.status.code(), Some(0), "{}", errors(&made));
    of_lines(&made).remove(0)
}

pub fn faster(home: &Path, settings: &str) {
    std::fs::create_dir_all(home.join("config")).unwrap();
    let text = format!("sandbox_speed = 50.0\n{settings}\n");
    std::fs::write(home.join("config/config.toml"), text).unwrap();
}

pub fn file(take: &Value) -> &Path {
    Path::new(take["file"].as_str().unwrap())
}

fn name(take: &Value) -> String {
    file(take).file_name().unwrap().to_str().unwrap().to_owned()
}

#[test]
fn reels_are_created_renamed_archived_and_listed_with_what_is_in_them() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    faster(home, "");
    let made = output(home, &["reels", "new", "night drive"]);
    assert_eq!(made.status.code(), Some(0), "{}", errors(&made));
    let twice = output(home, &["reels", "new", "night drive"]);
    assert_eq!(twice.status.code(), Some(2));
    assert!(errors(&twice).contains("there is a reel \"night drive\" already: choose another name"));
    let first = take(home, "night drive", "7", &[]);
    let renamed = output(home, &["reels", "rename", "night drive", "night"]);
    assert_eq!(renamed.status.code(), Some(0), "{}", errors(&renamed));
    assert!(file(&first).exists(), "no file moves");
    let list = records(home, &["reels", "list", "--json"]);
    let night = list.iter().find(|reel| reel["reel"] == "night").unwrap();
    assert_eq!(
        (&night["takes"], &night["cost_usd"], &night["not_finished"]),
        (&1.into(), &0.0.into(), &0.into())
    );
    let people = String::from_utf8(output(home, &["reels"]).stdout).unwrap();
    assert!(
        people.contains("night ") && people.contains("1 take "),
        "{people}"
    );

    let archived = output(home, &["reels", "archive", "night"]);
    assert_eq!(archived.status.code(), Some(0), "{}", errors(&archived));
    assert!(
        !records(home, &["reels", "--json"])
            .iter()
            .any(|reel| reel["reel"] == "night")
    );
    assert!(
        records(home, &["reels", "--all", "--json"])
            .iter()
            .any(|reel| reel["reel"] == "night")
    );
    // It takes no new takes; nothing is sent.
    let refused = output(
        home,
        &[
            "--sandbox",
            "--reel",
            "night",
            "gen",
            "--prompt",
            "A kite.",
            "--duration",
            "4",
            "-y",
        ],
    );
    assert_ne!(refused.status.code(), Some(0));
    let said = errors(&refused);
    assert!(
        said.contains("reel \"night\" is archived") && said.contains("reels restore"),
        "{said}"
    );
    assert_eq!(records(home, &["--reel", "night", "ls", "--json"]).len(), 1);
    let restored = output(home, &["reels", "restore", "night"]);
    assert_eq!(restored.status.code(), Some(0), "{}", errors(&restored));
    take(home, "night", "8", &[]);
    let unknown = output(home, &["reels", "archive", "nigth"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(
        errors(&unknown).contains("there is no reel \"nigth\""),
        "{}",
        errors(&unknown)
    );
}

#[test]
fn a_pattern_names_the_files_of_its_reel_and_the_setting_those_of_the_others() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    faster(home, "");
    assert_eq!(name(&take(home, "main", "7", &[])), "main-00001-s7-480p-4s.mp4");
    faster(home, "file_names = \"{n}_{model}\"");
    assert_eq!(name(&take(home, "main", "7", &[])), "00002_seedance-2.0.mp4");
    let named = output(home, &["reels", "names", "main", "final {reel} {n}"]);
    assert_eq!(named.status.code(), Some(0), "{}", errors(&named));
    let third = take(home, "main", "7", &[]);
    assert_eq!(name(&third), "final main 00003.mp4");
    // The sidecar is beside it under the same name, and no other file of the take is left.
    let folder = file(&third).parent().unwrap();
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "00002_seedance-2.0.json",
            "00002_seedance-2.0.mp4",
            "final main 00003.json",
            "final main 00003.mp4",
            "main-00001-s7-480p-4s.json",
            "main-00001-s7-480p-4s.mp4",
        ]
    );
    let wrong = output(home, &["reels", "names", "main", "{n}-{colour}"]);
    assert_eq!(wrong.status.code(), Some(2));
    let said = errors(&wrong);
    assert!(
        said.contains("no field {colour}") && said.contains("{seed}"),
        "{said}"
    );
    faster(home, "file_names = \"{n}-{colour}\"");
    let said = errors(&output(home, &["ls"]));
    assert!(
        said.contains("config.toml:2:14") && said.contains("no field {colour}"),
        "{said}"
    );
    assert!(
        said.contains("{reel}") && said.contains("default is used"),
        "{said}"
    );
}

#[test]
fn a_lost_database_comes_back_from_sidecars_under_any_name() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    faster(home, "file_names = \"take {seed} {n}\"");
    let first = take(home, "main", "2123456789", &[]);
    take(home, "main", "8", &[]);
    for ending in ["db", "db-wal", "db-shm"] {
        let _ = std::fs::remove_file(home.join("data/rushes").with_extension(ending));
    }
    let back = output(home, &["ls", "--json"]);
    assert!(
        errors(&back).contains("2 takes were restored"),
        "{}",
        errors(&back)
    );
    let back = of_lines(&back);
    assert_eq!(back.len(), 2);
    assert_eq!(
        (&back[1]["file"], &back[1]["sha256"]),
        (&first["file"], &first["sha256"])
    );
    // Numbers go on a little above the highest one, not above a seed.
    let next = take(home, "main", "9", &[]);
    assert!(
        (3..1000).contains(&next["id"].as_i64().unwrap()),
        "{}",
        next["id"]
    );
}

#[test]
fn the_last_frame_is_saved_beside_the_video() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    faster(home, "");
    let made = take(home, "main", "7", &["--return-last-frame"]);
    let picture = Path::new(made["last_frame_file"].as_str().unwrap());
    assert_eq!(picture.file_name().unwrap(), "main-00001-s7-480p-4s-last.png");
    assert_eq!(picture.parent(), file(&made).parent());
    assert!(std::fs::read(picture).unwrap().starts_with(b"\x89PNG"));
    let sidecar = std::fs::read(file(&made).with_extension("json")).unwrap();
    let sidecar: Value = serde_json::from_slice(&sidecar).unwrap();
    assert_eq!(sidecar["last_frame_file"], made["last_frame_file"]);
}

fn sidecar(take: &Value) -> Value {
    serde_json::from_slice(&std::fs::read(file(take).with_extension("json")).unwrap()).unwrap()
}

/// A lost database gets the names of its reels from the sidecars.
#[test]
fn a_renamed_reel_comes_back_with_its_new_name() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    faster(home, "");
    let first = take(home, "night drive", "7", &[]);
    let other = take(home, "main", "8", &[]);
    let strange = file(&first).with_file_name("notes.json");
    std::fs::write(&strange, "{\"reel\": \"night drive\"}").unwrap();
    let renamed = output(home, &["reels", "rename", "night drive", "night"]);
    assert_eq!((renamed.status.code(), &*errors(&renamed)), (Some(0), ""));
    let beside = sidecar(&first);
    assert_eq!(
        (
            &beside["reel"],
            &beside["rebuild"]["reel"]["name"],
            &beside["sha256"]
        ),
        (&"night".into(), &"night".into(), &first["sha256"])
    );
    assert_eq!(sidecar(&other)["reel"], "main");
    assert_eq!(
        std::fs::read_to_string(&strange).unwrap(),
        "{\"reel\": \"night drive\"}"
    );
    lose_database(home);
    assert_eq!(records(home, &["--reel", "night", "ls", "--json"]).len(), 1);

    // A disk that is not there: the name is kept, the message names the take, and the next start finishes.
    let folder = file(&first).parent().unwrap();
    let disk = home.join("disk");
    std::fs::rename(folder, &disk).unwrap();
    std::os::unix::fs::symlink(home.join("unplugged"), folder).unwrap();
    let renamed = output(home, &["reels", "rename", "night", "dusk"]);
    assert_eq!(renamed.status.code(), Some(0), "{}", errors(&renamed));
    let said = errors(&renamed);
    assert!(
        said.contains("1 take of reel \"dusk\" could not be given its new name")
            && said.contains("take 1: its folder")
            && said.contains("the next start"),
        "{said}"
    );
    assert!(!folder.exists(), "no folder was made in its place");
    std::fs::remove_file(folder).unwrap();
    std::fs::rename(&disk, folder).unwrap();
    assert_eq!(sidecar(&first)["reel"], "night");
    take(home, "main", "9", &[]);
    assert_eq!(sidecar(&first)["reel"], "dusk");
    lose_database(home);
    assert_eq!(records(home, &["--reel", "dusk", "ls", "--json"]).len(), 1);
}

fn lose_database(home: &Path) {
    for ending in ["db", "db-wal", "db-shm"] {
        let _ = std::fs::remove_file(home.join("data/rushes").with_extension(ending));
    }
}

/// Every argument is described.
#[test]
fn the_help_of_reels_says_what_each_word_stands_for() {
    let home = tempfile::tempdir().unwrap();
    for command in ["new", "rename", "archive", "restore", "names"] {
        let help = output(home.path(), &["reels", command, "--help"]);
        let help = String::from_utf8(help.stdout).unwrap();
        let arguments = help
            .split("Arguments:")
            .nth(1)
            .unwrap()
            .split("Options:")
            .next()
            .unwrap();
        for line in arguments.lines().filter(|line| !line.trim().is_empty()) {
            let words = line.split_whitespace().count();
            assert!(words > 2, "reels {command}: {line:?} does not say what it is");
        }
    }
    let names = output(home.path(), &["reels", "names", "--help"]);
    let names = String::from_utf8(names.stdout).unwrap();
    for field in rushes::model::file_pattern::FIELDS {
        assert!(names.contains(&field.in_braces()), "{}: {names}", field.name);
    }
}

#[test]
fn a_command_that_reads_makes_no_reel_and_names_similar_ones() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    faster(home, "");
    take(home, "main", "7", &[]);
    let new = output(home, &["reels", "new", "night drive"]);
    assert_eq!(new.status.code(), Some(0), "{}", errors(&new));
    let names = || {
        let all = records(home, &["reels", "--all", "--json"]);
        let mut names: Vec<String> = all
            .iter()
            .map(|reel| reel["reel"].as_str().unwrap().to_owned())
            .collect();
        names.sort();
        names
    };
    let reading: [&[&str]; 14] = [
        &["ls"],
        &["ls", "--sweeps"],
        &["bin"],
        &["bin", "empty", "-y"],
        &["show", "1"],
        &["still", "1"],
        &["embed", "1", "-o", "copy.mp4"],
        &["bundle", "1", "-o", "copies.tar"],
        &["concat", "1", "-o", "joined.mp4"],
        &["estimate", "--prompt", "A kite."],
        &["promote", "1", "-y"],
        &["chain", "1"],
        &["probe", "1", "-y"],
        &["probe", "--list"],
    ];
    for arguments in reading {
        let refused = output(
            home,
            &[&["--sandbox", "--reel", "nigth drive"], arguments].concat(),
        );
        let said = errors(&refused);
        assert_eq!(refused.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(refused.stdout.is_empty(), "{arguments:?}");
        let told = "there is no reel \"nigth drive\"; did you mean \"night drive\"?";
        assert!(said.contains(told), "{arguments:?}: {said}");
        assert!(
            said.contains("`rushes reels new 'nigth drive'`"),
            "{arguments:?}: {said}"
        );
    }
    assert_eq!(names(), ["main", "night drive"]);
    // These work in no reel.
    for arguments in [&["reels"][..], &["resume"], &["reels", "new", "third"]] {
        let done = output(
            home,
            &[&["--sandbox", "--reel", "nigth drive"], arguments].concat(),
        );
        assert_eq!(done.status.code(), Some(0), "{arguments:?}: {}", errors(&done));
    }
    assert_eq!(names(), ["main", "night drive", "third"]);
    // A plan makes none either, and no reel is made under a name that `reels new` refuses.
    let plan = records(
        home,
        &[
            "--sandbox",
            "--reel",
            "nigth drive",
            "gen",
            "--dry-run",
            "--prompt",
            "A kite.",
            "--json",
        ],
    );
    assert_eq!(plan[0]["reel"], "nigth drive");
    let long = "n".repeat(81);
    for more in ["--dry-run", "-y"] {
        let refused = output(
            home,
            &["--sandbox", "--reel", &long, "gen", "--prompt", "A kite.", more],
        );
        assert_eq!(refused.status.code(), Some(2), "{more}: {}", errors(&refused));
        assert!(
            errors(&refused).contains("cannot be the name of a reel: use 1 to 80 characters"),
            "{more}: {}",
            errors(&refused)
        );
    }
    assert_eq!(names(), ["main", "night drive", "third"]);
    // What makes takes makes its reel.
    take(home, "fourth", "7", &[]);
    assert_eq!(names(), ["fourth", "main", "night drive", "third"]);
}

#[test]
fn the_default_reel_stays_the_default_under_another_name() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    faster(home, "");
    take(home, "main", "7", &[]);
    let done = |arguments: &[&str]| {
        let done = output(home, arguments);
        assert_eq!(done.status.code(), Some(0), "{arguments:?}: {}", errors(&done));
        done
    };
    done(&["reels", "rename", "main", "film"]);
    assert_eq!(records(home, &["ls", "--json"])[0]["reel"], "film");
    let promoted = done(&["--sandbox", "promote", "1", "-y", "--json"]);
    assert_eq!(of_lines(&promoted)[0]["reel"], "film");
    let reels = records(home, &["reels", "--all", "--json"]);
    assert_eq!(reels.len(), 1, "{reels:?}");
    // It can be renamed back, and another reel may be called main meanwhile.
    done(&["reels", "new", "main"]);
    assert_eq!(records(home, &["ls", "--json"]).len(), 2);
    done(&["reels", "rename", "main", "second"]);
    done(&["reels", "rename", "film", "main"]);
    assert_eq!(records(home, &["ls", "--json"])[0]["reel"], "main");
    assert_eq!(records(home, &["ls", "--json"]).len(), 2);
}

#[test]
fn a_filter_word_of_several_words_needs_no_quotes_of_its_own() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    faster(home, "");
    take(home, "main", "7", &["--sweep", "duration=4,5"]);
    let store = Store::open(&home.join("data/rushes.db"), Arc::new(SystemClock)).unwrap();
    store.set_tags(TakeId(1), &["b roll".to_owned()]).unwrap();
    let ids = |arguments: &[&str]| -> Vec<Value> {
        let all = records(home, &[&["ls", "--json"], arguments].concat());
        all.iter().map(|take| take["id"].clone()).collect()
    };
    assert_eq!(ids(&["tag:b roll"]), [1]);
    assert_eq!(ids(&["tag:\"b roll\""]), [1]);
    assert_eq!(ids(&["TAG:B Roll", "480p"]), [1]);
    assert_eq!(ids(&["tag:b", "roll"]), [0; 0]);
    assert_eq!(ids(&["seed:7 480p"]), [2, 1], "a line as one argument");
    let wrong = output(home, &["ls", "seed:seven days"]);
    assert!(
        errors(&wrong).contains("seed cannot be \"seven\": write a number"),
        "{}",
        errors(&wrong)
    );

    // The value that tells the takes of a sweep apart.
    let listed = records(home, &["ls", "--json"]);
    assert_eq!(
        (&listed[0]["value"], &listed[1]["value"]),
        (&"5 s".into(), &"4 s".into())
    );
    let people = String::from_utf8(output(home, &["ls"]).stdout).unwrap();
    let rows: Vec<&str> = people.lines().collect();
    assert!(rows[0].contains("s7           5 s    480p "), "{people}");
    assert!(rows[1].contains("s7           4 s    480p "), "{people}");
    // Another program gets rows alone; people in a terminal read what the columns are.
    assert_eq!(rows.len(), 2, "{people}");
    for (arguments, names) in [
        (&["ls"][..], ["take", "value", "cost"]),
        (&["ls", "--sweeps"], ["sweep", "varies", "cost"]),
    ] {
        let mut terminal = Terminal::start(home, 160, 10, arguments);
        let shown = terminal.see("free");
        let first = shown.lines().next().unwrap_or_default();
        assert!(names.iter().all(|name| first.contains(name)), "{shown}");
    }
}

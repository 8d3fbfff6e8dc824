//! `rushes stats` and `rushes export`: numbers and books of takes, as processes.

use std::io::Read;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;

use portable_pty::CommandBuilder;
use rushes::config::Paths;
use rushes::model::{Backend, SystemClock, TakeId, Usd, Verdict};
use rushes::store::{Facts, Store};
use serde_json::Value;

use crate::commands::{errors, of_lines, output, records, rushes};
use crate::primed_store::prime;
use crate::reels::{faster, take};
use crate::terminal::Terminal;

fn store(home: &Path) -> Store {
    let paths = Paths::resolve(Some(home), &|_| None).unwrap();
    Store::open(&paths.database(), Arc::new(SystemClock)).unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_owned()).unwrap()
}

/// Four live takes of 4 s that were saved three days ago, two of them billed, and one of the sandbox.
fn books(home: &Path) {
    faster(home, "");
    let ids = prime(home, Backend::Live, 4);
    let store = store(home);
    for (id, micros) in ids.iter().zip([250_000, 350_001]) {
        let bill = Facts::bill(Some(Usd::from_micros(micros)));
        store.learn(*id, &bill).unwrap();
    }
    store.set_verdict(ids[0], Verdict::Circled).unwrap();
    let tags = ["=hero", "b roll"].map(str::to_owned);
    store.set_tags(ids[0], &tags).unwrap();
    store.set_note(ids[0], "=HYPERLINK(\"evil\")").unwrap();
    store
        .set_note(ids[1], "her look, \"right\"\nand the sea")
        .unwrap();
    take(home, "main", "7", &[]);
}

fn stats_in_a_terminal(home: &Path, columns: u16) -> String {
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_rushes"));
    command.args(["stats"]);
    command.env_clear();
    let (status, bytes) = Terminal::run(command, home, columns, 50).end();
    assert_eq!(status.exit_code(), 0);
    text(&bytes)
}

#[test]
fn the_numbers_are_printed_and_the_sandbox_stands_apart() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let nothing = output(home, &["stats"]);
    assert!(
        text(&nothing.stdout).starts_with("No takes yet: "),
        "{}",
        errors(&nothing)
    );
    assert_eq!(records(home, &["stats", "--json"]), [Value::Null; 0]);
    books(home);
    let rows = records(home, &["stats", "--json", "--by", "model"]);
    let live = &rows[0];
    assert_eq!(
        (&live["kind"], &live["backend"]),
        (&"total".into(), &"live".into())
    );
    assert_eq!(
        (&live["takes"], &live["saved"], &live["kept"]),
        (&4.into(), &4.into(), &1.into())
    );
    assert_eq!(live["kept_seconds"], 4);
    assert_eq!(live["spent_usd"], 0.600_001);
    assert_eq!(
        (&live["estimated_usd"], &live["would_cost_usd"]),
        (&0.0.into(), &0.0.into())
    );
    assert_eq!(live["per_kept_take_usd"], 0.600_001);
    assert_eq!(live["per_kept_second_usd"], 0.15);
    assert_eq!(
        (&live["waits"]["takes"], &live["waits"]["median"]),
        (&4.into(), &0.25.into())
    );
    assert_eq!(
        live["waits"]["bars"][0],
        serde_json::json!({"from": 0, "to": 1, "takes": 4})
    );
    assert_eq!(
        (&live["failures"], &live["estimates"]),
        (&serde_json::json!({}), &Value::Null)
    );
    let of_model = &rows[1];
    assert_eq!(
        (&of_model["kind"], &of_model["model"]),
        (&"model".into(), &"seedance-2.0".into())
    );
    assert_eq!(of_model["spent_usd"], 0.600_001);
    let free = &rows[2];
    assert_eq!(
        (&free["kind"], &free["backend"]),
        (&"total".into(), &"sandbox".into())
    );
    assert_eq!((&free["spent_usd"], &free["takes"]), (&0.0.into(), &1.into()));
    assert!(free["would_cost_usd"].as_f64().unwrap() > 0.1, "{free}");

    for by in ["day", "reel", "sweep", "model"] {
        let shown = output(home, &["stats", "--by", by]);
        assert_eq!(shown.status.code(), Some(0), "{}", errors(&shown));
        let shown = text(&shown.stdout);
        let (live, free) = shown.split_once("\nSandbox\n").unwrap();
        assert!(
            live.starts_with("Live\n  $0.60 spent\n  4 takes: 4 saved\n"),
            "{live}"
        );
        assert!(
            live.contains("1 kept, 4 s: $0.60 a kept take, $0.150 a kept second"),
            "{live}"
        );
        assert!(live.contains("0:00 to 0:01      4  ####"), "{live}");
        assert!(free.starts_with("  free (live $"), "{free}");
        assert!(!shown.contains('\u{1b}'), "no colour");
    }
    for columns in [40, 60, 80, 200] {
        let shown = stats_in_a_terminal(home, columns);
        let widest = shown.lines().map(|line| line.trim_end().chars().count()).max();
        let rows: Vec<&str> = shown.lines().filter(|line| line.contains("  day ")).collect();
        assert_eq!(rows.len(), 2, "{shown}");
        let is_narrow = columns < 80;
        assert!(
            rows.iter()
                .all(|row| row.contains("takes") && row.contains("spent")),
            "{shown}"
        );
        assert_eq!(rows[0].contains("per kept s"), !is_narrow, "{shown}");
        assert!(is_narrow || widest <= Some(columns.into()), "{columns}: {shown}");
    }
    let named = records(home, &["--reel", "main", "stats", "--json", "--by", "reel"]);
    assert_eq!(named.len(), 2, "the live takes are in another reel: {named:?}");
    assert_eq!(named[1]["reel"], "main");
    let wrong = output(home, &["stats", "--by", "moon"]);
    assert_eq!(wrong.status.code(), Some(2));
}

#[test]
fn the_books_are_read_back_and_never_overwritten() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    books(home);
    let file = home.join("books.csv");
    let path = file.to_str().unwrap();
    let done = output(home, &["export", "--csv", "-o", path]);
    assert_eq!(done.status.code(), Some(0), "{}", errors(&done));
    assert_eq!(text(&done.stdout), format!("{path}: 5 takes\n"));
    let written = std::fs::read(&file).unwrap();
    let printed = output(home, &["export", "--csv"]);
    assert_eq!(printed.stdout, written);

    let mut table = csv::Reader::from_reader(&written[..]);
    let headings = table.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = table.records().collect::<Result<_, _>>().unwrap();
    let cell = |row: usize, name: &str| {
        let at = headings.iter().position(|heading| heading == name).unwrap();
        rows[row][at].to_owned()
    };
    let column = |name: &str| (0..rows.len()).map(|row| cell(row, name)).collect::<Vec<_>>();
    assert_eq!(column("take"), ["1", "2", "3", "4", "5"], "the oldest first");
    assert_eq!(column("bill"), ["0.25", "0.350001", "", "", "0.00"]);
    assert_eq!(column("estimate"), ["0.00"; 5]);
    assert_eq!(column("would_cost")[..4], [""; 4]);
    assert!(cell(4, "would_cost").parse::<f64>().unwrap() > 0.1);
    assert_eq!(column("backend"), ["live", "live", "live", "live", "sandbox"]);
    assert_eq!(column("currency"), ["USD"; 5]);
    assert_eq!(
        (cell(0, "verdict"), cell(1, "verdict")),
        ("circled".to_owned(), "none".to_owned())
    );
    assert_eq!(
        cell(0, "note"),
        "'=HYPERLINK(\"evil\")",
        "no spreadsheet calculates it"
    );
    assert_eq!(cell(1, "note"), "her look, \"right\"\nand the sea");
    assert_eq!(cell(0, "tags"), "'=hero, b roll");
    assert_eq!(column("value"), [""; 5]);
    assert_eq!(cell(4, "reel"), "main");
    assert!(Path::new(&cell(4, "file")).is_file());
    let utc: jiff::Timestamp = cell(0, "date_utc").parse().unwrap();
    let sent = store(home).take(TakeId(1)).unwrap().times.submitted.unwrap();
    assert_eq!(utc.as_second(), sent.as_second());
    assert!(
        cell(0, "date_local").ends_with("+00:00"),
        "{}",
        cell(0, "date_local")
    );

    for kind in ["--csv", "--json"] {
        let again = output(home, &["export", kind, "-o", path]);
        assert_eq!(again.status.code(), Some(2));
        assert!(errors(&again).contains("books.csv is there already, and it was not overwritten"));
    }
    assert_eq!(std::fs::read(&file).unwrap(), written);

    let filtered = text(&output(home, &["export", "--csv", "backend:sandbox"]).stdout);
    assert_eq!(filtered.lines().count(), 2, "{filtered}");
    for arguments in [
        &["export"][..],
        &["export", "--csv", "--json"],
        &["export", "--csv", "moon:1"],
    ] {
        assert_eq!(output(home, arguments).status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn the_objects_are_those_of_ls() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    books(home);
    let mut listed = records(home, &["ls", "--all-reels", "--json"]);
    listed.reverse();
    assert_eq!(records(home, &["export", "--json"]), listed);
    let file = home.join("books.jsonl");
    let done = output(
        home,
        &[
            "export",
            "--json",
            "--output",
            file.to_str().unwrap(),
            "verdict:circled",
        ],
    );
    assert_eq!(done.status.code(), Some(0), "{}", errors(&done));
    let written = std::fs::read_to_string(&file).unwrap();
    assert_eq!(written.lines().count(), 1);
    assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), listed[0]);
    let one = of_lines(&output(home, &["export", "--json", "take:5"]));
    assert_eq!(one, listed[4..]);
}

/// More takes than a pipe holds, and a reader that leaves after the first bytes.
#[test]
fn a_reader_that_leaves_early_is_no_error() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    faster(home, "");
    prime(home, Backend::Sandbox, 600);
    for kind in ["--csv", "--json"] {
        let mut child = rushes(home, &["export", kind])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = [0; 16];
        child.stdout.as_mut().unwrap().read_exact(&mut first).unwrap();
        drop(child.stdout.take());
        let ended = child.wait_with_output().unwrap();
        assert_eq!(ended.status.code(), Some(0), "{}", errors(&ended));
        assert_eq!(errors(&ended), "");
    }
    // A page has 500 takes.
    let all = text(&output(home, &["export", "--csv"]).stdout);
    assert_eq!(all.lines().count(), 601);
}

//! `rushes export`: books of takes, as processes.

use std::io::Read;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;

use rushes::config::Paths;
use rushes::model::{Backend, SystemClock, TakeId, Usd, Verdict};
use rushes::store::{Facts, Store};
use serde_json::Value;

use crate::commands::{errors, of_lines, output, records, rushes};
use crate::primed_store::prime;
use crate::reels::{faster, take};

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
    store.set_note(ids[0], "=HYPERLINK(\"evil\")").unwrap();
    store
        .set_note(ids[1], "her look, \"right\"\nand the sea")
        .unwrap();
    take(home, "main", "7", &[]);
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

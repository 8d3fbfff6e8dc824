//! The day's cap: what stops live takes, what it leaves, and that bills stay below it.

use std::path::Path;
use std::process::{Command, Output};

use rushes::model::{Backend, Expectation};
use rushes::sandbox::KEY;
use serde_json::Value;

use crate::commands::{Server, errors, of_lines, records, rushes};
use crate::hangup::first;
use crate::observed_run::until;
use crate::primed_store::prime;

/// A home in which live takes are polled as often as the sandbox is quick.
fn home() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    prime(home.path(), Backend::Live, Expectation::MIN_TAKES);
    home
}

/// A command on live money, which the sandbox accepts too.
fn live(home: &Path, server: &Server, arguments: &[&str]) -> Command {
    let mut command = rushes(home, arguments);
    command.args(["--live", "--api", &server.origin]);
    command.env("SEGMIND_API_KEY", KEY);
    command
}

pub fn r#gen(home: &Path, server: &Server, arguments: &[&str]) -> Output {
    let request = [&["gen", "--prompt", "a kite", "--duration", "4"], arguments].concat();
    live(home, server, &request).output().unwrap()
}

fn set(home: &Path, settings: &str) {
    std::fs::create_dir_all(home.join("config")).unwrap();
    std::fs::write(home.join("config/config.toml"), settings).unwrap();
}

/// Every take of the log.
fn takes(home: &Path) -> Vec<Value> {
    records(home, &["ls", "--json"])
}

fn billed(takes: &[Value]) -> f64 {
    takes.iter().filter_map(|take| take["cost_usd"].as_f64()).sum()
}

#[test]
fn settings_about_money_that_cannot_be_read_stop_live_takes() {
    let cases = [
        ("cap_per_day = 0,50\n", "config.toml:1"),
        ("cap_per_day = -5\n", "config.toml:1"),
        ("cap_per_day = \"ten\"\n", "config.toml:1"),
        ("mouse = true\ncap_per_day = \"\"\n", "config.toml:2"),
        ("cap_per_dya = 0.1\n", "config.toml:1"),
        ("max_per_day = 0.1\n", "config.toml:1"),
        ("cap_per_day = 5\n\nmouse: true\n", "config.toml:3"),
        (
            "[prices.\"seedance-2.0\"]\nusd_per_million_tokens = \"cheap\"\nas_of = 2026-11-01\n",
            "config.toml:2",
        ),
        (
            "[prices.\"seedance-3.0\"]\nusd_per_million_tokens = 9\n",
            "config.toml:1",
        ),
    ];
    let home = home();
    let server = Server::start(home.path(), "");
    for (settings, place) in cases {
        set(home.path(), settings);
        let ended = r#gen(home.path(), &server, &["--yes"]);
        let told = errors(&ended);
        assert_eq!(ended.status.code(), Some(4), "{settings:?}: {told}");
        let last = told.lines().last().unwrap();
        assert!(
            last.contains("nothing was sent") && last.contains(place),
            "{settings:?}: {told}"
        );
        assert!(takes(home.path()).is_empty(), "{settings:?}");
    }
    // Other mistakes leave the file readable, and the sandbox knows no money.
    set(home.path(), "thme = \"ansi\"\nin_flight = \"many\"\n");
    let ended = r#gen(home.path(), &server, &["--yes"]);
    assert_eq!(ended.status.code(), Some(0), "{}", errors(&ended));
    set(home.path(), "cap_per_day = 0,50\n");
    let play = rushes(home.path(), &["gen", "--prompt", "k", "--dry-run", "--sandbox"]).output();
    let play = play.unwrap();
    assert_eq!(play.status.code(), Some(0), "{}", errors(&play));
}

#[test]
fn a_settings_file_that_cannot_be_opened_stops_live_takes() {
    let home = home();
    let server = Server::start(home.path(), "");
    // Even root cannot read these as a file.
    std::fs::create_dir_all(home.path().join("config/config.toml")).unwrap();
    let ended = r#gen(home.path(), &server, &["--yes"]);
    assert_eq!(ended.status.code(), Some(4), "{}", errors(&ended));
    assert!(errors(&ended).contains("config.toml"), "{}", errors(&ended));
    std::fs::remove_dir(home.path().join("config/config.toml")).unwrap();
    std::os::unix::fs::symlink("/nowhere/at/all", home.path().join("config/config.toml")).unwrap();
    let ended = r#gen(home.path(), &server, &["--yes"]);
    assert_eq!(ended.status.code(), Some(4), "{}", errors(&ended));
    assert!(takes(home.path()).is_empty());
}

/// Real bills count one frame more than the formula.
#[test]
fn what_is_billed_stays_below_the_cap() {
    let home = home();
    let server = Server::start(home.path(), "");
    set(home.path(), "cap_per_day = 2.82\nin_flight = 20\n");
    let ended = r#gen(home.path(), &server, &["--seeds", "1..10", "--yes"]);
    let sum = billed(&takes(home.path()));
    assert!(sum <= 2.82, "{sum} was billed under a cap of 2.82");
    assert_eq!(ended.status.code(), Some(4), "{}", errors(&ended));
    assert!(errors(&ended).contains("9 of 10"), "{}", errors(&ended));
    let ended = r#gen(home.path(), &server, &["--seeds", "1..9", "--yes", "--json"]);
    assert_eq!(ended.status.code(), Some(0), "{}", errors(&ended));
    let sum = billed(&takes(home.path()));
    assert!(sum > 2.55 && sum <= 2.82, "{sum}");
    for take in of_lines(&ended) {
        let [estimate, most, cost] =
            ["estimate_usd", "estimate_max_usd", "cost_usd"].map(|name| take[name].as_f64().unwrap());
        // The bill is the estimate, to the micro-dollar.
        assert!(
            (estimate - cost).abs() < 1e-9 && cost <= most,
            "{estimate} {cost} {most}"
        );
    }
}

#[test]
fn estimate_and_dry_run_know_the_cap() {
    let home = home();
    let server = Server::start(home.path(), "");
    set(home.path(), "cap_per_day = 0.60\n");
    let estimate = |seeds: &str| {
        let arguments = ["estimate", "--duration", "4", "--seeds", seeds];
        live(home.path(), &server, &arguments).output().unwrap()
    };
    for (seeds, code) in [("1, 2", 0), ("1, 2, 3", 4)] {
        for ended in [
            estimate(seeds),
            r#gen(home.path(), &server, &["--dry-run", "--seeds", seeds]),
        ] {
            let told = errors(&ended);
            assert_eq!(ended.status.code(), Some(code), "{seeds}: {told}");
            let is_said = told.contains("$0.60") && told.contains("2 of 3");
            assert_eq!(is_said, code == 4, "{seeds}: {told}");
        }
    }
    // Play money knows no cap.
    let play = ["estimate", "--sandbox", "--seeds", "1..9"];
    let play = rushes(home.path(), &play).output().unwrap();
    assert_eq!(play.status.code(), Some(0), "{}", errors(&play));
    set(home.path(), "cap_per_day = \"none\"\n");
    assert_eq!(estimate("1..9").status.code(), Some(0));
    set(home.path(), "cap_per_day = 0,60\n");
    let ended = estimate("1");
    assert_eq!(ended.status.code(), Some(4), "{}", errors(&ended));
    // Without a key, play money would pay, and `gen` sends.
    let play = rushes(home.path(), &["estimate"]).output().unwrap();
    assert_eq!(play.status.code(), Some(0), "{}", errors(&play));
    let told = String::from_utf8_lossy(&play.stdout).into_owned();
    assert!(told.contains("; 90% finish within "), "{told}");
}

/// Runs `gen` with six takes, one at a time, and changes the settings once the first is saved.
fn changed_on_the_way(settings: &str) -> (Output, Vec<Value>) {
    let home = home();
    let server = Server::start(home.path(), "");
    set(home.path(), "cap_per_day = 10\nin_flight = 1\n");
    let request = [
        "gen",
        "--prompt",
        "a kite",
        "--duration",
        "4",
        "--seeds",
        "1..6",
        "--yes",
    ];
    let mut command = live(home.path(), &server, &request);
    let running = command
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    until("a take is saved", || {
        let saved = "SELECT id FROM takes WHERE state = 'saved' AND prompt = 'a kite'";
        first::<i64>(home.path(), saved)
    });
    set(home.path(), settings);
    let ended = running.wait_with_output().unwrap();
    (ended, takes(home.path()))
}

#[test]
fn a_lowered_cap_applies_to_takes_in_the_queue() {
    let (ended, takes) = changed_on_the_way("cap_per_day = 0.60\nin_flight = 1\n");
    assert!(billed(&takes) <= 0.60, "{takes:#?}");
    assert_eq!(ended.status.code(), Some(4), "{}", errors(&ended));
    assert!(errors(&ended).contains("cap of $0.60"), "{}", errors(&ended));
}

#[test]
fn settings_that_break_during_a_run_stop_takes_in_the_queue() {
    let (ended, takes) = changed_on_the_way("in_flight = 1\ncap_per_day = 0,60\n");
    assert!(
        takes.iter().any(|take| take["state"] == "cancelled"),
        "{takes:#?}"
    );
    assert_eq!(ended.status.code(), Some(4), "{}", errors(&ended));
    assert!(errors(&ended).contains("config.toml:2"), "{}", errors(&ended));
}

const HALF_PRICE: &str =
    "in_flight = 1\n[prices.\"seedance-2.0\"]\nusd_per_million_tokens = 3.5\nas_of = 2026-11-01\n";

#[test]
fn a_bill_above_the_reserve_is_reported_and_stops_the_queue() {
    let home = home();
    let server = Server::start(home.path(), "");
    set(home.path(), HALF_PRICE);
    let ended = r#gen(home.path(), &server, &["--seeds", "1..3", "--yes"]);
    let told = errors(&ended);
    assert_eq!(ended.status.code(), Some(4), "{told}");
    assert!(
        told.contains("was billed $0.28") && told.contains("$0.14"),
        "{told}"
    );
    let takes = takes(home.path());
    let saved = takes.iter().filter(|take| take["state"] == "saved");
    assert_eq!(saved.count(), 1, "{takes:#?}");
    // New takes do not lift the stop; the user's word does.
    let ended = r#gen(home.path(), &server, &["--seeds", "9", "--yes"]);
    let told = errors(&ended);
    assert_eq!(ended.status.code(), Some(4), "{told}");
    assert!(
        told.contains("nothing was sent: the queue is stopped") && told.contains("rushes resume"),
        "{told}"
    );
    assert_eq!(self::takes(home.path()).len(), takes.len());
    live(home.path(), &server, &["resume"]).output().unwrap();
    let ended = r#gen(home.path(), &server, &["--seeds", "9", "--yes"]);
    assert_eq!(
        self::takes(home.path()).len(),
        takes.len() + 1,
        "{}",
        errors(&ended)
    );
}

const NO_PRICE: &str =
    "cap_per_day = 1\n[prices.\"seedance-2.0\"]\nusd_per_million_tokens = 0\nas_of = 2026-11-01\n";

#[test]
fn without_a_known_price_a_cap_needs_a_maximum_from_the_user() {
    let home = home();
    let server = Server::start(home.path(), "");
    set(home.path(), NO_PRICE);
    let ended = r#gen(home.path(), &server, &["--yes"]);
    assert_eq!(ended.status.code(), Some(4), "{}", errors(&ended));
    assert!(errors(&ended).contains("--max-price"), "{}", errors(&ended));
    let ended = r#gen(home.path(), &server, &["--yes", "--max-price", "1.20"]);
    assert_eq!(ended.status.code(), Some(4), "{}", errors(&ended));
    assert!(takes(home.path()).is_empty());
    let ended = r#gen(home.path(), &server, &["--yes", "--max-price", "0.50", "--json"]);
    assert_eq!(ended.status.code(), Some(0), "{}", errors(&ended));
    assert_eq!(of_lines(&ended)[0]["estimate_max_usd"], 0.5);
    // A price that is known must stay below the maximum, too.
    set(home.path(), "");
    let ended = r#gen(home.path(), &server, &["--yes", "--max-price", "0.28"]);
    assert_eq!(ended.status.code(), Some(4), "{}", errors(&ended));
    assert_eq!(takes(home.path()).len(), 1);
}

#[test]
fn a_reference_video_is_priced_as_a_range() {
    let home = home();
    let server = Server::start(home.path(), "");
    set(home.path(), "");
    let video = ["--video", "https://example.org/a.mp4"];
    let shown = r#gen(home.path(), &server, &[&video[..], &["--dry-run"]].concat());
    let text = String::from_utf8_lossy(&shown.stdout).into_owned();
    // From 4 s at the lowest rate to 4 s and a clip of at most 15 s: 19 s and two frames at the full rate.
    assert!(text.contains("$0.17 to $1.34"), "{text}");
    assert!(text.contains("The price is not known for sure"), "{text}");
    let shown = r#gen(
        home.path(),
        &server,
        &[&video[..], &["--dry-run", "--json"]].concat(),
    );
    assert_eq!(of_lines(&shown)[0]["estimate_max_usd"], 1.341_711);
}

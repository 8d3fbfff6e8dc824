//! `rushes reconcile`, and what `gen` and `resume` say about takes on hold and repeated takes.

use std::path::Path;
use std::process::Output;
use std::sync::Arc;

use rushes::model::{Backend, Form, SystemClock, TakeState, Usd};
use rushes::store::{Admission, Claim, Claimed, Facts, Store};
use serde_json::Value;

use crate::commands::{Server, errors, of_lines, output, records};

fn run(home: &Path, server: &Server, arguments: &[&str]) -> Output {
    let all: Vec<&str> = ["--api", server.origin.as_str()]
        .into_iter()
        .chain(arguments.iter().copied())
        .collect();
    output(home, &all)
}

fn generate(home: &Path, server: &Server, seeds: &str, more: &[&str]) -> Output {
    let base = [
        "gen",
        "--prompt",
        "A kite.",
        "--duration",
        "4",
        "--json",
        "--seeds",
        seeds,
    ];
    run(home, server, &[&base, more].concat())
}

fn reconcile(home: &Path, server: &Server, more: &[&str]) -> (Output, Vec<Value>) {
    let ended = run(home, server, &[&["reconcile", "--json"], more].concat());
    let lines = of_lines(&ended);
    (ended, lines)
}

#[test]
fn another_machine_imports_what_this_one_made_and_buys_nothing() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let server = Server::start(one.path(), "");
    let made = generate(one.path(), &server, "1,2", &[]);
    assert_eq!(made.status.code(), Some(0), "{}", errors(&made));

    let (ended, agreed) = reconcile(one.path(), &server, &[]);
    assert_eq!(ended.status.code(), Some(0), "{}", errors(&ended));
    assert_eq!(agreed.len(), 1, "{agreed:?}");
    assert_eq!(
        (&agreed[0]["kind"], &agreed[0]["agree"]),
        (&"summary".into(), &true.into())
    );
    assert_eq!(agreed[0]["ours_usd"], agreed[0]["theirs_usd"]);

    let (ended, offered) = reconcile(other.path(), &server, &[]);
    assert_eq!(ended.status.code(), Some(0), "{}", errors(&ended));
    let kinds: Vec<&Value> = offered.iter().map(|line| &line["kind"]).collect();
    assert_eq!(kinds, ["elsewhere", "elsewhere", "summary"]);
    assert!(offered[0]["prompt"].as_str().unwrap().contains("kite"));
    assert!(records(other.path(), &["ls", "--json"]).is_empty());

    let first = offered[0]["request_id"].as_str().unwrap();
    let (ended, _) = reconcile(other.path(), &server, &["--import", first]);
    assert_eq!(ended.status.code(), Some(0), "{}", errors(&ended));
    let (ended, lines) = reconcile(other.path(), &server, &["--import", "all"]);
    assert_eq!(ended.status.code(), Some(0), "{}", errors(&ended));
    assert_eq!(lines.iter().filter(|line| line["kind"] == "adopted").count(), 1);
    let takes = records(other.path(), &["ls", "--json"]);
    assert_eq!(takes.len(), 2);
    for take in &takes {
        assert_eq!(take["state"], "saved", "{take}");
        assert!(Path::new(take["file"].as_str().unwrap()).is_file());
    }
    let hashes = |takes: &[Value]| {
        let mut all: Vec<String> = takes.iter().map(|take| take["sha256"].to_string()).collect();
        all.sort();
        all
    };
    assert_eq!(hashes(&takes), hashes(&of_lines(&made)));
    let (ended, again) = reconcile(other.path(), &server, &["--import", "all", first]);
    assert_eq!(ended.status.code(), Some(0), "{}", errors(&ended));
    assert_eq!(again[0]["agree"], true, "{again:?}");
    let text = run(other.path(), &server, &["reconcile"]);
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(text.contains("in sync") && text.contains("2 requests"), "{text}");
    // `--adopt` is the older name of `--import`.
    let unknown = run(
        other.path(),
        &server,
        &["reconcile", "--adopt", "nothing-like-it"],
    );
    assert_eq!(unknown.status.code(), Some(2), "{}", errors(&unknown));
}

#[test]
fn a_history_that_cannot_be_read_has_its_exit_code() {
    for (fault, code) in [("status = 401", 3), ("status = 502", 7)] {
        let home = tempfile::tempdir().unwrap();
        let server = Server::start(
            home.path(),
            &format!("[[fault]]\npath = \"/inference-request/**\"\n{fault}\n"),
        );
        let (ended, lines) = reconcile(home.path(), &server, &[]);
        assert_eq!(ended.status.code(), Some(code), "{fault}: {}", errors(&ended));
        assert_eq!(lines, Vec::<Value>::new());
    }
    let home = tempfile::tempdir().unwrap();
    let ended = output(home.path(), &["reconcile", "--days", "32"]);
    assert_eq!(ended.status.code(), Some(2));
}

#[test]
fn an_outcome_that_stays_unknown_is_reported_and_waiting_takes_are_not_sent() {
    let home = tempfile::tempdir().unwrap();
    // No row of this history can be read: nothing is proven by it.
    let server = Server::start(
        home.path(),
        "[[fault]]\npath = \"/inference-request/**\"\nstatus = 200\n\
         body = '{\"data\":[{\"what\":\"is this\"}]}'\ncontent_type = \"application/json\"\n",
    );
    let data = home.path().join("data");
    std::fs::create_dir_all(&data).unwrap();
    let store = Store::open(&data.join("rushes.db"), Arc::new(SystemClock)).unwrap();
    let reel = store.reel("main").unwrap();
    let form = Form {
        prompt: "A kite.".to_owned(),
        ..Form::default()
    };
    let seeds = "1, 2".parse::<rushes::model::SeedList>().unwrap();
    let ids = store
        .admit(&Admission::of(
            &reel.id,
            Backend::Sandbox,
            form,
            seeds.draw(&mut fastrand::Rng::new()),
            Usd::ZERO,
            Usd::ZERO,
        ))
        .unwrap();
    let claim = Claim {
        owner: "died".to_owned(),
        account: "0123456789abcdef".to_owned(),
        backend: Backend::Sandbox,
        limit: 4,
        caps: rushes::store::Caps::default(),
        prices: None,
        lease: jiff::SignedDuration::from_secs(1),
    };
    assert!(matches!(store.claim(&claim).unwrap(), Claimed::Take(_)));
    store
        .step("died", ids[0], TakeState::Unknown, "", &Facts::default())
        .unwrap();
    store.leases("died").release_all().unwrap();
    let (ended, lines) = reconcile(home.path(), &server, &[]);
    assert_eq!(ended.status.code(), Some(6), "{}", errors(&ended));
    let summary = lines.last().unwrap();
    assert_eq!(
        (&summary["whole"], &summary["unknown"]),
        (&false.into(), &1.into())
    );
    assert_eq!(summary["agree"], false);
    // It is not sent round in a circle.
    let said = errors(&ended);
    assert!(
        said.contains("rushes resume") && !said.contains("rushes reconcile"),
        "{said}"
    );
    let states: Vec<TakeState> = ids.iter().map(|id| store.take(*id).unwrap().state).collect();
    assert_eq!(states, [TakeState::Unknown, TakeState::Waiting]);
}

#[test]
fn takes_on_hold_are_reported_and_wait_for_the_user() {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(home.path().join("config")).unwrap();
    std::fs::write(home.path().join("config/config.toml"), "in_flight = 1\n").unwrap();
    let server = Server::start(
        home.path(),
        "[[fault]]\nmethod = \"POST\"\npath = \"/v2/*\"\nfirst = 2\n\
         fail = \"OutputAudioSensitiveContentDetected\"\n",
    );
    let ended = generate(home.path(), &server, "1..4", &[]);
    assert_eq!(ended.status.code(), Some(5), "{}", errors(&ended));
    let states: Vec<Value> = of_lines(&ended)
        .iter()
        .map(|take| take["state"].clone())
        .collect();
    assert_eq!(states, ["failed", "failed", "waiting", "waiting"]);
    assert!(errors(&ended).contains("on hold, not sent"), "{}", errors(&ended));
    assert!(errors(&ended).contains("Switch audio off"), "{}", errors(&ended));
    let resumed = run(home.path(), &server, &["resume"]);
    assert_eq!(resumed.status.code(), Some(5), "{}", errors(&resumed));
    assert!(errors(&resumed).contains("on hold"), "{}", errors(&resumed));
    // The older name of `--release-on-hold`.
    let released = run(home.path(), &server, &["resume", "--release-held"]);
    assert!(
        errors(&released).contains("2 takes on hold released"),
        "{}",
        errors(&released)
    );
    let listed = run(home.path(), &server, &["ls", "--json"]);
    let states: Vec<Value> = of_lines(&listed)
        .iter()
        .map(|take| take["state"].clone())
        .collect();
    assert_eq!(states, ["saved", "saved", "failed", "failed"]);
}

#[test]
fn repeats_are_counted_before_and_told_after() {
    let home = tempfile::tempdir().unwrap();
    let server = Server::start(
        home.path(),
        "[[fault]]\nmethod = \"POST\"\npath = \"/v2/*\"\nnth = 1\nfail = \"Internal error\"\n",
    );
    let counted = output(
        home.path(),
        &[
            "gen",
            "--prompt",
            "k",
            "--duration",
            "4",
            "--repeat",
            "2",
            "--dry-run",
        ],
    );
    let text = String::from_utf8(counted.stdout).unwrap();
    assert!(text.contains("up to $0.85 with 2 repeats of each"), "{text}");
    let ended = generate(home.path(), &server, "1", &["--repeat", "2"]);
    assert_eq!(ended.status.code(), Some(0), "{}", errors(&ended));
    let takes = of_lines(&ended);
    assert_eq!(
        (&takes[0]["state"], &takes[1]["state"]),
        (&"failed".into(), &"saved".into())
    );
    assert_eq!(takes[1]["parent"], takes[0]["id"]);
    let refused = output(home.path(), &["gen", "--prompt", "k", "--repeat", "4"]);
    assert_eq!(refused.status.code(), Some(2));
}

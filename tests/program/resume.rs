//! `rushes resume` after a while: an old take is not given up before it was looked up.

use std::path::Path;
use std::process::Command;

use crate::commands::{Server, records, rushes};
use crate::observed_run;

/// Runs `rushes gen` until the video of its take could not be downloaded, and kills it.
fn left_at_the_provider(home: &Path, mut generating: Command) {
    let mut generating = generating.spawn().unwrap();
    let take = || records(home, &["ls", "--json"]).pop();
    observed_run::until("its video could not be downloaded", || {
        assert!(generating.try_wait().unwrap().is_none(), "{:?}", take());
        take().filter(|take| take["state"] == "rendered" && !take["error_kind"].is_null())
    });
    generating.kill().unwrap();
    generating.wait().unwrap();
}

#[test]
fn a_video_that_could_not_be_downloaded_an_hour_ago_is_downloaded() {
    let home = tempfile::tempdir().unwrap();
    let shift = home.path().join("shift");
    let run = |origin: &str, arguments: &[&str]| {
        let mut command = rushes(home.path(), arguments);
        command
            .env("RUSHES_API", origin)
            .env("RUSHES_CLOCK_SHIFT", &shift);
        command
    };
    let lost = "[[fault]]\npath = \"/files/*\"\nexpire = \"file\"\n";
    let server = Server::start(home.path(), lost);
    let arguments = [
        "gen",
        "--prompt",
        "a kite",
        "--seeds",
        "7",
        "--duration",
        "4",
        "--no-audio",
        "--yes",
    ];
    left_at_the_provider(home.path(), run(&server.origin, &arguments));
    drop(server);
    std::fs::write(&shift, "3600").unwrap();
    let server = Server::start(home.path(), "");
    let resumed = run(&server.origin, &["resume"]).output().unwrap();
    assert_eq!(resumed.status.code(), Some(0), "{resumed:?}");
    let take = records(home.path(), &["ls", "--json"]).pop();
    assert_eq!(take.unwrap()["state"], "saved");
}

#[test]
fn a_live_take_that_is_not_finished_asks_for_its_key() {
    let home = tempfile::tempdir().unwrap();
    let server = Server::start(home.path(), "[[fault]]\npath = \"/files/*\"\nexpire = \"file\"\n");
    let arguments = [
        "--live",
        "--api",
        &server.origin,
        "gen",
        "--prompt",
        "a kite",
        "--seeds",
        "7",
        "--duration",
        "4",
        "--yes",
    ];
    let mut generating = rushes(home.path(), &arguments);
    generating.env("SEGMIND_API_KEY", "SG_0123456789abcdef");
    left_at_the_provider(home.path(), generating);
    let resumed = rushes(home.path(), &["resume"]).output().unwrap();
    assert_eq!(resumed.status.code(), Some(3), "{resumed:?}");
    let said = String::from_utf8_lossy(&resumed.stderr);
    assert!(
        said.contains("1 live take not finished: set SEGMIND_API_KEY"),
        "{said}"
    );
}

//! `rushes probe`: the same request once more, paid at most once, and what the comparison says.

use std::path::Path;
use std::process::{Output, Stdio};
use std::sync::Arc;

use portable_pty::CommandBuilder;
use rushes::model::{Backend, Expectation, FailureKind, SystemClock, TakeId, TakeState, Usd};
use rushes::store::{Admission, Store};
use serde_json::Value;

use crate::commands::{Server, errors, of_lines, output, records, rushes};
use crate::observed_run::{ask_to_end, until};
use crate::primed_store::prime;
use crate::reels::{faster, file, take};
use crate::terminal::Terminal;

const KEY: &str = "SG_0123456789abcdef";

/// A sandbox that gives this for the same seed.
fn sandbox(home: &Path, same_seed: &str, speed: &str) -> Server {
    let state = home.join("server");
    let state = state.to_str().unwrap();
    let arguments = [
        "sandbox",
        "--port",
        "0",
        "--speed",
        speed,
        "--same-seed",
        same_seed,
        "--state",
        state,
    ];
    Server::spawn(&mut rushes(home, &arguments))
}

/// The program as if live, against this sandbox.
fn live(home: &Path, server: &Server, arguments: &[&str]) -> Output {
    let all = [&["--live", "--api", &server.origin], arguments].concat();
    rushes(home, &all).env("SEGMIND_API_KEY", KEY).output().unwrap()
}

/// Makes one take of four seconds.
fn gen_args(seed: &str) -> [&str; 9] {
    [
        "gen",
        "--prompt",
        "A kite.",
        "--duration",
        "4",
        "--seeds",
        seed,
        "--json",
        "-y",
    ]
}

/// A saved take as if live; its number.
fn saved(home: &Path, server: &Server) -> String {
    let generate = gen_args("7");
    let made = live(home, server, &generate);
    assert_eq!(made.status.code(), Some(0), "{}", errors(&made));
    of_lines(&made)[0]["id"].to_string()
}

/// How many takes were made after those of [`prime`].
fn takes(home: &Path) -> usize {
    records(home, &["ls", "--json"]).len()
}

#[test]
fn a_probe_names_the_price_asks_once_and_keeps_what_it_finds() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    prime(home, Backend::Live, Expectation::MIN_TAKES);
    let server = sandbox(home, "same", "20");
    let id = saved(home, &server);
    let before = live(home, &server, &["promote", &id]);
    assert!(
        !errors(&before).contains("the same seed gave"),
        "{}",
        errors(&before)
    );

    // Without a terminal to ask on, nothing is sent.
    let asked = live(home, &server, &["probe", &id]);
    let said = errors(&asked);
    assert_eq!(asked.status.code(), Some(2), "{said}");
    assert!(
        said.contains(&format!(
            "The request of take {id} is run once more with seed 7: 1 × $"
        )),
        "{said}"
    );
    assert!(
        said.contains("would cost $") && said.contains("add --yes"),
        "{said}"
    );
    assert_eq!(takes(home), 1);
    let capped = live(home, &server, &["probe", &id, "-y", "--max-price", "0.01"]);
    assert_ne!(capped.status.code(), Some(0), "{}", errors(&capped));

    let done = live(home, &server, &["probe", &id, "-y", "--json"]);
    assert_eq!(done.status.code(), Some(0), "{}", errors(&done));
    let result = &of_lines(&done)[0];
    assert_eq!(of_lines(&done).len(), 1);
    assert_eq!(
        (&result["outcome"], &result["same_request"]),
        (&"same".into(), &true.into())
    );
    assert_eq!(
        (&result["equal_frames"], &result["psnr_mean_db"]),
        (&96.into(), &Value::Null)
    );
    assert_eq!(result["backend"], "live");
    let paid = takes(home);
    let repeat = &records(home, &["ls", "--json"])[0];
    assert_eq!(
        (&repeat["id"], &repeat["lineage"]),
        (&result["other"], &"repeated".into())
    );

    // It is listed, shown, and told before money is spent again.
    assert_eq!(&records(home, &["probe", "--list", "--json"])[0], result);
    let shown = String::from_utf8(output(home, &["show", &id]).stdout).unwrap();
    assert!(
        shown.contains(&format!("probe        the same clip as take {}", repeat["id"])),
        "{shown}"
    );
    let known = "the same seed gave the same clip on 2";
    for arguments in [["promote", &id], ["probe", &id]] {
        let asked = live(home, &server, &arguments);
        assert_eq!(asked.status.code(), Some(2), "{arguments:?}");
        assert!(
            errors(&asked).contains(known) && errors(&asked).contains("(1 of 1)"),
            "{}",
            errors(&asked)
        );
    }
    let again = errors(&live(home, &server, &["probe", &id]));
    assert!(
        again.contains(&format!("Earlier probes of seedance-2.0: {known}")),
        "{again}"
    );
    assert_eq!(takes(home), paid);
    // A take of the sandbox is not repeated for money.
    let free = live(home, &server, &["--sandbox", "probe", &id, "-y"]);
    assert_ne!(free.status.code(), Some(0));
    assert_eq!(takes(home), paid);
}

#[test]
fn near_and_different_clips_are_told_apart() {
    for (same_seed, outcome) in [("near", "near"), ("different", "different")] {
        let home = tempfile::tempdir().unwrap();
        let home = home.path();
        let server = sandbox(home, same_seed, "50");
        let on = |arguments: &[&str]| {
            let all = [&["--sandbox", "--api", &server.origin], arguments].concat();
            let done = output(home, &all);
            assert_eq!(done.status.code(), Some(0), "{}", errors(&done));
            done
        };
        on(&gen_args("7"));
        let done = on(&["probe", "1", "--json"]);
        let result = of_lines(&done).remove(0);
        assert_eq!(result["outcome"], outcome, "{result}");
        let (mean, min) = (
            result["psnr_mean_db"].as_f64().unwrap(),
            result["psnr_min_db"].as_f64().unwrap(),
        );
        assert!(min <= mean && (outcome != "near" || min >= 30.0), "{result}");
        let list = String::from_utf8(output(home, &["probe", "--list"]).stdout).unwrap();
        assert!(
            list.contains(&format!("{outcome}: ")) && list.contains("dB at least"),
            "{list}"
        );
        // Takes of other requests are told apart, also where the model has a history.
        on(&gen_args("8"));
        let against = String::from_utf8(on(&["probe", "1", "--against", "3"]).stdout).unwrap();
        assert!(
            against.contains("different requests, so this says nothing")
                && !against.contains("the same seed"),
            "{against}"
        );
        let list = String::from_utf8(output(home, &["probe", "--list"]).stdout).unwrap();
        let marked: Vec<&str> = list
            .lines()
            .filter(|line| line.contains("different requests"))
            .collect();
        assert_eq!((list.lines().count(), marked.len()), (2, 1), "{list}");
        assert!(marked[0].contains("    1     3  different: "), "{list}");
    }
}

/// A second probe of the same take is started and finished while the first one asks.
#[test]
fn a_take_that_came_while_the_price_was_asked_is_compared_and_no_second_one_is_paid() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    prime(home, Backend::Live, Expectation::MIN_TAKES);
    let server = sandbox(home, "same", "20");
    let id = saved(home, &server);
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_rushes"));
    command.args(["--live", "--api", &server.origin, "probe", &id]);
    command.env_clear();
    command.env("SEGMIND_API_KEY", KEY);
    let mut asked = Terminal::run(command, home, 160, 30);
    asked.see("[y/N]");
    let other = live(home, &server, &["probe", &id, "-y", "--json"]);
    assert_eq!(other.status.code(), Some(0), "{}", errors(&other));
    assert_eq!(takes(home), 2);
    asked.press("y\r");
    asked.see("nothing is sent and nothing is paid");
    let repeat = &of_lines(&other)[0]["other"];
    asked.see(&format!("takes {id} and {repeat} compare as same"));
    let (status, _) = asked.end();
    assert!(status.success(), "{status:?}");
    assert_eq!(takes(home), 2);
}

/// Puts the request of take 1 into the queue once more, as another program does.
fn queue_twin(store: &Store) -> TakeId {
    let take = store.take(TakeId(1)).unwrap();
    let reel = store.reel_of(take.id).unwrap();
    let form = store.forms(&reel.id).revision(take.revision.unwrap());
    let form = form.unwrap().unwrap();
    let twin = Admission::of(&reel.id, take.backend, form, [take.seed], Usd::ZERO, Usd::ZERO);
    store.admit(&twin).unwrap()[0]
}

/// Whether the process handles a request to end.
fn handles_its_end(number: u32) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{number}/status")).unwrap();
    let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
    let caught = u64::from_str_radix(caught.unwrap().trim(), 16).unwrap();
    (caught >> (rustix::process::Signal::TERM.as_raw() - 1)) & 1 == 1
}

#[test]
fn a_take_that_another_call_queued_is_waited_for_and_never_cancelled() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    faster(home, "");
    take(home, "main", "7", &[]);
    let store = Store::open(&home.join("data/rushes.db"), Arc::new(SystemClock)).unwrap();
    let twin = queue_twin(&store);
    let queue = store.queue(Backend::Sandbox);
    let waits = || assert_eq!(store.take(twin).unwrap().state, TakeState::Waiting);

    // It is interrupted while the queue waits for the provider.
    let soon = jiff::Timestamp::now() + jiff::SignedDuration::from_mins(10);
    queue.wait_until(soon).unwrap();
    let child = rushes(home, &["--sandbox", "probe", "1", "-y"])
        .stderr(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    until("it waits", || handles_its_end(child.id()).then_some(()));
    ask_to_end(child.id());
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(130), "{}", errors(&ended));
    let said = errors(&ended);
    assert!(
        said.contains(
            "Take 2 of the same request is queued already. This probe waits for it and spends nothing more."
        ),
        "{said}"
    );
    waits();

    let ends = || output(home, &["--sandbox", "probe", "1", "-y"]);
    store.pause(twin, true).unwrap();
    let paused = ends();
    assert_eq!(paused.status.code(), Some(1), "{}", errors(&paused));
    assert!(
        errors(&paused).contains("take 2 stays in the queue. It is paused"),
        "{}",
        errors(&paused)
    );
    waits();
    assert!(store.take(twin).unwrap().paused);

    store.pause(twin, false).unwrap();
    queue
        .stop(FailureKind::BillAboveReserve, "A bill was too high.")
        .unwrap();
    let stopped = ends();
    assert_eq!(stopped.status.code(), Some(4), "{}", errors(&stopped));
    assert!(
        errors(&stopped).contains("take 2 stays in the queue. The queue is stopped. A bill was too high."),
        "{}",
        errors(&stopped)
    );
    waits();
    assert_eq!(takes(home), 2);
}

/// The take that an interrupted probe has sent is compared by the next one, which pays nothing.
#[test]
fn an_interrupted_probe_is_finished_without_paying_again() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let server = sandbox(home, "same", "3");
    let words = |arguments: &[&str]| -> Vec<String> {
        let all = [&["--sandbox", "--api", &server.origin], arguments].concat();
        all.iter().map(ToString::to_string).collect()
    };
    let run = |arguments: &[&str]| {
        let words = words(arguments);
        rushes(home, &words.iter().map(String::as_str).collect::<Vec<_>>())
            .output()
            .unwrap()
    };
    let made = run(&gen_args("7"));
    assert_eq!(made.status.code(), Some(0), "{}", errors(&made));
    let words = words(&["probe", "1"]);
    let mut command = rushes(home, &words.iter().map(String::as_str).collect::<Vec<_>>());
    let child = command
        .stderr(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    until("the repeat is at the provider", || {
        let newest = records(home, &["ls", "--json"]).remove(0);
        let state = newest["state"].as_str().unwrap().to_owned();
        (newest["id"] == 2 && newest["request_id"].is_string() && state != "saved").then_some(())
    });
    ask_to_end(child.id());
    let ended = child.wait_with_output().unwrap();
    let said = errors(&ended);
    assert_eq!(ended.status.code(), Some(130), "{said}");
    assert!(
        said.contains("`rushes probe 1` finishes it, and does not pay again"),
        "{said}"
    );

    // It waits for the take that is in flight, and compares.
    let done = run(&["probe", "1", "--json"]);
    assert_eq!(done.status.code(), Some(0), "{}", errors(&done));
    assert!(
        errors(&done).contains("spends nothing more") || errors(&done).contains("nothing is paid"),
        "{}",
        errors(&done)
    );
    assert_eq!(
        (&of_lines(&done)[0]["other"], &of_lines(&done)[0]["outcome"]),
        (&2.into(), &"same".into())
    );
    assert_eq!(takes(home), 2);
}

#[test]
fn two_saved_takes_are_compared_for_nothing_and_bad_files_are_named() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    faster(home, "");
    let first = take(home, "main", "7", &[]);
    take(home, "main", "8", &[]);
    let longer = [
        "--sandbox",
        "gen",
        "--prompt",
        "A kite.",
        "--seeds",
        "7",
        "--duration",
        "5",
        "-y",
    ];
    assert_eq!(output(home, &longer).status.code(), Some(0));
    let against = |one: &str, other: &str| output(home, &["probe", one, "--against", other]);
    let said = |done: &Output| String::from_utf8(done.stdout.clone()).unwrap() + &errors(done);
    let other_seed = against("1", "2");
    assert_eq!(other_seed.status.code(), Some(0), "{}", said(&other_seed));
    assert!(
        said(&other_seed).contains("takes 1 and 2 compare as different: "),
        "{}",
        said(&other_seed)
    );
    assert!(
        said(&other_seed).contains("different requests"),
        "{}",
        said(&other_seed)
    );
    let longer = said(&against("1", "3"));
    assert!(longer.contains("different: 96 and 120 frames"), "{longer}");
    assert!(said(&against("1", "1")).contains("name two takes"));
    let shown = said(&output(home, &["show", "2"]));
    assert!(
        shown.contains("  sound        loudness -") && shown.contains(" LUFS, peak -"),
        "{shown}"
    );
    assert!(said(&against("1", "99")).contains("99"));
    assert_eq!(takes(home), 3);

    // A video that cannot be read is told before anything is sent.
    let whole = std::fs::read(file(&first)).unwrap();
    std::fs::write(file(&first), &whole[..whole.len() / 2]).unwrap();
    let cut = output(home, &["--sandbox", "probe", "1", "-y"]);
    assert_eq!(cut.status.code(), Some(1));
    assert!(
        errors(&cut).contains("nothing was sent") && errors(&cut).contains("ends early"),
        "{}",
        errors(&cut)
    );
    std::fs::remove_file(file(&first)).unwrap();
    let gone = output(home, &["--sandbox", "probe", "1", "-y"]);
    assert_eq!(gone.status.code(), Some(2));
    assert!(
        errors(&gone).contains(".mp4 is not there: put it back there"),
        "{}",
        errors(&gone)
    );
    assert_eq!(takes(home), 3);
}

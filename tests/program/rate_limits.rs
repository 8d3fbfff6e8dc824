//! What `gen` says and how it ends when 429 responses stop the queue.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rushes::model::clock::ManualClock;
use rushes::model::{Backend, Form, Seed, Usd};
use rushes::store::{Admission, Claim, Claimed, Store};

use crate::commands::{errors, of_lines, rushes};
use crate::test_provider::{JSON, Provider, say};

/// Nine submits in a row were answered with 429, two minutes ago.
fn nine_in_a_row(store: &Store) {
    let reel = store.reel("main").unwrap();
    let form = Form::default();
    let admission = Admission::of(
        &reel.id,
        Backend::Live,
        form,
        [Seed::new(1).unwrap()],
        Usd::ZERO,
        Usd::ZERO,
    );
    let id = store.admit(&admission).unwrap()[0];
    let claim = Claim {
        owner: "before".to_owned(),
        account: "0123456789abcdef".to_owned(),
        backend: Backend::Live,
        limit: 4,
        caps: rushes::store::Caps::default(),
        prices: None,
        lease: SignedDuration::from_secs(1),
    };
    assert!(matches!(store.claim(&claim).unwrap(), Claimed::Take(_)));
    for _ in 0..9 {
        store
            .queue(claim.backend)
            .note_rate_limit(id, Some(Duration::ZERO), "slow down")
            .unwrap();
    }
    let waiting = rushes::model::TakeState::Waiting;
    store
        .step("before", id, waiting, "", &rushes::store::Facts::default())
        .unwrap();
    store.cancel(id).unwrap();
}

#[test]
fn the_tenth_429_in_a_row_stops_the_queue_and_gen_says_so() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    std::fs::create_dir_all(&data).unwrap();
    let before = Timestamp::now() - SignedDuration::from_mins(2);
    let store = Store::open(&data.join("rushes.db"), Arc::new(ManualClock::at(before))).unwrap();
    nine_in_a_row(&store);
    let provider = Provider::start(|request, stream| {
        let (status, more, body) = if request.starts_with("POST") {
            let more = "retry-after: 0\r\ncontent-type: application/json";
            ("429 Too Many Requests", more, "{\"error\":\"Too many requests\"}")
        } else if request.contains("/get-user-credits") {
            ("200 OK", JSON, "{\"credits\":5}")
        } else {
            ("404 Not Found", JSON, "{}")
        };
        say(stream, status, more, body);
    });
    let arguments = [
        "--live",
        "--api",
        &provider.origin,
        "gen",
        "--prompt",
        "A kite.",
        "--duration",
        "4",
        "--seeds",
        "7",
        "--yes",
        "--json",
    ];
    let ended = rushes(home.path(), &arguments)
        .env("SEGMIND_API_KEY", "SG_0123456789abcdef")
        .output()
        .unwrap();
    let said = errors(&ended);
    assert_eq!(ended.status.code(), Some(1), "{said}");
    let posts = |seen: &[String]| seen.iter().filter(|request| request.starts_with("POST")).count();
    assert_eq!(posts(&provider.seen.lock().unwrap()), 1);
    assert!(
        said.contains("stopped") && said.contains("10 submits in a row"),
        "{said}"
    );
    // The provider's words end before ours begin.
    assert!(said.contains("Too many requests. The queue waits"), "{said}");
    let take = &of_lines(&ended)[0];
    assert_eq!(
        (&take["state"], &take["error_kind"]),
        (&"cancelled".into(), &"rate".into())
    );
    assert_eq!(take["http_status"], 429);
}

//! A take is marked as not sent only when the provider's clock and a monotonic one prove that it never arrived.

use std::sync::Mutex;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rushes::engine::Engine;
use rushes::engine::reconcile;
use rushes::model::{ApiVersion, Form, TakeId, TakeState, Usd};
use serde_json::{Value, json};

use crate::virtual_time::{Reply, Request, World, say};

/// A provider that never answers a submit, and whose history shows the first of them after `lag`.
fn silent(lag: Duration) -> impl Fn(&Request, Timestamp) -> Reply + Send + Sync {
    let sent: Mutex<Option<(Timestamp, Duration, Value)>> = Mutex::new(None);
    move |request, date| {
        if request.is("POST") {
            let body = serde_json::from_str(&request.body).unwrap();
            sent.lock().unwrap().get_or_insert((date, request.at, body));
            return None;
        }
        if request.is("GET /v2/") {
            return say(date, "200 OK", "", "{\"status\":\"PROCESSING\"}");
        }
        let sent = sent.lock().unwrap();
        let shown = sent.as_ref().filter(|(_, at, _)| request.at >= *at + lag);
        let rows: Vec<Value> = shown
            .filter(|_| request.line.contains("page=1&"))
            .map(|(date, _, body)| {
                json!({
                    "request_id": "late", "model_name": "seedance-2.0", "model_status": "PENDING",
                    "model_created": date.to_string(), "request_body": body,
                })
            })
            .into_iter()
            .collect();
        say(date, "200 OK", "", &json!({"data": rows}).to_string())
    }
}

const NEVER: Duration = Duration::from_secs(1_000_000);

async fn becomes(world: &World, id: TakeId, state: TakeState, within: Duration) -> bool {
    world.comes(within, || world.take(id).state == state).await
}

#[tokio::test(start_paused = true)]
async fn a_lagging_history_and_a_clock_jump_never_mark_a_paid_take_as_not_sent() {
    for minutes in [25, -25, 60 * 30] {
        let world = World::start(silent(Duration::from_secs(165))).await;
        let ids = world.admit(1, World::form());
        let (engine, _events) = world.engine();
        assert!(becomes(&world, ids[0], TakeState::Unknown, Duration::from_secs(30)).await);
        world.clock.jump(SignedDuration::from_mins(minutes));
        let found = becomes(&world, ids[0], TakeState::Processing, Duration::from_mins(40)).await;
        let take = world.take(ids[0]);
        assert!(found, "{minutes} min: {} ({:?})", take.state, take.error);
        assert_eq!(take.request_id.as_deref(), Some("late"));
        let way = world.store.events(ids[0]).unwrap();
        assert!(way.iter().all(|event| event.to != TakeState::NotSent), "{way:?}");
        engine.stop().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_that_never_arrived_is_marked_so_after_twenty_minutes_by_the_providers_clock() {
    let world = World::start(silent(NEVER)).await;
    let ids = world.admit(1, World::form());
    let (engine, _events) = world.engine();
    assert!(!becomes(&world, ids[0], TakeState::NotSent, Duration::from_mins(19)).await);
    assert!(becomes(&world, ids[0], TakeState::NotSent, Duration::from_mins(6)).await);
    assert_eq!(world.seen("POST").len(), 1);
    engine.stop().await;
}

/// A later process need not watch for twenty minutes again, but it watches for two.
#[tokio::test(start_paused = true)]
async fn a_later_process_reaches_the_proof_within_three_minutes() {
    let world = World::start(silent(NEVER)).await;
    let ids = world.admit(1, World::form());
    let (engine, _events) = world.engine();
    assert!(becomes(&world, ids[0], TakeState::Unknown, Duration::from_secs(30)).await);
    let has_asked = || !world.seen("GET /inference-request").is_empty();
    assert!(world.comes(Duration::from_mins(1), has_asked).await);
    engine.stop().await;
    // Nothing runs meanwhile.
    tokio::time::advance(Duration::from_mins(23)).await;
    let (engine, _events) = Engine::finish_only(world.setup(&world.store));
    assert!(!becomes(&world, ids[0], TakeState::NotSent, Duration::from_secs(115)).await);
    assert!(becomes(&world, ids[0], TakeState::NotSent, Duration::from_secs(65)).await);
    engine.stop().await;
}

#[tokio::test(start_paused = true)]
async fn ledger_and_history_do_not_agree_while_an_outcome_is_unknown() {
    let world = World::start(silent(NEVER)).await;
    let ids = world.admit(1, World::form());
    let (engine, _events) = world.engine();
    assert!(becomes(&world, ids[0], TakeState::Unknown, Duration::from_secs(30)).await);
    let compared = reconcile::compare(&world.setup(&world.store), world.clock.there(), 7)
        .await
        .unwrap();
    assert!(compared.whole && compared.differences.is_empty(), "{compared:?}");
    assert!(
        !compared.agree(),
        "ledger and history agree despite an unknown take: {compared:?}"
    );
    assert!(becomes(&world, ids[0], TakeState::NotSent, Duration::from_mins(30)).await);
    let compared = reconcile::compare(&world.setup(&world.store), world.clock.there(), 7)
        .await
        .unwrap();
    assert!(compared.agree(), "{compared:?}");
    engine.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_take_marked_as_not_sent_that_appears_after_all_is_accepted_and_counted() {
    let lag = Duration::from_mins(50);
    let world = World::start(silent(lag)).await;
    let ids = world.admit(1, World::form());
    let (engine, _events) = world.engine();
    assert!(becomes(&world, ids[0], TakeState::NotSent, Duration::from_mins(30)).await);
    let committed = || {
        world
            .store
            .queue(world.backend)
            .committed_since(Timestamp::UNIX_EPOCH)
            .unwrap()
    };
    assert_eq!(committed(), Usd::ZERO);
    let sent = world.take(ids[0]).times.submitted.unwrap();
    let is_shown = || world.clock.there() > sent + lag + Duration::from_mins(1);
    assert!(world.comes(lag, is_shown).await);
    let compared = reconcile::compare(&world.setup(&world.store), world.clock.there(), 7)
        .await
        .unwrap();
    let take = world.take(ids[0]);
    assert_eq!(take.state, TakeState::Accepted, "{compared:?}");
    assert_eq!(
        (take.request_id.as_deref(), take.error.as_deref()),
        (Some("late"), None)
    );
    assert_eq!(committed(), take.may_cost());
    assert!(
        compared.recovered().next().is_some() && !compared.agree(),
        "{compared:?}"
    );
    assert!(
        compared.differences[0].sentence().contains("arrived after all"),
        "{compared:?}"
    );
    // A second look finds nothing more, and the engine continues it.
    let again = reconcile::compare(&world.setup(&world.store), world.clock.there(), 7)
        .await
        .unwrap();
    assert!(again.agree(), "{again:?}");
    engine.wake();
    assert!(becomes(&world, ids[0], TakeState::Processing, Duration::from_mins(5)).await);
    assert_eq!(world.seen("POST").len(), 1, "nothing was sent again");
    engine.stop().await;
}

#[tokio::test(start_paused = true)]
async fn an_unknown_take_keeps_the_status_of_its_response() {
    let world = World::start(|request, date| {
        if request.is("POST") {
            say(
                date,
                "504 Gateway Timeout",
                "",
                "{\"error\":\"the gateway is busy\"}",
            )
        } else {
            say(date, "502 Bad Gateway", "", "")
        }
    })
    .await;
    let ids = world.admit(1, World::form());
    let (engine, _events) = world.engine();
    assert!(becomes(&world, ids[0], TakeState::Unknown, Duration::from_secs(30)).await);
    let take = world.take(ids[0]);
    assert_eq!(take.http_status, Some(504));
    let said = take.error.unwrap();
    assert!(
        said.contains("the gateway is busy. The provider's history"),
        "{said}"
    );
    engine.stop().await;
}

/// The status of a lost response of the blocking contract is not taken for a response with the video.
#[tokio::test(start_paused = true)]
async fn a_blocking_submit_with_an_empty_response_is_polled_once_it_is_found() {
    let lost = silent(Duration::from_secs(20));
    let world = World::start(move |request, date| {
        let reply = lost(request, date);
        if request.is("POST") {
            say(date, "200 OK", "", "")
        } else {
            reply
        }
    })
    .await;
    let blocking = Form {
        api_version: ApiVersion::V1,
        ..World::form()
    };
    let ids = world.admit(1, blocking);
    let (engine, _events) = world.engine();
    assert!(becomes(&world, ids[0], TakeState::Unknown, Duration::from_secs(15)).await);
    assert_eq!(world.take(ids[0]).http_status, Some(200));
    assert!(becomes(&world, ids[0], TakeState::Processing, Duration::from_mins(5)).await);
    let way = world.store.events(ids[0]).unwrap();
    assert!(way.iter().all(|event| event.to != TakeState::Rendered), "{way:?}");
    engine.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_redirected_submit_is_refused_and_not_sent_again() {
    for status in [
        "301 Moved",
        "302 Found",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        let world = World::start(move |request, date| {
            if request.is("POST") {
                say(date, status, "location: https://portal.example/", "")
            } else {
                say(date, "200 OK", "", "{\"data\":[]}")
            }
        })
        .await;
        let ids = world.admit(1, World::form());
        let (engine, _events) = world.engine();
        world
            .comes(Duration::from_secs(60), || world.take(ids[0]).state.settled())
            .await;
        let take = world.take(ids[0]);
        assert_eq!(
            (take.state, take.http_status.map(|code| code / 100)),
            (TakeState::Refused, Some(3)),
            "{status}"
        );
        assert!(take.error.unwrap().contains("portal.example"));
        assert_eq!(world.seen("POST").len(), 1);
        engine.stop().await;
    }
}

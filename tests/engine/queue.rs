//! What stops the queue, slows it down, or limits it.

use rushes::engine::Event;
use rushes::model::{Backend, FailureKind, Spending, TakeState, Usd};
use rushes::service::{Change, Queue};

use crate::test_engine::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn a_rejected_key_stops_the_queue_and_is_reported_once() {
    let mut stage = Stage::with_faults("").await;
    stage.key = "SG_this-is-no-key";
    stage.in_flight = 1;
    let ids = stage.admit("1..3").await;
    let (engine, mut events) = stage.start();
    // Nothing was bought: the take keeps its place in the queue.
    stage
        .wait(&ids[..1], |take| {
            take.state == TakeState::Waiting && take.error_kind == Some(FailureKind::KeyRejected)
        })
        .await;
    stage
        .wait(&ids, |_| {
            stage
                .store
                .queue(stage.backend)
                .state()
                .unwrap()
                .stopped
                .is_some()
        })
        .await;
    let mut error_messages = Vec::new();
    while error_messages.is_empty() {
        if let Event::Problem(sentence) = events.recv().await.unwrap() {
            error_messages.push(sentence);
        }
    }
    assert!(error_messages[0].contains("key"), "{error_messages:?}");
    engine.stop().await;
    while let Ok(event) = events.try_recv() {
        assert!(!matches!(event, Event::Problem(_)), "{event:?}");
    }
    assert_eq!(stage.take(ids[0]).error_kind, Some(FailureKind::KeyRejected));
    assert_eq!(stage.take(ids[1]).state, TakeState::Waiting);
    assert!(stage.ledger().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejected_key_leaves_every_take_in_its_place() {
    let mut stage = Stage::with_faults("").await;
    stage.key = "SG_this-is-no-key";
    let ids = stage.admit("1..4").await;
    let (engine, _events) = stage.start();
    stage
        .wait(&ids, |take| {
            take.state == TakeState::Waiting
                && stage
                    .store
                    .queue(stage.backend)
                    .state()
                    .unwrap()
                    .stopped
                    .is_some()
        })
        .await;
    engine.stop().await;
    stage.key = rushes::sandbox::KEY;
    stage.store.queue(stage.backend).resume().unwrap();
    let (engine, _events) = stage.start();
    let takes = stage.settled(&ids).await;
    assert!(
        takes.iter().all(|take| take.state == TakeState::Saved),
        "{takes:?}"
    );
    stage.ledger_agrees(&takes).await;
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rate_limit_sends_the_same_take_again_after_a_wait() {
    let stage = Stage::with_faults(
        r#"
        [[fault]]
        method = "POST"
        path = "/v2/*"
        first = 2
        status = 429
        headers = { Retry-After = "1" }
        "#,
    )
    .await;
    let ids = stage.admit("1").await;
    let (engine, _events) = stage.start();
    let takes = stage.settled(&ids).await;
    assert_eq!(takes[0].state, TakeState::Saved);
    assert_eq!(stage.store.times_submitted(ids[0]).unwrap(), 3);
    stage.ledger_agrees(&takes).await;
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_connection_sends_nothing_and_tries_again() {
    let stage = Stage::with_faults("").await;
    let ids = stage.admit("1").await;
    // A port that was free a moment ago and that nobody listens on.
    let closed = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let (engine, _events) = stage.start_at(&format!("http://{closed}"));
    let takes = stage
        .wait(&ids, |take| {
            take.error_kind == Some(FailureKind::Network) && take.state == TakeState::Waiting
        })
        .await;
    assert!(takes[0].not_before.is_some());
    engine.stop().await;
    let (engine, _events) = stage.start();
    assert_eq!(stage.settled(&ids).await[0].state, TakeState::Saved);
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_days_cap_stops_the_queue_before_it_is_passed() {
    let mut stage = Stage::with_faults("").await;
    stage.backend = Backend::Live;
    stage.cap = Some(Usd::parse("0.60").unwrap());
    let ids = stage.admit("1..4").await;
    let (engine, mut events) = stage.start();
    stage.wait(&ids[..2], |take| take.state == TakeState::Saved).await;
    loop {
        if let Event::Problem(sentence) = events.recv().await.unwrap() {
            assert!(sentence.contains("cap of $0.60"), "{sentence}");
            break;
        }
    }
    engine.stop().await;
    assert!(
        ids[2..]
            .iter()
            .all(|id| stage.take(*id).state == TakeState::Waiting)
    );
    assert_eq!(stage.ledger().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unclear_take_does_not_block_the_ones_behind_it() {
    let mut stage = Stage::with_faults(
        "[[fault]]\nmethod = \"POST\"\npath = \"/v2/*\"\nnth = 1\nreset = \"before_body\"\n\
         [[fault]]\npath = \"/inference-request/**\"\nstatus = 502\n",
    )
    .await;
    stage.in_flight = 1;
    let ids = stage.admit("1, 2").await;
    let (engine, _events) = stage.start();
    stage.wait(&ids[1..], |take| take.state == TakeState::Saved).await;
    assert_eq!(stage.take(ids[0]).state, TakeState::Unknown);
    engine.stop().await;
}

/// The engine sleeps until something wakes it, and no caller has to remember that.
#[tokio::test(flavor = "multi_thread")]
async fn admitting_resuming_and_releasing_takes_wakes_the_engine() {
    let stage = Stage::with_faults("").await;
    let (engine, _events) = stage.start();
    let first = stage.admit("1").await;
    stage.settled(&first).await;
    let queue = Queue {
        store: stage.store.clone(),
        reels: stage.data.join("reels"),
        backend: stage.backend,
        spending: Spending::fixed(None),
        wake: stage.wake.clone(),
    };
    stage
        .store
        .queue(stage.backend)
        .stop(FailureKind::Credits, "402")
        .unwrap();
    let second = stage.admit("2").await;
    queue.resume().unwrap();
    stage.settled(&second).await;
    stage
        .store
        .queue(stage.backend)
        .stop(FailureKind::Credits, "402")
        .unwrap();
    let third = stage.admit("3").await;
    queue.change(third[0], Change::Pause(true)).unwrap();
    queue.lift_stop().unwrap();
    queue.change(third[0], Change::Pause(false)).unwrap();
    stage.settled(&third).await;
    engine.stop().await;
}

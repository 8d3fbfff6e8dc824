//! Takes sent with one key and looked up with another: finding one is proof, not finding it proves nothing.

use jiff::SignedDuration;
use rushes::engine::Event;
use rushes::model::{FailureKind, TakeState};
use rushes::segmind::Endpoints;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::test_engine::{Stage, start_sandbox};

const OTHER: &str = "SG_0123456789abcdef";

/// Another account: a sandbox that has never heard of what the first was sent.
async fn other_account(stage: &mut Stage) -> rushes::sandbox::Sandbox {
    let other = start_sandbox(stage.folder.path().join("other"), "").await;
    stage.key = OTHER;
    std::mem::replace(&mut stage.sandbox, other)
}

fn error_messages(events: &mut UnboundedReceiver<Event>) -> Vec<String> {
    std::iter::from_fn(|| events.try_recv().ok())
        .filter_map(|event| match event {
            Event::Problem(sentence) => Some(sentence),
            _ => None,
        })
        .collect()
}

fn asked(stage: &Stage, id: rushes::model::TakeId, what: &str) -> usize {
    let exchanges = stage.store.exchanges(id).unwrap();
    exchanges.iter().filter(|e| e.stage == what).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_accepted_take_is_not_given_up_under_another_key() {
    let mut stage = Stage::with_faults("").await;
    let ids = stage.admit("51").await;
    let (engine, _events) = stage.start();
    stage.wait(&ids, |take| take.request_id.is_some()).await;
    engine.stop().await;
    let account = stage.take(ids[0]).account;
    assert_eq!(account.as_deref(), Some(stage.client().account()));

    let first = other_account(&mut stage).await;
    // Its record is gone by the clock, and the other account's history has never had it.
    stage.ahead = SignedDuration::from_hours(2);
    let (engine, mut events) = stage.start();
    let takes = stage
        .wait(&ids, |take| take.error_kind == Some(FailureKind::OtherKey))
        .await;
    assert!(takes[0].state.in_flight(), "{:?}", takes[0]);
    let why = takes[0].error.clone().unwrap();
    assert!(
        why.contains("another key") && why.contains("rushes resume"),
        "{why}"
    );
    engine.stop().await;
    assert_eq!(error_messages(&mut events).len(), 1);

    // A later run under that key leaves it to its own, says nothing again, and works on what is its own.
    let before = asked(&stage, ids[0], "status");
    stage.ahead = SignedDuration::ZERO;
    let own = stage.admit("54").await;
    let (engine, mut events) = stage.start();
    stage.settled(&own).await;
    engine.stop().await;
    assert_eq!(asked(&stage, ids[0], "status"), before);
    assert_eq!(error_messages(&mut events), [""; 0]);

    let other = std::mem::replace(&mut stage.sandbox, first);
    stage.key = rushes::sandbox::KEY;
    stage.ahead = SignedDuration::ZERO;
    let (engine, _events) = stage.start();
    let takes = stage.settled(&ids).await;
    assert_eq!(
        (takes[0].state, takes[0].error_kind),
        (TakeState::Saved, None),
        "{:?}",
        takes[0]
    );
    stage.ledger_agrees(&takes).await;
    engine.stop().await;
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unclear_take_is_not_marked_as_not_sent_under_another_key() {
    let mut stage = Stage::with_faults(
        "[[fault]]\nmethod = \"POST\"\npath = \"/v2/*\"\nnth = 1\nreset = \"after_accept\"\n\
         [[fault]]\npath = \"/inference-request/**\"\nfirst = 1\nstatus = 502\n",
    )
    .await;
    let ids = stage.admit("52").await;
    let (engine, _events) = stage.start();
    stage.wait(&ids, |take| take.state == TakeState::Unknown).await;
    engine.stop().await;

    let first = other_account(&mut stage).await;
    stage.ahead = SignedDuration::from_mins(5);
    let (engine, _events) = stage.start();
    let takes = stage
        .wait(&ids, |take| take.error_kind == Some(FailureKind::OtherKey))
        .await;
    assert_eq!(takes[0].state, TakeState::Unknown);
    engine.stop().await;

    std::mem::replace(&mut stage.sandbox, first).stop().await;
    stage.key = rushes::sandbox::KEY;
    stage.ahead = SignedDuration::ZERO;
    let (engine, _events) = stage.start();
    stage.saved(&ids).await;
    assert_eq!(stage.store.times_submitted(ids[0]).unwrap(), 1);
    engine.stop().await;
}

/// Keys are changed for new ones: the account's own new key finds what the old one sent.
#[tokio::test(flavor = "multi_thread")]
async fn a_take_found_under_another_key_is_recorded() {
    let mut stage = Stage::with_faults("").await;
    let ids = stage.admit("53").await;
    let (engine, _events) = stage.start();
    stage.wait(&ids, |take| take.request_id.is_some()).await;
    engine.stop().await;
    stage.key = OTHER;
    let (engine, _events) = stage.start();
    stage.saved(&ids).await;
    engine.stop().await;
}

/// Rows of a store of before accounts: the caution is for live money, a sandbox has but one account.
#[tokio::test(flavor = "multi_thread")]
async fn a_take_without_an_account_is_settled_only_on_the_sandbox() {
    use rushes::model::Backend;
    for (backend, end) in [
        (Backend::Sandbox, TakeState::Expired),
        (Backend::Live, TakeState::Accepted),
    ] {
        let mut stage = Stage::with_faults("").await;
        stage.backend = backend;
        let ids = stage.admit("54").await;
        let raw = rusqlite::Connection::open(stage.folder.path().join("rushes.db")).unwrap();
        raw.execute_batch(
            "UPDATE takes SET state = 'accepted', request_id = 'b0dd1e5';
             INSERT INTO events (take_id, at, from_state, to_state, detail)
             SELECT id, 1000 * unixepoch() - 1, 'submitting', 'accepted', '' FROM takes;",
        )
        .unwrap();
        drop(raw);
        stage.ahead = SignedDuration::from_hours(2);
        let (engine, _events) = stage.start();
        let takes = stage.wait(&ids, |take| take.error_kind.is_some()).await;
        assert_eq!(takes[0].state, end, "{:?}", takes[0]);
        engine.stop().await;
    }
}

/// The right key at another URL, which knows nothing of what was sent to the first.
#[tokio::test(flavor = "multi_thread")]
async fn another_url_proves_nothing_under_the_same_key() {
    let stage = Stage::with_faults("").await;
    let ids = stage.admit("55").await;
    let elsewhere = start_sandbox(stage.folder.path().join("elsewhere"), "").await;
    let proxy = stage.client_of(Endpoints::at_one(&elsewhere.origin()));
    assert_ne!(proxy.account(), stage.client().account());
    // Sent, and the program ended before the response came.
    let take = stage.claimed();
    stage.client().submit(take.model, &take.body).await.unwrap();
    stage.store.leases("dead").release_all().unwrap();
    let (engine, _events) = stage.start_with(proxy);
    let takes = stage
        .wait(&ids, |take| {
            take.state.settled() || take.error_kind == Some(FailureKind::OtherKey)
        })
        .await;
    assert_eq!(takes[0].state, TakeState::Unknown, "{:?}", takes[0]);
    assert!(takes[0].error.as_ref().unwrap().contains("another URL"));
    engine.stop().await;

    let (engine, _events) = stage.start();
    stage.saved(&ids).await;
    engine.stop().await;
}

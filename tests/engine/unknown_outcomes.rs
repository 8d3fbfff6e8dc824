//! Submits with an unknown outcome: they are never sent again, and resolved from the history.

use rushes::model::TakeState;

use crate::test_engine::Stage;

/// Each way to lose a response although the job exists.
pub const LOST: [&str; 4] = [
    r#"reset = "after_accept""#,
    "status = 504\ncarry_out = true",
    "status = 500\ncarry_out = true",
    "empty = true\ncarry_out = true",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_response_is_found_in_the_history_and_never_sent_again() {
    for lost in LOST {
        let stage = Stage::with_faults(&format!(
            "[[fault]]\nmethod = \"POST\"\npath = \"/v2/*\"\nnth = 1\n{lost}"
        ))
        .await;
        let ids = stage.admit("11").await;
        let (engine, _events) = stage.start();
        let takes = stage.settled(&ids).await;
        assert_eq!(takes[0].state, TakeState::Saved, "{lost}: {:?}", takes[0]);
        let way = stage.way(ids[0]);
        assert!(way.contains(&TakeState::Unknown), "{lost}: {way:?}");
        assert_eq!(stage.store.times_submitted(ids[0]).unwrap(), 1, "{lost}");
        stage.ledger_agrees(&takes).await;
        engine.stop().await;
    }
}

/// The history names a bill of nothing while the video is rendered: it is not known yet, and the reserve counts.
#[tokio::test(flavor = "multi_thread")]
async fn a_take_found_while_it_is_rendered_has_no_bill_yet() {
    let stage = Stage::at_pace(
        1.0,
        "[[fault]]\nmethod = \"POST\"\npath = \"/v2/*\"\nnth = 1\nreset = \"after_accept\"\n",
    )
    .await;
    let ids = stage.admit("14").await;
    let (engine, _events) = stage.start();
    let found = stage.wait(&ids, |take| take.request_id.is_some()).await;
    assert!(found[0].state.in_flight(), "{:?}", found[0]);
    assert_eq!(found[0].cost, None);
    let committed = stage
        .store
        .queue(stage.backend)
        .committed_since(jiff::Timestamp::UNIX_EPOCH)
        .unwrap();
    assert_eq!(committed, found[0].may_cost());
    stage.saved(&ids).await;
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_take_is_marked_as_not_sent_only_when_the_history_must_know_it() {
    let stage = Stage::with_faults(
        "[[fault]]\nmethod = \"POST\"\npath = \"/v2/*\"\nnth = 1\nreset = \"before_body\"",
    )
    .await;
    let ids = stage.admit("12").await;
    let (engine, _events) = stage.start();
    stage.wait(&ids, |take| take.state == TakeState::Unknown).await;
    let takes = stage.settled(&ids).await;
    assert_eq!(takes[0].state, TakeState::NotSent);
    assert!(stage.ledger().await.is_empty());
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_take_stays_unknown_while_the_history_cannot_be_read() {
    let stage = Stage::with_faults(
        "[[fault]]\nmethod = \"POST\"\npath = \"/v2/*\"\nnth = 1\nreset = \"before_body\"\n\
         [[fault]]\npath = \"/inference-request/**\"\nfirst = 3\nstatus = 502\n",
    )
    .await;
    let ids = stage.admit("13").await;
    let (engine, _events) = stage.start();
    let asked = |n: u32| {
        let stage = &stage;
        move |_: &rushes::model::Take| stage.looks(ids_of(stage)[0]) >= n
    };
    stage.wait(&ids, asked(2)).await;
    assert_eq!(stage.take(ids[0]).state, TakeState::Unknown);
    engine.check_unknown();
    stage.wait(&ids, asked(3)).await;
    engine.stop().await;
}

fn ids_of(stage: &Stage) -> Vec<rushes::model::TakeId> {
    stage
        .store
        .unsettled_takes(None)
        .unwrap()
        .iter()
        .map(|take| take.id)
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn equal_bodies_are_matched_one_to_one() {
    let stage = Stage::with_faults(
        "[[fault]]\nmethod = \"POST\"\npath = \"/v2/*\"\nnth = 1\nreset = \"after_accept\"\n\
         [[fault]]\nmethod = \"POST\"\npath = \"/v2/*\"\nnth = 2\nreset = \"before_body\"\n",
    )
    .await;
    let mut ids = stage.admit("14").await;
    ids.extend(stage.admit("14").await);
    let (engine, _events) = stage.start();
    let takes = stage.settled(&ids).await;
    let mut states: Vec<_> = takes.iter().map(|take| take.state.word()).collect();
    states.sort_unstable();
    assert_eq!(states, ["not_sent", "saved"], "{takes:?}");
    stage.ledger_agrees(&takes).await;
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_whose_bodies_cannot_be_compared_proves_nothing() {
    // A request of somebody else's: same seed, another prompt, just now. It may be ours, reshaped.
    let stage = Stage::with_faults(
        "[[fault]]\nmethod = \"POST\"\npath = \"/v2/*\"\nnth = 2\nreset = \"before_body\"",
    )
    .await;
    let other = rushes::model::Form {
        prompt: "Something else.".to_owned(),
        ..crate::test_engine::form()
    };
    let seed = "15"
        .parse::<rushes::model::SeedList>()
        .unwrap()
        .draw(&mut fastrand::Rng::new())[0];
    let model = rushes::model::Model::default();
    stage
        .client()
        .submit(model, &other.request(seed).body())
        .await
        .unwrap();
    let ids = stage.admit("15").await;
    let (engine, _events) = stage.start();
    let looked = |_: &rushes::model::Take| stage.looks(ids[0]) >= 3;
    stage.wait(&ids, looked).await;
    assert_eq!(stage.take(ids[0]).state, TakeState::Unknown);
    // The looks are kept once, with the one request that may be its own.
    let exchanges = stage.store.exchanges(ids[0]).unwrap();
    let kept: Vec<_> = exchanges.iter().filter(|e| e.stage == "history").collect();
    assert_eq!(kept.len(), 1, "{kept:?}");
    let kept: serde_json::Value = serde_json::from_str(kept[0].response.as_ref().unwrap()).unwrap();
    assert_eq!(kept["may_be_this_take"].as_array().unwrap().len(), 1, "{kept}");
    assert_eq!(
        kept["may_be_this_take"][0]["request"]["prompt"], "Something else.",
        "{kept}"
    );
    engine.stop().await;
}

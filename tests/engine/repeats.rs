//! Automatic repeats: they are off by default, bounded, never made of refused content, and each is a take of its own.

use rushes::engine::admit;
use rushes::model::{Backend, Spending, TakeId, TakeState, Usd};
use rushes::store::StoreError;

use crate::test_engine::{Stage, form};

async fn admit(stage: &Stage, repeats: u32, cap: Option<Usd>) -> Result<Vec<TakeId>, admit::AdmitError> {
    let form = rushes::model::Form {
        seeds: "1".to_owned(),
        ..form()
    };
    let order = stage.order(form, repeats);
    stage.admit_under(order, Spending::fixed(cap)).await
}

/// The take and every repeat of it, settled.
async fn chain(stage: &Stage, first: TakeId) -> Vec<rushes::model::Take> {
    let mut chain = Vec::new();
    let mut next = Some(first);
    while let Some(id) = next {
        chain.extend(stage.settled(&[id]).await);
        next = stage.store.repeat_of(id).unwrap();
    }
    chain
}

fn failing(first: u32, with: &str) -> String {
    format!("[[fault]]\nmethod = \"POST\"\npath = \"/v2/*\"\nfirst = {first}\nfail = \"{with}\"\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_of_the_provider_is_repeated_no_more_often_than_agreed() {
    for (faults, repeats, states) in [
        (9, 2, vec![TakeState::Failed; 3]),
        (1, 2, vec![TakeState::Failed, TakeState::Saved]),
        (9, 0, vec![TakeState::Failed]),
    ] {
        let stage = Stage::with_faults(&failing(faults, "Internal error, try again")).await;
        let ids = admit(&stage, repeats, None).await.unwrap();
        let (engine, _events) = stage.start();
        let chain = chain(&stage, ids[0]).await;
        engine.stop().await;
        assert_eq!(chain.iter().map(|take| take.state).collect::<Vec<_>>(), states);
        for pair in chain.windows(2) {
            assert_eq!(pair[1].parent, Some(pair[0].id));
            assert_eq!(pair[1].body, pair[0].body);
        }
        assert_eq!(stage.ledger().await.len(), states.len());
        stage.ledger_agrees(&chain).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn content_and_parameters_are_never_repeated() {
    for with in [
        "OutputVideoSensitiveContentDetected",
        "InputTextSensitiveContentDetected",
        "duration must be one of 4, 5",
    ] {
        let stage = Stage::with_faults(&failing(1, with)).await;
        let ids = admit(&stage, 3, None).await.unwrap();
        let (engine, _events) = stage.start();
        assert_eq!(chain(&stage, ids[0]).await.len(), 1, "{with}");
        engine.stop().await;
        assert_eq!(stage.ledger().await.len(), 1, "{with}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_worst_case_is_checked_against_the_cap_before_anything_starts() {
    let mut stage = Stage::with_faults("").await;
    stage.backend = Backend::Live;
    // One take of four seconds is 28 cents, with two repeats 84.
    let cap = Usd::parse("0.60").unwrap();
    let refused = admit(&stage, 2, Some(cap)).await.unwrap_err();
    assert!(
        matches!(refused, admit::AdmitError::Store(StoreError::CapReached { asked, .. }) if asked > cap),
        "{refused}"
    );
    admit(&stage, 1, Some(cap)).await.unwrap();
    // What is in the queue counts with its repeats, too.
    assert!(admit(&stage, 0, Some(cap)).await.is_err());
}

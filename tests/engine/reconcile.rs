//! Reconciling: the provider's bills are recorded, paid videos are downloaded, generations made elsewhere are offered,
//! and nothing is ever submitted.

use jiff::{SignedDuration, Timestamp};
use rushes::engine::reconcile::{self, Comparison, Difference, Elsewhere, ImportError, Importer};
use rushes::model::{Form, Model, PriceTable, SeedList, TakeState, Usd};
use rushes::store::{Claim, Claimed, Facts, StoreError};

use crate::test_engine::{Stage, form, until};

fn later() -> Timestamp {
    Timestamp::now() + SignedDuration::from_secs(30)
}

async fn compare(stage: &Stage) -> Comparison {
    reconcile::compare(&stage.setup(), later(), 31).await.unwrap()
}

fn importer(stage: &Stage) -> Importer {
    Importer {
        store: stage.store.clone(),
        backend: stage.backend,
        account: stage.client().account().to_owned(),
        reel_id: stage.reel.id.clone(),
        prices: PriceTable::default(),
    }
}

/// A generation that somebody made with the same key, at its end.
async fn made_elsewhere(stage: &Stage, prompt: &str) -> String {
    let form = Form {
        prompt: prompt.to_owned(),
        ..form()
    };
    let seed = "77".parse::<SeedList>().unwrap().draw(&mut fastrand::Rng::new())[0];
    let client = stage.client();
    let submitted = client
        .submit(Model::default(), &form.request(seed).body())
        .await
        .unwrap();
    let id = submitted.value;
    until(
        || format!("{id} does not end"),
        async || {
            let row = client.history_one(&id).await.unwrap().value.unwrap();
            row.state != rushes::segmind::HistoryState::Pending
        },
    )
    .await;
    id
}

fn elsewhere(comparison: &Comparison) -> Vec<&Elsewhere> {
    let mut found = Vec::new();
    for difference in &comparison.differences {
        if let Difference::Elsewhere(elsewhere) = difference {
            found.push(&**elsewhere);
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn the_providers_bill_is_recorded_and_a_second_reconcile_finds_nothing() {
    let stage = Stage::with_faults("").await;
    let ids = stage.admit("1, 2").await;
    let (engine, _events) = stage.start();
    let before = stage.settled(&ids).await;
    let agreed = compare(&stage).await;
    assert!(agreed.agree() && agreed.ours == agreed.theirs, "{agreed:?}");
    let wrong = Facts {
        cost: Some(Usd::from_micros(5)),
        ..Facts::default()
    };
    stage.store.learn(ids[0], &wrong).unwrap();
    rushes::engine::sidecars::write(&stage.store, &stage.data.join("reels"), ids[0]).unwrap();
    let comparison = compare(&stage).await;
    assert!(
        matches!(comparison.differences[..], [Difference::Cost { take, ours: Some(ours), .. }]
            if take == ids[0] && ours == Usd::from_micros(5)),
        "{comparison:?}"
    );
    let take = stage.take(ids[0]);
    assert_eq!(take.cost, before[0].cost);
    let sidecar = std::fs::read(take.file.unwrap().with_extension("json")).unwrap();
    let sidecar: serde_json::Value = serde_json::from_slice(&sidecar).unwrap();
    let billed: Usd = serde_json::from_value(sidecar["would_cost_usd"].clone()).unwrap();
    assert_eq!(
        Some(billed),
        take.cost,
        "the file beside the video tells the bill"
    );
    assert!(compare(&stage).await.agree());
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_generation_made_elsewhere_is_offered_and_imported_once_without_a_submit() {
    let stage = Stage::with_faults("").await;
    let request_id = made_elsewhere(&stage, "A lighthouse at night.").await;
    let comparison = compare(&stage).await;
    let offered = elsewhere(&comparison);
    assert_eq!(offered.len(), 1);
    assert_eq!(offered[0].prompt(80), "A lighthouse at night.");
    assert_eq!(stage.store.count(&rushes::store::Filter::all()).unwrap(), 0);
    assert!(comparison.theirs > comparison.ours);

    let take = importer(&stage).import(offered[0], later()).unwrap();
    assert_eq!(take.state, TakeState::Rendered);
    assert_eq!(take.request_id.as_deref(), Some(&*request_id));
    let again = importer(&stage).import(offered[0], later()).unwrap_err();
    assert!(
        matches!(again, ImportError::Store(StoreError::RequestIdTaken { other, .. }) if other == take.id),
        "{again}"
    );
    let (engine, _events) = stage.start();
    let takes = stage.settled(&[take.id]).await;
    assert_eq!(takes[0].state, TakeState::Saved, "{takes:?}");
    engine.stop().await;
    stage.ledger_agrees(&takes).await;
    assert!(compare(&stage).await.agree());
    let spent = stage
        .store
        .queue(stage.backend)
        .committed_since(Timestamp::now() - SignedDuration::from_hours(1));
    assert_eq!(Some(spent.unwrap()), takes[0].cost);
    // Until it was found and saved, any time may have passed: that is not how long such takes take.
    let take = &takes[0];
    assert_eq!(take.over(), take.times.rendered);
    assert_eq!(take.wait, None);
    assert_eq!(stage.store.samples(take.backend, take.model).unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_generation_older_than_seven_days_is_imported_as_a_record_of_its_cost() {
    let stage = Stage::with_faults("").await;
    made_elsewhere(&stage, "A lighthouse at night.").await;
    let eight_days_on = Timestamp::now() + SignedDuration::from_hours(24 * 8);
    let comparison = reconcile::compare(&stage.setup(), eight_days_on, 31)
        .await
        .unwrap();
    let take = importer(&stage)
        .import(elsewhere(&comparison)[0], eight_days_on)
        .unwrap();
    assert_eq!(take.state, TakeState::Expired);
    assert!(take.cost.is_some_and(|cost| cost > Usd::ZERO));
    let comparison = reconcile::compare(&stage.setup(), eight_days_on, 31)
        .await
        .unwrap();
    assert!(comparison.agree(), "{comparison:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_abandoned_video_that_the_history_shows_is_downloaded_after_all() {
    let stage = Stage::with_faults(
        "[[fault]]\npath = \"/v2/requests/*/status\"\nnth = 1\nstatus = 422\n\
         body = '{\"status\":\"FAILED\",\"error\":\"internal error\",\"request_id\":\"x\"}'\n",
    )
    .await;
    let ids = stage.admit("3").await;
    let (engine, _events) = stage.start();
    assert_eq!(stage.settled(&ids).await[0].state, TakeState::Failed);
    // The stand-in has finished it by then.
    let client = stage.client();
    let id = stage.take(ids[0]).request_id.unwrap();
    until(
        || format!("{id} has no video"),
        async || {
            client
                .history_one(&id)
                .await
                .unwrap()
                .value
                .unwrap()
                .url
                .is_some()
        },
    )
    .await;
    let comparison = compare(&stage).await;
    assert!(comparison.recovered().next().is_some(), "{comparison:?}");
    engine.wake();
    let takes = stage.wait(&ids, |take| take.state == TakeState::Saved).await;
    stage.ledger_agrees(&takes).await;
    assert_eq!(stage.store.times_submitted(ids[0]).unwrap(), 1);
    assert!(compare(&stage).await.agree());
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_requests_are_reported_only_when_the_whole_history_was_read() {
    let stage = Stage::with_faults(
        "[[fault]]\npath = \"/inference-request/**\"\nnth = 1\nstatus = 200\n\
         body = '{\"data\":[{\"what\":\"is this\"}]}'\ncontent_type = \"application/json\"\n",
    )
    .await;
    let ids = stage.admit("4").await;
    let claim = Claim {
        owner: "ghost".to_owned(),
        account: stage.client().account().to_owned(),
        backend: stage.backend,
        limit: 4,
        caps: rushes::store::Caps::default(),
        prices: None,
        lease: SignedDuration::from_secs(60),
    };
    assert!(matches!(stage.store.claim(&claim).unwrap(), Claimed::Take(_)));
    let facts = Facts {
        request_id: Some("0123456789abcdef0123456789abcdef".to_owned()),
        ..Facts::default()
    };
    stage
        .store
        .step("ghost", ids[0], TakeState::Accepted, "", &facts)
        .unwrap();
    let partial = compare(&stage).await;
    assert_eq!((partial.whole, partial.unreadable), (false, 1));
    assert_eq!(partial.differences, []);
    let whole = compare(&stage).await;
    assert!(
        matches!(whole.differences[..], [Difference::Missing { take, .. }] if take == ids[0]),
        "{whole:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unclear_take_keeps_its_history_row_and_one_marked_not_sent_is_accepted() {
    let stage = Stage::with_faults(
        "[[fault]]\nmethod = \"POST\"\npath = \"/v2/*\"\nnth = 1\nreset = \"after_accept\"\n\
         [[fault]]\npath = \"/inference-request/**\"\nfirst = 1\nstatus = 502\n",
    )
    .await;
    let ids = stage.admit("5").await;
    let (engine, _events) = stage.start();
    let looked = |_: &rushes::model::Take| {
        let exchanges = stage.store.exchanges(ids[0]).unwrap();
        exchanges.iter().any(|exchange| exchange.stage == "history")
    };
    // Its first look found nothing; the next one is seconds away.
    stage.wait(&ids, looked).await;
    engine.stop().await;
    assert_eq!(stage.take(ids[0]).state, TakeState::Unknown);
    let comparison = compare(&stage).await;
    assert_eq!(
        (comparison.unclear, elsewhere(&comparison).len()),
        (1, 0),
        "{comparison:?}"
    );

    stage.store.mark_not_sent(ids[0]).unwrap();
    let comparison = compare(&stage).await;
    assert!(elsewhere(&comparison).is_empty(), "{comparison:?}");
    assert!(comparison.recovered().next().is_some(), "{comparison:?}");
    assert_eq!(stage.take(ids[0]).state, TakeState::Accepted);
    assert!(compare(&stage).await.differences.is_empty());
    // The next engine downloads its video.
    let (engine, _events) = stage.start();
    stage.saved(&ids).await;
    engine.stop().await;
    assert_eq!(stage.ledger().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeat_that_was_sent_for_an_existing_video_is_reported() {
    let stage = Stage::with_faults(
        "[[fault]]\npath = \"/v2/requests/*/status\"\nnth = 1\nstatus = 422\n\
         body = '{\"status\":\"FAILED\",\"error\":\"internal error\",\"request_id\":\"x\"}'\n",
    )
    .await;
    let ids = stage.admit_with_repeats("3", 1).await;
    let (engine, _events) = stage.start();
    assert_eq!(stage.settled(&ids).await[0].state, TakeState::Failed);
    let repeat = stage.store.repeat_of(ids[0]).unwrap().unwrap();
    assert_eq!(stage.settled(&[repeat]).await[0].state, TakeState::Saved);
    // The stand-in works on both alike, and began with the first.
    let comparison = compare(&stage).await;
    let named = comparison.differences.iter().find(|difference| {
        matches!(difference, Difference::State { take, repeat_sent, .. }
            if *take == ids[0] && *repeat_sent == Some(repeat))
    });
    let sentence = named.unwrap_or_else(|| panic!("{comparison:?}")).sentence();
    assert!(
        sentence.contains(&format!("take {repeat}, was sent before")),
        "{sentence}"
    );
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_key_is_reconciled_on_a_day_of_its_own() {
    let mut stage = Stage::with_faults("").await;
    stage.backend = rushes::model::Backend::Live;
    let now = Timestamp::now();
    let first = stage.setup();
    assert!(reconcile::is_due(&first, now).unwrap());
    reconcile::note_reconciled(&first, now).unwrap();
    assert!(!reconcile::is_due(&first, now).unwrap());
    let a_day_on = now + SignedDuration::from_hours(24);
    assert!(reconcile::is_due(&first, a_day_on).unwrap());
    stage.key = "another-key-of-the-same-user";
    let other = stage.setup();
    assert!(reconcile::is_due(&other, now).unwrap());
    reconcile::note_reconciled(&other, now).unwrap();
    assert!(!reconcile::is_due(&other, now).unwrap() && !reconcile::is_due(&first, now).unwrap());
}

/// The user's own model is not on offer any more, for example because of a mistake in models.toml.
#[tokio::test(flavor = "multi_thread")]
async fn a_take_of_a_model_that_is_no_longer_offered_is_still_ours() {
    let now = Timestamp::now();
    let faults = format!(
        "[[fault]]\npath = \"/inference-request/**\"\nnth = 1\nstatus = 200\n\
         body = '{{\"data\":[{{\"request_id\":\"r\",\"model_name\":\"seedance-9\",\"model_status\":\"COMPLETED\",\
         \"credits_deduction\":0.25,\"model_created\":\"{now}\"}}]}}'\ncontent_type = \"application/json\"\n"
    );
    let stage = Stage::with_faults(&faults).await;
    let ids = stage.admit("5").await;
    stage.claimed();
    let facts = Facts {
        request_id: Some("r".to_owned()),
        ..Facts::default()
    };
    stage
        .store
        .step("dead", ids[0], TakeState::Accepted, "", &facts)
        .unwrap();
    let comparison = compare(&stage).await;
    assert_eq!((comparison.requests, comparison.others), (1, 0), "{comparison:?}");
    assert_eq!(
        stage.take(ids[0]).cost,
        Some(Usd::from_micros(250_000)),
        "{comparison:?}"
    );
}

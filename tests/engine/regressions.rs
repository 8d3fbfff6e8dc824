//! Regressions that the chaos test and the model found: each of these tests failed at first.

use std::sync::Arc;

use jiff::SignedDuration;
use rushes::engine::{Event, sidecars};
use rushes::model::{ApiVersion, Form, TakeState};
use rushes::store::{Facts, Store};

use crate::test_engine::{Ahead, Stage, form};

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_jump_does_not_count_as_waiting_for_the_history() {
    let stage = Stage {
        certain_after: SignedDuration::from_secs(4),
        ahead: SignedDuration::from_hours(1),
        ..Stage::with_faults("[[fault]]\nmethod = \"POST\"\npath = \"/v2/*\"\nnth = 1\ndelay_ms = 2500\n")
            .await
    };
    let ids = stage.admit("51").await;
    let take = stage.claimed();
    // It is in flight for a while yet, its sender is gone, and the clock jumps ahead by an hour.
    let client = stage.client();
    let on_its_way = tokio::spawn(async move { client.submit(take.model, &take.body).await });
    stage.store.leases("dead").release_all().unwrap();
    let (engine, _events) = stage.start();
    stage.saved(&ids).await;
    engine.stop().await;
    on_its_way.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_hours_off_loses_no_paid_take() {
    for hours in [-120, -3, 3, 120] {
        let lost = "[[fault]]\nmethod = \"POST\"\npath = \"/v2/*\"\nnth = 1\nreset = \"after_accept\"\n";
        let mut stage = Stage::with_faults(lost).await;
        stage.ahead = SignedDuration::from_hours(hours);
        let file = stage.folder.path().join("rushes.db");
        stage.store = Store::open(&file, Arc::new(Ahead(stage.ahead))).unwrap();
        let ids = stage.admit("52").await;
        let (engine, _events) = stage.start();
        let takes = stage.settled(&ids).await;
        assert_eq!(takes[0].state, TakeState::Saved, "{hours} h: {:?}", takes[0]);
        stage.ledger_agrees(&takes).await;
        engine.stop().await;
    }
}

/// Sent in the future by the provider's clock: where the history had to show it is not certain, so nothing is said.
#[tokio::test(flavor = "multi_thread")]
async fn a_clock_days_ahead_proves_nothing() {
    let lost = "[[fault]]\nmethod = \"POST\"\npath = \"/v2/*\"\nnth = 1\nreset = \"before_body\"\n";
    let mut stage = Stage::with_faults(lost).await;
    stage.ahead = SignedDuration::from_hours(24 * 5);
    let file = stage.folder.path().join("rushes.db");
    stage.store = Store::open(&file, Arc::new(Ahead(stage.ahead))).unwrap();
    let ids = stage.admit("53").await;
    let (engine, mut events) = stage.start();
    loop {
        match tokio::time::timeout(std::time::Duration::from_secs(30), events.recv()).await {
            Ok(Some(Event::Problem(sentence))) if sentence.contains("clock") => break,
            Ok(Some(_)) => {}
            other => panic!("{other:?}, {:?}", stage.take(ids[0])),
        }
    }
    assert_eq!(stage.take(ids[0]).state, TakeState::Unknown);
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_blocking_submit_leaves_no_partial_download() {
    for fault in [
        "status = 400",
        "reset = \"before_body\"",
        "fail = \"InputTextSensitiveContentDetected\"",
    ] {
        let stage = Stage::with_faults(&format!(
            "[[fault]]\nmethod = \"POST\"\npath = \"/v1/*\"\nnth = 1\n{fault}\n"
        ))
        .await;
        let form = Form {
            api_version: ApiVersion::V1,
            ..form()
        };
        let ids = stage.admit_draft(form).await;
        let (engine, _events) = stage.start();
        let takes = stage.settled(&ids).await;
        assert_ne!(takes[0].state, TakeState::Saved, "{fault}");
        engine.stop().await;
        let folder = stage.folder.path().join("reels").join(&stage.reel.folder);
        let left: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        // Only the file that says that it was sent, and what came of it.
        let files = [sidecars::path(&stage.store, &stage.folder.path().join("reels"), &takes[0]).unwrap()];
        assert_eq!(left, files, "{fault}");
    }
}

/// Two processes may hold the same take for a moment, when a clock jumps or a machine wakes up: they must not write
/// into one file.
#[tokio::test(flavor = "multi_thread")]
async fn a_partial_download_that_another_process_writes_is_left_alone() {
    let stage = Stage::with_faults("").await;
    let ids = stage.admit("54").await;
    let take = stage.claimed();
    let submitted = stage.client().submit(take.model, &take.body).await.unwrap().value;
    let facts = Facts {
        request_id: Some(submitted),
        ..Facts::default()
    };
    stage
        .store
        .step("dead", take.id, TakeState::Accepted, "", &facts)
        .unwrap();
    stage.store.leases("dead").release_all().unwrap();
    let part = stage.video_path(&take).with_extension("mp4.part");
    let theirs = std::fs::File::create(&part).unwrap();
    theirs.lock().unwrap();
    let (engine, mut events) = stage.start();
    loop {
        match tokio::time::timeout(std::time::Duration::from_secs(30), events.recv()).await {
            Ok(Some(Event::Problem(sentence))) if sentence.contains("another process") => break,
            Ok(Some(_)) => {}
            other => panic!("{other:?}, {:?}", stage.take(ids[0])),
        }
    }
    assert_eq!(theirs.metadata().unwrap().len(), 0);
    drop(theirs);
    stage.saved(&ids).await;
    engine.stop().await;
}

/// An old record may be called gone instead of not found.
#[tokio::test(flavor = "multi_thread")]
async fn a_job_whose_record_is_gone_is_looked_up_in_the_history() {
    for path in ["/v2/requests/*/status", "/v2/requests/*"] {
        let gone = format!("[[fault]]\nmethod = \"GET\"\npath = \"{path}\"\nstatus = 410\n");
        let mut stage = Stage::with_faults(&gone).await;
        stage.ahead = SignedDuration::from_hours(2);
        let ids = stage.admit("59").await;
        let (engine, _events) = stage.start();
        stage.saved(&ids).await;
        engine.stop().await;
    }
}

/// The history knows of a generation whose video is gone for good: the take ends, with its bill.
#[tokio::test(flavor = "multi_thread")]
async fn a_take_ends_when_only_the_bill_of_its_video_is_left() {
    let faults = "[[fault]]\nmethod = \"GET\"\npath = \"/v2/requests/*/status\"\nstatus = 404\n\
                  body = '{\"error\":\"Request not found\"}'\ncontent_type = \"application/json\"\n\
                  [[fault]]\nmethod = \"GET\"\npath = \"/inference-request/request-history/*\"\nstatus = 200\n\
                  body = '{\"data\":[{\"request_id\":\"r\",\"model_name\":\"seedance-2.0\",\"model_status\":\"COMPLETED\",\
                  \"credits_deduction\":0.25,\"model_created\":\"2026-01-01T00:00:00Z\"}]}'\n\
                  content_type = \"application/json\"\n";
    let mut stage = Stage::with_faults(faults).await;
    stage.ahead = SignedDuration::from_hours(24 * 9);
    let ids = stage.admit("58").await;
    let take = stage.claimed();
    let submitted = stage.client().submit(take.model, &take.body).await.unwrap();
    let facts = Facts {
        request_id: Some(submitted.value),
        ..Facts::default()
    };
    stage
        .store
        .step("dead", take.id, rushes::model::TakeState::Accepted, "", &facts)
        .unwrap();
    stage.store.leases("dead").release_all().unwrap();
    let (engine, _events) = stage.start();
    let takes = stage.settled(&ids).await;
    assert_eq!(
        (takes[0].state, takes[0].cost),
        (TakeState::Expired, Some(rushes::model::Usd::from_micros(250_000))),
        "{:?}",
        takes[0]
    );
    engine.stop().await;
}

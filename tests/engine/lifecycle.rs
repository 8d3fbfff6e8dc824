//! The lifecycle of a take that succeeds, and of one that the provider fails.

use rushes::model::{ApiVersion, FailureKind, Form, TakeState};
use sha2::{Digest, Sha256};

use crate::test_engine::{Stage, form};

#[tokio::test(flavor = "multi_thread")]
async fn a_sweep_goes_from_waiting_to_saved_and_its_files_match_the_ledger() {
    let stage = Stage::with_faults("").await;
    let ids = stage.admit("7, 8, 2 new").await;
    let (engine, _events) = stage.start();
    let takes = stage.settled(&ids).await;
    for take in &takes {
        assert_eq!(take.state, TakeState::Saved, "{take:?}");
        let bytes = std::fs::read(take.file.as_ref().unwrap()).unwrap();
        let hash: String = Sha256::digest(&bytes)
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect();
        assert_eq!(Some(hash), take.sha256);
        assert_eq!(Some(bytes.len() as u64), take.bytes);
        let info = rushes::media::inspect(take.file.as_ref().unwrap()).unwrap();
        assert_eq!((info.width, info.height), (864, 496));
        assert_eq!(stage.way(take.id).first(), Some(&TakeState::Waiting));
        assert_eq!(stage.way(take.id).last(), Some(&TakeState::Saved));
        let (cost, estimate) = (take.cost.unwrap().micros(), take.estimate.micros());
        assert!(
            (cost - estimate).abs() * 50 < estimate,
            "{cost} for an estimate of {estimate}"
        );
    }
    stage.ledger_agrees(&takes).await;
    engine.stop().await;
    let folder = takes[0].file.as_ref().unwrap().parent().unwrap();
    let left: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().into_string().ok())
        .filter(|name| !name.ends_with("s.mp4") && !name.ends_with("s.json"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blocking_take_is_saved_too() {
    let stage = Stage::with_faults("").await;
    let ids = stage
        .admit_draft(Form {
            api_version: ApiVersion::V1,
            ..form()
        })
        .await;
    let (engine, _events) = stage.start();
    stage.saved(&ids).await;
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_job_is_reported_with_its_kind_and_leaves_its_siblings_alone() {
    let stage = Stage::with_faults(
        r#"
        [[fault]]
        method = "POST"
        path = "/v2/*"
        nth = 1
        fail = "OutputAudioSensitiveContentDetected: the output audio was refused"
        "#,
    )
    .await;
    let ids = stage.admit("1..3").await;
    let (engine, _events) = stage.start();
    let takes = stage.settled(&ids).await;
    let failed: Vec<_> = takes
        .iter()
        .filter(|take| take.state == TakeState::Failed)
        .collect();
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].error_kind, Some(FailureKind::OutputAudio));
    assert_eq!(failed[0].cost.map(rushes::model::Usd::micros), Some(0));
    assert!(
        failed[0]
            .error
            .as_deref()
            .unwrap()
            .contains("output audio was refused")
    );
    assert_eq!(
        takes.iter().filter(|take| take.state == TakeState::Saved).count(),
        2
    );
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn temporary_poll_failures_do_not_fail_the_take() {
    let stage = Stage::with_faults(
        r#"
        [[fault]]
        path = "/v2/requests/*/status"
        nth = 1
        status = 502
        [[fault]]
        path = "/v2/requests/*/status"
        nth = 2
        expire = "record"
        [[fault]]
        path = "/v2/requests/*/status"
        nth = 3
        reset = "before_body"
        [[fault]]
        path = "/v2/requests/*"
        nth = 1
        status = 500
        "#,
    )
    .await;
    let ids = stage.admit("4").await;
    let (engine, _events) = stage.start();
    let takes = stage.settled(&ids).await;
    assert_eq!(takes[0].state, TakeState::Saved, "{:?}", takes[0]);
    engine.stop().await;
}

//! Delivery: a download is checked before it gets its name, and a paid video is not given up.

use rushes::engine::Event;
use rushes::model::{FailureKind, TakeState};

use crate::test_engine::{Stage, make_older, webm};

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_wrong_or_slow_download_still_ends_with_the_video() {
    let ways = [
        "truncate = 1000",
        "shorten = 1000",
        "empty = true",
        "status = 503",
        "reset = \"before_body\"",
        "status = 200\nbody = \"<html>busy</html>\"\ncontent_type = \"text/html\"",
        "slow = { bytes = 65536, every_ms = 1 }",
    ];
    for way in ways {
        let stage = Stage::with_faults(&format!("[[fault]]\npath = \"/files/*\"\nnth = 1\n{way}")).await;
        let ids = stage.admit("21").await;
        let (engine, _events) = stage.start();
        let takes = stage.settled(&ids).await;
        assert_eq!(takes[0].state, TakeState::Saved, "{way}: {:?}", takes[0]);
        assert_eq!(takes[0].error, None, "{way}");
        stage.ledger_agrees(&takes).await;
        engine.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_cannot_be_made_keeps_the_take_rendered_until_it_can() {
    let stage = Stage::with_faults("").await;
    // A file where the folder of the reels belongs: not even root can make a folder there.
    let in_the_way = stage.folder.path().join("reels");
    std::fs::write(&in_the_way, "not a folder").unwrap();
    let ids = stage.admit("22").await;
    let (engine, _events) = stage.start();
    let takes = stage
        .wait(&ids, |take| take.error_kind == Some(FailureKind::Storage))
        .await;
    assert_eq!(takes[0].state, TakeState::Rendered);
    std::fs::remove_file(&in_the_way).unwrap();
    let takes = stage.settled(&ids).await;
    assert_eq!(takes[0].state, TakeState::Saved);
    engine.stop().await;
}

const GONE: &str = "[[fault]]\nmethod = \"POST\"\npath = \"/v2/*\"\nnth = 1\nexpire = \"file\"";

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_gone_after_seven_days_is_reported_as_expired() {
    let mut stage = Stage::with_faults(GONE).await;
    stage.ahead = jiff::SignedDuration::from_hours(24 * 7 + 1);
    let ids = stage.admit("23").await;
    let (engine, _events) = stage.start();
    let takes = stage.settled(&ids).await;
    assert_eq!(takes[0].state, TakeState::Expired);
    assert_eq!(takes[0].error_kind, Some(FailureKind::Stale));
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paid_video_that_cannot_be_downloaded_today_is_not_given_up() {
    for fault in ["status = 403", "status = 404", "status = 410"] {
        let stage = Stage::with_faults(&format!("[[fault]]\npath = \"/files/*\"\nfirst = 3\n{fault}")).await;
        let ids = stage.admit("24").await;
        let (engine, _events) = stage.start();
        let takes = stage.settled(&ids).await;
        assert_eq!(takes[0].state, TakeState::Saved, "{fault}: {:?}", takes[0]);
        stage.ledger_agrees(&takes).await;
        engine.stop().await;
    }
}

/// As after an older store was put back: the number is given out again, and the video of the earlier take is there.
#[tokio::test(flavor = "multi_thread")]
async fn an_older_video_of_the_same_name_is_neither_mistaken_for_the_takes_nor_overwritten() {
    let stage = Stage::with_faults("").await;
    let ids = stage.admit("27").await;
    let (engine, _events) = stage.start();
    let takes = stage.settled(&ids).await;
    engine.stop().await;
    let first = takes[0].file.clone().unwrap();
    let bytes = std::fs::read(&first).unwrap();
    let theirs = first.with_file_name("00002-s28-480p-4s.mp4");
    let next = stage.admit("28").await;
    std::fs::write(&theirs, &bytes).unwrap();
    make_older(&theirs);
    let (engine, mut events) = stage.start();
    let next = stage.settled(&next).await;
    engine.stop().await;
    assert_eq!(next[0].state, TakeState::Saved);
    assert_eq!(next[0].file.as_ref(), Some(&theirs));
    assert_ne!(next[0].sha256, takes[0].sha256, "it is the video of another seed");
    stage.ledger_agrees(&[takes[0].clone(), next[0].clone()]).await;
    let kept = std::fs::read_dir(theirs.parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.to_str().unwrap().contains("00002-s28-480p-4s.mp4.other-"))
        .expect("the other video is kept");
    assert_eq!(std::fs::read(&kept).unwrap(), bytes);
    let mut said = false;
    while let Ok(event) = events.try_recv() {
        said |= matches!(event, Event::Problem(sentence) if sentence.contains(kept.to_str().unwrap()));
    }
    assert!(said);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_video_of_the_wrong_length_is_downloaded_again_and_then_kept_with_a_remark() {
    let stage = Stage::with_faults("").await;
    let ids = stage
        .admit_draft(rushes::model::Form {
            prompt: "This one is cut short.".to_owned(),
            seeds: "26".to_owned(),
            ..crate::test_engine::form()
        })
        .await;
    let (engine, _events) = stage.start();
    let takes = stage
        .wait(&ids, |take| take.error_kind == Some(FailureKind::Delivery))
        .await;
    assert_eq!(takes[0].state, TakeState::Rendered);
    // The first that came was set aside to be looked at.
    assert!(takes[0].error.as_ref().unwrap().contains("it is kept as"));
    let takes = stage.settled(&ids).await;
    engine.stop().await;
    assert_eq!(takes[0].state, TakeState::Saved);
    let remark = takes[0].error.clone().unwrap();
    assert!(remark.contains("1 s long and 4 s were asked for"), "{remark}");
    assert_eq!(takes[0].error_kind, None);
    stage.ledger_agrees(&takes).await;
}

fn unreadable() -> rushes::model::Form {
    rushes::model::Form {
        prompt: "Sent as WebM.".to_owned(),
        seeds: "29".to_owned(),
        ..crate::test_engine::form()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_video_that_cannot_be_read_is_kept_when_it_came_three_times_alike() {
    // A download that breaks off in between says nothing about the file.
    let stage = Stage::with_faults("[[fault]]\npath = \"/files/*\"\nnth = 2\ntruncate = 9").await;
    let ids = stage.admit_draft(unreadable()).await;
    let (engine, mut events) = stage.start();
    let takes = stage.settled(&ids).await;
    engine.stop().await;
    assert_eq!(takes[0].state, TakeState::Saved, "{:?}", takes[0].error);
    assert_eq!(takes[0].error_kind, None);
    let remark = takes[0].error.clone().unwrap();
    assert!(
        remark.contains("not an MP4 video but") && remark.contains("another player"),
        "{remark}"
    );
    let file = takes[0].file.clone().unwrap();
    assert_eq!(std::fs::read(&file).unwrap(), webm());
    assert_eq!(
        stage.met().await,
        4,
        "three whole downloads and one that broke off"
    );
    stage.ledger_agrees(&takes).await;
    let beside: Vec<_> = std::fs::read_dir(file.parent().unwrap()).unwrap().collect();
    assert_eq!(beside.len(), 2, "video and sidecar: {beside:?}");
    let mut said = false;
    while let Ok(event) = events.try_recv() {
        said |= matches!(event, Event::Problem(sentence) if sentence.contains("is saved, but rushes cannot read"));
    }
    assert!(said);
}

/// A page that says something else is not the video, however often it comes.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_video_is_never_kept_as_one() {
    let page = "status = 200\nbody = \"<html>busy</html>\"\ncontent_type = \"text/html\"";
    let stage = Stage::with_faults(&format!("[[fault]]\npath = \"/files/*\"\nfirst = 4\n{page}")).await;
    let ids = stage.admit("30").await;
    let (engine, _events) = stage.start();
    let takes = stage.saved(&ids).await;
    engine.stop().await;
    assert_eq!(takes[0].error, None);
}

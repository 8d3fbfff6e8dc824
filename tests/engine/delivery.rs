//! Delivery: what arrives is checked before it bears its name, and a paid film is not given up.

use rushes::model::{FailureKind, TakeState};

use crate::stage::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn a_download_that_breaks_goes_wrong_or_drips_still_ends_as_the_film() {
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
        stage.books_agree(&takes).await;
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

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_gone_for_good_is_told_as_expired() {
    let stage =
        Stage::with_faults("[[fault]]\nmethod = \"POST\"\npath = \"/v2/*\"\nnth = 1\nexpire = \"file\"")
            .await;
    let ids = stage.admit("23").await;
    let (engine, _events) = stage.start();
    let takes = stage.settled(&ids).await;
    assert_eq!(takes[0].state, TakeState::Expired);
    assert_eq!(takes[0].error_kind, Some(FailureKind::Stale));
    engine.stop().await;
}

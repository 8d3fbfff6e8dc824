//! Partial downloads: one process writes at a time, and none is left beside a settled take.

use std::path::{Path, PathBuf};

use rushes::model::{FailureKind, Take, TakeState};
use rushes::store::Facts;

use crate::test_engine::{Stage, noted, until};

fn part_of(video: &Path) -> PathBuf {
    video.with_extension("mp4.part")
}

async fn is_gone(path: &Path) {
    until(|| format!("{} stays", path.display()), async || !path.exists()).await;
}

/// Does as another process that took the take over and saves its video.
async fn taken_over_and_saved(stage: &Stage, take: &Take) {
    let whole = stage.whole_video(take.id).await;
    let raw = rusqlite::Connection::open(stage.data.join("rushes.db")).unwrap();
    raw.execute("UPDATE takes SET owner = 'other' WHERE id = ?1", [take.id.0])
        .unwrap();
    let video = stage.video_path(take);
    std::fs::write(&video, &whole).unwrap();
    let saved = Facts {
        file: Some(video),
        ..noted(&whole)
    };
    stage
        .store
        .step("other", take.id, TakeState::Saved, "", &saved)
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_lost_its_take_leaves_no_partial_download_and_no_message() {
    let stage = Stage::with_faults("[[fault]]\npath = \"/files/*\"\nnth = 1\ntruncate = 1000\n").await;
    let ids = stage.admit("61").await;
    let (engine, _events) = stage.start();
    let takes = stage
        .wait(&ids, |take| take.error_kind == Some(FailureKind::Network))
        .await;
    let part = part_of(&stage.video_path(&takes[0]));
    assert_eq!(part.metadata().unwrap().len(), 1000);
    taken_over_and_saved(&stage, &takes[0]).await;
    is_gone(&part).await;
    engine.stop().await;
    let take = stage.take(ids[0]);
    assert_eq!((take.state, take.error), (TakeState::Saved, None));
    assert_eq!(stage.way(ids[0]).last(), Some(&TakeState::Saved));
    stage.ledger_agrees(&[stage.take(ids[0])]).await;
}

/// A process that was killed after another had saved the video.
#[tokio::test(flavor = "multi_thread")]
async fn the_next_start_removes_partial_downloads_of_settled_takes() {
    let stage = Stage::with_faults("").await;
    let ids = stage.admit("62, 63").await;
    let (engine, _events) = stage.start();
    let takes = stage.settled(&ids).await;
    engine.stop().await;
    let video = takes[0].file.clone().unwrap();
    let whole = std::fs::read(&video).unwrap();
    std::fs::write(part_of(&video), &whole[..whole.len() / 2]).unwrap();
    // The name of a take of another store, of which nothing is known here.
    let theirs = part_of(&video.with_file_name("00002-s7-480p-4s.mp4"));
    let unknown = part_of(&video.with_file_name("00099-s7-480p-4s.mp4"));
    for part in [&theirs, &unknown] {
        std::fs::write(part, "theirs").unwrap();
    }
    let (engine, _events) = stage.start();
    is_gone(&part_of(&video)).await;
    engine.stop().await;
    assert_eq!(std::fs::read(&video).unwrap(), whole);
    for part in [theirs, unknown] {
        assert_eq!(std::fs::read_to_string(part).unwrap(), "theirs");
    }
}

/// The part was whole and checked, and the program ended before it bore its name: it is not fetched again.
#[tokio::test(flavor = "multi_thread")]
async fn a_complete_partial_download_is_renamed_without_downloading_it_again() {
    let counts = "[[fault]]\npath = \"/files/*\"\nnth = 1000000\nstatus = 500\n";
    let stage = Stage::with_faults(counts).await;
    let ids = stage.admit("64").await;
    let (engine, _events) = stage.start();
    let takes = stage.settled(&ids).await;
    engine.stop().await;
    let video = stage.video_path(&takes[0]);
    std::fs::rename(&video, part_of(&video)).unwrap();
    let raw = rusqlite::Connection::open(stage.data.join("rushes.db")).unwrap();
    raw.execute("UPDATE takes SET state = 'rendered'", []).unwrap();
    let before = stage.met().await;
    let (engine, _events) = stage.start();
    let takes = stage.settled(&ids).await;
    engine.stop().await;
    assert_eq!(takes[0].state, TakeState::Saved);
    assert!(video.exists() && !part_of(&video).exists());
    assert_eq!(stage.met().await, before, "fetched again");
    stage.ledger_agrees(&takes).await;
}

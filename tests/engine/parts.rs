//! Partial downloads: one process writes at a time, and none is left beside a settled take.

use std::path::{Path, PathBuf};

use rushes::model::{FailureKind, Take, TakeState};
use rushes::store::Facts;

use crate::stage::{Stage, noted, until};

fn part_of(film: &Path) -> PathBuf {
    film.with_extension("mp4.part")
}

async fn is_gone(path: &Path) {
    until(|| format!("{} stays", path.display()), async || !path.exists()).await;
}

/// Does as another process that took the take over and saves its video.
async fn taken_over_and_saved(stage: &Stage, take: &Take) {
    let whole = stage.whole_film(take.id).await;
    let raw = rusqlite::Connection::open(stage.data.join("rushes.db")).unwrap();
    raw.execute("UPDATE takes SET owner = 'other' WHERE id = ?1", [take.id.0])
        .unwrap();
    let film = stage.film_of(take);
    std::fs::write(&film, &whole).unwrap();
    let saved = Facts {
        file: Some(film),
        ..noted(&whole)
    };
    stage
        .store
        .step("other", take.id, TakeState::Saved, "", &saved)
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_lost_its_take_leaves_no_part_and_no_word_behind() {
    let stage = Stage::with_faults("[[fault]]\npath = \"/files/*\"\nnth = 1\ntruncate = 1000\n").await;
    let ids = stage.admit("61").await;
    let (engine, _events) = stage.start();
    let takes = stage
        .wait(&ids, |take| take.error_kind == Some(FailureKind::Network))
        .await;
    let part = part_of(&stage.film_of(&takes[0]));
    assert_eq!(part.metadata().unwrap().len(), 1000);
    taken_over_and_saved(&stage, &takes[0]).await;
    is_gone(&part).await;
    engine.stop().await;
    let take = stage.take(ids[0]);
    assert_eq!((take.state, take.error), (TakeState::Saved, None));
    assert_eq!(stage.way(ids[0]).last(), Some(&TakeState::Saved));
    stage.books_agree(&[stage.take(ids[0])]).await;
}

/// A process that was killed after another had saved the video.
#[tokio::test(flavor = "multi_thread")]
async fn the_next_start_clears_away_parts_of_settled_takes() {
    let stage = Stage::with_faults("").await;
    let ids = stage.admit("62, 63").await;
    let (engine, _events) = stage.start();
    let takes = stage.settled(&ids).await;
    engine.stop().await;
    let film = takes[0].file.clone().unwrap();
    let whole = std::fs::read(&film).unwrap();
    std::fs::write(part_of(&film), &whole[..whole.len() / 2]).unwrap();
    // The name of a take of another store, of which nothing is known here.
    let theirs = part_of(&film.with_file_name("00002-s7-480p-4s.mp4"));
    let unknown = part_of(&film.with_file_name("00099-s7-480p-4s.mp4"));
    for part in [&theirs, &unknown] {
        std::fs::write(part, "theirs").unwrap();
    }
    let (engine, _events) = stage.start();
    is_gone(&part_of(&film)).await;
    engine.stop().await;
    assert_eq!(std::fs::read(&film).unwrap(), whole);
    for part in [theirs, unknown] {
        assert_eq!(std::fs::read_to_string(part).unwrap(), "theirs");
    }
}

/// The part was whole and checked, and the program ended before it bore its name: it is not fetched again.
#[tokio::test(flavor = "multi_thread")]
async fn a_whole_part_is_named_without_fetching_it_again() {
    let counts = "[[fault]]\npath = \"/files/*\"\nnth = 1000000\nstatus = 500\n";
    let stage = Stage::with_faults(counts).await;
    let ids = stage.admit("64").await;
    let (engine, _events) = stage.start();
    let takes = stage.settled(&ids).await;
    engine.stop().await;
    let film = stage.film_of(&takes[0]);
    std::fs::rename(&film, part_of(&film)).unwrap();
    let raw = rusqlite::Connection::open(stage.data.join("rushes.db")).unwrap();
    raw.execute("UPDATE takes SET state = 'rendered'", []).unwrap();
    let before = stage.met().await;
    let (engine, _events) = stage.start();
    let takes = stage.settled(&ids).await;
    engine.stop().await;
    assert_eq!(takes[0].state, TakeState::Saved);
    assert!(film.exists() && !part_of(&film).exists());
    assert_eq!(stage.met().await, before, "fetched again");
    stage.books_agree(&takes).await;
}

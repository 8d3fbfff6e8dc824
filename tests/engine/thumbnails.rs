//! Thumbnails are made when a take is saved, and never stand in its way.

use std::path::PathBuf;

use rushes::engine::{Engine, Event, Setup};
use rushes::media::{Cancel, Thumbnails};
use rushes::model::{Form, Take, TakeState};
use rushes::service::shots::{moments, of_take};
use rushes::service::thumbnails;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::test_engine::{Stage, form, until};

fn start(stage: &Stage, made: &Thumbnails, over: &Cancel) -> (Engine, UnboundedReceiver<Event>) {
    Engine::start(Setup {
        on_saved: thumbnails::on_saved(made.clone(), over.clone()),
        ..stage.setup()
    })
}

async fn saved(stage: &Stage) -> Take {
    let prompt = "Shot 1 | 0s–1s\nA kite.\nShot 2 | 1s–4s\nA dune.".to_owned();
    let ids = stage.admit_draft(Form { prompt, ..form() }).await;
    let take = stage.settled(&ids).await.remove(0);
    assert_eq!((take.state, &take.error), (TakeState::Saved, &None));
    take
}

fn kept(stage: &Stage, take: &Take) -> PathBuf {
    let name = format!("{}.png", take.sha256.as_ref().unwrap());
    stage.folder.path().join("cache/thumbnails").join(name)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_saved_take_has_a_picture_of_each_shot_in_the_cache() {
    let stage = Stage::with_faults("").await;
    let made = Thumbnails::new(&stage.folder.path().join("cache"), 1 << 20);
    let (engine, _events) = start(&stage, &made, &Cancel::new());
    let take = saved(&stage).await;
    let moments = moments(&of_take(&take));
    assert_eq!(moments.len(), 3);
    let sha256 = take.sha256.clone().unwrap();
    until(
        || "no thumbnails were made".to_owned(),
        async || made.cached(&sha256, &moments).is_some(),
    )
    .await;
    engine.stop().await;
    // With the video gone there is only the cache.
    std::fs::remove_file(take.file.as_ref().unwrap()).unwrap();
    let read = thumbnails::of(&made, &take, &Cancel::new()).unwrap();
    assert_eq!(read.len(), 3);
    assert!(kept(&stage, &take).exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cache_that_cannot_be_written_is_reported_once_and_delivery_goes_on() {
    let stage = Stage::with_faults("").await;
    std::fs::write(stage.folder.path().join("cache"), "in the way").unwrap();
    let made = Thumbnails::new(&stage.folder.path().join("cache"), 1 << 20);
    let (engine, mut events) = start(&stage, &made, &Cancel::new());
    let ids = stage.admit("41, 42, 43").await;
    let takes = stage.settled(&ids).await;
    assert!(
        takes
            .iter()
            .all(|take| take.state == TakeState::Saved && take.error.is_none())
    );
    let mut told = Vec::new();
    until(
        || "the cache was not reported".to_owned(),
        async || {
            while let Ok(event) = events.try_recv() {
                told.extend(match event {
                    Event::Problem(sentence) => Some(sentence),
                    _ => None,
                });
            }
            !told.is_empty()
        },
    )
    .await;
    for take in &takes {
        // The first picture, and the beginning, middle and end of the only shot.
        assert_eq!(thumbnails::of(&made, take, &Cancel::new()).unwrap().len(), 4);
    }
    engine.stop().await;
    while let Ok(event) = events.try_recv() {
        assert!(!matches!(event, Event::Problem(_)), "{event:?}");
    }
    assert_eq!((told.len(), made.trouble()), (1, None), "{told:?}");
    assert!(told[0].contains("cache/thumbnails"), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_end_of_a_session_none_are_made_until_they_are_looked_at() {
    let stage = Stage::with_faults("").await;
    let made = Thumbnails::new(&stage.folder.path().join("cache"), 1 << 20);
    let over = Cancel::new();
    over.cancel();
    let (engine, _events) = start(&stage, &made, &over);
    let take = saved(&stage).await;
    engine.stop().await;
    assert!(!kept(&stage, &take).exists());
    assert_eq!(thumbnails::of(&made, &take, &Cancel::new()).unwrap().len(), 3);
    assert!(kept(&stage, &take).exists());
}

//! A program that ended at any point: the next one goes on, and submits nothing twice.

use rushes::model::{SystemClock, TakeState};
use rushes::store::{Claim, Claimed, Facts, Store};

use crate::stage::{Stage, start_sandbox};

/// What a program that died had written last.
#[derive(Debug, Clone, Copy)]
enum Died {
    BeforeSending,
    BeforeTheAnswer,
    AfterTheAnswer,
    AfterRendering,
    WithHalfAFile,
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_run_takes_up_what_a_dead_one_left() {
    for died in [
        Died::BeforeSending,
        Died::BeforeTheAnswer,
        Died::AfterTheAnswer,
        Died::AfterRendering,
        Died::WithHalfAFile,
    ] {
        let stage = Stage::with_faults("").await;
        let ids = stage.admit("31").await;
        leave(&stage, died).await;
        let (engine, _events) = stage.start();
        let takes = stage.settled(&ids).await;
        let (end, submits) = match died {
            Died::BeforeSending => (TakeState::NotSent, 0),
            _ => (TakeState::Saved, 1),
        };
        assert_eq!(takes[0].state, end, "{died:?}: {:?}", takes[0]);
        assert_eq!(stage.books().await.len(), submits, "{died:?}");
        stage.books_agree(&takes).await;
        engine.stop().await;
    }
}

/// Does what a program does up to the point of its death, and lets go of its lease as time would.
async fn leave(stage: &Stage, died: Died) {
    let claim = Claim {
        owner: "dead".into(),
        account: stage.client().account().to_owned(),
        backend: stage.backend,
        limit: 4,
        cap: None,
        lease: jiff::SignedDuration::from_secs(60),
    };
    let Claimed::Take(take) = stage.store.claim(&claim).unwrap() else {
        panic!("nothing to claim")
    };
    let client = stage.client();
    let step = |to, facts: &Facts| stage.store.step("dead", take.id, to, "", facts).unwrap();
    if !matches!(died, Died::BeforeSending) {
        let submitted = client.submit(take.model, &take.body).await.unwrap().value;
        if !matches!(died, Died::BeforeTheAnswer) {
            step(
                TakeState::Accepted,
                &Facts {
                    request_id: Some(submitted.request_id.clone()),
                    ..Facts::default()
                },
            );
        }
        if matches!(died, Died::AfterRendering | Died::WithHalfAFile) {
            let film = loop {
                use rushes::segmind::Outcome;
                if let Outcome::Completed(film) = client.result(&submitted.request_id).await.unwrap().value {
                    break film;
                }
                tokio::task::yield_now().await;
            };
            let facts = Facts {
                output_url: Some(film.url.clone()),
                cost: film.cost,
                ..Facts::default()
            };
            step(TakeState::Rendered, &facts);
        }
        if matches!(died, Died::WithHalfAFile) {
            let folder = stage.folder.path().join("reels").join(&stage.reel.folder);
            std::fs::create_dir_all(&folder).unwrap();
            let whole = whole_film(stage, take.id).await;
            let part = folder.join(format!("{:05}-s31-480p-4s.mp4.part", take.id.0));
            std::fs::write(part, &whole[..whole.len() / 2]).unwrap();
        }
    }
    stage.store.release("dead").unwrap();
}

async fn whole_film(stage: &Stage, id: rushes::model::TakeId) -> Vec<u8> {
    use futures::StreamExt;
    let url = stage.take(id).output_url.unwrap();
    let mut chunks = stage.client().download(&url, 0).await.unwrap().chunks;
    let mut bytes = Vec::new();
    while let Some(chunk) = chunks.next().await {
        bytes.extend_from_slice(&chunk.unwrap());
    }
    bytes
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sandbox_on_another_port_still_knows_its_jobs() {
    let mut stage = Stage::with_faults("").await;
    let ids = stage.admit("32").await;
    let (engine, _events) = stage.start();
    stage.wait(&ids, |take| take.request_id.is_some()).await;
    engine.stop().await;
    let state = stage.folder.path().join("sandbox");
    let old = std::mem::replace(&mut stage.sandbox, start_sandbox(state, "").await);
    old.stop().await;
    let (engine, _events) = stage.start();
    let takes = stage.settled(&ids).await;
    assert_eq!(takes[0].state, TakeState::Saved);
    stage.books_agree(&takes).await;
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_engines_on_one_store_share_the_work_and_the_limit() {
    let mut stage = Stage::with_faults("").await;
    stage.in_flight = 2;
    let ids = stage.admit("41..46").await;
    let (first, _events) = stage.start();
    let other = Store::open(
        &stage.folder.path().join("rushes.db"),
        std::sync::Arc::new(SystemClock),
    )
    .unwrap();
    let mine = std::mem::replace(&mut stage.store, other);
    let (second, _events2) = stage.start();
    let takes = stage.settled(&ids).await;
    assert!(
        takes.iter().all(|take| take.state == TakeState::Saved),
        "{takes:?}"
    );
    stage.books_agree(&takes).await;
    assert_eq!(stage.books().await.len(), ids.len());
    first.stop().await;
    second.stop().await;
    drop(mine);
}

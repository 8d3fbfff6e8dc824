//! Crashes at any point: the next run continues and submits nothing twice.

use rushes::model::{SystemClock, TakeState};
use rushes::store::{Facts, Store};

use crate::test_engine::{Stage, make_older, noted, start_sandbox};

/// What a program that died had written last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Died {
    BeforeSending,
    BeforeTheResponse,
    AfterTheResponse,
    AfterRendering,
    WithHalfAFile,
    /// The video has its name; only the last step is missing.
    AfterNaming,
    /// The same, and a process that had lost its lease began to fetch it once more.
    AfterNamingBesideAnother,
}

impl Died {
    pub const ALL: [Self; 7] = [
        Self::BeforeSending,
        Self::BeforeTheResponse,
        Self::AfterTheResponse,
        Self::AfterRendering,
        Self::WithHalfAFile,
        Self::AfterNaming,
        Self::AfterNamingBesideAnother,
    ];
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_run_continues_what_a_crashed_one_left() {
    for died in Died::ALL {
        let stage = Stage::with_faults(COUNTS_DOWNLOADS).await;
        let ids = stage.admit("31").await;
        leave(&stage, died).await;
        let before = stage.met().await;
        let (engine, _events) = stage.start();
        let takes = stage.settled(&ids).await;
        let (end, submits) = match died {
            Died::BeforeSending => (TakeState::NotSent, 0),
            _ => (TakeState::Saved, 1),
        };
        assert_eq!(takes[0].state, end, "{died:?}: {:?}", takes[0]);
        assert_eq!(stage.ledger().await.len(), submits, "{died:?}");
        stage.ledger_agrees(&takes).await;
        engine.stop().await;
        if let Some(video) = &takes[0].file {
            assert!(!video.with_extension("mp4.part").exists(), "{died:?}");
            let named = matches!(died, Died::AfterNaming | Died::AfterNamingBesideAnother);
            let downloads = stage.met().await - before;
            assert_eq!(downloads == 0, named, "{died:?}: {downloads} downloads");
        }
    }
}

/// A rule that never strikes: it counts.
const COUNTS_DOWNLOADS: &str = "[[fault]]\npath = \"/files/*\"\nnth = 1000000\nstatus = 500\n";

/// Does what a program does up to the point of its death, and lets go of its lease as time would.
pub async fn leave(stage: &Stage, died: Died) {
    let take = stage.claimed();
    let client = stage.client();
    let step = |to, facts: &Facts| stage.store.step("dead", take.id, to, "", facts).unwrap();
    if !matches!(died, Died::BeforeSending) {
        let submitted = client.submit(take.model, &take.body).await.unwrap().value;
        if !matches!(died, Died::BeforeTheResponse) {
            step(
                TakeState::Accepted,
                &Facts {
                    request_id: Some(submitted.clone()),
                    ..Facts::default()
                },
            );
        }
        if died >= Died::AfterRendering {
            let video = loop {
                use rushes::segmind::Outcome;
                // A large video may take the sandbox longer to draw than the client waits.
                let result = client.result(&submitted).await.map(|result| result.value);
                if let Ok(Outcome::Completed(video)) = result {
                    break video;
                }
                tokio::task::yield_now().await;
            };
            let facts = Facts {
                output_url: Some(video.url.clone()),
                cost: video.cost,
                ..Facts::default()
            };
            step(TakeState::Rendered, &facts);
        }
        if died >= Died::WithHalfAFile {
            let whole = stage.whole_video(take.id).await;
            let video = stage.video_path(&take);
            if died != Died::AfterNaming {
                std::fs::write(video.with_extension("mp4.part"), &whole[..whole.len() / 2]).unwrap();
            }
            if died >= Died::AfterNaming {
                stage.store.learn(take.id, &noted(&whole)).unwrap();
                std::fs::write(&video, &whole).unwrap();
                make_older(&video);
            }
        }
    }
    stage.store.leases("dead").release_all().unwrap();
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
    stage.saved(&ids).await;
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
    stage.ledger_agrees(&takes).await;
    assert_eq!(stage.ledger().await.len(), ids.len());
    first.stop().await;
    second.stop().await;
    drop(mine);
}

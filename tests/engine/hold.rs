//! A prompt refused twice: its waiting takes are on hold until the user decides; everything else goes on.

use rushes::model::{FailureKind, Form, Take, TakeState};

use crate::stage::{Stage, form};

/// So many submits from the first on are refused for their sound.
fn refusing(first: u32) -> String {
    format!(
        "[[fault]]\nmethod = \"POST\"\npath = \"/v2/*\"\nfirst = {first}\n\
         fail = \"OutputAudioSensitiveContentDetected\"\n"
    )
}

async fn held_stage(refusals: u32) -> (Stage, Vec<rushes::model::TakeId>) {
    let mut stage = Stage::with_faults(&refusing(refusals)).await;
    stage.in_flight = 1;
    let ids = stage.admit("1..5").await;
    (stage, ids)
}

fn is_held(take: &Take) -> bool {
    take.state == TakeState::Waiting && take.held == Some(FailureKind::OutputAudio)
}

#[tokio::test(flavor = "multi_thread")]
async fn two_refusals_hold_the_waiting_siblings_and_nobody_else() {
    let (stage, ids) = held_stage(2).await;
    let other = stage
        .admit_draft(Form {
            prompt: "Another prompt altogether.".to_owned(),
            seeds: "9".to_owned(),
            ..form()
        })
        .await;
    let (engine, _events) = stage.start();
    let takes = stage.wait(&ids[2..], is_held).await;
    assert_eq!(takes.len(), 3);
    assert_eq!(stage.settled(&other).await[0].state, TakeState::Saved);
    engine.stop().await;
    assert_eq!(stage.books().await.len(), 3);
    let left = stage.store.queue(stage.backend).unsettled().unwrap();
    assert_eq!((left.on_hold, left.ready), (3, 0));
    // Whoever comes next does not send them either.
    let (engine, _events) = stage.start();
    let new = stage
        .admit_draft(Form {
            prompt: "A third prompt.".to_owned(),
            seeds: "10".to_owned(),
            ..form()
        })
        .await;
    engine.wake();
    stage.settled(&new).await;
    assert!(ids[2..].iter().all(|id| is_held(&stage.take(*id))));
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_let_go_on_is_not_held_again() {
    let (stage, ids) = held_stage(3).await;
    let (engine, _events) = stage.start();
    stage.wait(&ids[2..], is_held).await;
    stage.store.release_from_hold(&ids[2..]).unwrap();
    engine.wake();
    let takes = stage.settled(&ids).await;
    let states: Vec<_> = takes.iter().map(|take| take.state).collect();
    let [no, yes] = [TakeState::Failed, TakeState::Saved];
    assert_eq!(states, [no, no, no, yes, yes]);
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn held_takes_are_cancelled_all_at_once_and_cost_nothing() {
    let (stage, ids) = held_stage(2).await;
    let (engine, _events) = stage.start();
    stage.wait(&ids[2..], is_held).await;
    // One that is not held is none of it.
    stage.store.cancel_on_hold(&ids).unwrap();
    let takes = stage.settled(&ids).await;
    let cancelled = takes.iter().filter(|take| take.state == TakeState::Cancelled);
    assert_eq!(cancelled.count(), 3);
    assert_eq!(stage.books().await.len(), 2);
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn takes_asked_for_after_the_refusals_have_read_them() {
    let (stage, ids) = held_stage(3).await;
    let (engine, _events) = stage.start();
    stage.wait(&ids[2..], is_held).await;
    stage.store.cancel_on_hold(&ids[2..]).unwrap();
    // The third refusal is the first of these: one is not enough.
    let again = stage.admit("11..13").await;
    engine.wake();
    let takes = stage.settled(&again).await;
    let saved = takes.iter().filter(|take| take.state == TakeState::Saved);
    assert_eq!(saved.count(), 2, "{takes:?}");
    engine.stop().await;
}

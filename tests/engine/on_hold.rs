//! After two refusals of a prompt, its waiting takes are on hold until the user decides. Everything else continues.

use rushes::model::{FailureKind, Form, Take, TakeState};

use crate::test_engine::{Stage, form};

/// The `first` submits are refused for their sound.
fn refusing(first: u32) -> String {
    format!(
        "[[fault]]\nmethod = \"POST\"\npath = \"/v2/*\"\nfirst = {first}\n\
         fail = \"OutputAudioSensitiveContentDetected\"\n"
    )
}

async fn stage_with_takes_on_hold(refusals: u32) -> (Stage, Vec<rushes::model::TakeId>) {
    let mut stage = Stage::with_faults(&refusing(refusals)).await;
    stage.in_flight = 1;
    let ids = stage.admit("1..5").await;
    (stage, ids)
}

fn is_on_hold(take: &Take) -> bool {
    take.state == TakeState::Waiting && take.on_hold == Some(FailureKind::OutputAudio)
}

#[tokio::test(flavor = "multi_thread")]
async fn two_refusals_put_the_waiting_siblings_on_hold_and_nothing_else() {
    let (stage, ids) = stage_with_takes_on_hold(2).await;
    let other = stage
        .admit_draft(Form {
            prompt: "Another prompt altogether.".to_owned(),
            seeds: "9".to_owned(),
            ..form()
        })
        .await;
    let (engine, _events) = stage.start();
    let takes = stage.wait(&ids[2..], is_on_hold).await;
    assert_eq!(takes.len(), 3);
    assert_eq!(stage.settled(&other).await[0].state, TakeState::Saved);
    engine.stop().await;
    assert_eq!(stage.ledger().await.len(), 3);
    let left = stage.store.queue(stage.backend).unsettled().unwrap();
    assert_eq!((left.on_hold, left.ready), (3, 0));
    // The next process does not send them either.
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
    assert!(ids[2..].iter().all(|id| is_on_hold(&stage.take(*id))));
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_released_take_is_not_put_on_hold_again() {
    let (stage, ids) = stage_with_takes_on_hold(3).await;
    let (engine, _events) = stage.start();
    stage.wait(&ids[2..], is_on_hold).await;
    stage.store.release_from_hold(&ids[2..]).unwrap();
    engine.wake();
    let takes = stage.settled(&ids).await;
    let states: Vec<_> = takes.iter().map(|take| take.state).collect();
    let [no, yes] = [TakeState::Failed, TakeState::Saved];
    assert_eq!(states, [no, no, no, yes, yes]);
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn takes_on_hold_are_cancelled_together_and_cost_nothing() {
    let (stage, ids) = stage_with_takes_on_hold(2).await;
    let (engine, _events) = stage.start();
    stage.wait(&ids[2..], is_on_hold).await;
    // A take that is not on hold is not cancelled.
    stage.store.cancel_on_hold(&ids).unwrap();
    let takes = stage.settled(&ids).await;
    let cancelled = takes.iter().filter(|take| take.state == TakeState::Cancelled);
    assert_eq!(cancelled.count(), 3);
    assert_eq!(stage.ledger().await.len(), 2);
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn new_takes_of_a_cancelled_prompt_are_sent() {
    let (stage, ids) = stage_with_takes_on_hold(3).await;
    let (engine, _events) = stage.start();
    stage.wait(&ids[2..], is_on_hold).await;
    stage.store.cancel_on_hold(&ids[2..]).unwrap();
    // The third refusal is the first of these: one is not enough.
    let again = stage.admit("11..13").await;
    engine.wake();
    let takes = stage.settled(&again).await;
    let saved = takes.iter().filter(|take| take.state == TakeState::Saved);
    assert_eq!(saved.count(), 2, "{takes:?}");
    engine.stop().await;
}

//! Quitting: which takes continue without the workbench, which it waits for, and what it says about them.

use rushes::engine::Event as News;
use rushes::model::{Backend, FailureKind, Form, TakeId, TakeState, Usd};
use rushes::store::{Admission, Facts};
use rushes::tui::app::Leaving;

use crate::takes::{OWNER, work};
use crate::test_workbench::{Desk, Options, workbench};

/// A reported transition of a sent take.
fn step(desk: &Desk, id: TakeId, to: TakeState) {
    desk.store
        .step(OWNER, id, to, "by the test", &Facts::default())
        .unwrap();
    desk.tell(News::Take(id));
}

/// Queues a take for each key that is pressed.
async fn queue_takes(desk: &Desk, keys: &str) {
    let count = keys.split(' ').count();
    desk.press(keys);
    desk.until("they wait", |desk| {
        desk.store.unsettled_takes(None).unwrap().len() == count
    })
    .await;
    desk.settle().await;
}

async fn stop_queue(desk: &Desk) {
    desk.store
        .queue(Backend::Sandbox)
        .stop(FailureKind::Credits, "402")
        .unwrap();
    desk.tell(News::Queue(Backend::Sandbox));
    desk.sees("out of credits").await;
}

#[test]
fn quitting_with_takes_in_flight_asks_and_can_wait() {
    let ended = workbench(Options::default(), |desk| async move {
        desk.press("g");
        desk.queued(1).await;
        let id = work(
            &desk,
            Backend::Sandbox,
            &[TakeState::Accepted, TakeState::Processing],
        );
        desk.tell(News::Take(id));
        desk.settle().await;
        desk.press("q");
        desk.sees("1 take is still running. Quit?").await;
        desk.press("esc");
        desk.sees_no("Quit?").await;
        desk.press("q w");
        desk.sees("Will quit when all takes have finished").await;
        desk.store
            .step(OWNER, id, TakeState::Rendered, "by the test", &Facts::default())
            .unwrap();
        desk.tell(News::Take(id));
        desk.settle().await;
        desk.press("G");
        desk.sees("the queue is not stopped").await;
        desk.store
            .step(OWNER, id, TakeState::Saved, "by the test", &Facts::default())
            .unwrap();
        desk.tell(News::Take(id));
        desk.settle().await;
    });
    assert_eq!(ended.leaving.unwrap(), Leaving::Quit);
}

/// Queues takes of another reel, with random seeds if none are given.
fn admit(desk: &Desk, backend: Backend, seeds: &str, estimate: Usd) {
    let other = desk.store.reel("another").unwrap();
    let mut form = Form::default();
    if !seeds.is_empty() {
        seeds.clone_into(&mut form.seeds);
    }
    let seeds = form.seed_list().unwrap().draw(&mut fastrand::Rng::with_seed(7));
    desk.store
        .admit(&Admission::of(
            &other.id, backend, form, seeds, estimate, estimate,
        ))
        .unwrap();
}

#[test]
fn takes_stopped_by_the_days_cap_are_neither_promised_nor_waited_for() {
    let prepare = |desk: &Desk| {
        admit(desk, Backend::Live, "1, 2", Usd::from_micros(6_000_000));
        work(desk, Backend::Live, &[TakeState::Accepted]);
    };
    let options = Options {
        backend: Backend::Live,
        cap: Some(Usd::from_micros(6_500_000)),
        prepare: Some(prepare),
        ..Options::default()
    };
    let ended = workbench(options, |desk| async move {
        desk.settle().await;
        desk.press("q");
        desk.sees("1 take is still running. Quit?").await;
        desk.sees("Waiting takes are not sent: the day's cap of $6.50 leaves")
            .await;
        desk.sees("Raise cap_per_day, or wait").await;
        desk.press("w");
        desk.sees("Will quit when").await;
        let id = TakeId(1);
        step(&desk, id, TakeState::Rendered);
        step(&desk, id, TakeState::Saved);
        desk.settle().await;
    });
    assert_eq!(ended.leaving.unwrap(), Leaving::Quit);
}

#[test]
fn an_unknown_outcome_of_another_reel_asks_but_is_not_waited_for() {
    let prepare = |desk: &Desk| {
        admit(desk, Backend::Sandbox, "", Usd::ZERO);
        work(desk, Backend::Sandbox, &[TakeState::Unknown]);
    };
    let options = Options {
        prepare: Some(prepare),
        ..Options::default()
    };
    let ended = workbench(options, |desk| async move {
        desk.sees("0 in flight").await;
        desk.settle().await;
        desk.press("q");
        desk.sees("1 take is still running. Quit?").await;
        desk.press("w");
        desk.settle().await;
    });
    assert_eq!(ended.leaving.unwrap(), Leaving::Quit);
}

#[test]
fn a_take_that_only_waits_is_counted_and_waited_for() {
    let ended = workbench(Options::default(), |desk| async move {
        queue_takes(&desk, "g").await;
        desk.press("q");
        desk.sees("1 take waits to be sent. Quit?").await;
        desk.sees("waiting takes are sent").await;
        desk.press("w");
        desk.sees("Will quit when all takes have finished").await;
        desk.settle().await;
        // It listens still.
        desk.press("G");
        desk.sees("the queue is not stopped").await;
        let id = work(&desk, Backend::Sandbox, &[TakeState::Accepted]);
        desk.tell(News::Take(id));
        desk.settle().await;
        desk.press("esc G");
        desk.sees("the queue is not stopped").await;
        step(&desk, id, TakeState::Rendered);
        step(&desk, id, TakeState::Saved);
        desk.settle().await;
    });
    assert_eq!(ended.leaving.unwrap(), Leaving::Quit);
}

#[test]
fn the_question_tells_takes_that_run_from_takes_that_wait() {
    workbench(Options::default(), |desk| async move {
        queue_takes(&desk, "g g g").await;
        let id = work(&desk, Backend::Sandbox, &[TakeState::Accepted]);
        desk.tell(News::Take(id));
        desk.settle().await;
        desk.press("q");
        desk.sees("1 take is still running, and 2 wait. Quit?").await;
    });
}

#[test]
fn waiting_takes_in_a_stopped_queue_are_no_reason_to_stay() {
    let ended = workbench(Options::default(), |desk| async move {
        queue_takes(&desk, "g").await;
        stop_queue(&desk).await;
        desk.press("q");
        desk.settle().await;
        assert!(!desk.glass.text().contains("Quit?"), "{}", desk.glass.text());
    });
    assert_eq!(ended.leaving.unwrap(), Leaving::Quit);
}

#[test]
fn a_stopped_queue_promises_nothing_and_only_sent_takes_are_waited_for() {
    let ended = workbench(Options::default(), |desk| async move {
        queue_takes(&desk, "g g").await;
        let id = work(&desk, Backend::Sandbox, &[TakeState::Accepted]);
        desk.tell(News::Take(id));
        stop_queue(&desk).await;
        desk.press("q");
        desk.sees("1 take is still running. Quit?").await;
        desk.sees("The queue is stopped: waiting takes are not sent.")
            .await;
        assert!(!desk.glass.text().contains("is sent"), "{}", desk.glass.text());
        desk.press("w");
        desk.sees("Will quit when all takes have finished").await;
        step(&desk, id, TakeState::Rendered);
        step(&desk, id, TakeState::Saved);
        desk.settle().await;
    });
    assert_eq!(ended.leaving.unwrap(), Leaving::Quit);
    let left = ended.desk.store.queue(Backend::Sandbox).unsettled().unwrap();
    assert_eq!((left.sent, left.ready), (0, 1));
}

#[test]
fn quitting_when_done_is_shown_keeps_typed_text_and_can_be_cancelled() {
    let ended = workbench(Options::default(), |desk| async move {
        queue_takes(&desk, "g").await;
        let id = work(&desk, Backend::Sandbox, &[TakeState::Accepted]);
        desk.tell(News::Take(id));
        desk.press("q");
        desk.sees("Quit?").await;
        desk.press("w");
        desk.sees("quits when done").await;
        desk.press("q");
        desk.sees("Quit now instead of when all have finished?").await;
        desk.press("esc");
        desk.sees_no("quits when done").await;
        desk.press("q");
        desk.sees("Quit?").await;
        desk.press("w");
        desk.sees("quits when done").await;
        desk.press("1 i");
        desk.sees("EDITING").await;
        step(&desk, id, TakeState::Rendered);
        step(&desk, id, TakeState::Saved);
        desk.settle().await;
        // The text goes on although nothing is in flight.
        desk.write("a kite ").await;
        desk.sees("a kite").await;
        desk.press("esc");
        desk.settle().await;
    });
    assert_eq!(ended.leaving.unwrap(), Leaving::Quit);
    let form = ended
        .desk
        .store
        .forms(&ended.desk.reel_id)
        .edited()
        .unwrap()
        .unwrap();
    assert!(form.prompt.contains("a kite"), "{}", form.prompt);
}

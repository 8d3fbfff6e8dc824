//! Order and remarks: what the user does to takes in the queue and in the log.

use jiff::SignedDuration;
use rushes::model::{Backend, FailureKind, TakeId, TakeState, Verdict};
use rushes::store::{Facts, Filter, StoreError};

use crate::test_store::*;

fn order(kit: &Kit) -> Vec<TakeId> {
    kit.store
        .unsettled_takes(None)
        .unwrap()
        .iter()
        .map(|take| take.id)
        .collect()
}

#[test]
fn a_take_moves_up_and_down_and_no_further_than_the_ends() {
    let kit = kit();
    let [a, b, c, d] = kit.admit(&[1, 2, 3, 4])[..] else {
        panic!("four takes were asked for")
    };
    for (by, expected) in [
        (-2, [a, d, b, c]),
        (-9, [d, a, b, c]),
        (1, [a, d, b, c]),
        (i32::MAX, [a, b, c, d]),
        (i32::MIN, [d, a, b, c]),
        (0, [d, a, b, c]),
    ] {
        kit.store.move_in_queue(d, by).unwrap();
        assert_eq!(order(&kit), expected, "by {by}");
    }
    assert_eq!(kit.claim("me").id, d);
}

#[test]
fn other_reels_takes_keep_their_places() {
    let kit = kit();
    let other = kit.store.reel("other").unwrap();
    let a = kit.admit(&[1])[0];
    let x = kit.store.admit(&admission(&other.id, &[1])).unwrap()[0];
    let b = kit.admit(&[2])[0];
    kit.store.move_in_queue(b, -1).unwrap();
    assert_eq!(order(&kit), [b, x, a]);
    let of_other = kit.store.unsettled_takes(Some(&other.id)).unwrap();
    assert_eq!(of_other.iter().map(|take| take.id).collect::<Vec<_>>(), [x]);
}

#[test]
fn a_take_sent_back_keeps_its_place() {
    let kit = kit();
    let first = kit.admit(&[1])[0];
    kit.claim("me");
    let second = kit.admit(&[2])[0];
    kit.step(first, TakeState::Waiting);
    assert_eq!(order(&kit), [first, second]);
}

#[test]
fn the_queue_shows_what_is_sent_before_what_waits() {
    let kit = kit();
    let waiting = kit.take_in(TakeState::Waiting).id;
    kit.store.pause(waiting, true).unwrap();
    let sent: Vec<_> = TakeState::ALL
        .into_iter()
        .filter(|state| *state != TakeState::Waiting)
        .map(|state| kit.take_in(state))
        .filter(|take| !take.state.settled())
        .map(|take| take.id)
        .collect();
    assert_eq!(order(&kit), [sent, vec![waiting]].concat());
}

#[test]
fn only_a_waiting_take_can_be_cancelled() {
    let kit = kit();
    for state in TakeState::ALL {
        let take = kit.take_in(state);
        match kit.store.cancel(take.id) {
            Ok(cancelled) => {
                assert_eq!(state, TakeState::Waiting);
                assert_eq!(cancelled.state, TakeState::Cancelled);
                assert_eq!(cancelled.times.settled, Some(kit.now()));
            }
            Err(error) => {
                assert!(matches!(error, StoreError::IllegalTransition { .. }), "{error}");
                assert_ne!(state, TakeState::Waiting);
                assert_eq!(kit.store.take(take.id).unwrap(), take);
                let told = error.to_string().contains("cannot cancel");
                assert_eq!(told, state.in_flight(), "{error}");
            }
        }
    }
}

#[test]
fn only_an_unknown_take_can_be_marked_as_not_sent_whoever_owns_it() {
    for state in TakeState::ALL {
        let kit = kit();
        let take = kit.take_in(state);
        match kit.store.mark_not_sent(take.id) {
            Ok(marked) => {
                assert_eq!((state, marked.state), (TakeState::Unknown, TakeState::NotSent));
                let late = kit
                    .store
                    .step("me", take.id, TakeState::Accepted, "", &Facts::default());
                assert!(late.is_err(), "the engine's later step is refused");
            }
            Err(error) => {
                assert!(matches!(error, StoreError::IllegalTransition { .. }), "{error}");
                assert_ne!(state, TakeState::Unknown);
            }
        }
    }
}

#[test]
fn only_a_waiting_take_can_be_paused_or_moved() {
    let kit = kit();
    let id = kit.take_in(TakeState::Submitting).id;
    let refused = StoreError::NotWaiting(id, TakeState::Submitting);
    assert_eq!(kit.store.pause(id, true), Err(refused.clone()));
    assert_eq!(kit.store.move_in_queue(id, 1), Err(refused));
}

#[test]
fn every_call_for_a_take_that_is_not_there_says_so() {
    let kit = kit();
    let id = TakeId(7);
    let exchange = crate::log::exchange("{}");
    let store = &kit.store;
    let outcomes = [
        store.take(id).map(drop),
        store.cancel(id).map(drop),
        store.mark_not_sent(id).map(drop),
        store.pause(id, true),
        store.move_in_queue(id, 1),
        store.set_verdict(id, Verdict::Circled),
        store.set_note(id, "n"),
        store.learn(id, &Facts::default()),
        store.record(id, &exchange),
        store
            .step("me", id, TakeState::Saved, "", &Facts::default())
            .map(drop),
    ];
    for outcome in outcomes {
        let error = outcome.unwrap_err();
        assert_eq!(error, StoreError::NoSuchTake(id));
        assert_eq!(
            error.to_string(),
            "there is no take 7: `rushes ls` lists all takes"
        );
    }
}

#[test]
fn verdict_and_note_are_kept_and_taken_away() {
    let kit = kit();
    let id = kit.admit(&[1])[0];
    kit.store.set_verdict(id, Verdict::Circled).unwrap();
    kit.store.set_note(id, "her look at 0:03").unwrap();
    let take = kit.other().take(id).unwrap();
    assert_eq!(
        (take.verdict, take.note.as_deref()),
        (Verdict::Circled, Some("her look at 0:03"))
    );
    kit.store.set_verdict(id, Verdict::None).unwrap();
    kit.store.set_note(id, "").unwrap();
    let take = kit.store.take(id).unwrap();
    assert_eq!((take.verdict, take.note), (Verdict::None, None));
    assert_eq!(kit.store.count(&Filter::all()).unwrap(), 1);
}

#[test]
fn lifting_a_stop_leaves_the_wait_that_a_rate_limit_asked_for() {
    let kit = kit();
    let id = kit.admit(&[1])[0];
    let until = kit.now() + SignedDuration::from_secs(30);
    kit.store.queue(Backend::Sandbox).wait_until(until).unwrap();
    kit.store
        .queue(Backend::Sandbox)
        .stop(FailureKind::Credits, "none left")
        .unwrap();
    kit.store.queue(Backend::Sandbox).lift_stop().unwrap();
    let state = kit.store.queue(Backend::Sandbox).state().unwrap();
    assert_eq!((state.stopped, state.not_before), (None, Some(until)));
    kit.pass(31);
    assert_eq!(kit.claim("me").id, id);
}

#[test]
fn a_stop_that_the_user_must_lift_is_not_replaced_by_a_temporary_one() {
    use FailureKind as F;
    for (first, second, remains) in [
        (F::BillAboveReserve, F::Credits, F::BillAboveReserve),
        (F::BillAboveReserve, F::Rate, F::BillAboveReserve),
        (F::Rate, F::KeyRejected, F::Rate),
        (F::Rate, F::BillAboveReserve, F::BillAboveReserve),
        (F::Credits, F::KeyRejected, F::KeyRejected),
        (F::Credits, F::BillAboveReserve, F::BillAboveReserve),
    ] {
        let kit = kit();
        let queue = kit.store.queue(Backend::Live);
        queue.stop(first, "the first").unwrap();
        queue.stop(second, "the second").unwrap();
        let (stopped, _) = queue.state().unwrap().stopped.unwrap();
        assert_eq!(stopped, remains, "{first:?}, then {second:?}");
        if remains.needs_resuming() {
            queue.lift_stop_for_new_takes().unwrap();
            assert!(queue.state().unwrap().stopped.is_some());
        }
        queue.resume().unwrap();
        assert_eq!(queue.state().unwrap().stopped, None);
    }
}

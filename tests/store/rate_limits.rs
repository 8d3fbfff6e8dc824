//! The circuit breaker for submits, as the claim keeps it.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rushes::model::{Backend, FailureKind, TakeId, TakeState, Usd};
use rushes::store::{Claimed, Facts, MAX_RATE_LIMITS_IN_A_ROW, MAX_SUBMITS_IN_WINDOW};

use crate::test_store::*;

const SANDBOX: Backend = Backend::Sandbox;

/// The submit of a claimed take is answered with 429: until when the queue pauses.
fn refuse(kit: &Kit, id: TakeId, asked: Option<u64>) -> Timestamp {
    let until = kit
        .store
        .queue(SANDBOX)
        .note_rate_limit(id, asked.map(Duration::from_secs), "slow down")
        .unwrap();
    let facts = Facts {
        not_before: Some(until),
        error_kind: Some(FailureKind::Rate),
        ..Facts::default()
    };
    kit.store
        .step("me", id, TakeState::Waiting, "429", &facts)
        .unwrap();
    until
}

/// Claims when the queue lets it, and has the submit refused: how long it waited, or why it stopped.
fn next_refused(kit: &Kit) -> Result<SignedDuration, Claimed> {
    let began = kit.now();
    loop {
        match kit.store.claim(&claim("me")).unwrap() {
            Claimed::Take(take) => {
                refuse(kit, take.id, None);
                return Ok(kit.now().duration_since(began));
            }
            Claimed::NotBefore(when) => kit.clock.advance(when.duration_since(kit.now())),
            other => return Err(other),
        }
    }
}

#[test]
fn pauses_double_and_the_tenth_in_a_row_stops_the_queue() {
    let kit = kit();
    kit.admit(&[1]);
    let mut waits = Vec::new();
    let stopped = loop {
        match next_refused(&kit) {
            Ok(waited) => waits.push(waited.as_secs()),
            Err(stopped) => break stopped,
        }
    };
    assert_eq!(waits, [0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
    assert_eq!(waits.len(), MAX_RATE_LIMITS_IN_A_ROW as usize);
    let Claimed::Stopped(kind, why) = stopped else {
        panic!("{stopped:?}")
    };
    assert_eq!(kind, FailureKind::Rate);
    assert!(
        why.contains("10 submits in a row") && why.contains("slow down"),
        "{why}"
    );
    // Another process sees the same.
    assert!(matches!(
        kit.other().claim(&claim("you")).unwrap(),
        Claimed::Stopped(..)
    ));
    // The user resumes it, and our own pause still applies. Then the row starts from zero.
    kit.store.queue(SANDBOX).resume().unwrap();
    assert_eq!(next_refused(&kit).unwrap().as_secs(), 60);
    assert_eq!(next_refused(&kit).unwrap().as_secs(), 1);
}

#[test]
fn no_header_makes_the_pause_shorter_and_resuming_overrides_a_longer_one() {
    let kit = kit();
    let id = kit.admit(&[1])[0];
    kit.claim("me");
    assert_eq!(
        refuse(&kit, id, Some(0)),
        kit.now() + SignedDuration::from_secs(1)
    );
    kit.pass(1);
    kit.claim("me");
    assert_eq!(
        refuse(&kit, id, Some(7200)),
        kit.now() + SignedDuration::from_hours(2)
    );
    kit.store.queue(SANDBOX).resume().unwrap();
    let floor = kit.now() + SignedDuration::from_secs(2);
    assert_eq!(kit.store.queue(SANDBOX).state().unwrap().not_before, Some(floor));
    assert_eq!(kit.store.claim(&claim("me")).unwrap(), Claimed::NotBefore(floor));
    kit.pass(2);
    assert_eq!(kit.claim("me").id, id);
}

#[test]
fn a_burst_of_429s_to_submits_in_flight_does_not_stop_the_queue() {
    let kit = kit();
    let ids = kit.admit(&(0..15).collect::<Vec<_>>());
    for _ in &ids {
        kit.claim("me");
    }
    kit.pass(1);
    for id in &ids {
        refuse(&kit, *id, None);
    }
    assert_eq!(kit.store.queue(SANDBOX).state().unwrap().stopped, None);
    // One more that was sent after all of this does.
    assert_eq!(next_refused(&kit).unwrap().as_secs(), 60);
    assert!(matches!(
        next_refused(&kit),
        Err(Claimed::Stopped(FailureKind::Rate, _))
    ));
}

#[test]
fn ten_submits_a_minute_pass_while_429s_come_also_when_some_are_accepted() {
    let kit = kit();
    let ids = kit.admit(&(0..60).collect::<Vec<_>>());
    let mut sent: Vec<Timestamp> = Vec::new();
    for n in 0..ids.len() {
        let take = loop {
            match kit.store.claim(&claim("me")).unwrap() {
                Claimed::Take(take) => break take,
                Claimed::NotBefore(when) => kit.clock.advance(when.duration_since(kit.now())),
                other => panic!("{other:?}"),
            }
        };
        sent.push(kit.now());
        // Every other submit is accepted, which ends the row and not the window.
        if n % 2 == 0 {
            refuse(&kit, take.id, None);
        } else {
            kit.step(take.id, TakeState::Accepted);
        }
    }
    let window = MAX_SUBMITS_IN_WINDOW as usize;
    for pair in sent.windows(window + 1) {
        assert!(
            pair[window].duration_since(pair[0]) >= SignedDuration::from_secs(60),
            "{pair:?}"
        );
    }
    // Without a 429 for a while nothing is delayed.
    kit.pass(3600);
    let more = kit.admit(&(0..30).collect::<Vec<_>>());
    for _ in more {
        let take = kit.claim("me");
        kit.step(take.id, TakeState::Accepted);
    }
}

#[test]
fn a_clock_set_back_neither_stops_the_queue_nor_delays_it_for_long() {
    let kit = kit();
    kit.admit(&[1]);
    for _ in 0..5 {
        next_refused(&kit).unwrap();
    }
    kit.pass(-48 * 3600);
    assert!(next_refused(&kit).unwrap() <= SignedDuration::from_secs(60));
}

#[test]
fn a_clock_set_back_by_hours_delays_a_resumed_queue_by_a_minute_at_most() {
    for resumes in [true, false] {
        let kit = kit();
        kit.admit(&[1]);
        next_refused(&kit).unwrap();
        let Claimed::NotBefore(when) = kit.store.claim(&claim("me")).unwrap() else {
            panic!("the queue does not pause");
        };
        kit.clock.advance(when.duration_since(kit.now()));
        let take = kit.claim("me");
        refuse(&kit, take.id, Some(3600));
        kit.pass(-5 * 3600);
        if resumes {
            kit.store.queue(SANDBOX).resume().unwrap();
        }
        let waited = next_refused(&kit).unwrap();
        assert!(waited <= SignedDuration::from_secs(60), "{waited}");
    }
}

#[test]
fn other_stops_are_not_written_over_and_other_backends_go_on() {
    let kit = kit();
    let id = kit.admit(&[1])[0];
    kit.claim("me");
    kit.store
        .queue(SANDBOX)
        .stop(FailureKind::Credits, "none left")
        .unwrap();
    for _ in 0..12 {
        kit.store
            .queue(SANDBOX)
            .note_rate_limit(id, None, "slow down")
            .unwrap();
    }
    let state = kit.store.queue(SANDBOX).state().unwrap();
    assert_eq!(state.stopped.map(|(kind, _)| kind), Some(FailureKind::Credits));
    let live = kit.store.queue(Backend::Live).state().unwrap();
    assert_eq!((live.stopped, live.not_before), (None, None));
}

#[test]
fn a_bill_too_large_for_any_sum_is_not_kept() {
    let kit = kit();
    for micros in [i64::MAX, -1, Usd::MAX_BILL.micros() + 1] {
        let id = kit.admit(&[1])[0];
        kit.claim("me");
        let facts = Facts {
            cost: Some(Usd::from_micros(micros)),
            ..Facts::default()
        };
        kit.store.step("me", id, TakeState::Accepted, "", &facts).unwrap();
        assert_eq!(kit.store.take(id).unwrap().cost, None, "{micros}");
    }
    let committed = kit.store.queue(SANDBOX).committed_since(Timestamp::UNIX_EPOCH);
    assert_eq!(committed, Ok(DIME.times(3)));
}

#[test]
fn since_when_the_history_is_asked_is_kept_until_the_take_is_sent_again() {
    let kit = kit();
    let id = kit.admit(&[1])[0];
    kit.claim("me");
    let (first, later) = (kit.now(), kit.now() + SignedDuration::from_mins(9));
    assert_eq!(kit.store.asked_since(id, first), Ok(first));
    assert_eq!(kit.other().asked_since(id, later), Ok(first));
    kit.step(id, TakeState::Waiting);
    kit.claim("me");
    assert_eq!(kit.store.asked_since(id, later), Ok(later));
}

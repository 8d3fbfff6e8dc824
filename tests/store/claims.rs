//! Claims: one take to one owner, within limit and cap.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::SignedDuration;
use rushes::model::{Backend, FailureKind, TakeId, TakeState, Usd};
use rushes::store::{Claim, Claimed, Facts, MAX_WAIT, Refusal, Store};

use crate::test_store::*;

fn claimed(store: &Store, claim: &Claim) -> Option<TakeId> {
    match store.claim(claim).unwrap() {
        Claimed::Take(take) => Some(take.id),
        _ => None,
    }
}

#[test]
fn the_queue_is_served_in_order() {
    let kit = kit();
    let ids = kit.admit(&[1, 2, 3]);
    let order: Vec<_> = (0..3).map(|_| kit.claim("me").id).collect();
    assert_eq!(order, ids);
    assert_eq!(kit.store.claim(&claim("me")).unwrap(), Claimed::Nothing);
}

#[test]
fn a_claimed_take_is_submitting_for_everyone() {
    let kit = kit();
    kit.admit(&[1]);
    let take = kit.claim("me");
    assert_eq!(take.state, TakeState::Submitting);
    assert_eq!(take.times.submitted, Some(kit.now()));
    assert_eq!(kit.other().take(take.id).unwrap(), take);
    assert_eq!(kit.other().claim(&claim("you")).unwrap(), Claimed::Nothing);
}

#[test]
fn each_backend_has_its_own_queue() {
    let kit = kit();
    kit.admit(&[1]);
    let live = Claim {
        backend: Backend::Live,
        ..claim("me")
    };
    assert_eq!(kit.store.claim(&live).unwrap(), Claimed::Nothing);
}

#[test]
fn the_limit_counts_what_is_in_flight_and_nothing_else() {
    for state in TakeState::ALL {
        let kit = kit();
        let other = kit.take_in(state);
        if state == TakeState::Waiting {
            kit.store.cancel(other.id).unwrap();
        }
        kit.admit(&[9]);
        let outcome = kit
            .store
            .claim(&Claim {
                limit: 1,
                ..claim("me")
            })
            .unwrap();
        assert_eq!(
            outcome == Claimed::Full,
            state.in_flight(),
            "{state}: {outcome:?}"
        );
    }
}

#[test]
fn the_cap_holds_to_the_last_micro_dollar() {
    let kit = kit();
    kit.admit(&[1, 2, 3]);
    let capped = Claim {
        caps: cap(2),
        ..claim("me")
    };
    let first = claimed(&kit.store, &capped).unwrap();
    claimed(&kit.store, &capped).unwrap();
    let reached = |spent: Usd| {
        Claimed::Refused(Refusal::CapReached {
            scope: rushes::model::CapScope::Day,
            spent,
            cap: DIME.times(2),
            next: DIME,
        })
    };
    assert_eq!(kit.store.claim(&capped).unwrap(), reached(DIME.times(2)));

    // A bill below the estimate makes room, one micro-dollar short of enough and then enough.
    for (micros, enough) in [(1, false), (0, true)] {
        let bill = Facts {
            cost: Some(Usd::from_micros(micros)),
            ..Facts::default()
        };
        kit.store.learn(first, &bill).unwrap();
        let outcome = kit.store.claim(&capped).unwrap();
        if enough {
            assert!(matches!(outcome, Claimed::Take(_)), "{outcome:?}");
        } else {
            assert_eq!(outcome, reached(DIME + Usd::from_micros(1)));
        }
    }
}

#[test]
fn a_stopped_queue_says_why_until_it_is_resumed() {
    let kit = kit();
    kit.admit(&[1]);
    kit.store
        .queue(Backend::Sandbox)
        .stop(FailureKind::Credits, "balance 0.10")
        .unwrap();
    let stopped = Claimed::Stopped(FailureKind::Credits, "balance 0.10".into());
    assert_eq!(kit.other().claim(&claim("me")).unwrap(), stopped);
    assert_eq!(kit.store.queue(Backend::Live).state().unwrap().stopped, None);
    kit.store.queue(Backend::Sandbox).resume().unwrap();
    assert!(claimed(&kit.store, &claim("me")).is_some());
}

#[test]
fn a_slowed_queue_continues_by_itself() {
    let kit = kit();
    kit.admit(&[1]);
    let until = kit.now() + SignedDuration::from_secs(30);
    kit.store.queue(Backend::Sandbox).wait_until(until).unwrap();
    // A shorter wait requested by another response does not cut it short.
    kit.store.queue(Backend::Sandbox).wait_until(kit.now()).unwrap();
    assert_eq!(kit.store.claim(&claim("me")).unwrap(), Claimed::NotBefore(until));
    kit.pass(30);
    assert!(claimed(&kit.store, &claim("me")).is_some());
}

#[test]
fn a_take_that_must_wait_lets_the_next_one_pass() {
    let kit = kit();
    let ids = kit.admit(&[1, 2]);
    kit.claim("me");
    let until = kit.now() + SignedDuration::from_secs(8);
    let rate_limited = Facts {
        not_before: Some(until),
        http_status: Some(429),
        ..Facts::default()
    };
    kit.store
        .step("me", ids[0], TakeState::Waiting, "429", &rate_limited)
        .unwrap();
    assert_eq!(kit.claim("me").id, ids[1]);
    assert_eq!(kit.store.claim(&claim("me")).unwrap(), Claimed::NotBefore(until));
    kit.pass(8);
    let again = kit.claim("me");
    assert_eq!((again.id, again.not_before), (ids[0], None));
}

#[test]
fn a_clock_set_back_does_not_stop_the_queue_for_ever() {
    let kit = kit();
    let id = kit.admit(&[1])[0];
    kit.claim("me");
    let far = kit.now() + SignedDuration::from_hours(24 * 365);
    let rate_limited = Facts {
        not_before: Some(far),
        ..Facts::default()
    };
    let take = kit
        .store
        .step("me", id, TakeState::Waiting, "", &rate_limited)
        .unwrap();
    assert_eq!(take.not_before, Some(kit.now() + MAX_WAIT));
    kit.store.queue(Backend::Sandbox).wait_until(far).unwrap();
    assert!(matches!(
        kit.store.claim(&claim("me")).unwrap(),
        Claimed::NotBefore(_)
    ));
    kit.pass(-24 * 3600);
    assert!(claimed(&kit.store, &claim("me")).is_some());
}

#[test]
fn a_paused_take_stays_in_the_queue() {
    let kit = kit();
    let ids = kit.admit(&[1, 2]);
    kit.store.pause(ids[0], true).unwrap();
    assert_eq!(kit.claim("me").id, ids[1]);
    assert_eq!(kit.store.claim(&claim("me")).unwrap(), Claimed::Nothing);
    kit.store.pause(ids[0], false).unwrap();
    assert_eq!(kit.claim("me").id, ids[0]);
}

/// Eight connections claim at once, as eight processes would: no take twice, never more than the cap pays for.
#[test]
fn claims_at_once_keep_the_cap() {
    let kit = kit();
    let ids = kit.admit(&(0..40).collect::<Vec<_>>());
    let start = Arc::new(std::sync::Barrier::new(8));
    let workers: Vec<_> = (0..8)
        .map(|n| {
            let (store, start) = (kit.other(), start.clone());
            let claim = Claim {
                caps: cap(25),
                ..claim(&format!("worker {n}"))
            };
            std::thread::spawn(move || {
                start.wait();
                std::iter::from_fn(|| claimed(&store, &claim)).collect::<Vec<_>>()
            })
        })
        .collect();
    let got: Vec<TakeId> = workers.into_iter().flat_map(|w| w.join().unwrap()).collect();
    assert_eq!(got.len(), 25);
    let different: BTreeSet<_> = got.into_iter().collect();
    assert_eq!(different, ids[..25].iter().copied().collect());
}

/// Eight connections claim and finish at once: at no commit are more in flight than may be. The events are the
/// witnesses.
#[test]
fn claims_at_once_keep_the_limit() {
    let kit = kit();
    let ids = kit.admit(&(0..24).collect::<Vec<_>>());
    let workers: Vec<_> = (0..8)
        .map(|n| {
            let (store, owner) = (kit.other(), format!("worker {n}"));
            std::thread::spawn(move || {
                let claim = Claim {
                    limit: 3,
                    ..claim(&owner)
                };
                loop {
                    match store.claim(&claim).unwrap() {
                        Claimed::Take(take) => {
                            let facts = Facts::default();
                            drop(
                                store
                                    .step(&owner, take.id, TakeState::Refused, "", &facts)
                                    .unwrap(),
                            );
                        }
                        Claimed::Full => std::thread::yield_now(),
                        Claimed::Nothing => return,
                        other => panic!("{other:?}"),
                    }
                }
            })
        })
        .collect();
    for worker in workers {
        worker.join().unwrap();
    }
    assert!(most_in_flight(&kit.path()) <= 3);
    let refused = |id: &TakeId| kit.store.take(*id).unwrap().state == TakeState::Refused;
    assert!(ids.iter().all(refused));
}

/// The most takes that were in flight at any commit.
pub fn most_in_flight(path: &std::path::Path) -> usize {
    let connection = rusqlite::Connection::open(path).unwrap();
    let mut statement = connection
        .prepare("SELECT take_id, to_state FROM events ORDER BY id")
        .unwrap();
    let events = statement
        .query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))
        .unwrap();
    let mut flying = BTreeSet::new();
    let mut most = 0;
    for event in events {
        let (take, state) = event.unwrap();
        if state.parse::<TakeState>().unwrap().in_flight() {
            flying.insert(take);
        } else {
            flying.remove(&take);
        }
        most = most.max(flying.len());
    }
    most
}

#[test]
fn a_claim_records_the_account_and_the_last_one_counts() {
    let kit = kit();
    let id = kit.admit(&[7])[0];
    assert_eq!(kit.store.take(id).unwrap().account, None);
    assert_eq!(kit.claim("me").account.as_deref(), Some(ACCOUNT));
    kit.step(id, TakeState::Waiting);
    let claim = Claim {
        account: "fedcba9876543210".to_owned(),
        ..claim("me")
    };
    kit.store.claim(&claim).unwrap();
    assert_eq!(
        kit.store.take(id).unwrap().account.as_deref(),
        Some("fedcba9876543210")
    );
}

//! Random walks of two workers over a small store: what must hold whatever happens, holds after every call.

use std::collections::HashMap;

use proptest::prelude::*;
use rushes::model::{Backend, TakeId, TakeState, Usd};
use rushes::store::{Claim, Claimed, Facts, Store, StoreError};

use crate::test_store::*;

const OWNERS: [&str; 2] = ["me", "you"];
const LIMIT: u32 = 2;
const CAP_DIMES: u32 = 5;

#[derive(Debug, Clone)]
enum Call {
    Admit(u32),
    Claim(usize),
    Step(usize, usize, usize),
    TakeOver(usize),
    Release(usize),
    Renew(usize),
    Cancel(usize),
    Pause(usize, bool),
    Move(usize, i32),
    Wait(i64),
}

fn call() -> impl Strategy<Value = Call> {
    let owner = 0..OWNERS.len();
    let take = 0..8_usize;
    prop_oneof![
        2 => (1..4_u32).prop_map(Call::Admit),
        4 => owner.clone().prop_map(Call::Claim),
        9 => (owner.clone(), take.clone(), 0..TakeState::ALL.len()).prop_map(|(o, t, s)| Call::Step(o, t, s)),
        2 => owner.clone().prop_map(Call::TakeOver),
        1 => owner.clone().prop_map(Call::Release),
        1 => owner.prop_map(Call::Renew),
        1 => take.clone().prop_map(Call::Cancel),
        1 => (take.clone(), any::<bool>()).prop_map(|(t, p)| Call::Pause(t, p)),
        1 => (take, -3..3_i32).prop_map(|(t, by)| Call::Move(t, by)),
        2 => (-90..90_i64).prop_map(Call::Wait),
    ]
}

/// The owner of each take, as far as the workers know.
type Owners = HashMap<TakeId, usize>;

fn make(kit: &Kit, owners: &mut Owners, call: &Call) -> Result<(), StoreError> {
    let store = &kit.store;
    let id = |take: usize| TakeId(i64::try_from(take).unwrap() + 1);
    match *call {
        Call::Admit(n) => drop(store.admit(&kit.admission(&(0..n).collect::<Vec<_>>()))?),
        Call::Claim(owner) => {
            let claim = Claim {
                limit: LIMIT,
                caps: cap(CAP_DIMES),
                ..claim(OWNERS[owner])
            };
            if let Claimed::Take(take) = store.claim(&claim)? {
                assert_eq!(owners.insert(take.id, owner), None, "it had an owner already");
            }
        }
        Call::Step(owner, take, state) => {
            let to = TakeState::ALL[state];
            store.step(OWNERS[owner], id(take), to, "", &Facts::default())?;
            assert_eq!(
                owners.get(&id(take)),
                Some(&owner),
                "stepped by one who does not hold it"
            );
            if to.settled() || to == TakeState::Waiting {
                owners.remove(&id(take));
            }
        }
        Call::TakeOver(owner) => {
            for take in store
                .leases(OWNERS[owner])
                .take_over(Backend::Sandbox, ACCOUNT, LEASE)?
            {
                owners.insert(take.id, owner);
            }
        }
        Call::Release(owner) => {
            store.leases(OWNERS[owner]).release_all()?;
            owners.retain(|_, holder| *holder != owner);
        }
        Call::Renew(owner) => store.leases(OWNERS[owner]).renew(LEASE)?,
        Call::Cancel(take) => drop(store.cancel(id(take))?),
        Call::Pause(take, paused) => store.pause(id(take), paused)?,
        Call::Move(take, by) => store.move_in_queue(id(take), by)?,
        Call::Wait(seconds) => kit.pass(seconds),
    }
    Ok(())
}

fn check(store: &Store) {
    let takes = store.takes(&rushes::store::Filter::all(), 0, 1000).unwrap();
    let mut committed = Usd::ZERO;
    for take in &takes {
        let events = store.events(take.id).unwrap();
        let mut outcome = false;
        for pair in events.windows(2) {
            assert_eq!(
                pair[1].from,
                Some(pair[0].to),
                "the events of take {} have a gap",
                take.id
            );
            assert!(pair[0].to.may_become(pair[1].to));
            assert!(!(outcome && pair[1].to == TakeState::Submitting), "bought twice");
            outcome |= !matches!(pair[1].to, TakeState::Waiting | TakeState::Submitting);
        }
        assert_eq!(events.last().map(|event| event.to), Some(take.state));
        if take.state.commits_money() {
            committed = committed + take.estimate;
        }
    }
    let flying = takes.iter().filter(|take| take.state.in_flight()).count();
    // An unknown take that turns out to be accepted joins those in flight: nobody can forbid that.
    assert!(flying <= LIMIT as usize + accepted_late(store, &takes));
    assert!(committed <= DIME.times(CAP_DIMES));
}

/// How many takes in flight were unknown before.
fn accepted_late(store: &Store, takes: &[rushes::model::Take]) -> usize {
    let was_unknown = |id| {
        store
            .events(id)
            .unwrap()
            .iter()
            .any(|event| event.to == TakeState::Unknown)
    };
    takes
        .iter()
        .filter(|take| take.state.in_flight() && was_unknown(take.id))
        .count()
}

#[test]
fn the_ledger_is_right_whatever_two_workers_do() {
    proptest!(ProptestConfig::with_cases(32), |(calls in prop::collection::vec(call(), 1..60))| {
        let kit = kit();
        // Before noon nothing is counted by the cap, so the clock never goes back past it.
        kit.pass(100_000);
        let mut owners = Owners::new();
        for call in &calls {
            match make(&kit, &mut owners, call) {
                Ok(())
                | Err(
                    StoreError::NoSuchTake(_)
                    | StoreError::LostLease { .. }
                    | StoreError::IllegalTransition { .. }
                    | StoreError::NotWaiting { .. },
                ) => {}
                Err(other) => panic!("{call:?}: {other}"),
            }
            check(&kit.store);
        }
    });
}

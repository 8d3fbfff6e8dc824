//! What a worker relies on: a generation belongs to one take, other owners are known, and so is a video's folder.

use rushes::model::{Backend, TakeId, TakeState};
use rushes::store::{Facts, StoreError};

use crate::test_store::*;

#[test]
fn one_generation_of_the_provider_belongs_to_one_take() {
    let kit = kit();
    let first = kit.take_in(TakeState::Submitting);
    let second = kit.take_in(TakeState::Submitting);
    let accepted = Facts {
        request_id: Some("f00d".into()),
        ..Facts::default()
    };
    let step = |id| kit.store.step("me", id, TakeState::Accepted, "", &accepted);
    step(first.id).unwrap();
    kit.store
        .learn(first.id, &accepted)
        .expect("its own id is no other's");
    let taken = StoreError::RequestIdTaken {
        request_id: "f00d".into(),
        other: first.id,
    };
    assert_eq!(step(second.id), Err(taken.clone()));
    assert_eq!(kit.store.learn(second.id, &accepted), Err(taken));
    assert_eq!(kit.store.take(second.id).unwrap(), second);

    // Another provider may number its generations alike.
    let mut live = kit.admission(&[1]);
    live.backend = Backend::Live;
    let id = kit.store.admit(&live).unwrap()[0];
    kit.store.learn(id, &accepted).unwrap();
}

#[test]
fn the_next_end_of_another_owners_lease_is_known() {
    let kit = kit();
    let ends = |owner: &str, backend| kit.store.leases(owner).next_end(backend, ACCOUNT).unwrap();
    for state in TakeState::ALL {
        assert_eq!(ends("you", Backend::Sandbox), None, "before {state}");
        let take = kit.take_in(state);
        let in_work = !state.settled() && state != TakeState::Waiting;
        assert_eq!(
            ends("you", Backend::Sandbox),
            in_work.then_some(kit.now() + LEASE),
            "{state}"
        );
        assert_eq!(ends("me", Backend::Sandbox), None, "its own lease, {state}");
        assert_eq!(ends("you", Backend::Live), None, "{state}");
        if state == TakeState::Waiting {
            kit.store.cancel(take.id).unwrap();
        }
        // A take without an owner is taken over at once: there is nothing to wait for.
        kit.store.leases("me").release_all().unwrap();
    }
    let late = kit.take_in(TakeState::Queued);
    kit.pass(10);
    kit.store.leases("me").release(late.id).unwrap();
    kit.take_in(TakeState::Accepted);
    assert_eq!(ends("you", Backend::Sandbox), Some(kit.now() + LEASE));
}

#[test]
fn every_attempt_to_send_is_counted() {
    let kit = kit();
    let id = kit.admit(&[1])[0];
    for tries in 0..3 {
        assert_eq!(kit.store.times_submitted(id).unwrap(), tries);
        kit.claim("me");
        kit.step(id, TakeState::Waiting);
    }
}

#[test]
fn a_takes_video_belongs_in_its_reels_folder() {
    let kit = kit();
    let id = kit.admit(&[1])[0];
    assert_eq!(kit.store.reel_of(id), Ok(kit.reel.clone()));
    assert_eq!(
        kit.store.reel_of(TakeId(9)),
        Err(StoreError::NoSuchTake(TakeId(9)))
    );
}

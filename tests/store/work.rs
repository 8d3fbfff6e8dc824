//! What whoever works on takes relies on: one generation, one take; who else is at work; where a film belongs.

use rushes::model::{Backend, TakeId, TakeState};
use rushes::store::{Facts, StoreError};

use crate::kit::*;

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
fn what_others_work_on_is_counted() {
    let kit = kit();
    let others = |owner: &str, backend| kit.store.foreign_in_work(owner, backend).unwrap();
    for state in TakeState::ALL {
        let before = others("you", Backend::Sandbox);
        let take = kit.take_in(state);
        let in_work = !state.settled() && state != TakeState::Waiting;
        assert_eq!(
            others("you", Backend::Sandbox) - before,
            u32::from(in_work),
            "{state}"
        );
        if state == TakeState::Waiting {
            kit.store.cancel(take.id).unwrap();
        }
    }
    assert_eq!(others("me", Backend::Sandbox), 0);
    assert_eq!(others("you", Backend::Live), 0);
    kit.store.release("me").unwrap();
    assert_eq!(
        others("me", Backend::Sandbox),
        others("you", Backend::Sandbox),
        "nobody's count too"
    );
}

#[test]
fn every_try_to_send_is_counted() {
    let kit = kit();
    let id = kit.admit(&[1])[0];
    for tries in 0..3 {
        assert_eq!(kit.store.times_submitted(id).unwrap(), tries);
        kit.claim("me");
        kit.step(id, TakeState::Waiting);
    }
}

#[test]
fn a_take_belongs_in_its_reels_folder() {
    let kit = kit();
    let id = kit.admit(&[1])[0];
    assert_eq!(kit.store.folder_of(id), Ok(kit.reel.folder.clone()));
    assert_eq!(
        kit.store.folder_of(TakeId(9)),
        Err(StoreError::NoSuchTake(TakeId(9)))
    );
}

//! Leases: a dead owner's takes are taken over, a living one's are not.

use jiff::SignedDuration;
use rushes::model::{Backend, FailureKind, TakeId, TakeState};
use rushes::store::{Claim, Claimed, Facts, MAX_LEASE, StoreError};

use crate::test_store::*;

fn taken_over(kit: &Kit, owner: &str) -> Vec<TakeId> {
    let takes = kit
        .store
        .leases(owner)
        .take_over(Backend::Sandbox, ACCOUNT, LEASE)
        .unwrap();
    takes.iter().map(|take| take.id).collect()
}

fn lost(kit: &Kit, owner: &str, id: TakeId) -> Option<String> {
    match kit
        .store
        .step(owner, id, TakeState::Unknown, "", &Facts::default())
    {
        Err(StoreError::LostLease { holder, .. }) => holder,
        other => panic!("the lease was not lost: {other:?}"),
    }
}

#[test]
fn the_take_of_a_living_owner_is_not_taken_over() {
    let kit = kit();
    let id = kit.admit(&[1])[0];
    kit.claim("me");
    kit.pass(59);
    assert_eq!(taken_over(&kit, "you"), []);
    assert_eq!(lost(&kit, "you", id), Some("me".into()));
    kit.store.leases("me").renew(LEASE).unwrap();
    kit.pass(59);
    assert_eq!(taken_over(&kit, "you"), []);
    kit.step(id, TakeState::Accepted);
}

#[test]
fn an_expired_lease_stays_with_its_owner_until_another_takes_it_over() {
    let kit = kit();
    let id = kit.admit(&[1])[0];
    kit.claim("me");
    kit.pass(600);
    kit.step(id, TakeState::Accepted);
    assert_eq!(taken_over(&kit, "you"), [id]);
    let me = kit
        .store
        .step("me", id, TakeState::Queued, "", &Facts::default())
        .unwrap_err();
    let shown = me.to_string();
    assert!(
        shown.contains("take 1 is accepted") && shown.contains("its lease is held by you"),
        "{shown}"
    );
    kit.pass(600);
    assert_eq!(taken_over(&kit, "you"), [], "it is worked on already");
    kit.store.leases("you").renew(LEASE).unwrap();
    assert_eq!(taken_over(&kit, "me"), []);
    kit.store.leases("me").renew(LEASE).unwrap();
    kit.store
        .step("you", id, TakeState::Queued, "", &Facts::default())
        .unwrap();
}

#[test]
fn only_sent_and_unsettled_takes_are_taken_over() {
    let kit = kit();
    let mut expected = Vec::new();
    for state in TakeState::ALL {
        let take = kit.take_in(state);
        if state == TakeState::Waiting {
            kit.store.pause(take.id, true).unwrap();
        } else if !state.settled() {
            expected.push(take.id);
        }
    }
    assert_eq!(taken_over(&kit, "you"), []);
    kit.pass(60);
    assert_eq!(
        kit.store
            .leases("you")
            .take_over(Backend::Live, ACCOUNT, LEASE)
            .unwrap(),
        Vec::new()
    );
    assert_eq!(taken_over(&kit, "you"), expected);
}

#[test]
fn takes_of_another_account_are_left_to_it_and_take_no_slot() {
    let kit = kit();
    let ids = kit.admit(&[1, 2]);
    let id = kit.claim("me").id;
    kit.step(id, TakeState::Accepted);
    let other_key = Facts {
        error_kind: Some(FailureKind::OtherKey),
        ..Facts::default()
    };
    kit.store.learn(id, &other_key).unwrap();
    kit.store.leases("me").release(id).unwrap();
    let by = |account: &str| {
        let takes = kit
            .store
            .leases("you")
            .take_over(Backend::Sandbox, account, LEASE)
            .unwrap();
        takes.iter().map(|take| take.id).collect::<Vec<_>>()
    };
    assert_eq!(by("fedcba9876543210"), []);
    let claim = Claim {
        limit: 1,
        account: "fedcba9876543210".to_owned(),
        ..claim("them")
    };
    let claimed = kit.store.claim(&claim).unwrap();
    assert!(
        matches!(&claimed, Claimed::Take(take) if take.id == ids[1]),
        "{claimed:?}"
    );
    assert_eq!(by(ACCOUNT), [id]);
}

#[test]
fn nothing_is_recorded_from_an_owner_that_lost_the_take() {
    let kit = kit();
    let id = kit.admit(&[1])[0];
    kit.claim("me");
    let failure = Facts {
        error: Some("the link broke".into()),
        ..Facts::default()
    };
    kit.store.learn_owned("me", id, &failure).unwrap();
    assert_eq!(kit.store.owned_take("me", id).unwrap().error, failure.error);
    kit.pass(600);
    assert_eq!(taken_over(&kit, "you"), [id]);
    let late = Facts {
        error: Some("late".into()),
        ..Facts::default()
    };
    let refused = [
        kit.store.learn_owned("me", id, &late).unwrap_err(),
        kit.store.owned_take("me", id).unwrap_err(),
    ];
    for error in refused {
        assert!(
            matches!(&error, StoreError::LostLease { holder, .. } if holder.as_deref() == Some("you")),
            "{error}"
        );
    }
    assert_eq!(kit.store.owned_take("you", id).unwrap().error, failure.error);
}

#[test]
fn a_released_lease_can_be_taken_over_at_once() {
    let kit = kit();
    let id = kit.admit(&[1])[0];
    kit.claim("me");
    kit.store.leases("me").release_all().unwrap();
    assert_eq!(lost(&kit, "me", id), None);
    assert_eq!(taken_over(&kit, "you"), [id]);
}

#[test]
fn a_take_that_waits_again_has_no_owner() {
    let kit = kit();
    let id = kit.take_in(TakeState::Submitting).id;
    kit.step(id, TakeState::Waiting);
    assert_eq!(lost(&kit, "me", id), None);
    assert_eq!(kit.claim("you").id, id);
}

#[test]
fn a_clock_set_back_does_not_block_taking_over_a_lease_for_ever() {
    let kit = kit();
    let id = kit.admit(&[1])[0];
    kit.claim("me");
    // The lease now ends twice the longest lease from now: its owner may well live.
    kit.pass(LEASE.as_secs() - 2 * MAX_LEASE.as_secs());
    assert_eq!(taken_over(&kit, "you"), []);
    kit.pass(-1);
    assert_eq!(taken_over(&kit, "you"), [id]);
}

#[test]
fn no_lease_is_longer_than_the_maximum() {
    let kit = kit();
    let id = kit.admit(&[1])[0];
    let greedy = Claim {
        lease: SignedDuration::from_hours(24),
        ..claim("me")
    };
    kit.store.claim(&greedy).unwrap();
    kit.pass(MAX_LEASE.as_secs() - 1);
    assert_eq!(taken_over(&kit, "you"), []);
    kit.pass(1);
    assert_eq!(taken_over(&kit, "you"), [id]);
}

fn with_id(id: &str) -> Facts {
    Facts {
        request_id: Some(id.into()),
        ..Facts::default()
    }
}

/// Taken over, and marked as never sent by the history, while its own request was delayed on its way.
fn said_not_sent(kit: &Kit) -> TakeId {
    let id = kit.admit(&[1])[0];
    kit.claim("me");
    kit.pass(600);
    assert_eq!(taken_over(kit, "you"), [id]);
    for state in [TakeState::Unknown, TakeState::NotSent] {
        kit.store.step("you", id, state, "", &Facts::default()).unwrap();
    }
    id
}

#[test]
fn a_response_after_not_sent_makes_the_take_accepted() {
    let kit = kit();
    let id = said_not_sent(&kit);
    let take = kit.store.accept_late(id, "late", &with_id("f00d")).unwrap();
    assert_eq!(
        (take.state, take.request_id.as_deref()),
        (TakeState::Accepted, Some("f00d"))
    );
    assert_eq!(taken_over(&kit, "you"), [id], "it is anybody's");
    assert!(kit.store.accept_late(id, "again", &with_id("f00e")).is_err());
}

#[test]
fn a_response_lost_after_not_sent_makes_the_take_unclear_again() {
    let kit = kit();
    let id = said_not_sent(&kit);
    let take = kit.store.unclear_late(id, "reset", &Facts::default()).unwrap();
    assert_eq!(take.state, TakeState::Unknown);
    assert_eq!(taken_over(&kit, "you"), [id]);
    assert!(kit.store.unclear_late(id, "again", &Facts::default()).is_err());
}

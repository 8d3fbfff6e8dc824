//! Takes on hold: they are replaced only while they are still on hold, and a take of a refused prompt is also put on
//! hold when it waits again after the refusals.

use rushes::model::{FailureKind, Take, TakeId, TakeState, Usd};
use rushes::store::{Admission, Facts, StoreError};

use crate::test_store::*;

fn refuse(kit: &Kit, take: &Take) {
    let facts = Facts {
        error_kind: Some(FailureKind::OutputAudio),
        ..Facts::default()
    };
    kit.store
        .step("me", take.id, TakeState::Refused, "", &facts)
        .unwrap();
}

/// Two takes refused and, of the same prompt, this many on hold.
fn with_takes_on_hold(kit: &Kit, count: u32) -> Vec<TakeId> {
    let seeds: Vec<u32> = (0..count + 2).collect();
    let ids = kit.admit(&seeds);
    for _ in 0..2 {
        refuse(kit, &kit.claim("me"));
    }
    ids[2..].to_vec()
}

fn hold_of(kit: &Kit, id: TakeId) -> Option<FailureKind> {
    let take = kit.store.take(id).unwrap();
    assert_eq!(take.state, TakeState::Waiting);
    take.on_hold
}

#[test]
fn takes_decided_by_another_process_are_not_replaced() {
    type Decide = fn(&Kit, TakeId) -> TakeState;
    let elsewhere: [Decide; 3] = [
        |kit, id| {
            kit.other().release_from_hold(&[id]).unwrap();
            TakeState::Waiting
        },
        |kit, id| {
            kit.other().release_from_hold(&[id]).unwrap();
            assert_eq!(kit.claim("you").id, id);
            TakeState::Submitting
        },
        |kit, id| {
            kit.other().cancel_on_hold(&[id]).unwrap();
            TakeState::Cancelled
        },
    ];
    for decide in elsewhere {
        let kit = kit();
        let ids = with_takes_on_hold(&kit, 3);
        // The last: those before it were looked at already.
        let state = decide(&kit, ids[2]);
        let refused = kit.store.admit(&Admission {
            replaces: ids.clone(),
            ..kit.admission(&[10, 11, 12])
        });
        assert_eq!(refused, Err(StoreError::NotOnHold(ids[2], state)));
        for id in &ids[..2] {
            assert_eq!(hold_of(&kit, *id), Some(FailureKind::OutputAudio));
        }
        assert_eq!(kit.store.count(&rushes::store::Filter::all()).unwrap(), 5);
        let placed = kit
            .store
            .admit(&Admission {
                replaces: ids[..2].to_vec(),
                ..kit.admission(&[10, 11])
            })
            .unwrap();
        assert_eq!(placed.len(), 2);
        assert_eq!(kit.store.take(ids[0]).unwrap().state, TakeState::Cancelled);
    }
}

#[test]
fn a_take_that_waits_again_after_the_refusals_is_put_on_hold_like_its_siblings() {
    for refused in [1, 2] {
        let kit = kit();
        kit.admit(&[1, 2, 3, 4]);
        let sent: Vec<Take> = (0..3).map(|_| kit.claim("me")).collect();
        for take in &sent[..refused] {
            refuse(&kit, take);
        }
        let back = Facts {
            error_kind: Some(FailureKind::Rate),
            ..Facts::default()
        };
        kit.store
            .step("me", sent[2].id, TakeState::Waiting, "", &back)
            .unwrap();
        let expected = (refused == 2).then_some(FailureKind::OutputAudio);
        assert_eq!(hold_of(&kit, sent[2].id), expected, "after {refused} refusals");
    }
}

#[test]
fn a_released_take_that_waits_again_is_not_asked_about_again() {
    let kit = kit();
    let ids = with_takes_on_hold(&kit, 1);
    kit.store.release_from_hold(&ids).unwrap();
    let take = kit.claim("me");
    kit.step(take.id, TakeState::Waiting);
    assert_eq!(hold_of(&kit, take.id), None);
}

#[test]
fn a_repeat_after_the_refusals_is_put_on_hold_unless_it_was_released() {
    for let_go_on in [false, true] {
        let kit = kit();
        let admission = Admission {
            repeats: 1,
            ..kit.admission(&[1, 2, 3])
        };
        kit.store.admit(&admission).unwrap();
        let (first, second) = (kit.claim("me"), kit.claim("me"));
        let third = if let_go_on { None } else { Some(kit.claim("me")) };
        refuse(&kit, &first);
        refuse(&kit, &second);
        let third = third.unwrap_or_else(|| {
            let on_hold = kit.store.queue(first.backend).takes_on_hold().unwrap();
            kit.store.release_from_hold(&[on_hold[0].id]).unwrap();
            kit.claim("me")
        });
        kit.step(third.id, TakeState::Accepted);
        let fault = Facts {
            error_kind: Some(FailureKind::ProviderFault),
            cost: Some(Usd::ZERO),
            ..Facts::default()
        };
        kit.store
            .step("me", third.id, TakeState::Failed, "", &fault)
            .unwrap();
        let repeat = kit.store.repeat_of(third.id).unwrap().unwrap();
        let expected = (!let_go_on).then_some(FailureKind::OutputAudio);
        assert_eq!(hold_of(&kit, repeat), expected);
    }
}

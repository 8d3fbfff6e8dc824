//! However takes fail, none is sent more often than was agreed, refused content is never repeated, and a take on hold
//! is never claimed.

use std::collections::HashMap;

use proptest::prelude::*;
use rushes::model::{FailureKind, TakeId, TakeState, Usd};
use rushes::store::{Admission, Claimed, Facts};

use crate::test_store::*;

/// What an accepted take comes to.
#[derive(Debug, Clone, Copy)]
enum End {
    Fails(FailureKind, Option<i64>),
    Refused(FailureKind),
    Unknown,
    Renders,
}

fn end() -> impl Strategy<Value = End> {
    let kind = || prop::sample::select(FailureKind::ALL.to_vec());
    prop_oneof![
        4 => Just(End::Fails(FailureKind::ProviderFault, Some(0))),
        3 => (kind(), prop::option::of(0..2_i64)).prop_map(|(kind, cost)| End::Fails(kind, cost)),
        2 => kind().prop_map(End::Refused),
        1 => Just(End::Unknown),
        1 => Just(End::Renders),
    ]
}

fn come_to(kit: &Kit, id: TakeId, end: End) {
    let step = |to, facts: &Facts| drop(kit.store.step("me", id, to, "", facts).unwrap());
    let with = |kind, cost: Option<i64>| Facts {
        error_kind: Some(kind),
        cost: cost.map(Usd::from_micros),
        ..Facts::default()
    };
    match end {
        End::Refused(kind) => step(TakeState::Refused, &with(kind, None)),
        End::Unknown => step(TakeState::Unknown, &Facts::default()),
        End::Fails(kind, cost) => {
            step(TakeState::Accepted, &Facts::default());
            step(TakeState::Failed, &with(kind, cost));
        }
        End::Renders => {
            step(TakeState::Accepted, &Facts::default());
            step(TakeState::Rendered, &Facts::default());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn no_take_is_sent_more_often_than_agreed(
        repeats in 0..4_u32,
        takes in 1..5_u32,
        ends in prop::collection::vec(end(), 0..30),
    ) {
        let kit = kit();
        let seeds: Vec<u32> = (0..takes).collect();
        let ids = kit
            .store
            .admit(&Admission { repeats, ..kit.admission(&seeds) })
            .unwrap();
        let mut came_to: HashMap<TakeId, End> = HashMap::new();
        let mut refusals = 0;
        for end in ends {
            let Claimed::Take(take) = kit.store.claim(&claim("me")).unwrap() else { break };
            prop_assert_eq!(take.on_hold, None);
            // All takes here are of one prompt: two refusals hold everything that waits.
            prop_assert!(refusals < 2, "sent after two refusals");
            come_to(&kit, take.id, end);
            came_to.insert(take.id, end);
            let (End::Fails(kind, _) | End::Refused(kind)) = end else { continue };
            refusals += usize::from(kind.is_moderation());
        }
        for id in ids {
            let mut sent = 0;
            let mut next = Some(id);
            while let Some(id) = next {
                sent += kit.store.times_submitted(id).unwrap();
                next = kit.store.repeat_of(id).unwrap();
                if next.is_some() {
                    let end = came_to[&id];
                    prop_assert!(
                        matches!(end, End::Fails(FailureKind::ProviderFault | FailureKind::Stale, Some(0))),
                        "{:?} was repeated", end
                    );
                }
            }
            prop_assert!(sent <= 1 + repeats, "sent {} times", sent);
        }
    }
}

#[test]
fn only_a_failed_or_expired_take_is_revived() {
    let kit = kit();
    let facts = Facts {
        output_url: Some("https://videos/1.mp4".to_owned()),
        ..Facts::default()
    };
    for state in TakeState::ALL {
        let take = kit.take_in(state);
        let taken = kit.store.revive(take.id, "", &facts);
        if matches!(state, TakeState::Failed | TakeState::Expired) {
            assert_eq!(taken.unwrap().take.state, TakeState::Rendered);
            let taken_over = kit
                .store
                .leases("you")
                .take_over(take.backend, ACCOUNT, LEASE)
                .unwrap();
            assert!(taken_over.iter().any(|taken_over| taken_over.id == take.id));
        } else {
            assert!(taken.is_err(), "{state}");
            assert_eq!(kit.store.take(take.id).unwrap().state, state);
        }
        if state == TakeState::Waiting {
            kit.store.cancel(take.id).unwrap();
        }
    }
}

/// A take with two repeats that failed `times` in a row for a fault of the provider, and its repeats.
fn failed(kit: &Kit, times: usize) -> Vec<TakeId> {
    let admission = Admission {
        repeats: 2,
        ..kit.admission(&[7])
    };
    let mut chain = kit.store.admit(&admission).unwrap();
    for _ in 0..times {
        let take = kit.claim("me");
        come_to(kit, take.id, End::Fails(FailureKind::ProviderFault, Some(0)));
        chain.extend(kit.store.repeat_of(take.id).unwrap());
    }
    chain
}

#[test]
fn a_waiting_repeat_is_cancelled_when_its_take_is_rendered_after_all() {
    for times in [1, 2] {
        let kit = kit();
        let chain = failed(&kit, times);
        assert_eq!(chain.len(), times + 1);
        let taken = kit.store.revive(chain[0], "", &Facts::default()).unwrap();
        assert_eq!((taken.take.state, taken.repeat_sent), (TakeState::Rendered, None));
        let last = kit.store.take(chain[times]).unwrap();
        assert_eq!(last.state, TakeState::Cancelled);
        assert_eq!(kit.store.claim(&claim("me")).unwrap(), Claimed::Nothing);
    }
}

#[test]
fn a_sent_repeat_is_named_when_its_take_is_rendered_after_all() {
    let kit = kit();
    let chain = failed(&kit, 1);
    assert_eq!(kit.claim("me").id, chain[1]);
    let taken = kit.store.revive(chain[0], "", &Facts::default()).unwrap();
    assert_eq!(taken.repeat_sent, Some(chain[1]));
    let repeat = kit.store.take(chain[1]).unwrap();
    assert_eq!(repeat.state, TakeState::Submitting);
}

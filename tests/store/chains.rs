//! Chains: the takes of each, and which continuation of a take counts.

use rushes::model::{Lineage, TakeId, TakeState, Verdict};

use crate::test_store::{Kit, kit, way_to};

/// A take that continues another one, in this state.
fn next(kit: &Kit, parent: Option<TakeId>, lineage: Lineage, state: TakeState) -> TakeId {
    let mut admission = kit.admission(&[7]);
    admission.parent = parent.map(|parent| (parent, lineage));
    let id = kit.store.admit(&admission).unwrap()[0];
    for step in way_to(state) {
        match step {
            TakeState::Submitting => assert_eq!(kit.claim("me").id, id),
            other => kit.step(id, *other),
        }
    }
    id
}

fn chained(kit: &Kit, parent: TakeId, state: TakeState) -> TakeId {
    next(kit, Some(parent), Lineage::Chained, state)
}

/// The chain of a take, by number.
fn chain(kit: &Kit, id: TakeId) -> Vec<TakeId> {
    let takes = kit.store.chain_of(id).unwrap();
    let ids: Vec<TakeId> = takes.iter().map(|take| take.id).collect();
    let links = kit.store.chains(&[id]).unwrap().remove(&id);
    let linked = links.map(|links| links.iter().map(|link| link.id).collect());
    assert_eq!(linked, (ids.len() > 1).then(|| ids.clone()), "both say the same");
    ids
}

#[test]
fn a_chain_runs_from_its_first_take_to_its_last() {
    let kit = kit();
    let first = next(&kit, None, Lineage::Chained, TakeState::Saved);
    assert_eq!(chain(&kit, first), [first]);
    let second = chained(&kit, first, TakeState::Saved);
    let third = chained(&kit, second, TakeState::Processing);
    // A final take of the second is no part of it.
    let promoted = next(&kit, Some(second), Lineage::Promoted, TakeState::Saved);
    for id in [first, second, third] {
        assert_eq!(chain(&kit, id), [first, second, third]);
    }
    assert_eq!(chain(&kit, promoted), [promoted]);
    let all = kit.store.chains(&[first, promoted, second, third]).unwrap();
    assert_eq!(all.keys().copied().collect::<Vec<_>>(), [first, second, third]);
    let links = &all[&first];
    assert_eq!(links[2].state, TakeState::Processing);
    assert_eq!(links[0].duration, kit.store.take(first).unwrap().duration);
}

#[test]
fn the_circled_continuation_counts_and_rejected_and_failed_ones_do_not() {
    let kit = kit();
    let first = next(&kit, None, Lineage::Chained, TakeState::Saved);
    let one = chained(&kit, first, TakeState::Saved);
    let two = chained(&kit, first, TakeState::Saved);
    assert_eq!(chain(&kit, first), [first, two], "the last one");
    let failed = chained(&kit, first, TakeState::Failed);
    assert_eq!(chain(&kit, first), [first, two], "a failed one does not count");
    assert_eq!(
        chain(&kit, failed),
        [first, failed],
        "but knows what it continues"
    );
    kit.store.set_verdict(one, Verdict::Circled).unwrap();
    assert_eq!(chain(&kit, first), [first, one], "the circled one");
    kit.store.set_verdict(one, Verdict::Rejected).unwrap();
    assert_eq!(chain(&kit, first), [first, two]);
    kit.store.set_verdict(two, Verdict::Rejected).unwrap();
    assert_eq!(chain(&kit, first), [first], "none is left");
}

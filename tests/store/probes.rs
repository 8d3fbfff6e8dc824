//! Twins: takes that sent the same request with the same seed, of which nobody pays for a second one unknowingly.

use rushes::model::{TakeId, TakeState};
use rushes::store::{Admission, Filter, KnownTwins, Store, StoreError};

use crate::test_store::{Kit, kit};

/// Admits a twin of the take, as a caller that knows these.
fn repeat(
    kit: &Kit,
    store: &Store,
    of: TakeId,
    known: &[(TakeId, TakeState)],
) -> Result<Vec<TakeId>, StoreError> {
    let twins = known.to_vec();
    store.admit(&Admission {
        twins: Some(KnownTwins { of, twins }),
        ..kit.admission(&[7])
    })
}

#[test]
fn a_repeat_is_refused_once_another_twin_has_come_or_changed() {
    let kit = kit();
    let take = kit.take_in(TakeState::Saved);
    // Another seed makes no twin.
    kit.admit(&[8]);
    let twin = repeat(&kit, &kit.store, take.id, &[]).unwrap()[0];
    let since = Err(StoreError::TwinSince { of: take.id, twin });
    // Another process asked its user before.
    assert_eq!(repeat(&kit, &kit.other(), take.id, &[]), since);
    kit.store.cancel(twin).unwrap();
    assert_eq!(
        repeat(&kit, &kit.store, take.id, &[(twin, TakeState::Waiting)]),
        since
    );
    assert_eq!(kit.store.count(&Filter::all()).unwrap(), 3, "nothing was queued");
    repeat(&kit, &kit.store, take.id, &[(twin, TakeState::Cancelled)]).unwrap();
}

#[test]
fn of_two_processes_that_repeat_a_take_at_once_one_queues_it() {
    let kit = kit();
    let take = kit.take_in(TakeState::Saved);
    let stores = [kit.other(), kit.other()];
    let results = std::thread::scope(|scope| {
        let both = stores
            .each_ref()
            .map(|store| scope.spawn(|| repeat(&kit, store, take.id, &[])));
        both.map(|one| one.join().unwrap())
    });
    let queued: Vec<&Vec<TakeId>> = results.iter().flatten().collect();
    assert_eq!(queued.len(), 1, "{results:?}");
    let since = StoreError::TwinSince {
        of: take.id,
        twin: queued[0][0],
    };
    assert!(results.contains(&Err(since)), "{results:?}");
}

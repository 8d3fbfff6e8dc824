//! How long takes needed, how long they were expected to need, and that this does not change afterwards.

use rushes::model::take::ProviderTimes;
use rushes::model::{Backend, Expectation, Model, TakeId, TakeState, Wait};
use rushes::store::{Claimed, Facts};

use crate::test_store::{Kit, claim, kit};

fn samples(kit: &Kit) -> Vec<u64> {
    let samples = kit.store.samples(Backend::Sandbox, Model::default()).unwrap();
    samples.iter().map(|sample| sample.ms).collect()
}

/// Saves a take that was in flight for so long.
fn saved_after(kit: &Kit, seconds: i64) -> TakeId {
    let id = kit.take_in(TakeState::Rendered).id;
    kit.pass(seconds);
    kit.step(id, TakeState::Saved);
    id
}

#[test]
fn samples_are_the_newest_saved_takes_of_the_model() {
    let kit = kit();
    for seconds in [10, 20, 30] {
        saved_after(&kit, seconds);
    }
    let backwards = kit.take_in(TakeState::Rendered).id;
    kit.pass(-5);
    kit.step(backwards, TakeState::Saved);
    let failed = kit.take_in(TakeState::Processing).id;
    kit.step(failed, TakeState::Failed);
    assert_eq!(samples(&kit), [30_000, 20_000, 10_000]);
    let of = |backend, model: &str| kit.store.samples(backend, model.parse().unwrap()).unwrap();
    assert_eq!(of(Backend::Live, "seedance-2.0"), []);
    assert_eq!(of(Backend::Sandbox, "seedance-2.0-fast"), []);
}

/// Nobody watched for hours, but the provider knows how long it took.
#[test]
fn a_sample_is_made_of_the_providers_own_times_where_it_names_them() {
    let kit = kit();
    let times = ProviderTimes {
        queue_ms: Some(46),
        render_ms: Some(996),
    };
    let facts = Facts {
        times,
        ..Facts::default()
    };
    let id = kit.take_in(TakeState::Accepted).id;
    kit.pass(4 * 3600);
    kit.store.step("me", id, TakeState::Rendered, "", &facts).unwrap();
    kit.pass(2);
    kit.step(id, TakeState::Saved);
    assert_eq!(samples(&kit), [1042 + 2000]);
    let take = kit.store.take(id).unwrap();
    assert_eq!(take.provider_times, times);
    let stages = take.stages();
    assert_eq!((stages.queue, stages.render), (Some(0.046), Some(0.996)));
    // The file lay there until somebody came.
    assert_eq!(stages.deliver, Some(4.0 * 3600.0 + 2.0 - 1.042));
    assert_eq!(stages.total, Some(4.0 * 3600.0 + 2.0));
}

#[test]
fn a_take_that_changed_hands_is_a_sample_only_by_the_providers_times() {
    let kit = kit();
    for times in [
        ProviderTimes::default(),
        ProviderTimes {
            queue_ms: Some(1000),
            render_ms: Some(8000),
        },
    ] {
        let id = kit.take_in(TakeState::Accepted).id;
        kit.pass(600);
        let taken = kit
            .store
            .leases("other")
            .take_over(
                Backend::Sandbox,
                crate::test_store::ACCOUNT,
                crate::test_store::LEASE,
            )
            .unwrap();
        assert_eq!(taken.iter().map(|take| take.id).collect::<Vec<_>>(), [id]);
        let facts = Facts {
            times,
            ..Facts::default()
        };
        for state in [TakeState::Rendered, TakeState::Saved] {
            kit.store.step("other", id, state, "", &facts).unwrap();
        }
    }
    assert_eq!(samples(&kit), [9000]);
}

#[test]
fn what_was_expected_is_kept_with_the_take_and_stays() {
    let kit = kit();
    let guess = |_, _| Expectation::around(100_000, "a guess");
    let sent = |kit: &Kit| {
        let id = kit.admit(&[7])[0];
        let claimed = kit.store.claim_expecting(&claim("me"), &guess).unwrap();
        assert!(matches!(claimed, Claimed::Take(take) if take.id == id && take.wait.is_some()));
        id
    };
    let waits = |id: TakeId| kit.store.take(id).unwrap().wait.unwrap();
    let first = sent(&kit);
    let guessed = Wait {
        p50_ms: 100_000,
        p90_ms: 150_000,
        basis: "a guess".to_owned(),
    };
    assert_eq!(waits(first), guessed);
    for state in [TakeState::Accepted, TakeState::Rendered, TakeState::Saved] {
        kit.step(first, state);
    }
    for seconds in 1..=7 {
        saved_after(&kit, seconds);
    }
    // Eight takes are known now, and only what is sent from now on is expected by them.
    let learned = waits(sent(&kit));
    assert_eq!((learned.p50_ms, learned.p90_ms), (3000, 7000));
    assert_eq!(learned.basis, "your last 8 takes like it");
    assert_eq!(waits(first), guessed);
}

/// A rate limit sends the take back: what counts is what was expected when it was sent at last.
#[test]
fn a_take_that_is_sent_again_is_expected_anew() {
    let kit = kit();
    let id = kit.admit(&[7])[0];
    for (middle, basis) in [(1000, "first"), (2000, "second")] {
        let guess = move |_, _| Expectation::around(middle, basis);
        kit.store.claim_expecting(&claim("me"), &guess).unwrap();
        let wait = kit.store.take(id).unwrap().wait.unwrap();
        assert_eq!((wait.p50_ms, wait.basis.as_str()), (middle, basis));
        kit.step(id, TakeState::Waiting);
    }
}

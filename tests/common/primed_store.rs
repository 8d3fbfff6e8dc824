//! A store that knows quick takes from days ago. Takes are polled by the time that takes like them took. Before there
//! are eight, live ones are polled by the published average of minutes: too seldom for a sandbox that is done in a
//! moment.

use std::path::Path;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use rushes::config::Paths;
use rushes::model::clock::ManualClock;
use rushes::model::{Backend, Expectation, Form, Model, Seconds, Seed, TakeId, TakeState, Usd};
use rushes::store::{Admission, Claim, Claimed, Facts, Store};

/// No cap of today counts what was sent then.
const AGO: SignedDuration = SignedDuration::from_hours(72);
/// What each of them took.
const QUICK: SignedDuration = SignedDuration::from_millis(250);
/// They are in no reel that a test looks at.
const REEL: &str = "days ago";
const OWNER: &str = "days-ago";

/// Puts `takes` saved takes of 480p and 4 s into the store of `home`.
pub fn prime(home: &Path, backend: Backend, takes: usize) -> Vec<TakeId> {
    let paths = Paths::resolve(Some(home), &|_| None).unwrap();
    paths.ensure().unwrap();
    let clock = Arc::new(ManualClock::at(Timestamp::now() - AGO));
    let store = Store::open(&paths.database(), clock.clone()).unwrap();
    let duration = Seconds::new(4).unwrap();
    let ids = store.admit(&admission(&store, backend, duration, takes)).unwrap();
    for id in &ids {
        assert!(matches!(store.claim(&claim(backend)).unwrap(), Claimed::Take(take) if take.id == *id));
        store
            .step(OWNER, *id, TakeState::Accepted, "", &Facts::default())
            .unwrap();
        clock.advance(QUICK);
        for state in [TakeState::Rendered, TakeState::Saved] {
            store.step(OWNER, *id, state, "", &Facts::default()).unwrap();
        }
    }
    let samples = store.samples(backend, Model::default()).unwrap();
    let class = store.take(ids[0]).unwrap().wait_class();
    let expected = Expectation::of_samples(&samples, &class);
    assert_eq!(expected.is_some(), takes >= Expectation::MIN_TAKES);
    assert!(
        expected.as_ref().is_none_or(|expected| expected.p90_ms <= 250),
        "{expected:?}"
    );
    ids
}

fn admission(store: &Store, backend: Backend, duration: Seconds, takes: usize) -> Admission {
    let form = Form {
        prompt: "A kite, days ago.".to_owned(),
        duration,
        ..Form::default()
    };
    let seeds = 1..=u32::try_from(takes).unwrap();
    Admission::of(
        &store.reel(REEL).unwrap().id,
        backend,
        form,
        seeds.map(|seed| Seed::new(seed).unwrap()),
        Usd::ZERO,
        Usd::ZERO,
    )
}

fn claim(backend: Backend) -> Claim {
    Claim {
        owner: OWNER.to_owned(),
        account: "0123456789abcdef".to_owned(),
        backend,
        limit: u32::MAX,
        caps: rushes::store::Caps::default(),
        prices: None,
        lease: SignedDuration::from_mins(1),
    }
}

//! A store for tests: in a folder of its own, with a clock that stands still, and takes in every state.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rushes::model::clock::ManualClock;
use rushes::model::{Backend, Clock, Form, Seed, Take, TakeId, TakeState, Usd};
use rushes::store::{Admission, Caps, Claim, Claimed, Facts, Reel, Reserve, Store, StoreOptions};

pub const LEASE: SignedDuration = SignedDuration::from_mins(1);
pub const DIME: Usd = Usd::from_micros(100_000);

pub struct Kit {
    pub folder: tempfile::TempDir,
    pub clock: Arc<ManualClock>,
    pub store: Store,
    pub reel: Reel,
}

pub fn start() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

/// A fresh store with one reel, its clock standing at noon.
pub fn kit() -> Kit {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::at(start()));
    let store = Store::open(&folder.path().join("rushes.db"), clock.clone()).unwrap();
    let reel = store.reel("neon drive").unwrap();
    Kit {
        folder,
        clock,
        store,
        reel,
    }
}

impl Kit {
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("rushes.db")
    }

    /// Another connection to the same file, as another process would have it.
    pub fn other(&self) -> Store {
        Store::open(&self.path(), self.clock.clone()).unwrap()
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn pass(&self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds));
    }

    pub fn admission(&self, seeds: &[u32]) -> Admission {
        admission(&self.reel.id, seeds)
    }

    /// Puts takes with these seeds into the queue.
    pub fn admit(&self, seeds: &[u32]) -> Vec<TakeId> {
        self.store.admit(&self.admission(seeds)).unwrap()
    }

    /// Claims the next take, which there must be.
    pub fn claim(&self, owner: &str) -> Take {
        match self.store.claim(&claim(owner)).unwrap() {
            Claimed::Take(take) => *take,
            other => panic!("no take was claimed: {other:?}"),
        }
    }

    /// A take in the state, brought there by legal steps, owned by `me` unless settled or waiting.
    pub fn take_in(&self, state: TakeState) -> Take {
        let id = self.walk(self.admit(&[7])[0], state);
        self.store.take(id).unwrap()
    }

    /// Brings the take that waits first to the state by legal steps, owned by `me` unless settled or waiting.
    pub fn walk(&self, id: TakeId, state: TakeState) -> TakeId {
        for step in way_to(state) {
            match step {
                TakeState::Submitting => {
                    let claim = Claim {
                        backend: self.store.take(id).unwrap().backend,
                        ..claim("me")
                    };
                    match self.store.claim(&claim).unwrap() {
                        Claimed::Take(take) => assert_eq!(take.id, id),
                        other => panic!("no take was claimed: {other:?}"),
                    }
                }
                TakeState::Cancelled => drop(self.store.cancel(id).unwrap()),
                other => self.step(id, *other),
            }
        }
        id
    }

    /// A step by `me`, without facts.
    pub fn step(&self, id: TakeId, to: TakeState) {
        let take = self.store.step("me", id, to, "", &Facts::default()).unwrap();
        assert_eq!(take.state, to);
    }
}

/// The steps from waiting to `state`.
pub fn way_to(state: TakeState) -> &'static [TakeState] {
    use TakeState as S;
    match state {
        S::Waiting => &[],
        S::Submitting => &[S::Submitting],
        S::Unknown => &[S::Submitting, S::Unknown],
        S::Accepted => &[S::Submitting, S::Accepted],
        S::Queued => &[S::Submitting, S::Accepted, S::Queued],
        S::Processing => &[S::Submitting, S::Accepted, S::Processing],
        S::Rendered => &[S::Submitting, S::Accepted, S::Rendered],
        S::Saved => &[S::Submitting, S::Accepted, S::Rendered, S::Saved],
        S::Failed => &[S::Submitting, S::Accepted, S::Failed],
        S::Refused => &[S::Submitting, S::Refused],
        S::Cancelled => &[S::Cancelled],
        S::Expired => &[S::Submitting, S::Accepted, S::Expired],
        S::NotSent => &[S::Submitting, S::Unknown, S::NotSent],
    }
}

pub fn form() -> Form {
    Form {
        prompt: "A kite over the bay.".into(),
        ..Form::default()
    }
}

/// Ten cents each, in the sandbox, without a cap.
pub fn admission(reel_id: &str, seeds: &[u32]) -> Admission {
    let form = form();
    Admission::of(
        reel_id,
        Backend::Sandbox,
        form,
        seeds.iter().map(|seed| Seed::new(*seed).unwrap()),
        DIME,
        DIME,
    )
}

/// The account that everything is sent with.
pub const ACCOUNT: &str = "0123456789abcdef";

pub fn claim(owner: &str) -> Claim {
    Claim {
        owner: owner.to_owned(),
        account: ACCOUNT.to_owned(),
        backend: Backend::Sandbox,
        limit: 1000,
        caps: rushes::store::Caps::default(),
        prices: None,
        lease: LEASE,
    }
}

pub fn cap(dimes: u32) -> Caps {
    Caps::since(start(), DIME.times(dimes))
}

/// Gives up on a locked file almost at once.
pub fn impatient() -> StoreOptions {
    StoreOptions {
        busy_timeout: Duration::from_millis(20),
    }
}

/// Reserves this for each take.
pub fn reserve_each(admission: &mut Admission, reserve: impl Into<Reserve>) {
    let reserve = reserve.into();
    for take in &mut admission.takes {
        take.reserve = reserve;
    }
}

/// Asks for takes of the admission's form with these seeds instead.
pub fn ask_for(admission: &mut Admission, seeds: &[u32]) {
    let form = admission.form.clone();
    let seeds = seeds.iter().map(|seed| Seed::new(*seed).unwrap());
    admission.takes = Admission::of(&admission.reel_id, admission.backend, form, seeds, DIME, DIME).takes;
}

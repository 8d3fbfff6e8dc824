//! What the workers of one engine share.

use std::collections::HashMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use crate::model::TakeId;

use super::db::Db;
use super::events::Events;
use super::journal::Journal;
use super::pauses::Pauses;
use super::setup::Setup;

/// How long a lease holds; it is renewed three times within that.
pub(super) const LEASE: SignedDuration = SignedDuration::from_secs(60);

pub(super) struct Context {
    pub setup: Setup,
    /// Who holds this engine's leases.
    pub owner: String,
    pub events: Events,
    pub pauses: Pauses,
    pub db: Db,
    pub journal: Journal,
    pub proofs: Proofs,
}

impl Context {
    pub fn new(setup: Setup, events: Events) -> Self {
        // The owner must differ between processes even where the jitter's seed is fixed.
        let owner = format!("{}-{:08x}", std::process::id(), fastrand::u32(..));
        let pauses = Pauses::new(setup.random);
        let db = Db {
            store: setup.store.clone(),
            pauses: pauses.clone(),
            events: events.clone(),
        };
        let journal = Journal {
            db: db.clone(),
            wake: setup.wake.clone(),
            clock: Arc::clone(&setup.clock),
            owner: owner.clone(),
            reels: setup.reels.clone(),
            sidecars_fail: AtomicBool::new(false),
        };
        Self {
            setup,
            owner,
            events,
            pauses,
            db,
            journal,
            proofs: Proofs::default(),
        }
    }

    pub fn now(&self) -> Timestamp {
        self.setup.clock.now()
    }
}

/// When the history will prove what became of takes whose outcome is unknown.
#[derive(Default)]
pub(super) struct Proofs(Mutex<HashMap<TakeId, Instant>>);

impl Proofs {
    /// Notes when the proof is due; `None` when there is nothing to wait for.
    pub fn set(&self, take: TakeId, due: Option<Instant>) {
        let mut proofs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match due {
            Some(due) => proofs.insert(take, due),
            None => proofs.remove(&take),
        };
    }

    pub fn get(&self, take: TakeId) -> Option<Instant> {
        let proofs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        proofs.get(&take).copied()
    }
}

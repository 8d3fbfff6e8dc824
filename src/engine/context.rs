//! What the workers of one engine share.

use std::collections::HashMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use crate::model::TakeId;

use super::events::Events;
use super::pauses::Pauses;
use super::setup::Setup;
use super::throttle::Throttle;

/// How long a lease lasts; it is renewed three times within that.
pub(super) const LEASE: SignedDuration = SignedDuration::from_secs(60);

pub(super) struct Context {
    pub setup: Setup,
    /// The owner of this engine's leases.
    pub owner: String,
    pub events: Events,
    pub pauses: Pauses,
    pub proofs: Proofs,
    pub balance_asked: Throttle,
    /// The last sidecar could not be written, and that was reported.
    pub sidecars_fail: AtomicBool,
}

impl Context {
    pub fn new(setup: Setup, events: Events) -> Self {
        // The owner must differ between processes even where the jitter's seed is fixed.
        let owner = format!("{}-{:08x}", std::process::id(), fastrand::u32(..));
        Self {
            pauses: Pauses::new(setup.random),
            setup,
            owner,
            events,
            proofs: Proofs::default(),
            balance_asked: Throttle::default(),
            sidecars_fail: AtomicBool::new(false),
        }
    }

    pub fn now(&self) -> Timestamp {
        self.setup.clock.now()
    }
}

/// When the history will prove the outcome of takes whose outcome is unknown.
#[derive(Default)]
pub(super) struct Proofs(Mutex<HashMap<TakeId, Instant>>);

impl Proofs {
    /// Notes when the proof is due; `None` if there is nothing to wait for.
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

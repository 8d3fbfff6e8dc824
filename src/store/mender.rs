//! Reacts to rows that cannot be read: a function that was registered moves them out of the way, and the read is
//! repeated.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use super::{Store, StoreError};

type Mend = Box<dyn Fn(&Store) -> bool + Send + Sync>;

/// How a store's rows are mended.
#[derive(Default)]
pub(super) struct Mender {
    mend: OnceLock<Mend>,
    /// How often something was mended.
    times: AtomicU64,
    /// Held while it is mended; true once that was of no use.
    given_up: Mutex<bool>,
}

impl Store {
    /// Has `mend` called when a row is met that cannot be read. It says whether it moved any out of the way; it may
    /// use [`Store::mend_rows`] of the store that it is given, and nothing else of it.
    pub fn mend_by(&self, mend: impl Fn(&Store) -> bool + Send + Sync + 'static) {
        // A second one changes nothing.
        let _ = self.mender.mend.set(Box::new(mend));
    }

    /// What `attempt` gives, at a second try if the first met a row that was mended then.
    pub(super) fn mending<T>(&self, attempt: impl Fn() -> Result<T, StoreError>) -> Result<T, StoreError> {
        let before = self.mender.times.load(Ordering::Acquire);
        match attempt() {
            Err(StoreError::Corrupt { .. }) if self.mend(before) => attempt(),
            outcome => outcome,
        }
        .map_err(|error| self.noted(error))
    }

    /// Whether something was mended since `before`, by this call or by another thread.
    fn mend(&self, before: u64) -> bool {
        let Some(mend) = self.mender.mend.get() else {
            return false;
        };
        let mut given_up = self
            .mender
            .given_up
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if self.mender.times.load(Ordering::Acquire) != before {
            return true;
        }
        if *given_up {
            return false;
        }
        *given_up = !mend(self);
        if !*given_up {
            self.mender.times.fetch_add(1, Ordering::Release);
        }
        !*given_up
    }
}

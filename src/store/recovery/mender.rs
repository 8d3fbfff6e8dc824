//! Reacts to rows that cannot be read: a registered function sets them aside, and the read is tried again.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::store::{Store, StoreError};

type Mend = Box<dyn Fn(&Store) -> Result<bool, StoreError> + Send + Sync>;

/// How a store's rows are mended.
#[derive(Default)]
pub struct Mender {
    mend: OnceLock<Mend>,
    /// How often something was mended.
    times: AtomicU64,
    /// Locked while rows are mended; true once that did not help.
    given_up: Mutex<bool>,
}

impl Store {
    /// Registers `mend`, which is called when a row cannot be read and returns whether it set any row aside. It may only
    /// use [`mend_rows`](crate::store::recovery::Recovery::mend_rows) of the store that it is given.
    pub fn mend_by(&self, mend: impl Fn(&Store) -> Result<bool, StoreError> + Send + Sync + 'static) {
        // Only the first one counts.
        let _ = self.mender.mend.set(Box::new(mend));
    }

    /// Runs `attempt`, and once more if it failed on a row that was then mended.
    pub fn mending<T>(&self, attempt: impl Fn() -> Result<T, StoreError>) -> Result<T, StoreError> {
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
        let given_up = self.mender.given_up.lock();
        let mut given_up = given_up.unwrap_or_else(PoisonError::into_inner);
        if self.mender.times.load(Ordering::Acquire) != before {
            return true;
        }
        if *given_up {
            return false;
        }
        match mend(self) {
            Ok(true) => {
                self.mender.times.fetch_add(1, Ordering::Release);
                return true;
            }
            Ok(false) => *given_up = true,
            // The next read of such a row tries again, unless it would fail in the same way.
            Err(error) => *given_up = !error.may_pass(),
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::AtomicUsize;

    use super::*;
    use crate::model::{Backend, SystemClock};

    /// How often mending is tried when a row that cannot be read is read twice, and mending ends as `outcomes` say.
    fn met(outcomes: [Result<bool, StoreError>; 2]) -> usize {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rushes.db");
        let store = Store::open(&path, Arc::new(SystemClock)).unwrap();
        let damage = "INSERT INTO lines (backend, rate_since) VALUES ('live', 9000000000000000000)";
        store.lock().execute_batch(damage).unwrap();
        let calls = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&calls);
        store.mend_by(move |_| outcomes[counted.fetch_add(1, Ordering::Relaxed)].clone());
        for _ in 0..2 {
            assert!(matches!(
                store.queue(Backend::Live).state(),
                Err(StoreError::Corrupt { .. })
            ));
        }
        calls.load(Ordering::Relaxed)
    }

    #[test]
    fn mending_is_tried_again_after_a_lock_and_given_up_when_it_found_nothing() {
        let locked = StoreError::Locked("rushes.db".into());
        assert_eq!(met([Err(locked), Ok(false)]), 2, "a lock passes");
        assert_eq!(met([Ok(false), Ok(false)]), 1, "nothing was found");
    }
}

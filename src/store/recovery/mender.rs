//! Reacts to rows that cannot be read: a function sets them aside, and the read is tried again.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::store::StoreError;

/// How a store's rows are mended.
#[derive(Default)]
pub struct Mender {
    /// How often something was mended.
    times: AtomicU64,
    /// Locked while rows are mended; true once that did not help.
    given_up: Mutex<bool>,
}

impl Mender {
    /// How often something was mended.
    pub fn times(&self) -> u64 {
        self.times.load(Ordering::Acquire)
    }

    /// Whether something was mended since it was done `before` times, by `mend` now or by another thread.
    pub fn mend(&self, before: u64, mend: impl FnOnce() -> Result<bool, StoreError>) -> bool {
        let given_up = self.given_up.lock();
        let mut given_up = given_up.unwrap_or_else(PoisonError::into_inner);
        if self.times() != before {
            return true;
        }
        if *given_up {
            return false;
        }
        let mended = mend();
        *given_up = match &mended {
            Ok(mended) => !mended,
            // The next read of such a row tries again, unless it would fail in the same way.
            Err(error) => !error.may_pass(),
        };
        let is_mended = mended == Ok(true);
        self.times.fetch_add(u64::from(is_mended), Ordering::Release);
        is_mended
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::AtomicUsize;

    use super::*;
    use crate::model::{Backend, SystemClock};
    use crate::store::Store;

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

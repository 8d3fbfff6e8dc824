//! Lets something happen only so often.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// When something was done the last time.
#[derive(Default)]
pub(super) struct Throttle(Mutex<Option<Instant>>);

impl Throttle {
    /// Whether it may be done again after this pause; if so, it counts as done.
    pub fn may(&self, now: Instant, pause: Duration) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let may = last.is_none_or(|last| now.duration_since(last) >= pause);
        if may {
            *last = Some(now);
        }
        may
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn something_is_done_once_in_each_pause() {
        let (throttle, start) = (Throttle::default(), Instant::now());
        let minute = Duration::from_secs(60);
        let may = |seconds| throttle.may(start + Duration::from_secs(seconds), minute);
        assert_eq!(
            [0, 1, 59, 60, 61, 119, 120].map(may),
            [true, false, false, true, false, false, true]
        );
    }
}

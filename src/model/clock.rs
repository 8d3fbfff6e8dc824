//! The wall clock behind a trait, so that tests can move the time.

use std::sync::Mutex;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// The time of day. Waiting uses tokio's clock, which tests pause directly.
pub trait Clock: Send + Sync + 'static {
    fn now(&self) -> Timestamp;
}

/// The start of the day of `now` in `zone`: the spending of a day is counted from here.
pub fn start_of_day(now: Timestamp, zone: TimeZone) -> Timestamp {
    now.to_zoned(zone)
        .start_of_day()
        .map_or(now, |day| day.timestamp())
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that only moves when [`ManualClock::advance`] moves it.
#[derive(Debug)]
pub struct ManualClock(Mutex<Timestamp>);

impl ManualClock {
    /// A clock standing at `start`.
    pub fn at(start: Timestamp) -> Self {
        Self(Mutex::new(start))
    }

    /// Moves the clock; a negative `by` turns it back.
    pub fn advance(&self, by: SignedDuration) {
        let mut now = self.lock();
        *now = now.saturating_add(by).unwrap_or(*now);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Timestamp> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.lock()
    }
}

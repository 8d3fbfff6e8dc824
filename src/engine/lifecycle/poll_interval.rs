//! How long to wait before the next poll: long before the expected range begins, short within it, ever longer after.
//! Pure, so that its lag and its number of polls can be measured.

use std::time::Duration;

use crate::model::Expectation;

/// The pause while a take is expected: a finished one is seen within this time.
const CLOSE: Duration = Duration::from_secs(2);
/// The shortest pause, for a fast sandbox.
const MIN: Duration = Duration::from_millis(250);
/// The longest pause before the expected range.
const MAX_EARLY: Duration = Duration::from_secs(30);
/// The longest pause once a take is overdue.
const MAX_LATE: Duration = Duration::from_secs(10);

/// The pauses between polls of one take.
#[derive(Debug, Clone, Copy)]
pub struct Schedule {
    begins: Duration,
    ends: Duration,
}

impl Schedule {
    /// A schedule around the expected range. The range is counted from the submit.
    pub fn around(expected: &Expectation) -> Self {
        Self {
            begins: Duration::from_millis(expected.p10_ms),
            ends: Duration::from_millis(expected.p90_ms.max(expected.p10_ms)),
        }
    }

    /// How long to wait for the next poll when `elapsed` has passed since the submit.
    pub fn pause(&self, elapsed: Duration) -> Duration {
        if elapsed < self.begins {
            let early = (self.begins / 3).clamp(MIN, MAX_EARLY);
            return early.min(self.begins.saturating_sub(elapsed)).max(MIN);
        }
        let close = (self.ends.saturating_sub(self.begins) / 10).clamp(MIN, CLOSE);
        if elapsed < self.ends {
            return close;
        }
        // Overdue: an eighth of the time it is late, so that the lag stays small compared with the wait.
        (close + elapsed.saturating_sub(self.ends) / 8).min(MAX_LATE.max(close))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn live() -> Schedule {
        Schedule::around(&Expectation {
            p10_ms: 95_000,
            p50_ms: 120_000,
            p90_ms: 170_000,
            basis: String::new(),
        })
    }

    #[test]
    fn seldom_before_often_within_seldom_after() {
        let s = live();
        assert_eq!(s.pause(Duration::from_secs(0)), Duration::from_secs(30));
        assert_eq!(s.pause(Duration::from_secs(90)), Duration::from_secs(5));
        assert_eq!(s.pause(Duration::from_secs(100)), CLOSE);
        assert_eq!(s.pause(Duration::from_secs(178)), Duration::from_secs(3));
        assert_eq!(s.pause(Duration::from_secs(3000)), MAX_LATE);
    }

    proptest! {
        #[test]
        fn a_pause_is_never_nothing_and_never_long(p10 in 0..600_000_u64, wide in 0..600_000_u64, at in 0..9_000_000_u64) {
            let expected = Expectation { p10_ms: p10, p50_ms: p10, p90_ms: p10 + wide, basis: String::new() };
            let pause = Schedule::around(&expected).pause(Duration::from_millis(at));
            prop_assert!(pause >= MIN && pause <= MAX_EARLY);
        }
    }
}

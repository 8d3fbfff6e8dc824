//! When to ask for a take's state: seldom before the expected range begins, often within it, ever more
//! seldom after. Pure, so that its lag and its number of polls can be measured.

use std::time::Duration;

use crate::model::Expectation;

/// Asks often enough that a finished take is seen within this while it is expected.
const CLOSEST: Duration = Duration::from_secs(2);
/// A quick stand-in is asked more often, but never more than this.
const FLOOR: Duration = Duration::from_millis(250);
/// Longest pause before the expected range.
const EARLY_MOST: Duration = Duration::from_secs(30);
/// Longest pause once a take is overdue.
const LATE_MOST: Duration = Duration::from_secs(10);

/// The pauses between polls of one take.
#[derive(Debug, Clone, Copy)]
pub struct Schedule {
    begins: Duration,
    ends: Duration,
}

impl Schedule {
    /// A schedule around the expected range. The range is counted from the submit.
    #[must_use]
    pub fn around(expected: &Expectation) -> Self {
        Self {
            begins: Duration::from_millis(expected.p10_ms),
            ends: Duration::from_millis(expected.p90_ms.max(expected.p10_ms)),
        }
    }

    /// How long to wait for the next poll when `elapsed` has passed since the submit.
    #[must_use]
    pub fn pause(&self, elapsed: Duration) -> Duration {
        if elapsed < self.begins {
            let early = (self.begins / 3).clamp(FLOOR, EARLY_MOST);
            return early.min(self.begins.saturating_sub(elapsed)).max(FLOOR);
        }
        let close = (self.ends.saturating_sub(self.begins) / 10).clamp(FLOOR, CLOSEST);
        if elapsed < self.ends {
            return close;
        }
        // Overdue: an eighth of the time it is late, so that the lag stays small beside the wait.
        (close + elapsed.saturating_sub(self.ends) / 8).min(LATE_MOST.max(close))
    }
}

/// `pause` changed by up to a tenth either way, so that many takes do not ask at the same moment.
#[must_use]
pub fn jittered(pause: Duration, random: &mut fastrand::Rng) -> Duration {
    pause.mul_f64(0.9 + 0.2 * random.f64())
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
        assert_eq!(s.pause(Duration::from_secs(100)), CLOSEST);
        assert_eq!(s.pause(Duration::from_secs(178)), Duration::from_secs(3));
        assert_eq!(s.pause(Duration::from_secs(3000)), LATE_MOST);
    }

    proptest! {
        #[test]
        fn a_pause_is_never_nothing_and_never_long(p10 in 0..600_000_u64, wide in 0..600_000_u64, at in 0..9_000_000_u64) {
            let expected = Expectation { p10_ms: p10, p50_ms: p10, p90_ms: p10 + wide, basis: String::new() };
            let pause = Schedule::around(&expected).pause(Duration::from_millis(at));
            prop_assert!(pause >= FLOOR && pause <= EARLY_MOST);
        }
    }
}

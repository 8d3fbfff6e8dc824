//! Estimates how long a take will take: a range from the user's own takes, or the published average until there are enough.

use super::models::Model;

/// A guess for a model whose average is not published, in milliseconds.
const UNPUBLISHED_MS: u64 = 180_000;

/// The expected time from submit to saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectation {
    /// One take in ten is quicker, in milliseconds.
    pub p10_ms: u64,
    /// The median, in milliseconds.
    pub p50_ms: u64,
    /// One take in ten is slower, in milliseconds.
    pub p90_ms: u64,
    /// What the range is based on, for people.
    pub basis: String,
}

impl Expectation {
    /// How many of the user's own takes a range needs.
    pub const MIN_TAKES: usize = 3;

    /// The range of `samples` (milliseconds, in any order); `None` below [`Self::MIN_TAKES`].
    pub fn of_samples(samples: &[u64]) -> Option<Self> {
        if samples.len() < Self::MIN_TAKES {
            return None;
        }
        let mut sorted = samples.to_vec();
        sorted.sort_unstable();
        let at = |percent: usize| sorted[(sorted.len() - 1) * percent / 100];
        Some(Self {
            p10_ms: at(10),
            p50_ms: at(50),
            p90_ms: sorted[((sorted.len() - 1) * 90).div_ceil(100)],
            basis: format!("your last {} takes like it", sorted.len()),
        })
    }

    /// The provider's published average, which mixes all lengths and sizes: half and one and a half times it make
    /// the range.
    pub fn published(model: Model) -> Self {
        match model.published_wait {
            Some(wait) => Self::around(
                wait.ms(),
                &format!("Segmind's average of {}, none of your own yet", wait.as_of),
            ),
            None => Self::around(
                UNPUBLISHED_MS,
                "a guess, no average is published and you have none of your own yet",
            ),
        }
    }

    /// The range for all of `takes` when `slots` of them are rendered at the same time.
    pub fn of_rounds(&self, takes: u32, slots: u32) -> Self {
        let rounds = u64::from(takes.div_ceil(slots.max(1)).max(1));
        Self {
            p10_ms: self.p10_ms.saturating_mul(rounds),
            p50_ms: self.p50_ms.saturating_mul(rounds),
            p90_ms: self.p90_ms.saturating_mul(rounds),
            basis: self.basis.clone(),
        }
    }

    /// Half to one and a half times `middle_ms`.
    pub fn around(middle_ms: u64, basis: &str) -> Self {
        Self {
            p10_ms: middle_ms / 2,
            p50_ms: middle_ms,
            p90_ms: middle_ms * 3 / 2,
            basis: basis.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sweep_takes_as_many_rounds_as_it_needs_slots() {
        let one = Expectation::around(100, "");
        for (takes, slots, middle) in [
            (0, 4, 100),
            (1, 4, 100),
            (4, 4, 100),
            (5, 4, 200),
            (9, 4, 300),
            (3, 0, 300),
        ] {
            assert_eq!(one.of_rounds(takes, slots).p50_ms, middle, "{takes} in {slots}");
        }
    }

    #[test]
    fn a_range_needs_a_few_takes() {
        assert_eq!(Expectation::of_samples(&[1, 2]), None);
        let range = Expectation::of_samples(&[30, 10, 20, 40, 100]).unwrap();
        assert_eq!((range.p10_ms, range.p50_ms, range.p90_ms), (10, 30, 100));
        assert_eq!(range.basis, "your last 5 takes like it");
    }
}

//! How long to pause before a call is made again.

use std::time::Duration;

/// The shortest pause after a call that failed or was rate limited.
pub const MIN_PAUSE: Duration = Duration::from_secs(1);
/// The longest pause that is reached by doubling alone.
pub const MAX_PAUSE: Duration = Duration::from_secs(60);
/// The longest pause between questions that the provider can ask for: a job's record is kept for an hour only.
pub const MAX_PAUSE_OF_QUESTIONS: Duration = Duration::from_secs(300);

/// `first`, doubled for every further failure, at most `most`.
pub fn backoff(failures: u32, first: Duration, most: Duration) -> Duration {
    let doublings = failures.saturating_sub(1).min(16);
    first.saturating_mul(1 << doublings).min(most)
}

/// The pause after this many failures or 429 responses in a row, counted from 1. What the provider asks for can make
/// it longer, never shorter: a `Retry-After: 0` must not become a hot loop.
pub fn after_failure(in_a_row: u32, asked: Option<Duration>) -> Duration {
    let floor = backoff(in_a_row, MIN_PAUSE, MAX_PAUSE);
    asked.map_or(floor, |asked| asked.max(floor))
}

/// [`after_failure`] for calls that only ask a question, at most [`MAX_PAUSE_OF_QUESTIONS`].
pub fn between_questions(failures: u32, asked: Option<Duration>) -> Duration {
    after_failure(failures, asked.map(|asked| asked.min(MAX_PAUSE_OF_QUESTIONS)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_minute_and_nothing_makes_them_shorter() {
        let seconds = |asked: Option<u64>| -> Vec<u64> {
            let asked = asked.map(Duration::from_secs);
            (1..=8).map(|n| after_failure(n, asked).as_secs()).collect()
        };
        assert_eq!(seconds(None), [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(seconds(Some(0)), [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(seconds(Some(10)), [10, 10, 10, 10, 16, 32, 60, 60]);
        assert_eq!(seconds(Some(3600)), [3600; 8]);
        assert_eq!(after_failure(0, None), MIN_PAUSE);
        assert_eq!(after_failure(u32::MAX, None), MAX_PAUSE);
        let asked = Some(Duration::from_secs(86_400));
        assert_eq!(between_questions(1, asked), MAX_PAUSE_OF_QUESTIONS);
        assert_eq!(between_questions(3, None), Duration::from_secs(4));
    }
}

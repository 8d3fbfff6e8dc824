//! The circuit breaker after 429 responses to submits: how long the queue pauses, and when it stops.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::model::pause;

use super::wait::bounded;

/// Submits that may be sent within one window while 429 responses come.
pub const MAX_SUBMITS_IN_WINDOW: u32 = 10;
/// This many 429 responses in a row stop the queue.
pub const MAX_RATE_LIMITS_IN_A_ROW: u32 = 10;
/// The sliding window.
pub const WINDOW: SignedDuration = SignedDuration::from_secs(60);
/// The window applies for this long after the last 429, even if submits are accepted again meanwhile.
const REMEMBERED: SignedDuration = SignedDuration::from_mins(10);

/// The 429 responses of a backend.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RateLimits {
    /// How many came in a row; an accepted submit resets it.
    pub count: u32,
    /// When the first of them came.
    pub since: Option<Timestamp>,
    /// When the last one came.
    pub last: Option<Timestamp>,
}

impl RateLimits {
    /// The same with one more, which came now.
    pub fn and_one_more(self, now: Timestamp) -> Self {
        // A time in the future comes from a clock that was set back since.
        let since = self.since.filter(|_| self.count > 0);
        Self {
            count: self.count.saturating_add(1),
            since: Some(since.map_or(now, |since| since.min(now))),
            last: Some(now),
        }
    }

    /// Until when nothing may be sent after the 429 that came now. The pause doubles with every one in a row; what the
    /// provider `asked` for can only make it longer.
    pub fn pause_until(self, now: Timestamp, asked: Option<Duration>) -> Timestamp {
        bounded(plus(now, pause::after_failure(self.count, asked)), now)
    }

    /// Whether the last of them, the response to a submit that was `sent` then, stops the queue. What was on its way
    /// before the first of them came may be a whole burst: it alone stops nothing.
    pub fn stop_the_queue(self, sent: Option<Timestamp>) -> bool {
        self.count >= MAX_RATE_LIMITS_IN_A_ROW && sent.is_some() && sent >= self.since
    }

    /// Until when our own pause after the last 429 lasts, whatever the provider asks for.
    pub fn own_pause_until(self) -> Option<Timestamp> {
        let last = self.last.filter(|_| self.count > 0)?;
        Some(plus(last, pause::after_failure(self.count, None)))
    }

    /// Whether the sliding window limits submits now.
    pub fn limit_submits(self, now: Timestamp) -> bool {
        let is_recent = |last: Timestamp| last <= now && now.duration_since(last) < REMEMBERED;
        self.count > 0 || self.last.is_some_and(is_recent)
    }

    /// Whether the last of them was noted by a clock that has since been set back.
    pub fn are_from_the_future(self, now: Timestamp) -> bool {
        self.last.is_some_and(|last| last > longest_own_pause(now))
    }
}

/// The end of our longest pause, if it began now.
pub fn longest_own_pause(now: Timestamp) -> Timestamp {
    plus(now, pause::MAX_PAUSE)
}

fn plus(time: Timestamp, by: Duration) -> Timestamp {
    let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
    time.saturating_add(by).unwrap_or(time)
}

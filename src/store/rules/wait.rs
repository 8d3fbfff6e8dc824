//! How long a take or a queue waits before it is sent again.

use jiff::{SignedDuration, Timestamp};

/// The longest automatic wait. A time that is further away was noted by a clock that has since been set back, and
/// counts as passed.
pub const MAX_WAIT: SignedDuration = SignedDuration::from_hours(24);

/// `until`, no further away than [`MAX_WAIT`].
pub fn bounded(until: Timestamp, now: Timestamp) -> Timestamp {
    until.min(now.saturating_add(MAX_WAIT).unwrap_or(until))
}

/// Whether a wait until `time` is over.
pub fn passed(time: Timestamp, now: Timestamp) -> bool {
    time <= now || time != bounded(time, now)
}

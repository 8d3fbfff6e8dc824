//! How long a lease lasts, and when another owner may take it over.

use jiff::{SignedDuration, Timestamp};

/// The longest lease; a longer one is cut to it.
pub const MAX_LEASE: SignedDuration = SignedDuration::from_mins(10);

/// When a lease that is given now ends.
pub fn end(now: Timestamp, lease: SignedDuration) -> Timestamp {
    now.saturating_add(lease.min(MAX_LEASE)).unwrap_or(now)
}

/// A lease that ends after this time was given by a clock that has since been set back, and counts as run out.
pub fn last_credible_end(now: Timestamp) -> Timestamp {
    now.saturating_add(MAX_LEASE + MAX_LEASE).unwrap_or(now)
}

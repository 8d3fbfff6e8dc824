//! When the next picture may be sent, and how many bytes it may have, so that a connection is not sent more than it takes.

use std::time::Duration;

/// Pictures a second. Their number is lowered down to this before they are drawn less finely.
const MIN_RATE: f64 = 6.0;
/// Unused bytes of at most this many seconds are kept for later pictures.
const MAX_SAVED: f64 = 0.5;
/// How much of the older measurement stays in the newer.
const SMOOTH: f64 = 0.5;
/// By how much more than was measured is tried again, when the terminal took a picture at once.
const TRY_MORE: f64 = 1.25;
/// What is measured is never believed to be slower than this, in bytes a second.
const MIN_BYTES: f64 = 1000.0;

/// A budget of bytes a second. Times are from the start of playing.
#[derive(Debug, Clone)]
pub struct Pace {
    /// What the user allows, in bytes a second.
    limit: f64,
    /// What the terminal was seen to take, in bytes a second, while it takes less than is allowed.
    drained: Option<f64>,
    /// Bytes that may be sent; below zero those that were sent too early.
    credit: f64,
    /// When that was.
    at: Duration,
}

impl Pace {
    pub fn new(bytes_per_second: u32) -> Self {
        let limit = f64::from(bytes_per_second.max(1));
        Self {
            limit,
            drained: None,
            credit: limit * MAX_SAVED,
            at: Duration::ZERO,
        }
    }

    /// The budget of the next playing in the same terminal, which takes as much as it took before.
    #[must_use]
    pub fn again(&self, bytes_per_second: u32) -> Self {
        let fresh = Self::new(bytes_per_second);
        let drained = self.drained.filter(|rate| *rate < fresh.limit);
        let mut again = Self { drained, ..fresh };
        again.credit = again.rate() * MAX_SAVED;
        again
    }

    /// Bytes a second: what is allowed, or what the terminal takes if that is less.
    pub fn rate(&self) -> f64 {
        self.drained.map_or(self.limit, |drained| drained.min(self.limit))
    }

    fn go_on(&mut self, now: Duration) {
        let passed = now.saturating_sub(self.at).as_secs_f64();
        self.credit = (self.credit + self.rate() * passed).min(self.rate() * MAX_SAVED);
        self.at = now;
    }

    /// How many bytes a picture may have that is sent now.
    pub fn allowance(&mut self, now: Duration) -> usize {
        self.go_on(now);
        bytes(self.credit.max(self.rate() / MIN_RATE))
    }

    /// From when on a picture may be sent.
    pub fn ready_at(&self) -> Duration {
        let owed = (-self.credit / self.rate()).clamp(0.0, 3600.0);
        self.at + Duration::from_secs_f64(owed)
    }

    /// Notes that `bytes` were sent by now.
    pub fn sent(&mut self, bytes: u64, now: Duration) {
        self.go_on(now);
        self.credit -= count(bytes);
    }

    /// The terminal has accepted `bytes`, and made us wait for `time`.
    pub fn waited(&mut self, bytes: u64, time: Duration) {
        let measured = (count(bytes) / time.as_secs_f64().max(0.001)).max(MIN_BYTES);
        let before = self.drained.unwrap_or(measured);
        self.drained = Some(before * SMOOTH + measured * (1.0 - SMOOTH)).filter(|rate| *rate < self.limit);
    }

    /// The terminal has accepted a picture at once.
    pub fn did_not_wait(&mut self) {
        let more = self.drained.map(|drained| drained * TRY_MORE);
        self.drained = more.filter(|rate| *rate < self.limit);
    }
}

#[expect(clippy::cast_precision_loss, reason = "a count of bytes to reckon with")]
const fn count(bytes: u64) -> f64 {
    bytes as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a conversion by `as` saturates, and a part of a byte does not count"
)]
const fn bytes(count: f64) -> usize {
    count as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    /// Plays 10 s of pictures that are due every 42 ms and have as many bytes as they may, at most `most`; returns how many
    /// were sent and their bytes.
    fn play(pace: &mut Pace, most: usize) -> (u64, u64) {
        let (mut pictures, mut total, mut now) = (0, 0, Duration::ZERO);
        while now < ms(10_000) {
            let bytes = pace.allowance(now).min(most) as u64;
            pace.sent(bytes, now);
            pace.did_not_wait();
            (pictures, total) = (pictures + 1, total + bytes);
            now = pace.ready_at().max(now + ms(42));
        }
        (pictures, total)
    }

    #[test]
    fn the_budget_is_kept_and_the_rate_is_lowered_first() {
        let (pictures, total) = play(&mut Pace::new(60_000), 2000);
        assert_eq!((pictures, total), (239, 478_000), "all of them fit");
        let (pictures, total) = play(&mut Pace::new(60_000), 5000);
        assert!((118..=130).contains(&pictures), "{pictures}");
        assert!((590_000..=645_000).contains(&total), "{total}");
        let (pictures, total) = play(&mut Pace::new(60_000), 1_000_000);
        assert!(
            (55..=66).contains(&pictures),
            "never below six a second: {pictures}"
        );
        assert!((590_000..=645_000).contains(&total), "{total}");
    }

    #[test]
    fn a_terminal_that_takes_less_gets_less_until_it_takes_more_again() {
        let mut pace = Pace::new(60_000);
        for _ in 0..10 {
            pace.waited(10_000, ms(1000));
        }
        assert!((pace.rate() - 10_000.0).abs() < 100.0, "{}", pace.rate());
        assert_eq!(pace.allowance(ms(60_000)), 5000, "half a second of what it takes");
        pace.sent(15_000, ms(60_000));
        assert!(pace.ready_at() > ms(60_900), "{:?}", pace.ready_at());
        for _ in 0..20 {
            pace.did_not_wait();
        }
        assert!((pace.rate() - 60_000.0).abs() < 1.0);
        pace.waited(0, ms(100_000));
        pace.waited(0, ms(100_000));
        assert!(pace.rate() >= MIN_BYTES);
    }

    #[test]
    fn the_next_playing_knows_what_the_terminal_takes() {
        let mut slow = Pace::new(60_000);
        for _ in 0..10 {
            slow.waited(10_000, ms(1000));
        }
        slow.sent(90_000, ms(50_000));
        let mut again = slow.again(60_000);
        assert_eq!(again.allowance(Duration::ZERO), 5000, "nothing is owed any more");
        assert_eq!(again.ready_at(), Duration::ZERO);
        // What is allowed may have changed meanwhile.
        assert!((slow.again(3000).rate() - 3000.0).abs() < 1.0);
        assert!((Pace::new(500).again(60_000).rate() - 60_000.0).abs() < 1.0);
    }
}

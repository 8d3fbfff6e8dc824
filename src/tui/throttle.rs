//! Limits the frame rate: draws the first change at once, and the last one of a burst after a pause.

use std::time::Duration;

use tokio::time::Instant;

/// About 60 frames a second.
pub const BETWEEN_FRAMES: Duration = Duration::from_millis(16);

#[derive(Debug, Default)]
pub struct Throttle {
    last: Option<Instant>,
}

impl Throttle {
    /// When the next frame may be drawn, at the earliest now.
    pub fn next(&self, now: Instant) -> Instant {
        self.last.map_or(now, |last| (last + BETWEEN_FRAMES).max(now))
    }

    pub const fn drawn(&mut self, now: Instant) {
        self.last = Some(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_frame_is_at_once_and_the_next_waits_its_turn() {
        let start = Instant::now();
        let mut throttle = Throttle::default();
        assert_eq!(throttle.next(start), start);
        throttle.drawn(start);
        assert_eq!(throttle.next(start), start + BETWEEN_FRAMES);
        assert_eq!(throttle.next(start + BETWEEN_FRAMES / 2), start + BETWEEN_FRAMES);
        let later = start + BETWEEN_FRAMES * 3;
        assert_eq!(throttle.next(later), later);
    }

    #[test]
    fn a_burst_draws_its_last_state_and_keeps_the_pace() {
        let start = Instant::now();
        let (mut throttle, mut frames) = (Throttle::default(), Vec::new());
        let mut dirty = false;
        for ms in 0..200_u64 {
            let now = start + Duration::from_millis(ms);
            dirty |= ms < 100;
            if dirty && throttle.next(now) <= now {
                throttle.drawn(now);
                frames.push(ms);
                dirty = false;
            }
        }
        assert_eq!(
            frames,
            [0, 16, 32, 48, 64, 80, 96, 112],
            "the change at 99 is drawn at 112"
        );
    }
}

//! When a kind of disturbance strikes next.

use std::ops::Range;
use std::time::{Duration, Instant};

/// Strikes again and again, after pauses of random length.
pub struct Schedule {
    pause: Range<u64>,
    next: Instant,
    pub strikes: u64,
}

impl Schedule {
    /// The first strike comes after `first` milliseconds, each later one after `pause` milliseconds.
    pub fn new(random: &mut fastrand::Rng, first: Range<u64>, pause: Range<u64>) -> Self {
        Self {
            pause,
            next: Instant::now() + Duration::from_millis(random.u64(first)),
            strikes: 0,
        }
    }

    /// Whether it is time. The pause until the next strike begins now.
    pub fn is_due(&mut self, random: &mut fastrand::Rng) -> bool {
        let is_due = Instant::now() >= self.next;
        if is_due {
            self.next = Instant::now() + Duration::from_millis(random.u64(self.pause.clone()));
            self.strikes += 1;
        }
        is_due
    }

    /// What was due could not be done: it is tried again soon.
    pub fn put_off(&mut self) {
        self.strikes -= 1;
        self.next = Instant::now() + Duration::from_millis(100);
    }
}

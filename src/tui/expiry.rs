//! Deadlines after which the screen changes by itself: a notice disappears, the Monitor follows the selection.

use std::time::Duration;

use tokio::time::Instant;

/// How long a notice stays when no key is pressed.
pub const NEWS_STAY: Duration = Duration::from_secs(10);

/// How long the selection rests before the Monitor follows it, so that moving past takes sends no pictures.
pub const REST: Duration = Duration::from_millis(150);

/// The number of what is on screen, such as a notice, and the deadline that it got when it was new.
#[derive(Debug)]
pub struct Expiry {
    stay: Duration,
    shown: Option<(u64, Instant)>,
}

impl Expiry {
    /// Deadlines after `stay`.
    pub const fn after(stay: Duration) -> Self {
        Self { stay, shown: None }
    }

    /// The deadline of what has this number.
    pub fn deadline(&mut self, number: Option<u64>, now: Instant) -> Option<Instant> {
        self.shown = match (number, self.shown) {
            (Some(number), Some((shown, until))) if number == shown => Some((shown, until)),
            (Some(number), _) => Some((number, now + self.stay)),
            (None, _) => None,
        };
        self.shown.map(|(_, until)| until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_piece_of_news_has_its_own_deadline_and_none_when_it_is_gone() {
        let start = Instant::now();
        let mut expiry = Expiry::after(NEWS_STAY);
        assert_eq!(expiry.deadline(None, start), None);
        assert_eq!(expiry.deadline(Some(1), start), Some(start + NEWS_STAY));
        let later = start + Duration::from_secs(4);
        assert_eq!(expiry.deadline(Some(1), later), Some(start + NEWS_STAY));
        assert_eq!(expiry.deadline(Some(2), later), Some(later + NEWS_STAY));
        assert_eq!(expiry.deadline(None, later), None);
    }
}

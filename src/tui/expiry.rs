//! The deadline after which a notice disappears by itself.

use std::time::Duration;

use tokio::time::Instant;

/// How long a notice stays when no key is pressed.
pub const NEWS_STAY: Duration = Duration::from_secs(10);

/// The number of the notice on screen, and its deadline.
#[derive(Debug, Default)]
pub struct Expiry {
    shown: Option<(u64, Instant)>,
}

impl Expiry {
    /// The deadline of the notice with this number.
    pub fn deadline(&mut self, news: Option<u64>, now: Instant) -> Option<Instant> {
        self.shown = match (news, self.shown) {
            (Some(news), Some((shown, until))) if news == shown => Some((shown, until)),
            (Some(news), _) => Some((news, now + NEWS_STAY)),
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
        let mut expiry = Expiry::default();
        assert_eq!(expiry.deadline(None, start), None);
        assert_eq!(expiry.deadline(Some(1), start), Some(start + NEWS_STAY));
        let later = start + Duration::from_secs(4);
        assert_eq!(expiry.deadline(Some(1), later), Some(start + NEWS_STAY));
        assert_eq!(expiry.deadline(Some(2), later), Some(later + NEWS_STAY));
        assert_eq!(expiry.deadline(None, later), None);
    }
}

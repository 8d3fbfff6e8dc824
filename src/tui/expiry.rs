//! When the news on screen leave by themselves: one deadline, and no clock once it is over.

use std::time::Duration;

use tokio::time::Instant;

/// News that no key has taken away stay this long.
pub const NEWS_STAY: Duration = Duration::from_secs(10);

/// Which news are on screen, and when they leave. Pure: it is told the time.
#[derive(Debug, Default)]
pub struct Expiry {
    shown: Option<(u64, Instant)>,
}

impl Expiry {
    /// The deadline of the news that are on screen now, by their number; none when there are none.
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

//! Formats durations and times of day.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::model::seconds::length;
use crate::model::text::whole_seconds;
use crate::tui::glyphs::Glyphs;

/// What is over sooner is not shown as a range.
const SHORTEST_MS: u64 = 2000;

/// `0:04`, `1:12`, `1:02:03`: whole seconds, rounded down.
pub fn clock(millis: u64) -> String {
    let seconds = whole_seconds(millis);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

/// `1:35–2:50`, one time when both ends read the same, or `under 2 s`, of which more would be no information.
pub fn range(from_ms: u64, to_ms: u64, glyphs: &Glyphs) -> String {
    joined(from_ms, to_ms, glyphs.dash)
}

/// As [`range`], in a sentence: `1:35 to 2:50`.
pub fn range_in_words(from_ms: u64, to_ms: u64) -> String {
    joined(from_ms, to_ms, " to ")
}

fn joined(from_ms: u64, to_ms: u64, between: &str) -> String {
    if to_ms < SHORTEST_MS {
        return format!("under {}", length(SHORTEST_MS));
    }
    let (from, to) = (clock(from_ms), clock(to_ms));
    if from == to {
        from
    } else {
        format!("{from}{between}{to}")
    }
}

/// Milliseconds from `then` to `now`; 0 when the clock was set back.
pub fn between(then: Timestamp, now: Timestamp) -> u64 {
    u64::try_from(now.as_millisecond() - then.as_millisecond()).unwrap_or(0)
}

/// `14:22` on the day of `now`, `11-21` on another: always five columns.
pub fn of_day(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let (at, now) = (at.to_zoned(zone.clone()), now.to_zoned(zone.clone()));
    let format = if at.date() == now.date() { "%H:%M" } else { "%m-%d" };
    at.strftime(format).to_string()
}

/// `+4`, `−9`, `0`: a difference of whole seconds.
pub fn difference(took_ms: u64, expected_ms: u64, glyphs: &Glyphs) -> String {
    let (took, expected) = (whole_seconds(took_ms), whole_seconds(expected_ms));
    match took.cmp(&expected) {
        std::cmp::Ordering::Less => format!("{}{}", glyphs.minus, expected - took),
        std::cmp::Ordering::Equal => "0".to_owned(),
        std::cmp::Ordering::Greater => format!("+{}", took - expected),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::glyphs::{ASCII, UNICODE};

    #[test]
    fn lengths_read_as_on_a_clock() {
        assert_eq!(clock(4_999), "0:04");
        assert_eq!(clock(72_000), "1:12");
        assert_eq!(clock(3_723_000), "1:02:03");
        assert_eq!(range(95_000, 170_000, &UNICODE), "1:35–2:50");
        assert_eq!(range(95_000, 95_500, &ASCII), "1:35");
        assert_eq!(range(0, 1_200, &ASCII), "under 2 s");
        assert_eq!(range(500, 2_000, &ASCII), "0:00-0:02");
    }

    #[test]
    fn differences_have_a_sign() {
        assert_eq!(difference(118_000, 127_900, &UNICODE), "−9");
        assert_eq!(difference(201_000, 197_000, &ASCII), "+4");
        assert_eq!(difference(1_000, 1_999, &UNICODE), "0");
    }

    #[test]
    fn another_day_shows_its_date() {
        let now: Timestamp = "2026-11-22T14:30:00Z".parse().unwrap();
        let hour: Timestamp = "2026-11-22T14:22:59Z".parse().unwrap();
        let day: Timestamp = "2026-11-21T14:22:59Z".parse().unwrap();
        assert_eq!(of_day(hour, now, &TimeZone::UTC), "14:22");
        assert_eq!(of_day(day, now, &TimeZone::UTC), "11-21");
        assert_eq!(between(now, hour), 0);
    }
}

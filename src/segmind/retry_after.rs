//! How long the provider asks to wait. No document shows a format, so every usual one is read, and an impossible value
//! counts as none.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use reqwest::header::HeaderMap;

use super::read::{header, utc};

/// The longest wait that is accepted.
const MAX_WAIT: Duration = Duration::from_hours(24);

/// The wait named by `Retry-After`, else by `x-rate-limit-reset-at-utc`. A point in time is compared with the response's
/// own `Date`, so that a wrong clock here does no harm, else with `now`. A header that names no future time, or one more
/// than a day away, is ignored.
pub(super) fn wait(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let now = date(headers).unwrap_or(now);
    ["retry-after", "x-rate-limit-reset-at-utc"]
        .into_iter()
        .filter_map(|name| header(headers, name))
        .filter_map(|text| read(text.trim(), now))
        .find(|wait| !wait.is_zero() && *wait <= MAX_WAIT)
}

/// The response's own `Date`.
pub(super) fn date(headers: &HeaderMap) -> Option<Timestamp> {
    header(headers, "date").and_then(|text| at(&text))
}

fn read(text: &str, now: Timestamp) -> Option<Duration> {
    match text.parse::<f64>() {
        Ok(number) => from_number(number, now),
        Err(_) => at(text).map(|at| until(at, now)),
    }
}

/// Seconds from now, seconds since 1970, or milliseconds since 1970, told apart by size.
fn from_number(number: f64, now: Timestamp) -> Option<Duration> {
    const MIN_EPOCH: f64 = 1e8;
    const MIN_EPOCH_MILLIS: f64 = 1e11;
    let scale = if number >= MIN_EPOCH_MILLIS { 1000.0 } else { 1.0 };
    let seconds = Duration::try_from_secs_f64(number / scale).ok()?;
    if number < MIN_EPOCH {
        return Some(seconds);
    }
    let at = Timestamp::UNIX_EPOCH.checked_add(seconds).ok()?;
    Some(until(at, now))
}

fn until(at: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(at.duration_since(now)).unwrap_or(Duration::ZERO)
}

/// RFC 3339, an HTTP date, or a date and time without a zone, which then is UTC.
fn at(text: &str) -> Option<Timestamp> {
    let http_date = || rfc2822::parse(text).ok().map(|zoned| zoned.timestamp());
    let rfc3339 = text.parse().ok();
    rfc3339.or_else(http_date).or_else(|| utc(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(pairs: &[(&'static str, &str)]) -> Option<u64> {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, value.parse().unwrap());
        }
        let now = "2026-11-22T10:00:00Z".parse().unwrap();
        wait(&headers, now).map(|wait| wait.as_secs())
    }

    #[test]
    fn every_usual_format_is_read() {
        const RESET: &str = "x-rate-limit-reset-at-utc";
        for (name, value, seconds) in [
            ("retry-after", "7", 7),
            ("retry-after", "1.5", 1),
            ("retry-after", "Sun, 22 Nov 2026 10:01:00 GMT", 60),
            (RESET, "2026-11-22T10:00:30Z", 30),
            (RESET, "2026-11-22T11:00:30.5+01:00", 30),
            (RESET, "2026-11-22 10:00:30", 30),
            (RESET, "1795341630", 30),
            (RESET, "1795341630000", 30),
            (RESET, "45", 45),
            (RESET, "2026-11-23T10:00:00Z", 86_400),
        ] {
            assert_eq!(waits(&[(name, value)]), Some(seconds), "{value}");
        }
        assert_eq!(waits(&[("retry-after", "soon"), (RESET, "5")]), Some(5));
        assert_eq!(waits(&[("retry-after", "0"), (RESET, "5")]), Some(5));
        assert_eq!(waits(&[]), None);
    }

    #[test]
    fn an_impossible_header_counts_as_none() {
        for value in [
            "",
            "0",
            "0.0",
            "-0",
            "-3",
            "soon",
            "nan",
            "NaN",
            "inf",
            "-inf",
            "1e300",
            "86401",
            "999999999999",
            "99999999999999999999999",
            "2020-01-01T00:00:00Z",
            "2026-11-22T10:00:00Z",
            "2026-11-22T09:00:00Z",
            "2036-11-22T09:00:00Z",
            "Wed, 01 Jan 2020 00:00:00 GMT",
            "1577836800",
            "1577836800000",
        ] {
            for name in ["retry-after", "x-rate-limit-reset-at-utc"] {
                assert_eq!(waits(&[(name, value)]), None, "{name}: {value}");
            }
        }
    }

    #[test]
    fn the_responses_own_date_is_now() {
        let date = ("date", "Sun, 22 Nov 2026 12:00:00 GMT");
        assert_eq!(
            waits(&[date, ("retry-after", "Sun, 22 Nov 2026 12:00:09 GMT")]),
            Some(9)
        );
    }
}

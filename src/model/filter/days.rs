//! Days in a filter: one, a comparison, or a range.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// A day as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Day {
    On(Date),
    /// The last one of this month and day that has come.
    Last {
        month: i8,
        day: i8,
    },
    /// A number of days before today.
    Back(i64),
}

/// Days from one to another, both included; without an end when that is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    from: Option<(Day, i64)>,
    to: Option<(Day, i64)>,
}

impl Days {
    /// Today.
    pub const TODAY: Self = Self::only(Day::Back(0));
    /// The day before today.
    pub const YESTERDAY: Self = Self::only(Day::Back(1));

    pub const fn only(day: Day) -> Self {
        Self {
            from: Some((day, 0)),
            to: Some((day, 0)),
        }
    }

    /// Reads `2026-11-24`, `11-24`, `today`, `yesterday`, with `>`, `>=`, `<`, `<=` before it, or `11-20..11-24`.
    pub fn read(text: &str) -> Option<Self> {
        let from = |text: &str, after: i64| {
            Some(Self {
                from: Some((Day::read(text)?, after)),
                to: None,
            })
        };
        let to = |text: &str, after: i64| {
            Some(Self {
                from: None,
                to: Some((Day::read(text)?, after)),
            })
        };
        if let Some(rest) = text.strip_prefix(">=") {
            from(rest, 0)
        } else if let Some(rest) = text.strip_prefix("<=") {
            to(rest, 0)
        } else if let Some(rest) = text.strip_prefix('>') {
            from(rest, 1)
        } else if let Some(rest) = text.strip_prefix('<') {
            to(rest, -1)
        } else if let Some((first, last)) = text.split_once("..") {
            let (first, last) = (Day::read(first)?, Day::read(last)?);
            Some(Self {
                from: Some((first, 0)),
                to: Some((last, 0)),
            })
        } else {
            Day::read(text).map(Self::only)
        }
    }

    /// The moments of these days: from the first one on, and before the second one. `None` is open.
    pub fn between(self, now: Timestamp, zone: &TimeZone) -> (Option<Timestamp>, Option<Timestamp>) {
        let today = now.to_zoned(zone.clone()).date();
        let start = |(day, after): (Day, i64), more: i64| {
            let date = day.date(today)?.checked_add((after + more).days()).ok()?;
            date.to_zoned(zone.clone()).ok().map(|start| start.timestamp())
        };
        // A day that does not exist selects nothing, and never everything.
        let or_nothing = |moment: Option<Timestamp>, nothing| moment.unwrap_or(nothing);
        let from = self.from.map(|day| or_nothing(start(day, 0), Timestamp::MAX));
        let to = self.to.map(|day| or_nothing(start(day, 1), Timestamp::MIN));
        (from, to)
    }
}

impl Day {
    pub fn read(text: &str) -> Option<Self> {
        match text.trim() {
            "today" => Some(Self::Back(0)),
            "yesterday" => Some(Self::Back(1)),
            text => {
                let numbers: Option<Vec<i16>> = text.split('-').map(number).collect();
                match numbers?[..] {
                    [year, month, day] => {
                        let date = Date::new(year, month.try_into().ok()?, day.try_into().ok()?);
                        date.ok().filter(|_| year > 999).map(Self::On)
                    }
                    [month, day] => {
                        let (month, day) = (month.try_into().ok()?, day.try_into().ok()?);
                        // A leap year has every day.
                        Date::new(2024, month, day).ok()?;
                        Some(Self::Last { month, day })
                    }
                    _ => None,
                }
            }
        }
    }

    fn date(self, today: Date) -> Option<Date> {
        match self {
            Self::On(date) => Some(date),
            Self::Back(days) => today.checked_sub(days.days()).ok(),
            Self::Last { month, day } => (0..=8)
                .filter_map(|back| Date::new(today.year() - back, month, day).ok())
                .find(|date| *date <= today),
        }
    }
}

fn number(digits: &str) -> Option<i16> {
    let is_number = (2..=4).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| is_number)
}

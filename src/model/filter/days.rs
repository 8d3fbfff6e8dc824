//! Days in a filter: one, a comparison, or a range.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// From one 29 February to the next are at most this many years.
const MAX_YEARS: i16 = 8;

/// A day as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Day {
    On(Date),
    /// This month and day of a year that follows from where it stands: see [`Days::between`].
    OfYear {
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
    ///
    /// A day without a year is the last one that has come. After `<` and `<=` it is that of this year, so that a day that has
    /// not come yet leaves nothing out; as the end of a range it is the first one from the beginning on.
    pub fn between(self, now: Timestamp, zone: &TimeZone) -> (Option<Timestamp>, Option<Timestamp>) {
        let today = now.to_zoned(zone.clone()).date();
        let first = self.from.map(|(day, _)| day.last(today));
        let last = self.to.map(|(day, _)| match first {
            Some(first) => day.first_from(first?, today),
            None => day.of_this_year(today),
        });
        // A day that does not exist selects nothing, and never everything.
        let start = |date: Option<Date>, bound: Option<(Day, i64)>, more: i64| {
            let (_, after) = bound?;
            let date = date?.checked_add((after + more).days()).ok()?;
            date.to_zoned(zone.clone()).ok().map(|start| start.timestamp())
        };
        let from = first.map(|date| start(date, self.from, 0).unwrap_or(Timestamp::MAX));
        let to = last.map(|date| start(date, self.to, 1).unwrap_or(Timestamp::MIN));
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
                        Some(Self::OfYear { month, day })
                    }
                    _ => None,
                }
            }
        }
    }

    /// The last such day that has come.
    fn last(self, today: Date) -> Option<Date> {
        self.in_years((0..=MAX_YEARS).map(|back| today.year() - back), today, |date| {
            date <= today
        })
    }

    /// That of this year; 29 February is that of the last leap year.
    fn of_this_year(self, today: Date) -> Option<Date> {
        self.in_years((0..=MAX_YEARS).map(|back| today.year() - back), today, |_| true)
    }

    /// The first such day that is not before `first`.
    fn first_from(self, first: Date, today: Date) -> Option<Date> {
        self.in_years((0..=MAX_YEARS).map(|on| first.year() + on), today, |date| {
            date >= first
        })
    }

    /// The day; one without a year in the first of these years in which there is such a day that `fits`.
    fn in_years(
        self,
        mut years: impl Iterator<Item = i16>,
        today: Date,
        fits: impl Fn(Date) -> bool,
    ) -> Option<Date> {
        match self {
            Self::On(date) => Some(date),
            Self::Back(days) => today.checked_sub(days.days()).ok(),
            Self::OfYear { month, day } => years.find_map(|year| {
                let date = Date::new(year, month, day).ok();
                date.filter(|date| fits(*date))
            }),
        }
    }
}

fn number(digits: &str) -> Option<i16> {
    let is_number = (2..=4).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| is_number)
}

//! Numbers in a filter: one, a comparison, or a range.

use crate::model::Usd;

use super::keys::Number;

/// Whole numbers from one to another, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    pub from: i64,
    pub to: i64,
}

/// Why a text is not a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotARange {
    /// A part of it is no number of this kind.
    NotANumber,
    /// It ends before it begins.
    Empty,
}

/// A number as it was written.
struct Written {
    /// What it stands for in a comparison.
    compared: Range,
    /// What it stands for alone: everything that is shown like this.
    alone: Range,
}

impl Range {
    pub const fn only(number: i64) -> Self {
        Self {
            from: number,
            to: number,
        }
    }

    /// Reads `7`, `>7`, `>=7`, `<7`, `<=7`, `7..9`, `7..` or `..9`. Amounts become micro-dollars, times milliseconds.
    pub fn read(text: &str, what: Number) -> Result<Self, NotARange> {
        let number = |text: &str| written(text.trim(), what).ok_or(NotARange::NotANumber);
        let compared = |text: &str| Ok(number(text)?.compared);
        let (from, to) = if let Some(rest) = text.strip_prefix(">=") {
            (compared(rest)?.from, i64::MAX)
        } else if let Some(rest) = text.strip_prefix("<=") {
            (0, compared(rest)?.to)
        } else if let Some(rest) = text.strip_prefix('>') {
            (compared(rest)?.to.saturating_add(1), i64::MAX)
        } else if let Some(rest) = text.strip_prefix('<') {
            (0, compared(rest)?.from - 1)
        } else if let Some((from, to)) = text.split_once("..") {
            if from.is_empty() && to.is_empty() {
                return Err(NotARange::NotANumber);
            }
            let from = if from.is_empty() { 0 } else { compared(from)?.from };
            let to = if to.is_empty() { i64::MAX } else { compared(to)?.to };
            (from, to)
        } else {
            let alone = number(text.strip_prefix('=').unwrap_or(text))?.alone;
            (alone.from, alone.to)
        };
        if from > to {
            return Err(NotARange::Empty);
        }
        Ok(Self { from, to })
    }
}

fn written(text: &str, what: Number) -> Option<Written> {
    let same = |range: Range| Written {
        compared: range,
        alone: range,
    };
    match what {
        Number::Cost => cost(text),
        Number::Time => seconds(text.strip_suffix('s').unwrap_or(text)).map(same),
        Number::Duration => whole(text.strip_suffix('s').unwrap_or(text)).map(same),
        Number::Revision => whole(text.strip_prefix('v').unwrap_or(text)).map(same),
        Number::Take | Number::Seed | Number::Sweep => whole(text).map(same),
    }
}

fn whole(text: &str) -> Option<Range> {
    let is_digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().filter(|_| is_digits)?;
    Some(Range::only(number))
}

/// Alone, it stands for the amounts that are rounded to it: `0.70` is shown for 0.703.
fn cost(text: &str) -> Option<Written> {
    let amount = Usd::parse(text).ok()?.micros();
    let half = unit(places(text), 6) / 2;
    Some(Written {
        compared: Range::only(amount),
        alone: Range {
            from: (amount - half).max(0),
            to: amount.saturating_add(half - i64::from(half > 0)),
        },
    })
}

/// Times are shown rounded down, so a second stands for all of its milliseconds.
fn seconds(text: &str) -> Option<Range> {
    let places = places(text);
    let from = Usd::parse(text).ok().filter(|_| places <= 3)?.micros() / 1000;
    Some(Range {
        from,
        to: from.saturating_add(unit(places, 3) - 1),
    })
}

/// How many digits follow the point.
fn places(text: &str) -> usize {
    text.split_once('.').map_or(0, |(_, fraction)| fraction.len())
}

/// The last written digit's unit, where one has `all` decimal places.
fn unit(places: usize, all: usize) -> i64 {
    (places..all).fold(1, |unit, _| unit * 10)
}

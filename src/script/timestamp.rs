//! A point or length of time as the author wrote it, and how to write another one in the same form.

use std::ops::Range;

use super::source::{Source, is_colon};

/// A time in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenTime {
    /// Milliseconds.
    pub ms: u32,
    /// The bytes of the number, without units, dashes and brackets, so that re-timing leaves everything else alone.
    pub at: Range<usize>,
    pub form: TimeFormat,
}

/// How a time is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeFormat {
    /// `3`, `03`, `3.50`
    Seconds {
        /// The minimum of digits before the point.
        width: u8,
        /// The number of digits after the point, 0 to 3.
        decimals: u8,
        /// The point is a comma, as in `0,5`.
        comma: bool,
    },
    /// `0:03`, `00:03.500`, `00: 03`
    Clock {
        /// The minimum of digits for the minutes.
        width: u8,
        /// The number of digits after the point, 0 to 3.
        decimals: u8,
        /// The point is a comma, as in the subtitle time `00:00:02,500`.
        comma: bool,
        /// The number of spaces before and after the colon.
        gaps: (u8, u8),
        /// The colon is the Chinese one.
        wide_colon: bool,
    },
}

impl TimeFormat {
    /// Whether it has no digits after the point.
    pub const fn is_whole(self) -> bool {
        matches!(
            self,
            Self::Seconds { decimals: 0, .. } | Self::Clock { decimals: 0, .. }
        )
    }

    /// Writes `ms` in this form, with more decimals only if the time would be wrong without them.
    pub fn write(self, ms: u32) -> String {
        let (whole, millis) = (ms / 1000, ms % 1000);
        match self {
            Self::Seconds {
                width,
                decimals,
                comma,
            } => {
                let fraction = fraction(millis, decimals, comma);
                format!("{whole:0w$}{fraction}", w = usize::from(width))
            }
            Self::Clock {
                width,
                decimals,
                comma,
                gaps: (before, after),
                wide_colon,
            } => {
                let colon = if wide_colon { '：' } else { ':' };
                let gap = |n: u8| " ".repeat(usize::from(n));
                let (minutes, seconds) = (whole / 60, whole % 60);
                format!(
                    "{minutes:0w$}{}{colon}{}{seconds:02}{}",
                    gap(before),
                    gap(after),
                    fraction(millis, decimals, comma),
                    w = usize::from(width)
                )
            }
        }
    }
}

/// The fraction with at least `decimals` digits and as many as `millis` needs, after a point or a comma; empty without digits.
fn fraction(millis: u32, decimals: u8, comma: bool) -> String {
    let point = if comma { ',' } else { '.' };
    let needed = match millis {
        0 => 0,
        m if m % 100 == 0 => 1,
        m if m % 10 == 0 => 2,
        _ => 3,
    };
    let digits = format!("{millis:03}");
    match usize::from(decimals).max(needed).min(3) {
        0 => String::new(),
        n => format!("{point}{}", &digits[..n]),
    }
}

/// Plain seconds at `i`, with up to five digits and three decimals.
pub(super) fn seconds(source: &Source, i: usize) -> Option<WrittenTime> {
    let point = digits(source, i, 5)?;
    let (end, millis, decimals) = decimals(source, point)?;
    let whole: u32 = source.text.get(i..point)?.parse().ok()?;
    // Only a leading zero shows that the author pads.
    let form = TimeFormat::Seconds {
        width: if source.at(i) == Some('0') {
            width(i, point)
        } else {
            1
        },
        decimals,
        comma: source.at(point) == Some(',') && end > point,
    };
    Some(WrittenTime {
        ms: whole * 1000 + millis,
        at: i..end,
        form,
    })
}

/// A clock at `i`: minutes, a colon, exactly two digits below 60, and perhaps decimals. There may be spaces around the
/// colon only after two digits of minutes, because `1: 12` may be a line of a list.
///
/// With hours that are 0, as in `00:00:05`, it is the time after them.
pub(super) fn clock(source: &Source, i: usize) -> Option<WrittenTime> {
    let inner = source
        .word(i, "00:")
        .and_then(|minutes| minutes_and_seconds(source, minutes));
    minutes_and_seconds(source, i).or(inner)
}

fn minutes_and_seconds(source: &Source, i: usize) -> Option<WrittenTime> {
    let minutes_end = digits(source, i, 3)?;
    let stray = if minutes_end - i == 2 { 2 } else { 0 };
    let colon = source.eat_run(minutes_end, stray, |c| c == ' ');
    let after_colon = source.eat(colon, is_colon)?;
    let seconds_start = source.eat_run(after_colon, stray, |c| c == ' ');
    let seconds_end = digits(source, seconds_start, 2)?;
    if seconds_end - seconds_start != 2 {
        return None;
    }
    let (end, millis, decimals) = decimals(source, seconds_end)?;
    if source.at(end).is_some_and(is_colon) && digits(source, source.after(end), 2).is_some() {
        return None;
    }
    let minutes: u32 = source.text.get(i..minutes_end)?.parse().ok()?;
    let seconds: u32 = source.text.get(seconds_start..seconds_end)?.parse().ok()?;
    let form = TimeFormat::Clock {
        width: width(i, minutes_end),
        decimals,
        comma: source.at(seconds_end) == Some(',') && end > seconds_end,
        gaps: (width(minutes_end, colon), width(after_colon, seconds_start)),
        wide_colon: after_colon - colon > 1,
    };
    (seconds < 60).then_some(WrittenTime {
        ms: (minutes * 60 + seconds) * 1000 + millis,
        at: i..end,
        form,
    })
}

/// Past a number of at most `most` digits.
pub(super) fn digits(source: &Source, i: usize, most: usize) -> Option<usize> {
    let end = source.eat_run(i, most, |c| c.is_ascii_digit());
    let ends = end > i && !source.at(end).is_some_and(|c| c.is_ascii_digit());
    ends.then_some(end)
}

/// The decimals at `i`, if any: where they end, their milliseconds, and how many there are. `None` when they are finer
/// than a millisecond or a second point follows, as in a version or a date.
fn decimals(source: &Source, i: usize) -> Option<(usize, u32, u8)> {
    let Some(first) = source.eat(i, |c| matches!(c, '.' | ',')) else {
        return Some((i, 0, 0));
    };
    if !source.at(first).is_some_and(|c| c.is_ascii_digit()) {
        return Some((i, 0, 0));
    }
    let end = digits(source, first, 3)?;
    let dotted_on = source.at(end) == Some('.') && digits(source, end + 1, 3).is_some();
    let count = width(first, end);
    let number: u32 = source.text.get(first..end)?.parse().ok()?;
    (!dotted_on).then_some((end, number * 10_u32.pow(3 - u32::from(count)), count))
}

fn width(from: usize, to: usize) -> u8 {
    u8::try_from(to - from).unwrap_or(u8::MAX)
}

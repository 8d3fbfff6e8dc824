//! Reads time expressions: ranges, lengths and single marks.

use std::ops::Range;

use super::source::{Source, is_blank};
use super::timestamp::{WrittenTime, clock, digits, seconds};

/// What a time expression says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TimeKind {
    /// The start and the end, which is `None` when it is a slot to be filled (`0.0-__s`).
    Range(WrittenTime, Option<WrittenTime>),
    Length(WrittenTime),
    Mark(WrittenTime),
}

/// The unit that a time is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// None: `0-3`.
    Bare,
    Seconds,
    Clock,
}

/// A time expression in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Time {
    pub(super) kind: TimeKind,
    pub(super) unit: Unit,
    /// With units, without brackets.
    pub(super) span: Range<usize>,
}

/// The time expression that starts at `i`.
pub(super) fn time(source: &Source, i: usize) -> Option<Time> {
    match source.at(i)? {
        '0'..='9' if starts_clean(source, i) => range(source, i)
            .or_else(|| length(source, i))
            .or_else(|| clock_mark(source, i)),
        'T' | 't' if !source.before(i).is_some_and(char::is_alphanumeric) => t_mark(source, i),
        'A' | 'a' if !source.before(i).is_some_and(char::is_alphanumeric) => spoken_mark(source, i),
        _ => None,
    }
}

/// Whether the digit at `i` starts a number, and is not within a date, a version, a model's name or a price.
fn starts_clean(source: &Source, i: usize) -> bool {
    let Some(before) = source.before(i) else {
        return true;
    };
    let digit_further_back = || {
        source
            .before(i - before.len_utf8())
            .is_some_and(|c| c.is_ascii_digit())
    };
    match before {
        c if c.is_ascii_alphanumeric() => source.line_starts(i),
        '.' | ',' | ':' | '-' | '–' => !digit_further_back(),
        '$' | '€' | '£' | '¥' | '/' | '_' | '+' => false,
        _ => true,
    }
}

/// `0-3s`, `0s–3s`, `0.8 seconds to 0.9 seconds`, `0至2秒`, `00:00 - 00:03.5`, `0.0-__s`, `0-3`.
pub(super) fn range(source: &Source, i: usize) -> Option<Time> {
    if let Some(start) = clock(source, i) {
        let next = dash(source, start.at.end)?;
        let (end, past) = match slot(source, next) {
            Some(past) => (None, past),
            None => clock(source, next).map(|end| (Some(end.clone()), end.at.end))?,
        };
        return whole(source, TimeKind::Range(start, end), Unit::Clock, i..past);
    }
    let start = seconds(source, i)?;
    let first_unit = unit(source, start.at.end);
    let next = dash(source, first_unit.unwrap_or(start.at.end))?;
    let (end, number_end) = match slot(source, next) {
        Some(past) => (None, past),
        None => seconds(source, next).map(|end| (Some(end.clone()), end.at.end))?,
    };
    let second_unit = unit(source, number_end);
    let written = match first_unit.or(second_unit) {
        Some(_) => Unit::Seconds,
        None => Unit::Bare,
    };
    let past = second_unit.unwrap_or(number_end);
    whole(source, TimeKind::Range(start, end), written, i..past)
}

/// A range that does not run on into a longer word, number, date or clock.
fn whole(source: &Source, kind: TimeKind, unit: Unit, span: Range<usize>) -> Option<Time> {
    let end = span.end;
    let runs_on = source.goes_on(end) || matches!(source.at(end), Some('%' | '°' | '/'));
    let dated_on = source
        .eat(end, |c| matches!(c, '-' | '–' | ':'))
        .is_some_and(|next| source.at(next).is_some_and(|c| c.is_ascii_digit()));
    (!runs_on && !dated_on).then_some(Time { kind, unit, span })
}

/// `3 seconds`, `5s`, `3秒`.
fn length(source: &Source, i: usize) -> Option<Time> {
    let stamp = seconds(source, i)?;
    let end = unit(source, stamp.at.end)?;
    Some(Time {
        kind: TimeKind::Length(stamp),
        unit: Unit::Seconds,
        span: i..end,
    })
}

/// `00:05`, with two digits for the minutes, because a lone `9:16` is an aspect ratio.
fn clock_mark(source: &Source, i: usize) -> Option<Time> {
    let stamp = clock(source, i)?;
    let two_digits = digits(source, i, 2)? == i + 2;
    let span = stamp.at.clone();
    (two_digits && !source.goes_on(span.end)).then_some(Time {
        kind: TimeKind::Mark(stamp),
        unit: Unit::Clock,
        span,
    })
}

/// `T00:00`, `T+0:05`.
fn t_mark(source: &Source, i: usize) -> Option<Time> {
    let number = source.eat_run(i + 1, 1, |c| matches!(c, '+' | '=' | ' '));
    let stamp = clock(source, number)?;
    Some(Time {
        span: i..stamp.at.end,
        kind: TimeKind::Mark(stamp),
        unit: Unit::Clock,
    })
}

/// `At the 2-second mark`.
fn spoken_mark(source: &Source, i: usize) -> Option<Time> {
    let the = source.word(i, "at the ")?;
    let stamp = seconds(source, the)?;
    let joined = source.eat(stamp.at.end, |c| c == '-' || is_blank(c))?;
    let unit = source.whole_word(joined, &["second", "sec", "s"])?;
    let end = source.whole_word(source.blanks(unit), &["mark"])?;
    Some(Time {
        kind: TimeKind::Mark(stamp),
        unit: Unit::Seconds,
        span: i..end,
    })
}

/// Whether the range that ends at `end` is a length and not a place in time: `2-3 seconds of silence`, `2-3 seconds later`.
pub(super) fn is_amount(source: &Source, end: usize) -> bool {
    const AFTER: [&str; 14] = [
        "of", "later", "long", "each", "per", "after", "before", "into", "apart", "ago", "in", "delay",
        "max", "total",
    ];
    let word = source.blanks(end);
    source.whole_word(word, &AFTER).is_some()
        || ["后", "左右", "内", "之后", "以内"]
            .iter()
            .any(|after| source.word(word, after).is_some())
}

/// Past blanks and a unit of seconds.
fn unit(source: &Source, i: usize) -> Option<usize> {
    let word = source.blanks(i);
    if let Some(end) = source.word(word, "秒") {
        return Some(source.word(end, "钟").unwrap_or(end));
    }
    source.whole_word(word, &["seconds", "second", "secs", "sec", "s"])
}

/// Past what joins the two ends of a range, with the blanks around it.
fn dash(source: &Source, i: usize) -> Option<usize> {
    let at = source.blanks(i);
    let is_joint = |c: char| {
        matches!(
            c,
            '-' | '–' | '—' | '−' | '‐' | '‑' | '―' | '~' | '～' | '〜' | '至' | '到'
        )
    };
    let joint = source.eat_run(at, 2, is_joint);
    if joint > at {
        return Some(source.blanks(joint));
    }
    let to = source.whole_word(at, &["to"])?;
    (at > i).then(|| source.blanks(to)).filter(|end| *end > to)
}

/// Past an unfilled slot and its unit: `__s`.
fn slot(source: &Source, i: usize) -> Option<usize> {
    let end = source.eat_run(i, 8, |c| matches!(c, '_' | '＿' | '?'));
    (end > i).then(|| unit(source, end).unwrap_or(end))
}

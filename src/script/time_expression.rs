//! Reads time expressions: ranges, lengths and single marks.

use std::ops::Range;
use std::sync::LazyLock;

use super::languages::{matcher, number_words};
use super::letters::is_spaced_letter;
use super::phrase_matcher::PhraseMatcher;
use super::source::{Source, is_blank, is_closer, is_colon, is_dash, is_opener, is_stop};
use super::timestamp::{TimeFormat, WrittenTime, clock, digits, seconds};

/// What a time expression says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TimeKind {
    /// The start and the end, which is `None` when it is a slot to be filled (`0.0-__s`).
    Range(WrittenTime, Option<WrittenTime>),
    Length(WrittenTime),
    Mark(WrittenTime),
    /// A length that begins a line with a colon, `3s: …`: a mark where such lines rise from 0.
    LineMark(WrittenTime),
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

/// Words of the unit.
static SECONDS: LazyLock<PhraseMatcher<()>> = LazyLock::new(|| matcher(&[(|words| words.seconds, ())]));
/// Words between the two ends of a range.
static TO: LazyLock<PhraseMatcher<()>> = LazyLock::new(|| matcher(&[(|words| words.to, ())]));
/// Words that tell the place of a length among others.
static ORDER: LazyLock<PhraseMatcher<()>> = LazyLock::new(|| matcher(&[(|words| words.order, ())]));
static NUMBERS: LazyLock<PhraseMatcher<u32>> = LazyLock::new(number_words);
/// Words that stand for the time at the end.
static ENDS: LazyLock<PhraseMatcher<()>> = LazyLock::new(|| matcher(&[(|words| words.ends, ())]));
/// The longest word of the order, in characters.
const MAX_ORDER: usize = 16;
/// Words after the end of a range.
static UNTIL: LazyLock<PhraseMatcher<()>> = LazyLock::new(|| matcher(&[(|words| words.until, ())]));

/// The time expression that starts at `i`.
pub(super) fn time(source: &Source, i: usize) -> Option<Time> {
    let c = source.at(i)?;
    if c.is_ascii_digit() {
        return starts_clean(source, i)
            .then(|| {
                range(source, i)
                    .or_else(|| length(source, i))
                    .or_else(|| clock_mark(source, i))
            })
            .flatten();
    }
    if source.before(i).is_some_and(is_spaced_letter) {
        return None;
    }
    match c {
        'T' | 't' => t_mark(source, i),
        'A' | 'a' => spoken_mark(source, i),
        _ => None,
    }
    .or_else(|| range_after_unit(source, i))
    .or_else(|| length_in_words(source, i))
}

/// `three seconds` after a word that tells its place among others, as in `The first three seconds: …`, `前三秒：…`.
fn length_in_words(source: &Source, i: usize) -> Option<Time> {
    let (end, number) = source.phrase(i, &NUMBERS)?;
    let before = source.back_run(i, 3, is_blank);
    source.phrase_before(before, MAX_ORDER, &ORDER)?;
    let unit = unit(source, end)?;
    let stamp = WrittenTime {
        ms: number * 1000,
        at: i..end,
        form: TimeFormat::Seconds {
            width: 1,
            decimals: 0,
            comma: false,
        },
    };
    Some(Time {
        kind: TimeKind::Length(stamp),
        unit: Unit::Seconds,
        span: i..unit,
    })
}

/// Where the word that tells the place of a length among others starts, before, in or after the time: `first 5 seconds`,
/// `les 3 premières secondes`.
pub(super) fn order_of(source: &Source, time: &Time) -> Option<usize> {
    let end = source.back_run(time.span.start, 3, is_blank);
    let within = || {
        let TimeKind::Length(stamp) = &time.kind else {
            return None;
        };
        let next = source.blanks(stamp.at.end);
        let is_inside = next < time.span.end && source.phrase(next, &ORDER).is_some();
        let is_after = source.back_run(time.span.end, MAX_ORDER, |c| !is_blank(c));
        let is_last = is_after > stamp.at.end && source.phrase(is_after, &ORDER).is_some();
        (is_inside || is_last).then_some(time.span.start)
    };
    source.phrase_before(end, MAX_ORDER, &ORDER).or_else(within)
}

/// `seconds 0 to 6`, `Giây 0-3`: the unit precedes the range.
fn range_after_unit(source: &Source, i: usize) -> Option<Time> {
    let (end, ()) = source.phrase(i, &SECONDS)?;
    let number = source.eat_run(end, 3, |c| is_blank(c) || is_colon(c) || c == '.');
    let is_word = source.after(i) < end;
    let time = range_in(source, number, true).filter(|time| is_word && time.unit != Unit::Clock)?;
    Some(Time {
        unit: Unit::Seconds,
        span: i..time.span.end,
        ..time
    })
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
        '/' => clock(source, i).is_some() && range(source, i).is_some(),
        '$' | '€' | '£' | '¥' | '_' | '+' => false,
        _ => true,
    }
}

/// `0-3s`, `0s–3s`, `0.8 seconds to 0.9 seconds`, `0至2秒`, `00:00 - 00:03.5`, `0.0-__s`, `0-3`.
pub(super) fn range(source: &Source, i: usize) -> Option<Time> {
    range_in(source, i, false)
}

/// The same; `has_unit` tells that a unit precedes it.
fn range_in(source: &Source, i: usize, has_unit: bool) -> Option<Time> {
    if let Some(start) = clock(source, i) {
        let (next, _) = joint(source, start.at.end)?;
        let (end, past) = match open_end(source, next) {
            Some(past) => (None, past),
            None => clock(source, next).map(|end| (Some(end.clone()), end.at.end))?,
        };
        return whole(source, TimeKind::Range(start, end), Unit::Clock, i..past);
    }
    let start = seconds(source, i)?;
    let first_unit = unit(source, start.at.end);
    // `1.–3. Sekunde`
    let stop = source
        .eat(start.at.end, |c| c == '.')
        .filter(|end| source.at(*end).is_some_and(is_dash));
    let (next, is_word) = joint(source, first_unit.or(stop).unwrap_or(start.at.end))?;
    // `from second 0 to second 4`, `de la seconde 0 à la seconde 4`
    let article = source.whole_word(next, &["la", "el", "the", "o", "il", "der"]);
    let noun = article.map_or(next, |end| source.blanks(end));
    let next = source
        .phrase(noun, &SECONDS)
        .filter(|_| is_word || first_unit.is_none())
        .map_or(next, |(unit, ())| source.blanks(unit));
    let open = if first_unit.is_some() || has_unit {
        open_end(source, next)
    } else {
        slot(source, next)
    };
    let (end, number_end) = match open {
        Some(past) => (None, past),
        None => seconds(source, next).map(|end| (Some(end.clone()), end.at.end))?,
    };
    let second_unit = unit(source, number_end);
    let written = match first_unit.or(second_unit) {
        Some(_) => Unit::Seconds,
        None if is_word && !has_unit => return None,
        None => Unit::Bare,
    };
    let past = second_unit.unwrap_or(number_end);
    let until = source.phrase(source.blanks(past), &UNTIL);
    let past = until.map_or(past, |(end, ())| end);
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

/// A length in seconds that is no longer is one: `1960s` is a decade.
const MAX_LENGTH_MS: u32 = 999_999;

/// `3 seconds`, `5s`, `3秒`, `3-second`.
pub(super) fn length(source: &Source, i: usize) -> Option<Time> {
    let stamp = seconds(source, i).filter(|stamp| stamp.ms <= MAX_LENGTH_MS)?;
    let hyphen = source
        .eat(stamp.at.end, is_dash)
        .filter(|word| source.after(*word) < source.text.len());
    let is_word = |end: &usize| source.text.get(..*end).is_some_and(|text| !text.ends_with("-s"));
    let joined = hyphen.and_then(|word| unit(source, word)).filter(is_word);
    // `3 premières secondes`, `5 secondes suivantes`
    let placed = source.phrase(source.blanks(stamp.at.end), &ORDER);
    let placed = placed.and_then(|(end, ())| unit(source, end));
    let end = unit(source, stamp.at.end).or(joined).or(placed)?;
    let follows = source.phrase(source.blanks(end), &ORDER).map(|(end, ())| end);
    let is_title = |end: &usize| source.at(source.blanks(*end)).is_some_and(is_colon);
    let end = follows.filter(is_title).unwrap_or(end);
    Some(Time {
        kind: TimeKind::Length(stamp),
        unit: Unit::Seconds,
        span: i..end,
    })
}

/// `00:05`, with two digits for the minutes, because a lone `9:16` is an aspect ratio, but `0:05` at the start of a line.
fn clock_mark(source: &Source, i: usize) -> Option<Time> {
    let stamp = clock(source, i)?;
    let line = source.back_run(i, 6, |c| {
        is_blank(c) || is_opener(c) || is_dash(c) || matches!(c, '*' | '•')
    });
    let begins_line = source.at(i) == Some('0') && source.line_starts(line);
    let two_digits = digits(source, i, 2)? == i + 2 || begins_line;
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
    const UNSPACED: [&str; 14] = [
        "后", "後", "左右", "内", "內", "之后", "之後", "以内", "以內", "间", "후", "뒤", "정도", "이내",
    ];
    let word = source.blanks(end);
    let follows = source.whole_word(word, &AFTER).is_some()
        || UNSPACED.iter().any(|after| source.word(word, after).is_some());
    follows && of_something(source, word).is_none()
}

/// Past the words of `3-6 seconds of footage:`, which end at the colon.
pub(super) fn of_something(source: &Source, i: usize) -> Option<usize> {
    let of = source.whole_word(source.blanks(i), &["of", "de"])?;
    let end = source.eat_run(of, 24, |c| {
        !is_colon(c) && !is_stop(c) && !matches!(c, ',' | '\n')
    });
    source.at(end).is_some_and(is_colon).then_some(end)
}

/// Whether a unit of seconds stands at `i`.
pub(super) fn is_unit(source: &Source, i: usize) -> bool {
    source.phrase(i, &SECONDS).is_some()
}

/// Past blanks and a unit of seconds, with the full stop of an abbreviation (`sec.:`) and the mark of an ordinal number
/// (`0-3. saniyeler`, `0–3-я секунда`).
pub(super) fn unit(source: &Source, i: usize) -> Option<usize> {
    let word = source.blanks(ordinal(source, i).unwrap_or(i));
    let (end, ()) = source.phrase(word, &SECONDS)?;
    let stop = source.eat(end, |c| c == '.');
    let abbreviates = |past: &usize| source.at(*past).is_some_and(|c| is_colon(c) || is_closer(c));
    Some(stop.filter(abbreviates).unwrap_or(end))
}

/// Past the mark that makes an ordinal of the number before `i`, if a unit follows.
fn ordinal(source: &Source, i: usize) -> Option<usize> {
    const MARKS: [&str; 10] = [".", "-я", "-й", "-ю", "-ей", "ª", "º", "th", "ème", "वें"];
    let end = MARKS.iter().find_map(|mark| source.word(i, mark))?;
    let word = source.blanks(end);
    let (past, ()) = source.phrase(word, &SECONDS)?;
    // In English, a full stop ends a sentence: `0-3. Second shot`.
    let is_english = source.at(word).is_some_and(|c| c.eq_ignore_ascii_case(&'s'))
        && source
            .whole_word(word, &["second", "seconds", "secs", "s"])
            .is_some();
    (word > end && past > source.after(word) && !is_english).then_some(word)
}

/// Past what joins the two ends of a range, with the blanks around it, and whether it is a word that joins only times.
fn joint(source: &Source, i: usize) -> Option<(usize, bool)> {
    let at = source.blanks(i);
    let is_joint = |c: char| {
        matches!(
            c,
            '-' | '–' | '—' | '−' | '‐' | '‑' | '―' | '~' | '～' | '〜' | '→' | '至' | '到'
        )
    };
    let mark = source.eat_run(at, 2, is_joint);
    if mark > at {
        let arrow = source.eat(mark, |c| c == '>').unwrap_or(mark);
        return Some((source.blanks(arrow), false));
    }
    let is_english = source.whole_word(at, &["to"]).is_some();
    let (to, ()) = source.phrase(at, &TO)?;
    let is_spaced = source.at(at).is_some_and(is_spaced_letter);
    let stands_alone = at > i && source.at(to).is_some_and(is_blank);
    (!is_spaced || stands_alone).then(|| (source.blanks(to), !is_english))
}

/// Past an unfilled slot and its unit: `__s`.
fn slot(source: &Source, i: usize) -> Option<usize> {
    let end = source.eat_run(i, 8, |c| matches!(c, '_' | '＿' | '?'));
    (end > i).then(|| unit(source, end).unwrap_or(end))
}

/// Past a slot, or a word for the end that ends the heading: `6s-end: it lands`.
fn open_end(source: &Source, i: usize) -> Option<usize> {
    let ends_heading = |c: char| is_colon(c) || is_closer(c) || is_dash(c) || matches!(c, '|' | ',' | '，');
    let word = source.phrase(i, &ENDS).map(|(end, ())| end).filter(|end| {
        let next = source.blanks(*end);
        source.line_ends(next) || source.at(next).is_some_and(ends_heading)
    });
    slot(source, i).or(word)
}

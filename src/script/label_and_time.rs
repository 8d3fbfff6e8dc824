//! Decides whether a label and a time belong together.

use std::ops::Range;
use std::sync::LazyLock;

use super::after_heading::{End, MAX_TITLE, Tail, line_part, opens_before, tail, trimmed};
use super::before_heading::{HeadingPlace, lead};
use super::languages::matcher;
use super::phrase_matcher::PhraseMatcher;
use super::shot_label::Label;
use super::source::{Source, is_blank, is_closer, is_colon, is_dash, is_opener, is_stop};
use super::time_expression::{Time, TimeKind, Unit, is_amount};
use super::tokens::Token;

/// What is between a label and its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Joint {
    pub(super) title: Option<Range<usize>>,
    /// A bracket before the time, or before the label, is still open.
    pub(super) opened: bool,
}

/// The largest distance between the two, in bytes.
const MAX_DISTANCE: usize = 200;

/// Joins a label and the time after it if the time is the label's own: `Shot 1 | 0s`, `PANEL 2 — TENSION (0-3s)`.
pub(super) fn label_to_time(source: &Source, label: &Label, time: &Time) -> Option<Joint> {
    let (from, to) = (label.span.end, time.span.start);
    if to - from > MAX_DISTANCE || tells_age(source, from, time) {
        return None;
    }
    let opened = is_open(source, label, time);
    let after = tail(source, time.span.end, opened);
    if !may_belong(source, time, &after) {
        return None;
    }
    let (glued, broken) = glue(source, from, to);
    if glued == to {
        return Some(Joint { title: None, opened });
    }
    if broken || time.unit == Unit::Bare {
        return None;
    }
    let closes_heading = after.closed || matches!(after.end, End::Colon | End::Break);
    let title = title_between(source, glued, to, closes_heading)?;
    let ends = match time.kind {
        TimeKind::Range(..) => after.closed || after.end != End::Words,
        TimeKind::Length(_) | TimeKind::Mark(_) | TimeKind::LineMark(_) => {
            closes_heading && after.end != End::Comma
        }
    };
    // In `Shot 1: a kite lifts (0-3s), then …` a clause has its time, and no title.
    let clause = source.eat_run(from, 4, |c| is_blank(c) || is_closer(c) || c == '*');
    let is_clause = source.at(clause).is_some_and(is_colon)
        && matches!(after.end, End::Words | End::Comma)
        && !is_key(source, after.past)
        && !opens_before(source, label.span.start);
    (ends && !is_clause && glued > from).then_some(Joint {
        title: Some(title),
        opened,
    })
}

/// Whether a length behind a label is that of an age or lies between two shots: `Shot 1 (woman, 30s)`, `Shot 2 (20 seconds later)`.
fn tells_age(source: &Source, label: usize, time: &Time) -> bool {
    let TimeKind::Length(stamp) = &time.kind else {
        return false;
    };
    let is_decade =
        stamp.ms >= 20_000 && stamp.ms.is_multiple_of(10_000) && source.at(stamp.at.end) == Some('s');
    let between = source.text.get(label..time.span.start).unwrap_or_default();
    let words_follow = source
        .at(source.blanks(time.span.end))
        .is_some_and(char::is_alphabetic);
    is_amount(source, time.span.end) || is_decade && (between.contains(char::is_alphabetic) || words_follow)
}

/// Whether a short key with a colon stands at `i`, as in `镜头1：升起 (0s-7s)景别：特写`.
fn is_key(source: &Source, i: usize) -> bool {
    let end = source.eat_run(i, 6, char::is_alphabetic);
    end > i && source.at(end).is_some_and(is_colon)
}

/// Whether a bracket is open at the time.
fn is_open(source: &Source, label: &Label, time: &Time) -> bool {
    let between = source
        .text
        .get(label.span.end..time.span.start)
        .unwrap_or_default();
    opens_before(source, time.span.start)
        || opens_before(source, label.span.start) && !between.contains(is_closer)
}

/// Whether the label after a time belongs to it, as in `[0-3s] Shot 1`. A label that is followed by a time of its own does
/// not, unless the first time starts the line.
pub(super) fn time_to_label(source: &Source, time: &Time, label: &Label, next: Option<&Token>) -> bool {
    let (from, to) = (time.span.end, label.span.start);
    let is_range = matches!(time.kind, TimeKind::Range(..)) && time.unit != Unit::Bare;
    if !is_range || to - from > MAX_DISTANCE {
        return false;
    }
    if is_line_below(source, time, label) {
        return !matches!(next, Some(Token::Time(own)) if label_to_time(source, label, own).is_some());
    }
    let near = source.eat_run(from, 8, |c| {
        is_blank(c)
            || is_closer(c)
            || is_opener(c)
            || is_dash(c)
            || is_colon(c)
            || matches!(c, '|' | '*' | ',' | '·')
    });
    if near != to {
        return false;
    }
    match next {
        Some(Token::Time(own)) if matches!(own.kind, TimeKind::Range(..)) => {
            lead(source, time.span.start).place == HeadingPlace::Line
                || label_to_time(source, label, own).is_none()
        }
        _ => true,
    }
}

/// Whether the label is alone on the line below the time's line, which has at most a title beside the time.
fn is_line_below(source: &Source, time: &Time, label: &Label) -> bool {
    let above = lead(source, time.span.start);
    let below = lead(source, label.span.start);
    let end = line_part(source, time.span.end, MAX_TITLE, |_| false);
    let is_next = source.line_break(end) == Some(below.start);
    let past = source.eat_run(label.span.end, 4, |c| {
        is_blank(c) || is_colon(c) || is_closer(c) || c == '*'
    });
    above.place == HeadingPlace::Line
        && below.place == HeadingPlace::Line
        && is_next
        && source.line_ends(past)
}

/// Whether the time is of a kind that a label can have.
fn may_belong(source: &Source, time: &Time, after: &Tail) -> bool {
    match (&time.kind, time.unit) {
        (TimeKind::Range(..), Unit::Bare) => after.closed || matches!(after.end, End::Colon | End::Break),
        (TimeKind::Range(..), _) => after.closed || !is_amount(source, time.span.end),
        (TimeKind::Length(_), _) => after.closed || after.end != End::Words,
        // A spoken mark is a cue within the shot's words.
        (TimeKind::Mark(_) | TimeKind::LineMark(_), unit) => unit == Unit::Clock,
    }
}

/// Past brackets, dashes, strokes, words such as "At" or "Time:", and at most one line break. Also returns whether there
/// was a line break.
fn glue(source: &Source, from: usize, to: usize) -> (usize, bool) {
    static WORDS: LazyLock<PhraseMatcher<()>> =
        LazyLock::new(|| matcher(&[(|words| words.from, ()), (|words| words.totals, ())]));
    let is_glue = |c: char| {
        is_blank(c)
            || is_opener(c)
            || is_closer(c)
            || is_dash(c)
            || is_colon(c)
            || matches!(c, '|' | '｜' | '*' | ',' | '，' | '·' | '#' | '.' | '/')
            || is_symbol(c)
    };
    let (mut at, mut broken) = (from, false);
    for _ in 0..24 {
        if at >= to {
            break;
        }
        let step = source
            .eat(at, is_glue)
            .or_else(|| source.phrase(at, &WORDS).map(|(end, ())| end));
        let next = step.or_else(|| source.line_break(at).filter(|_| !broken));
        broken |= step.is_none() && next.is_some();
        let Some(next) = next else { break };
        at = next;
    }
    (at, broken)
}

/// A clock or another symbol before a time: `⏱ 0-3s`.
const fn is_symbol(c: char) -> bool {
    matches!(c, '\u{2300}'..='\u{27bf}' | '\u{fe0f}' | '\u{1f300}'..='\u{1faff}')
}

/// A short title between the two that ends with a bracket, a stroke, a dash or a comma. It may contain the end of a
/// sentence only if the time ends the heading, as in `INT. HARBOUR (0-3s):`.
fn title_between(source: &Source, start: usize, time: usize, closes: bool) -> Option<Range<usize>> {
    let is_rim = |c: char| is_opener(c) || is_dash(c) || matches!(c, '|' | '·' | ',' | '，');
    let end = source.back_run(time, 8, |c| is_blank(c) || is_colon(c) || c == '*' || is_rim(c));
    let led_out = source.text.get(end..time)?.contains(is_rim);
    let words = source.text.get(start..end)?;
    let one_line = !words.contains(['\n', '\r', '"', '“']) && !words.contains("\\n") && brackets_close(words);
    let one_sentence = !words.contains(['。', '；', '！', '？'])
        && ![". ", "! ", "? ", "; "].iter().any(|stop| words.contains(stop))
        && !words.trim_end().ends_with(is_stop);
    let short = words.chars().count() <= MAX_TITLE;
    (led_out && one_line && short && (one_sentence || closes))
        .then(|| trimmed(source, start..end))
        .flatten()
}

/// Whether every bracket that opens in the words closes there: `The arrival (night), rain`.
fn brackets_close(words: &str) -> bool {
    words.matches(is_opener).count() == words.matches(is_closer).count()
}

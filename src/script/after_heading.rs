//! Reads what follows a label or a time: closing brackets, a title, and the mark that ends the heading.

use std::cell::Cell;
use std::ops::Range;

use super::source::{Source, is_blank, is_closer, is_colon, is_dash, is_opener, is_stop};
use super::time_expression::{TimeKind, of_something, time};
use super::timestamp::WrittenTime;

/// How a heading ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Colon,
    Dash,
    /// A comma or a full stop.
    Comma,
    /// The end of the line.
    Break,
    /// The shot's words follow without a mark.
    Words,
}

/// What follows a heading's last token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tail {
    pub(super) end: End,
    /// A bracket closes after the token.
    pub(super) closed: bool,
    pub(super) title: Option<Range<usize>>,
    /// A length written after the range: `| Duration 5s`.
    pub(super) length: Option<WrittenTime>,
    /// Where the heading ends and the text can start.
    pub(super) past: usize,
}

/// The longest title, in characters.
pub(super) const MAX_TITLE: usize = 60;

/// Reads on from `i`; `opened` tells that a bracket before `i` is still open.
pub(super) fn tail(source: &Source, i: usize, opened: bool) -> Tail {
    let mut tail = Tail {
        end: End::Words,
        closed: false,
        title: None,
        length: None,
        past: i,
    };
    for _ in 0..12 {
        let at = source.eat_run(tail.past, 8, |c| is_blank(c) || c == '*');
        let Some(c) = source.at(at).filter(|_| !source.line_ends(at)) else {
            tail.end = End::Break;
            tail.past = at.min(source.text.len());
            return tail;
        };
        let next = at + c.len_utf8();
        if is_closer(c) {
            tail.closed = true;
            tail.past = next;
        } else if let Some(close) = to_closer(source, at).filter(|_| opened && !tail.closed && !is_stroke(c))
        {
            tail.title = tail.title.or_else(|| trimmed(source, at..close));
            tail.past = close;
        } else if is_stroke(c) {
            match segment(source, next, &mut tail) {
                Some(past) => tail.past = past,
                None => return ended(source, tail, End::Dash, next),
            }
        } else if is_colon(c) {
            return ended(source, tail, End::Colon, next);
        } else if is_dash(c) || is_spaced_slash(source, at) {
            let dashes = source.eat_run(next, 80, is_dash);
            return ended(source, tail, End::Dash, dashes);
        } else if matches!(c, ',' | '，' | '.' | '。' | '、' | ';' | '；') {
            return ended(source, tail, End::Comma, next);
        } else if let Some(colon) = of_something(source, at).filter(|_| tail.past == i) {
            tail.past = colon;
        } else if let Some((title, past)) = bracketed_title(source, at, &tail) {
            tail.title = Some(title);
            tail.past = past;
        } else {
            tail.past = at;
            return tail;
        }
    }
    tail
}

/// Whether a bracket opens right before `i`.
pub(super) fn opens_before(source: &Source, i: usize) -> bool {
    let at = source.back_run(i, 3, is_blank);
    source.before(at).is_some_and(is_opener)
}

fn is_stroke(c: char) -> bool {
    matches!(c, '|' | '｜' | '·')
}

/// Whether `/` stands between blanks, as in `0-3s / a kite`.
fn is_spaced_slash(source: &Source, i: usize) -> bool {
    source.at(i) == Some('/')
        && source.before(i).is_some_and(is_blank)
        && source.at(i + 1).is_some_and(is_blank)
}

/// Where a bracket closes on the same line, at most a title's length away.
fn to_closer(source: &Source, i: usize) -> Option<usize> {
    let end = line_part(source, i, MAX_TITLE, |c| is_closer(c) || is_opener(c));
    source.at(end).filter(|c| is_closer(*c)).map(|_| end)
}

fn ended(source: &Source, tail: Tail, end: End, past: usize) -> Tail {
    Tail {
        end,
        past: source.eat_run(past, 8, |c| is_blank(c) || c == '*'),
        ..tail
    }
}

/// Reads one part of a line that is divided by strokes: a title, a length, or something about references. Returns its
/// end, or `None` when it is the text.
fn segment(source: &Source, i: usize, tail: &mut Tail) -> Option<usize> {
    let start = source.blanks(i);
    let depth = Cell::new(0);
    let end = line_part(source, start, MAX_TITLE, |c| {
        depth.set(depth.get() + i32::from(is_opener(c)) - i32::from(is_closer(c) && c != '>'));
        is_stroke(c) && c != '·' || depth.get() < 0
    });
    let ends = source.line_ends(end) || source.at(end).is_some_and(|c| is_stroke(c) || is_closer(c));
    if let Some(word) = source.whole_word(start, &["duration", "length"]) {
        let number = source.eat_run(word, 4, |c| is_blank(c) || is_colon(c));
        if let Some(TimeKind::Length(stamp)) = time(source, number).map(|time| time.kind) {
            tail.length = Some(stamp);
            return Some(end);
        }
    }
    let is_reference = source
        .whole_word(start, &["reference", "ref", "references"])
        .is_some();
    if is_reference {
        return Some(end);
    }
    let title = trimmed(source, start..end).filter(|_| ends && tail.title.is_none())?;
    tail.title = Some(title);
    Some(end)
}

/// `(Lift-off · wind)` or `[Visual]` after the time; a reference in brackets is no title. Returns the title and where its
/// bracket ends.
fn bracketed_title(source: &Source, at: usize, tail: &Tail) -> Option<(Range<usize>, usize)> {
    let inside = source.eat(at, is_opener)?;
    let end = line_part(source, inside, MAX_TITLE, is_closer);
    let past = source.eat(end, is_closer)?;
    let cites = source.at(inside).is_some_and(|c| matches!(c, '@' | '<')) || source.at(at) == Some('<');
    if cites || tail.title.is_some() {
        return None;
    }
    Some((trimmed(source, inside..end)?, past))
}

/// Where the first character after `i` that `ends` accepts is: at the end of the line or after `most` characters at the
/// latest.
pub(super) fn line_part(source: &Source, i: usize, most: usize, ends: impl Fn(char) -> bool) -> usize {
    let mut at = i;
    for _ in 0..most {
        if source.line_ends(at) || source.at(at).is_none_or(&ends) {
            break;
        }
        at = source.after(at);
    }
    at
}

/// `span` without blanks, markdown and dashes at its ends; `None` when nothing is left.
pub(super) fn trimmed(source: &Source, span: Range<usize>) -> Option<Range<usize>> {
    let is_rim =
        |c: char| is_blank(c) || is_dash(c) || is_colon(c) || matches!(c, '*' | '#' | '|' | '·' | ',');
    let text = source.text.get(span.clone())?;
    let start = span.start + (text.len() - text.trim_start_matches(is_rim).len());
    let end = span.start + text.trim_end_matches(is_rim).len();
    (start < end).then_some(start..end)
}

/// The title after a dash, up to a colon or the end of a short line, and where the text starts.
pub(super) fn after_dash(source: &Source, i: usize) -> Option<(Range<usize>, usize)> {
    let end = line_part(source, i, MAX_TITLE, |c| is_colon(c) || is_stop(c));
    let title = trimmed(source, i..end)?;
    match source.eat(end, is_colon) {
        Some(past) => Some((title, past)),
        None => source.line_ends(end).then_some((title, end)),
    }
}

/// The title before a spaced dash, as in `Entrance - she steps in`, and where the text starts.
pub(super) fn before_dash(source: &Source, i: usize) -> Option<(Range<usize>, usize)> {
    let mut at = i;
    for _ in 0..40 {
        let c = source
            .at(at)
            .filter(|c| !is_stop(*c) && !is_colon(*c) && !matches!(c, ',' | '，' | '"' | '“'))?;
        if source.line_ends(at) {
            return None;
        }
        let next = at + c.len_utf8();
        if is_dash(c) && source.before(at).is_some_and(is_blank) && source.at(next).is_some_and(is_blank) {
            return Some((trimmed(source, i..at)?, source.blanks(next)));
        }
        at = next;
    }
    None
}

/// The title at the start of the text, up to the first stop, colon or bracket. Also returns where the line ends if the
/// title is all of it.
pub(super) fn opening_words(source: &Source, i: usize) -> Option<(Range<usize>, Option<usize>)> {
    let end = line_part(source, i, MAX_TITLE, |c| {
        is_colon(c) || is_stop(c) || matches!(c, '，' | '【')
    });
    let whole_line = source.line_ends(end);
    let ends = whole_line
        || source
            .at(end)
            .is_some_and(|c| is_colon(c) || is_stop(c) || matches!(c, '，' | '【'));
    let title = trimmed(source, i..end).filter(|_| ends)?;
    Some((title, whole_line.then_some(end)))
}

//! Which label and which time belong together.

use std::ops::Range;

use super::heading::is_amount;
use super::label::Label;
use super::lead::{Place, lead};
use super::source::{Source, is_blank, is_closer, is_colon, is_dash, is_opener, is_stop};
use super::tail::{End, LONGEST_TITLE, tail, trimmed};
use super::time::{Said, Time, Unit};
use super::token::Token;

/// What stands between a label and its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Joint {
    pub(super) title: Option<Range<usize>>,
}

/// Longest stretch between the two, in bytes.
const FARTHEST: usize = 200;

/// `Shot 1 | 0s`, `Shot 1 (`, `PANEL 2 — TENSION (`: whether the time after the label is the label's own.
pub(super) fn label_to_time(source: &Source, label: &Label, time: &Time) -> Option<Joint> {
    let (from, to) = (label.span.end, time.span.start);
    if to - from > FARTHEST || !may_belong(source, time) {
        return None;
    }
    let (glued, broken) = glue(source, from, to);
    if glued == to {
        let bare = time.unit == Unit::Bare && !tail_closes(source, time);
        return (!bare).then_some(Joint { title: None });
    }
    if broken {
        return None;
    }
    let title = title_between(source, from, glued, to)?;
    let after = tail(source, time.span.end);
    let ends = match time.said {
        Said::Range(..) => after.closed || after.end != End::Words,
        Said::Length(_) | Said::Mark(_) => after.closed && after.end != End::Comma,
    };
    // `Shot 1: a kite lifts (0-3s), then …` is a clause with its time, not a title.
    let clause = source.eat_run(from, 4, |c| is_blank(c) || is_closer(c) || c == '*');
    let is_clause = source.at(clause).is_some_and(is_colon) && matches!(after.end, End::Words | End::Comma);
    (ends && !is_clause).then_some(Joint { title: Some(title) })
}

/// `[0-3s] Shot 1`: whether the label after the time names it. A label with a time of its own right after it
/// does not, unless the first time opens the line.
pub(super) fn time_to_label(source: &Source, time: &Time, label: &Label, next: Option<&Token>) -> bool {
    let (from, to) = (time.span.end, label.span.start);
    let is_range = matches!(time.said, Said::Range(..)) && time.unit != Unit::Bare;
    if !is_range || to - from > 24 {
        return false;
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
        Some(Token::Time(own)) if matches!(own.said, Said::Range(..)) => {
            lead(source, time.span.start).place == Place::Line || label_to_time(source, label, own).is_none()
        }
        _ => true,
    }
}

/// Whether the time is of a kind that a label can own.
fn may_belong(source: &Source, time: &Time) -> bool {
    let after = tail(source, time.span.end);
    match time.said {
        Said::Range(..) => after.closed || !is_amount(source, time.span.end),
        Said::Length(_) => after.closed || after.end != End::Words,
        // The spoken mark is a cue in the shot's own words.
        Said::Mark(_) => time.unit == Unit::Clock,
    }
}

fn tail_closes(source: &Source, time: &Time) -> bool {
    let after = tail(source, time.span.end);
    after.closed || matches!(after.end, End::Colon | End::Break)
}

/// Past brackets, dashes, strokes and words like "At" or "Time:"; at most one line break. Whether there was one.
fn glue(source: &Source, from: usize, to: usize) -> (usize, bool) {
    const WORDS: [&str; 6] = ["at", "time", "timing", "timecode", "duration", "from"];
    let is_glue = |c: char| {
        is_blank(c)
            || is_opener(c)
            || is_closer(c)
            || is_dash(c)
            || is_colon(c)
            || matches!(c, '|' | '｜' | '*' | ',' | '，' | '·' | '#')
    };
    let (mut at, mut broken) = (from, false);
    for _ in 0..24 {
        if at >= to {
            break;
        }
        let word = ["时间", "时长"].iter().find_map(|word| source.word(at, word));
        let step = source
            .eat(at, is_glue)
            .or(word)
            .or_else(|| source.whole_word(at, &WORDS));
        let next = step.or_else(|| source.line_break(at).filter(|_| !broken));
        broken |= step.is_none() && next.is_some();
        let Some(next) = next else { break };
        at = next;
    }
    (at, broken)
}

/// A short title between the two, led out by a bracket, a stroke or a dash.
fn title_between(source: &Source, label_end: usize, start: usize, time: usize) -> Option<Range<usize>> {
    let end = source.back_run(time, 8, |c| {
        is_blank(c) || is_opener(c) || is_dash(c) || is_colon(c) || matches!(c, '|' | '·' | '*' | ',')
    });
    let led_out = source
        .text
        .get(end..time)?
        .contains(|c| is_opener(c) || is_dash(c) || matches!(c, '|' | '·'));
    let words = source.text.get(start..end)?;
    let plain = !words.contains(|c| matches!(c, '\n' | '\r' | '。' | '；' | '"' | '“') || is_opener(c))
        && !words.contains("\\n")
        && !words.trim_end().ends_with(is_stop)
        && ![". ", "! ", "? ", "; "].iter().any(|stop| words.contains(stop));
    let short = words.chars().count() <= LONGEST_TITLE;
    let separate = start > label_end;
    (led_out && plain && short && separate)
        .then(|| trimmed(source, start..end))
        .flatten()
}

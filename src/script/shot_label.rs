//! Reads the labels of shots, a noun and a number: `Shot 3`, `镜头3`.

use std::ops::Range;

use super::source::Source;
use super::time_expression::{Unit, range};
use super::timestamp::digits;

/// What the noun names: a shot, or a part that may have several shots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Noun {
    Shot,
    Scene,
}

/// A noun with its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Label {
    pub(super) noun: Noun,
    pub(super) number: u32,
    /// The bytes of the number's digits.
    pub(super) digits: Range<usize>,
    pub(super) span: Range<usize>,
}

const NOUNS: [(&str, Noun); 14] = [
    ("shot", Noun::Shot),
    ("cut", Noun::Shot),
    ("beat", Noun::Shot),
    ("panel", Noun::Shot),
    ("clip", Noun::Scene),
    ("segment", Noun::Scene),
    ("scene", Noun::Scene),
    ("part", Noun::Scene),
    ("镜头", Noun::Shot),
    ("分镜头", Noun::Shot),
    ("分镜", Noun::Shot),
    ("镜号", Noun::Shot),
    ("场景", Noun::Scene),
    ("片段", Noun::Scene),
];

/// The label that starts at `i`.
pub(super) fn label(source: &Source, i: usize) -> Option<Label> {
    let first = source.at(i)?.to_ascii_lowercase();
    if !matches!(first, 's' | 'c' | 'b' | 'p' | '镜' | '分' | '场' | '片') || !starts_word(source, i) {
        return None;
    }
    NOUNS
        .into_iter()
        .find_map(|(word, noun)| numbered(source, i, source.word(i, word)?, noun))
}

/// A Latin noun must not end a longer word such as `screenshot` or `two-shot`.
fn starts_word(source: &Source, i: usize) -> bool {
    if !source.goes_on(i) {
        return true;
    }
    match source.before(i) {
        Some(c) if c.is_ascii_alphanumeric() || c == '_' => source.line_starts(i),
        Some('-') => !source.before(i - 1).is_some_and(char::is_alphanumeric),
        _ => true,
    }
}

fn numbered(source: &Source, start: usize, noun_end: usize, noun: Noun) -> Option<Label> {
    let number_start = source.eat_run(noun_end, 3, |c| matches!(c, ' ' | '\u{a0}' | '#' | '_' | '-'));
    let end = digits(source, number_start, 3)?;
    let decimal = source.at(end) == Some('.') && digits(source, end + 1, 3).is_some();
    if source.goes_on(end) || decimal || is_joined_time(source, number_start, end) {
        return None;
    }
    Some(Label {
        noun,
        number: source.text.get(number_start..end)?.parse().ok()?,
        digits: number_start..end,
        span: start..of_all(source, end).unwrap_or(end),
    })
}

/// Past `/5` or ` of 5` after a number.
fn of_all(source: &Source, i: usize) -> Option<usize> {
    let number = source.eat(i, |c| c == '/').or_else(|| source.word(i, " of "))?;
    digits(source, number, 3).filter(|end| !source.goes_on(*end))
}

/// Whether the number belongs to a time: `Cut 0:04-0:08` and `Shot 0-3s` have no number, but `Shot 1 - 3s` has one.
fn is_joined_time(source: &Source, number: usize, number_end: usize) -> bool {
    let joined = source.at(number_end).is_none_or(|c| c != ' ');
    joined && range(source, number).is_some_and(|time| time.unit != Unit::Bare)
}

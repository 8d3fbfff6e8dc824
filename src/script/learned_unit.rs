//! Learns the unit of time of a language that no table knows.
//!
//! Lines such as `0-3 cakti: …` and `3-6 cakti: …`, which begin with ranges that follow one another and the same word, are
//! a timeline, whatever the word is.

use super::source::{Source, is_blank, is_closer, is_colon, is_dash};
use super::timestamp::{WrittenTime, seconds};

/// The longest word that can be a unit, in characters.
const MAX_CHARACTERS: usize = 14;
/// How many different words are remembered.
const MAX_WORDS: usize = 8;

/// The word after the ranges that begin the lines of `source`, if at least two follow one another; as it is first written.
pub(super) fn learned_unit(source: &Source) -> Option<String> {
    let mut known: Vec<(String, u32)> = Vec::new();
    let mut at = 0;
    for line in source.text.split_inclusive('\n') {
        let start = source.eat_run(at, 6, |c| !c.is_alphanumeric() && c != '\n');
        at += line.len();
        let Some((from, to, word)) = begun(source, start) else {
            continue;
        };
        let before = known.iter().find(|(unit, _)| *unit == word);
        match before.map(|(_, end)| *end) {
            Some(end) if from == end || from == end + 1000 => return Some(word),
            None if from <= 1000 && known.len() < MAX_WORDS => known.push((word, to)),
            _ => {}
        }
    }
    None
}

/// What ranges of other things than seconds are followed by.
const OTHER_UNITS: [&str; 56] = [
    "frames", "frame", "fr", "years", "year", "yrs", "months", "weeks", "days", "hours", "hour", "hrs", "h",
    "minutes", "min", "mins", "people", "persons", "times", "points", "goals", "steps", "pages", "metres",
    "meters", "m", "km", "cm", "mm", "feet", "ft", "miles", "percent", "degrees", "age", "ages", "floor",
    "floors", "level", "page", "row", "chapter", "verse", "track", "bar", "bars", "岁", "歲", "歳", "才",
    "층", "层", "楼", "階", "米", "元",
];

/// Whether a unit of something else than time in seconds stands at `i`.
pub(super) fn is_other_unit(source: &Source, i: usize) -> bool {
    let word = source.eat_run(i, 2, |c| is_blank(c) || is_dash(c));
    source.at(word) == Some('%')
        || OTHER_UNITS.iter().any(|unit| {
            source
                .word(word, unit)
                .is_some_and(|end| !source.goes_on(end) || !unit.is_ascii())
        })
}

/// The start and the end of the range at `i` in milliseconds, and the word after it, in lower case.
fn begun(source: &Source, i: usize) -> Option<(u32, u32, String)> {
    let from = seconds(source, i)?;
    let (own, past) = match word(source, from.at.end) {
        Some((word, past)) => (Some(word), past),
        None => (None, from.at.end),
    };
    let joint = source.blanks(past);
    let dash = source.eat_run(joint, 2, |c| is_dash(c) || matches!(c, '~' | '～'));
    let to: WrittenTime = seconds(source, source.blanks(dash))?;
    let (unit, end) = word(source, to.at.end)?;
    let ends = source.line_ends(end)
        || source
            .at(source.blanks(end))
            .is_some_and(|c| is_colon(c) || is_dash(c) || is_closer(c) || matches!(c, '|' | ','));
    (dash > joint
        && from.ms < to.ms
        && ends
        && !is_other_unit(source, to.at.end)
        && own.is_none_or(|own| own == unit))
    .then_some((from.ms, to.ms, unit))
}

/// The word after the number that ends at `i`, in lower case, and where it ends.
fn word(source: &Source, i: usize) -> Option<(String, usize)> {
    let start = source.eat_run(i, 2, is_blank);
    let is_mark = |c: char| {
        c.is_alphabetic() || ('\u{300}'..='\u{36f}').contains(&c) || ('\u{900}'..='\u{e7f}').contains(&c)
    };
    let end = source.eat_run(start, MAX_CHARACTERS, is_mark);
    let word = source.text.get(start..end).filter(|word| !word.is_empty())?;
    (!source.goes_on(end)).then(|| (word.to_lowercase(), end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_that_follow_one_another_with_one_word_are_a_timeline() {
        let learned = |text: &str| learned_unit(&Source::new(text));
        assert_eq!(
            learned("0-3 xanti: a kite\n- 3-6 xanti: it dives").as_deref(),
            Some("xanti")
        );
        assert_eq!(
            learned("1 xanti - 3 xanti — a\n4 xanti – 6 xanti — b").as_deref(),
            Some("xanti")
        );
        for text in [
            "0-3 people: a crowd\n2-3 people: fewer",
            "2-3 words: a sign\n3-4 words: another",
            "0-3 xanti: only one",
            "0-3 goals to win\n3-6 goals to lose",
        ] {
            assert_eq!(learned(text), None, "{text}");
        }
    }
}

//! Finds timelines in a form that no rule knows: lines that have the start and the end of a shot at the same place among their
//! first words, where each shot starts when the one before ends.
//!
//! `TC 00:00 > 00:03  wheels …`, `| 1 | 0s | 3s | the bow …`, `{"in": 0, "out": 4, …`, `0 s/d 4 detik: …`, and `0-3 xanti: …` in a
//! language that no table knows.

use std::collections::HashMap;
use std::ops::Range;

use super::heading::{Heading, Restart, Weight, is_under_aspect};
use super::other_units::is_other_unit;
use super::source::{Source, is_blank, is_closer, is_colon, is_dash};
use super::time_expression::{Time, TimeKind, Unit, unit};
use super::timestamp::{WrittenTime, clock, seconds};

/// Where the times of a line may be, in bytes from its start.
const MAX_LEAD: usize = 64;
/// How many numbers of a line are looked at.
const MAX_NUMBERS: usize = 5;
/// The longest text between the start and the end, in bytes.
const MAX_JOINT: usize = 24;
/// How many different forms are remembered.
const MAX_FORMS: usize = 32;
/// How many letters may be beside numbers without a unit, as in `T+0 to T+3`.
const MAX_PLAIN: usize = 3;
/// What ends later is no take, in milliseconds.
const MAX_END_MS: u32 = 120_000;

/// How a line has its times: the place of the start among its numbers, and what is between the start and the end.
type Form = (usize, String);

/// A line that may be a shot.
#[derive(Clone)]
struct Line {
    /// Where the line starts, and where the second time ends, with its unit.
    span: Range<usize>,
    start: WrittenTime,
    end: WrittenTime,
    unit: Unit,
    /// The word behind the end and before a colon or the like, in lower case: it may be a unit that no table knows.
    word: String,
    /// The two times are cells of a table or values of JSON.
    is_data: bool,
    /// Hardly a word precedes the end, so that the numbers are not those of `Layer 0-1` or `0 eggs, 2 cups`.
    is_plain: bool,
}

impl Line {
    /// The start and the end in milliseconds, the earlier one first: the author may have written them the wrong way round.
    fn range(&self) -> (u32, u32) {
        (self.start.ms.min(self.end.ms), self.start.ms.max(self.end.ms))
    }
}

/// The headings of the timeline; empty where there is none.
pub(super) fn line_timeline(source: &Source) -> Vec<Heading> {
    let mut lines = Vec::new();
    let mut at = 0;
    while at < source.text.len() {
        let end = line_end(source, at);
        lines.push(at..end);
        at = source.line_break(end).unwrap_or(end + 1);
    }
    let found = timeline_of(source, lines.into_iter());
    if !source.text.contains('{') {
        return found;
    }
    // The objects of JSON that is written on several lines.
    let starts: Vec<usize> = source.text.match_indices('{').map(|(at, _)| at).collect();
    let ends = starts.iter().skip(1).copied().chain([source.text.len()]);
    let objects = timeline_of(source, starts.iter().zip(ends).map(|(start, end)| *start..end));
    let weight = |headings: &[Heading]| {
        let ranges: Vec<_> = headings.iter().filter_map(Heading::range).collect();
        let touching = ranges.windows(2).filter(|pair| pair[0].end == pair[1].start);
        (headings.len(), touching.count())
    };
    if weight(&objects) > weight(&found) {
        objects
    } else {
        found
    }
}

/// The headings of the timeline that these parts of the text are.
fn timeline_of(source: &Source, parts: impl Iterator<Item = Range<usize>>) -> Vec<Heading> {
    let mut forms: HashMap<Form, Vec<Line>> = HashMap::new();
    for (form, line) in parts.flat_map(|part| lines(source, part)) {
        if forms.len() < MAX_FORMS || forms.contains_key(&form) {
            forms.entry(form).or_default().push(line);
        }
    }
    let timelines = forms.into_iter().filter(|(_, lines)| is_timeline(lines));
    let longest = timelines.max_by_key(|((place, joint), lines)| {
        // A table may have the number of the shot before its start and end.
        let reversed = lines.iter().filter(|line| line.end.ms < line.start.ms).count();
        (
            lines.len(),
            usize::MAX - reversed,
            touching(lines),
            usize::MAX - place,
            joint.clone(),
        )
    });
    let mut lines = longest.map(|(_, lines)| lines).unwrap_or_default();
    // The music of the whole is no shot.
    let whole = (
        0,
        lines.iter().map(|line| line.range().1).max().unwrap_or_default(),
    );
    if lines.iter().filter(|line| line.range() != whole).count() > 1 {
        lines.retain(|line| line.range() != whole);
    }
    lines.into_iter().map(|line| heading(source, line)).collect()
}

fn line_end(source: &Source, start: usize) -> usize {
    let mut at = start;
    while !source.line_ends(at) {
        at = source.after(at);
    }
    at
}

/// Every pair of numbers next to each other at the beginning of a line, with its form.
fn lines(source: &Source, span: Range<usize>) -> Vec<(Form, Line)> {
    let lead = span
        .end
        .min(source.text.floor_char_boundary(span.start + MAX_LEAD));
    let mut numbers: Vec<WrittenTime> = Vec::new();
    let mut at = span.start;
    while at < lead && numbers.len() < MAX_NUMBERS {
        let begins = !source.before(at).is_some_and(|c| c.is_ascii_digit());
        let number = if begins { number(source, at) } else { None };
        at = number
            .as_ref()
            .map_or_else(|| source.after(at), |number| number.at.end);
        numbers.extend(number);
    }
    let pairs = numbers.windows(2).enumerate();
    pairs
        .filter_map(|(place, pair)| {
            let joint = source.text.get(pair[0].at.end..pair[1].at.start)?;
            let is_money = source
                .before(pair[0].at.start)
                .is_some_and(|c| matches!(c, '$' | '€' | '£' | '¥'));
            let is_of_others =
                is_money || is_other_unit(source, pair[1].at.end) || is_other_unit(source, span.start);
            let is_joint =
                !joint.is_empty() && joint.len() <= MAX_JOINT && !joint.contains("://") && !is_of_others;
            let (unit, end) = unit_of(source, span.start, joint, &pair[1].at);
            let word = word_behind(source, pair[1].at.end);
            let line = Line {
                span: span.start..end,
                start: pair[0].clone(),
                end: pair[1].clone(),
                unit,
                is_data: joint.contains("\"end")
                    || joint.contains('|') && source.at(source.blanks(end)) == Some('|'),
                is_plain: has_few_letters(&source.text[span.start..pair[0].at.start], &word)
                    && has_few_letters(joint, &word),
                word,
            };
            is_joint.then_some(((place, joint.trim().replace(is_dash, "-")), line))
        })
        .collect()
}

/// Whether hardly a letter is in `part`, apart from the unit and the keys of JSON.
fn has_few_letters(part: &str, unit: &str) -> bool {
    let letters = part
        .to_lowercase()
        .replace(unit, "")
        .chars()
        .filter(|c| c.is_alphabetic())
        .count();
    letters <= MAX_PLAIN || part.contains('"')
}

/// The longest word that can be a unit, in characters.
const MAX_UNIT: usize = 14;

/// The word behind the number that ends at `i`, if a mark or the end of the line follows it.
fn word_behind(source: &Source, i: usize) -> String {
    let start = source.eat_run(i, 2, is_blank);
    let is_mark = |c: char| {
        c.is_alphabetic() || ('\u{300}'..='\u{36f}').contains(&c) || ('\u{900}'..='\u{e7f}').contains(&c)
    };
    let end = source.eat_run(start, MAX_UNIT, is_mark);
    let ends_heading = |c: char| is_colon(c) || is_dash(c) || is_closer(c) || matches!(c, '|' | ',');
    let ends = source.line_ends(end) || source.at(source.blanks(end)).is_some_and(ends_heading);
    let word = source
        .text
        .get(start..end)
        .filter(|_| ends && !source.goes_on(end));
    word.unwrap_or_default().to_lowercase()
}

/// The time at `i`: `4`, `0:04` or `0'04`.
fn number(source: &Source, i: usize) -> Option<WrittenTime> {
    let minutes = source.word(i, "0'").or_else(|| source.word(i, "0′"));
    clock(source, i)
        .or_else(|| seconds(source, minutes?))
        .or_else(|| seconds(source, i))
}

/// The unit of the line that starts at `line`, whose second time is at `at`, and where that time ends with it.
fn unit_of(source: &Source, line: usize, joint: &str, at: &Range<usize>) -> (Unit, usize) {
    let mark = source.eat_run(at.end, 2, |c| matches!(c, '"' | '″' | '”' | '\'' | '′'));
    let stop = source.eat(mark, |c| c == '.').unwrap_or(mark);
    let is_clock = source.text[at.clone()].contains([':', '：']);
    let has_marks = mark > at.end && joint.starts_with(['"', '″', '”', '\'', '′']);
    match unit(source, stop) {
        _ if is_clock => (Unit::Clock, at.end),
        Some(end) => (Unit::Seconds, end),
        None if has_marks => (Unit::Seconds, mark),
        None if joint.contains("\"end") || joint.contains("\"out\"") => (Unit::Seconds, at.end),
        // The unit may follow the first time only, or precede both.
        None if unit(source, at.start - joint.len())
            .or_else(|| unit(source, line))
            .is_some() =>
        {
            (Unit::Seconds, at.end)
        }
        None => (Unit::Bare, at.end),
    }
}

/// How many lines start exactly where the one before ends.
fn touching(lines: &[Line]) -> usize {
    lines
        .windows(2)
        .filter(|pair| pair[0].end.ms == pair[1].start.ms)
        .count()
}

/// Whether the lines tell of shots that follow one another from 0.
fn is_timeline(lines: &[Line]) -> bool {
    let ranges: Vec<(u32, u32)> = lines.iter().map(Line::range).collect();
    let follows = |pair: &[(u32, u32)]| {
        let (before, next) = (pair[0].1, pair[1].0);
        next == before || next == before + 1000 || next == 0
    };
    let links = ranges.windows(2).filter(|pair| follows(pair)).count();
    let misses = ranges.len().saturating_sub(1) - links;
    let reversed = lines.iter().filter(|line| line.end.ms < line.start.ms).count();
    let has_unit = lines.iter().all(|line| {
        line.unit != Unit::Bare || line.is_plain && !line.word.is_empty() && line.word == lines[0].word
    });
    let are_data = lines
        .iter()
        .all(|line| line.is_data && line.unit == Unit::Seconds);
    let rises = reversed == 0 && ranges.windows(2).all(|pair| pair[0].1 <= pair[1].0);
    let is_chain = match ranges.len() {
        0 | 1 => false,
        2 => has_unit && (misses == 0 || are_data && rises),
        _ if has_unit => reversed < 2 && misses < 2,
        _ => reversed < 2 && misses == 0 && lines.iter().all(|line| line.is_plain),
    };
    let fits = |(start, end): &(u32, u32)| start < end && *end <= MAX_END_MS;
    is_chain && ranges.first().is_some_and(|(start, _)| *start == 0) && ranges.iter().all(fits)
}

fn heading(source: &Source, line: Line) -> Heading {
    let is_rim = |c: char| {
        is_blank(c) || c.is_ascii_punctuation() && !matches!(c, '"' | '@' | '(' | '[' | '<' | '{' | '#')
    };
    let is_mark = |c: char| {
        is_rim(c)
            || matches!(
                c,
                '：' | '，' | '。' | '｜' | '）' | '】' | '▸' | '→' | '·' | '—' | '–' | '…'
            )
    };
    Heading {
        label: None,
        length: None,
        weight: Weight::Sure,
        span: line.span.start..source.eat_run(line.span.end, 8, is_mark),
        title: None,
        amid: false,
        tagged: false,
        begins_line: true,
        in_words: false,
        is_on_next_line: false,
        under_aspect: is_under_aspect(source, line.span.start),
        restart: Restart::No,
        beats: Vec::new(),
        time: Some(Time {
            span: line.start.at.start..line.span.end,
            kind: TimeKind::Range(line.start, Some(line.end)),
            unit: line.unit,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(text: &str) -> Vec<(u32, u32)> {
        let found = line_timeline(&Source::new(text));
        found
            .iter()
            .filter_map(Heading::range)
            .map(|range| (range.start, range.end))
            .collect()
    }

    #[test]
    fn lines_that_follow_one_another_are_a_timeline_in_any_form() {
        for text in [
            "TC 00:00 > 00:03  wheels\nTC 00:03 > 00:06  rider",
            "| 1 | 0s | 3s | the bow |\n| 2 | 3s | 6s | the skipper |",
            "sec 0 thru 3\nthe shutter\nsec 3 thru 6\nbuns",
            "{\n  \"id\": 1,\n  \"start\": 0,\n  \"end\": 3,\n  \"text\": \"a\"\n},\n{\n  \"id\": 2,\n  \"start\": 3,\n  \"end\": 6\n}",
            "{\"in\": 0, \"out\": 3, \"frame\": \"a\"}\n{\"in\": 3, \"out\": 6, \"frame\": \"b\"}\n{\"in\": 6, \"out\": 9, \"frame\": \"c\"}",
            "T+0 to T+3s: a flag\nT+3 to T+6s: the field",
            "0 s/d 3 detik: nelayan\n3 s/d 6 detik: cumi",
            "起 0秒 → 3秒\n她伸手\n轉 3秒 → 6秒\n竹籃",
            "0. saniyeden 3. saniyeye: Berber\n3. saniyeden 6. saniyeye: Kamera",
            "0'00\" → 0'03\" : la façade\n0'03\" → 0'06\" : la patronne",
            "• 0\"-3\" | Cortile\n• 3\"-6\" | La mongolfiera",
            "0-3 xanti: a kite\n- 3-6 xanti: it dives",
            "0 xanti - 3 xanti — a\n3 xanti – 6 xanti — b",
            "0…3 сек. Зверь\n3…6 сек. Идёт",
        ] {
            let found = times(text);
            assert!(found.starts_with(&[(0, 3000), (3000, 6000)]), "{text}: {found:?}");
        }
        assert_eq!(
            times("0秒 → 4秒\na\n8秒 → 4秒\nb\n8秒 → 12秒\nc"),
            [(0, 4000), (8000, 4000), (8000, 12_000)]
        );
        for text in [
            "3 cups of flour, 2 eggs\n4 cups of milk, 3 eggs",
            "won 2 of 3 games\nwon 3 of 5 games",
            "image 1 and image 2\nimage 2 and image 3",
            "0 to 3 people\n5 to 9 people",
            "0 > 3\n3 > 6",
            "0-3 people: a crowd\n2-3 people: fewer",
            "2-3 words: a sign\n3-4 words: another",
            "0-3 goals to win\n3-6 goals to lose",
            "0-24 frames: a kite\n24-48 frames: it dives",
            "1. 0 eggs, 2 cups\n2. 2 eggs, 4 cups\n3. 4 eggs, 6 cups",
            "Layer 0-1: sky\nLayer 1-2: hills\nLayer 2-3: sea",
        ] {
            assert!(times(text).is_empty(), "{text}");
        }
    }
}

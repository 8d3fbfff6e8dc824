//! Finds where a text begins another clip, whose times start again at 0, or another section with its own numbers.

use std::collections::HashSet;

use super::heading::{Heading, Restart, Weight, is_aspect};
use super::letters::is_unspaced;
use super::shot_label::Noun;
use super::source::Source;

/// Marks every heading at which something begins again.
pub(super) fn mark_restarts(source: &Source, found: &mut [Heading]) {
    let mut reached = 0;
    let mut section: Option<u32> = None;
    let mut is_new_section = false;
    let mut has_shots = false;
    for n in 0..found.len() {
        let heading = &found[n];
        if heading.weight != Weight::Sure {
            continue;
        }
        let label = heading.label.as_ref();
        match (label, heading.range()) {
            (Some(label), None) if label.noun == Noun::Scene => {
                is_new_section = has_shots && section.is_some_and(|before| label.number > before);
                section = Some(label.number);
            }
            (_, Some(times)) => {
                let is_listed = range_after(found, n).is_some_and(|next| next > 0);
                if times.start == 0 && reached > 0 && is_listed {
                    match repetition(source, &found[..n], &found[n..]) {
                        _ if is_new_section => found[n].restart = Restart::Clip,
                        _ if are_beats(found, n) => drop_list(&mut found[n..]),
                        Repetition::OfOthers => found[n].restart = Restart::Clip,
                        Repetition::OfTheSame => drop_list(&mut found[n..]),
                        Repetition::Unclear => {}
                    }
                    if found[n].restart == Restart::Clip {
                        reached = 0;
                    }
                }
                reached = reached.max(times.end);
                is_new_section = false;
                has_shots = true;
            }
            (Some(label), None) => {
                let number = label.number;
                if is_new_section && number == 1 {
                    found[n].restart = Restart::Section;
                }
                is_new_section = false;
                has_shots = true;
            }
            (None, None) => {}
        }
    }
}

/// Where the next certain range after heading `n` starts, in milliseconds.
fn range_after(found: &[Heading], n: usize) -> Option<u32> {
    let mut sure = found
        .iter()
        .skip(n + 1)
        .filter(|heading| heading.weight == Weight::Sure);
    sure.find_map(Heading::range).map(|range| range.start)
}

/// Whether the list without labels that starts at heading `n` divides the labelled shot before it, with times that count from the start
/// of the shot.
fn are_beats(found: &[Heading], n: usize) -> bool {
    let Some((shot, list)) = n
        .checked_sub(1)
        .and_then(|before| found.get(before))
        .zip(found.get(n..))
    else {
        return false;
    };
    let beats = list.iter().take_while(|heading| heading.label.is_none());
    let end = beats.filter_map(Heading::range).map(|range| range.end).max();
    let length = shot.range().and_then(|range| range.end.checked_sub(range.start));
    shot.label.is_some()
        && shot.range().is_some_and(|range| range.start > 0)
        && end.is_some()
        && end == length
}

/// The number of a shot, if it has one, and its range.
type Listed = (Option<u32>, u32, u32);

/// The ranges of a list that starts at 0, up to the next one that does, each with the number of its shot.
fn list(found: &[Heading]) -> Vec<Listed> {
    let sure = found.iter().filter(|heading| heading.weight == Weight::Sure);
    let mut ranges = sure.filter_map(|heading| {
        let number = heading.label.as_ref().map(|label| label.number);
        heading.range().map(|range| (number, range.start, range.end))
    });
    let first = ranges.next();
    first
        .into_iter()
        .chain(ranges.take_while(|(_, start, _)| *start > 0))
        .collect()
}

/// Whether a list tells of the same shots as the one before it.
enum Repetition {
    OfTheSame,
    OfOthers,
    Unclear,
}

/// Compares the list at the beginning of `next` with the one that ends `before`. It tells of the same shots if its title is
/// that of a list about shots, such as `LIGHT`, or if it has the same times, but not if both have titles of one kind, such as
/// `FILE ONE` and `FILE TWO`.
fn repetition(source: &Source, before: &[Heading], next: &[Heading]) -> Repetition {
    let begins = |heading: &Heading| heading.range().is_some_and(|range| range.start == 0);
    let Some(first) = before.iter().rposition(begins) else {
        return Repetition::Unclear;
    };
    let (own, other) = (list(&before[first..]), list(next));
    if own.len() < 2 || other.len() < 2 {
        return Repetition::Unclear;
    }
    let is_aspect = next.first().is_some_and(|heading| heading.under_aspect);
    // The shots may be numbered in one of the lists only.
    let numbered = |list: &[Listed]| list.iter().all(|(number, ..)| number.is_some());
    let times = |list: &[Listed]| {
        list.iter()
            .map(|(_, start, end)| (*start, *end))
            .collect::<Vec<_>>()
    };
    let is_same = own == other || numbered(&own) != numbered(&other) && times(&own) == times(&other);
    if is_aspect || is_same && !is_a_clip(source, &before[first], &next[0]) {
        Repetition::OfTheSame
    } else {
        Repetition::OfOthers
    }
}

/// Whether a list with the times of the one before belongs to another clip: it has no title, one with a number (`Version 2:`), or one
/// of the same kind as the first list's (`FILE ONE`, `FILE TWO`). A list in another language is a translation.
fn is_a_clip(source: &Source, first: &Heading, next: &Heading) -> bool {
    const LANGUAGES: [&str; 14] = [
        "english",
        "chinese",
        "japanese",
        "korean",
        "spanish",
        "french",
        "german",
        "translation",
        "中",
        "英",
        "日",
        "韩",
        "español",
        "français",
    ];
    let [own, other] = [first, next].map(|heading| title_words(source, heading));
    let is_numbered = other
        .iter()
        .any(|word| word.contains(|c: char| c.is_ascii_digit()));
    let is_labelled = next.label.is_some() == first.label.is_some();
    // Two tables about the same shots: `| Time | Picture |` and `| Time | Sound |`.
    let tells_aspect = other.difference(&own).any(|word| is_aspect(word));
    let is_translation = LANGUAGES.iter().any(|language| other.contains(*language))
        || is_unspaced_text(source, first) != is_unspaced_text(source, next);
    is_labelled
        && !tells_aspect
        && !is_translation
        && (other.is_empty() || is_numbered || own != other && own.intersection(&other).next().is_some())
}

/// Whether the words behind a heading are of a language without spaces, such as Chinese.
fn is_unspaced_text(source: &Source, heading: &Heading) -> bool {
    const ENOUGH: usize = 40;
    let rest = source.text.get(heading.span.end..).unwrap_or_default();
    let letters = rest.chars().filter(|c| c.is_alphabetic()).take(ENOUGH);
    let (wide, spaced): (Vec<char>, Vec<char>) = letters.partition(|c| is_unspaced(*c));
    wide.len() > spaced.len()
}

/// The longest title of a clip, in characters.
const MAX_TITLE: usize = 60;

/// The words of the line before `heading`, in lower case, if that is short enough for a title; of a language without spaces, its
/// characters.
fn title_words(source: &Source, heading: &Heading) -> HashSet<String> {
    let is_space = |c: char| c.is_whitespace();
    let end = source.back_run(heading.span.start, MAX_TITLE, |c| {
        is_space(c) || matches!(c, '-' | '*' | '•' | '|' | ':')
    });
    let start = source.back_run(end, MAX_TITLE, |c| !matches!(c, '\n' | '\r'));
    let line = source
        .text
        .get(start..end)
        .filter(|_| source.line_starts(start))
        .unwrap_or_default()
        .to_lowercase();
    let words = line
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.len() > 1 || word.contains(|c: char| c.is_ascii_digit()));
    let characters = line.chars().filter(|c| is_unspaced(*c)).map(String::from);
    words.map(str::to_owned).chain(characters).collect()
}

/// Marks the certain ranges at the beginning of `next`, up to the next one that starts at 0.
fn drop_list(next: &mut [Heading]) {
    let mut ranges = 0;
    for heading in next.iter_mut().filter(|heading| heading.weight == Weight::Sure) {
        let Some(range) = heading.range() else { continue };
        if ranges > 0 && range.start == 0 {
            break;
        }
        ranges += 1;
        heading.restart = Restart::Retold;
    }
}

//! Finds where a text begins another clip, whose times start again at 0, or another section with its own numbers.

use super::heading::{Heading, Restart, Weight};
use super::shot_label::Noun;

/// Marks every heading at which something begins again.
pub(super) fn mark_restarts(found: &mut [Heading]) {
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
                    match repetition(&found[..n], &found[n..]) {
                        _ if is_new_section => found[n].restart = Restart::Clip,
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
/// that of a list about shots, such as `LIGHT`, or if it has the same times.
fn repetition(before: &[Heading], next: &[Heading]) -> Repetition {
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
    if is_aspect || is_same {
        Repetition::OfTheSame
    } else {
        Repetition::OfOthers
    }
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

//! Drops lists that tell of the shots again, beats inside timed shots, and the time of the whole.

use std::collections::HashSet;

use super::heading::{Heading, Weight};
use super::shot_label::Noun;

/// The headings without those that are no shots of their own.
pub(super) fn without_repeated_lists(found: Vec<Heading>) -> Vec<Heading> {
    without_numbers_told_twice(without_untimed_labels(without_total(found)))
}

fn is_sure_time(heading: &Heading) -> bool {
    heading.label.is_none() && heading.weight == Weight::Sure && heading.range().is_some()
}

fn is_untimed_label(heading: &Heading) -> bool {
    heading.label.is_some() && heading.time.is_none()
}

/// Drops a first range without a label that covers all others, or is the only one before several labels: it is the time of
/// the whole, as in `0-15s: one take` before `0-5s`, `5-10s` and `10-15s`.
fn without_total(mut found: Vec<Heading>) -> Vec<Heading> {
    let is_part = |heading: &Heading| {
        heading.range().is_some()
            && heading
                .label
                .as_ref()
                .is_some_and(|label| label.noun == Noun::Scene)
    };
    let Some(first) = found
        .iter()
        .position(|heading| is_sure_time(heading) || is_part(heading))
    else {
        return found;
    };
    let whole = found[first].range().unwrap_or_default();
    let others: Vec<_> = found.iter().skip(first + 1).filter_map(Heading::range).collect();
    let is_covering = others.len() > 1
        && others
            .iter()
            .all(|other| whole.start <= other.start && other.end <= whole.end && *other != whole)
        && others.iter().any(|other| other.start == whole.start)
        && others.iter().any(|other| other.end == whole.end);
    let labels = found
        .iter()
        .skip(first + 1)
        .filter(|heading| is_untimed_label(heading))
        .count();
    let is_before_labels = is_sure_time(&found[first]) && others.is_empty() && labels > 1 && whole.start == 0;
    let leads = found.iter().take(first).all(|heading| heading.range().is_none());
    if leads && (is_covering || is_before_labels) {
        found.remove(first);
    }
    found
}

/// Drops labels without times where shots are told by times without labels: the labels are beats inside them, or a list about
/// the same shots before or after.
fn without_untimed_labels(found: Vec<Heading>) -> Vec<Heading> {
    let times = found.iter().filter(|heading| is_sure_time(heading)).count();
    let first_time = found.iter().position(is_sure_time).unwrap_or_default();
    let has_timed_labels = found
        .iter()
        .any(|heading| heading.label.is_some() && heading.time.is_some());
    if times < 2 || has_timed_labels {
        return found;
    }
    let labels = found.iter().filter(|heading| is_untimed_label(heading)).count();
    let before = found[..first_time]
        .iter()
        .filter(|heading| is_untimed_label(heading))
        .count();
    let is_list_before = before > 1 && before == labels && labels == times;
    let kept = found.into_iter().enumerate();
    kept.filter(|(n, heading)| !is_untimed_label(heading) || *n < first_time && !is_list_before)
        .map(|(_, heading)| heading)
        .collect()
}

/// Drops labels without times whose numbers have times in another place, in a list before the shots.
fn without_numbers_told_twice(found: Vec<Heading>) -> Vec<Heading> {
    let number = |heading: &Heading| {
        heading
            .label
            .as_ref()
            .map(|label| (label.noun as u8, label.number))
    };
    let timed = found.iter().filter(|heading| heading.time.is_some());
    let timed: HashSet<_> = timed.filter_map(number).collect();
    let is_told_again = |heading: &Heading| {
        is_untimed_label(heading) && number(heading).is_some_and(|number| timed.contains(&number))
    };
    found
        .into_iter()
        .filter(|heading| !is_told_again(heading))
        .collect()
}

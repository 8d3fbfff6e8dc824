//! Drops what looks like the heading of a shot and tells of something else: ages, times of a day, other clips, sections.

use std::sync::LazyLock;

use super::heading::{Heading, Weight};
use super::languages::matcher;
use super::phrase_matcher::PhraseMatcher;
use super::shot_label::Noun;
use super::source::Source;
use super::time_expression::{TimeKind, Unit};
use super::timestamp::WrittenTime;

/// The youngest age that is told as a decade, as if it were milliseconds.
const MIN_DECADE_MS: u32 = 20_000;

/// Drops everything that is no heading of a shot of this script.
pub(super) fn drop_others(source: &Source, found: &mut Vec<Heading>) {
    without_list_of_sound(source, found);
    without_other_clips(source, found);
    without_times_of_day(found);
    without_ages(source, found);
    forget_lengths_of_sections(found);
    without_named_shots(found);
    without_stray_lengths(found);
    without_lengths_told_again(source, found);
}

/// Drops a list of the sound, where the shots have labels and no times: `Music:` above `0-2s: waves`.
fn without_list_of_sound(source: &Source, found: &mut Vec<Heading>) {
    static SOUND: LazyLock<PhraseMatcher<()>> =
        LazyLock::new(|| matcher(&[(|words| words.sound, ()), (|words| words.sound_settings, ())]));
    let untimed = found
        .iter()
        .filter(|heading| heading.label.is_some() && heading.time.is_none());
    let first = found.iter().find(|heading| heading.time.is_some());
    let is_list = first.is_some_and(|first| {
        let end = source.back_run(first.span.start, MAX_LINE, |c| !c.is_alphanumeric());
        let title = source.back_run(end, MAX_LINE, |c| c != '\n');
        first.label.is_none() && first.under_aspect && !SOUND.find(&source.text[title..end]).is_empty()
    });
    if is_list && untimed.count() > 1 {
        found.retain(|heading| heading.label.is_some());
    }
}

/// Drops the times of another clip that a sentence names: `(Next clip: 15-30s: the finale)`.
fn without_other_clips(source: &Source, found: &mut Vec<Heading>) {
    const OTHERS: [&str; 10] = [
        "next clip",
        "next part",
        "previous clip",
        "previously",
        "see clip",
        "comes later",
        "second half",
        "first half",
        "separately",
        "the whole ad",
    ];
    let is_other = |heading: &Heading| {
        let start = source.back_run(heading.span.start, MAX_LINE, |c| c != '\n');
        let end = source.eat_run(heading.span.end, MAX_LINE, |c| c != '\n');
        let line = source.text.get(start..end).unwrap_or_default();
        let stands_apart = !heading.begins_line || line.starts_with('(');
        let line = line.to_lowercase();
        stands_apart && OTHERS.iter().any(|other| line.contains(other))
    };
    found.retain(|heading| heading.label.is_some() || !is_other(heading));
}

/// The longest line that is looked at, in characters.
const MAX_LINE: usize = 80;

/// Takes the range behind a length as the time of its heading: `Shot 1 (3s): 0-3s wide`, `First 3 seconds (0-3s): wide`.
pub(super) fn merge_lengths(source: &Source, found: Vec<Heading>) -> Vec<Heading> {
    const MAX_BETWEEN: usize = 12;
    let mut kept: Vec<Heading> = Vec::with_capacity(found.len());
    for heading in found {
        let before = kept.last_mut().filter(|_| heading.label.is_none());
        let length = before
            .as_ref()
            .and_then(|before| match &before.time.as_ref()?.kind {
                TimeKind::Length(length) => Some(length.clone()),
                _ => None,
            });
        let is_same = |length: &WrittenTime| {
            heading
                .range()
                .is_some_and(|range| range.end == range.start + length.ms)
        };
        if let (Some(before), Some(length)) = (before, length.filter(is_same))
            && source
                .text
                .get(
                    before.time.as_ref().map_or(0, |time| time.span.end)
                        ..heading.time.as_ref().map_or(0, |time| time.span.start),
                )
                .is_some_and(|between| between.len() <= MAX_BETWEEN && !between.contains('\n'))
        {
            before.time = heading.time;
            before.length = Some(length);
            before.span.end = heading.span.end;
            before.title = before.title.take().or(heading.title);
            continue;
        }
        kept.push(heading);
    }
    kept
}

/// Drops shots of another text that a sentence names: `Continue from shot 3 (10-15s)`, `it sets up shot 4 (15-20s)`. One among other
/// words that follows the shot before it is a shot of this one.
fn without_named_shots(found: &mut Vec<Heading>) {
    let is_shot = |heading: &Heading| heading.label.is_some() && heading.range().is_some();
    if !found.iter().any(|heading| is_shot(heading) && !heading.in_words) {
        return;
    }
    let (mut number, mut end) = (0, 0);
    found.retain(|heading| {
        let (Some(label), Some(range)) = (&heading.label, heading.range()) else {
            return true;
        };
        let follows = label.number == number + 1 || range.start == end && label.number > number;
        let is_kept = !heading.in_words || follows;
        if is_kept {
            (number, end) = (label.last, range.end);
        }
        is_kept
    });
}

/// Drops ranges of clocks that all last whole minutes: they are times of a day, as in `06:00-12:00 morning`.
fn without_times_of_day(found: &mut Vec<Heading>) {
    const MINUTE_MS: u32 = 60_000;
    let is_of_day = |heading: &Heading| {
        let range = heading.range().unwrap_or_default();
        let is_clock = heading.time.as_ref().is_some_and(|time| time.unit == Unit::Clock);
        is_clock && range.start.is_multiple_of(MINUTE_MS) && range.end.is_multiple_of(MINUTE_MS)
    };
    let is_long = found
        .iter()
        .any(|heading| heading.range().is_some_and(|range| range.end > 2 * MINUTE_MS));
    if is_long && found.iter().all(is_of_day) {
        found.clear();
    }
}

/// Drops decades, as in `Age range: 20s-30s: Anna; 30s-40s: Bob`.
fn without_ages(source: &Source, found: &mut Vec<Heading>) {
    let first = found.iter().find(|heading| heading.range().is_some());
    let is_age = first.is_some_and(|first| !first.begins_line && is_decades(source, first));
    if is_age && found.iter().all(|heading| is_decades(source, heading)) {
        found.clear();
    }
}

/// Whether a heading without a label may tell decades of an age: `20s-30s`.
pub(super) fn is_decades(source: &Source, heading: &Heading) -> bool {
    let Some(TimeKind::Range(start, Some(end))) = heading.time.as_ref().map(|time| &time.kind) else {
        return false;
    };
    let is_decade = |time: &WrittenTime| {
        time.ms >= MIN_DECADE_MS && time.ms.is_multiple_of(10_000) && source.at(time.at.end) == Some('s')
    };
    heading.label.is_none() && is_decade(start) && is_decade(end)
}

/// Takes the length from a scene whose shots have times of their own, as in `CLIP 1 (8s)` above `0-4s` and `4-8s`.
fn forget_lengths_of_sections(found: &mut [Heading]) {
    for n in 0..found.len() {
        let is_range = |at: usize| {
            found
                .get(at)
                .is_some_and(|next: &Heading| next.label.is_none() && next.range().is_some())
        };
        let has_length = matches!(&found[n].time, Some(time) if matches!(time.kind, TimeKind::Length(_)));
        let is_scene = matches!(&found[n].label, Some(label) if label.noun == Noun::Scene);
        if is_scene && has_length && is_range(n + 1) && is_range(n + 2) {
            found[n].time = None;
            found[n].length = None;
        }
    }
}

/// Drops lengths without labels, as in `(3s) a kite`, unless there are several and nothing else: then they are those of shots.
fn without_stray_lengths(found: &mut Vec<Heading>) {
    let is_length = |heading: &Heading| {
        heading.label.is_none()
            && matches!(&heading.time, Some(time) if matches!(time.kind, TimeKind::Length(_)))
    };
    let lengths = found.iter().filter(|heading| is_length(heading)).count();
    if lengths < 2 || lengths < found.len() {
        found.retain(|heading| !is_length(heading) || heading.weight == Weight::Sure);
    }
    for heading in found.iter_mut().filter(|heading| is_length(heading)) {
        heading.weight = Weight::Sure;
    }
}

/// Drops lengths without labels that tell of shots which have times, as in `First five seconds: calm`: they are in a part of their own,
/// or the shots have labels.
fn without_lengths_told_again(source: &Source, found: &mut Vec<Heading>) {
    let is_length = |heading: &Heading| {
        heading.label.is_none()
            && matches!(&heading.time, Some(time) if matches!(time.kind, TimeKind::Length(_)))
    };
    let is_labelled = found
        .iter()
        .any(|heading| heading.label.is_some() && heading.range().is_some());
    let mut last: Option<usize> = None;
    found.retain(|heading| {
        let is_apart = last.is_some_and(|end| {
            let between = source.text.get(end..heading.span.start).unwrap_or_default();
            is_labelled || between.contains("\n\n")
        });
        let is_kept = !is_length(heading) || !is_apart;
        if heading.range().is_some() {
            last = Some(heading.span.end);
        }
        is_kept
    });
}

/// Takes the first time of a clip from the clip's title: in `CLIP 2` above `0-4s` and `4-8s`, the title is that of both.
pub(super) fn without_titles_of_clips(found: Vec<Heading>) -> Vec<Heading> {
    let begins = |n: usize| {
        let is_scene = matches!(&found[n].label, Some(label) if label.noun == Noun::Scene);
        let own = found[n].range().filter(|_| is_scene)?;
        let next = found.get(n + 1).filter(|next| next.label.is_none())?.range()?;
        (next.start == own.end).then_some(own)
    };
    let clips: Vec<_> = (0..found.len()).filter_map(begins).collect();
    if !clips.windows(2).any(|pair| pair[1].start < pair[0].end) {
        return found;
    }
    let titled: Vec<bool> = (0..found.len()).map(|n| begins(n).is_some()).collect();
    let mut kept = Vec::with_capacity(found.len() + clips.len());
    for (mut heading, is_titled) in found.into_iter().zip(titled) {
        if is_titled {
            kept.push(Heading {
                time: None,
                length: None,
                ..heading.clone()
            });
            heading.label = None;
        }
        kept.push(heading);
    }
    kept
}

//! Selects the headings that are shots, without cues inside shots, lists that tell of the shots again, and sections.

use std::collections::HashSet;
use std::ops::Range;

use crate::model::Model;

use super::heading::{Heading, Restart, Weight};
use super::other_headings::{drop_others, merge_lengths, without_titles_of_clips};
use super::repeated_lists::without_repeated_lists;
use super::restarts::mark_restarts;
use super::shot_label::{Label, Noun};
use super::source::Source;
use super::time_expression::{TimeKind, Unit};

/// A time without a label that starts this late, in milliseconds, cannot begin a script.
const MAX_OPENING_MS: u32 = 60_000;
/// How far a time may be from the end before it to continue from it, in milliseconds.
const MAX_GAP_MS: u32 = 5_000;
/// The same for a heading that is only likely.
const MAX_LIKELY_GAP_MS: u32 = 1_000;

/// The headings of shots, in order, and whether a list tells their times again. Single marks count only if there is nothing
/// else.
pub(super) fn select(source: &Source, found: Vec<Heading>) -> (Vec<Heading>, bool) {
    let found = merge_lengths(source, found);
    let (marks, mut rest): (Vec<_>, Vec<_>) = found.into_iter().partition(is_bare_mark);
    drop_others(source, &mut rest);
    let mut rest = without_titles_of_clips(rest);
    mark_restarts(source, &mut rest);
    let all = rest.len();
    rest.retain(|heading| heading.restart != Restart::Retold);
    let is_told_twice = rest.len() < all;
    let rest = without_repeated_lists(rest);
    let shots = without_containers(in_sequence(one_time_each(rest)));
    (
        if shots.is_empty() { plausible(marks) } else { shots },
        is_told_twice,
    )
}

/// Marks without the lengths that begin lines, unless these rise from 0, as in `0s: …`, `3s: …`, `6s: …`. Several lengths that do not
/// rise are those of shots: `3s: …`, `4s: …`, `3s: …`. A lone mark at 0 tells nothing.
fn plausible(marks: Vec<Heading>) -> Vec<Heading> {
    let of_line = |heading: &Heading| match &heading.time.as_ref()?.kind {
        TimeKind::LineMark(at) => Some(at.ms),
        _ => None,
    };
    let lines: Vec<u32> = marks.iter().filter_map(of_line).collect();
    let rise = lines.len() > 1 && lines[0] == 0 && lines.windows(2).all(|pair| pair[0] < pair[1]);
    let are_seconds = lines.len() == marks.len()
        && marks.iter().all(|heading| {
            heading
                .time
                .as_ref()
                .is_some_and(|time| time.unit == Unit::Seconds)
        });
    if are_seconds && !lines.contains(&0) && lines.windows(2).any(|pair| pair[1] <= pair[0]) {
        return marks.into_iter().map(as_length).collect();
    }
    let marks = marks.into_iter();
    let mut kept: Vec<_> = marks
        .filter(|heading| rise || of_line(heading).is_none())
        .collect();
    forget_times_of_day(&mut kept);
    let is_at_0 = |one: &Heading| {
        one.time
            .as_ref()
            .is_some_and(|time| matches!(&time.kind, TimeKind::Mark(at) if at.ms == 0))
    };
    if matches!(&kept[..], [one] if is_at_0(one)) {
        Vec::new()
    } else {
        kept
    }
}

/// Drops clocks that do not follow the others, as in `At 12:30 the bell rings`.
fn forget_times_of_day(marks: &mut Vec<Heading>) {
    let mut last = 0;
    marks.retain(|heading| {
        let Some(TimeKind::Mark(at) | TimeKind::LineMark(at)) = heading.time.as_ref().map(|time| &time.kind)
        else {
            return true;
        };
        let follows = at.ms.saturating_sub(last) < MAX_OPENING_MS;
        if follows {
            last = at.ms;
        }
        follows
    });
}

/// The heading with its mark as a length.
fn as_length(mut heading: Heading) -> Heading {
    if let Some(time) = &mut heading.time
        && let TimeKind::LineMark(at) = &time.kind
    {
        time.kind = TimeKind::Length(at.clone());
    }
    heading
}

fn is_bare_mark(heading: &Heading) -> bool {
    heading.label.is_none()
        && matches!(&heading.time, Some(time) if matches!(time.kind, TimeKind::Mark(_) | TimeKind::LineMark(_)))
}

/// Gives a label without a time the only range before the next label: some authors write the time after the clause.
fn one_time_each(found: Vec<Heading>) -> Vec<Heading> {
    let mut kept: Vec<Heading> = Vec::with_capacity(found.len());
    let mut found = found.into_iter().peekable();
    let mut last_end = 0;
    while let Some(mut heading) = found.next() {
        if heading.label.is_none() || heading.time.is_some() {
            last_end = heading.range().map_or(last_end, |range| range.end);
            kept.push(heading);
            continue;
        }
        let mut times = Vec::new();
        while let Some(time) = found.next_if(|next| next.label.is_none()) {
            times.push(time);
        }
        match <[Heading; 1]>::try_from(times) {
            Ok([only]) if may_move(&only, last_end) => {
                last_end = only.range().map_or(last_end, |range| range.end);
                heading.time = only.time;
                heading.length = only.length;
                heading.title = heading.title.or(only.title);
                heading.weight = Weight::Sure;
                heading.restart = heading.restart.max(only.restart);
                kept.push(heading);
            }
            Ok([only]) => kept.extend([heading, only]),
            // A label that is followed by several times is a section, not a shot.
            Err(several) if several.iter().any(|time| time.weight == Weight::Sure) => kept.extend(several),
            Err(_) => kept.push(heading),
        }
    }
    kept
}

/// Whether a time within the words after a label belongs to the label.
fn may_move(time: &Heading, last_end: u32) -> bool {
    let joins = time
        .range()
        .is_some_and(|range| range.start.abs_diff(last_end) <= MAX_LIKELY_GAP_MS);
    let has_unit = time.time.as_ref().is_some_and(|time| time.unit != Unit::Bare);
    has_unit && (joins || time.weight == Weight::Sure)
}

/// Keeps the headings that continue from those before.
fn in_sequence(found: Vec<Heading>) -> Vec<Heading> {
    let later_sure = next_sure_starts(&found);
    let timed_labels = found.iter().any(|h| h.label.is_some() && h.range().is_some());
    let mut walk = Walk {
        timed_labels,
        longest_take_ms: Model::max_ms_of_all(),
        ..Walk::default()
    };
    let mut kept: Vec<Heading> = Vec::with_capacity(found.len());
    for (heading, next_start) in found.into_iter().zip(later_sure) {
        walk.begin_again(heading.restart);
        if walk.is_beat(&heading) {
            walk.follows_shot = false;
            if let Some(shot) = kept.last_mut() {
                shot.beats.extend(heading.time.clone());
            }
            continue;
        }
        walk.follows_shot = walk.takes(&heading, next_start);
        if walk.follows_shot {
            walk.step(&heading);
            kept.push(heading);
        } else {
            walk.is_told_again = heading.label.as_ref().is_some_and(|label| walk.was_seen(label));
        }
    }
    kept
}

/// For every heading, where the next certain range starts.
fn next_sure_starts(found: &[Heading]) -> Vec<Option<u32>> {
    let mut next = None;
    let mut starts: Vec<_> = found
        .iter()
        .rev()
        .map(|heading| {
            let after = next;
            if heading.weight == Weight::Sure {
                next = heading.range().map(|range| range.start).or(next);
            }
            after
        })
        .collect();
    starts.reverse();
    starts
}

/// What is known of the headings kept so far.
#[derive(Default)]
struct Walk {
    timed_labels: bool,
    /// An unlabelled time beyond it must carry on from another.
    longest_take_ms: u32,
    last_end: Option<u32>,
    last_number: u32,
    /// The range of the last shot, and whether it has a label.
    outer: Option<(Range<u32>, bool)>,
    /// The previous heading was kept.
    follows_shot: bool,
    /// The previous heading tells of a shot again.
    is_told_again: bool,
    seen: HashSet<(u32, u32)>,
    seen_labels: HashSet<(u32, u32, u32)>,
    seen_numbers: HashSet<(bool, u32)>,
}

impl Walk {
    /// Forgets the shots of another clip or section.
    fn begin_again(&mut self, restart: Restart) {
        if matches!(restart, Restart::No | Restart::Retold) {
            return;
        }
        self.seen_numbers.clear();
        self.last_number = 0;
        self.is_told_again = false;
        if restart == Restart::Clip {
            self.seen.clear();
            self.seen_labels.clear();
            self.last_end = None;
            self.outer = None;
        }
    }

    fn takes(&self, heading: &Heading, next_start: Option<u32>) -> bool {
        match (&heading.label, heading.range()) {
            (Some(label), Some(range)) => {
                let is_pasted_again =
                    self.follows_shot && heading.is_on_next_line && label.number == self.last_number;
                !self.seen_labels.contains(&(label.number, range.start, range.end)) || is_pasted_again
            }
            (Some(label), None) => {
                !self.tells_again(label)
                    && !self.refers(heading)
                    && (heading.weight == Weight::Sure || label.number == self.last_number + 1)
            }
            (None, Some(range)) => self.carries_on(heading, &range, next_start),
            (None, None) => true,
        }
    }

    fn was_seen(&self, label: &Label) -> bool {
        self.seen_numbers
            .contains(&(label.noun == Noun::Shot, label.number))
    }

    /// Whether a label without a time belongs to a list about shots that were there before, such as a list of their light.
    fn tells_again(&self, label: &Label) -> bool {
        self.was_seen(label) && (label.number < self.last_number || self.is_told_again)
    }

    /// Whether the heading refers to a shot that was there before: `The music drops at shot 2 (3s).`
    fn refers(&self, heading: &Heading) -> bool {
        let label = heading.label.as_ref();
        !heading.begins_line
            && label.is_some_and(|label| label.number == self.last_number && self.was_seen(label))
    }

    /// Whether a time without a label is a cue or a beat inside the last shot.
    fn is_beat(&self, heading: &Heading) -> bool {
        let Some((range, (outer, is_labelled))) = heading.range().zip(self.outer.as_ref()) else {
            return false;
        };
        let is_within = outer.start <= range.start
            && range.start <= range.end
            && range.start < outer.end
            && range.end <= outer.end;
        let is_part = *is_labelled || range != *outer;
        heading.label.is_none() && is_within && is_part
    }

    /// Whether a time without a label is a shot, and not a second list about the same shots. A second list does not start on the line after a shot: there, another shot may have the same time.
    fn carries_on(&self, heading: &Heading, range: &Range<u32>, next_start: Option<u32>) -> bool {
        let is_next = self.follows_shot && heading.is_on_next_line;
        let is_repeated = self.seen.contains(&(range.start, range.end)) && !is_next;
        if is_repeated {
            return false;
        }
        if self.timed_labels && (heading.tagged || heading.weight == Weight::Likely) {
            return false;
        }
        let gap = self.last_end.map(|end| end.abs_diff(range.start));
        match heading.weight {
            Weight::Likely => {
                let joins = gap.map_or(range.start == 0, |gap| gap <= MAX_LIKELY_GAP_MS);
                joins
                    && range.start < range.end
                    && next_start.is_none_or(|next| next + MAX_LIKELY_GAP_MS >= range.end)
            }
            Weight::Sure => match gap {
                Some(gap) => range.start <= self.longest_take_ms || gap <= MAX_GAP_MS,
                None => range.start < MAX_OPENING_MS,
            },
        }
    }

    fn step(&mut self, heading: &Heading) {
        let range = heading.range();
        self.is_told_again = false;
        if let Some(label) = &heading.label {
            self.last_number = label.last;
            self.seen_numbers.insert((label.noun == Noun::Shot, label.number));
            self.outer = range.clone().map(|range| (range, true));
            if let Some(range) = &range {
                self.seen_labels.insert((label.number, range.start, range.end));
            }
        }
        if let Some(range) = range {
            self.seen.insert((range.start, range.end));
            self.last_end = Some(range.end);
            if heading.label.is_none() {
                self.outer = Some((range, false));
            }
        }
    }
}

/// Drops scenes that contain numbered shots. In `Shot 1, Scene 2, Shot 3` with one running number, all stay.
fn without_containers(kept: Vec<Heading>) -> Vec<Heading> {
    let is = |heading: &Heading, noun| matches!(&heading.label, Some(label) if label.noun == noun);
    let numbers: Vec<u32> = kept
        .iter()
        .filter_map(|h| Some(h.label.as_ref()?.number))
        .collect();
    let running = numbers.windows(2).all(|pair| pair[1] > pair[0]);
    let mixed = kept.iter().any(|h| is(h, Noun::Shot)) && kept.iter().any(|h| is(h, Noun::Scene));
    // A section with a number of its own stands above shots that go on counting: `Part 2` above `Shot 7`.
    let is_told = |heading: &Heading| heading.time.is_some();
    let heads = kept
        .iter()
        .filter(|heading| is(heading, Noun::Scene))
        .all(|scene| !is_told(scene))
        && kept.iter().filter(|heading| is(heading, Noun::Shot)).all(is_told);
    if mixed && (heads || !running) {
        kept.into_iter().filter(|h| !is(h, Noun::Scene)).collect()
    } else {
        kept
    }
}

//! Reads shot scripts, in whatever way people write them, into shots, times and references; checks and changes them.
//!
//! [`read`] accepts every text and never fails. Positions are byte offsets into the text, and times are in milliseconds.
//! The text goes through four steps: `tokens` finds labels and times, `heading` finds what may be headings,
//! `shot_selection` keeps those of shots, and `timeline` fills in times.
//!
//! [`lint`] checks a script against its request and fixes it. [`expand`] replaces variables and snippets in a prompt.
//! [`camera_vocabulary`] has the phrases for the camera.

use std::ops::Range;

mod after_heading;
mod ascii_digits;
mod before_heading;
mod blank_script;
mod camera_sentences;
pub mod camera_vocabulary;
mod certain_times;
mod citations;
mod end_marks;
pub mod expand;
mod heading;
mod label_and_time;
mod languages;
mod letters;
mod line_timeline;
pub mod lint;
mod other_headings;
mod other_times;
mod other_units;
mod phrase_matcher;
mod renumber_citations;
mod repeated_lists;
mod restarts;
mod retime;
mod screenplay_beats;
mod shot_label;
mod shot_selection;
mod shot_text;
mod source;
mod stated_length;
mod table_rows;
mod time_expression;
mod timeline;
mod timestamp;
mod tokens;
mod told_times;
mod uncited_numbers;

pub use blank_script::blank_script;
pub use citations::{Citation, Cited};
pub use phrase_matcher::PhraseMatcher;
pub use renumber_citations::renumber_citations;
pub use retime::move_boundary;
pub use stated_length::StatedLength;
pub use timeline::Fit;
pub use timestamp::{TimeFormat, WrittenTime};

use crate::model::parameters::Medium;
use heading::Heading;
use source::Source;
use time_expression::{Time, TimeKind, Unit};
use tokens::Token;

/// A prompt as shots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// In the order of the text.
    pub shots: Vec<Shot>,
    /// The shots of each clip, whose times begin at 0: one clip, unless the text has several scripts one after the other.
    pub clips: Vec<Range<usize>>,
    /// Every citation of a reference, in order.
    pub references: Vec<Citation>,
    pub timing: Timing,
    /// The length that the text states for the whole, as in `a 15-second video`.
    pub stated: Option<StatedLength>,
    /// A list tells the times of the shots again, so that they cannot be changed in one place.
    pub is_told_twice: bool,
    /// Places in time are told outside the times of the shots and what happens inside them, so that the shots' times cannot be
    /// changed alone.
    pub has_other_times: bool,
    /// What leaves doubt about the times, so that no fix changes them without being asked for: another time, or one that may be none.
    pub doubt: Option<Range<usize>>,
    /// The first time that looks like that of a shot, where no shot was read.
    pub unread: Option<Range<usize>>,
}

/// How the times are written; the first of these that occurs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timing {
    /// `0-3s`
    Ranges,
    /// `3 seconds`
    Durations,
    /// `T00:03`
    Marks,
    None,
}

/// One shot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shot {
    /// As written, or one more than that of the shot before.
    pub number: u32,
    /// The last number of a heading for several shots, as in `SHOT 2-3`; otherwise the same number.
    pub last_number: u32,
    /// The words that a dash, a stroke or a bracket sets apart from the text; empty when there are none.
    pub title: String,
    /// Milliseconds, as written or the sum of the lengths before.
    pub start: Option<u32>,
    /// Milliseconds, as written, summed, or where the next shot starts. It may be before the start if the author wrote
    /// it so.
    pub end: Option<u32>,
    /// The bytes of what is to be seen and heard. It contains the heading when that stands within the sentence, and is
    /// the title when there are no other words.
    pub text: Range<usize>,
    /// The bytes of the heading, with brackets and decoration.
    pub heading: Range<usize>,
    pub written: WrittenTimes,
}

/// The times of a shot as the author wrote them, each with its bytes and its form.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WrittenTimes {
    pub start: Option<WrittenTime>,
    pub end: Option<WrittenTime>,
    pub length: Option<WrittenTime>,
    /// The bytes of the number's digits.
    pub number: Option<Range<usize>>,
    /// The end is a slot to be filled: `0.0-__s`.
    pub open: bool,
    /// The starts and ends of what happens inside the shot.
    pub beats: Vec<WrittenTime>,
}

impl WrittenTimes {
    /// Every time expression, in the order of the text.
    pub fn stamps(&self) -> impl Iterator<Item = &WrittenTime> {
        self.start
            .iter()
            .chain(&self.end)
            .chain(&self.length)
            .chain(&self.beats)
    }
}

/// Reads a prompt.
pub fn read(text: &str) -> Script {
    let rows = table_rows::with_separators(text);
    let text = rows.as_deref().unwrap_or(text);
    match ascii_digits::with_ascii_digits(text) {
        Some((same, places)) => read_counted(&same).0.moved(|at| places.of(at)),
        None => read_counted(text).0,
    }
}

/// The script, and how many looks at characters the reading took.
fn read_counted(text: &str) -> (Script, u64) {
    let source = Source::new(text);
    let references = citations::citations(&source);
    let tokens = tokens::tokens(&source);
    let found = heading::headings(&source, &tokens);
    let (mut headings, mut is_told_twice) =
        shot_selection::select(&source, without_times_of_citations(&source, found, &references));
    if let Some(others) = better_timeline(&source, &headings) {
        (headings, is_told_twice) = shot_selection::select(&source, others);
    }
    if headings.is_empty() {
        headings = screenplay_beats::beats(&source);
    }
    keep_apart(&mut headings);
    let bodies = shot_text::bodies(&source, &headings);
    let mut shots = Vec::with_capacity(headings.len());
    let mut last = 0;
    for (heading, body) in headings.iter().zip(bodies) {
        let shot = shot(&source, heading, body, last);
        last = shot.last_number;
        shots.push(shot);
    }
    end_marks::apply(text, &mut headings, &mut shots);
    let clips = clips(&headings);
    let timing = timeline::resolve(&mut shots, &clips);
    let stated = stated_length::stated_length(&source, &tokens, &shots);
    let known = certain_times::Known {
        headings: &headings,
        shots: &shots,
        clips: &clips,
        citations: &references,
        stated: stated.as_ref(),
    };
    let script = Script {
        doubt: certain_times::doubt(&source, &known),
        stated,
        unread: unread(&source, &tokens, &shots),
        has_other_times: other_times::has_other_times(&source, &tokens, &shots, &references),
        is_told_twice,
        shots,
        clips,
        references,
        timing,
    };
    (script, source.looks())
}

/// A timeline in a form that no rule knows, where the rules found none, or only one range of it.
fn better_timeline(source: &Source, known: &[Heading]) -> Option<Vec<Heading>> {
    let mut ranges = known
        .iter()
        .filter_map(|heading| heading.time.as_ref().filter(|_| heading.range().is_some()));
    let (first, more) = (ranges.next(), ranges.next());
    if more.is_some() || known.iter().any(|heading| heading.label.is_some()) {
        return None;
    }
    let others = line_timeline::line_timeline(source);
    let has = |time: &Time| {
        others.iter().any(|heading| {
            heading
                .time
                .as_ref()
                .is_some_and(|own| own.span.contains(&time.span.start))
        })
    };
    (others.len() > 1 && first.is_none_or(has)).then_some(others)
}

/// The shots of each clip.
fn clips(headings: &[Heading]) -> Vec<Range<usize>> {
    let begins = |n: &usize| *n == 0 || headings[*n].restart == heading::Restart::Clip;
    let starts: Vec<usize> = (0..headings.len()).filter(begins).collect();
    let ends = starts.iter().skip(1).copied().chain([headings.len()]);
    starts.iter().zip(ends).map(|(start, end)| *start..end).collect()
}

/// The first range that looks like the time of a shot that was not read: the first of several that rise from 0 where no shot has a
/// time, or one that starts where the timeline ends or soon after.
fn unread(source: &Source, tokens: &[Token], shots: &[Shot]) -> Option<Range<usize>> {
    let ranges = tokens.iter().filter_map(|token| match token {
        Token::Time(time)
            if time.unit != Unit::Bare && !time_expression::is_amount(source, time.span.end) =>
        {
            match &time.kind {
                TimeKind::Range(start, Some(end)) if start.ms < end.ms => Some((time, start.ms, end.ms)),
                _ => None,
            }
        }
        _ => None,
    });
    let ranges: Vec<_> = ranges.collect();
    if shots.iter().any(|shot| shot.start.is_some()) {
        let last = shots.iter().filter_map(|shot| shot.end).max()?;
        let after = ranges
            .iter()
            .find(|(_, start, _)| (last..=last.saturating_add(MAX_PAUSE_MS)).contains(start))?;
        return Some(after.0.span.clone());
    }
    let rises = |pair: &[(&Time, u32, u32)]| pair[0].2 <= pair[1].1 && pair[0].1 <= MAX_FIRST_MS;
    let first = ranges.windows(2).find(|pair| rises(pair))?;
    Some(first[0].0.span.clone())
}

/// What starts longer after the last shot is another time, such as a place in a song, in milliseconds.
const MAX_PAUSE_MS: u32 = 15_000;
/// What starts later is no first shot, in milliseconds.
const MAX_FIRST_MS: u32 = 1000;

/// Ends every heading, with its title, before the next one: brackets that never close would reach past it.
fn keep_apart(headings: &mut [Heading]) {
    let starts: Vec<usize> = headings
        .iter()
        .skip(1)
        .map(|heading| heading.span.start)
        .collect();
    for (heading, next) in headings.iter_mut().zip(starts) {
        heading.span.end = heading.span.end.min(next).max(heading.span.start);
        heading.title = heading.title.take().filter(|title| title.end <= next);
    }
}

/// Drops times that follow a cited video or audio: `Video 1 (3-5s)` is a place in that video.
fn without_times_of_citations(source: &Source, found: Vec<Heading>, references: &[Citation]) -> Vec<Heading> {
    let follows_citation = |heading: &Heading| {
        let start = heading
            .time
            .as_ref()
            .map_or(heading.span.start, |time| time.span.start);
        let end = source.back_run(start, 4, |c| source::is_blank(c) || source::is_opener(c));
        let cited = references
            .binary_search_by_key(&end, |citation| citation.at.end)
            .ok()
            .map(|n| &references[n].cited);
        let is_timed = matches!(cited, Some(Cited::Numbered { kind, .. }) if *kind != Medium::Image);
        is_timed && (heading.weight == heading::Weight::Likely || after_heading::opens_before(source, start))
    };
    found
        .into_iter()
        .filter(|heading| heading.label.is_some() || !follows_citation(heading))
        .collect()
}

fn shot(source: &Source, heading: &Heading, text: Range<usize>, last_number: u32) -> Shot {
    let written = written(heading);
    let number = heading
        .label
        .as_ref()
        .map_or(last_number.saturating_add(1), |label| label.number);
    Shot {
        number,
        last_number: heading.label.as_ref().map_or(number, |label| label.last),
        title: shot_text::title(source, heading, &text),
        start: written.start.as_ref().map(|stamp| stamp.ms),
        end: written.end.as_ref().map(|stamp| stamp.ms),
        text,
        heading: heading.span.clone(),
        written,
    }
}

/// The times of a beat.
fn beats(time: &Time) -> Vec<WrittenTime> {
    match &time.kind {
        TimeKind::Range(start, end) => [start.clone()].into_iter().chain(end.clone()).collect(),
        TimeKind::Mark(at) | TimeKind::LineMark(at) | TimeKind::Length(at) => vec![at.clone()],
    }
}

fn written(heading: &Heading) -> WrittenTimes {
    let none = WrittenTimes {
        length: heading.length.clone(),
        beats: heading.beats.iter().flat_map(beats).collect(),
        number: heading.label.as_ref().and_then(|label| label.digits.clone()),
        ..WrittenTimes::default()
    };
    match heading.time.as_ref().map(|time| time.kind.clone()) {
        None => none,
        Some(TimeKind::Range(start, end)) => WrittenTimes {
            open: end.is_none(),
            start: Some(start),
            end,
            ..none
        },
        Some(TimeKind::Mark(start) | TimeKind::LineMark(start)) => WrittenTimes {
            start: Some(start),
            ..none
        },
        Some(TimeKind::Length(length)) => WrittenTimes {
            length: Some(length),
            ..none
        },
    }
}

#[cfg(test)]
#[path = "bounded_work_tests.rs"]
mod bounded_work_tests;

//! Finds what may be headings: labels and times that belong together, weighed by how they stand in the text.

use std::ops::Range;
use std::sync::LazyLock;

use super::after_heading::{End, Tail, after_dash, before_dash, opening_words, opens_before, tail, trimmed};
use super::before_heading::{HeadingPlace, Lead, lead};
use super::label_and_time::{Joint, label_to_time, time_to_label};
use super::languages::matcher;
use super::phrase_matcher::PhraseMatcher;
use super::shot_label::Label;
use super::source::{Source, is_blank, is_closer, is_colon, is_opener, is_stop};
use super::time_expression::{Time, TimeKind, Unit, is_amount, order_of};
use super::timestamp::WrittenTime;
use super::tokens::Token;

/// Words that introduce the length of the whole, and whether they are only the title of a list when a bracket closes after
/// them: `【时间轴】0—3秒`.
static TOTALS: LazyLock<PhraseMatcher<bool>> =
    LazyLock::new(|| matcher(&[(|words| words.totals, false), (|words| words.timelines, true)]));
/// The longest of them, in characters.
const MAX_TOTAL_WORDS: usize = 24;
/// The longest name before a time, in characters.
const MAX_NAME: usize = 40;

/// How certain it is that something is a heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    Sure,
    /// It is a heading only if its time continues from the shot before.
    Likely,
}

/// What begins at a heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Restart {
    #[default]
    No,
    /// A section in which shots are numbered anew, as in `Scene 2: Shot 1 …`.
    Section,
    /// Another clip: times start again at 0.
    Clip,
    /// Nothing: it belongs to a list that tells of the shots again.
    Retold,
}

/// A possible heading of a shot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Heading {
    pub(super) label: Option<Label>,
    pub(super) time: Option<Time>,
    /// A length written after the range.
    pub(super) length: Option<WrittenTime>,
    pub(super) weight: Weight,
    pub(super) span: Range<usize>,
    pub(super) title: Option<Range<usize>>,
    /// It is within the sentence that it belongs to.
    pub(super) amid: bool,
    /// The name of a section precedes it.
    pub(super) tagged: bool,
    /// It is first in its line.
    pub(super) begins_line: bool,
    /// It is among other words: `as in shot 3 (10-15s)`.
    pub(super) in_words: bool,
    /// It is on the line after the previous heading.
    pub(super) is_on_next_line: bool,
    /// The line before it is the title of a list about the shots, such as `LIGHT`.
    pub(super) under_aspect: bool,
    /// What begins again here.
    pub(super) restart: Restart,
    /// Times inside the shot.
    pub(super) beats: Vec<Time>,
}

impl Heading {
    /// The start and end in milliseconds, if the heading has a range.
    pub(super) fn range(&self) -> Option<Range<u32>> {
        match &self.time.as_ref()?.kind {
            TimeKind::Range(start, end) => Some(start.ms..end.as_ref().map_or(start.ms, |end| end.ms)),
            TimeKind::Length(_) | TimeKind::Mark(_) | TimeKind::LineMark(_) => None,
        }
    }
}

/// Every possible heading of the text, in order.
pub(super) fn headings(source: &Source, tokens: &[Token]) -> Vec<Heading> {
    let mut found = Vec::new();
    let mut i = 0;
    while let Some(token) = tokens.get(i) {
        let (heading, used) = match (token, tokens.get(i + 1)) {
            (Token::Label(label), Some(Token::Time(time))) => match label_to_time(source, label, time) {
                Some(joint) => (Some(labelled_time(source, label, time, joint)), 2),
                None => (bare_label(source, label), 1),
            },
            (Token::Label(label), _) => (bare_label(source, label), 1),
            (Token::Time(time), Some(Token::Label(label)))
                if time_to_label(source, time, label, tokens.get(i + 2)) =>
            {
                (Some(timed_label(source, time, label)), 2)
            }
            (Token::Time(time), _) => (bare_time(source, time), 1),
        };
        found.extend(heading);
        i += used;
    }
    let mut last_end = None;
    for heading in &mut found {
        let between = last_end.and_then(|end| source.text.get(end..heading.span.start));
        heading.is_on_next_line = between.is_some_and(|text| text.matches('\n').count() == 1);
        last_end = Some(heading.span.end);
    }
    confirm_lines(&mut found);
    found
}

/// A pause between two lines that is no longer keeps them together, in milliseconds.
const MAX_PAUSE_MS: u32 = 3_000;

/// Ranges that begin lines and follow one another are certain, also without a mark after them: `0-4s  A girl …`.
fn confirm_lines(found: &mut [Heading]) {
    let line = |heading: &Heading| {
        let has_unit = heading.time.as_ref().is_some_and(|time| time.unit != Unit::Bare);
        heading
            .range()
            .filter(|_| heading.label.is_none() && heading.begins_line && has_unit)
    };
    for n in 1..found.len() {
        if let (Some(before), Some(after)) = (line(&found[n - 1]), line(&found[n]))
            && before.start < before.end
            && (before.end..=before.end.saturating_add(MAX_PAUSE_MS)).contains(&after.start)
        {
            found[n - 1].weight = Weight::Sure;
            found[n].weight = Weight::Sure;
        }
    }
}

/// `Shot 1 (0-3s): …`
fn labelled_time(source: &Source, label: &Label, time: &Time, joint: Joint) -> Heading {
    let tail = tail(source, time.span.end, joint.opened);
    let titled = match joint.title {
        Some(title) => (Some(title), tail.past),
        None => title_after(source, &tail),
    };
    let lead = lead(source, label.span.start);
    heading(source, &lead, (Some(label), Some(time)), &tail, titled)
}

/// `[0-3s] Shot 1: …`
fn timed_label(source: &Source, time: &Time, label: &Label) -> Heading {
    let tail = tail(source, label.span.end, opens_before(source, label.span.start));
    let between = source
        .text
        .get(time.span.end..label.span.start)
        .unwrap_or_default();
    if let Some(line_end) = between.find(['\n', '\r']) {
        let title = trimmed(
            source,
            past_closers(source, time.span.end)..time.span.end + line_end,
        );
        let lead = lead(source, time.span.start);
        return heading(
            source,
            &lead,
            (Some(label), Some(time)),
            &tail,
            (title, tail.past),
        );
    }
    let titled = match title_after(source, &tail) {
        (None, past) if tail.end == End::Colon => match opening_words(source, past) {
            Some((title, line_end)) => (Some(title), line_end.unwrap_or(past)),
            None => (None, past),
        },
        other => other,
    };
    let lead = lead(source, time.span.start);
    heading(source, &lead, (Some(label), Some(time)), &tail, titled)
}

/// Past the closing brackets and blanks at `i`.
fn past_closers(source: &Source, i: usize) -> usize {
    source.eat_run(i, 8, |c| is_blank(c) || is_closer(c) || is_colon(c))
}

/// `Shot 1: …` without a time.
fn bare_label(source: &Source, label: &Label) -> Option<Heading> {
    let lead = lead(source, label.span.start);
    let tail = tail(source, label.span.end, lead.opened);
    let counts_on = source.at(tail.past).is_some_and(|c| c.is_ascii_digit());
    let bracketed = lead.opened && tail.closed;
    let weight = match (lead.place, tail.end) {
        (_, End::Dash) if counts_on => return None,
        (HeadingPlace::Line | HeadingPlace::Clause, End::Colon) => Weight::Sure,
        (HeadingPlace::Line | HeadingPlace::Clause, _) if bracketed => Weight::Sure,
        (HeadingPlace::Line, End::Break | End::Dash) => Weight::Sure,
        (HeadingPlace::Middle, End::Colon) | (HeadingPlace::Line, End::Comma | End::Words) => Weight::Likely,
        _ => return None,
    };
    let titled = title_after(source, &tail);
    Some(Heading {
        weight,
        ..heading(source, &lead, (Some(label), None), &tail, titled)
    })
}

/// `0-3s: …`, `(0-3s) …`, `T00:00 - …` without a label.
fn bare_time(source: &Source, time: &Time) -> Option<Heading> {
    let lead = lead(source, time.span.start);
    let tail = tail(source, time.span.end, lead.opened);
    if let Some(heading) = length_in_order(source, time, &tail) {
        return Some(heading);
    }
    // `(3s) a kite`, `| 1 | 3s | a kite |`
    let is_cell = |i: usize| {
        source.before(source.back_run(i, 3, is_blank)) == Some('|')
            && source.at(source.blanks(time.span.end)) == Some('|')
    };
    if matches!(time.kind, TimeKind::Length(_))
        && lead.place == HeadingPlace::Line
        && (lead.opened && tail.closed || is_cell(time.span.start))
    {
        return Some(Heading {
            weight: Weight::Likely,
            ..heading(source, &lead, (None, Some(time)), &tail, (None, tail.past))
        });
    }
    let time = &line_mark(time, &lead, &tail).unwrap_or_else(|| time.clone());
    let named = name_before(source, &lead, &tail).or_else(|| name_inside(source, time, &lead, &tail));
    let weight = match (&time.kind, time.unit) {
        (TimeKind::Length(_), _) => return None,
        (TimeKind::Mark(_), _) => mark_weight(source, time)?,
        (TimeKind::LineMark(_), _) => Weight::Sure,
        (TimeKind::Range(..), Unit::Bare) => unitless_weight(time, &lead, &tail)?,
        (TimeKind::Range(..), _) if named.is_some() => Weight::Sure,
        (TimeKind::Range(..), _) => range_weight(source, time, &lead, &tail)?,
    };
    let titled = title_after(source, &tail);
    let mut heading = heading(source, &lead, (None, Some(time)), &tail, titled);
    heading.weight = weight;
    if let Some((start, title)) = named {
        heading.span.start = start;
        heading.title = Some(title);
    } else {
        heading.amid = lead.place == HeadingPlace::Middle && tail.end != End::Colon;
    }
    Some(heading)
}

/// A length after a word that tells its place among the others, as in `First 5 seconds: …`, `接下来3秒：…`.
fn length_in_order(source: &Source, time: &Time, tail: &Tail) -> Option<Heading> {
    if tail.end != End::Colon || !matches!(time.kind, TimeKind::Length(_)) {
        return None;
    }
    let word = order_of(source, time)?;
    // `In the first 3 seconds: …`, `Nos primeiros 3 segundos: …`
    let article = source.back_run(word, MAX_ARTICLE, |c| c.is_alphabetic() || is_blank(c));
    let lead = lead(
        source,
        if source.line_starts(article) {
            article
        } else {
            word
        },
    );
    let is_first = lead.place != HeadingPlace::Middle || source.before(lead.start).is_some_and(is_stop);
    is_first.then(|| heading(source, &lead, (None, Some(time)), tail, (None, tail.past)))
}

/// The longest words before those that tell the place of a length, in characters.
const MAX_ARTICLE: usize = 14;

/// A length or a clock that begins a line, as in `3s: it dives` or `0:03 it dives`, as the time at which something starts.
fn line_mark(time: &Time, lead: &Lead, tail: &Tail) -> Option<Time> {
    let (stamp, is_heading) = match &time.kind {
        TimeKind::Length(stamp) => (stamp, matches!(tail.end, End::Colon | End::Dash)),
        TimeKind::Mark(stamp) if time.unit == Unit::Clock && time.span == stamp.at => (stamp, true),
        _ => return None,
    };
    (is_heading && lead.place == HeadingPlace::Line).then(|| Time {
        kind: TimeKind::LineMark(stamp.clone()),
        ..time.clone()
    })
}

/// A certain heading of these parts; `past` is where its text starts.
fn heading(
    source: &Source,
    lead: &Lead,
    (label, time): (Option<&Label>, Option<&Time>),
    tail: &Tail,
    (title, past): (Option<Range<usize>>, usize),
) -> Heading {
    let end = source.back_run(past.min(source.text.len()), 8, is_blank);
    Heading {
        label: label.cloned(),
        time: time.cloned(),
        length: tail.length.clone(),
        weight: Weight::Sure,
        span: lead.start..end.max(lead.start),
        title,
        amid: false,
        tagged: lead.tag,
        begins_line: lead.place == HeadingPlace::Line,
        in_words: lead.place == HeadingPlace::Middle,
        is_on_next_line: false,
        under_aspect: is_under_aspect(source, lead.start),
        restart: Restart::No,
        beats: Vec::new(),
    }
}

/// Titles of lists that tell of one side of the shots.
static ASPECTS: LazyLock<PhraseMatcher<()>> = LazyLock::new(|| matcher(&[(|words| words.aspects, ())]));

/// Whether `words` are such a title.
pub(super) fn is_aspect(words: &str) -> bool {
    ASPECTS.at(words, 0).is_some_and(|(end, _)| end == words.len())
}

/// Whether `words` contain such a title.
pub(super) fn names_aspect(words: &str) -> bool {
    !ASPECTS.find(words).is_empty()
}

/// The longest title of a list about the shots that holds more than the words for it, as in `Music cues`, in words.
const MAX_ASPECT_WORDS: usize = 3;

/// Whether the line before `i`, or the words before it on its line, are the title of a list about the shots.
pub(super) fn is_under_aspect(source: &Source, i: usize) -> bool {
    let is_between = |c: char| {
        is_blank(c)
            || is_colon(c)
            || is_closer(c)
            || is_opener(c)
            || matches!(c, '\n' | '\r' | '*' | '#' | '-' | '—')
    };
    let end = source.back_run(i, 12, is_between);
    if source.phrase_before(end, MAX_TOTAL_WORDS, &ASPECTS).is_some() {
        return true;
    }
    let start = source.back_run(end, MAX_TOTAL_WORDS, |c| !matches!(c, '\n' | '\r'));
    let title = source.text.get(start..end).unwrap_or_default();
    let words = title
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty());
    let is_named = title.to_lowercase().starts_with("the ") || title.contains(|c: char| c.is_ascii_digit());
    source.line_starts(start)
        && !is_named
        && words.count() <= MAX_ASPECT_WORDS
        && !ASPECTS.find(title).is_empty()
}

/// The title in or after the tail, and where the text starts.
fn title_after(source: &Source, tail: &Tail) -> (Option<Range<usize>>, usize) {
    let found = match tail.end {
        _ if tail.title.is_some() => None,
        End::Colon => before_dash(source, tail.past),
        End::Dash => after_dash(source, tail.past),
        _ => None,
    };
    match found {
        Some((title, past)) => (Some(title), past),
        None => (tail.title.clone(), tail.past),
    }
}

/// The weight of a range with a unit or as a clock: it has to be first in its line or clause, in brackets, or followed by
/// a colon.
fn range_weight(source: &Source, time: &Time, lead: &Lead, tail: &Tail) -> Option<Weight> {
    let bracketed = lead.opened && tail.closed;
    if !bracketed && is_amount(source, time.span.end) || is_total(source, time.span.start) {
        return None;
    }
    match (lead.place, tail.end) {
        (HeadingPlace::Line, _) if bracketed || tail.title.is_some() => Some(Weight::Sure),
        (HeadingPlace::Line, End::Words) => Some(Weight::Likely),
        (HeadingPlace::Line, _) | (HeadingPlace::Clause, End::Colon) => Some(Weight::Sure),
        (HeadingPlace::Clause, _) if bracketed => Some(Weight::Sure),
        (HeadingPlace::Clause, _) => Some(Weight::Likely),
        (HeadingPlace::Middle, End::Colon) if bracketed => Some(Weight::Sure),
        (HeadingPlace::Middle, End::Colon) => Some(Weight::Likely),
        (HeadingPlace::Middle, _) => (bracketed || time.unit == Unit::Clock).then_some(Weight::Likely),
    }
}

/// Whether the range is the length of the whole: `Duration: 0-15s`, `【时长】0-15秒`, `[TIMELINE 0:00-0:09]`.
fn is_total(source: &Source, start: usize) -> bool {
    let is_between = |c: char| is_blank(c) || is_colon(c) || is_closer(c) || is_opener(c) || c == '*';
    let word_end = source.back_run(start, 8, is_between);
    let Some(word) = source.phrase_before(word_end, MAX_TOTAL_WORDS, &TOTALS) else {
        return false;
    };
    let is_title = source.phrase(word, &TOTALS).is_some_and(|(_, is_title)| is_title);
    !is_title
        || !source
            .text
            .get(word_end..start)
            .is_some_and(|between| between.contains(is_closer))
}

/// The weight of a range without a unit: it has to be short, run forwards, and be followed by a colon.
fn unitless_weight(time: &Time, lead: &Lead, tail: &Tail) -> Option<Weight> {
    const MAX_END_MS: u32 = 60_000;
    let TimeKind::Range(start, Some(end)) = &time.kind else {
        return None;
    };
    let plausible = start.ms < end.ms && end.ms <= MAX_END_MS && tail.end == End::Colon;
    match lead.place {
        _ if !plausible => None,
        HeadingPlace::Line => Some(Weight::Sure),
        HeadingPlace::Clause => Some(Weight::Likely),
        HeadingPlace::Middle => None,
    }
}

/// The weight of a single mark: `T00:00` or a spoken one; a bare clock is no heading.
fn mark_weight(source: &Source, time: &Time) -> Option<Weight> {
    let is_t = source.at(time.span.start).is_some_and(|c| matches!(c, 'T' | 't'));
    (is_t || time.unit == Unit::Seconds).then_some(Weight::Sure)
}

/// A short name before the bracket that holds the time, as in `Opening (0–2s):` or `── Opening (0–2s) ──`, and where the
/// heading then starts.
fn name_before(source: &Source, lead: &Lead, tail: &Tail) -> Option<(usize, Range<usize>)> {
    let led = lead.place == HeadingPlace::Middle && lead.opened && tail.closed;
    if !led || !matches!(tail.end, End::Colon | End::Break | End::Dash) {
        return None;
    }
    let open = source.back_run(lead.start, 3, |c| is_blank(c) || is_opener(c) || c == '*');
    let mut start = open;
    for _ in 0..MAX_NAME {
        let Some(c) = source.before(start).filter(|_| !source.line_starts(start)) else {
            break;
        };
        if is_stop(c) || matches!(c, '"' | '”' | ':' | '：' | ',' | '，') {
            break;
        }
        start -= c.len_utf8();
    }
    let bounded = source.line_starts(start) || !source.before(start).is_some_and(char::is_alphanumeric);
    let title = trimmed(source, start..open).filter(|_| bounded)?;
    let is_whole = is_total(source, open)
        || source
            .whole_word(title.start, &["total", "video", "timeline"])
            .is_some();
    let first = source.eat_run(start, 8, is_blank);
    (!is_whole).then_some((first, title))
}

/// A short name before the time within one bracket, `[Arrival 0–5s]`, and where the heading then starts.
fn name_inside(source: &Source, time: &Time, lead: &Lead, tail: &Tail) -> Option<(usize, Range<usize>)> {
    if lead.place == HeadingPlace::Line || lead.opened || !tail.closed {
        return None;
    }
    let start = source.back_run(time.span.start, MAX_NAME, |c| {
        !is_opener(c) && !is_closer(c) && !is_stop(c) && !matches!(c, '\n' | '"' | '“' | '@')
    });
    let bracket = source.before(start).filter(|c| is_opener(*c))?;
    let title = trimmed(source, start..time.span.start)?;
    let has_digits = source
        .text
        .get(title.clone())?
        .contains(|c: char| c.is_ascii_digit());
    let before = super::before_heading::lead(source, start);
    let leads = matches!(before.place, HeadingPlace::Line | HeadingPlace::Clause);
    (leads && !has_digits && !is_total(source, time.span.start)).then(|| (start - bracket.len_utf8(), title))
}

//! Whether the times of a script may be changed without asking: they are surely times of shots, and nothing else in the text tells a
//! time that would then be wrong, such as `At 20s the music swells`, a stated length or a second of black.

use std::ops::Range;
use std::sync::LazyLock;

use super::heading::Heading;
use super::languages::{matcher, words};
use super::letters::{is_spaced_letter, is_unspaced};
use super::other_units::is_other_unit;
use super::phrase_matcher::PhraseMatcher;
use super::shot_selection::is_decades;
use super::source::{Source, is_blank, is_colon, is_dash, is_opener};
use super::stated_length::{StatedLength, lengths_in_words};
use super::time_expression::{TimeKind, Unit, range, unit};
use super::timestamp::{TimeFormat, clock, digits, seconds};
use super::{Citation, Shot};

/// What is known of the script.
pub(super) struct Known<'a> {
    pub(super) headings: &'a [Heading],
    pub(super) shots: &'a [Shot],
    pub(super) clips: usize,
    pub(super) citations: &'a [Citation],
    pub(super) stated: Option<&'a StatedLength>,
}

/// Whether a certain fix may change the times. Where the times are in order, none does.
pub(super) fn are_certain(source: &Source, known: &Known) -> bool {
    let starts_late = known.shots.first().is_some_and(|shot| shot.start > Some(0));
    let is_sure = |heading: &Heading| is_sure(source, heading, starts_late);
    // A second clip may be a list about the same shots.
    are_in_order(known.shots)
        || known.clips < 2
            && rise(known.shots)
            && known.headings.iter().all(is_sure)
            && (!starts_late
                || known
                    .headings
                    .first()
                    .is_none_or(|first| stands_out(source, first)))
            && !tells_times(source, known)
            && !fades_to_black(source, known.shots)
}

/// Whether every shot starts where the one before it ends or later, however the ends of each are written.
fn rise(shots: &[Shot]) -> bool {
    let begins = |shot: &Shot| {
        Some(
            shot.end
                .map_or(shot.start?, |end| shot.start.unwrap_or(end).min(end)),
        )
    };
    let follows =
        |pair: &[Shot]| begins(&pair[1]).is_none_or(|next| pair[0].end.max(pair[0].start) <= Some(next));
    shots.windows(2).all(follows)
}

/// Whether no fix has a time to change, so that the search for others can be spared.
fn are_in_order(shots: &[Shot]) -> bool {
    let follows = |pair: &[Shot]| pair[0].end.is_none() || pair[0].end == pair[1].start;
    shots.first().is_none_or(|shot| shot.start == Some(0)) && shots.windows(2).all(follows)
}

/// Whether the numbers of a heading are surely those of a shot and were written by its author, not taken from subtitles.
fn is_sure(source: &Source, heading: &Heading, starts_late: bool) -> bool {
    let Some(time) = &heading.time else { return true };
    let is_of_subtitles = match &time.kind {
        TimeKind::Range(start, _) => matches!(start.form, TimeFormat::Clock { comma: true, .. }),
        _ => false,
    };
    let is_age = starts_late && is_decades(source, heading);
    !is_of_subtitles && !is_age && (heading.label.is_some() || time.unit != Unit::Bare)
}

/// Whether the first time begins its line or a bracket, unlike that of `The offer: 20s-30s: Anna`.
fn stands_out(source: &Source, heading: &Heading) -> bool {
    let Some(time) = heading.time.as_ref().filter(|_| heading.label.is_none()) else {
        return true;
    };
    let line = source.back_run(time.span.start, MAX_LEAD, |c| !c.is_alphabetic() && c != '\n');
    source.line_starts(line) || source.text[line..time.span.start].contains(is_opener)
}

/// The longest marks and numbers before a time that begins its line, in characters.
const MAX_LEAD: usize = 12;

/// Whether the text before a gap tells that the picture is black.
fn fades_to_black(source: &Source, shots: &[Shot]) -> bool {
    static BLACK: LazyLock<PhraseMatcher<()>> = LazyLock::new(|| matcher(&[(|words| words.black, ())]));
    let has_gap = |pair: &&[Shot]| pair[0].end.is_some() && pair[0].end < pair[1].start;
    let is_black = |pair: &[Shot]| {
        let text = pair[0].text.start..pair[1].heading.start.max(pair[0].text.start);
        !BLACK.find(&source.text[text]).is_empty()
    };
    shots.windows(2).filter(has_gap).any(is_black)
}

/// Whether a number in the text beside those of the headings may tell a time within the timeline.
fn tells_times(source: &Source, known: &Known) -> bool {
    let ends = || {
        known
            .shots
            .iter()
            .flat_map(|shot| [shot.start, shot.end])
            .flatten()
    };
    let (first, last) = (ends().min().unwrap_or(0), ends().max().unwrap_or(0));
    // The end stays where it is unless all times move.
    let most = if first > 0 { last } else { last.saturating_sub(1) };
    // What is before the first shot may be the length of the whole.
    let is_whole = |ms: u32| ms < first && ms == last - first;
    let is_within = |ms: u32| 0 < ms && ms <= most && !is_whole(ms);
    // A range from 0 to the end tells the whole.
    let is_part = |start: u32, end: u32| start <= most && (start > 0 || end < last);
    let is_told = |(start, end): (u32, u32)| {
        if end > start {
            is_part(start, end)
        } else {
            is_within(start)
        }
    };
    let own = own_numbers(known);
    let is_own = |at: usize| {
        let next = own.partition_point(|range| range.end <= at);
        own.get(next)
            .filter(|range| range.start <= at)
            .map(|range| range.end)
    };
    let in_words = lengths_in_words(source, source.text.len());
    if in_words
        .iter()
        .any(|length| is_within(length.ms) && is_own(length.at.start).is_none())
    {
        return true;
    }
    let mut at = 0;
    while let Some(found) = source.text[at..].find(|c: char| c.is_ascii_digit()) {
        at += found;
        at = match is_own(at) {
            Some(past) => past,
            None => match other_number(source, at) {
                (_, Some(time)) if is_told(time) => return true,
                (past, _) => past,
            },
        };
    }
    false
}

/// The bytes of the numbers that are known: those of times, labels and citations, and the length of the whole.
fn own_numbers(known: &Known) -> Vec<Range<usize>> {
    let stamps = known.shots.iter().flat_map(|shot| shot.written.stamps());
    let labels = known.headings.iter().filter_map(|heading| heading.label.as_ref());
    let cited = known.citations.iter().map(|citation| citation.at.clone());
    let mut own: Vec<Range<usize>> = stamps
        .map(|stamp| stamp.at.clone())
        .chain(labels.map(|label| label.span.clone()))
        .chain(cited)
        .chain(known.stated.map(|stated| stated.at.clone()))
        .collect();
    own.sort_by_key(|range| range.start);
    own
}

/// Where the number at `i` ends, and the start and the end in milliseconds that it may tell; both are the same for one time.
fn other_number(source: &Source, i: usize) -> (usize, Option<(u32, u32)>) {
    let plain = source.eat_run(i, usize::MAX, |c| c.is_ascii_digit());
    let is_glued = |c: char| is_spaced_letter(c) || "_$€£¥/#.^".contains(c);
    if !source.line_starts(i) && source.before(i).is_some_and(is_glued) {
        return (plain, None);
    }
    if let Some(time) = range(source, i) {
        let told = match time.kind {
            TimeKind::Range(start, Some(end)) => Some((start.ms, end.ms)),
            _ => None,
        };
        return (
            time.span.end,
            told.filter(|_| !is_other_unit(source, time.span.end)),
        );
    }
    let Some(time) = clock(source, i).or_else(|| seconds(source, i)) else {
        return (plain, None);
    };
    let end = time.at.end;
    let told = (end, Some((time.ms, time.ms)));
    let hyphen = source.eat(end, is_dash).unwrap_or(end);
    let has_unit = [end, hyphen].into_iter().any(|end| unit(source, end).is_some());
    if has_unit || matches!(time.form, TimeFormat::Clock { .. }) {
        return told;
    }
    // `16:9`, `1/2`, `12-15fps`
    let joint = source.eat(end, |c| is_colon(c) || is_dash(c) || c == '/');
    if let Some(past) = joint.and_then(|next| digits(source, next, 5)) {
        return (past, None);
    }
    let is_of_others = is_other_unit(source, end)
        || source.goes_on(end)
        || source.at(end).is_some_and(|c| "%°×′″'\"".contains(c));
    if is_of_others || is_item(source, i, end) || is_named(source, i) || counts(source, i, end) {
        return (end, None);
    }
    told
}

/// Whether the number is that of an item of a list or of a row: `1. a kite`, `| 1 |`.
fn is_item(source: &Source, start: usize, end: usize) -> bool {
    let line = source.back_run(start, 6, |c| {
        is_blank(c) || is_opener(c) || matches!(c, '|' | '#' | '*' | '-' | '•')
    });
    let ends = source.blanks(end);
    source.line_starts(line)
        && (source.line_ends(ends)
            || source
                .at(ends)
                .is_some_and(|c| matches!(c, '.' | ')' | '|' | '、' | ']' | '）' | '】' | '．')))
}

/// Whether the number belongs to the noun before it: `take 3`, `"shot": 1`.
fn is_named(source: &Source, i: usize) -> bool {
    static LABELS: LazyLock<PhraseMatcher<()>> =
        LazyLock::new(|| matcher(&[(|words| words.shots, ()), (|words| words.scenes, ())]));
    const NAMES: [&str; 8] = ["id", "no", "no.", "n", "number", "index", "seed", "order"];
    let noun = source.back_run(i, 4, |c| is_blank(c) || matches!(c, '"' | ':' | '#' | '='));
    let is_name = NAMES.iter().any(|name| {
        source
            .word_before(noun, name)
            .is_some_and(|at| !source.goes_on_before(at))
    });
    if is_name || source.phrase_before(noun, MAX_WORD, &LABELS).is_some() {
        return true;
    }
    let word = source.back_run(i, 2, is_blank);
    source.goes_on_before(word) && !follows_moment(source, word)
}

/// The longest word that introduces a moment, in characters.
const MAX_WORD: usize = 12;

/// Whether the number counts what the word after it names, as in `3 people`, `3只猫`, and no word introduces a moment.
fn counts(source: &Source, start: usize, end: usize) -> bool {
    let word = source.blanks(end);
    let next = source.at(word).filter(|c| c.is_alphabetic());
    let follows = next.is_some_and(|c| word > end || is_unspaced(c));
    follows && !follows_moment(source, source.back_run(start, 2, is_blank))
}

/// Whether a word that introduces a moment, such as `at` or `until`, ends at `i`.
fn follows_moment(source: &Source, i: usize) -> bool {
    const OTHERS: [&str; 18] = [
        "at",
        "until",
        "till",
        "by",
        "before",
        "after",
        "around",
        "ab",
        "nach",
        "um",
        "après",
        "avant",
        "después",
        "antes",
        "dopo",
        "prima",
        "после",
        "в",
    ];
    static MOMENTS: LazyLock<PhraseMatcher<()>> = LazyLock::new(|| {
        let joints = words(|language| language.from)
            .chain(words(|language| language.to))
            .chain(words(|language| language.until));
        PhraseMatcher::new(joints.chain(OTHERS).map(|word| (word, ())))
    });
    source.phrase_before(i, MAX_WORD, &MOMENTS).is_some()
}

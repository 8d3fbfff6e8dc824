//! Whether the times of a script may be changed without asking: they are surely those of shots, only what needs it would change, and
//! nothing else in the text tells a time that would then be wrong.

use std::sync::LazyLock;

use crate::model::parameters::Medium;

use super::heading::Heading;
use super::languages::matcher;
use super::phrase_matcher::PhraseMatcher;
use super::shot_selection::is_decades;
use super::source::{Source, is_colon, is_opener, is_stop};
use super::stated_length::StatedLength;
use super::time_expression::{TimeKind, Unit};
use super::timeline::MIN_CONTINUED_MS;
use super::timestamp::TimeFormat;
use super::told_times::tells_times;
use super::{Citation, Cited, Shot};

/// A longer gap may be meant, or a shot is missing, in milliseconds.
const MAX_GAP_MS: u32 = 3_000;

/// What is known of the script.
pub(super) struct Known<'a> {
    pub(super) headings: &'a [Heading],
    pub(super) shots: &'a [Shot],
    pub(super) clips: usize,
    pub(super) citations: &'a [Citation],
    pub(super) stated: Option<&'a StatedLength>,
}

impl Known<'_> {
    /// Where the first shot starts and the last one ends, in milliseconds.
    pub(super) fn span(&self) -> (u32, u32) {
        let times = || {
            let each = self.shots.iter().flat_map(|shot| [shot.start, shot.end]);
            each.flatten()
        };
        (times().min().unwrap_or(0), times().max().unwrap_or(0))
    }

    /// Whether the first shot starts after 0.
    pub(super) fn starts_late(&self) -> bool {
        self.shots.first().is_some_and(|shot| shot.start > Some(0))
    }
}

/// Whether a certain fix may change the times. Where the times are in order, none does.
pub(super) fn are_certain(source: &Source, known: &Known) -> bool {
    let is_sure = |heading: &Heading| is_sure(source, heading, known.starts_late());
    are_in_order(known.shots)
        // A second clip may be a list about the same shots.
        || known.clips < 2
            && rise(known.shots)
            && known.headings.iter().all(is_sure)
            && are_complete(known.headings)
            && is_introduced(source, known)
            && !cites_video(known.citations)
            && agrees_with_length(known)
            && (moves_as_a_whole(known) || !continues(known) && may_be_closed(source, known))
            && !tells_times(source, known)
}

/// Whether every shot starts where the one before it ends or later, however the ends of each are written.
fn rise(shots: &[Shot]) -> bool {
    shots
        .windows(2)
        .all(|pair| begin(&pair[1]).is_none_or(|next| finish(&pair[0]) <= Some(next)))
}

/// The earlier one of a shot's times.
fn begin(shot: &Shot) -> Option<u32> {
    let start = shot.start?;
    Some(shot.end.map_or(start, |end| end.min(start)))
}

/// The later one of a shot's times.
fn finish(shot: &Shot) -> Option<u32> {
    shot.end.max(shot.start)
}

/// Whether no fix has a time to change, so that the search for others can be spared.
fn are_in_order(shots: &[Shot]) -> bool {
    let follows = |pair: &[Shot]| pair[0].end.is_none() || pair[0].end == pair[1].start;
    shots.first().is_none_or(|shot| shot.start == Some(0)) && shots.windows(2).all(follows)
}

/// Whether the numbers of a heading are surely the start and the end of a shot: with a unit, unlike `Shot 1 (1-3 people)`, no length,
/// no age, and not from subtitles, whose pauses are meant.
fn is_sure(source: &Source, heading: &Heading, starts_late: bool) -> bool {
    let Some(time) = &heading.time else { return true };
    let is_written_so = match &time.kind {
        TimeKind::Range(start, end) => {
            end.is_some() && !matches!(start.form, TimeFormat::Clock { comma: true, .. })
        }
        TimeKind::Length(_) => false,
        TimeKind::Mark(_) | TimeKind::LineMark(_) => true,
    };
    let is_age = starts_late && is_decades(source, heading);
    is_written_so && time.unit != Unit::Bare && heading.length.is_none() && !is_age
}

/// Whether no number of a shot is missing: `Shot 2` before `Shot 4` leaves room for another one.
fn are_complete(headings: &[Heading]) -> bool {
    headings
        .windows(2)
        .all(|pair| match (&pair[0].label, &pair[1].label) {
            (Some(before), Some(next)) => next.number == before.last + 1,
            _ => true,
        })
}

/// The longest title, in characters.
const MAX_TITLE: usize = 24;
/// The longest line that is looked at, in characters.
const MAX_LINE: usize = 200;

/// Whether the text before the first shot leads to a script, unlike `The sheet on the wall reads: 0-2s: …`: it is a title such as
/// `Timeline:`, or has ended, and no quotation is open.
fn is_introduced(source: &Source, known: &Known) -> bool {
    static TITLES: LazyLock<PhraseMatcher<()>> = LazyLock::new(|| {
        matcher(&[
            (|words| words.titles, ()),
            (|words| words.timelines, ()),
            (|words| words.totals, ()),
            (|words| words.shots, ()),
            (|words| words.scenes, ()),
            (|words| words.films, ()),
        ])
    });
    let Some(first) = known.headings.first() else {
        return true;
    };
    let start = first.span.start;
    let line = source.back_run(start, MAX_LINE, |c| c != '\n');
    let before = source.text.get(line..start).unwrap_or_default();
    let is_quoted = before.matches('"').count() % 2 == 1
        || before.rfind(['“', '「', '«']) > before.rfind(['”', '」', '»']);
    let is_rim = |c: char| c.is_whitespace() || is_opener(c) || "*#-•>|`_".contains(c);
    let end = source.back_run(start, MAX_LINE, is_rim);
    let has_ended = source
        .text
        .get(end..start)
        .is_some_and(|rim| rim.contains(['\n', '|']) || rim.contains(is_opener));
    let leads = match source.before(end) {
        None => true,
        Some(c) if is_colon(c) => source
            .phrase_before(end - c.len_utf8(), MAX_TITLE, &TITLES)
            .is_some(),
        Some(c) => has_ended || is_stop(c),
    };
    leads && !is_quoted
}

/// Whether a video is cited, so that the times may be places in it.
fn cites_video(citations: &[Citation]) -> bool {
    citations.iter().any(|citation| {
        matches!(
            citation.cited,
            Cited::Words(Medium::Video)
                | Cited::Numbered {
                    kind: Medium::Video,
                    ..
                }
        )
    })
}

/// Whether the length that the text states, if any, has room for the shots.
fn agrees_with_length(known: &Known) -> bool {
    let (first, last) = known.span();
    let needed = if moves_as_a_whole(known) {
        last - first
    } else {
        last
    };
    known.stated.is_none_or(|stated| stated.ms >= needed)
}

/// Whether the first shot starts so late that the times may be counted from there.
fn continues(known: &Known) -> bool {
    known.span().0 >= MIN_CONTINUED_MS
}

/// Whether several shots follow one another without gaps and only start late, so that all would move alike.
fn moves_as_a_whole(known: &Known) -> bool {
    let follows = |pair: &[Shot]| pair[0].end.is_some() && pair[0].end == pair[1].start;
    let runs_on = |shot: &Shot| shot.end.is_none_or(|end| Some(end) > shot.start);
    known.starts_late()
        && known.shots.len() > 1
        && known.shots.iter().all(runs_on)
        && known.shots.windows(2).all(follows)
}

/// Whether every gap is short and not meant, and the two ends of a range that runs backwards fit between its neighbours.
fn may_be_closed(source: &Source, known: &Known) -> bool {
    let has_beats = known.shots.iter().any(|shot| !shot.written.beats.is_empty());
    !has_beats
        && known.shots.windows(2).all(|pair| {
            let (Some(end), Some(next)) = (finish(&pair[0]), begin(&pair[1])) else {
                return true;
            };
            let runs_backwards = pair
                .iter()
                .any(|shot| shot.end.is_some() && shot.end < shot.start);
            let gap = next.saturating_sub(end);
            gap == 0 || gap <= MAX_GAP_MS && !runs_backwards && !is_meant(source, pair)
        })
}

/// Whether the text before the gap tells that the picture is black, or ends with a line in brackets or between dashes.
fn is_meant(source: &Source, pair: &[Shot]) -> bool {
    static BLACK: LazyLock<PhraseMatcher<()>> = LazyLock::new(|| matcher(&[(|words| words.black, ())]));
    const ALONE: [&str; 8] = [
        "black", "white", "blank", "nothing", "schwarz", "negro", "nero", "黑",
    ];
    let text = pair[0].text.start..pair[1].heading.start.max(pair[0].text.start);
    let text = source.text.get(text).unwrap_or_default();
    let last = text.trim().lines().last().unwrap_or_default().trim();
    let is_apart = last.starts_with("--")
        || last.starts_with(['(', '（', '[', '*', '~']) && last.ends_with([')', '）', ']', '*', '~']);
    let sentence = text.trim_end_matches(|c: char| !c.is_alphanumeric());
    let word = sentence.rsplit(['.', '。', '!', '\n']).next().unwrap_or_default();
    let is_alone = ALONE.contains(&word.trim().to_lowercase().as_str());
    is_apart || is_alone || !BLACK.find(text).is_empty()
}

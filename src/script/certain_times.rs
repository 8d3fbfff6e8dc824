//! Whether the times of a script may be changed without asking: they are surely those of shots, only what needs it would change, and
//! nothing else in the text tells a time that would then be wrong.

use std::ops::Range;
use std::sync::LazyLock;

use crate::model::parameters::Medium;

use super::heading::{Heading, is_aspect, names_aspect};
use super::languages::{matcher, words};
use super::other_headings::is_decades;
use super::phrase_matcher::PhraseMatcher;
use super::source::{Source, is_colon, is_opener, is_stop};
use super::stated_length::StatedLength;
use super::time_expression::{TimeKind, Unit};
use super::timeline::MIN_CONTINUED_MS;
use super::timestamp::TimeFormat;
use super::told_times::told_time;
use super::{Citation, Cited, Shot};

/// A longer gap may be meant, or a shot is missing, in milliseconds.
const MAX_GAP_MS: u32 = 3_000;

/// A gap that is no longer may come from counting seconds inclusively, in milliseconds.
const INCLUSIVE_GAP_MS: u32 = 1_000;

/// What is known of the script.
pub(super) struct Known<'a> {
    pub(super) headings: &'a [Heading],
    pub(super) shots: &'a [Shot],
    pub(super) clips: &'a [Range<usize>],
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

/// What leaves doubt about the times, so that no fix changes them without being asked for: the bytes of the first such thing. Where the
/// times are in order, no fix does.
pub(super) fn doubt(source: &Source, known: &Known) -> Option<Range<usize>> {
    if are_in_order(known.shots) {
        return None;
    }
    let is_unsure = |heading: &&Heading| !is_sure(source, heading, known.starts_late());
    let unsure = || {
        known
            .headings
            .iter()
            .find(is_unsure)
            .map(|heading| heading.span.clone())
    };
    unsure()
        .or_else(|| falls(known))
        .or_else(|| missing(known.headings))
        .or_else(|| introduction(source, known))
        .or_else(|| ordered(source))
        .or_else(|| known.starts_late().then(|| song(source)).flatten())
        .or_else(|| cited_video(known.citations))
        .or_else(|| other_length(known))
        .or_else(|| told_time(source, known))
        .or_else(|| {
            let may_move = moves_as_a_whole(known) || !continues(known);
            let all = || known.shots.first().map(|shot| shot.heading.clone());
            let whole = moves_as_a_whole(known);
            if may_move {
                meant_gap(source, known).filter(|_| !whole)
            } else {
                all()
            }
        })
}

/// The first shot that starts before the one before it ends, however the ends of each are written, or begins another clip, which may be a
/// list about the same shots.
fn falls(known: &Known) -> Option<Range<usize>> {
    let is_late = |pair: &&[Shot]| begin(&pair[1]).is_some_and(|next| finish(&pair[0]) > Some(next));
    let falling = known.shots.windows(2).find(is_late).map(|pair| &pair[1]);
    let second = known.clips.get(1).and_then(|clip| known.shots.get(clip.start));
    second.or(falling).map(|shot| shot.heading.clone())
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

/// The heading before which a number of a shot is missing: `Shot 4` after `Shot 2` leaves room for another one.
fn missing(headings: &[Heading]) -> Option<Range<usize>> {
    let leaves_room = |pair: &&[Heading]| match (&pair[0].label, &pair[1].label) {
        (Some(before), Some(next)) => next.number != before.last + 1,
        _ => false,
    };
    headings
        .windows(2)
        .find(leaves_room)
        .map(|pair| pair[1].span.clone())
}

/// The longest line that is looked at, in characters.
const MAX_LINE: usize = 200;

/// Words of titles of lists that are shown, heard or of another text: `The sheet on the wall reads:`.
const LISTS: &str = "reads|read|says|shows|lists|displays|shown|written|printed|taped|screen|sign|sheet|slide|board|app|timer|menu|chart|\
    scale|song|track|cues|hits|flashes|strobe|lasers|previous|previously|original|source|exam|price|prices|age|ages|groups|was|were|\
    these parts|steps|levels|scores";
/// The most words of a title that names one side of the shots, such as `Voice and sound:`.
const MAX_ASPECT_WORDS: usize = 3;

/// The text before the first shot, if that may belong to another list than a script: its title says so (`The sheet on the wall reads:`,
/// `SFX`), words lead into the time, or a quotation is open.
fn introduction(source: &Source, known: &Known) -> Option<Range<usize>> {
    static TITLES: LazyLock<PhraseMatcher<()>> = LazyLock::new(|| {
        matcher(&[
            (|words| words.titles, ()),
            (|words| words.timelines, ()),
            (|words| words.totals, ()),
            (|words| words.shots, ()),
            (|words| words.scenes, ()),
        ])
    });
    static SHOWN: LazyLock<PhraseMatcher<()>> = LazyLock::new(|| {
        let written = words(|language| language.written);
        PhraseMatcher::new(written.chain(LISTS.split('|')).map(|word| (word, ())))
    });
    let start = known.headings.first()?.span.start;
    let line = source.back_run(start, MAX_LINE, |c| c != '\n');
    let before = source.text.get(line..start)?;
    let is_value = before
        .strip_suffix('"')
        .is_some_and(|key| key.trim_end().ends_with("\":"));
    let is_quoted = !is_value
        && (before.matches('"').count() % 2 == 1
            || before.rfind(['“', '「', '«']) > before.rfind(['”', '」', '»']));
    let is_rim = |c: char| c.is_whitespace() || is_opener(c) || "*#-•>|`_".contains(c);
    let end = source.back_run(start, MAX_LINE, is_rim);
    let rim = source.text.get(end..start)?;
    let title = source.back_run(end, MAX_LINE, |c| c != '\n');
    let words = source
        .text
        .get(title..end)?
        .trim_matches(|c: char| !c.is_alphanumeric());
    let is_short = words.split_whitespace().count() <= MAX_ASPECT_WORDS;
    let leads = match source.before(end) {
        // A byte order mark may begin the text.
        None | Some('\u{feff}') => true,
        _ if is_value => true,
        Some(c) if is_colon(c) => {
            // `Storyboard (12s):`
            let name = words.split(['(', '（']).next().unwrap_or_default().trim_end();
            TITLES
                .find(name)
                .last()
                .is_some_and(|(at, ())| at.end == name.len())
                || SHOWN.find(words).is_empty() && !(is_short && names_aspect(words))
        }
        Some(_) if rim.contains('\n') => !is_aspect(words),
        Some(c) => {
            is_stop(c)
                || rim.contains('|')
                || rim.contains(is_opener)
                || source.at(start).is_some_and(is_opener)
        }
    };
    (!leads || is_quoted).then_some(title..end)
}

/// Words that forbid a change of the times, or tell that the gaps are meant.
fn ordered(source: &Source) -> Option<Range<usize>> {
    static ORDERS: LazyLock<PhraseMatcher<()>> = LazyLock::new(|| matcher(&[(|words| words.orders, ())]));
    let orders = ORDERS.find(source.text);
    orders.into_iter().map(|(at, ())| at).next()
}

/// A song or a finished film, whose times those of a late first shot may be.
fn song(source: &Source) -> Option<Range<usize>> {
    static SONGS: LazyLock<PhraseMatcher<()>> = LazyLock::new(|| matcher(&[(|words| words.songs, ())]));
    let songs = SONGS.find(source.text);
    songs.into_iter().map(|(at, ())| at).next()
}

/// A cited video, in which the times may be places.
fn cited_video(citations: &[Citation]) -> Option<Range<usize>> {
    let is_video = |citation: &&Citation| {
        matches!(
            citation.cited,
            Cited::Words(Medium::Video)
                | Cited::Numbered {
                    kind: Medium::Video,
                    ..
                }
        )
    };
    citations
        .iter()
        .find(is_video)
        .map(|citation| citation.at.clone())
}

/// The length that the text states, if it has no room for the shots.
fn other_length(known: &Known) -> Option<Range<usize>> {
    let (first, last) = known.span();
    let needed = if moves_as_a_whole(known) {
        last - first
    } else {
        last
    };
    known
        .stated
        .filter(|stated| stated.ms < needed)
        .map(|stated| stated.at.clone())
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

/// The first shot after a gap that is long or meant, or beside a range that runs backwards and does not fit between its neighbours. Times
/// inside a shot would not stay what they are.
fn meant_gap(source: &Source, known: &Known) -> Option<Range<usize>> {
    let beats = known.shots.iter().flat_map(|shot| &shot.written.beats);
    let beat = beats.map(|beat| beat.at.clone()).next();
    let is_doubtful = |pair: &&[Shot]| {
        let (Some(end), Some(next)) = (finish(&pair[0]), begin(&pair[1])) else {
            return false;
        };
        let runs_backwards = pair
            .iter()
            .any(|shot| shot.end.is_some() && shot.end < shot.start);
        let gap = next.saturating_sub(end);
        let is_filled = || gap > INCLUSIVE_GAP_MS && has_interlude(source, pair);
        gap > 0 && (gap > MAX_GAP_MS || runs_backwards || is_meant(source, pair) || is_filled())
    };
    beat.or_else(|| {
        known
            .shots
            .windows(2)
            .find(is_doubtful)
            .map(|pair| pair[1].heading.clone())
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

/// Whether the last line before the second shot tells of what is between the two: `Transition: smoke fills the frame`.
fn has_interlude(source: &Source, pair: &[Shot]) -> bool {
    static INTERLUDES: LazyLock<PhraseMatcher<()>> =
        LazyLock::new(|| matcher(&[(|words| words.interludes, ())]));
    let text = pair[0].text.start..pair[1].heading.start.max(pair[0].text.start);
    let text = source.text.get(text).unwrap_or_default().trim();
    let last = text.lines().last().unwrap_or_default();
    let words = last.trim_start_matches(|c: char| !c.is_alphanumeric());
    text.contains('\n') && INTERLUDES.at(words, 0).is_some()
}

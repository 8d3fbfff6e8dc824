//! Whether the text tells times beside those of the headings: a moment, a length or a list, in figures or in words.

use std::ops::Range;
use std::sync::LazyLock;

use super::certain_times::Known;
use super::languages::{matcher, number_words, words};
use super::letters::{is_spaced_letter, is_unspaced};
use super::other_units::is_other_unit;
use super::phrase_matcher::PhraseMatcher;
use super::source::{Source, is_blank, is_colon, is_dash, is_opener};
use super::stated_length::lengths_in_words;
use super::time_expression::{TimeKind, Unit, range, unit};
use super::timestamp::{TimeFormat, clock, digits, seconds};

/// Words for the unit.
static SECONDS: LazyLock<PhraseMatcher<()>> = LazyLock::new(|| matcher(&[(|words| words.seconds, ())]));
/// The bytes of an abbreviation of two characters.
const MAX_ABBREVIATION: usize = 6;
/// A line that begins with a time so soon after the last shot may be a shot, in milliseconds.
const MAX_PAUSE_MS: u32 = 15_000;
/// The longest word that introduces a moment, in characters.
const MAX_WORD: usize = 14;

/// Something beside the headings that may tell a time within the timeline.
pub(super) fn told_time(source: &Source, known: &Known) -> Option<Range<usize>> {
    let (first, last) = known.span();
    let is_late = known.starts_late();
    // The end stays where it is unless all times move.
    let most = if is_late { last } else { last.saturating_sub(1) };
    // What is before the first shot may be the length of the whole.
    let is_whole = |ms: u32| ms < first && ms == last - first;
    let is_within = |ms: u32| 0 < ms && ms <= most && !is_whole(ms);
    // `Continuing from 15s` tells where the first shot starts.
    let shots = known.headings.first().map_or(0, |heading| heading.span.start);
    let continues_at = |at: usize, ms: u32| is_late && at < shots && ms == first;
    // A range over all shots, or from 0 to their end, tells the whole.
    let is_part =
        |start: u32, end: u32| start <= most && (start > 0 || end < last) && (start, end) != (first, last);
    let own = Own::of(known);
    let mut in_words = lengths_in_words(source, source.text.len()).into_iter();
    let in_words = in_words.find(|length| is_within(length.ms) && own.past(length.at.start).is_none());
    if let Some(told) = in_words
        .map(|length| length.at)
        .or_else(|| named_second(source, &own))
    {
        return Some(told);
    }
    let mut at = 0;
    while let Some(found) = source.text[at..].find(|c: char| c.is_ascii_digit()) {
        at += found;
        if let Some(past) = own.past(at) {
            at = past;
            continue;
        }
        let number = number(source, at);
        let is_told = match number.what {
            What::Time(start, end) if start < end => is_part(start, end),
            What::Time(ms, _) => {
                is_within(ms) && !continues_at(at, ms)
                    || ms > last && ms <= last + MAX_PAUSE_MS && source.line_starts(at)
            }
            What::Frames => true,
            // All times would move, so that each number among them counts.
            What::Amount(ms) => is_late && (first..=last).contains(&ms),
            What::Other => false,
        };
        if is_told {
            return Some(at..unit(source, number.past).unwrap_or(number.past));
        }
        at = number.past;
    }
    None
}

/// The bytes of the numbers that are known, in order: those of times, labels and citations, and the length of the whole.
struct Own(Vec<Range<usize>>);

impl Own {
    fn of(known: &Known) -> Self {
        let stamps = known.shots.iter().flat_map(|shot| shot.written.stamps());
        let labels = known.headings.iter().filter_map(|heading| heading.label.as_ref());
        let cited = known.citations.iter().map(|citation| citation.at.clone());
        let times = known.headings.iter().filter_map(|heading| heading.time.as_ref());
        let mut own: Vec<Range<usize>> = stamps
            .map(|stamp| stamp.at.clone())
            .chain(times.map(|time| time.span.clone()))
            .chain(labels.map(|label| label.span.clone()))
            .chain(cited)
            .chain(known.stated.map(|stated| stated.at.clone()))
            .collect();
        own.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
        // What lies within another one is known with it.
        let mut reached = 0;
        own.retain(|range| {
            let is_new = range.end > reached;
            reached = reached.max(range.end);
            is_new
        });
        Self(own)
    }

    /// Where the known number at `at` ends, if there is one.
    fn past(&self, at: usize) -> Option<usize> {
        let next = self.0.partition_point(|range| range.end <= at);
        let range = self.0.get(next).filter(|range| range.start <= at);
        range.map(|range| range.end)
    }

    /// Whether a known number ends at `at`.
    fn ends_at(&self, at: usize) -> bool {
        self.0.binary_search_by_key(&at, |range| range.end).is_ok()
    }
}

/// The unit beside a number or a number word, as in `after second 2`, `the fifth second`, `第二十二秒`.
fn named_second(source: &Source, own: &Own) -> Option<Range<usize>> {
    const ORDINALS: [&str; 12] = [
        "first", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "last", "every",
        "each",
    ];
    static NUMBERS: LazyLock<PhraseMatcher<u32>> = LazyLock::new(number_words);
    let is_named = |at: &Range<usize>| {
        let before = source.back_run(at.start, 3, |c| is_blank(c) || is_dash(c) || c == '.');
        // A number in figures is looked at by itself, and `24帧/秒`, `每秒24帧` are rates.
        let is_rate_or_number = source
            .before(before)
            .is_some_and(|c| c.is_ascii_digit() || "/每".contains(c));
        if at.len() < 2 || is_rate_or_number || own.past(at.start).is_some() || own.ends_at(before) {
            return false;
        }
        // A unit of a language without spaces means nothing else, but for the Thai abbreviation, which begins words such as `วิ่ง`.
        if let Some(c) = source.at(at.start).filter(|c| is_unspaced(*c)) {
            return !('\u{e00}'..='\u{e7f}').contains(&c) || at.len() > MAX_ABBREVIATION;
        }
        let mark = source.eat_run(at.end, 3, |c| is_blank(c) || c == '#');
        let next = source
            .word(mark, "no. ")
            .or_else(|| source.word(mark, "ke-"))
            .unwrap_or(mark);
        let is_number =
            source.at(next).is_some_and(|c| c.is_ascii_digit()) || source.phrase(next, &NUMBERS).is_some();
        let word = source.back_run(before, MAX_WORD, |c| is_spaced_letter(c) || c == '\'');
        let ordinal = source.text.get(word..before).unwrap_or_default();
        let is_ordinal = ordinal.starts_with(|c: char| c.is_ascii_digit())
            || ORDINALS.iter().any(|known| ordinal.eq_ignore_ascii_case(known));
        is_number && own.past(next).is_none() || is_ordinal
    };
    let mut units = SECONDS.find(source.text).into_iter().map(|(at, ())| at);
    units.find(is_named)
}

/// A number in the text.
struct Number {
    past: usize,
    what: What,
}

/// What a number may be.
enum What {
    /// A time or a range in milliseconds; both are the same for one time.
    Time(u32, u32),
    /// Frames of a film.
    Frames,
    /// It counts or is part of a name, and would be so many milliseconds if it were seconds.
    Amount(u32),
    Other,
}

impl What {
    const fn until(self, past: usize) -> Number {
        Number { past, what: self }
    }
}

/// The number at `i`.
fn number(source: &Source, i: usize) -> Number {
    let plain = source.eat_run(i, usize::MAX, |c| c.is_ascii_digit());
    if is_said(source, i) {
        return What::Other.until(plain);
    }
    let before = source.before(i).filter(|_| !source.line_starts(i));
    let follows_digit = |mark: char| {
        "-–./:".contains(mark)
            && source
                .before(i - mark.len_utf8())
                .is_some_and(|c| c.is_ascii_digit())
    };
    if before.is_some_and(|c| "_$€£¥/#^№.".contains(c) && c != '#' || is_spaced_letter(c) || follows_digit(c))
    {
        // `S22`, `t22`
        let is_mark = matches!(before, Some('s' | 'S' | 't' | 'T'));
        let ms = source.text[i..plain]
            .parse::<u32>()
            .ok()
            .and_then(|n| n.checked_mul(1000));
        return match ms.filter(|_| is_mark) {
            Some(ms) => What::Amount(ms).until(plain),
            None => What::Other.until(plain),
        };
    }
    if let Some(time) = range(source, i) {
        let end = time.span.end;
        let what = match time.kind {
            _ if is_frames(source, i, end) => What::Frames,
            _ if is_other_unit(source, end) => What::Other,
            TimeKind::Range(start, Some(until))
                if time.unit == Unit::Bare && counts_range(source, &(start.ms..until.ms), end) =>
            {
                What::Other
            }
            TimeKind::Range(start, Some(until)) => What::Time(start.ms, until.ms),
            _ => What::Other,
        };
        return what.until(end);
    }
    let Some(time) = clock(source, i).or_else(|| seconds(source, i)) else {
        return What::Other.until(plain);
    };
    let (end, ms) = (time.at.end, time.ms);
    let hyphen = source.eat(end, is_dash).unwrap_or(end);
    let has_unit = [end, hyphen].into_iter().any(|end| unit(source, end).is_some());
    if has_unit || matches!(time.form, TimeFormat::Clock { .. }) {
        return What::Time(ms, ms).until(end);
    }
    if source.whole_word(source.blanks(end), &["ms"]).is_some() {
        return What::Time(ms / 1000, ms / 1000).until(end);
    }
    if is_frames(source, i, end) {
        return What::Frames.until(end);
    }
    // `16:9`, `1/2`, `12-15fps`
    let joint = source.eat(end, |c| is_colon(c) || is_dash(c) || c == '/');
    if let Some(past) = joint.and_then(|next| digits(source, next, 5)) {
        return What::Other.until(past);
    }
    let is_size = is_other_unit(source, end)
        || source.at(end).is_some_and(|c| "%°×".contains(c))
        || source.at(source.blanks(end)).is_some_and(|c| "€$£¥".contains(c))
        || source.goes_on(end) && !is_ordinal(source, end)
        || is_date(source, end);
    if is_size || is_item(source, i, end) || follows_height(source, i, end) {
        return What::Other.until(end);
    }
    if is_cell(source, i, end) {
        return What::Frames.until(end);
    }
    if hyphen > end && source.at(hyphen).is_some_and(char::is_alphabetic) {
        return What::Amount(ms).until(end);
    }
    if is_ordinal(source, end) || is_named(source, i) || counts(source, i, end) {
        return What::Amount(ms).until(end);
    }
    What::Time(ms, ms).until(end)
}

/// Whether the number is within quotation marks on its line: `"Open 7-11"`.
fn is_said(source: &Source, i: usize) -> bool {
    const MAX_SAID: usize = 160;
    let start = source.back_run(i, MAX_SAID, |c| c != '\n');
    let end = source.eat_run(i, MAX_SAID, |c| c != '\n');
    let (before, after) = (&source.text[start..i], &source.text[i..end]);
    before.matches('"').count() % 2 == 1 && after.contains('"')
        || before.rfind(['“', '「']) > before.rfind(['”', '」']) && after.contains(['”', '」'])
}

/// Whether the end of an ordinal number follows, as in `22nd`.
fn is_ordinal(source: &Source, i: usize) -> bool {
    source.whole_word(i, &["st", "nd", "rd", "th"]).is_some()
}

/// Whether a date goes on at `i`: `03.05.2026`.
fn is_date(source: &Source, i: usize) -> bool {
    source
        .eat(i, |c| c == '.')
        .is_some_and(|next| source.at(next).is_some_and(|c| c.is_ascii_digit()))
}

/// Whether the numbers from `start` to `end` are of frames: `frames 0-59`, `48 frames`.
fn is_frames(source: &Source, start: usize, end: usize) -> bool {
    let before = source.back_run(start, 2, is_blank);
    let follows = ["frames", "frame"]
        .iter()
        .any(|word| source.word_before(before, word).is_some());
    let frames = source.whole_word(source.blanks(end), &["frames", "f"]);
    let is_rate = |past: usize| {
        source
            .whole_word(source.blanks(past), &["per", "a", "every"])
            .is_some()
    };
    follows || frames.is_some_and(|past| !is_rate(past))
}

/// Whether a range without a unit that ends at `end` counts what the word after it names, as in `5-6 birds`, or is a score, as in `3-2`.
fn counts_range(source: &Source, range: &Range<u32>, end: usize) -> bool {
    let word = source.blanks(end);
    let is_followed = word > end && source.at(word).is_some_and(char::is_lowercase);
    range.end < range.start || range.start > 0 && is_followed
}

/// Whether the number is that of an item of a list or of a row: `1. a kite`, `| 1 |`, `2) no text`.
fn is_item(source: &Source, start: usize, end: usize) -> bool {
    let line = source.back_run(start, 6, |c| {
        is_blank(c) || is_opener(c) || matches!(c, '|' | '#' | '*' | '-' | '•')
    });
    let ends = source.blanks(end);
    let is_mark = |c: char| matches!(c, '.' | ')' | '|' | '、' | ']' | '）' | '】' | '．');
    let begins = source.line_starts(line) && (source.line_ends(ends) || source.at(ends).is_some_and(is_mark));
    let has_bracket = matches!(source.at(end), Some(')' | '）'));
    let is_apart = source.before(start).is_none_or(|c| is_blank(c) || is_opener(c));
    let is_hash = source.before(start) == Some('#') && source.line_starts(line);
    begins || is_hash || has_bracket && is_apart
}

/// Whether the number is alone in a cell of a table: a length or a number of frames.
fn is_cell(source: &Source, start: usize, end: usize) -> bool {
    let before = source.back_run(start, 4, is_blank);
    source.before(before) == Some('|') && source.at(source.blanks(end)) == Some('|')
}

/// Whether it is the inches of `6'2"`, or of `12" vinyl`, which no take reaches.
fn follows_height(source: &Source, start: usize, end: usize) -> bool {
    let is_inch = source
        .at(end)
        .is_some_and(|c| matches!(c, '"' | '″' | '\'' | '′'));
    is_inch
        && source
            .before(start)
            .is_some_and(|c| matches!(c, '\'' | '′' | '’'))
}

/// Whether the number belongs to the noun before it: `take 3`, `"shot": 1`, `Ep. 5`.
fn is_named(source: &Source, i: usize) -> bool {
    static LABELS: LazyLock<PhraseMatcher<bool>> = LazyLock::new(|| {
        matcher(&[
            (|words| words.shots, true),
            (|words| words.scenes, true),
            (|words| words.totals, false),
            (|words| words.seconds, false),
        ])
    });
    const NAMES: [&str; 8] = ["id", "no", "no.", "n", "number", "index", "seed", "order"];
    let noun = source.back_run(i, 4, |c| is_blank(c) || matches!(c, '"' | ':' | '#' | '='));
    let is_name = NAMES.iter().any(|name| {
        source
            .word_before(noun, name)
            .is_some_and(|at| !source.goes_on_before(at))
    });
    if let Some(start) = source.phrase_before(noun, MAX_WORD, &LABELS) {
        return source
            .phrase(start, &LABELS)
            .is_some_and(|(_, is_label)| is_label);
    }
    let word = source.back_run(i, 2, |c| is_blank(c) || c == '.');
    // `take 3`, `光圈2.8`
    let is_noun = source
        .before(word)
        .is_some_and(|c| c.is_alphanumeric() || is_unspaced(c));
    is_name || is_noun && !follows_moment(source, word)
}

/// Whether the number counts what the word after it names, as in `3 people`, `3只猫`, and tells no moment, as in `at 3 the bell rings`.
fn counts(source: &Source, start: usize, end: usize) -> bool {
    const BEGINNINGS: [&str; 14] = [
        "the",
        "a",
        "an",
        "he",
        "she",
        "it",
        "they",
        "we",
        "there",
        "his",
        "her",
        "their",
        "all",
        "everything",
    ];
    let word = source.blanks(end);
    let next = source.at(word).filter(|c| c.is_alphabetic());
    let follows = next.is_some_and(|c| word > end || is_unspaced(c));
    let begins = source.whole_word(word, &BEGINNINGS).is_some();
    follows && !(begins && follows_moment(source, source.back_run(start, 2, is_blank)))
}

/// Whether a word that introduces a moment, such as `at` or `until`, ends at `i`.
fn follows_moment(source: &Source, i: usize) -> bool {
    const OTHERS: [&str; 20] = [
        "at",
        "on",
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
        "在",
    ];
    static MOMENTS: LazyLock<PhraseMatcher<()>> = LazyLock::new(|| {
        let joints = words(|language| language.from)
            .chain(words(|language| language.to))
            .chain(words(|language| language.until));
        PhraseMatcher::new(joints.chain(OTHERS).map(|word| (word, ())))
    });
    source.phrase_before(i, MAX_WORD, &MOMENTS).is_some()
}

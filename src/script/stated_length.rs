//! Finds the length that a text states for the whole: `a 15-second video`, `【时长】15秒`, `Duration: 15 s`.

use std::ops::Range;
use std::sync::LazyLock;

use super::Shot;
use super::languages::{matcher, number_words};
use super::phrase_matcher::PhraseMatcher;
use super::source::{Source, is_blank, is_closer, is_colon, is_opener, is_stop};
use super::time_expression::{TimeKind, Unit, unit};
use super::tokens::Token;

/// A length that the text states, and its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedLength {
    /// Milliseconds.
    pub ms: u32,
    pub at: Range<usize>,
}

/// What is shorter is a part, in milliseconds.
const MIN_MS: u32 = 4_000;
/// What is longer is no take, in milliseconds.
const MAX_MS: u32 = 120_000;
/// The longest words that introduce a length, in characters.
const MAX_INTRODUCTION: usize = 24;
/// How many characters may be between a length and the word for a film.
const MAX_BETWEEN: usize = 40;

/// Words for the whole.
static FILMS: LazyLock<PhraseMatcher<()>> = LazyLock::new(|| matcher(&[(|words| words.films, ())]));

/// The length that the text states; `None` when it states none, or several that differ.
pub(super) fn stated_length(source: &Source, tokens: &[Token], shots: &[Shot]) -> Option<StatedLength> {
    let in_figures = tokens.iter().filter_map(in_figures);
    let before_shots = shots.first().map_or(source.text.len(), |shot| shot.heading.start);
    let in_words = lengths_in_words(source, before_shots)
        .into_iter()
        .map(|length| Candidate {
            length,
            is_range: false,
        });
    let all = in_figures.chain(in_words).filter(|found| {
        let StatedLength { ms, at } = &found.length;
        let next = shots.partition_point(|shot| shot.heading.end <= at.start);
        let in_heading = shots.get(next).is_some_and(|shot| shot.heading.start <= at.start);
        let is_before_shots = shots.first().is_none_or(|shot| at.end <= shot.heading.start);
        let is_whole = is_introduced(source, at.start)
            || !found.is_range
                && (is_of_film(source, at.end)
                    || follows_film(source, at.start)
                    || is_before_shots && is_a_clause(source, at));
        !in_heading && !is_decade(source, at) && (MIN_MS..=MAX_MS).contains(ms) && is_whole
    });
    let mut all = all.map(|found| found.length);
    let first = all.next()?;
    all.all(|other| other.ms == first.ms).then_some(first)
}

/// A length that may be that of the whole.
struct Candidate {
    length: StatedLength,
    /// It is written as a range from 0.
    is_range: bool,
}

fn in_figures(token: &Token) -> Option<Candidate> {
    let Token::Time(time) = token else { return None };
    let (ms, is_range) = match &time.kind {
        TimeKind::Length(length) => (length.ms, false),
        TimeKind::Range(start, Some(end)) if start.ms == 0 && time.unit != Unit::Bare => (end.ms, true),
        _ => return None,
    };
    let at = time.span.clone();
    Some(Candidate {
        length: StatedLength { ms, at },
        is_range,
    })
}

/// Lengths before the byte `to` whose numbers are words: `fifteen seconds`, `十二秒`.
pub(super) fn lengths_in_words(source: &Source, to: usize) -> Vec<StatedLength> {
    static NUMBERS: LazyLock<PhraseMatcher<u32>> = LazyLock::new(number_words);
    let mut past = 0;
    let mut found = Vec::new();
    for (at, number) in NUMBERS.find(&source.text[..to]) {
        // `二十五` is one number, and none of the known ones.
        let goes_on = at.start == past && past > 0;
        past = at.end;
        let hyphen = source.eat(at.end, |c| c == '-').unwrap_or(at.end);
        if let Some(end) = unit(source, hyphen).filter(|_| !goes_on) {
            found.push(StatedLength {
                ms: number * 1000,
                at: at.start..end,
            });
        }
    }
    found
}

/// Whether it is a decade or an age and no length: `in his 30s`, `an 80s animation`.
fn is_decade(source: &Source, at: &Range<usize>) -> bool {
    const BEFORE: [&str; 12] = [
        "his", "her", "their", "its", "my", "our", "your", "the", "early", "mid", "late", "an",
    ];
    const NEVER_LENGTHS: [&str; 4] = ["50s", "70s", "80s", "90s"];
    let text = source.text.get(at.clone()).unwrap_or_default();
    let is_decade = text.strip_suffix("0s").is_some_and(|tens| tens.len() == 1);
    let end = source.back_run(at.start, 1, |c| is_blank(c) || c == '-' || c == '\'');
    let follows = BEFORE.iter().any(|word| {
        source
            .word_before(end, word)
            .is_some_and(|start| !source.goes_on_before(start))
    });
    is_decade && (follows || NEVER_LENGTHS.contains(&text))
}

/// Whether a word such as `duration` precedes the length at `i`.
fn is_introduced(source: &Source, i: usize) -> bool {
    static TOTALS: LazyLock<PhraseMatcher<()>> = LazyLock::new(|| matcher(&[(|words| words.totals, ())]));
    let is_between = |c: char| {
        is_blank(c)
            || is_colon(c)
            || is_closer(c)
            || is_opener(c)
            || matches!(c, '*' | '=' | '~' | '约' | '約' | '为' | '為' | '共' | '|')
    };
    let end = source.back_run(i, 8, is_between);
    end < i && source.phrase_before(end, MAX_INTRODUCTION, &TOTALS).is_some() || {
        let before = source
            .before(i)
            .is_some_and(|c| !c.is_alphanumeric() || !c.is_ascii());
        before && source.phrase_before(i, MAX_INTRODUCTION, &TOTALS).is_some()
    }
}

/// Whether the length is a clause of its own, as in `Vertical video, 15 seconds, a cat`.
fn is_a_clause(source: &Source, span: &Range<usize>) -> bool {
    let ends = |c: char| matches!(c, ',' | '，' | '、' | '.' | '。' | ';' | '；' | '|' | '/' | '·');
    let start = source.back_run(span.start, 4, |c| is_blank(c) || c == '*');
    let end = source.eat_run(span.end, 4, |c| is_blank(c) || c == '*');
    let begins = source.line_starts(start) || source.before(start).is_some_and(ends);
    begins && (source.line_ends(end) || source.at(end).is_some_and(ends))
}

/// Whether a film precedes the length at `i`: `un video de 15 segundos`, `видео на 15 секунд`.
fn follows_film(source: &Source, i: usize) -> bool {
    const OF: [&str; 14] = [
        "de",
        "di",
        "da",
        "of",
        "von",
        "mit",
        "lasting",
        "dài",
        "на",
        "длиной",
        "длительностью",
        "berdurasi",
        "selama",
        "d'une durée de",
    ];
    let end = source.back_run(i, 2, is_blank);
    let joint = OF.iter().find_map(|word| {
        let start = end
            .checked_sub(word.len())
            .filter(|start| source.text.is_char_boundary(*start))?;
        (source.word(start, word) == Some(end)).then_some(start)
    });
    let noun = joint.map(|start| source.back_run(start, 2, is_blank));
    let is_film = |end: usize| source.phrase_before(end, MAX_INTRODUCTION, &FILMS).is_some();
    // One word may be between them: `video verticale di 15 secondi`.
    let before_word = |noun: usize| {
        let word = source.back_run(noun, 14, char::is_alphabetic);
        source.back_run(word, 2, is_blank)
    };
    noun.is_some_and(|noun| is_film(noun) || is_film(before_word(noun)))
}

/// Whether a word such as `video` follows the length that ends at `i`, in the same clause.
fn is_of_film(source: &Source, i: usize) -> bool {
    const IN_ALL: [&str; 5] = ["total", "in total", "duration", "runtime", "overall"];
    let mut at = source.eat_run(i, 2, |c| {
        is_blank(c) || matches!(c, '-' | '的' | 'の' | '）' | ')')
    });
    if source.whole_word(at, &IN_ALL).is_some() {
        return true;
    }
    let mut begins = true;
    for _ in 0..MAX_BETWEEN {
        if begins && source.phrase(at, &FILMS).is_some() {
            return true;
        }
        let Some(c) = source.at(at).filter(|c| !ends_clause(*c)) else {
            return false;
        };
        begins = !super::letters::is_spaced_letter(c);
        at += c.len_utf8();
    }
    false
}

fn ends_clause(c: char) -> bool {
    is_stop(c) || is_colon(c) || is_opener(c) || matches!(c, '\n' | '\r' | '"' | '“' | '，' | '=')
}

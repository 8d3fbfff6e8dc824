//! Reads the labels of shots, a noun and a number: `Shot 3`, `镜头三`, `第一场`, `SHOT 2-3`.

use std::ops::Range;
use std::sync::LazyLock;

use super::languages::{matcher, number_words};
use super::letters::{is_spaced_letter, is_unspaced};
use super::phrase_matcher::PhraseMatcher;
use super::source::{Source, is_blank, is_closer, is_colon, is_dash, is_opener};
use super::time_expression::{Unit, is_unit, range};
use super::timestamp::digits;

/// What the noun names: a shot, or a part that may have several shots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Noun {
    Shot,
    Scene,
}

/// A noun with its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Label {
    pub(super) noun: Noun,
    pub(super) number: u32,
    /// The last number of a label for several shots, as in `SHOT 2-3`; otherwise the same number.
    pub(super) last: u32,
    /// The bytes of the number's digits; `None` when it is a word.
    pub(super) digits: Option<Range<usize>>,
    pub(super) span: Range<usize>,
}

static NOUNS: LazyLock<PhraseMatcher<Noun>> = LazyLock::new(|| {
    matcher(&[
        (|words| words.shots, Noun::Shot),
        (|words| words.scenes, Noun::Scene),
    ])
});
static NUMBERS: LazyLock<PhraseMatcher<u32>> = LazyLock::new(number_words);

/// The label that starts at `i`.
pub(super) fn label(source: &Source, i: usize) -> Option<Label> {
    if !starts_word(source, i) {
        return None;
    }
    noun_and_number(source, i)
        .or_else(|| number_and_noun(source, i))
        .or_else(|| initial_and_number(source, i))
}

/// A noun must not end a longer word such as `screenshot` or `two-shot`.
fn starts_word(source: &Source, i: usize) -> bool {
    if !source.goes_on(i) {
        return true;
    }
    match source.before(i) {
        Some(c) if is_spaced_letter(c) || c == '_' => source.line_starts(i),
        Some('-') => !source.before(i - 1).is_some_and(char::is_alphanumeric),
        _ => true,
    }
}

/// `Shot 3`, `Shot three:`, `镜头3`, `镜头三：`, `SHOT 2-3`.
fn noun_and_number(source: &Source, i: usize) -> Option<Label> {
    let (noun_end, noun) = source.phrase(i, &NOUNS)?;
    let number_start = source.eat_run(noun_end, 3, |c| {
        matches!(c, ' ' | '\u{a0}' | '#' | '_' | '-' | '.')
    });
    let Some(end) = digits(source, number_start, 3) else {
        let (number, end) = number_word(source, number_start)
            .or_else(|| letter(source, number_start).filter(|_| noun == Noun::Scene))?;
        let is_apart = number_start > noun_end || source.at(noun_end).is_some_and(is_unspaced);
        let label = of_word(noun, number, i..end);
        return (is_apart && ends_label(source, end, true)).then_some(label);
    };
    let decimal = source.at(end) == Some('.') && digits(source, end + 1, 3).is_some();
    // `一段10秒的视频`
    let is_length = source.at(end).is_some_and(is_unspaced) && is_unit(source, end);
    if source.goes_on(end) || decimal || is_length || is_joined_time(source, number_start, end) {
        return None;
    }
    let number: u32 = source.text.get(number_start..end)?.parse().ok()?;
    let (last, past) = several(source, end)
        .filter(|(last, _)| number > 0 && *last > number)
        .or_else(|| Some((number, of_all(source, end)?)))
        .unwrap_or((number, end));
    Some(Label {
        noun,
        number,
        last,
        digits: Some(number_start..end),
        span: i..past,
    })
}

fn of_word(noun: Noun, number: u32, span: Range<usize>) -> Label {
    Label {
        noun,
        number,
        last: number,
        digits: None,
        span,
    }
}

/// `第一场`, `第3镜：`, `1컷:`, `2カット目：`, at the start of a line.
fn number_and_noun(source: &Source, i: usize) -> Option<Label> {
    let c = source.at(i).filter(|c| *c == '第' || c.is_ascii_digit())?;
    let line = source.back_run(i, 8, |c| {
        is_blank(c) || is_opener(c) || matches!(c, '*' | '#' | '>' | '-' | '•')
    });
    if !source.line_starts(line) {
        return None;
    }
    let number_start = if c == '第' {
        source.blanks(source.after(i))
    } else {
        i
    };
    let (number, end) = match digits(source, number_start, 3) {
        Some(end) => (source.text.get(number_start..end)?.parse().ok()?, end),
        None => number_word(source, number_start)?,
    };
    let counter = source.eat_run(source.blanks(end), 2, |c| matches!(c, '个' | '個' | '번' | '째'));
    let noun_start = source.blanks(counter);
    let (noun_end, noun) = source.phrase(noun_start, &NOUNS)?;
    let past = source.eat_run(noun_end, 1, |c| c == '目');
    let is_unspaced = source.at(noun_start).is_some_and(is_unspaced);
    (is_unspaced && ends_label(source, past, false)).then(|| of_word(noun, number, i..past))
}

/// `S01/0:00-0:03`, `SC2 | 3-6s`: an initial and a number right before a time, at the start of a line.
fn initial_and_number(source: &Source, i: usize) -> Option<Label> {
    let c = source.at(i).filter(|c| matches!(c, 's' | 'S'))?;
    let line = source.back_run(i, 8, |c| {
        is_blank(c) || is_opener(c) || matches!(c, '*' | '#' | '>' | '-' | '•')
    });
    let word_end = source.eat_run(i + c.len_utf8(), 1, |c| {
        matches!(c.to_ascii_lowercase(), 'c' | 'h' | 'q')
    });
    let end = digits(source, word_end, 3)?;
    let is_joint =
        |c: char| is_blank(c) || is_opener(c) || is_colon(c) || is_dash(c) || matches!(c, '/' | '|' | '*');
    let time = source.eat_run(end, 4, is_joint);
    let has_time = range(source, time).is_some_and(|time| time.unit != Unit::Bare);
    if time == end || !has_time || !source.line_starts(line) {
        return None;
    }
    let number = source.text.get(word_end..end)?.parse().ok()?;
    Some(Label {
        noun: Noun::Shot,
        number,
        last: number,
        digits: Some(word_end..end),
        span: i..end,
    })
}

/// The number word at `i`, `three` or `十二`, and where it ends.
pub(super) fn number_word(source: &Source, i: usize) -> Option<(u32, usize)> {
    let (end, number) = source.phrase(i, &NUMBERS)?;
    Some((number, end))
}

/// The number of a capital letter, as in `CLIP B`, and where it ends.
fn letter(source: &Source, i: usize) -> Option<(u32, usize)> {
    let c = source.at(i).filter(|c| ('A'..='H').contains(c))?;
    (!source.goes_on(i + 1)).then(|| (u32::from(c) - u32::from('A') + 1, i + 1))
}

/// Whether a label can end at `i`, so that the number before is not a part of the sentence, as in `镜头一直跟随`.
fn ends_label(source: &Source, i: usize, blank_ends: bool) -> bool {
    let ends = |c: char| {
        is_colon(c)
            || is_opener(c)
            || is_closer(c)
            || is_dash(c)
            || matches!(c, '|' | '｜' | ',' | '，' | '、' | '.' | '。' | '*')
    };
    let at = source.blanks(i);
    source.line_ends(at)
        || source.at(at).is_some_and(ends)
        || blank_ends && at > i && source.before(i).is_some_and(is_unspaced)
}

/// The last number of `2-3`, and where it ends, if no unit makes a time of it.
fn several(source: &Source, i: usize) -> Option<(u32, usize)> {
    let number = source.eat(i, |c| is_dash(c) || matches!(c, '~' | '～' | '至' | '到'))?;
    let end = digits(source, number, 3).filter(|end| !source.goes_on(*end))?;
    Some((source.text.get(number..end)?.parse().ok()?, end))
}

/// Past `/5` or ` of 5` after a number.
fn of_all(source: &Source, i: usize) -> Option<usize> {
    let number = source.eat(i, |c| c == '/').or_else(|| source.word(i, " of "))?;
    let is_clock = range(source, number).is_some();
    digits(source, number, 3).filter(|end| !source.goes_on(*end) && !is_clock)
}

/// Whether the number belongs to a time: `Cut 0:04-0:08` and `Shot 0-3s` have no number, but `Shot 1 - 3s` has one.
fn is_joined_time(source: &Source, number: usize, number_end: usize) -> bool {
    let joined = source.at(number_end).is_none_or(|c| c != ' ');
    joined && range(source, number).is_some_and(|time| time.unit != Unit::Bare)
}

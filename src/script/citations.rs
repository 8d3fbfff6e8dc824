//! Finds the references that a text cites, in every spelling that people use.

use std::ops::Range;
use std::sync::LazyLock;

use crate::model::parameters::Medium;

use super::languages::matcher;
use super::letters::{is_spaced_letter, is_unspaced};
use super::phrase_matcher::PhraseMatcher;
use super::shot_label::number_word;
use super::source::{Source, is_blank};
use super::timestamp::digits;
use super::uncited_numbers::{
    MAX_NUMBER, is_length, is_of_others, is_part_of_a_name, is_title, without_titles_of_clips,
};

/// What is cited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cited {
    /// `image 2`, `@图片1-6`: the first and the last number, counted from 1 within the kind.
    Numbered { kind: Medium, first: u32, last: u32 },
    /// `the reference image`: words without a number.
    Words(Medium),
    /// `@character:<id>`
    Character(String),
    /// `@Female Lead`
    Tag(String),
}

/// A citation and its bytes in the text, with brackets and `@`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    pub cited: Cited,
    pub at: Range<usize>,
    /// It is within code or between quotation marks, where it is not to be rewritten.
    pub is_verbatim: bool,
}

impl Citation {
    const fn new(cited: Cited, at: Range<usize>) -> Self {
        Self {
            cited,
            at,
            is_verbatim: false,
        }
    }

    /// The form that the API documents, `image 1, image 2`; `None` when no number is cited.
    /// (Segmind, Seedance 2.0 model page, prompt guide: references are cited by kind and number.)
    pub fn normal(&self) -> Option<String> {
        let Cited::Numbered { kind, first, last } = self.cited else {
            return None;
        };
        let each: Vec<String> = (first..=last).map(|n| format!("{} {n}", kind.noun())).collect();
        Some(each.join(", "))
    }
}

/// Words for each kind.
static KINDS: LazyLock<PhraseMatcher<Medium>> = LazyLock::new(|| {
    matcher(&[
        (|words| words.images, Medium::Image),
        (|words| words.videos, Medium::Video),
        (|words| words.audios, Medium::Audio),
    ])
});

/// Further words, which count only after `@` or in brackets.
static MARKED_KINDS: LazyLock<PhraseMatcher<Medium>> = LazyLock::new(|| {
    PhraseMatcher::new([
        ("pic", Medium::Image),
        ("photo", Medium::Image),
        ("音乐", Medium::Audio),
        ("音樂", Medium::Audio),
    ])
});

/// Phrases that mean a reference without a number.
static IN_WORDS: LazyLock<PhraseMatcher<Medium>> = LazyLock::new(|| {
    matcher(&[
        (|words| words.attached_images, Medium::Image),
        (|words| words.attached_videos, Medium::Video),
        (|words| words.attached_audios, Medium::Audio),
    ])
});

/// Every citation in the text, in order.
pub(super) fn citations(source: &Source) -> Vec<Citation> {
    let mut found: Vec<Citation> = Vec::new();
    let mut i = 0;
    let mut in_code = false;
    while i < source.text.len() {
        if source.text.as_bytes()[i..].starts_with(b"```") {
            in_code = !in_code;
            i += "```".len();
            continue;
        }
        let cited = citation(source, i);
        match cited {
            Some((mut citation, plural)) => {
                citation.is_verbatim =
                    in_code || is_quoted(source, &citation.at) || is_code(source, &citation.at);
                i = citation.at.end;
                let kind = citation.cited.clone();
                found.push(citation);
                if let (true, Cited::Numbered { kind, .. }) = (plural, kind) {
                    i = listed(source, i, kind, &mut found);
                }
            }
            None => i = source.after(i),
        }
    }
    without_titles_of_clips(source, found)
}

/// Whether the `@` at `i` is that of a mail address.
fn is_host(source: &Source, i: usize) -> bool {
    let end = source.eat_run(source.after(i), 40, |c| c.is_ascii_alphanumeric() || c == '-');
    let dot = source.eat(end, |c| c == '.');
    source.goes_on_before(i) && dot.is_some_and(|dot| source.at(dot).is_some_and(char::is_alphabetic))
}

/// Whether the citation is a name in code or the text of a link: `image1.draw()`, `$image1`, `--ref image1`, `[@Image1](https://…)`.
fn is_code(source: &Source, at: &Range<usize>) -> bool {
    let dot = source.eat(at.end, |c| matches!(c, '.' | '-'));
    let goes_on = dot.is_some_and(|next| source.at(next).is_some_and(|c| c.is_ascii_lowercase()));
    let blank = source.back_run(at.start, 1, is_blank);
    let option = source.back_run(blank, 24, |c| c.is_ascii_alphanumeric() || c == '-');
    let is_option = source
        .text
        .get(option..blank)
        .is_some_and(|word| word.starts_with("--") && word.len() > 2);
    let is_link = source.at(at.end) == Some('(') || source.text[at.end..].starts_with("](");
    let is_declared = ["let", "const", "var"]
        .iter()
        .any(|word| source.word_before(blank, word).is_some());
    let is_name = is_declared || matches!(source.before(at.start), Some('$' | '!' | '&' | '%'));
    goes_on || is_option || is_link || is_name
}

/// Whether quotation marks are around the citation, as in `{"image1": …}`, `「図1」と書かれた看板`.
fn is_quoted(source: &Source, at: &Range<usize>) -> bool {
    const MARKS: &str = "\"'“”‘’«»„「」『』`";
    let is_mark = |c: Option<char>| c.is_some_and(|c| MARKS.contains(c));
    is_mark(source.before(at.start)) && is_mark(source.at(at.end))
}

/// The citation that starts at `i`, and whether its word is a plural.
fn citation(source: &Source, i: usize) -> Option<(Citation, bool)> {
    let c = source.at(i)?;
    match c {
        '@' if is_host(source, i) => None,
        '@' | '＠' | '[' | '<' | '【' => {
            marked(source, i).or_else(|| tag(source, i).map(|tag| (tag, false)))
        }
        _ if (is_unspaced(c) || c.is_alphabetic()) && starts_word(source, i, c) => numbered(source, i, false)
            .filter(|(cited, end, _)| {
                !is_part_of_a_name(source, i, *end) && !is_title(source, cited, i..*end)
            })
            .map(|(cited, end, plural)| (Citation::new(cited, i..end), plural))
            .or_else(|| in_words(source, i).map(|citation| (citation, false))),
        _ => None,
    }
}

/// Whether a word starts at `i`. `图` is the end of many words, such as `地图`, and starts one only after other characters, or
/// before a number.
fn starts_word(source: &Source, i: usize, c: char) -> bool {
    const BEFORE: &str = "如据據用以将將与與和跟把由按从從照及为為是到在对對让讓使给給的中而";
    const NEVER: &str = "地构構蓝藍版企意试試妄贪貪宏海星视視截插草贴貼路底";
    if matches!(c, '图' | '圖' | '図') {
        let is_numbered = digits(source, source.blanks(source.after(i)), 2).is_some();
        return source.before(i).is_none_or(|b| {
            !is_unspaced(b) || !b.is_alphabetic() || BEFORE.contains(b) || is_numbered && !NEVER.contains(b)
        });
    }
    is_unspaced(c)
        || source.line_starts(i)
        || !source.before(i).is_some_and(|b| is_spaced_letter(b) || b == '_')
}

/// `@Image1`, `[Image 1]`, `@[Image 1]`, `<Picture 1>`, `【@图片1】`.
fn marked(source: &Source, i: usize) -> Option<(Citation, bool)> {
    let marks = source.eat_run(i, 3, |c| matches!(c, '@' | '＠' | '[' | '<' | '【'));
    let inside = if matches!(source.before(marks), Some('@' | '＠')) {
        source.eat_run(marks, 1, is_blank)
    } else {
        marks
    };
    let (cited, number_end, plural) = numbered(source, inside, true)?;
    // In `<<<image_1_1>>>`, a second number follows.
    let end = source
        .eat(number_end, |c| c == '_')
        .and_then(|place| digits(source, place, 2))
        .filter(|end| !source.goes_on(*end))
        .unwrap_or(number_end);
    let opened = source
        .text
        .get(i..marks)?
        .chars()
        .filter(|c| !matches!(c, '@' | '＠'))
        .count();
    let closed = source.eat_run(source.blanks(end), opened, |c| matches!(c, ']' | '>' | '】'));
    let is_whole = opened == 0 || closed > source.blanks(end);
    let at = if opened == 0 { i..number_end } else { i..closed };
    is_whole.then_some((Citation::new(cited, at), plural))
}

/// A kind and a number or a range of numbers. Returns what is cited, where it ends, and whether the word is a plural.
fn numbered(source: &Source, i: usize, marked: bool) -> Option<(Cited, usize, bool)> {
    let further = || source.phrase(i, &MARKED_KINDS).filter(|_| marked);
    let (word_end, kind, plural) = match source.phrase(i, &KINDS).or_else(further) {
        Some((end, kind)) => (end, kind, false),
        None => plural_noun(source, i)?,
    };
    let number = source.eat_run(word_end, 2, |c| is_blank(c) || matches!(c, '_' | '#' | '-'));
    let Some(end) = digits(source, number, 2) else {
        let (first, end) =
            number_word(source, number).filter(|(_, end)| ends_number_word(source, *end, marked))?;
        let last = first;
        let is_unspaced = source.before(word_end).is_some_and(is_unspaced);
        return is_unspaced.then_some((Cited::Numbered { kind, first, last }, end, false));
    };
    let first: u32 = source.text.get(number..end)?.parse().ok()?;
    if first == 0 || source.goes_on(end) || is_of_others(source, kind, i..end, first) {
        return None;
    }
    let (last, end) = range_end(source, end, plural)
        .filter(|(last, _)| *last > first)
        .unwrap_or((first, end));
    Some((Cited::Numbered { kind, first, last }, end, plural))
}

/// `images`: the noun of a kind with an `s`, where it ends, and that it is a plural.
fn plural_noun(source: &Source, i: usize) -> Option<(usize, Medium, bool)> {
    const PLURALS: [(&str, Medium); 7] = [
        ("images", Medium::Image),
        ("imgs", Medium::Image),
        ("pictures", Medium::Image),
        ("pics", Medium::Image),
        ("photos", Medium::Image),
        ("videos", Medium::Video),
        ("audios", Medium::Audio),
    ];
    PLURALS
        .into_iter()
        .find_map(|(word, kind)| Some((source.word(i, word)?, kind, true)))
}

/// Whether a number word ends at `i`, and is not the beginning of another word: `图一的人物`, but not `图一样`.
fn ends_number_word(source: &Source, i: usize, marked: bool) -> bool {
    const AFTER: &str = "的中里裡内內作为為是和与與、及跟到";
    const NEVER: &str = "样樣些起下定直开開边邊";
    match source.at(i) {
        Some(c) if c.is_alphabetic() => AFTER.contains(c) || marked && !NEVER.contains(c),
        _ => true,
    }
}

/// The end of a range, `-6`, or `to 6` after a plural.
fn range_end(source: &Source, i: usize, plural: bool) -> Option<(u32, usize)> {
    let joint = source.eat_run(i, 1, |c| matches!(c, '-' | '–' | '—' | '~' | '～' | '至' | '到'));
    let number = if joint > i {
        joint
    } else {
        let to = source.whole_word(source.blanks(i), &["to"]).filter(|_| plural)?;
        source.blanks(to)
    };
    let end = digits(source, number, 2)?;
    let last = source.text.get(number..end)?.parse().ok()?;
    (!source.goes_on(end) && !is_length(source, end) && last <= MAX_NUMBER).then_some((last, end))
}

/// Adds the further numbers of `images 1, 2 and 3`, each as a citation of its own, and returns where they end.
fn listed(source: &Source, i: usize, kind: Medium, found: &mut Vec<Citation>) -> usize {
    let mut past = i;
    for _ in 0..12 {
        let comma = source
            .eat(past, |c| matches!(c, ',' | '、' | '，' | '&'))
            .unwrap_or(past);
        let and = source.blanks(comma);
        let number = source
            .whole_word(and, &["and"])
            .map_or(and, |end| source.blanks(end));
        let is_number = |end: &usize| !source.goes_on(*end) && !is_length(source, *end);
        let end = digits(source, number, 2).filter(|end| number > past && is_number(end));
        let parsed = end.and_then(|end| source.text.get(number..end)?.parse().ok());
        let (Some(end), Some(first @ 1..)) = (end, parsed) else {
            break;
        };
        if comma == past && and == number {
            break;
        }
        let last = first;
        found.push(Citation::new(Cited::Numbered { kind, first, last }, number..end));
        past = end;
    }
    past
}

/// `@character:<id>`, `@Female Lead`, `@女主`.
fn tag(source: &Source, i: usize) -> Option<Citation> {
    let name = source.eat(i, |c| matches!(c, '@' | '＠'))?;
    if source.goes_on_before(i) && !source.line_starts(i) {
        return None;
    }
    if let Some(id) = source.word(name, "character:") {
        let open = source.eat(id, |c| c == '<').unwrap_or(id);
        let end = source.eat_run(open, 64, |c| c.is_alphanumeric() || matches!(c, '-' | '_'));
        let past = if open > id {
            source.eat(end, |c| c == '>').unwrap_or(end)
        } else {
            end
        };
        let id = source.text.get(open..end)?.to_owned();
        return (end > open).then_some(Citation::new(Cited::Character(id), i..past));
    }
    let mut end = word_end(source, name)?;
    for _ in 0..2 {
        let next = source.eat(end, |c| c == ' ');
        let capital = next.filter(|next| source.at(*next).is_some_and(char::is_uppercase));
        match capital.and_then(|next| word_end(source, next)) {
            Some(further) => end = further,
            None => break,
        }
    }
    let bare = source
        .phrase(name, &KINDS)
        .or_else(|| source.phrase(name, &MARKED_KINDS));
    if let Some((end, kind)) = bare {
        return Some(Citation::new(Cited::Words(kind), i..end));
    }
    let tag = source.text.get(name..end)?.to_owned();
    Some(Citation::new(Cited::Tag(tag), i..end))
}

fn word_end(source: &Source, i: usize) -> Option<usize> {
    source.at(i).filter(|c| c.is_alphabetic())?;
    Some(source.eat_run(i, 32, |c| c.is_alphanumeric() || c == '_'))
}

/// `the reference image`, `参考图`.
fn in_words(source: &Source, i: usize) -> Option<Citation> {
    let (end, kind) = source.phrase(i, &IN_WORDS)?;
    let number = source.eat_run(end, 2, |c| is_blank(c) || matches!(c, '_' | '#'));
    // `reference image 2` is a citation by number.
    let is_numbered = digits(source, number, 2).is_some();
    (!is_numbered).then_some(Citation::new(Cited::Words(kind), i..end))
}

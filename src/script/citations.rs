//! Finds the references that a text cites, in every spelling that people use.

use std::ops::Range;
use std::sync::LazyLock;

use crate::model::parameters::Medium;

use super::languages::matcher;
use super::letters::{is_spaced_letter, is_unspaced};
use super::phrase_matcher::PhraseMatcher;
use super::shot_label::number_word;
use super::source::{Source, is_blank, is_colon, is_dash, is_opener};
use super::time_expression::{TimeKind, Unit, is_unit, range};
use super::timestamp::digits;

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
}

impl Citation {
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

/// Ends of file names.
const FILE_TYPES: [&str; 9] = ["png", "jpg", "jpeg", "webp", "mp4", "mov", "wav", "mp3", "gif"];

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
    while i < source.text.len() {
        let cited = citation(source, i);
        match cited {
            Some((citation, plural)) => {
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

/// The citation that starts at `i`, and whether its word is a plural.
fn citation(source: &Source, i: usize) -> Option<(Citation, bool)> {
    let c = source.at(i)?;
    match c {
        '@' | '[' | '<' | '【' => marked(source, i).or_else(|| tag(source, i).map(|tag| (tag, false))),
        _ if (is_unspaced(c) || c.is_alphabetic()) && starts_word(source, i, c) => numbered(source, i, false)
            .filter(|(cited, end, _)| {
                !is_part_of_a_name(source, i, *end) && !is_title(source, cited, i..*end)
            })
            .map(|(cited, end, plural)| (Citation { cited, at: i..end }, plural))
            .or_else(|| in_words(source, i).map(|citation| (citation, false))),
        _ => None,
    }
}

/// Whether it is the title of a section, `VIDEO 2` alone on its line.
fn is_title(source: &Source, cited: &Cited, span: Range<usize>) -> bool {
    let is_video = matches!(
        cited,
        Cited::Numbered {
            kind: Medium::Video,
            ..
        }
    );
    let is_mark = |c: char| is_blank(c) || matches!(c, '*' | '#' | '=' | '-');
    let (start, end) = (
        source.back_run(span.start, 6, is_mark),
        source.eat_run(span.end, 6, is_mark),
    );
    is_video && source.line_starts(start) && source.line_break(end).is_some()
}

/// Drops the titles of several clips, such as `视频一：敦煌` and `视频二：喀什`, each above times that begin at 0. A single one may cite.
fn without_titles_of_clips(source: &Source, found: Vec<Citation>) -> Vec<Citation> {
    let titles: Vec<bool> = found
        .iter()
        .map(|citation| titles_times(source, citation))
        .collect();
    if titles.iter().filter(|is_title| **is_title).count() < 2 {
        return found;
    }
    found
        .into_iter()
        .zip(titles)
        .filter(|(_, is_title)| !is_title)
        .map(|(citation, _)| citation)
        .collect()
}

/// Whether a video begins its line and a colon, a name and a line whose times begin at 0 follow.
fn titles_times(source: &Source, citation: &Citation) -> bool {
    const MAX_NAME: usize = 40;
    let is_video = matches!(
        citation.cited,
        Cited::Numbered {
            kind: Medium::Video,
            ..
        }
    );
    let line = source.back_run(citation.at.start, 6, |c| {
        is_blank(c) || matches!(c, '*' | '#' | '-')
    });
    let colon = source
        .eat(citation.at.end, is_colon)
        .filter(|_| is_video && source.line_starts(line));
    let Some(colon) = colon else {
        return false;
    };
    let end = source.eat_run(colon, MAX_NAME, |c| !matches!(c, '\n' | '\r'));
    let next = source.line_break(end).map(|line| {
        source.eat_run(line, 6, |c| {
            is_blank(c) || is_opener(c) || is_dash(c) || matches!(c, '*' | '•')
        })
    });
    let time = next.and_then(|next| range(source, next));
    time.is_some_and(|time| matches!(time.kind, TimeKind::Range(start, _) if start.ms == 0))
}

/// Whether the word and the number are part of a name: `video 2.1`, `image_1_final.png`, `GPT Image 2`.
fn is_part_of_a_name(source: &Source, start: usize, end: usize) -> bool {
    let goes_on = match source.at(end) {
        Some(':' | '.' | '/') if is_decimal(source, end) => true,
        Some('_') => source.goes_on(source.after(end)),
        Some('.') => source.whole_word(end + 1, &FILE_TYPES).is_some(),
        _ => false,
    };
    goes_on
        || follows_model(source, start)
        || is_imagen_model(source, start)
        || heads_a_time(source, start, end)
}

/// Whether the words are the heading of a shot in a list of pictures: `Bild 1 (0-3 Sek): …`, `图1 0-3秒 …`.
fn heads_a_time(source: &Source, start: usize, end: usize) -> bool {
    let line = source.back_run(start, 6, |c| {
        is_blank(c) || is_opener(c) || matches!(c, '*' | '#' | '-' | '•')
    });
    let number = source.eat_run(end, 4, |c| {
        is_blank(c) || is_opener(c) || is_colon(c) || is_dash(c) || matches!(c, '|' | '*')
    });
    source.line_starts(line) && range(source, number).is_some_and(|time| time.unit != Unit::Bare)
}

/// Whether `imagen` is the name of a model, in English words such as `like Imagen 4 would make`, and not the Spanish noun.
fn is_imagen_model(source: &Source, start: usize) -> bool {
    const ENGLISH: [&str; 10] = [
        "like", "by", "with", "google", "google's", "using", "via", "than", "from", "use",
    ];
    let end = source.back_run(start, 1, is_blank);
    source.word(start, "imagen").is_some()
        && ENGLISH.iter().any(|word| {
            source
                .word_before(end, word)
                .is_some_and(|at| !source.goes_on_before(at))
        })
}

/// Whether the name of a model precedes the word at `i`. Names that are also words or people's names, such as Wan or Sora, are
/// not listed: a missing reference has to be found before a take is paid for.
fn follows_model(source: &Source, i: usize) -> bool {
    const MODELS: &str = "gpt|chatgpt|dall-e|qwen|kling|hunyuan|flux|imagen|\
        midjourney|stable diffusion|stable video|ideogram|seedream|seedance|hailuo|veo|pika|recraft|firefly";
    let end = source.back_run(i, 1, |c| is_blank(c) || c == '-');
    // `Stable Video 3`, but not `a stable video 3`.
    let is_stable = end
        .checked_sub("Stable".len())
        .and_then(|start| source.text.get(start..end))
        == Some("Stable");
    let is_listed = || {
        MODELS.split('|').any(|model| {
            source
                .word_before(end, model)
                .is_some_and(|start| !source.goes_on_before(start))
        })
    };
    end < i && (is_stable || is_listed())
}

fn is_decimal(source: &Source, i: usize) -> bool {
    source.at(source.after(i)).is_some_and(|c| c.is_ascii_digit())
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
    let marks = source.eat_run(i, 3, |c| matches!(c, '@' | '[' | '<' | '【'));
    let inside = if source.before(marks) == Some('@') {
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
    let opened = source.text.get(i..marks)?.chars().filter(|c| *c != '@').count();
    let closed = source.eat_run(source.blanks(end), opened, |c| matches!(c, ']' | '>' | '】'));
    let is_whole = opened == 0 || closed > source.blanks(end);
    let at = if opened == 0 { i..number_end } else { i..closed };
    is_whole.then_some((Citation { cited, at }, plural))
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
    if is_one_of_a_series(source, end) {
        return None;
    }
    if first == 0 || source.goes_on(end) || is_length(source, end) {
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

/// Whether the number before `i` counts things in the picture, as in `picture 3 of the series`.
fn is_one_of_a_series(source: &Source, i: usize) -> bool {
    const SERIES: [&str; 9] = [
        "series",
        "set",
        "stack",
        "album",
        "collection",
        "roll",
        "gallery",
        "exhibition",
        "triptych",
    ];
    const ARTICLES: [&str; 7] = ["the", "a", "his", "her", "their", "its", "my"];
    let of = source.whole_word(source.blanks(i), &["of", "in"]);
    let article = of.and_then(|of| source.whole_word(source.blanks(of), &ARTICLES));
    article.is_some_and(|article| source.whole_word(source.blanks(article), &SERIES).is_some())
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
    (!source.goes_on(end) && !is_length(source, end)).then_some((last, end))
}

/// Whether the number before `i` is a length or a rate, as in `video 5 seconds`, `Video 15 detik`.
fn is_length(source: &Source, i: usize) -> bool {
    let word = source.eat_run(i, 1, |c| is_blank(c) || c == '-');
    let others = [
        "fps", "mm", "minute", "minutes", "hour", "hours", "day", "days", "week", "weeks", "month", "months",
        "year", "years", "times", "percent",
    ];
    is_unit(source, word) || source.whole_word(word, &others).is_some()
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
        found.push(Citation {
            cited: Cited::Numbered { kind, first, last },
            at: number..end,
        });
        past = end;
    }
    past
}

/// `@character:<id>`, `@Female Lead`, `@女主`.
fn tag(source: &Source, i: usize) -> Option<Citation> {
    let name = source.eat(i, |c| c == '@')?;
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
        return (end > open).then_some(Citation {
            cited: Cited::Character(id),
            at: i..past,
        });
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
        return Some(Citation {
            cited: Cited::Words(kind),
            at: i..end,
        });
    }
    let tag = source.text.get(name..end)?.to_owned();
    Some(Citation {
        cited: Cited::Tag(tag),
        at: i..end,
    })
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
    (!is_numbered).then_some(Citation {
        cited: Cited::Words(kind),
        at: i..end,
    })
}

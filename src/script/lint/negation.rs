//! Finds what a text denies: `no subtitles`, `AVOID: blood, captions`, `字幕なし`, whole sections of negative prompts.
//!
//! Every rule asks here, so that what is denied is not taken for a wish.

use std::ops::Range;
use std::sync::LazyLock;

use crate::script::languages::{Language, matcher};
use crate::script::letters::is_unspaced;
use crate::script::phrase_matcher::PhraseMatcher;

/// How a word denies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Denial {
    /// What follows, up to the end of the clause: `no`.
    Next,
    /// What precedes, from the beginning of the sentence: `なし`.
    Before,
    /// The list that follows, up to the end of the sentence, or a section under it: `avoid`.
    List,
    /// Only a section under it: `negative`.
    Title,
    /// The setting before it, if a colon is between them: `Subtitles: none`.
    Setting,
    /// It ends a denial: `but`.
    Contrast,
}

static WORDS: LazyLock<PhraseMatcher<Denial>> = LazyLock::new(|| {
    matcher(&[
        (|words: &Language| words.avoidances, Denial::List),
        (|words| words.negative_titles, Denial::Title),
        (|words| words.denials_after, Denial::Before),
        (|words| words.denials, Denial::Next),
        (|words| words.off, Denial::Setting),
        (|words| words.contrasts, Denial::Contrast),
    ])
});

/// How far from a word its language is looked for, in bytes.
const NEAR: usize = 300;
/// How far a denial may reach back, in bytes.
const MAX_BACK: usize = 160;
/// How far it may reach without a section, in bytes.
const MAX_AHEAD: usize = 600;
/// An item of a list of what is denied has at most this many words; two characters of Chinese count as a word.
const MAX_ITEM: usize = 3;

/// The bytes of what `text` denies, in order and without overlap.
pub(super) fn denied(text: &str) -> Vec<Range<usize>> {
    let found = WORDS.find(text);
    let mut denied: Vec<Range<usize>> = Vec::new();
    let mut meanings = found.iter().peekable();
    while let Some((at, _)) = meanings.peek().copied() {
        let here: Vec<Denial> = std::iter::from_fn(|| meanings.next_if(|(other, _)| other == at))
            .map(|(_, d)| *d)
            .collect();
        let past = denied.last().map_or(0, |last| last.end);
        if at.start < past && here != [Denial::Before] {
            continue;
        }
        // `不要` denies what follows in Chinese, and what precedes in Japanese.
        let each = here.iter().filter_map(|denial| range_of(text, at, *denial));
        let Some(range) = each
            .filter(|range| range.start < range.end)
            .max_by_key(|range| (range.start, range.end))
        else {
            continue;
        };
        match denied.last_mut().filter(|last| range.start <= last.end) {
            Some(last) => last.end = last.end.max(range.end),
            None => denied.push(range),
        }
    }
    denied
}

/// What the word at `at` denies, if it denies anything there.
fn range_of(text: &str, at: &Range<usize>, denial: Denial) -> Option<Range<usize>> {
    let titled = || section(text, title_end(text, at, denial)?);
    match denial {
        Denial::Next | Denial::Before if let Some(section) = titled() => Some(section),
        Denial::List => section(text, at.end).or_else(|| Some(at.end..sentence_end(text, at.end))),
        Denial::Title => section(text, at.end),
        Denial::Setting => setting(text, at),
        Denial::Before => Some(sentence_start(text, at.start)..at.start),
        Denial::Next if text[at.end..].starts_with(['、', '，', ',', '。', '.', '）', ')']) => None,
        Denial::Next if is_word_of_its_own(text, at) => Some(at.end..clause_end(text, at.end)),
        Denial::Next | Denial::Contrast => None,
    }
}

/// The longest title of a section, in words.
const MAX_TITLE: usize = 4;

/// Where the title of a section ends in which the denial at `at` stands: `Never:`, `Hard no:`, `## 7. Never`, `【不要】` or
/// `Not in this film:`. The words after the denial are denied too, so that `Without music:` is no such title.
fn title_end(text: &str, at: &Range<usize>, denial: Denial) -> Option<usize> {
    let from = text.ceil_char_boundary(at.start.saturating_sub(MAX_BACK));
    let line = text[from..at.start]
        .rfind('\n')
        .map_or(from, |before| from + before + 1);
    let before = &text[line..at.start];
    let sentence = before.rfind(['.', '。', '!', '?', '！', '？', '|', '】', '；']);
    let after = text[at.end..].trim_start_matches([' ', '*', '_']);
    let ends = |after: &str| {
        let rest = after.strip_prefix([':', '：', ']', '】']);
        rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    let lead = size(
        sentence
            .filter(|_| ends(after))
            .map_or(before, |end| &before[end..]),
    );
    let longest = match denial {
        Denial::Before => 0,
        _ if ends(after) => MAX_TITLE - 1,
        _ => 1,
    };
    if before.contains([',', '，', '、', ':', '：', '"', '“']) || lead > longest {
        return None;
    }
    if ends(after) || after.starts_with(['\n', '\r']) {
        return Some(at.end);
    }
    let ahead = &after[..after.floor_char_boundary(48)];
    let words = &ahead[..ahead.find([':', '：', ']', '】', '\n', ',', '，', '、', '.', '。', '(', '"'])?];
    let is_of_verb = OF_VERBS.contains(&text[at.clone()].to_lowercase().as_str());
    let is_title = is_of_verb && size(words) <= MAX_TITLE && ends(&after[words.len()..]);
    is_title.then(|| text.len() - after.len() + words.len())
}

/// Denials that belong to a verb, and not to the noun that follows.
const OF_VERBS: [&str; 20] = [
    "not",
    "never",
    "don't",
    "dont",
    "do not",
    "nicht",
    "nie",
    "niemals",
    "не",
    "non",
    "não",
    "ne pas",
    "tidak",
    "jangan",
    "không",
    "đừng",
    "ไม่",
    "ห้าม",
    "不要",
    "不",
];

/// The name of the setting whose whole value is at `at`: what is before the colon, in its clause.
fn setting(text: &str, at: &Range<usize>) -> Option<Range<usize>> {
    const ENDS: [char; 11] = ['\n', '\r', '.', ',', ';', '|', '，', '。', '；', '、', ')'];
    let after = text[at.end..].trim_start_matches([' ', '*']);
    if !after.is_empty() && !after.starts_with(ENDS) {
        return None;
    }
    let name = text[..at.start]
        .trim_end_matches([' ', '*'])
        .strip_suffix([':', '：'])?;
    let start = name
        .rfind(ENDS)
        .map_or(0, |before| text.ceil_char_boundary(before + 1));
    Some(start..name.len())
}

/// What makes another word of `无`, which denies nothing: `无人机`, `无论`.
const AFTER_NONE: [&str; 12] = [
    "人机", "人機", "论", "論", "数", "數", "限", "尽", "盡", "比", "缝", "縫",
];

/// Whether `无` is not the beginning of a word that denies nothing, such as `无人机`, and `no` is not Portuguese, where it
/// means `in the`.
fn is_word_of_its_own(text: &str, at: &Range<usize>) -> bool {
    let word = &text[at.clone()];
    if word.eq_ignore_ascii_case("no") {
        let from = text.floor_char_boundary(at.start.saturating_sub(NEAR));
        let near = &text[from..text.floor_char_boundary(at.end + NEAR)];
        return !near.contains("ão") && !near.contains("ções");
    }
    let is_none = matches!(word, "无" | "無");
    !is_none || !AFTER_NONE.iter().any(|word| text[at.end..].starts_with(word))
}

fn is_sentence_end(text: &str, at: usize, c: char) -> bool {
    match c {
        '!' | '?' | '。' | '！' | '？' | '；' | '\n' | '"' | '”' | '“' | '」' => true,
        // A point within a number or an abbreviation is none.
        '.' | ';' => text[at + 1..].chars().next().is_none_or(char::is_whitespace),
        _ => false,
    }
}

fn sentence_end(text: &str, from: usize) -> usize {
    let ahead = &text[from..text.floor_char_boundary(from + MAX_AHEAD)];
    let end = ahead
        .char_indices()
        .find(|(at, c)| is_sentence_end(text, from + at, *c));
    end.map_or(from + ahead.len(), |(at, _)| from + at)
}

fn sentence_start(text: &str, to: usize) -> usize {
    let from = text.ceil_char_boundary(to.saturating_sub(MAX_BACK));
    let before = text[from..to].char_indices().rev();
    let mut ends = before
        .filter(|(at, c)| is_sentence_end(text, from + at, *c) || matches!(c, ':' | '：' | '】' | '，'));
    ends.next().map_or(from, |(at, c)| from + at + c.len_utf8())
}

/// Where a denial that precedes `from` ends: with the clause, or with a list of short items, and before a word such as
/// `but`.
fn clause_end(text: &str, from: usize) -> usize {
    let end = sentence_end(text, from);
    let mut past = from;
    for (n, item) in text[from..end]
        .split_inclusive([',', '，', '、', '(', '（', '—', ':', '：'])
        .enumerate()
    {
        let is_short = size(item) <= MAX_ITEM;
        let contrast = WORDS
            .find(item)
            .into_iter()
            .find(|(_, denial)| *denial == Denial::Contrast);
        // A clause may follow the last item: `no subtitles, and Tom Cruise runs`.
        let is_clause = ["and ", "but "]
            .iter()
            .any(|word| item.trim_start().starts_with(word))
            && size(item) >= MAX_ITEM;
        if n > 0 && (!is_short || is_clause) {
            return past;
        }
        if let Some((at, _)) = contrast {
            return past + at.start;
        }
        past += item.len();
        if !is_short || !item.ends_with([',', '，', '、']) {
            return past;
        }
    }
    past
}

/// How many words an item has.
fn size(item: &str) -> usize {
    let characters = item.chars().filter(|c| is_unspaced(*c)).count();
    let words = item.split(|c: char| !c.is_alphanumeric() || is_unspaced(c));
    words
        .filter(|word| !word.is_empty() && !FILLERS.contains(word))
        .count()
        + characters.div_ceil(2)
}

/// Words that make an item no longer.
const FILLERS: [&str; 8] = ["and", "or", "any", "the", "a", "of", "no", "other"];

/// The section or list under the title that ends at `from`: the rest of its line after a colon, and the lines of a list or
/// of a paragraph below it. `None` if no colon, bracket or end of the line follows the title.
fn section(text: &str, from: usize) -> Option<Range<usize>> {
    let rest = &text[from..];
    let marks = |c: char| {
        matches!(
            c,
            ' ' | '*' | '_' | ']' | '】' | ')' | '）' | '#' | '=' | '\u{3000}'
        )
    };
    let title = rest.len() - rest.trim_start_matches(marks).len();
    let after = &rest[title..];
    let has_colon = after.starts_with([':', '：', '-', '–', '—']);
    let is_closed = rest[..title].contains([']', '】']);
    if !has_colon && !is_closed && !after.starts_with(['\n', '\r']) {
        return None;
    }
    let mut end = from + rest.find('\n').map_or(rest.len(), |at| at + 1);
    let is_titled = text[from..end]
        .trim_matches(|c: char| marks(c) || c.is_whitespace() || ":：-–—".contains(c))
        .is_empty();
    for line in text[end..].split_inclusive('\n') {
        let trimmed = line.trim();
        let is_item = trimmed.starts_with(['-', '•', '*', '·', '–', '✗', '❌', '✖']);
        let is_title = trimmed.ends_with([':', '：']) || trimmed.starts_with(['[', '【', '#']);
        if trimmed.is_empty() || is_title || !(is_item || is_titled) {
            break;
        }
        end += line.len();
    }
    Some(from..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_denied(text: &str, word: &str) -> bool {
        let at = text.find(word).unwrap();
        denied(text).iter().any(|range| range.contains(&at))
    }

    #[test]
    fn what_is_denied_is_found_in_every_form() {
        for (text, word) in [
            ("no subtitles", "subtitles"),
            ("without any on-screen subtitles", "subtitles"),
            ("No text, captions, or subtitles.", "subtitles"),
            (
                "Avoid: real knives, harm done to anybody in the room, nudity, subtitles, watermarks.",
                "subtitles",
            ),
            ("NEGATIVE PROMPT:\nblur, subtitles, extra fingers", "subtitles"),
            ("Negative:\n- blur\n- subtitles\n", "subtitles"),
            ("避免：血腥、多余人物、字幕、水印。", "字幕"),
            ("無文字、無字幕、無水印。", "字幕"),
            ("画面中不要出现字幕", "字幕"),
            ("文字、字幕、ロゴは入れない。", "字幕"),
            ("字幕なし", "字幕"),
            ("Music: soft. Subtitles: none.", "Subtitles"),
            ("字幕：无", "字幕"),
            ("字幕なし、テロップ禁止、文字を入れない。", "テロップ"),
            ("자막 없음", "자막"),
            ("sin subtítulos ni rótulos", "subtítulos"),
            ("sem legendas", "legendas"),
            ("pas de sous-titres", "sous-titres"),
            ("keine Untertitel", "Untertitel"),
            ("senza sottotitoli", "sottotitoli"),
            ("không có phụ đề", "phụ đề"),
            ("altyazı yok", "altyazı"),
            ("Don't: subtitles, neon lettering, zooms.", "subtitles"),
            ("NOT IN THIS FILM: interviews, subtitles, a tear.", "subtitles"),
            (
                "We do not want: holograms, subtitles, a screaming face.",
                "subtitles",
            ),
            ("NEVER: lightning strikes, skeleton, subtitles.", "subtitles"),
            ("NOT WANTED\nbrand, price, subtitles, lens flare.", "subtitles"),
            (
                "Not wanted\nTitles. Dates on screen. Subtitles. Tears.",
                "Subtitles",
            ),
            ("Hard no: CGI sheen, captions, police lights.", "captions"),
            (
                "## 7. Never\nLegible handwriting. Captions, end card.",
                "Captions",
            ),
            ("Leave out: readable menus, subtitles, crying.", "subtitles"),
            ("【负面】字幕、文字、变形的手", "字幕"),
            ("不要：字幕、心碎音效、回忆画面", "字幕"),
            ("【NG】文字、テロップ、早回し", "テロップ"),
            (
                "Was wir nicht sehen wollen: Untertitel, Tränen, Zeitlupe.",
                "Untertitel",
            ),
            ("Nada de esto: subtítulos, lágrimas, cámara lenta.", "subtítulos"),
            ("без субтитров", "субтитров"),
            ("tanpa takarir", "takarir"),
            ("ไม่มีคำบรรยาย", "คำบรรยาย"),
            ("उपशीर्षक नहीं", "उपशीर्षक"),
            (
                "Leave the lower third clean for subtitles added in post.",
                "subtitles",
            ),
        ] {
            assert!(is_denied(text, word), "{text}");
        }
    }

    #[test]
    fn what_is_wanted_is_not_denied() {
        for (text, word) in [
            ("Nobody moves. Subtitles at the foot.", "Subtitles"),
            (
                "No people in the whole frame, subtitles at the foot.",
                "subtitles",
            ),
            ("No music but subtitles at the foot", "subtitles"),
            ("negative space on the left, subtitles at the foot", "subtitles"),
            ("Avoid: blood.\nSubtitles at the foot.", "Subtitles"),
            ("NEGATIVE PROMPT:\nblur\n\nSubtitles at the foot.", "Subtitles"),
            ("无人机航拍，字幕", "字幕"),
            ("Subtitles: no larger than a line", "Subtitles"),
            ("no céu, legendas e não", "legendas"),
            ("No music: rain, wind, subtitles at the foot", "subtitles"),
            ("자막 없음\n화면에 텍스트", "텍스트"),
        ] {
            assert!(!is_denied(text, word), "{text}");
        }
    }
}

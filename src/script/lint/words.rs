//! The words that rules listen for, found in one walk over the text.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use super::word_lists::{MOVES, WORDS};

/// What a word is listened to for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Sense {
    /// A camera that moves from here to there, by the kind of movement.
    Move(Movement),
    /// A camera that is alive but goes nowhere of its own: handheld, drone, follow.
    Alive,
    /// A camera that is meant to stand.
    Static,
    /// A cut, or a camera that changes its view.
    Cut,
    /// Somebody speaks.
    Speech,
    /// Music and noises are described.
    Sound,
    /// No sound is wanted.
    Silence,
    /// Letters on the screen.
    ScreenText,
    /// A real person, a brand, a film's character.
    Likeness,
}

/// Kinds of camera movement; two of one kind are one movement in two words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Movement {
    Pan,
    Tilt,
    Push,
    Pull,
    Track,
    Crane,
    Orbit,
    Whip,
    Zoom,
    DollyZoom,
    Roll,
}

/// A known word at its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hit {
    pub(super) at: Range<usize>,
    pub(super) sense: Sense,
}

/// Phrases with what each says.
type Bucket = Vec<(&'static str, Vec<Sense>)>;

/// Every phrase by its first character, longer ones first.
static BY_FIRST: LazyLock<HashMap<char, Bucket>> = LazyLock::new(|| {
    let moves = MOVES
        .iter()
        .flat_map(|(kind, words)| words.split('|').map(|word| (word, Sense::Move(*kind))));
    let others = WORDS
        .iter()
        .flat_map(|(sense, words)| words.split('|').map(|word| (word, *sense)));
    let mut map: HashMap<char, Bucket> = HashMap::new();
    for (word, sense) in moves.chain(others) {
        let Some(first) = word.chars().next() else {
            continue;
        };
        let bucket = map.entry(first).or_default();
        match bucket.iter_mut().find(|(known, _)| *known == word) {
            Some((_, senses)) => senses.push(sense),
            None => bucket.push((word, vec![sense])),
        }
    }
    for bucket in map.values_mut() {
        bucket.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
    }
    map
});

/// Every known word of the text, the longest at each place, in order; a word with two senses stands twice.
pub(super) fn hits(text: &str) -> Vec<Hit> {
    let mut hits = Vec::new();
    let mut past = 0;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let starts = at >= past && !(c.is_ascii_alphanumeric() && before.is_ascii_alphanumeric());
        before = c;
        let bucket = starts.then(|| BY_FIRST.get(&c.to_ascii_lowercase())).flatten();
        let longest = bucket.into_iter().flatten().find_map(|(phrase, senses)| {
            let end = phrase_end(text, at, phrase)?;
            Some((end, senses))
        });
        if let Some((end, senses)) = longest {
            hits.extend(senses.iter().map(|sense| Hit {
                at: at..end,
                sense: *sense,
            }));
            past = end;
        }
    }
    hits
}

/// Past `phrase` at `at`: letters of either case, a blank or hyphen of the phrase is any of both, and no Latin
/// word goes on behind it.
fn phrase_end(text: &str, at: usize, phrase: &str) -> Option<usize> {
    let mut rest = text.get(at..)?.char_indices();
    let mut end = at;
    let mut last = ' ';
    for wanted in phrase.chars() {
        let (offset, c) = rest.next()?;
        let is_gap = |c: char| matches!(c, ' ' | '-' | '\u{a0}' | '‑' | '’' | '\'');
        let same = c.eq_ignore_ascii_case(&wanted) || is_gap(wanted) && is_gap(c);
        if !same {
            return None;
        }
        end = at + offset + c.len_utf8();
        last = c;
    }
    let goes_on = rest.next().is_some_and(|(_, c)| c.is_ascii_alphanumeric());
    (!(goes_on && last.is_ascii_alphanumeric())).then_some(end)
}

/// Words that deny what follows them.
const DENIALS: &str = "no|not|without|never|avoid|avoiding|don't|don’t|exclude|excluding|remove|nor|zero";
const CHINESE_DENIALS: &str = "无|不要|没有|禁止|不出现|不含|去除|避免|不加|不带|勿|不需要";

/// Whether what stands at `at` is denied: `no subtitles`, `without any on-screen text`, `无字幕`. Looks back a few
/// words of the same clause.
pub(super) fn is_denied(text: &str, at: usize) -> bool {
    let from = text.floor_char_boundary(at.saturating_sub(48));
    let before = text.get(from..at).unwrap_or_default();
    let clause = before
        .rsplit(['.', '。', ';', '；', '\n', '!', '！'])
        .next()
        .unwrap_or_default();
    if CHINESE_DENIALS.split('|').any(|word| {
        clause
            .rfind(word)
            .is_some_and(|found| clause[found + word.len()..].chars().count() <= 6)
    }) {
        return true;
    }
    let words = clause.rsplit(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '’')));
    let is_denial = |word: &str| DENIALS.split('|').any(|denial| denial.eq_ignore_ascii_case(word));
    words.filter(|word| !word.is_empty()).take(5).any(is_denial)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn senses(text: &str) -> Vec<Sense> {
        hits(text).into_iter().map(|hit| hit.sense).collect()
    }

    #[test]
    fn the_longest_phrase_counts_and_words_stay_whole() {
        assert_eq!(senses("a Dolly-Zoom on her"), [Sense::Move(Movement::DollyZoom)]);
        assert_eq!(senses("companion, panorama, orbital"), []);
        assert_eq!(
            senses("the camera pans; 镜头环绕人物"),
            [Sense::Move(Movement::Pan), Sense::Move(Movement::Orbit)]
        );
    }

    #[test]
    fn what_is_denied_is_not_asked_for() {
        for text in [
            "no subtitles",
            "without any on-screen subtitles",
            "画面中不要出现字幕",
            "Do not add subtitles",
        ] {
            let at = hits(text)
                .iter()
                .find(|hit| hit.sense == Sense::ScreenText)
                .map(|hit| hit.at.start);
            assert!(is_denied(text, at.unwrap()), "{text}");
        }
        let text = "Nobody moves. Subtitles at the foot.";
        assert!(!is_denied(text, text.find("Sub").unwrap()));
    }
}

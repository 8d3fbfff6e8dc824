//! The words that rules listen for, found in a text.

use std::ops::Range;
use std::sync::LazyLock;

use crate::script::camera_vocabulary::{CameraPhrase, Meaning, Movement, camera_phrases};
use crate::script::phrase_matcher::PhraseMatcher;

use super::word_lists::{Sense, WORDS};

/// What the rules hear in a camera phrase; nothing in a size or an angle.
fn sense_of(phrase: &CameraPhrase) -> Option<Sense> {
    match phrase.meaning {
        Meaning::Size(_) | Meaning::Angle(_) => None,
        Meaning::Cut(_) => Some(Sense::Cut),
        Meaning::Move(Movement::Static) if phrase.is_certain => Some(Sense::Static),
        Meaning::Move(movement) if phrase.is_certain => Some(Sense::Move(movement.kind())),
        Meaning::Move(_) | Meaning::Speed => Some(Sense::Alive),
    }
}

/// A known word at its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hit {
    pub(super) at: Range<usize>,
    pub(super) sense: Sense,
}

/// Every known word of the text in order; a word with two senses is listed twice.
pub(super) fn hits(text: &str) -> Vec<Hit> {
    static MATCHER: LazyLock<PhraseMatcher<Sense>> = LazyLock::new(|| {
        let words = WORDS.iter();
        PhraseMatcher::new(words.flat_map(|(sense, words)| words.split('|').map(|word| (word, *sense))))
    });
    let camera = camera_phrases(text).into_iter().filter_map(|phrase| {
        let sense = sense_of(&phrase)?;
        Some(Hit { at: phrase.at, sense })
    });
    let words = MATCHER
        .find(text)
        .into_iter()
        .map(|(at, sense)| Hit { at, sense });
    let mut hits: Vec<Hit> = camera.chain(words).collect();
    hits.sort_by_key(|hit| hit.at.start);
    hits
}

/// Words that deny what follows them.
const DENIALS: &str = "no|not|without|never|avoid|avoiding|don't|don’t|exclude|excluding|remove|nor|zero";
const CHINESE_DENIALS: &str = "无|不要|没有|禁止|不出现|不含|去除|避免|不加|不带|勿|不需要";

/// Whether the word at `at` is denied, as in `no subtitles`, `without any on-screen text` or `无字幕`. Looks back
/// over a few words of the same clause.
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
            [Sense::Move(Movement::PanRight), Sense::Move(Movement::Orbit)]
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

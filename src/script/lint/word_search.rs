//! The words that rules listen for, found in a text.

use std::ops::Range;
use std::sync::LazyLock;

use crate::script::camera_vocabulary::{CameraPhrase, Meaning, Movement, camera_phrases};
use crate::script::languages::words;
use crate::script::phrase_matcher::PhraseMatcher;

use super::word_lists::{OF_LANGUAGES, Sense, WORDS};

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
        let of_languages = OF_LANGUAGES
            .iter()
            .flat_map(|(kind, sense)| words(*kind).map(|word| (word, *sense)));
        let others = WORDS.iter();
        let others = others.flat_map(|(sense, words)| words.split('|').map(|word| (word, *sense)));
        PhraseMatcher::new(of_languages.chain(others))
    });
    let camera = camera_phrases(text).into_iter().filter_map(|phrase| {
        let sense = sense_of(&phrase)?;
        Some(Hit { at: phrase.at, sense })
    });
    let words = MATCHER
        .find(text)
        .into_iter()
        .filter(|(_, sense)| *sense != Sense::Harmless)
        .map(|(at, sense)| Hit { at, sense });
    let mut hits: Vec<Hit> = camera.chain(words).collect();
    hits.sort_by_key(|hit| hit.at.start);
    hits
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
    fn a_longer_phrase_without_a_meaning_hides_the_word_in_it() {
        assert_eq!(senses("a music video, shot on iPhone"), []);
        assert_eq!(senses("soft music"), [Sense::Sound]);
    }
}

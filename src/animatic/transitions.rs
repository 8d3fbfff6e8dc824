//! How one card follows another, by the cuts that the words of their shots name.

use std::ops::Range;

use crate::script::camera_vocabulary::{Cut, Meaning, camera_phrases};

/// How a card begins and ends; `None` where the words say nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Transition {
    pub(super) begins: Option<Cut>,
    /// The card ends by fading to black.
    pub(super) fades_out: bool,
}

/// The transitions of cards with these words, in order.
pub(super) fn transitions<'words>(cards: impl Iterator<Item = &'words str>) -> Vec<Transition> {
    let mut begins_next = None;
    let mut transitions = Vec::new();
    for words in cards {
        let mut transition = Transition {
            begins: begins_next.take(),
            fades_out: false,
        };
        for phrase in camera_phrases(words) {
            match phrase.meaning {
                Meaning::Cut(Cut::FadeOut) => transition.fades_out = true,
                Meaning::Cut(Cut::Other) => {}
                Meaning::Cut(cut) if cut != Cut::FadeIn && ends_shot(words, &phrase.at) => {
                    begins_next = Some(cut);
                }
                Meaning::Cut(cut) => transition.begins = Some(cut),
                _ => {}
            }
        }
        transitions.push(transition);
    }
    if let Some(first) = transitions.first_mut() {
        // Nothing comes before the first card.
        first.begins = first.begins.map(|cut| match cut {
            Cut::Dissolve => Cut::FadeIn,
            Cut::Whip => Cut::Hard,
            other => other,
        });
    }
    transitions
}

/// Whether the cut at `at` leads to the next shot: it is followed by "to", "into" or "out", or stands in the second
/// half of the words.
fn ends_shot(words: &str, at: &Range<usize>) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '\'';
    let before = words.get(..at.start).unwrap_or_default();
    let after = words.get(at.end..).unwrap_or_default();
    let after = after.trim_matches(|c| !is_word(c));
    let next = after.split(|c| !is_word(c)).next().unwrap_or_default();
    let leads_on = ["to", "into", "out"]
        .iter()
        .any(|word| next.eq_ignore_ascii_case(word));
    leads_on || before.contains(is_word) && after.len() * 2 < words.trim().len()
}

/// The cut as it is written on the card.
pub(super) const fn cut_label(cut: Cut) -> Option<&'static str> {
    match cut {
        Cut::Hard => Some("CUT"),
        Cut::Dissolve => Some("DISSOLVE"),
        Cut::FadeIn => Some("FADE IN"),
        Cut::FadeOut => Some("FADE OUT"),
        Cut::Whip => Some("WHIP"),
        Cut::Other => None,
    }
}

/// For how many frames of a card of `frames` the cut lasts.
pub(super) fn cut_frames(cut: Cut, frames: u32) -> u32 {
    let usual = match cut {
        Cut::Hard | Cut::Other => 0,
        Cut::Dissolve => 14,
        Cut::FadeIn | Cut::FadeOut => 18,
        Cut::Whip => 8,
    };
    usual.min(frames / 3)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::camera_vocabulary::VOCABULARY;

    fn begins(cards: &[&str]) -> Vec<Option<Cut>> {
        transitions(cards.iter().copied())
            .into_iter()
            .map(|transition| transition.begins)
            .collect()
    }

    #[test]
    fn a_cut_works_where_it_stands() {
        assert_eq!(
            begins(&["A kite.", "Dissolve. It dives over the sea."]),
            [None, Some(Cut::Dissolve)]
        );
        assert_eq!(
            begins(&["A kite lifts off. Dissolve to", "It dives."]),
            [None, Some(Cut::Dissolve)]
        );
        assert_eq!(
            begins(&[
                "A kite lifts off, whip transition.",
                "It dives. Hard cut.",
                "End."
            ]),
            [None, Some(Cut::Whip), Some(Cut::Hard)]
        );
        assert_eq!(
            begins(&["Dissolve to the sea.", "The sea."]),
            [None, Some(Cut::Dissolve)]
        );
        assert_eq!(
            begins(&["Dissolve. A kite.", "叠化，海"]),
            [Some(Cut::FadeIn), Some(Cut::Dissolve)]
        );
    }

    #[test]
    fn fades_have_their_side() {
        let read = transitions(["Fade in: a kite.", "It falls, fade to black."].into_iter());
        assert_eq!((read[0].begins, read[0].fades_out), (Some(Cut::FadeIn), false));
        assert_eq!((read[1].begins, read[1].fades_out), (None, true));
        assert_eq!(begins(&["A faded kite cuts the sky", "dissolved"]), [None, None]);
    }

    #[test]
    fn every_cut_of_the_vocabulary_is_drawn() {
        for entry in VOCABULARY {
            let Some(Meaning::Cut(cut)) = entry.meanings.iter().find(|m| matches!(m, Meaning::Cut(_))) else {
                continue;
            };
            for phrase in entry.phrases() {
                let cards = [
                    "A kite lifts off.".to_owned(),
                    format!("{phrase}. It dives over the sea."),
                ];
                let drawn = transitions(cards.iter().map(String::as_str))[1];
                let fades = *cut == Cut::FadeOut;
                let begins = Some(*cut).filter(|cut| !matches!(cut, Cut::FadeOut | Cut::Other));
                assert_eq!((drawn.begins, drawn.fades_out), (begins, fades), "{phrase}");
            }
        }
    }
}

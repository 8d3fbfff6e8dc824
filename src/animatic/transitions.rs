//! How one card follows another, by the words of their shots.

use super::framing::{find, words_only};

/// What happens where two shots meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    Hard,
    /// Out of the picture before; the first card comes out of the dark.
    Dissolve,
    /// In from the dark.
    Fade,
    /// Both pictures rush by.
    Whip,
}

/// How a card begins and ends; `None` where the words say nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Joint {
    pub(super) begins: Option<Cut>,
    /// Into the dark.
    pub(super) fades_out: bool,
}

/// On which side of its shot a phrase works, where that does not follow from its place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Begin,
    End,
    /// At the end when it stands in the second half, or leads on: "dissolve to", "hard cut to".
    ByPlace,
}

const PHRASES: [(Cut, Side, &[&str]); 5] = [
    (
        Cut::Dissolve,
        Side::ByPlace,
        &[
            "dissolve",
            "dissolves",
            "cross dissolve",
            "crossfade",
            "cross fade",
            "叠化",
        ],
    ),
    (
        Cut::Fade,
        Side::Begin,
        &["fade in", "fades in", "fade from black", "fade up", "淡入"],
    ),
    (
        Cut::Fade,
        Side::End,
        &["fade out", "fades out", "fade to black", "fades to black", "淡出"],
    ),
    (
        Cut::Whip,
        Side::ByPlace,
        &[
            "whip transition",
            "whip cut",
            "whip pan to",
            "whip pan transition",
        ],
    ),
    (
        Cut::Hard,
        Side::ByPlace,
        &["hard cut", "smash cut", "jump cut", "match cut", "硬切"],
    ),
];

/// The joints of cards with these words, in order.
pub(super) fn joints<'words>(cards: impl Iterator<Item = &'words str>) -> Vec<Joint> {
    let mut led_on = None;
    let mut joints = Vec::new();
    for words in cards {
        let spaced = words_only(words);
        let mut joint = Joint {
            begins: led_on.take(),
            fades_out: false,
        };
        for (cut, side, phrases) in PHRASES {
            for phrase in phrases {
                let Some(at) = find(&spaced, phrase) else { continue };
                if !is_end(&spaced, at, phrase, side) {
                    joint.begins = Some(cut);
                } else if cut == Cut::Fade {
                    joint.fades_out = true;
                } else {
                    led_on = Some(cut);
                }
            }
        }
        joints.push(joint);
    }
    if let Some(first) = joints.first_mut() {
        first.begins = first.begins.map(|cut| match cut {
            Cut::Dissolve => Cut::Fade,
            Cut::Whip => Cut::Hard,
            other => other,
        });
    }
    joints
}

fn is_end(spaced: &str, at: usize, phrase: &str, side: Side) -> bool {
    let behind = spaced.get(at..).unwrap_or_default().trim_start();
    let behind = behind.get(phrase.len()..).unwrap_or_default().trim_start();
    match side {
        Side::Begin => false,
        Side::End => true,
        Side::ByPlace => {
            let leads_on = ["to ", "into ", "out "]
                .iter()
                .any(|word| behind.starts_with(word));
            leads_on || (at > 1 && behind.len() * 2 < spaced.len())
        }
    }
}

impl Cut {
    /// As it is written on the card.
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Hard => "CUT",
            Self::Dissolve => "DISSOLVE",
            Self::Fade => "FADE IN",
            Self::Whip => "WHIP",
        }
    }

    /// For how many frames of a card of `frames` it lasts.
    pub(super) fn frames(self, frames: u32) -> u32 {
        let usual = match self {
            Self::Hard => 0,
            Self::Dissolve => 14,
            Self::Fade => 18,
            Self::Whip => 8,
        };
        usual.min(frames / 3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begins(cards: &[&str]) -> Vec<Option<Cut>> {
        joints(cards.iter().copied())
            .into_iter()
            .map(|joint| joint.begins)
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
            [Some(Cut::Fade), Some(Cut::Dissolve)]
        );
    }

    #[test]
    fn fades_have_their_side() {
        let read = joints(["Fade in: a kite.", "It falls, fade to black."].into_iter());
        assert_eq!((read[0].begins, read[0].fades_out), (Some(Cut::Fade), false));
        assert_eq!((read[1].begins, read[1].fades_out), (None, true));
        assert_eq!(begins(&["A faded kite cuts the sky", "dissolved"]), [None, None]);
    }
}

//! Reads from a shot's words how the animatic draws it.

use std::cmp::Reverse;
use std::sync::LazyLock;

use crate::script::PhraseMatcher;
use crate::script::camera_vocabulary::{Angle, Meaning, Movement, Size, camera_phrases};

/// How a shot is framed; `None` where its words say nothing that can be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Framing {
    pub size: Option<Size>,
    pub angle: Option<Angle>,
    pub movement: Option<Movement>,
    /// Whether the words speak of two or more people.
    pub is_pair: bool,
}

/// Words for two or more people.
const PAIR: [&str; 10] = [
    "two", "both", "couple", "they", "them", "pair", "friends", "双人", "两人", "他们",
];

/// Reads the framing out of a shot's words. Of several movements the longest phrase counts, then the earliest.
pub fn framing(words: &str) -> Framing {
    static PAIRS: LazyLock<PhraseMatcher<()>> =
        LazyLock::new(|| PhraseMatcher::new(PAIR.map(|word| (word, ()))));
    let phrases = camera_phrases(words);
    let meanings = || phrases.iter().map(|phrase| phrase.meaning);
    let movements = phrases.iter().filter_map(|phrase| match phrase.meaning {
        Meaning::Move(movement) if movement != Movement::Other => Some((phrase, movement)),
        _ => None,
    });
    Framing {
        size: meanings()
            .filter_map(|meaning| match meaning {
                Meaning::Size(size) => Some(size),
                _ => None,
            })
            .min(),
        angle: meanings()
            .filter_map(|meaning| match meaning {
                Meaning::Angle(angle) => Some(angle),
                _ => None,
            })
            .min(),
        movement: movements
            .max_by_key(|(phrase, _)| (phrase.at.len(), Reverse(phrase.at.start)))
            .map(|(_, movement)| movement),
        is_pair: !PAIRS.find(words).is_empty(),
    }
}

impl Framing {
    /// The parts as they are written on a card, those that are drawn.
    pub(super) fn labels(&self) -> impl Iterator<Item = &'static str> {
        let size = self.size.map(size_label);
        let angle = self.angle.and_then(angle_label);
        size.into_iter()
            .chain(angle)
            .chain(self.movement.map(movement_label))
    }
}

const fn size_label(size: Size) -> &'static str {
    match size {
        Size::ExtremeClose => "EXTREME CLOSE-UP",
        Size::Close => "CLOSE-UP",
        Size::MediumClose => "MEDIUM CLOSE-UP",
        Size::Medium => "MEDIUM",
        Size::Cowboy => "COWBOY",
        Size::Full => "FULL",
        Size::Wide => "WIDE",
        Size::ExtremeWide => "EXTREME WIDE",
        Size::Detail => "INSERT",
    }
}

const fn angle_label(angle: Angle) -> Option<&'static str> {
    match angle {
        Angle::Low => Some("LOW ANGLE"),
        Angle::High => Some("HIGH ANGLE"),
        Angle::Dutch => Some("DUTCH ANGLE"),
        Angle::Eye | Angle::OverShoulder | Angle::PointOfView | Angle::Profile => None,
    }
}

const fn movement_label(movement: Movement) -> &'static str {
    match movement {
        Movement::Static => "STATIC",
        Movement::PanLeft => "← PAN",
        Movement::PanRight => "PAN →",
        Movement::TiltUp => "TILT ↑",
        Movement::TiltDown => "TILT ↓",
        Movement::PushIn | Movement::ZoomIn => "PUSH IN",
        Movement::PullOut | Movement::ZoomOut => "PULL OUT",
        Movement::TrackLeft => "← TRACK",
        Movement::TrackRight => "TRACK →",
        Movement::Orbit => "ORBIT",
        Movement::Handheld => "HANDHELD",
        Movement::CraneUp => "CRANE ↑",
        Movement::CraneDown => "CRANE ↓",
        Movement::WhipPan => "WHIP PAN",
        Movement::CrashZoom => "CRASH ZOOM",
        Movement::DollyZoom => "DOLLY ZOOM",
        Movement::Roll => "ROLL",
        Movement::Other => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_camera_is_read_from_the_words() {
        let cases = [
            (
                "Medium shot, static camera. Two drivers.",
                Some(Size::Medium),
                Some(Movement::Static),
            ),
            ("Extreme close-up of an eye", Some(Size::ExtremeClose), None),
            (
                "Wide shot. The camera pans left.",
                Some(Size::Wide),
                Some(Movement::PanLeft),
            ),
            (
                "Slow zoom out from the company car",
                None,
                Some(Movement::ZoomOut),
            ),
            (
                "Side tracking shot at the speed of the car",
                None,
                Some(Movement::TrackRight),
            ),
            ("特写，推镜头", Some(Size::Close), Some(Movement::PushIn)),
            ("A panda in Spain", None, None),
            ("Crane up over the roofs", None, Some(Movement::CraneUp)),
            ("Crash zoom on the dial", None, Some(Movement::CrashZoom)),
            ("Whip pan to the door", None, Some(Movement::WhipPan)),
            ("Dutch tilt of a stair", None, None),
            ("Dolly zoom, the hall stretches", None, Some(Movement::DollyZoom)),
            ("Truck left past the stalls", None, Some(Movement::TrackLeft)),
            ("Dolly left past the stalls", None, Some(Movement::TrackLeft)),
            ("Swish pan, a zolly", None, Some(Movement::WhipPan)),
        ];
        for (words, size, movement) in cases {
            let read = framing(words);
            assert_eq!((read.size, read.movement), (size, movement), "{words}");
        }
        assert!(framing("Two drivers").is_pair && !framing("A driver").is_pair);
        assert_eq!(framing("low-angle shot").angle, Some(Angle::Low));
        assert_eq!(framing("seen from a bird's-eye view").angle, Some(Angle::High));
    }
}

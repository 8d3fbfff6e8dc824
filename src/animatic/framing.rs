//! How near the camera is and how it moves, by the words of a shot.

use std::cmp::Reverse;

/// How much of a person fills the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Size {
    ExtremeClose,
    Close,
    MediumClose,
    Medium,
    Cowboy,
    Full,
    Wide,
    ExtremeWide,
    Detail,
}

/// What the camera does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Move {
    Static,
    PanLeft,
    PanRight,
    TiltUp,
    TiltDown,
    PushIn,
    PullOut,
    Track,
    TrackLeft,
    Orbit,
    Handheld,
    CraneUp,
    CraneDown,
    /// A pan too quick to see.
    Whip,
    CrashZoom,
    /// Nearer and wider at once: the person stays as large, the world behind does not.
    DollyZoom,
    Roll,
}

/// From where the camera looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Angle {
    Low,
    Eye,
    High,
    /// The horizon is not level.
    Dutch,
}

/// What a shot's words say about the camera; `None` where they say nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Framing {
    pub(super) size: Option<Size>,
    pub(super) camera: Option<Move>,
    pub(super) angle: Angle,
    /// Whether the words speak of two or more people.
    pub(super) is_pair: bool,
}

/// Phrases for each size, the more exact ones first. A phrase matches whole words; Chinese matches anywhere.
const SIZES: [(Size, &[&str]); 9] = [
    (Size::ExtremeClose, &["extreme close", "ecu", "大特写"]),
    (Size::Detail, &["insert", "macro", "微距"]),
    (Size::MediumClose, &["medium close", "mcu", "近景"]),
    (
        Size::Close,
        &["close up", "closeup", "close shot", "tight shot", "cu", "特写"],
    ),
    (
        Size::ExtremeWide,
        &[
            "extreme wide",
            "establishing",
            "aerial",
            "drone",
            "ews",
            "远景",
            "航拍",
        ],
    ),
    (Size::Cowboy, &["cowboy", "american shot"]),
    (Size::Full, &["full shot", "full body", "全身"]),
    (Size::Wide, &["wide", "long shot", "ws", "全景"]),
    (Size::Medium, &["medium", "mid shot", "ms", "two shot", "中景"]),
];

const MOVES: [(Move, &[&str]); 17] = [
    (Move::PanLeft, &["pan left", "pans left", "panning left", "左摇"]),
    (Move::PanRight, &["pan", "pans", "panning", "摇"]),
    (Move::TiltUp, &["tilt up", "tilts up"]),
    (Move::TiltDown, &["tilt", "tilts", "tilt down", "tilts down"]),
    (
        Move::CraneUp,
        &[
            "crane",
            "crane up",
            "cranes up",
            "boom up",
            "pedestal",
            "pedestal up",
            "升镜",
            "镜头上升",
            "升",
        ],
    ),
    (
        Move::CraneDown,
        &[
            "crane down",
            "cranes down",
            "boom down",
            "pedestal down",
            "降镜",
            "镜头下降",
            "降",
        ],
    ),
    (
        Move::Whip,
        &["whip pan", "whip pans", "whips to", "whip tilt", "甩镜"],
    ),
    (
        Move::CrashZoom,
        &["crash zoom", "crash zooms", "snap zoom", "急推"],
    ),
    (Move::DollyZoom, &["dolly zoom", "vertigo shot", "vertigo effect"]),
    (
        Move::Roll,
        &["camera roll", "camera rolls", "barrel roll", "rolling camera"],
    ),
    (
        Move::TrackLeft,
        &[
            "truck left",
            "trucks left",
            "track left",
            "tracks left",
            "tracking left",
        ],
    ),
    (
        Move::PushIn,
        &[
            "push in",
            "pushes in",
            "dolly in",
            "zoom in",
            "zoom",
            "dolly",
            "推",
        ],
    ),
    (
        Move::PullOut,
        &[
            "pull back",
            "pulls back",
            "pull out",
            "dolly out",
            "zoom out",
            "拉",
        ],
    ),
    (
        Move::Track,
        &[
            "track",
            "tracks",
            "tracking",
            "truck",
            "follow",
            "follows",
            "following",
            "lateral",
            "steadicam",
            "gimbal",
            "fpv",
            "跟",
            "移",
        ],
    ),
    (
        Move::Orbit,
        &["orbit", "orbits", "orbiting", "arc", "360", "环绕"],
    ),
    (Move::Handheld, &["handheld", "hand held", "shaky", "手持"]),
    (
        Move::Static,
        &["static", "locked", "locked off", "tripod", "still camera", "固定"],
    ),
];

const LOW: &[&str] = &["low angle", "worm's eye", "仰拍"];
const HIGH: &[&str] = &["high angle", "overhead", "top down", "bird's eye", "俯拍"];
const DUTCH: &[&str] = &["dutch angle", "dutch tilt", "canted", "斜角"];
const PAIR: &[&str] = &[
    "two", "both", "couple", "they", "them", "pair", "friends", "双人", "两人", "他们",
];

/// Reads the camera out of a shot's words.
pub(super) fn framing(words: &str) -> Framing {
    let spaced = words_only(words);
    // Not a move, though it is called by the name of one.
    let moving = spaced.replace(" dutch tilt ", " ");
    let has = |phrases: &[&str]| phrases.iter().any(|phrase| holds(&spaced, phrase));
    // An exact phrase ("zoom out") weighs more than a short one ("zoom"), an earlier one more than a later one.
    let camera = MOVES
        .iter()
        .flat_map(|(camera, phrases)| phrases.iter().map(move |phrase| (*camera, *phrase)))
        .filter_map(|(camera, phrase)| Some((phrase.len(), Reverse(find(&moving, phrase)?), camera)))
        .reduce(|best, other| {
            if (other.0, other.1) > (best.0, best.1) {
                other
            } else {
                best
            }
        })
        .map(|(_, _, camera)| camera);
    Framing {
        size: SIZES
            .iter()
            .find(|(_, phrases)| has(phrases))
            .map(|(size, _)| *size),
        camera,
        angle: match (has(DUTCH), has(LOW), has(HIGH)) {
            (true, _, _) => Angle::Dutch,
            (_, true, _) => Angle::Low,
            (_, _, true) => Angle::High,
            _ => Angle::Eye,
        },
        is_pair: has(PAIR),
    }
}

/// Lower-case words with single spaces between, before and behind.
pub(super) fn words_only(words: &str) -> String {
    let mut spaced = String::from(" ");
    for c in words.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() || c == '\'' {
            spaced.push(c);
        } else if !spaced.ends_with(' ') {
            spaced.push(' ');
        }
    }
    spaced.push(' ');
    spaced
}

fn holds(spaced: &str, phrase: &str) -> bool {
    find(spaced, phrase).is_some()
}

/// Where a phrase starts in [`words_only`]; whole words, Chinese anywhere.
pub(super) fn find(spaced: &str, phrase: &str) -> Option<usize> {
    if phrase.is_ascii() {
        spaced.find(&format!(" {phrase} "))
    } else {
        spaced.find(phrase)
    }
}

impl Size {
    /// As it is written on the card.
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::ExtremeClose => "EXTREME CLOSE-UP",
            Self::Close => "CLOSE-UP",
            Self::MediumClose => "MEDIUM CLOSE-UP",
            Self::Medium => "MEDIUM",
            Self::Cowboy => "COWBOY",
            Self::Full => "FULL",
            Self::Wide => "WIDE",
            Self::ExtremeWide => "EXTREME WIDE",
            Self::Detail => "INSERT",
        }
    }

    /// A person's height in hundredths of the picture's.
    pub(super) const fn person(self) -> i32 {
        match self {
            Self::ExtremeClose => 560,
            Self::Close => 310,
            Self::MediumClose => 220,
            Self::Medium => 160,
            Self::Cowboy => 125,
            Self::Full => 86,
            Self::Wide => 46,
            Self::ExtremeWide => 17,
            Self::Detail => 0,
        }
    }
}

impl Move {
    /// As it is written on the card.
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Static => "STATIC",
            Self::PanLeft => "← PAN",
            Self::PanRight => "PAN →",
            Self::TiltUp => "TILT ↑",
            Self::TiltDown => "TILT ↓",
            Self::PushIn => "PUSH IN",
            Self::PullOut => "PULL OUT",
            Self::Track => "TRACK →",
            Self::Orbit => "ORBIT",
            Self::TrackLeft => "← TRACK",
            Self::Handheld => "HANDHELD",
            Self::CraneUp => "CRANE ↑",
            Self::CraneDown => "CRANE ↓",
            Self::Whip => "WHIP PAN",
            Self::CrashZoom => "CRASH ZOOM",
            Self::DollyZoom => "DOLLY ZOOM",
            Self::Roll => "ROLL",
        }
    }
}

impl Angle {
    /// As it is written on the card; nothing for the usual one.
    pub(super) const fn label(self) -> Option<&'static str> {
        match self {
            Self::Eye => None,
            Self::Low => Some("LOW ANGLE"),
            Self::High => Some("HIGH ANGLE"),
            Self::Dutch => Some("DUTCH ANGLE"),
        }
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
                Some(Move::Static),
            ),
            ("Extreme close-up of an eye", Some(Size::ExtremeClose), None),
            (
                "Wide shot. The camera pans left.",
                Some(Size::Wide),
                Some(Move::PanLeft),
            ),
            ("Slow zoom out from the company car", None, Some(Move::PullOut)),
            (
                "Side tracking shot at the speed of the car",
                None,
                Some(Move::Track),
            ),
            ("特写，推镜头", Some(Size::Close), Some(Move::PushIn)),
            ("A panda in Spain", None, None),
            ("Crane up over the roofs", None, Some(Move::CraneUp)),
            ("Crash zoom on the dial", None, Some(Move::CrashZoom)),
            ("Whip pan to the door", None, Some(Move::Whip)),
            ("Dutch tilt of a stair", None, None),
            ("Dolly zoom, the hall stretches", None, Some(Move::DollyZoom)),
            ("Truck left past the stalls", None, Some(Move::TrackLeft)),
        ];
        for (words, size, camera) in cases {
            let read = framing(words);
            assert_eq!((read.size, read.camera), (size, camera), "{words}");
        }
        assert!(framing("Two drivers").is_pair && !framing("A driver").is_pair);
        assert_eq!(framing("low-angle shot").angle, Angle::Low);
        assert_eq!(framing("seen from a bird's-eye view").angle, Angle::High);
    }
}

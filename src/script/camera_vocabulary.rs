//! The camera's vocabulary: every phrase that rushes knows, what it asks of the camera, and how it is found in a text.
//!
//! Completion in the editor, the lint rules and the animatic all read from this table.

use std::ops::Range;
use std::sync::LazyLock;

use super::phrase_matcher::PhraseMatcher;

/// How much of a person fills the picture. Of several sizes in one shot, the first in this order is the most exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Size {
    ExtremeClose,
    /// A thing, not a person.
    Detail,
    MediumClose,
    Close,
    ExtremeWide,
    Cowboy,
    Full,
    Wide,
    Medium,
}

/// From where the camera looks. Of several angles in one shot, the first in this order is the most exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Angle {
    /// The horizon is not level.
    Dutch,
    Low,
    High,
    Eye,
    OverShoulder,
    PointOfView,
    Profile,
}

/// How the camera moves. A phrase that names no direction stands for the usual one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Movement {
    Static,
    PanLeft,
    PanRight,
    TiltUp,
    TiltDown,
    PushIn,
    PullOut,
    ZoomIn,
    ZoomOut,
    CrashZoom,
    /// Nearer and wider at once: the person stays as large, the world behind does not.
    DollyZoom,
    TrackLeft,
    TrackRight,
    CraneUp,
    CraneDown,
    Orbit,
    /// A pan too quick to see.
    WhipPan,
    Handheld,
    Roll,
    /// The camera moves, but the words do not say how.
    Other,
}

impl Movement {
    /// The same for both directions of a movement: `pan left` and `pan right` are one kind.
    pub const fn kind(self) -> Self {
        match self {
            Self::PanLeft => Self::PanRight,
            Self::TiltUp => Self::TiltDown,
            Self::ZoomOut | Self::CrashZoom => Self::ZoomIn,
            Self::TrackLeft => Self::TrackRight,
            Self::CraneUp => Self::CraneDown,
            other => other,
        }
    }
}

/// How one picture follows another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    Hard,
    Dissolve,
    FadeIn,
    FadeOut,
    /// Both pictures rush by.
    Whip,
    /// A cut inside the shot, or none on purpose.
    Other,
}

/// What a phrase asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    Size(Size),
    Angle(Angle),
    Move(Movement),
    Cut(Cut),
    /// Time runs faster, slower or not at all.
    Speed,
}

/// Phrases that ask for the same. Phrases are separated by `|`; case does not matter, and a space stands for a hyphen
/// too.
pub struct PhraseEntry {
    pub meanings: &'static [Meaning],
    /// The phrases can mean nothing else. `pan left` is certain; `pan` may be a frying pan, and `steadicam` says that the
    /// camera moves, but not where to.
    pub is_certain: bool,
    /// Phrases that completion offers, as they are written.
    offered: &'static str,
    /// Further phrases that are understood.
    understood: &'static str,
}

const fn certain(
    meanings: &'static [Meaning],
    offered: &'static str,
    understood: &'static str,
) -> PhraseEntry {
    PhraseEntry {
        meanings,
        is_certain: true,
        offered,
        understood,
    }
}

const fn vague(meanings: &'static [Meaning], offered: &'static str, understood: &'static str) -> PhraseEntry {
    PhraseEntry {
        is_certain: false,
        ..certain(meanings, offered, understood)
    }
}

use Meaning as M;

/// The whole vocabulary, in the order in which completion offers it.
#[rustfmt::skip]
pub const VOCABULARY: &[PhraseEntry] = &[
    certain(&[M::Size(Size::ExtremeClose)], "extreme close-up", "extreme close|ecu|大特写"),
    certain(&[M::Size(Size::Close)], "close-up|特写", "closeup|close shot|tight shot|cu"),
    certain(&[M::Size(Size::MediumClose)], "medium close-up|近景", "medium close|mcu"),
    certain(&[M::Size(Size::Medium)], "medium shot|中景", "medium|mid shot|ms"),
    certain(&[M::Size(Size::Cowboy)], "cowboy shot", "cowboy|american shot"),
    certain(&[M::Size(Size::Full)], "full shot", "full body|全身"),
    certain(&[M::Size(Size::Wide)], "wide shot|全景", "wide|long shot|ws"),
    certain(&[M::Size(Size::ExtremeWide)], "extreme wide shot|establishing shot|远景", "extreme wide|establishing|ews"),
    certain(&[M::Size(Size::Detail), M::Cut(Cut::Other)], "insert shot", ""),
    certain(&[M::Size(Size::Detail)], "macro shot", "macro|insert|微距"),
    certain(&[M::Size(Size::Medium)], "two-shot", ""),
    certain(&[M::Angle(Angle::Eye)], "eye level", ""),
    certain(&[M::Angle(Angle::Low)], "low angle|仰拍", ""),
    certain(&[M::Angle(Angle::High)], "high angle|overhead shot|top-down|bird's-eye view|俯拍", "overhead|bird's eye"),
    certain(&[M::Angle(Angle::Low)], "worm's-eye view", "worm's eye"),
    certain(&[M::Angle(Angle::Dutch)], "Dutch angle", "dutch tilt|canted|斜角"),
    certain(&[M::Angle(Angle::OverShoulder)], "over-the-shoulder", ""),
    vague(&[M::Angle(Angle::PointOfView), M::Move(Movement::Other)], "POV", "第一人称"),
    certain(&[M::Angle(Angle::Profile)], "profile", ""),
    certain(&[M::Move(Movement::Static)], "static camera|locked-off",
        "static shot|static frame|camera is static|camera static|camera remains static|camera stays static|\
         locked camera|locked-off shot|lock-off|fixed camera|fixed shot|tripod shot|camera is still|\
         camera does not move|stationary camera|固定镜头|固定机位|镜头固定|静止镜头|镜头静止"),
    certain(&[M::Move(Movement::Static), M::Size(Size::Wide)], "", "static wide"),
    certain(&[M::Move(Movement::Static), M::Size(Size::Medium)], "", "static medium"),
    certain(&[M::Move(Movement::Static), M::Size(Size::Close)], "", "static close-up"),
    vague(&[M::Move(Movement::Static)], "", "static|tripod|still camera|固定"),
    certain(&[M::Move(Movement::PanLeft)], "pan left",
        "pans left|panning left|slow pan left|camera pans left|camera pan left|镜头左摇|左摇"),
    certain(&[M::Move(Movement::PanRight)], "pan right|摇镜",
        "pans right|panning right|slow pan right|camera pans right|camera pan right|pan across|pans across|\
         slow pan|camera pans|camera pan|panning shot|镜头右摇|镜头摇"),
    vague(&[M::Move(Movement::PanRight)], "", "pan|pans|panning|右摇|摇"),
    certain(&[M::Move(Movement::TiltUp)], "tilt up", "tilts up|camera tilts up|camera tilt up|镜头上摇"),
    certain(&[M::Move(Movement::TiltDown)], "tilt down",
        "tilts down|camera tilts down|camera tilt down|camera tilts|camera tilt|tilting shot|镜头下摇"),
    vague(&[M::Move(Movement::TiltDown)], "", "tilt|tilts|tilting"),
    certain(&[M::Move(Movement::PushIn)], "dolly in|slow push in|push in|推镜",
        "pushes in|pushing in|push-in shot|dollies in|dolly forward|camera pushes in|camera pushes|镜头推|镜头缓推|\
         镜头缓慢推|缓慢推近|镜头前推"),
    vague(&[M::Move(Movement::PushIn)], "", "dolly|推近|推进|缓推|慢推|轻推|前推|推"),
    certain(&[M::Move(Movement::PullOut)], "dolly out|pull back|拉镜",
        "pulls back|pulling back|pull out|pulls out|dollies out|dolly back|camera pulls back|camera pulls out|\
         camera pulls|镜头拉|镜头缓慢拉|镜头后拉"),
    vague(&[M::Move(Movement::PullOut)], "", "拉远|缓拉|慢拉|后拉|拉"),
    certain(&[M::Move(Movement::ZoomIn)], "",
        "zoom in|zooms in|zooming in|slow zoom in|slow zoom|camera zooms in|camera zooms|变焦推近"),
    vague(&[M::Move(Movement::ZoomIn)], "", "zoom|变焦"),
    certain(&[M::Move(Movement::ZoomOut)], "", "zoom out|zooms out|zooming out|slow zoom out|camera zooms out"),
    certain(&[M::Move(Movement::TrackRight)], "tracking shot|lateral tracking shot|移镜",
        "track right|tracks right|camera tracks right|camera tracks|lateral move|镜头横移|横移镜头|镜头平移"),
    certain(&[M::Move(Movement::TrackLeft)], "truck left",
        "trucks left|track left|tracks left|tracking left|camera tracks left|dolly left"),
    certain(&[M::Move(Movement::TrackRight)], "truck right", "trucks right|tracking right|dolly right"),
    certain(&[M::Move(Movement::CraneUp)], "crane up|boom up|pedestal up|升镜",
        "cranes up|booms up|jib up|crane shot|camera rises|镜头升|镜头上升|镜头缓缓升"),
    vague(&[M::Move(Movement::CraneUp)], "", "crane|升"),
    certain(&[M::Move(Movement::CraneDown)], "crane down|boom down|pedestal down|降镜",
        "cranes down|booms down|jib down|camera descends|镜头下降"),
    vague(&[M::Move(Movement::CraneDown)], "", "降"),
    vague(&[M::Move(Movement::Orbit)], "orbit|环绕", "orbits|orbiting|camera circling|360°|360 degree|360 degrees"),
    certain(&[M::Move(Movement::Orbit)], "arc shot|360° orbit",
        "360 orbit|360-degree orbit|orbit shot|orbits around|orbiting shot|camera orbits|camera circles|\
         camera arcs|环绕镜头|镜头环绕|环绕拍摄|环绕一周"),
    vague(&[M::Move(Movement::Handheld)], "handheld|手持", "hand held|shaky"),
    certain(&[M::Move(Movement::WhipPan)], "whip pan", "whip pans|whips to|whip tilt|camera whips|swish pan|甩镜|镜头甩"),
    certain(&[M::Move(Movement::WhipPan), M::Cut(Cut::Whip)], "", "whip pan to|whip pan transition"),
    certain(&[M::Move(Movement::CrashZoom)], "crash zoom", "crash zooms|snap zoom|急推"),
    certain(&[M::Move(Movement::DollyZoom)], "dolly zoom", "zolly|vertigo effect|vertigo shot|希区柯克变焦"),
    vague(&[M::Size(Size::ExtremeWide), M::Move(Movement::Other)], "aerial shot|drone shot|航拍", "aerial|drone|无人机"),
    vague(&[M::Move(Movement::TrackRight)], "steadicam|gimbal|FPV|follow shot|跟拍",
        "following shot|camera follows|tracking|track the|tracks the|trucking|lateral|跟随|跟镜|镜头跟|镜头移动|横移|跟|移"),
    vague(&[M::Move(Movement::Other)], "rack focus",
        "racks focus|camera glides|camera drifts|camera moves|camera floats|camera flies|camera sweeps|\
         camera swoops|camera slides|camera travels|camera travelling|运镜|镜头缓缓|镜头缓慢"),
    certain(&[M::Move(Movement::Roll)], "camera roll", "camera rolls|rolling camera|barrel roll|滚转镜头"),
    certain(&[M::Cut(Cut::Hard)], "hard cut|smash cut|match cut|jump cut|硬切", "jump cuts"),
    certain(&[M::Cut(Cut::Dissolve)], "dissolve|叠化", "dissolves|cross dissolve|crossfade|cross fade"),
    certain(&[M::Cut(Cut::FadeIn)], "fade in", "fades in|fade from black|fade up|淡入"),
    certain(&[M::Cut(Cut::FadeOut)], "fade out", "fades out|fade to black|fades to black|淡出"),
    certain(&[M::Cut(Cut::Whip)], "whip transition", "whip cut"),
    certain(&[M::Cut(Cut::Other)], "one take|no cuts|一镜到底|转场",
        "single take|one shot|continuous shot|long take|oner|cut to|cuts to|quick cut|quick cuts|fast cuts|\
         rapid cuts|montage|cutaway|fade to|fades to|切到|切至|镜头切|长镜头|蒙太奇|快切"),
    certain(&[M::Speed], "slow motion|speed ramp|time-lapse|freeze frame", "timelapse|hyperlapse|慢动作|延时"),
];

impl PhraseEntry {
    /// Every phrase of the entry.
    pub fn phrases(&self) -> impl Iterator<Item = &'static str> + use<> {
        list(self.offered).chain(list(self.understood))
    }
}

fn list(phrases: &'static str) -> impl Iterator<Item = &'static str> {
    phrases.split('|').filter(|phrase| !phrase.is_empty())
}

/// The phrases that completion offers.
pub fn offered() -> impl Iterator<Item = &'static str> {
    VOCABULARY.iter().flat_map(|entry| list(entry.offered))
}

/// A camera phrase in a text, with one of its meanings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CameraPhrase {
    pub at: Range<usize>,
    pub meaning: Meaning,
    /// See [`PhraseEntry::is_certain`].
    pub is_certain: bool,
}

/// Every camera phrase of `text`, in order; one with several meanings is listed once for each.
pub fn camera_phrases(text: &str) -> Vec<CameraPhrase> {
    static MATCHER: LazyLock<PhraseMatcher<&'static PhraseEntry>> = LazyLock::new(|| {
        let entries = VOCABULARY.iter();
        PhraseMatcher::new(entries.flat_map(|entry| entry.phrases().map(move |phrase| (phrase, entry))))
    });
    let found = MATCHER.find(text).into_iter();
    found
        .filter(|(at, _)| is_phrase(text, at))
        .flat_map(|(at, entry)| {
            entry.meanings.iter().map(move |meaning| CameraPhrase {
                at: at.clone(),
                meaning: *meaning,
                is_certain: entry.is_certain,
            })
        })
        .collect()
}

/// A single character (`推`) is a phrase only where it stands alone, and not as part of a word (`推门`).
fn is_phrase(text: &str, at: &Range<usize>) -> bool {
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    let is_single = text[at.clone()].chars().nth(1).is_none();
    !is_single
        || !is_letter(text[..at.start].chars().next_back()) && !is_letter(text[at.end..].chars().next())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_phrase_is_listed_once_and_found_with_its_meanings() {
        let mut seen = HashSet::new();
        for entry in VOCABULARY {
            for phrase in entry.phrases() {
                let spelling = phrase.to_lowercase().replace('-', " ");
                assert!(seen.insert(spelling), "{phrase} is listed twice");
                let text = format!("A kite, {phrase}. It dives.");
                let found = camera_phrases(&text);
                let meanings: Vec<Meaning> = found.iter().map(|phrase| phrase.meaning).collect();
                assert_eq!(meanings, entry.meanings, "{phrase}");
                assert!(found.iter().all(|found| &text[found.at.clone()] == phrase));
            }
        }
    }

    #[test]
    fn a_single_character_counts_only_alone() {
        let is_found = |text: &str| !camera_phrases(text).is_empty();
        assert!(is_found("运镜方式：推，缓慢") && is_found("推"));
        assert!(!is_found("邮差推门进来，风筝升起"));
    }
}

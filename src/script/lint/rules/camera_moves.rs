//! Rules about what the camera does in each shot.

use std::ops::Range;

use crate::model::text::quoted;
use crate::model::{Complaint, Rule};
use crate::script::Shot;

use super::pacing;
use crate::script::camera_vocabulary::Movement;
use crate::script::letters::is_unspaced;
use crate::script::lint::word_lists::Sense;
use crate::script::lint::{Look, seconds};

/// How long a shot without camera movement or cut may last, in milliseconds.
const MAX_STILL_MS: u32 = 5000;

pub(super) fn check(look: &mut Look<'_>) {
    let script = look.script;
    let is_said_of_all = look.says_of_all(is_camera);
    if script.shots.is_empty() && look.take_ms() > MAX_STILL_MS && is_elaborate(look.text) {
        static_take(look);
    }
    for shot in &script.shots {
        two_moves(look, shot);
        if !is_said_of_all {
            static_stretch(look, shot);
        }
    }
}

/// Whether the words say what the camera does, or that it does nothing.
const fn is_camera(sense: Sense) -> bool {
    matches!(
        sense,
        Sense::Move(_) | Sense::Alive | Sense::Static | Sense::Cut | Sense::OneTake
    )
}

/// The bytes of the shot's heading and text.
pub(in crate::script::lint) fn whole(shot: &Shot) -> Range<usize> {
    let start = if shot.text.is_empty() {
        shot.heading.start
    } else {
        shot.heading.start.min(shot.text.start)
    };
    start..shot.heading.end.max(shot.text.end)
}

/// Finds two movements of different kinds, or a movement and a static camera. A whip pan counts as a cut.
fn two_moves(look: &mut Look<'_>, shot: &Shot) {
    let mut first: Option<(Movement, Range<usize>)> = None;
    let mut standing: Option<Range<usize>> = None;
    let mut clash: Option<(Range<usize>, Range<usize>)> = None;
    for hit in look.hits_in(&whole(shot)) {
        if !matches!(hit.sense, Sense::Move(_) | Sense::Static) || !look.is_meant(hit.at.start) {
            continue;
        }
        match (hit.sense, &first) {
            (Sense::Move(Movement::WhipPan), _) => continue,
            (Sense::Move(kind), Some((known, at))) if *known != kind => {
                clash = Some((at.clone(), hit.at.clone()));
            }
            (Sense::Move(kind), None) => first = Some((kind, hit.at.clone())),
            (Sense::Static, _) => standing = standing.or(Some(hit.at.clone())),
            _ => {}
        }
        if let (Some((_, moving)), Some(standing)) = (&first, &standing) {
            clash = clash.or(Some((standing.clone(), moving.clone())));
        }
        if clash.is_some() {
            break;
        }
    }
    let Some((one, other)) = clash else { return };
    let word = |at: &Range<usize>| quoted(&look.text.get(at.clone()).unwrap_or_default().to_lowercase(), 40);
    let what = format!(
        "shot {} asks for {} and {}",
        shot.number,
        word(&one),
        word(&other)
    );
    let at = if one.start > other.start { one } else { other };
    look.add(Rule::TwoMoves, at, Complaint::new(what, "keep one"), Vec::new());
}

/// Whether a verb follows the word `camera`, or a colon, whatever the camera then does: `camera slowly retreating to the door`.
fn says_what_the_camera_does(text: &str) -> bool {
    const AFTER: &str =
        "随隨缓緩慢快向从從由跟推拉摇搖移升降环環旋翻穿掠扫掃俯仰转轉晃抖滑飞飛后後绕繞逐下上紧緊";
    let in_chinese = ["镜头", "鏡頭"]
        .iter()
        .flat_map(|word| text.match_indices(word))
        .any(|(at, word)| text[at + word.len()..].starts_with(|c| AFTER.contains(c)));
    if in_chinese {
        return true;
    }
    text.match_indices(['c', 'C']).any(|(at, _)| {
        let rest = &text[at..];
        let is_camera = rest
            .get(..6)
            .is_some_and(|word| word.eq_ignore_ascii_case("camera"));
        let after = rest.get(6..).unwrap_or_default();
        let mut words = after
            .split(|c: char| !c.is_ascii_alphabetic())
            .filter(|word| !word.is_empty());
        let is_verb = |word: &str| word.len() > 3 && (word.ends_with("ing") || word.ends_with('s'));
        let first = words.next().unwrap_or_default();
        let verb = if first.ends_with("ly") {
            words.next().unwrap_or_default()
        } else {
            first
        };
        is_camera && (after.starts_with([':', '：']) || after.starts_with(' ') && is_verb(verb))
    })
}

/// Whether the text is long enough to say something about the camera: 20 words, or 40 characters of a language without spaces.
fn is_elaborate(text: &str) -> bool {
    const ENOUGH: usize = 40;
    let characters = text.chars().filter(|c| is_unspaced(*c) && c.is_alphabetic());
    text.split_whitespace().take(ENOUGH).count() * 2 + characters.take(ENOUGH).count() > ENOUGH
}

/// Finds a take without shots whose words say nothing about the camera.
fn static_take(look: &mut Look<'_>) {
    let is_said = look
        .hits()
        .iter()
        .any(|hit| is_camera(hit.sense) && !look.is_spoken(hit.at.start));
    if is_said || says_what_the_camera_does(look.text) {
        return;
    }
    let what = format!(
        "the take lasts {} without a cut or a camera move",
        seconds(look.take_ms())
    );
    let message = Complaint::new(what, "add one, or say static camera");
    look.add(Rule::StaticStretch, 0..0, message, Vec::new());
}

/// Finds a long shot whose words say nothing about the camera.
fn static_stretch(look: &mut Look<'_>, shot: &Shot) {
    let Some(length) = pacing::length(shot).filter(|length| *length > MAX_STILL_MS) else {
        return;
    };
    let span = whole(shot);
    if says_what_the_camera_does(look.text.get(span.clone()).unwrap_or_default()) {
        return;
    }
    if look
        .hits_in(&span)
        .iter()
        .any(|hit| is_camera(hit.sense) && !look.is_spoken(hit.at.start))
    {
        return;
    }
    let what = format!(
        "shot {} lasts {} without a cut or a camera move",
        shot.number,
        seconds(length)
    );
    let message = Complaint::new(what, "add one, or say static camera");
    look.add(Rule::StaticStretch, shot.heading.clone(), message, Vec::new());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::lint::kit_tests::{form, found};

    #[test]
    fn one_move_a_shot() {
        for two in [
            "0-4s: slow push in, then tilt up to the kite",
            "0-4s: static camera on the hill, the camera pans to the kite",
            "[00:00-00:04 | WIDE - PUSH IN] pull back from the kite",
            "0-4秒：固定镜头，随后镜头环绕风筝",
        ] {
            assert_eq!(found(&form(two), Rule::TwoMoves).len(), 1, "{two}");
        }
        for one in [
            "0-4s: slow push in, the dolly in ends on her hands",
            "0-4s: static camera, no push in, she tilts her head",
            "0-4s: push in, whip pan to the next",
            "0-4s: push in\n4-8s: tilt up",
            "0-4s: static shot. She says \"zoom in on that\".",
            "A camera pans and tilts up and pulls back in one long shot",
        ] {
            assert!(found(&form(one), Rule::TwoMoves).is_empty(), "{one}");
        }
    }

    #[test]
    fn a_long_shot_needs_a_move_or_a_cut() {
        let still = "0-6s: a kite over the hill\n6-10s: it dives";
        assert_eq!(found(&form(still), Rule::StaticStretch).len(), 1);
        for moving in [
            "handheld",
            "slow pan left",
            "static camera",
            "cut to the string",
            "一镜到底",
        ] {
            let text = format!("0-6s: a kite over the hill, {moving}\n6-10s: it dives");
            assert!(found(&form(&text), Rule::StaticStretch).is_empty(), "{text}");
        }
        let prose = "An enamel cup stands on the window sill, snow falls outside, a petal drops into the water and the ring it draws fades away";
        assert_eq!(found(&form(prose), Rule::StaticStretch).len(), 1);
        for fine in [
            "A red kite over a hill".to_owned(),
            format!("{prose}, the camera moves closer"),
        ] {
            assert!(found(&form(&fine), Rule::StaticStretch).is_empty(), "{fine}");
        }
        assert!(found(&form("0-5s: a kite\n5-10s: it dives"), Rule::StaticStretch).is_empty());
    }
}

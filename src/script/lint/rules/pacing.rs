//! Rules about how much happens in how much time: crowded takes and short shots.

use crate::model::{Complaint, Rule};
use crate::script::{Shot, Timing};

use crate::script::lint::word_lists::Sense;
use crate::script::lint::{Look, seconds};

/// The shortest take with room for several shots, in seconds.
const MIN_ROOMY_S: u8 = 8;
/// How many shots are several.
const SEVERAL: usize = 3;
/// Shorter shots are hard to draw, in milliseconds.
const MIN_SHOT_MS: u32 = 1000;
/// Shorter shots are hardly seen, in milliseconds.
const MIN_SEEN_MS: u32 = 500;
/// Up to this many short shots are listed one by one, more of them in one finding.
const FEW: usize = 3;

pub(super) fn check(look: &mut Look<'_>) {
    crowded(look);
    short(look);
}

/// Finds several cuts in a short take. Shots without times may be as long as they need, and beats of one take are no cuts.
fn crowded(look: &mut Look<'_>) {
    let (shots, take) = (&look.script.shots, look.form.duration);
    let Some(last) = shots
        .last()
        .filter(|_| shots.len() >= SEVERAL && take.get() < MIN_ROOMY_S)
    else {
        return;
    };
    let is_one_take = look.hits().iter().any(|hit| hit.sense == Sense::OneTake);
    if look.script.timing == Timing::None || is_one_take {
        return;
    }
    let what = format!("{} shots in {take} s blur into each other", shots.len());
    let message = Complaint::new(what, "use 8 s or more, or fewer shots");
    look.add(Rule::Crowded, last.heading.clone(), message, Vec::new());
}

/// How long a shot lasts, if it has times that do not run backwards.
pub(super) fn length(shot: &Shot) -> Option<u32> {
    shot.end?.checked_sub(shot.start?).filter(|length| *length > 0)
}

fn short(look: &mut Look<'_>) {
    let shots: Vec<(&Shot, u32)> = look
        .script
        .shots
        .iter()
        .filter_map(|shot| Some((shot, length(shot)?)))
        .filter(|(_, length)| *length < MIN_SHOT_MS)
        .collect();
    if let Some((first, _)) = shots.first().filter(|_| shots.len() > FEW) {
        let shortest = shots.iter().map(|(_, length)| *length).min().unwrap_or(0);
        let what = format!(
            "{} shots are shorter than 1 s, the shortest {}",
            shots.len(),
            seconds(shortest)
        );
        let message = Complaint::new(what, "give each a second or more");
        look.add(Rule::ShortShot, first.heading.clone(), message, Vec::new());
        return;
    }
    for (shot, length) in shots {
        let how = if length < MIN_SEEN_MS {
            "will hardly be seen"
        } else {
            "is hard to draw"
        };
        let what = format!("shot {} lasts {}, which {how}", shot.number, seconds(length));
        let message = Complaint::new(what, "give it a second or more");
        look.add(Rule::ShortShot, shot.heading.clone(), message, Vec::new());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::lint::kit_tests::{form, found, lasting};

    #[test]
    fn several_shots_need_room() {
        let three = "0-2s: a kite lifts\n2-4s: it dives\n4-5s: it lands";
        assert_eq!(found(&lasting(three, 5), Rule::Crowded).len(), 1);
        assert!(found(&lasting(three, 8), Rule::Crowded).is_empty());
        assert!(found(&lasting("0-2s: a kite\n2-5s: it dives", 5), Rule::Crowded).is_empty());
        assert!(found(&lasting(&format!("One take.\n{three}"), 5), Rule::Crowded).is_empty());
        let untimed = "Shot 1: a kite lifts. Shot 2: it dives. Shot 3: it lands.";
        assert!(found(&lasting(untimed, 5), Rule::Crowded).is_empty());
    }

    #[test]
    fn short_shots_are_said_and_shorter_ones_strongly() {
        let found = |text: &str| found(&form(text), Rule::ShortShot);
        let one = found("0-0.4s: a kite\n0.4-1.1s: it dives\n1.1-10s: it lands");
        assert_eq!(one.len(), 2);
        assert!(one[0].message.what.contains("hardly"), "{}", one[0].message);
        assert!(one[1].message.what.contains("hard to draw"), "{}", one[1].message);
        let montage: String = (0..9)
            .map(|n| format!("0.{n}-0.{}s: (a kite)\n", n + 1))
            .collect();
        assert_eq!(found(&montage.replace("0.10s", "1.0s")).len(), 1);
        assert!(found("0-1s: a kite\n1-10s: it dives").is_empty());
    }
}

//! Rules about sound: whether speech fits its time, and whether sound is switched on.

use std::ops::Range;

use crate::model::{Complaint, Rule};

use super::{camera_moves, pacing};
use crate::script::lint::quotations::{Quote, spoken_ms};
use crate::script::lint::word_lists::Sense;
use crate::script::lint::{Fix, Look, seconds};

/// How far before a quotation a word of speaking may be, in bytes.
const MAX_BEFORE: usize = 60;
/// The same after it, as in `"Go," she says.`
const MAX_AFTER: usize = 30;

pub(super) fn check(look: &mut Look<'_>) {
    dialogue(look);
    switch(look);
}

/// Whether the quotation is spoken, and not written on a sign: a word of speaking is near.
fn is_speech(look: &Look<'_>, quote: &Quote) -> bool {
    let before = quote.at.start.saturating_sub(MAX_BEFORE)..quote.at.start;
    let behind = quote.at.end..quote.at.end + MAX_AFTER;
    let speaks = |span: &Range<usize>| look.hits_in(span).iter().any(|hit| hit.sense == Sense::Speech);
    let is_shown = look
        .hits_in(&before)
        .iter()
        .any(|hit| hit.sense == Sense::ScreenText);
    !is_shown && (speaks(&before) || speaks(&behind))
}

/// Where the first spoken quotation within `span` is, and how long all of them take.
fn speech(look: &Look<'_>, span: &Range<usize>) -> Option<(Range<usize>, u32)> {
    let from = look.quotes.partition_point(|quote| quote.at.start < span.start);
    let within = look
        .quotes
        .iter()
        .skip(from)
        .take_while(|quote| quote.at.end <= span.end);
    let mut said: Option<(Range<usize>, u32)> = None;
    for quote in within.filter(|quote| is_speech(look, quote)) {
        let takes = spoken_ms(look.text.get(quote.inner.clone()).unwrap_or_default());
        let (_, all) = said.get_or_insert_with(|| (quote.at.clone(), 0));
        *all = all.saturating_add(takes);
    }
    said
}

/// For each shot, or for the whole text without shots, whether somebody speaks.
pub(in crate::script::lint) fn speaking(look: &Look<'_>) -> Vec<bool> {
    if look.script.shots.is_empty() {
        return vec![speech(look, &(0..look.text.len())).is_some()];
    }
    let shots = look.script.shots.iter();
    shots
        .map(|shot| speech(look, &camera_moves::whole(shot)).is_some())
        .collect()
}

/// Speech may take a fifth longer than the shot, because people speak at different speeds.
fn too_long(takes: u32, lasts: u32) -> bool {
    u64::from(takes) * 5 > u64::from(lasts) * 6
}

fn dialogue(look: &mut Look<'_>) {
    let script = look.script;
    let mut timed = 0;
    for shot in &script.shots {
        let Some(lasts) = pacing::length(shot) else {
            continue;
        };
        timed += 1;
        let said = speech(look, &camera_moves::whole(shot)).filter(|(_, takes)| too_long(*takes, lasts));
        if let Some((at, takes)) = said {
            let what = format!(
                "the dialogue of shot {} takes about {}, but the shot lasts {}",
                shot.number,
                seconds(takes / 100 * 100),
                seconds(lasts)
            );
            let message = Complaint::new(what, "shorten it, or give it more time");
            look.add(Rule::LongDialogue, at, message, Vec::new());
        }
    }
    if timed == 0 {
        let said = speech(look, &(0..look.text.len())).filter(|(_, takes)| too_long(*takes, look.take_ms()));
        if let Some((at, takes)) = said {
            let what = format!(
                "the dialogue takes about {}, but the take lasts {}",
                seconds(takes / 100 * 100),
                seconds(look.take_ms())
            );
            let message = Complaint::new(what, "shorten it, or make the take longer");
            look.add(Rule::LongDialogue, at, message, Vec::new());
        }
    }
}

/// Compares sound in the words with the switch in the request.
fn switch(look: &mut Look<'_>) {
    if look.form.generate_audio {
        // "No sound" contains its own denial, so denials are not looked for.
        let silence = look
            .hits
            .iter()
            .find(|hit| hit.sense == Sense::Silence && !look.is_spoken(hit.at.start));
        if let Some(at) = silence.map(|hit| hit.at.clone()) {
            let word = look.text.get(at.clone()).unwrap_or_default();
            let message = Complaint::new(
                format!("{word:?} is in the text, but sound is on"),
                "switch it off",
            );
            look.add(Rule::AudioMismatch, at, message, vec![Fix::Audio(false)]);
        }
        return;
    }
    let quoted = look
        .quotes
        .iter()
        .find(|quote| is_speech(look, quote))
        .map(|quote| quote.at.clone());
    if let Some(at) = look.first(Sense::Sound).or(quoted) {
        let message = Complaint::new("the text describes sound, but sound is off", "switch it on");
        look.add(Rule::AudioMismatch, at, message, vec![Fix::Audio(true)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Form;
    use crate::script::lint::kit_tests::{form, found};

    #[test]
    fn dialogue_must_fit_its_shot() {
        let long = "0-2s: she says, \"We never left this house, not once in all those years.\"\n2-10s: the door, static";
        assert_eq!(found(&form(long), Rule::LongDialogue).len(), 1);
        let chinese = "镜头1（0-2秒）：她说：“我们从来没有离开过这座房子。”";
        assert_eq!(found(&form(chinese), Rule::LongDialogue).len(), 1);
        for fits in [
            "0-4s: she says, \"We never left.\"",
            "0-2s: a sign with \"Open all night and all day, come in, sit down, stay\"",
            "镜头1（0-4秒）：她说：“我们走吧。”",
        ] {
            assert!(found(&form(fits), Rule::LongDialogue).is_empty(), "{fits}");
        }
    }

    #[test]
    fn sound_and_its_switch_agree() {
        let silent = |prompt: &str| Form {
            generate_audio: false,
            ..form(prompt)
        };
        for sounding in ["A kite, soft music", "He whispers \"now\"", "风筝，配乐轻快"] {
            assert_eq!(
                found(&silent(sounding), Rule::AudioMismatch)[0].fixes,
                [Fix::Audio(true)],
                "{sounding}"
            );
            assert!(found(&form(sounding), Rule::AudioMismatch).is_empty());
        }
        for quiet in ["A kite, no music", "A kite over a silent hill", "风筝，无音乐"] {
            assert!(found(&silent(quiet), Rule::AudioMismatch).is_empty(), "{quiet}");
        }
        for mute in ["A kite. No sound.", "静音画面，风筝"] {
            assert_eq!(
                found(&form(mute), Rule::AudioMismatch)[0].fixes,
                [Fix::Audio(false)],
                "{mute}"
            );
            assert!(found(&silent(mute), Rule::AudioMismatch).is_empty(), "{mute}");
        }
    }
}

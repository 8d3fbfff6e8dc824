//! Rules about sound: whether speech fits its time, and whether sound is switched on.

use std::ops::Range;
use std::sync::LazyLock;

use crate::model::text::quoted;
use crate::model::{Complaint, Rule};

use super::{camera_moves, pacing};
use crate::script::languages::matcher;
use crate::script::lint::quotations::{Quote, spoken_ms};
use crate::script::lint::word_lists::Sense;
use crate::script::lint::word_search::Hit;
use crate::script::lint::{Fix, Look, seconds};
use crate::script::phrase_matcher::PhraseMatcher;

/// How far before a quotation a word of speaking may be, in bytes.
const MAX_BEFORE: usize = 60;
/// The same after it, as in `"Go," she says.`
const MAX_AFTER: usize = 30;

pub(super) fn check(look: &mut Look<'_>) {
    dialogue(look);
    switch(look);
}

/// Whether the quotation is spoken, and not written on a sign: a word of speaking is before it, with none of writing in
/// between, or right after it.
fn is_speech(look: &Look<'_>, quote: &Quote) -> bool {
    let before = quote.at.start.saturating_sub(MAX_BEFORE)..quote.at.start;
    let behind = quote.at.end..quote.at.end + MAX_AFTER;
    let of_words = |hit: &&Hit| matches!(hit.sense, Sense::Speech | Sense::Written | Sense::ScreenText);
    let nearest = look.hits_in(&before).iter().rfind(of_words);
    match nearest.map(|hit| hit.sense) {
        Some(Sense::Speech) => true,
        Some(_) => false,
        None if !quote.is_data && is_said_by(look.text, quote.at.start) => true,
        None => look.hits_in(&behind).iter().find(of_words).is_some_and(|hit| {
            let between = look.text.get(quote.at.end..hit.at.start).unwrap_or_default();
            hit.sense == Sense::Speech && !between.contains(['.', '。', ';', '；', '\n', ':', '：', '!', '?'])
        }),
    }
}

/// Whether a name and a colon are right before the quotation at `at`, as in `Surgeon, walking fast: "We lost him."`, and not
/// the name of something that is written.
fn is_said_by(text: &str, at: usize) -> bool {
    const WRITTEN: &str = "text|title|logo|super|caption|label|headline|slogan|tagline|copy|name|note|style|mood|prompt|song|track|\
        theme|font|brand|tag|subtitle|标题|文案|标语|口号|文字|字幕|标签";
    let before = &text[text.floor_char_boundary(at.saturating_sub(MAX_BEFORE))..at];
    if is_line_of_a_play(text, at) {
        return true;
    }
    let Some(name) = before.trim_end().strip_suffix([':', '：']) else {
        return false;
    };
    let clause = name
        .rsplit(['.', '\n', '。', '!', '?'])
        .next()
        .unwrap_or_default()
        .to_lowercase();
    let is_named = clause.chars().any(char::is_alphabetic);
    is_named && !WRITTEN.split('|').any(|word| clause.contains(word))
}

/// Whether the quotation at `at` follows a name that begins a clause, and perhaps how it is said, as in `ミナト（早口で）「…」`. It is
/// long, so that a name of something that is written or shown does not count: `看板「営業中」`.
fn is_line_of_a_play(text: &str, at: usize) -> bool {
    const MAX_NAME: usize = 12;
    const MIN_LINE: usize = 16;
    const SHOWN: [&str; 10] = ["題", "名", "曲", "本", "板", "札", "紙", "幕", "タイトル", "作品"];
    if !text[at..].starts_with(['「', '『']) {
        return false;
    }
    let near = &text[text.floor_char_boundary(at.saturating_sub(2 * MAX_BEFORE))..at];
    let manner = near.strip_suffix(['）', ')']);
    let name = manner
        .and_then(|before| Some(before.rsplit_once(['（', '('])?.0))
        .unwrap_or(near);
    let name = name
        .rsplit(['\n', '。', '：', ':', '、', ' ', '　'])
        .next()
        .unwrap_or_default();
    let is_name = (1..=MAX_NAME).contains(&name.chars().count()) && name.chars().all(char::is_alphanumeric);
    let is_long = !text[at..]
        .chars()
        .take(MIN_LINE)
        .any(|c| matches!(c, '」' | '』'));
    is_name && is_long && !SHOWN.iter().any(|word| name.ends_with(word))
}

/// Where the first spoken quotation within `span` is, and how long all of them take.
fn speech(look: &Look<'_>, span: &Range<usize>) -> Option<(Range<usize>, u32)> {
    let from = look.quotes().partition_point(|quote| quote.at.start < span.start);
    let within = look
        .quotes()
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

/// Speech may take a quarter longer than the shot, because people speak at different speeds.
fn too_long(takes: u32, lasts: u32) -> bool {
    u64::from(takes) * 4 > u64::from(lasts) * 5
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

/// Where the text asks for no sound at all: `no sound`, but not `no sound but the waves`, or a setting such as
/// `Audio: none`. Where it describes a sound as well, the silence is that of a moment.
fn silence(look: &Look<'_>) -> Option<Range<usize>> {
    let settings = settings(look.text);
    if settings
        .iter()
        .any(|setting| !setting.is_off && look.is_meant(setting.value))
    {
        return None;
    }
    let is_said = |hit: &&Hit| {
        let is_wish = hit.sense == Sense::Silence && !look.is_spoken(hit.at.start);
        is_wish && is_whole_wish(look.text, hit) && is_of_all(look, hit)
    };
    let said = look.hits().iter().find(is_said).map(|hit| hit.at.clone());
    let set = settings
        .into_iter()
        .filter(|setting| setting.is_off)
        .map(|setting| setting.at);
    let set = set.filter(|at| !look.is_spoken(at.start));
    said.into_iter().chain(set).min_by_key(|at| at.start)
}

/// Whether the words are not about a moment in one of several shots: they begin a sentence there.
fn is_of_all(look: &Look<'_>, hit: &Hit) -> bool {
    const ENDS: [char; 12] = ['\n', '\r', '.', '!', '?', '。', '！', '？', ':', '：', '】', ']'];
    let mut shots = look.script.shots.iter().map(camera_moves::whole);
    let before = look.text[..hit.at.start].trim_end_matches([' ', '*', '-', '•']);
    look.script.shots.len() < 2
        || before.is_empty()
        || before.ends_with(ENDS)
        || !shots.any(|shot| shot.contains(&hit.at.start))
}

/// Whether an English denial ends with its phrase, so that it denies no part of the sound: `no audio remix`.
fn is_whole_wish(text: &str, hit: &Hit) -> bool {
    const MAY_FOLLOW: [&str; 14] = [
        "at",
        "track",
        "whatsoever",
        "needed",
        "required",
        "please",
        "and",
        "or",
        "in",
        "throughout",
        "for",
        "on",
        "is",
        "anywhere",
    ];
    let phrase = text.get(hit.at.clone()).unwrap_or_default();
    if is_of_a_thing(text, hit.at.start) {
        return false;
    }
    let denies = ["no ", "without ", "zero "]
        .iter()
        .any(|word| phrase.to_ascii_lowercase().starts_with(word));
    let next = text
        .get(hit.at.end..)
        .unwrap_or_default()
        .trim_start_matches([' ', '-']);
    let word: String = next.chars().take_while(|c| c.is_alphabetic()).take(16).collect();
    !denies || word.is_empty() || MAY_FOLLOW.contains(&word.to_ascii_lowercase().as_str())
}

/// Whether something that can be silenced precedes the words at `at` in their clause: `手机调了静音`.
fn is_of_a_thing(text: &str, at: usize) -> bool {
    const THINGS: [&str; 14] = [
        "手机",
        "手機",
        "电话",
        "電話",
        "电视",
        "電視",
        "收音机",
        "收音機",
        "携帯",
        "スマホ",
        "テレビ",
        "휴대폰",
        "전화기",
        "핸드폰",
    ];
    let near = &text[text.floor_char_boundary(at.saturating_sub(MAX_BEFORE))..at];
    let clause = near
        .rsplit(['。', '，', '、', '\n', ',', '.', '；'])
        .next()
        .unwrap_or_default();
    THINGS.iter().any(|thing| clause.contains(thing))
}

/// A setting for the sound, as in `Audio: none` or `【声音】风声`.
struct Setting {
    at: Range<usize>,
    /// Where its value begins.
    value: usize,
    /// The value is a word of `off`, alone in its clause.
    is_off: bool,
}

fn settings(text: &str) -> Vec<Setting> {
    static SETTINGS: LazyLock<PhraseMatcher<()>> =
        LazyLock::new(|| matcher(&[(|words| words.sound_settings, ())]));
    static OFF: LazyLock<PhraseMatcher<()>> = LazyLock::new(|| matcher(&[(|words| words.off, ())]));
    let setting = |at: Range<usize>| {
        let rest = &text[at.end..];
        let value = rest.trim_start_matches([' ', '*', ']', '】']);
        let value = value
            .strip_prefix([':', '：', '='])
            .or_else(|| rest.strip_prefix('】'))?;
        let start = text.len() - value.trim_start_matches([' ', '*']).len();
        let off = OFF.at(text, start).map(|(end, _)| end).filter(|end| {
            let ends = text[*end..].trim_start_matches([' ', '*']);
            ends.is_empty()
                || ends.starts_with(['.', ',', ';', '\n', '\r', '。', '，', '；', ')', ']', '】', '|'])
        });
        Some(Setting {
            at: at.start..off.unwrap_or(start),
            value: start,
            is_off: off.is_some(),
        })
    };
    SETTINGS
        .find(text)
        .into_iter()
        .filter_map(|(at, ())| setting(at))
        .collect()
}

/// Compares sound in the words with the switch in the request.
fn switch(look: &mut Look<'_>) {
    if look.form.generate_audio {
        if let Some(at) = silence(look) {
            let word = quoted(look.text.get(at.clone()).unwrap_or_default(), 40);
            let message = Complaint::new(format!("{word} is in the text, but sound is on"), "switch it off");
            look.add(Rule::AudioMismatch, at, message, vec![Fix::Audio(false)]);
        }
        return;
    }
    let quoted = look
        .quotes()
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
        let japanese = "0〜3秒：風。\n3〜5秒：ミナト（早口で）「だから言ったじゃん、私はあの日からずっとここで待ってたし、電話もかけた」";
        assert_eq!(found(&form(japanese), Rule::LongDialogue).len(), 1);
        for fits in [
            "{\"time\": \"0-2s\", \"action\": \"oil flares, noodles tossed once, a full turn in the air above the wok\"}",
            "0-2s: a kite\n  wardrobe: \"an apron with one pocket torn, wool socks, a hat of straw and a scarf\"",
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
        for moment in [
            "0-4s: the ball hangs in the air, no sound. She jumps.\n4-8s: it falls",
            "A clown declaims without sound.\nSOUND: a cinema piano, projector clatter",
        ] {
            assert!(found(&form(moment), Rule::AudioMismatch).is_empty(), "{moment}");
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

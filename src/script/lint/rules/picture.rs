//! Rules about the picture: text on the screen, likenesses, shape and size.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use crate::model::text::quoted;
use crate::model::{AspectRatio, Complaint, Rule};

use crate::script::languages::matcher;
use crate::script::lint::word_lists::Sense;
use crate::script::lint::{Fix, Look, MAX_OF_A_RULE};
use crate::script::phrase_matcher::PhraseMatcher;

pub(super) fn check(look: &mut Look<'_>) {
    letters(look);
    likeness(look);
    ratio(look);
    resolution(look);
}

fn letters(look: &mut Look<'_>) {
    let shown = look
        .quotes()
        .iter()
        .find(|quote| look.is_meant(quote.at.start.saturating_sub(1)) && is_shown(look.text, &quote.at));
    let shown = shown.map(|quote| quote.at.clone());
    let first = look
        .first(Sense::ScreenText)
        .into_iter()
        .chain(shown)
        .min_by_key(|at| at.start);
    if let Some(at) = first {
        let word = look.text.get(at.clone()).unwrap_or_default();
        let word = quoted(word.trim_matches('"'), 40);
        let message = Complaint::new(
            format!("{word}: text on the screen renders badly"),
            "add it afterwards",
        );
        look.add(Rule::OnScreenText, at, message, Vec::new());
    }
}

/// Whether the quotation is text that appears, as in `the words "THE END" fade in over black`.
fn is_shown(text: &str, quote: &Range<usize>) -> bool {
    const TEXT: [&str; 9] = [
        "the text",
        "the words",
        "the word",
        "the title",
        "a title",
        "text",
        "words",
        "letters",
        "the letters",
    ];
    const APPEARS: [&str; 9] = [
        "appear",
        "fades in",
        "fade in",
        "pops up",
        "pop up",
        "slides in",
        "on screen",
        "on the screen",
        "over black",
    ];
    let before = &text[text.floor_char_boundary(quote.start.saturating_sub(NEAR))..quote.start];
    let before = before.trim_end_matches([' ', ':']).to_lowercase();
    let behind = &text[quote.end..text.floor_char_boundary(quote.end + NEAR)];
    let behind = behind
        .split(['.', ',', ';', '\n'])
        .next()
        .unwrap_or_default()
        .to_lowercase();
    TEXT.iter().any(|word| before.ends_with(word)) && APPEARS.iter().any(|verb| behind.contains(verb))
}

/// Finds each name once. A name has a capital letter or is Chinese; a kind of person such as `movie star` need not.
fn likeness(look: &mut Look<'_>) {
    const KINDS: [&str; 6] = ["celebr", "famous", "movie", "pop star", "look", "resembl"];
    let mut said = HashSet::new();
    let mut seen: Vec<Range<usize>> = Vec::new();
    for hit in look.hits().iter().filter(|hit| {
        hit.sense == Sense::Likeness && look.is_meant(hit.at.start) && !is_invented(look.text, hit.at.start)
    }) {
        let name = look.text.get(hit.at.clone()).unwrap_or_default();
        let lower = name.to_lowercase();
        let is_name = name.contains(|c: char| c.is_uppercase() || !c.is_ascii());
        let is_kind = KINDS.iter().any(|kind| lower.starts_with(kind));
        if (is_name || is_kind) && said.len() < MAX_OF_A_RULE && said.insert(lower) {
            seen.push(hit.at.clone());
        }
    }
    for at in seen {
        let name = quoted(look.text.get(at.clone()).unwrap_or_default(), 40);
        let message =
            format!("{name} suggests a real person, a brand or a known character: it may be refused");
        look.add(Rule::Likeness, at, message.into(), Vec::new());
    }
}

/// How far before a name such a word may be, in bytes.
const NEAR: usize = 32;

/// Whether the words right before say that the person does not exist: `a fictional celebrity`.
fn is_invented(text: &str, at: usize) -> bool {
    const INVENTED: [&str; 10] = [
        "fictional",
        "fictitious",
        "invented",
        "imaginary",
        "generic",
        "虚构的",
        "虚构",
        "虛構的",
        "架空の",
        "가상의",
    ];
    let from = text.floor_char_boundary(at.saturating_sub(NEAR));
    let before = text.get(from..at).unwrap_or_default().trim_end().to_lowercase();
    INVENTED.iter().any(|word| before.ends_with(word))
}

/// Every place where one of `words`, which begin with a digit, stands and `alone` accepts it, with the word.
fn mentions<'w>(
    text: &str,
    words: &[&'w str],
    alone: impl Fn(&str, Range<usize>) -> bool,
) -> Vec<(Range<usize>, &'w str)> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices(|c: char| c.is_ascii_digit()) {
        let word = words.iter().find(|word| {
            let there = text.get(at..at + word.len());
            there.is_some_and(|there| there.eq_ignore_ascii_case(word))
        });
        if let Some(word) = word.filter(|word| alone(text, at..at + word.len())) {
            found.push((at..at + word.len(), *word));
        }
    }
    found
}

/// Whether it is a ratio, and not a time, a scale or part of a longer number.
fn is_ratio(text: &str, at: Range<usize>) -> bool {
    let before = text[..at.start].chars().next_back();
    let after = &text[at.end..];
    let joins =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '：' | '.' | '-' | '–' | '—' | '~' | '至');
    // A colon after a word introduces the ratio: `Ratio:9:16`.
    let lead = text[..at.start].strip_suffix([':', '：']);
    let is_introduced = lead.is_some_and(|lead| lead.ends_with(|c: char| c.is_alphabetic() || c == '】'));
    let next = after.chars().next();
    let stops = next == Some('.') && !after[1..].starts_with(|c: char| c.is_ascii_digit());
    let near = &text[text.floor_char_boundary(at.start.saturating_sub(NEAR))..at.start];
    let clause = near
        .rsplit(['.', ',', '\n', ';'])
        .next()
        .unwrap_or_default()
        .to_lowercase();
    // A score or a verse.
    let is_of_others = [
        "score", "won ", "wins", "lead", "psalm", "verse", "chapter", "genesis", "luke", "比分",
    ]
    .iter()
    .any(|word| clause.contains(word));
    let clock = [" am", " pm", " a.m", " p.m", "am", "pm", " scale"];
    !is_of_others
        && (is_introduced || !before.is_some_and(joins))
        && (stops || !next.is_some_and(joins))
        && !clock.iter().any(|word| after.starts_with(word))
}

/// `9:16`, `9x16`, `9 by 16`; nothing for a ratio that is a word.
fn ways_to_write(ratio: AspectRatio) -> impl Iterator<Item = (String, AspectRatio)> {
    let sides = ratio.wire().split_once(':');
    let joints = [":", "x", "×", " x ", " by ", "-by-", "："];
    sides
        .into_iter()
        .flat_map(move |(width, height)| joints.map(|joint| (format!("{width}{joint}{height}"), ratio)))
}

fn ratio(look: &mut Look<'_>) {
    let set = look.form.aspect_ratio;
    let written: Vec<(String, AspectRatio)> = look
        .form
        .model
        .aspect_ratios
        .iter()
        .flat_map(|ratio| ways_to_write(*ratio))
        .collect();
    let words: Vec<&str> = written.iter().map(|(word, _)| word.as_str()).collect();
    let ratio_of = |word: &str| {
        written
            .iter()
            .find(|(known, _)| known == word)
            .map(|(_, ratio)| *ratio)
    };
    let found = meant(look, mentions(look.text, &words, is_ratio));
    if set == AspectRatio::ADAPTIVE || found.iter().any(|(_, word)| ratio_of(word) == Some(set)) {
        return;
    }
    let ratio = found.into_iter().find(|(at, _)| !in_heading(look, at));
    let named = ratio.map(|(at, word)| (at, ratio_of(word)));
    let Some((at, to)) = named.or_else(|| shape(look, set)) else {
        return;
    };
    let word = look.text.get(at.clone()).unwrap_or_default();
    let what = format!("the text says {word}, but the parameter is {set}");
    let message = Complaint::new(what, "set it, or change the text");
    look.add(
        Rule::RatioMismatch,
        at,
        message,
        to.map(Fix::Ratio).into_iter().collect(),
    );
}

/// The first word for a shape of the picture, such as `vertical video`, that the ratio `set` does not have, and the usual
/// ratio of that shape if the model offers it.
fn shape(look: &Look<'_>, set: AspectRatio) -> Option<(Range<usize>, Option<AspectRatio>)> {
    static SHAPES: LazyLock<PhraseMatcher<Ordering>> = LazyLock::new(|| {
        matcher(&[
            (|words| words.tall, Ordering::Less),
            (|words| words.square, Ordering::Equal),
            (|words| words.wide, Ordering::Greater),
        ])
    });
    let (width, height) = set.wire().split_once(':')?;
    let own = width.parse::<u32>().ok()?.cmp(&height.parse().ok()?);
    let found = SHAPES.find(look.text).into_iter();
    let mut meant = found.filter(|(at, _)| look.is_meant(at.start) && is_about_the_picture(look.text, at));
    let (at, shape) = meant.next().filter(|(_, shape)| *shape != own)?;
    if meant.any(|(_, other)| other == own) {
        return None;
    }
    let usual = match shape {
        Ordering::Less => "9:16",
        Ordering::Equal => "1:1",
        Ordering::Greater => "16:9",
    };
    let offered = look
        .form
        .model
        .aspect_ratios
        .iter()
        .find(|ratio| ratio.wire() == usual);
    Some((at, offered.copied()))
}

/// Whether a single word such as `vertical` stands for the shape of the picture: it is a clause of its own, and belongs to no
/// other word, as in `a vertical drop` or `panoramique vertical`.
fn is_about_the_picture(text: &str, at: &Range<usize>) -> bool {
    let word = &text[at.clone()];
    let is_single = !word.contains([' ', '-']) && word.chars().all(|c| c.is_alphabetic() && !is_han(c));
    let before = text[..at.start].trim_end_matches([' ', '*', '#', '-', '[', '【', '(']);
    let after = text[at.end..].trim_start_matches(' ');
    let begins = before.is_empty()
        || before.ends_with([
            '\n', '\r', '.', ',', ';', ':', '：', '|', '/', '，', '。', '、', '·', '—', '6',
        ]);
    let ends = after.is_empty()
        || after.starts_with([
            ',', '.', ';', ':', '\n', '\r', ')', ']', '|', '/', '，', '。', '、', '·', '—', '(', '9',
        ]);
    let last = before.rsplit([' ', '\n']).next().unwrap_or_default();
    let is_said_of_film = FILMED.split('|').any(|word| last.eq_ignore_ascii_case(word));
    !is_single || (begins || is_said_of_film) && ends
}

/// What may precede a word for the shape of the picture, as in `filmed vertical, for phones`.
const FILMED: &str =
    "shot|filmed|shoot|it|in|all|recorded|composed|framed|strictly|format|formato|en|em|auf|na|im";

fn is_han(c: char) -> bool {
    ('\u{3040}'..='\u{9fff}').contains(&c)
}

fn in_heading(look: &Look<'_>, at: &Range<usize>) -> bool {
    let shots = &look.script.shots;
    let next = shots.partition_point(|shot| shot.heading.end <= at.start);
    shots.get(next).is_some_and(|shot| shot.heading.start <= at.start)
}

fn is_word(text: &str, at: Range<usize>) -> bool {
    // `a 1080p webcam` is a thing in the picture.
    const THINGS: [&str; 9] = [
        "webcam",
        "camera feed",
        "monitor",
        "screen",
        "projector",
        "tv",
        "display",
        "camcorder",
        "stream",
    ];
    let next = text[at.end..text.floor_char_boundary(at.end + NEAR)]
        .trim_start()
        .to_lowercase();
    if THINGS.iter().any(|thing| next.starts_with(thing)) {
        return false;
    }
    let joins = |c: char| c.is_ascii_alphanumeric() || matches!(c, '$' | '_');
    !text[..at.start].chars().next_back().is_some_and(joins)
        && !text[at.end..].chars().next().is_some_and(joins)
}

/// Only what is written as a setting counts: `4K` and `8K` are mostly words of style.
fn resolution(look: &mut Look<'_>) {
    const SETTINGS: [&str; 3] = ["480p", "720p", "1080p"];
    let set = look.form.resolution;
    let named = meant(look, mentions(look.text, &SETTINGS, is_word));
    let offered = |word: &str| {
        let mut all = look.form.model.resolutions.iter();
        all.find(|(resolution, _)| resolution.wire() == word)
            .map(|(resolution, _)| *resolution)
    };
    let mut wanted = named
        .iter()
        .filter_map(|(at, word)| Some((at.clone(), offered(word)?)));
    let Some((at, to)) = wanted.next() else { return };
    if to == set || wanted.any(|(_, other)| other != to) {
        return;
    }
    let word = look.text.get(at.clone()).unwrap_or_default();
    let what = format!("the text says {word}, but the parameter is {set}");
    let message = Complaint::new(what, format!("set {to}, or leave it out of the text"));
    look.add(Rule::ResolutionMismatch, at, message, vec![Fix::Resolution(to)]);
}

/// Those that are neither denied nor spoken.
fn meant<'w>(look: &Look<'_>, found: Vec<(Range<usize>, &'w str)>) -> Vec<(Range<usize>, &'w str)> {
    found
        .into_iter()
        .filter(|(at, _)| look.is_meant(at.start))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Form, Resolution};
    use crate::script::lint::kit_tests::{form, found};

    #[test]
    fn letters_on_the_screen_are_said_unless_denied() {
        for asks in ["Subtitles at the foot.", "a title card opens", "屏幕下方出现字幕"] {
            assert_eq!(found(&form(asks), Rule::OnScreenText).len(), 1, "{asks}");
        }
        assert_eq!(
            found(
                &form("The words \"THE END\" fade in over black."),
                Rule::OnScreenText
            )
            .len(),
            1
        );
        for not in [
            "The words \"open late\" are painted on the door.",
            "No subtitles.",
            "without on-screen text or captions",
            "不要字幕",
            "She reads a letter.",
        ] {
            assert!(found(&form(not), Rule::OnScreenText).is_empty(), "{not}");
        }
    }

    #[test]
    fn known_names_are_said_once() {
        assert_eq!(
            found(&form("Batman meets BATMAN, a movie star"), Rule::Likeness).len(),
            2
        );
        for plain in [
            "a bat flies over a man",
            "no Nike logos",
            "they marvel at the iron gate, a pikachoo",
        ] {
            assert!(found(&form(plain), Rule::Likeness).is_empty(), "{plain}");
        }
    }

    #[test]
    fn the_ratio_of_the_text_is_the_parameters() {
        let tall = found(&form("A kite, 9:16 vertical"), Rule::RatioMismatch);
        assert_eq!(tall[0].fixes, [Fix::Ratio("9:16".parse().unwrap())]);
        for same in [
            "A kite in 16:9",
            "at 9:16 pm a kite",
            "9:16-9:20: a kite",
            "a 1:1 scale model",
            "the score is 14:3",
            "not 9:16",
        ] {
            assert!(found(&form(same), Rule::RatioMismatch).is_empty(), "{same}");
        }
        for tall in ["A kite (9 by 16)", "a kite, 9x16"] {
            assert_eq!(found(&form(tall), Rule::RatioMismatch).len(), 1, "{tall}");
        }
        let adaptive = Form {
            aspect_ratio: AspectRatio::ADAPTIVE,
            ..form("A kite, 9:16")
        };
        assert!(found(&adaptive, Rule::RatioMismatch).is_empty());
    }

    #[test]
    fn the_resolution_of_the_text_is_the_parameters() {
        let fine = found(&form("A kite in 720p"), Rule::ResolutionMismatch);
        assert_eq!(fine[0].fixes, [Fix::Resolution(Resolution::P720)]);
        let final_cut = |prompt: &str| Form {
            resolution: Resolution::P720,
            ..form(prompt)
        };
        assert!(found(&final_cut("A kite in 4K, 8K, UHD"), Rule::ResolutionMismatch).is_empty());
        assert_eq!(
            found(&final_cut("A 480p draft"), Rule::ResolutionMismatch).len(),
            1
        );
        for not in ["a kite in 4K", "a 14K gold ring", "720p, then 1080p", "480p"] {
            assert!(found(&form(not), Rule::ResolutionMismatch).is_empty(), "{not}");
        }
    }
}

//! Tells what looks like a citation and is none: names, addresses, titles, counts and lengths.

use std::ops::Range;

use crate::model::parameters::Medium;

use super::other_units::is_other_unit;
use super::source::{Source, is_blank, is_closer, is_colon, is_dash, is_opener, is_stop};
use super::time_expression::{TimeKind, Unit, is_unit, length, range};
use super::timestamp::digits;
use super::{Citation, Cited};

/// Whether the number at the end of `at`, behind the word for a `kind`, belongs to something else: it counts, tells a length or the
/// scene of a screenplay, or is too high.
pub(super) fn is_of_others(source: &Source, kind: Medium, at: Range<usize>, number: u32) -> bool {
    number > MAX_NUMBER
        || is_one_of_a_series(source, at.end)
        || is_counted(source, kind, at.end)
        || counts_nouns(source, at.start, at.end, number)
        || is_screenplay(source, at.start, at.end)
        || is_length(source, at.end)
        || is_other_unit(source, at.end)
}

/// Ends of file names.
const FILE_TYPES: [&str; 9] = ["png", "jpg", "jpeg", "webp", "mp4", "mov", "wav", "mp3", "gif"];

/// The longest address that is recognised, in characters.
const MAX_ADDRESS: usize = 200;

/// Whether the word at `i` is part of an address, a path or an option: `https://example.com/image1`, `/assets/image1/`, `--image1`.
fn is_part_of_address(source: &Source, i: usize, end: usize) -> bool {
    let is_glued = source
        .text
        .get(i..end)
        .is_some_and(|word| !word.contains(is_blank));
    let Some(mark @ ('/' | '\\' | '-' | '.' | '=' | '&' | '?' | '%' | '@')) = source.before(i) else {
        return false;
    };
    let start = source.back_run(i, MAX_ADDRESS, |c| c.is_ascii_graphic());
    let token = source.text.get(start..i).unwrap_or_default();
    let is_path = matches!(mark, '/' | '\\')
        && !token
            .trim_end_matches(['/', '\\'])
            .ends_with(|c: char| c.is_ascii_digit());
    let is_host = token.len() > 1 && mark == '@' && source.at(end) == Some('.');
    is_host
        || token.contains("://")
        || token.starts_with("www.")
        || is_glued && (token.ends_with("--") || is_path)
}

/// Whether it is the title of a section, `VIDEO 2` alone on its line.
pub(super) fn is_title(source: &Source, cited: &Cited, span: Range<usize>) -> bool {
    let is_video = matches!(
        cited,
        Cited::Numbered {
            kind: Medium::Video,
            ..
        }
    );
    let is_mark = |c: char| is_blank(c) || matches!(c, '*' | '#' | '=' | '-');
    let (start, end) = (
        source.back_run(span.start, 6, is_mark),
        source.eat_run(span.end, 6, is_mark),
    );
    // `Video 1 (15s)`
    let length = source
        .eat(source.blanks(span.end), is_opener)
        .and_then(|number| length(source, number));
    let past =
        length.map(|time| source.eat_run(time.span.end, 6, |c| is_mark(c) || is_closer(c) || is_colon(c)));
    is_video
        && source.line_starts(start)
        && [Some(end), past]
            .into_iter()
            .flatten()
            .any(|end| source.line_break(end).is_some())
}

/// Drops the titles of several clips, such as `视频一：敦煌` and `视频二：喀什`, each above times that begin at 0. A single one may cite.
pub(super) fn without_titles_of_clips(source: &Source, found: Vec<Citation>) -> Vec<Citation> {
    let titles: Vec<bool> = found
        .iter()
        .map(|citation| titles_times(source, citation))
        .collect();
    let several = titles.iter().filter(|is_title| **is_title).count() > 1;
    found
        .into_iter()
        .zip(titles)
        .filter(|(citation, is_title)| !(*is_title && several || titles_text(source, citation)))
        .map(|(citation, _)| citation)
        .collect()
}

/// Whether a video is named in the title of the whole text, above its times: `Video 2 of 5: Knife skills`, `Continuation of video 1`.
fn titles_text(source: &Source, citation: &Citation) -> bool {
    const MAX_TITLE: usize = 120;
    const CONTINUED: [&str; 8] = [
        "continuation of",
        "continues from",
        "continued from",
        "continuing",
        "continuação",
        "continuación",
        "fortsetzung",
        "接",
    ];
    const OF: [&str; 8] = ["of", "de", "von", "di", "из", "của", "dari", "/"];
    let is_video = matches!(
        citation.cited,
        Cited::Numbered {
            kind: Medium::Video,
            ..
        }
    );
    let Range { start, end } = citation.at;
    if !is_video || source.text[start..end].starts_with(['@', '＠', '[', '<', '【']) {
        return false;
    }
    let line = source.back_run(start, MAX_TITLE, |c| c != '\n');
    let before = &source.text[line..start];
    let is_first = source.text[..line].trim().is_empty();
    let line_end = source.eat_run(end, MAX_TITLE, |c| c != '\n');
    let next = source.eat_run(line_end, 8, |c| {
        c.is_whitespace() || is_opener(c) || is_dash(c) || "*•#|".contains(c)
    });
    let has_time = range(source, next).is_some();
    let follows = source.blanks(end);
    let sets_apart = source.at(follows).is_some_and(|c| is_colon(c) || is_dash(c));
    let counts_on = OF.iter().any(|of| source.word(follows, of).is_some());
    let lower = before.to_lowercase();
    let is_continued = CONTINUED.iter().any(|word| lower.contains(word));
    let is_short = before.split_whitespace().count() <= 3;
    is_first && next > line_end && has_time && (is_continued || is_short && (sets_apart || counts_on))
}

/// Whether a video begins its line and a colon, a name and a line whose times begin at 0 follow.
fn titles_times(source: &Source, citation: &Citation) -> bool {
    const MAX_NAME: usize = 40;
    let is_video = matches!(
        citation.cited,
        Cited::Numbered {
            kind: Medium::Video,
            ..
        }
    );
    let line = source.back_run(citation.at.start, 6, |c| {
        is_blank(c) || matches!(c, '*' | '#' | '-')
    });
    let colon = source
        .eat(citation.at.end, is_colon)
        .filter(|_| is_video && source.line_starts(line));
    let Some(colon) = colon else {
        return false;
    };
    let end = source.eat_run(colon, MAX_NAME, |c| !matches!(c, '\n' | '\r'));
    let next = source.line_break(end).map(|line| {
        source.eat_run(line, 6, |c| {
            is_blank(c) || is_opener(c) || is_dash(c) || matches!(c, '*' | '•')
        })
    });
    let time = next.and_then(|next| range(source, next));
    time.is_some_and(|time| matches!(time.kind, TimeKind::Range(start, _) if start.ms == 0))
}

/// Whether the word and the number are part of a name: `video 2.1`, `image_1_final.png`, `GPT Image 2`.
pub(super) fn is_part_of_a_name(source: &Source, start: usize, end: usize) -> bool {
    let goes_on = match source.at(end) {
        Some(':' | '.' | '/') if is_decimal(source, end) => true,
        Some('_') => source.goes_on(source.after(end)),
        Some('.') => source.whole_word(end + 1, &FILE_TYPES).is_some(),
        _ => false,
    };
    goes_on
        || source.text[start..end].starts_with("IMG_")
        || is_part_of_address(source, start, end)
        || follows_model(source, start)
        || is_imagen_model(source, start)
        || heads_a_time(source, start, end)
}

/// Whether the words are the heading of a shot in a list of pictures: `Bild 1 (0-3 Sek): …`, `图1 0-3秒 …`.
fn heads_a_time(source: &Source, start: usize, end: usize) -> bool {
    let line = source.back_run(start, 6, |c| {
        is_blank(c) || is_opener(c) || matches!(c, '*' | '#' | '-' | '•')
    });
    let number = source.eat_run(end, 4, |c| {
        is_blank(c) || is_opener(c) || is_colon(c) || is_dash(c) || matches!(c, '|' | '*')
    });
    source.line_starts(line) && range(source, number).is_some_and(|time| time.unit != Unit::Bare)
}

/// Whether `imagen` is the name of a model, in English words such as `like Imagen 4 would make`, and not the Spanish noun.
fn is_imagen_model(source: &Source, start: usize) -> bool {
    const ENGLISH: [&str; 10] = [
        "like", "by", "with", "google", "google's", "using", "via", "than", "from", "use",
    ];
    let end = source.back_run(start, 1, is_blank);
    source.word(start, "imagen").is_some()
        && ENGLISH.iter().any(|word| {
            source
                .word_before(end, word)
                .is_some_and(|at| !source.goes_on_before(at))
        })
}

/// Whether the name of a model precedes the word at `i`. Names that are also words or people's names, such as Wan or Sora, are
/// not listed: a missing reference has to be found before a take is paid for.
fn follows_model(source: &Source, i: usize) -> bool {
    const MODELS: &str = "gpt|chatgpt|dall-e|qwen|kling|hunyuan|flux|imagen|\
        midjourney|stable diffusion|stable video|ideogram|seedream|seedance|hailuo|veo|pika|recraft|firefly";
    let end = source.back_run(i, 1, |c| is_blank(c) || c == '-');
    // `Stable Video 3`, but not `a stable video 3`.
    let is_stable = end
        .checked_sub("Stable".len())
        .and_then(|start| source.text.get(start..end))
        == Some("Stable");
    let is_listed = || {
        MODELS.split('|').any(|model| {
            source
                .word_before(end, model)
                .is_some_and(|start| !source.goes_on_before(start))
        })
    };
    end < i && (is_stable || is_listed())
}

fn is_decimal(source: &Source, i: usize) -> bool {
    source.at(source.after(i)).is_some_and(|c| c.is_ascii_digit())
}

/// No request has more references of a kind, so that a higher number is a name: `Photo 51`.
pub(super) const MAX_NUMBER: u32 = 50;

/// Whether a counter of Chinese, Japanese or Korean stands at `i`: `画像1枚`, but not `图1本身`.
fn is_counted(source: &Source, kind: Medium, i: usize) -> bool {
    // Characters that make another word of the counter.
    const OTHER_WORDS: &str = "身来來子性人体體纹紋件款落缀綴";
    let counters = match kind {
        Medium::Image => "张|張|枚|幅|장|个|個|つ|개|点|倍",
        Medium::Video => "절|화|話|段|本|倍|条|條|个|個|つ|개|편|分钟|分鐘|分間|분",
        Medium::Audio => "声道|聲道|段|本|曲|条|條|个|個|つ|개|分钟|分鐘|分間|분",
    };
    let end = counters
        .split('|')
        .find_map(|counter| source.word(source.blanks(i), counter));
    end.is_some_and(|end| !source.at(end).is_some_and(|c| OTHER_WORDS.contains(c)))
}

/// Whether a sentence begins with the word and a plural follows the number: `Picture 3 friends on a beach`, but not
/// `Picture 3 shows the coat`.
fn counts_nouns(source: &Source, word: usize, end: usize, number: u32) -> bool {
    const ASKS: [&str; 2] = ["picture", "foto"];
    const VERBS: &str = "is|are|was|has|does|shows|depicts|displays|contains|features|provides|defines|sets|gives|serves|leads|\
        appears|plays|opens|closes|starts|begins|ends|becomes|holds|stays|remains|represents|includes|follows|looks|\
        stands|moves|comes|takes|turns|walks|runs|speaks|as|its|acts|establishes|determines|guides|describes|dances|\
        smiles|sits|enters|jumps|flies|uses|keeps|matches|supplies|carries|wears|goes|es|das|des|als|dos|los|las|às|\
        nos|nas|tras|detrás|después|antes|depois|entonces";
    let line = source.back_run(word, 4, |c| is_blank(c) || matches!(c, '*' | '#' | '"' | '“'));
    let begins = source.line_starts(line) || source.before(line).is_some_and(|c| is_stop(c) || is_colon(c));
    let next = source.blanks(end);
    let past = source.eat_run(next, 24, char::is_alphabetic);
    let noun = source.text.get(next..past).unwrap_or_default();
    let is_plural = noun.starts_with(char::is_lowercase)
        && (noun.ends_with('s')
            || noun == "people"
            || noun == "men"
            || noun == "women"
            || noun == "children");
    number > 1
        && next > end
        && begins
        && is_plural
        && ASKS.iter().any(|ask| source.word(word, ask).is_some())
        && !VERBS.split('|').any(|verb| verb.trim() == noun)
}

/// Whether it is the number of a scene in a screenplay: `BILD 1. INNEN. KÜCHE – TAG`.
fn is_screenplay(source: &Source, word: usize, end: usize) -> bool {
    let place = source.eat_run(end, 3, |c| {
        is_blank(c) || is_colon(c) || matches!(c, '.' | '-' | '–')
    });
    place > end
        && source.line_starts(word)
        && source
            .whole_word(
                place,
                &["int", "ext", "innen", "aussen", "außen", "intérieur", "interior"],
            )
            .is_some()
}

/// Whether the number before `i` counts things in the picture, as in `picture 3 of the series`.
fn is_one_of_a_series(source: &Source, i: usize) -> bool {
    const SERIES: [&str; 9] = [
        "series",
        "set",
        "stack",
        "album",
        "collection",
        "roll",
        "gallery",
        "exhibition",
        "triptych",
    ];
    const ARTICLES: [&str; 7] = ["the", "a", "his", "her", "their", "its", "my"];
    // `photo 3 of 12`
    let total = source.whole_word(source.blanks(i), &["of"]);
    if total.is_some_and(|of| digits(source, source.blanks(of), 4).is_some()) {
        return true;
    }
    let of = source.whole_word(source.blanks(i), &["of", "in"]);
    let article = of.and_then(|of| source.whole_word(source.blanks(of), &ARTICLES));
    article.is_some_and(|article| source.whole_word(source.blanks(article), &SERIES).is_some())
}

/// Whether the number before `i` is a length or a rate, as in `video 5 seconds`, `Video 15 detik`.
pub(super) fn is_length(source: &Source, i: usize) -> bool {
    let word = source.eat_run(i, 1, |c| is_blank(c) || c == '-');
    let others = [
        "fps", "mm", "minute", "minutes", "hour", "hours", "day", "days", "week", "weeks", "month", "months",
        "year", "years", "times", "percent", "channels", "channel", "tracks", "copies", "people", "versions",
        "speakers",
    ];
    is_unit(source, word) || source.whole_word(word, &others).is_some()
}

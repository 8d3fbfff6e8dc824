//! Reads the beats of a screenplay: lines such as `△ 【空镜】 …` of a Chinese one, and scene headings such as
//! `INT. LAUNDROMAT - NIGHT (5 sec)`.

use std::ops::Range;

use super::after_heading::{line_part, trimmed};
use super::heading::{Heading, Restart, Weight};
use super::source::{Source, is_blank, is_opener};
use super::time_expression::{Time, TimeKind, time};

/// Every beat, in order; the scenes of a screenplay are several.
pub(super) fn beats(source: &Source) -> Vec<Heading> {
    let mut beats = Vec::new();
    let mut scenes = Vec::new();
    let mut i = 0;
    while i < source.text.len() {
        beats.extend(beat(source, i));
        scenes.extend(scene(source, i));
        i = source.after(i);
    }
    match beats.len() {
        0 if scenes.len() > 1 => scenes,
        _ => beats,
    }
}

fn beat(source: &Source, i: usize) -> Option<Heading> {
    let mark = source.eat(i, |c| c == '△')?;
    let line = source.back_run(i, 8, is_blank);
    let words = source.eat_run(mark, 8, is_blank);
    let tag = source.eat(words, |c| c == '【').and_then(|inside| {
        let end = line_part(source, inside, 24, |c| c == '】');
        Some((trimmed(source, inside..end)?, source.eat(end, |c| c == '】')?))
    });
    let (title, past) = tag.map_or((None, words), |(title, past)| (Some(title), past));
    source.line_starts(line).then(|| heading(i..past, title, None))
}

/// The longest scene heading, in characters.
const MAX_SCENE: usize = 100;

/// A scene heading that begins at `i`, with the length that may end it in brackets.
fn scene(source: &Source, i: usize) -> Option<Heading> {
    const PLACES: [&str; 6] = ["INT.", "EXT.", "INT/EXT.", "INT./EXT.", "I/E.", "EXT/INT."];
    let place = PLACES.iter().find_map(|place| source.word(i, place))?;
    let is_heading = source.line_starts(i)
        && source.at(place).is_some_and(is_blank)
        && source.text[i..].starts_with(['I', 'E']);
    if !is_heading {
        return None;
    }
    let end = line_part(source, place, MAX_SCENE, |_| false);
    let bracket = line_part(source, place, MAX_SCENE, is_opener);
    let length = source
        .eat(bracket, is_opener)
        .and_then(|inside| time(source, inside));
    let length = length.filter(|time| matches!(time.kind, TimeKind::Length(_)) && time.span.end < end);
    Some(heading(i..end, trimmed(source, i..bracket.min(end)), length))
}

/// A heading of its own line.
fn heading(span: Range<usize>, title: Option<Range<usize>>, time: Option<Time>) -> Heading {
    Heading {
        label: None,
        time,
        length: None,
        weight: Weight::Sure,
        span,
        title,
        amid: false,
        tagged: false,
        begins_line: true,
        in_words: false,
        is_on_next_line: false,
        under_aspect: false,
        restart: Restart::No,
        beats: Vec::new(),
    }
}

//! Splits a script that is too long for one take into clips, each a form of its own.

use std::ops::Range;

use crate::model::Form;
use crate::script::retime::{Span, edited, edits_of, padding};
use crate::script::{Script, Shot};

use super::text_fixes::closed_spans;

/// The most clips: each repeats the lines before the first shot, and nobody edits more by hand.
pub(super) const MAX_CLIPS: usize = 100;
/// The longest title of a clip, in characters.
const MAX_TITLE: usize = 60;

/// The shots of each clip, as many as fit into the longest take of `max_ms`, and none of two clips of the text. Empty
/// without shots.
pub(super) fn groups(script: &Script, max_ms: u32) -> Vec<Range<usize>> {
    let mut groups: Vec<Range<usize>> = Vec::new();
    let mut held = 0_u32;
    for (n, span) in closed_spans(script).iter().enumerate() {
        let length = span.map_or(0, |(start, end)| (end - start).min(max_ms));
        let begins_clip = script.clips.binary_search_by_key(&n, |clip| clip.start).is_ok();
        match groups.last_mut().filter(|_| !begins_clip) {
            Some(group) if held.saturating_add(length) <= max_ms => {
                group.end = n + 1;
                held += length;
            }
            _ => {
                groups.push(n..n + 1);
                held = length;
            }
        }
    }
    groups
}

/// The clips of `form`: each has the lines before the first shot and those after the last one, its own shots from 0 on,
/// the shortest length with room for them, and every reference. A shot that is longer than the longest take is
/// shortened to it.
pub(super) fn clips(form: &Form, script: &Script) -> Vec<Form> {
    let max_ms = form.model.max_ms();
    let groups = groups(script, max_ms);
    let (Some(first), Some(last)) = (script.shots.first(), script.shots.last()) else {
        return vec![form.clone()];
    };
    let text = form.prompt.as_str();
    // Where the text has several clips, each has its own title.
    let titles: Vec<Range<usize>> = match script.clips.len() {
        0 | 1 => Vec::new(),
        _ => script
            .clips
            .iter()
            .map(|clip| {
                let before = clip
                    .start
                    .checked_sub(1)
                    .map_or(0, |last| script.shots[last].heading.end);
                title_before(text, before, begin(&script.shots[clip.start]))
            })
            .collect(),
    };
    let head_end = titles.first().map_or_else(|| begin(first), |title| title.start);
    let head = text.get(..head_end).unwrap_or_default();
    let tail = text
        .get(last.text.end.max(last.heading.end)..)
        .unwrap_or_default();
    let closed = closed_spans(script);
    if groups.len() > MAX_CLIPS {
        return vec![form.clone()];
    }
    let width = padding(script);
    let clip = |group: &Range<usize>| {
        let (spans, end_ms) = from_zero(&closed[group.clone()], max_ms);
        let from = begin(&script.shots[group.start]);
        let own = script.clips.iter().zip(&titles);
        let title = own
            .clone()
            .rfind(|(clip, _)| clip.start <= group.start)
            .map_or(0..0, |(_, title)| title.clone());
        let next = own
            .filter(|(clip, _)| clip.start == group.end)
            .map(|(_, title)| title.start)
            .next();
        let to = next
            .or_else(|| script.shots.get(group.end).map(begin))
            .unwrap_or(text.len() - tail.len());
        let mut prompt = String::from(head);
        prompt += text.get(title).unwrap_or_default();
        prompt += &edited(
            text,
            from..to.max(from),
            &edits_of(&script.shots[group.clone()], &spans, width),
        );
        if group.end < script.shots.len() {
            prompt.truncate(prompt.trim_end().len());
        }
        prompt += tail;
        Form {
            prompt,
            duration: form.model.shortest_for(end_ms).unwrap_or(form.duration),
            ..form.clone()
        }
    };
    groups.iter().map(clip).collect()
}

/// The line before `at`, with its line break, if it is a title: short, and after an empty line or at the beginning, and not
/// before `least`.
fn title_before(text: &str, least: usize, at: usize) -> Range<usize> {
    let before = text.get(..at).unwrap_or_default();
    let line = before.trim_end();
    let start = line.rfind('\n').map_or(0, |at| at + 1);
    let is_apart = start == 0 || line[..start].ends_with("\n\n") || line[..start].ends_with("\n\r\n");
    let is_title = (1..=MAX_TITLE).contains(&line[start..].chars().count());
    if is_apart && is_title && start >= least {
        start..at
    } else {
        at..at
    }
}

/// Where a shot's bytes begin: at its heading, or at the sentence around the heading.
fn begin(shot: &Shot) -> usize {
    if shot.text.end > shot.heading.start {
        shot.heading.start.min(shot.text.start)
    } else {
        shot.heading.start
    }
}

/// The shots' times when they start at 0 and none is longer than `max_ms`, and where they end.
fn from_zero(closed: &[Option<Span>], max_ms: u32) -> (Vec<Option<Span>>, u32) {
    let mut clock = 0_u32;
    let place = |span: &Option<Span>| {
        let (start, end) = (*span)?;
        let from = clock;
        clock = clock.saturating_add((end - start).min(max_ms));
        Some((from, clock))
    };
    let spans = closed.iter().map(place).collect();
    (spans, clock)
}

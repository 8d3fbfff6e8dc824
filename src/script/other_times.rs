//! Whether a text tells places in time beside the times of its shots, as in `Black from 3 to 5 seconds` between two of them.

use std::ops::Range;

use super::source::{Source, is_blank, is_opener};
use super::time_expression::{Time, TimeKind, Unit, is_amount};
use super::tokens::Token;
use super::{Citation, Shot};

/// Whether a range with a unit is neither the time of a shot, nor within the shot in whose text it is, nor the time of the whole, a
/// length such as `2-3 seconds of silence`, or a place in a cited video.
pub(super) fn has_other_times(
    source: &Source,
    tokens: &[Token],
    shots: &[Shot],
    citations: &[Citation],
) -> bool {
    let timed = shots.iter().any(|shot| shot.start.is_some());
    let starts = shots.iter().filter_map(|shot| shot.start).min();
    let ends = shots.iter().filter_map(|shot| shot.end).max();
    let others = tokens.iter().filter_map(|token| match token {
        Token::Time(time) if time.unit != Unit::Bare => Some(time),
        _ => None,
    });
    let mut others = others.filter(|time| {
        let TimeKind::Range(start, Some(end)) = &time.kind else {
            return false;
        };
        let is_whole = Some(start.ms) == starts.min(Some(0)) && Some(end.ms) >= ends
            || (Some(start.ms), Some(end.ms)) == (starts, ends);
        !is_whole
            && !is_amount(source, time.span.end)
            && !follows_citation(source, time, citations)
            && !is_of_shot(shots, &time.span, start.ms..end.ms)
    });
    timed && others.next().is_some()
}

/// Whether the time is that of a shot, or of something inside the shot in whose text it is.
fn is_of_shot(shots: &[Shot], at: &Range<usize>, time: Range<u32>) -> bool {
    let next = shots.partition_point(|shot| shot.text.end.max(shot.heading.end) <= at.start);
    let Some(shot) = shots.get(next) else { return false };
    let own = [&shot.written.start, &shot.written.end, &shot.written.length];
    let is_own = own
        .into_iter()
        .flatten()
        .any(|stamp| at.contains(&stamp.at.start));
    let is_inside = shot.start <= Some(time.start) && shot.end.is_none_or(|end| time.end <= end);
    is_own || is_inside && shot.heading.start.min(shot.text.start) <= at.start
}

fn follows_citation(source: &Source, time: &Time, citations: &[Citation]) -> bool {
    let end = source.back_run(time.span.start, 4, |c| is_blank(c) || is_opener(c));
    citations
        .binary_search_by_key(&end, |citation| citation.at.end)
        .is_ok()
}

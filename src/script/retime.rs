//! Changes the times of shots in the author's own form and leaves every other byte alone.

use std::ops::Range;

use super::ascii_digits::in_digits_of;
use super::{Script, Shot, TimeFormat, WrittenTime};

/// The shortest shot that moving a border can make, in milliseconds.
pub const MIN_SHOT_MS: u32 = 500;

/// A replacement for some bytes of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edit {
    pub(super) at: Range<usize>,
    pub(super) text: String,
}

/// The bytes `within` of `text` with every edit made that lies inside. Edits are in order and do not overlap.
pub(super) fn edited(text: &str, within: Range<usize>, edits: &[Edit]) -> String {
    let mut written = String::with_capacity(within.len());
    let mut last = within.start;
    for edit in edits {
        if edit.at.start < last || edit.at.end > within.end {
            continue;
        }
        written += text.get(last..edit.at.start).unwrap_or_default();
        let is_number = edit
            .text
            .bytes()
            .all(|b| b.is_ascii_digit() || b".,:".contains(&b));
        match text
            .get(edit.at.clone())
            .filter(|old| is_number && !old.is_ascii())
        {
            Some(old) => written += &in_digits_of(old, &edit.text),
            None => written += &edit.text,
        }
        last = edit.at.end;
    }
    written + text.get(last..within.end).unwrap_or_default()
}

/// A shot's start and end, in milliseconds.
pub(super) type Span = (u32, u32);

/// How long a shot without an end is assumed to last, in milliseconds.
pub(super) const OPEN_MS: u32 = 1000;

/// When each shot starts and ends; `None` for a shot without a start.
pub(super) fn spans(script: &Script) -> Vec<Option<Span>> {
    let span = |shot: &Shot| {
        let start = shot.start?;
        Some((start, shot.end.unwrap_or(start.saturating_add(OPEN_MS))))
    };
    script.shots.iter().map(span).collect()
}

/// The edits that give the shots these times. A shot without a span stays as it is.
pub(super) fn edits(script: &Script, spans: &[Option<Span>]) -> Vec<Edit> {
    edits_of(&script.shots, spans, padding(script))
}

/// The same for some shots of a script that pads seconds to `width` digits.
pub(super) fn edits_of(shots: &[Shot], spans: &[Option<Span>], width: u8) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (shot, span) in shots.iter().zip(spans) {
        let Some((start, end)) =
            span.filter(|(start, end)| (shot.start, shot.end) != (Some(*start), Some(*end)))
        else {
            continue;
        };
        let written = &shot.written;
        put(&mut edits, written.start.as_ref(), start, width);
        put(&mut edits, written.end.as_ref(), end, width);
        put(
            &mut edits,
            written.length.as_ref(),
            end.saturating_sub(start),
            width,
        );
        for beat in &written.beats {
            put(&mut edits, Some(beat), moved(beat.ms, shot, (start, end)), width);
        }
    }
    edits.sort_by_key(|edit| edit.at.start);
    edits
}

/// A time inside a shot, in proportion to the shot's new span.
fn moved(ms: u32, shot: &Shot, (start, end): Span) -> u32 {
    let (Some(from), Some(to)) = (shot.start, shot.end) else {
        return ms;
    };
    if to.checked_sub(from) == end.checked_sub(start) || to <= from {
        return ms.saturating_add(start).saturating_sub(from);
    }
    let part =
        u64::from(ms.saturating_sub(from)) * u64::from(end.saturating_sub(start)) / u64::from(to - from);
    let at = |part: u64| {
        start
            .saturating_add(u32::try_from(part).unwrap_or(u32::MAX))
            .min(end)
    };
    let rounded = at((part + 50) / 100 * 100);
    // A time inside a very short shot stays inside.
    if (start < rounded || ms <= from) && (rounded < end || to <= ms) {
        rounded
    } else {
        at(part)
    }
}

/// To how many digits the author pads seconds: to two in `[05-10s]`.
pub(super) fn padding(script: &Script) -> u8 {
    let stamps = script.shots.iter().flat_map(|shot| shot.written.stamps());
    let widths = stamps.filter_map(|stamp| match stamp.form {
        TimeFormat::Seconds { width, .. } => Some(width),
        TimeFormat::Clock { .. } => None,
    });
    widths.max().unwrap_or(1)
}

fn put(edits: &mut Vec<Edit>, stamp: Option<&WrittenTime>, ms: u32, padding: u8) {
    let Some(stamp) = stamp.filter(|stamp| stamp.ms != ms) else {
        return;
    };
    let form = match stamp.form {
        TimeFormat::Seconds {
            width,
            decimals,
            comma,
        } => TimeFormat::Seconds {
            width: width.max(padding),
            decimals,
            comma,
        },
        clock @ TimeFormat::Clock { .. } => clock,
    };
    edits.push(Edit {
        at: stamp.at.clone(),
        text: form.write(ms),
    });
}

/// The prompt with the border after shot `boundary` (counted from 0) moved by `by_ms`: the end of that shot and the start
/// of the next one get the new time. After the last shot, only its end moves. No shot becomes shorter than half a second.
///
/// `None` when there is no such border, when it has no time, or when it cannot move in that direction without hiding a shot
/// inside another.
pub fn move_boundary(prompt: &str, script: &Script, boundary: usize, by_ms: i64) -> Option<String> {
    let mut spans = spans(script);
    let before = script.shots.get(boundary)?;
    let start = i64::from(before.start?);
    let next = script.shots.get(boundary + 1);
    let border = i64::from(next.map_or(before.end, |next| next.start).or(before.end)?);
    let least = start + i64::from(MIN_SHOT_MS);
    let most = match next {
        Some(next) => i64::from(next.end?) - i64::from(MIN_SHOT_MS),
        None => i64::from(u32::MAX),
    };
    let wanted = border.saturating_add(by_ms);
    let moved = if by_ms < 0 {
        wanted.max(least)
    } else {
        wanted.min(most)
    };
    let is_that_way = (moved - border).signum() == by_ms.signum();
    if least > most || moved < least || moved > most || !is_that_way {
        return None;
    }
    let moved = u32::try_from(moved).ok()?;
    *spans.get_mut(boundary)? = Some((before.start?, moved));
    if let Some((span, next)) = spans.get_mut(boundary + 1).zip(next) {
        *span = Some((moved, next.end?));
    }
    let edits = edits(script, &spans);
    let text = edited(prompt, 0..prompt.len(), &edits);
    // A shot that would lie inside the one before would be read as a beat of it.
    let keeps_shots = || super::read(&text).shots.len() == script.shots.len();
    (text != prompt && keeps_shots()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::read;

    fn moved(text: &str, boundary: usize, by_ms: i64) -> Option<String> {
        move_boundary(text, &read(text), boundary, by_ms)
    }

    #[test]
    fn both_times_follow_in_the_authors_form() {
        let text = "[00:00-00:03] Shot 1: a kite.\n[00:03-00:06] Shot 2: it dives.";
        assert_eq!(
            moved(text, 0, 500).as_deref(),
            Some("[00:00-00:03.5] Shot 1: a kite.\n[00:03.5-00:06] Shot 2: it dives.")
        );
        assert_eq!(
            moved(text, 1, -1000).as_deref(),
            Some("[00:00-00:03] Shot 1: a kite.\n[00:03-00:05] Shot 2: it dives.")
        );
        assert_eq!(
            moved("镜头1（0-3秒）：风筝。镜头2（3-5秒）：落下。", 0, -500).as_deref(),
            Some("镜头1（0-2.5秒）：风筝。镜头2（2.5-5秒）：落下。")
        );
    }

    #[test]
    fn digits_are_those_of_the_author() {
        assert_eq!(
            moved("０-３秒：風船\n３-６秒：落ちる", 0, -1000).as_deref(),
            Some("０-２秒：風船\n２-６秒：落ちる")
        );
        assert_eq!(
            moved("๐-๓ วินาที: ว่าว\n๓-๖ วินาที: ลง", 0, 500).as_deref(),
            Some("๐-๓.๕ วินาที: ว่าว\n๓.๕-๖ วินาที: ลง")
        );
    }

    #[test]
    fn seconds_are_padded_as_the_author_pads_them() {
        assert_eq!(
            moved("8-10s: a\n10-14s: b", 0, -1000).as_deref(),
            Some("8-9s: a\n9-14s: b")
        );
        assert_eq!(
            moved("[05-10s] a\n[10-14s] b", 0, -1000).as_deref(),
            Some("[05-09s] a\n[09-14s] b")
        );
    }

    #[test]
    fn lengths_are_rewritten_where_lengths_are_written() {
        assert_eq!(
            moved("Shot 1 (5s): a kite. Shot 2 (3s): it dives.", 0, -500).as_deref(),
            Some("Shot 1 (4.5s): a kite. Shot 2 (3.5s): it dives.")
        );
    }

    #[test]
    fn no_shot_gets_shorter_than_half_a_second() {
        let text = "0-1s: a kite\n1-2s: it dives";
        assert_eq!(
            moved(text, 0, 5000).as_deref(),
            Some("0-1.5s: a kite\n1.5-2s: it dives")
        );
        assert_eq!(
            moved(text, 0, -5000).as_deref(),
            Some("0-0.5s: a kite\n0.5-2s: it dives")
        );
        let short = "0-0.5s: a kite\n0.5-1s: it dives";
        assert_eq!((moved(short, 0, 500), moved(short, 0, -500)), (None, None));
    }

    #[test]
    fn borders_that_are_not_there_stay() {
        assert_eq!(moved("0-3s: a kite", 1, 500), None);
        assert_eq!(moved("Shot 1: a kite. Shot 2: it dives.", 0, 500), None);
        assert_eq!(moved("0-3s: a kite\n3-6s: it dives", 0, 0), None);
    }
}

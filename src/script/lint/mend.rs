//! Changes of the prompt's text: times, numbers, citations, line breaks. What is not meant stays, byte for byte.

use crate::script::retime::{Edit, Span, edited, edits, spans};
use crate::script::{Citation, Script, read};

/// Re-reading after a change may bring to light a shot that did not carry on before; so often it is tried.
const ROUNDS: usize = 4;

/// The prompt with its timeline scaled so that it ends at `to_ms`.
pub(super) fn scaled(prompt: &str, to_ms: u32) -> String {
    settled(prompt, |script| scaled_spans(script, to_ms))
}

/// The prompt with its shots one after the other from 0, each at its own length.
pub(super) fn closed(prompt: &str) -> String {
    settled(prompt, closed_spans)
}

/// Writes the times that `plan` makes of the script, until they hold.
fn settled(prompt: &str, plan: impl Fn(&Script) -> Vec<Option<Span>>) -> String {
    let mut text = prompt.to_owned();
    for _ in 0..ROUNDS {
        let script = read(&text);
        let edits = edits(&script, &plan(&script));
        if edits.is_empty() {
            break;
        }
        text = edited(&text, 0..text.len(), &edits);
    }
    text
}

/// The shots' own lengths, put one after the other. A shot without a length of its own keeps the place that the
/// one before leaves it; one that runs backwards is turned round.
pub(super) fn closed_spans(script: &Script) -> Vec<Option<Span>> {
    let mut clock = 0_u32;
    let mut close = |span: Option<Span>| {
        let (start, end) = span?;
        let length = match end.abs_diff(start) {
            0 => LEAST_MS,
            length => length,
        };
        let from = clock;
        clock = clock.saturating_add(length);
        Some((from, clock))
    };
    // A last mark has no end; it starts where the one before it ends.
    let mut closed: Vec<Option<Span>> = spans(script).into_iter().map(&mut close).collect();
    if let (Some(last), Some(shot)) = (closed.last_mut(), script.shots.last())
        && last.is_none()
        && shot.start.is_some()
    {
        *last = Some((clock, clock));
    }
    closed
}

/// The length of a shot that is written without any, in milliseconds.
const LEAST_MS: u32 = 1000;

/// Every time in proportion to a timeline that ends at `to_ms`: on a tenth of a second where the shots allow it.
fn scaled_spans(script: &Script, to_ms: u32) -> Vec<Option<Span>> {
    let open_end = |shot: &crate::script::Shot| Some((shot.start?, shot.end.or(shot.start)?));
    let own: Vec<Option<Span>> = script.shots.iter().map(open_end).collect();
    let mut borders: Vec<u32> = own
        .iter()
        .flatten()
        .flat_map(|(start, end)| [*start, *end])
        .collect();
    borders.push(0);
    borders.sort_unstable();
    borders.dedup();
    let Some(end) = borders.last().copied().filter(|end| *end > 0) else {
        return own;
    };
    let grid = if borders.len() as u64 * 100 <= u64::from(to_ms) {
        100
    } else {
        1
    };
    let mut moved: Vec<u32> = Vec::with_capacity(borders.len());
    for border in &borders {
        let exact = u64::from(*border) * u64::from(to_ms) / u64::from(end);
        let near = u32::try_from((exact + grid / 2) / grid * grid).unwrap_or(u32::MAX);
        let least = moved
            .last()
            .map_or(0, |last| last.saturating_add(u32::try_from(grid).unwrap_or(1)));
        moved.push(near.max(least));
    }
    // What was pushed on from the left must still end in time.
    let mut most = to_ms;
    for border in moved.iter_mut().rev() {
        *border = (*border).min(most);
        most = border.saturating_sub(1);
    }
    let to = |ms: u32| borders.binary_search(&ms).map_or(ms, |n| moved[n]);
    own.into_iter()
        .map(|span| span.map(|(start, end)| (to(start), to(end))))
        .collect()
}

/// The prompt with its shots numbered from the first one's number on.
pub(super) fn renumbered(prompt: &str) -> String {
    let script = read(prompt);
    let mut next = first_number(&script);
    let mut edits = Vec::new();
    for shot in &script.shots {
        if let Some(at) = shot.written.number.clone() {
            let text = format!("{next:0width$}", width = at.len());
            edits.push(Edit { at, text });
        }
        next = next.saturating_add(1);
    }
    edited(prompt, 0..prompt.len(), &edits)
}

/// The number that the first shot has, or should have: the numbers in the text may start anywhere, but not so
/// late that their digits run out.
pub(super) fn first_number(script: &Script) -> u32 {
    let first = script.shots.first().map_or(1, |shot| shot.number);
    let last = first.saturating_add(u32::try_from(script.shots.len()).unwrap_or(u32::MAX));
    if last > 999 { 1 } else { first }
}

/// How the citation is written in the API's form; `None` when it is, or when it cannot be.
pub(super) fn normal(prompt: &str, citation: &Citation) -> Option<Edit> {
    let normal = citation.normal()?;
    let written = prompt.get(citation.at.clone())?;
    // The further numbers of `images 1, 2 and 3` and a capital at a sentence's start are understood as they are.
    let is_listed = written.bytes().all(|b| b.is_ascii_digit());
    let plural = written.to_ascii_lowercase().replacen("s ", " ", 1);
    let is_plain = written.eq_ignore_ascii_case(&normal) || plural == normal;
    if is_listed || is_plain {
        return None;
    }
    // A form without blanks may stand glued to a word: `的@图片1中`, but `看image 1` must not become one word.
    let glued_before = prompt[..citation.at.start].ends_with(|c: char| c.is_ascii_alphanumeric());
    let glued_behind = prompt[citation.at.end..].starts_with(|c: char| c.is_ascii_alphanumeric());
    let before = if glued_before { " " } else { "" };
    let behind = if glued_behind { " " } else { "" };
    Some(Edit {
        at: citation.at.clone(),
        text: format!("{before}{normal}{behind}"),
    })
}

/// Where the two characters `\n` (or `\r\n` as four) stand, in order.
pub(super) fn literal_breaks(prompt: &str) -> impl Iterator<Item = std::ops::Range<usize>> {
    let mut past = 0;
    prompt.match_indices("\\n").filter_map(move |(at, _)| {
        let start = if prompt[past..at].ends_with("\\r") {
            at - 2
        } else {
            at
        };
        past = at + 2;
        (!prompt[..start].ends_with('\\')).then_some(start..at + 2)
    })
}

/// The prompt with line breaks in the place of every literal `\n`.
pub(super) fn broken_lines(prompt: &str) -> String {
    let edit = |at| Edit {
        at,
        text: "\n".to_owned(),
    };
    let edits: Vec<Edit> = literal_breaks(prompt).map(edit).collect();
    edited(prompt, 0..prompt.len(), &edits)
}

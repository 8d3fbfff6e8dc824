//! Changes times, numbers, citations and line breaks in a prompt, and no other byte.

use std::ops::Range;

use crate::model::Form;
use crate::script::lint::quotations::{self, Quote};
use crate::script::retime::{Edit, OPEN_MS, Span, edited, edits, spans};
use crate::script::{Citation, Cited, Script, read};

/// After a change, a time may be read as a shot that did not continue from another one before, so the change is
/// repeated up to this often.
const MAX_ROUNDS: usize = 4;

/// The prompt with its timeline scaled so that it ends at `to_ms`.
pub(super) fn scaled(prompt: &str, script: &Script, to_ms: u32) -> String {
    let holds = |script: &Script| script.end_ms().is_none_or(|end| end <= to_ms);
    settled(prompt, script, |script| scaled_spans(script, to_ms), holds)
}

/// The prompt with the ends of every range swapped that runs backwards.
pub(super) fn righted(prompt: &str, script: &Script) -> String {
    let right = |span: Option<Span>| span.map(|(start, end)| (start.min(end), start.max(end)));
    let right: Vec<_> = spans(script).into_iter().map(right).collect();
    retimed(prompt, script, &right)
}

/// The prompt with every shot as long as to the start of the next one, where there was a gap. Times that count inclusively
/// from 1 (`1-3s`, `4-6s`) then count from 0.
pub(super) fn joined(prompt: &str, script: &Script) -> String {
    retimed(prompt, script, &joined_spans(script))
}

/// The prompt with its first shot starting at 0, unless it would then enclose a later one, which would be read as a beat of it.
pub(super) fn begun_at_zero(prompt: &str, script: &Script) -> String {
    let mut spans = spans(script);
    let later: Vec<Span> = spans.iter().skip(1).copied().flatten().collect();
    if let Some(Some((start, end))) = spans.first_mut()
        && later.iter().all(|(_, until)| until > end)
    {
        *start = 0;
    }
    retimed(prompt, script, &spans)
}

/// The prompt with all times earlier, so that the earliest shot starts at 0.
pub(super) fn shifted(prompt: &str, script: &Script) -> String {
    let starts = spans(script)
        .into_iter()
        .flatten()
        .map(|(start, end)| start.min(end));
    let first = starts.min().unwrap_or(0);
    let earlier = |span: Option<Span>| {
        span.map(|(start, end)| (start.saturating_sub(first), end.saturating_sub(first)))
    };
    let earlier: Vec<_> = spans(script).into_iter().map(earlier).collect();
    retimed(prompt, script, &earlier)
}

/// The shots' spans without gaps between them; the start of the first and the end of the last one stay, unless the times
/// count inclusively from 1.
fn joined_spans(script: &Script) -> Vec<Option<Span>> {
    let own = spans(script);
    let counts_from_one = script.is_inclusive()
        && own
            .first()
            .is_some_and(|span| span.is_some_and(|(start, _)| start > 0));
    let mut joined = own.clone();
    for clip in &script.clips {
        for n in clip.clone() {
            let Some((start, end)) = own[n] else { continue };
            let next = own.get(n + 1).filter(|_| n + 1 < clip.end).copied().flatten();
            joined[n] = Some(match next {
                // A range that runs backwards is righted before anything is made of it.
                _ if end < start => (start, end),
                _ if counts_from_one => (start.saturating_sub(1000), end),
                Some((next, until)) if next.min(until) > end => (start, next.min(until)),
                _ => (start, end),
            });
        }
    }
    joined
}

/// Writes the times that `plan` makes of the script, until `holds` accepts them or nothing changes.
fn settled(
    prompt: &str,
    script: &Script,
    plan: impl Fn(&Script) -> Vec<Option<Span>>,
    holds: impl Fn(&Script) -> bool,
) -> String {
    let mut text = retimed(prompt, script, &plan(script));
    for _ in 1..MAX_ROUNDS {
        let again = read(&text);
        let next = retimed(&text, &again, &plan(&again));
        if holds(&again) || next == text {
            break;
        }
        text = next;
    }
    text
}

/// The prompt with these times for its shots.
fn retimed(prompt: &str, script: &Script, spans: &[Option<Span>]) -> String {
    edited(prompt, 0..prompt.len(), &edits(script, spans))
}

/// The shots' spans when they follow one another from 0. The ends of a span that runs backwards are swapped.
pub(super) fn closed_spans(script: &Script) -> Vec<Option<Span>> {
    let mut clock = 0_u32;
    let close = |span: Option<Span>| {
        let (start, end) = span?;
        let length = match end.abs_diff(start) {
            0 => OPEN_MS,
            length => length,
        };
        let from = clock;
        clock = clock.saturating_add(length);
        Some((from, clock))
    };
    let own = if script.is_inclusive() {
        joined_spans(script)
    } else {
        spans(script)
    };
    own.into_iter().map(close).collect()
}

/// Every span in proportion to a timeline that ends at `to_ms`, on tenths of a second if the shots allow it.
fn scaled_spans(script: &Script, to_ms: u32) -> Vec<Option<Span>> {
    let own = spans(script);
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
    let mut moved: Vec<u64> = Vec::with_capacity(borders.len());
    for border in &borders {
        let exact = u64::from(*border) * u64::from(to_ms) / u64::from(end);
        let least = moved.last().map_or(0, |last| last + grid);
        moved.push(((exact + grid / 2) / grid * grid).max(least));
    }
    // The end is exact, and borders that were pushed beyond it have to move back.
    if let Some(last) = moved.last_mut() {
        *last = u64::from(to_ms);
    }
    let mut most = u64::from(to_ms);
    for border in moved.iter_mut().rev() {
        *border = (*border).min(most);
        most = border.saturating_sub(grid);
    }
    let to = |ms: u32| {
        let new = borders.binary_search(&ms).ok().and_then(|n| moved.get(n));
        new.and_then(|new| u32::try_from(*new).ok()).unwrap_or(ms)
    };
    own.into_iter()
        .map(|span| span.map(|(start, end)| (to(start), to(end))))
        .collect()
}

/// The prompt with its shots numbered one by one from the first shot's number.
pub(super) fn renumbered(prompt: &str, script: &Script) -> String {
    let mut next = first_number(script);
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

/// The number of the first shot, from which the others are counted; 1 if the numbers would have too many digits.
pub(super) fn first_number(script: &Script) -> u32 {
    let first = script.shots.first().map_or(1, |shot| shot.number);
    let last = first.saturating_add(u32::try_from(script.shots.len()).unwrap_or(u32::MAX));
    if last > 999 { 1 } else { first }
}

/// Whether a citation is marked, as in `@图1`, or its reference is attached. `Photo 3` may otherwise hang on a wall in the picture.
pub(super) fn is_surely_cited(form: &Form, citation: &Citation) -> bool {
    let marked = form.prompt[citation.at.clone()].starts_with(['@', '＠', '[', '<', '【']);
    let attached = match citation.cited {
        Cited::Numbered { kind, last, .. } => kind.items(form).len() >= last as usize,
        _ => false,
    };
    marked || attached
}

/// The edit that writes a citation in the API's form; `None` if it has that form or cannot have it.
pub(super) fn normal(prompt: &str, citation: &Citation) -> Option<Edit> {
    let normal = citation.normal()?;
    let written = prompt.get(citation.at.clone())?;
    // The further numbers of `images 1, 2 and 3` are understood as they are, and so is a capital letter.
    let is_listed = written.bytes().all(|b| b.is_ascii_digit());
    // A mark of which only a part was read stays as it is, because the other part would remain.
    let opens = |c: char| "<[【{@_#\\`".contains(c);
    let closes = |c: char| ">]】}_`".contains(c);
    if prompt[..citation.at.start].ends_with(opens) || prompt[citation.at.end..].starts_with(closes) {
        return None;
    }
    let plural = written.to_ascii_lowercase().replacen("s ", " ", 1);
    let is_plain = written.eq_ignore_ascii_case(&normal) || plural == normal;
    if is_listed || is_plain || citation.is_verbatim {
        return None;
    }
    // The citation may touch a Latin word, with which the new form must not become one word.
    let glued_before = prompt[..citation.at.start].ends_with(|c: char| c.is_ascii_alphanumeric());
    let glued_behind = prompt[citation.at.end..].starts_with(|c: char| c.is_ascii_alphanumeric());
    let before = if glued_before { " " } else { "" };
    let behind = if glued_behind { " " } else { "" };
    Some(Edit {
        at: citation.at.clone(),
        text: format!("{before}{normal}{behind}"),
    })
}

/// How many literal line breaks are surely from a paste.
const PASTED: usize = 3;
/// The longest path that is recognised, in bytes.
const MAX_PATH: usize = 120;

/// Where the two characters `\n` are, with a `\r` before them, in order. After a backslash, in a path (`C:\new\notes`) and within
/// what may be a word (`\name`, `\nabla`) they are no line break, nor in code and in what is quoted (`printf("Hi!\n")`, `[^\n]*`).
pub(super) fn literal_breaks(prompt: &str) -> impl Iterator<Item = Range<usize>> {
    let quoted = if prompt.contains("\\n") {
        short_quotes(prompt)
    } else {
        Vec::new()
    };
    // So many are from a paste, where a line may also begin with a small letter.
    let is_paste = prompt.matches("\\n").take(PASTED).count() == PASTED;
    let mut past = 0;
    prompt.match_indices("\\n").filter_map(move |(at, _)| {
        let before = prompt.get(past..at).unwrap_or_default();
        let start = if before.ends_with("\\r") { at - 2 } else { at };
        let follows_break = past == start && past > 0;
        past = at + 2;
        let rest = &prompt[at + 2..];
        let goes_on = rest.starts_with(|c: char| c.is_lowercase() || c == ' ' && !is_paste);
        let ends =
            is_paste && prompt[..start].ends_with(['.', ',', ';', ':', '!', '?', ')', ']', '}', '"', '…']);
        let near = &prompt[prompt.ceil_char_boundary(start.saturating_sub(MAX_PATH))..start];
        let token = near.rsplit(char::is_whitespace).next().unwrap_or_default();
        let is_path = token.contains(":\\") || token.starts_with("\\\\") || is_drive(token);
        let next = quoted.partition_point(|quote| quote.end <= at);
        let is_quoted = quoted.get(next).is_some_and(|quote| quote.start <= at);
        let is_code =
            is_quoted || prompt[..start].ends_with(['^', '`', '[']) || rest.starts_with(['`', '\'', ']']);
        (!before.ends_with('\\') && !is_path && !is_code && (!goes_on || ends || follows_break))
            .then_some(start..at + 2)
    })
}

/// The bytes of quotations that are too short to be the whole text of a paste.
fn short_quotes(prompt: &str) -> Vec<Range<usize>> {
    let quotes = quotations::quotes(prompt).into_iter().filter(Quote::is_shown);
    let each = quotes.map(|quote| quote.at);
    each.filter(|at| at.len() < prompt.len() / 2).collect()
}

/// Whether the letter of a drive and its colon end the text: `C:`.
fn is_drive(text: &str) -> bool {
    text.strip_suffix(':').is_some_and(|name| {
        let mut last = name.chars().rev();
        last.next().is_some_and(|c| c.is_ascii_uppercase()) && !last.next().is_some_and(char::is_alphanumeric)
    })
}

/// The prompt with every literal `\n` replaced by a line break.
pub(super) fn broken_lines(prompt: &str) -> String {
    let edit = |at: Range<usize>| Edit {
        at,
        text: "\n".to_owned(),
    };
    let edits: Vec<Edit> = literal_breaks(prompt).map(edit).collect();
    edited(prompt, 0..prompt.len(), &edits)
}

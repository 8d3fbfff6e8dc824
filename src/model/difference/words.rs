//! The difference of two prompts, word by word. Chinese and Japanese, which have no spaces, are compared by character.

use std::borrow::Cow;
use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};
use unicode_segmentation::UnicodeSegmentation;

use crate::model::text::one_line;

/// What happened to a stretch of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Change {
    Equal,
    Removed,
    Added,
}

/// A stretch of text, ready to be drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span<'t> {
    pub change: Change,
    pub text: Cow<'t, str>,
}

impl<'t> Span<'t> {
    fn new(change: Change, text: &'t str) -> Self {
        let text = Cow::Borrowed(text);
        Self { change, text }
    }
}

/// The spans from `old` to `new`: the equal and the removed ones together are `old`, the equal and the added ones `new`.
/// What was added stands behind what was removed in its place. The work is bounded: texts that have little in common may
/// get a longer difference than the shortest one.
pub fn prompts<'t>(old: &'t str, new: &'t str) -> Vec<Span<'t>> {
    let (old_words, new_words) = (words(old), words(new));
    let ops = capture_diff_slices(Algorithm::Myers, &old_words, &new_words);
    let (old_ends, new_ends) = (ends(&old_words), ends(&new_words));
    let mut spans = Vec::new();
    for hunk in hunks(&ops, &old_words) {
        let removed = cut(old, &old_ends, &hunk.old);
        let added = cut(new, &new_ends, &hunk.new);
        if hunk.is_equal {
            spans.push(Span::new(Change::Equal, added));
            continue;
        }
        spans.push(Span::new(Change::Removed, removed));
        spans.push(Span::new(Change::Added, added));
    }
    spans.retain(|span| !span.text.is_empty());
    spans
}

/// Words of both texts that are equal, or that replace each other.
struct Hunk {
    old: Range<usize>,
    new: Range<usize>,
    is_equal: bool,
}

impl Hunk {
    fn is_replacement(&self) -> bool {
        !self.is_equal && !self.old.is_empty() && !self.new.is_empty()
    }
}

/// The hunks in order. Replaced words with only a space between them are one hunk: a phrase reads better than its words.
fn hunks(ops: &[DiffOp], old_words: &[&str]) -> Vec<Hunk> {
    let is_space = |hunk: &Hunk| {
        let words = old_words.get(hunk.old.clone()).unwrap_or_default();
        hunk.is_equal
            && words
                .iter()
                .all(|word| !word.is_empty() && word.chars().all(|c| c == ' '))
    };
    let mut hunks: Vec<Hunk> = Vec::with_capacity(ops.len());
    for op in ops {
        let hunk = Hunk {
            old: op.old_range(),
            new: op.new_range(),
            is_equal: matches!(op, DiffOp::Equal { .. }),
        };
        match hunks.as_mut_slice() {
            [.., last] if !last.is_equal && !hunk.is_equal => {
                (last.old.end, last.new.end) = (hunk.old.end, hunk.new.end);
            }
            [.., before, space] if before.is_replacement() && is_space(space) && hunk.is_replacement() => {
                (before.old.end, before.new.end) = (hunk.old.end, hunk.new.end);
                hunks.pop();
            }
            _ => hunks.push(hunk),
        }
    }
    hunks
}

/// The words, spaces and marks that make up the text.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    for word in text.split_word_bounds() {
        // Chinese and Hiragana are cut at each character already.
        if word.chars().any(is_katakana) {
            words.extend(word.graphemes(true));
        } else {
            words.push(word);
        }
    }
    words
}

fn is_katakana(c: char) -> bool {
    matches!(c, '\u{30a0}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{ff66}'..='\u{ff9f}')
}

/// Where each word ends in the text.
fn ends(words: &[&str]) -> Vec<usize> {
    let mut end = 0;
    let ends = words.iter().map(|word| {
        end += word.len();
        end
    });
    ends.collect()
}

/// The text of these words.
fn cut<'t>(text: &'t str, ends: &[usize], words: &Range<usize>) -> &'t str {
    let end_of = |count: usize| {
        count
            .checked_sub(1)
            .map_or(Some(0), |last| ends.get(last).copied())
    };
    let (start, end) = (end_of(words.start), end_of(words.end));
    start
        .zip(end)
        .and_then(|(start, end)| text.get(start..end))
        .unwrap_or_default()
}

/// The same spans with long equal stretches shortened: `around` words stay on each side that has a change, and `ellipsis`
/// stands for the rest.
pub fn shortened<'t>(spans: &[Span<'t>], around: usize, ellipsis: &str) -> Vec<Span<'t>> {
    let last = spans.len().saturating_sub(1);
    let short = |(place, span): (usize, &Span<'t>)| {
        if span.change != Change::Equal {
            return span.clone();
        }
        // Of a text without changes the beginning is kept.
        let head = if place > 0 || last == 0 { around } else { 0 };
        let tail = if place < last { around } else { 0 };
        let text = middle_cut(&span.text, head, tail, ellipsis).map_or_else(|| span.text.clone(), Cow::Owned);
        Span { text, ..*span }
    };
    spans.iter().enumerate().map(short).collect()
}

/// The text with its first and last words only; `None` when there are hardly more.
fn middle_cut(text: &str, head: usize, tail: usize, ellipsis: &str) -> Option<String> {
    let words: Vec<(usize, &str)> = {
        let mut at = 0;
        let all = words(text).into_iter().map(|word| {
            at += word.len();
            (at - word.len(), word)
        });
        all.filter(|(_, word)| word.chars().any(char::is_alphanumeric))
            .collect()
    };
    if words.len() <= head + tail + 2 {
        return None;
    }
    let head_end = head
        .checked_sub(1)
        .map_or(Some(0), |last| words.get(last).map(|(at, word)| at + word.len()))?;
    let tail_start = words.get(words.len() - tail).map_or(text.len(), |(at, _)| *at);
    let (head, tail) = (text.get(..head_end)?, text.get(tail_start..)?);
    let space = |side: &str| if side.is_empty() { "" } else { " " };
    Some(format!("{head}{}{ellipsis}{}{tail}", space(head), space(tail)))
}

/// The first words of `new` that `old` does not have, on one line of at most `most` characters; for words that were only
/// removed, `without` and these words. Empty when the prompts are equal.
pub fn first_difference_words(old: &str, new: &str, most: usize) -> String {
    if most == 0 {
        return String::new();
    }
    let spans = prompts(old, new);
    let mut parts: Vec<String> = Vec::new();
    let mut length = 0;
    for (place, span) in spans.iter().enumerate() {
        let next = spans.get(place + 1).map(|next| next.change);
        let words = one_line(&span.text, most.saturating_add(1));
        let words = words.trim();
        let part = match span.change {
            Change::Added if !words.is_empty() => words.to_owned(),
            Change::Removed if !words.is_empty() && next != Some(Change::Added) => format!("without {words}"),
            _ => continue,
        };
        length += part.chars().count() + 3;
        parts.push(part);
        if length > most {
            break;
        }
    }
    if parts.is_empty() && old != new {
        parts.push("other spaces".to_owned());
    }
    one_line(&parts.join(" … "), most)
}

//! Reads what precedes a label or a time: where it is in its line or sentence, and where its heading starts.

use std::sync::LazyLock;

use super::languages::matcher;
use super::phrase_matcher::PhraseMatcher;
use super::source::{Source, is_blank, is_closer, is_colon, is_opener, is_stop};

/// Where a heading is in its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HeadingPlace {
    /// First in its line, apart from list marks and the like.
    Line,
    /// First in its sentence or clause.
    Clause,
    /// Among other words.
    Middle,
}

/// What precedes a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lead {
    pub(super) place: HeadingPlace,
    /// Where the heading starts, with its decoration.
    pub(super) start: usize,
    /// A bracket opens right before the token.
    pub(super) opened: bool,
    /// The name of a section in brackets precedes it: `【台词】`.
    pub(super) tag: bool,
}

/// How many steps are taken back at most.
const MAX_STEPS: usize = 24;
/// The longest word that introduces a time, in characters.
const MAX_LEAD_WORD: usize = 10;

/// Reads back from `i`.
pub(super) fn lead(source: &Source, i: usize) -> Lead {
    let mut lead = Lead {
        place: HeadingPlace::Middle,
        start: i,
        opened: false,
        tag: false,
    };
    let mut at = i;
    let mut dashed = false;
    for _ in 0..MAX_STEPS {
        at = source.back_run(at, 8, is_blank);
        if source.line_starts(at) {
            return Lead {
                place: HeadingPlace::Line,
                start: at,
                ..lead
            };
        }
        let Some(c) = source.before(at) else { break };
        let prior = at - c.len_utf8();
        if let Some(start) = list_number(source, at) {
            return Lead {
                place: HeadingPlace::Line,
                start,
                ..lead
            };
        } else if is_opener(c) {
            lead.opened |= at == i || source.back_run(i, 3, is_blank) == at;
            lead.start = prior;
        } else if matches!(c, '*' | '_' | '#' | '`') {
            lead.start = prior;
        } else if is_decoration(c) {
            dashed = true;
            // Arrows, bullets and emoji belong to the heading.
            if c >= '\u{2190}' {
                lead.start = prior;
            }
        } else if let Some(start) = section_tag(source, at) {
            lead.tag = true;
            at = start;
            dashed = true;
            continue;
        } else if let Some(start) = lead_word(source, at) {
            lead.start = start;
            at = start;
            continue;
        } else {
            if dashed || !c.is_alphanumeric() {
                lead.place = HeadingPlace::Clause;
            }
            break;
        }
        at = prior;
    }
    lead
}

/// The start of `3. `, `3)`, `3、` or a table's `| 3 |` that starts a line and ends at `at`.
fn list_number(source: &Source, at: usize) -> Option<usize> {
    let mark = source
        .before(at)
        .filter(|c| matches!(c, '.' | ')' | '、' | '）' | '．' | '|'))?;
    let gap = if mark == '|' { 8 } else { 0 };
    let number_end = source.back_run(at - mark.len_utf8(), gap, is_blank);
    let number = source.back_run(number_end, 2, |c| c.is_ascii_digit());
    let is_before = |c: char| is_blank(c) || matches!(c, '*' | '#' | '>' | '-' | '|');
    let start = source.back_run(number, 8, is_before);
    (number < number_end && source.line_starts(start)).then_some(start)
}

/// The start of `【Scene】` or `[Style]` that ends at `at`: at most 24 characters on one line.
fn section_tag(source: &Source, at: usize) -> Option<usize> {
    let close = source.before(at).filter(|c| matches!(c, '】' | ']'))?;
    let open = if close == '】' { '【' } else { '[' };
    let inside = at - close.len_utf8();
    let start = source.back_run(inside, 24, |c| c != open && c != close && c != '\n');
    (start < inside && source.before(start) == Some(open)).then(|| start - open.len_utf8())
}

/// The start of a word that introduces a time and ends at `at`: `At (7–11s)`, `第0至3秒`, `De 0 a 3 segundos`.
fn lead_word(source: &Source, at: usize) -> Option<usize> {
    static FROM: LazyLock<PhraseMatcher<()>> = LazyLock::new(|| matcher(&[(|words| words.from, ())]));
    source.phrase_before(at, MAX_LEAD_WORD, &FROM)
}

/// Bullets, strokes, arrows and emoji that people write before a line, but not what ends a clause.
fn is_decoration(c: char) -> bool {
    let ends_clause = is_stop(c)
        || is_closer(c) && c != '>'
        || is_colon(c)
        || matches!(c, ',' | '，' | '、' | '"' | '”' | '’' | '\'' | '』');
    !c.is_alphanumeric() && !ends_clause
}

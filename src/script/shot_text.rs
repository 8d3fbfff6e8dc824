//! Finds the text of each shot: what follows its heading, up to the next one.

use std::ops::Range;

use super::after_heading::{MAX_TITLE, line_part, trimmed};
use super::heading::Heading;
use super::letters::is_unspaced;
use super::source::{Source, is_blank, is_colon, is_dash, is_stop};

/// A first line of more words is a sentence, not a title.
const MAX_TITLE_WORDS: usize = 8;
/// The same in characters of a language without spaces.
const MAX_WIDE_TITLE: usize = 20;

/// The text of every shot, in order.
pub(super) fn bodies(source: &Source, headings: &[Heading]) -> Vec<Range<usize>> {
    let starts = starts(source, headings);
    let ends = starts.iter().skip(1).copied().chain([source.text.len()]);
    let mut bodies: Vec<Range<usize>> = headings
        .iter()
        .zip(&starts)
        .zip(ends)
        .map(|((heading, start), to)| {
            let is_amid = *start < heading.span.start;
            let from = if is_amid { *start } else { heading.span.end };
            trim(source, from..to.max(from))
        })
        .collect();
    end_with_paragraph(source, &mut bodies);
    for (body, heading) in bodies.iter_mut().zip(headings) {
        if let (true, Some(title)) = (body.start == body.end, &heading.title) {
            *body = title.clone();
        }
    }
    bodies
}

/// Where each shot's bytes start: at its heading, or at the sentence around the heading.
fn starts(source: &Source, headings: &[Heading]) -> Vec<usize> {
    let mut last_end = 0;
    let mut last_amid = false;
    let mut starts = Vec::with_capacity(headings.len());
    for heading in headings {
        let at = heading.span.start;
        let is_comma = |c: char| matches!(c, ',' | '，' | '、');
        let found = if heading.amid {
            let sentence = clause(source, at, last_end, |_| false);
            sentence.or_else(|| clause(source, at, last_end, is_comma).filter(|_| last_amid))
        } else {
            None
        };
        last_amid = found.is_some();
        starts.push(found.unwrap_or(at));
        last_end = heading.span.end;
    }
    starts
}

/// Where the sentence around `at` starts, or the clause if `also` accepts what ends one; `None` if that is before `least`.
fn clause(source: &Source, at: usize, least: usize, also: impl Fn(char) -> bool) -> Option<usize> {
    let ends = |c: char| is_stop(c) || matches!(c, '\n' | '”' | '"') || also(c);
    let start = source.back_run(at, 200, |c| !ends(c));
    let begins = start == 0 || source.before(start).is_some_and(ends);
    let is_own = start > least || least == 0 || start == least && source.before(start).is_some_and(&also);
    (begins && is_own).then(|| source.eat_run(start, 8, is_blank))
}

/// `span` without white space, rules and list marks at its ends.
fn trim(source: &Source, span: Range<usize>) -> Range<usize> {
    let Some(text) = source.text.get(span.clone()) else {
        return span.start..span.start;
    };
    let mut end = text.trim_end();
    loop {
        let cut = end.trim_end_matches(|c: char| {
            c.is_whitespace() || is_dash(c) || matches!(c, '*' | '#' | '=' | '|')
        });
        let cut = cut.strip_suffix("\\n").unwrap_or(cut);
        if cut.len() == end.len() {
            break;
        }
        end = cut;
    }
    let start = end.len() - end.trim_start().len();
    span.start + start..span.start + end.len()
}

/// Ends the last shot at a blank line if every other shot is a single line: what follows belongs to the whole script.
fn end_with_paragraph(source: &Source, bodies: &mut [Range<usize>]) {
    let Some((last, others)) = bodies.split_last_mut() else {
        return;
    };
    let text = |span: &Range<usize>| source.text.get(span.clone()).unwrap_or_default();
    if others.is_empty() || others.iter().any(|other| text(other).contains('\n')) {
        return;
    }
    let blank = ["\n\n", "\n\r\n"]
        .iter()
        .filter_map(|blank| text(last).find(blank))
        .min();
    if let Some(blank) = blank {
        *last = trim(source, last.start..last.start + blank);
    }
}

/// The title of a shot: the one in its heading, or a short first line after a label.
pub(super) fn title(source: &Source, heading: &Heading, body: &Range<usize>) -> String {
    let own = heading.title.clone();
    let span = own.or_else(|| first_line(source, heading, body)).unwrap_or(0..0);
    source.text.get(span).unwrap_or_default().trim().to_owned()
}

/// The first line after a label with a colon, when the text follows on the next line: `Shot 1: Harvest`.
fn first_line(source: &Source, heading: &Heading, body: &Range<usize>) -> Option<Range<usize>> {
    heading.label.as_ref()?;
    let follows_colon = source
        .before(source.back_run(body.start, 8, |c| is_blank(c) || c == '*'))
        .is_some_and(is_colon);
    let end = line_part(source, body.start, MAX_TITLE, |c| is_colon(c) || is_stop(c));
    let more = source.line_break(end).is_some_and(|next| next < body.end);
    let title = trimmed(source, body.start..end).filter(|_| follows_colon && more)?;
    let text = source.text.get(title.clone())?;
    let words = text.split_whitespace().count();
    let wide = text.chars().filter(|c| is_unspaced(*c)).count();
    (words <= MAX_TITLE_WORDS && wide <= MAX_WIDE_TITLE).then_some(title)
}

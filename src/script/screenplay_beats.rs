//! Reads the beats of a Chinese screenplay: lines such as `△ 【空镜】 …`, without times.

use super::after_heading::{line_part, trimmed};
use super::heading::{Heading, Restart, Weight};
use super::source::{Source, is_blank};

/// Every beat, in order.
pub(super) fn beats(source: &Source) -> Vec<Heading> {
    let mut found = Vec::new();
    let mut i = 0;
    while i < source.text.len() {
        found.extend(beat(source, i));
        i = source.after(i);
    }
    found
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
    source.line_starts(line).then_some(Heading {
        label: None,
        time: None,
        length: None,
        weight: Weight::Sure,
        span: i..past,
        title,
        amid: false,
        tagged: false,
        begins_line: true,
        is_on_next_line: false,
        under_aspect: false,
        restart: Restart::No,
        beats: Vec::new(),
    })
}

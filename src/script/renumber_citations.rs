//! Renumbers the citations of a text when the list of references has changed.

use std::ops::Range;

use super::retime::{Edit, edited};
use super::{Citation, Cited, read};
use crate::model::parameters::Medium;

/// Replaces the number of a removed reference: a slot that the checks find.
const GONE: &str = "__";

/// The prompt with the citations of `kind` renumbered: `to` has the new number of each reference in turn, or `None` for a
/// removed one. The author's spelling stays, and so does a range whose numbers are no longer consecutive.
pub fn renumber_citations(prompt: &str, kind: Medium, to: &[Option<u32>]) -> String {
    let script = read(prompt);
    let edits: Vec<Edit> = script
        .references
        .iter()
        .flat_map(|citation| renumbered(prompt, citation, kind, to))
        .collect();
    edited(prompt, 0..prompt.len(), &edits)
}

fn renumbered(prompt: &str, citation: &Citation, kind: Medium, to: &[Option<u32>]) -> Vec<Edit> {
    let Cited::Numbered {
        kind: cited,
        first,
        last,
    } = citation.cited
    else {
        return Vec::new();
    };
    if cited != kind {
        return Vec::new();
    }
    let new = |number: u32| {
        let at = usize::try_from(number).unwrap_or(usize::MAX).checked_sub(1)?;
        to.get(at).copied()
    };
    let numbers = numbers(prompt, &citation.at);
    if numbers.is_empty() {
        // A number in words, `图一`, has no digits to replace.
        let whole = new(first)
            .filter(|number| *number != Some(first))
            .map(|number| Edit {
                at: citation.at.clone(),
                text: number.map_or_else(
                    || format!("{} {GONE}", kind.noun()),
                    |number| format!("{} {number}", kind.noun()),
                ),
            });
        return whole.into_iter().collect();
    }
    match (first == last, numbers.as_slice()) {
        (true, [.., only]) => new(first)
            .map(|number| {
                let text = number.map_or_else(|| GONE.to_owned(), |number| number.to_string());
                Edit {
                    at: only.clone(),
                    text,
                }
            })
            .into_iter()
            .collect(),
        (false, [.., from, until]) => {
            let all: Option<Vec<u32>> = (first..=last).map(|number| new(number).flatten()).collect();
            let Some(mut all) = all else { return Vec::new() };
            all.sort_unstable();
            let whole = all.windows(2).all(|pair| pair[1] == pair[0] + 1);
            let (Some(least), Some(most)) = (all.first().filter(|_| whole), all.last()) else {
                return Vec::new();
            };
            [(from, least), (until, most)]
                .map(|(at, number)| Edit {
                    at: at.clone(),
                    text: number.to_string(),
                })
                .to_vec()
        }
        _ => Vec::new(),
    }
}

/// The bytes of each number in a citation.
fn numbers(prompt: &str, at: &Range<usize>) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (n, byte) in prompt.as_bytes().iter().enumerate().take(at.end).skip(at.start) {
        if !byte.is_ascii_digit() {
            continue;
        }
        match found.last_mut().filter(|last| last.end == n) {
            Some(last) => last.end = n + 1,
            None => found.push(n..n + 1),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_in_the_authors_spelling() {
        let swapped = [Some(2), Some(1), Some(3)];
        for (text, wanted) in [
            (
                "image 1 beside @[Image 2], video 1",
                "image 2 beside @[Image 1], video 1",
            ),
            ("@图片1中的人 and <Picture 3>", "@图片2中的人 and <Picture 3>"),
            ("images 1, 2 and 3", "images 2, 1 and 3"),
            ("@图片1-2 stays whole", "@图片1-2 stays whole"),
            ("@图片2-3 is no range then", "@图片2-3 is no range then"),
            ("image 7 was never there", "image 7 was never there"),
        ] {
            assert_eq!(renumber_citations(text, Medium::Image, &swapped), wanted);
        }
    }

    #[test]
    fn a_reference_that_is_gone_leaves_a_slot_and_the_later_ones_move_up() {
        let gone = [Some(1), None, Some(2)];
        assert_eq!(
            renumber_citations("image 1, then image 2, then image 3", Medium::Image, &gone),
            "image 1, then image __, then image 2"
        );
    }
}

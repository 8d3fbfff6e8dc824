//! Places in the text as editors and compilers count them.

use std::ops::Range;

/// Line and column of where `span` begins, both from 1, the column in characters. A byte amid a character, or behind
/// the text, counts as where the character begins, or the text ends.
#[must_use]
pub fn place(text: &str, span: &Range<usize>) -> (usize, usize) {
    let before = &text[..text.floor_char_boundary(span.start)];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    (
        before.matches('\n').count() + 1,
        before[line_start..].chars().count() + 1,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_from_one_and_in_characters() {
        assert_eq!(place("镜头\nab", &(8..9)), (2, 2));
        assert_eq!(place("镜头", &(3..6)), (1, 2));
        assert_eq!(place("镜头", &(4..6)), (1, 2));
        assert_eq!(place("a", &(99..99)), (1, 2));
        assert_eq!(place("", &(0..0)), (1, 1));
    }
}

//! Wraps lines into rows of a width: at spaces, after wide characters, or else inside the word.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// A row on screen: bytes `start..end` of `line`. Spaces at a break belong to the row before it and may exceed its width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrappedRow {
    pub line: usize,
    pub start: usize,
    pub end: usize,
}

/// The rows of `lines` at `width` columns; each line has at least one.
pub fn rows(lines: &[String], width: usize) -> Vec<WrappedRow> {
    let mut rows = Vec::with_capacity(lines.len());
    for (line, text) in lines.iter().enumerate() {
        let mut breaker = Breaker::new(line, width.max(1));
        if text.is_ascii() {
            for (at, byte) in text.bytes().enumerate() {
                breaker.cluster(&mut rows, at, 1, 1, byte == b' ');
            }
        } else {
            for (at, cluster) in text.grapheme_indices(true) {
                breaker.cluster(&mut rows, at, cluster.len(), cluster.width(), cluster == " ");
            }
        }
        rows.push(WrappedRow {
            line,
            start: breaker.start,
            end: text.len(),
        });
    }
    rows
}

/// A line of text in parts of at most `width` columns; none without room.
pub fn parts(text: &str, width: usize) -> impl Iterator<Item = String> {
    let lines = [text.to_owned()];
    let rows = if width == 0 {
        Vec::new()
    } else {
        rows(&lines, width)
    };
    rows.into_iter()
        .map(move |row| lines[0][row.start..row.end].to_owned())
}

struct Breaker {
    line: usize,
    width: usize,
    /// Where the row begins.
    start: usize,
    /// Columns used by the row.
    used: usize,
    /// The last place for a break, and the columns used before it.
    chance: Option<(usize, usize)>,
}

impl Breaker {
    fn new(line: usize, width: usize) -> Self {
        Self {
            line,
            width,
            start: 0,
            used: 0,
            chance: None,
        }
    }

    /// Adds the cluster at byte `at`.
    fn cluster(&mut self, rows: &mut Vec<WrappedRow>, at: usize, len: usize, columns: usize, space: bool) {
        // After a break, the rest may still be too wide when a wide character follows.
        while !space && self.used + columns > self.width && at > self.start {
            let (end, used) = self
                .chance
                .filter(|(end, _)| *end > self.start)
                .unwrap_or((at, self.used));
            rows.push(WrappedRow {
                line: self.line,
                start: self.start,
                end,
            });
            self.start = end;
            self.used -= used;
            self.chance = None;
        }
        self.used += columns;
        if space || columns == 2 {
            self.chance = Some((at + len, self.used));
        }
    }
}

/// The index of the row with byte `at` of `line`; a place between two rows belongs to the later one.
pub fn row_of(rows: &[WrappedRow], line: usize, at: usize) -> usize {
    rows.partition_point(|row| (row.line, row.start) <= (line, at))
        .saturating_sub(1)
}

/// The column of byte `at` in a row of `text`.
pub fn column(text: &str, row: WrappedRow, at: usize) -> usize {
    text.get(row.start..at).map_or(0, UnicodeWidthStr::width)
}

/// The byte in a row of `text` at or before `column`. It is not after the row's last cluster unless the line ends there.
pub fn at_column(text: &str, row: WrappedRow, column: usize) -> usize {
    let shown = text.get(row.start..row.end).unwrap_or_default();
    let mut used = 0;
    let mut last = row.start;
    for (at, cluster) in shown.grapheme_indices(true) {
        last = row.start + at;
        used += cluster.width();
        if used > column {
            return last;
        }
    }
    if row.end == text.len() { row.end } else { last }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(text: &str, width: usize) -> Vec<String> {
        let lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
        rows(&lines, width)
            .iter()
            .map(|row| lines[row.line][row.start..row.end].to_owned())
            .collect()
    }

    #[test]
    fn breaks_at_spaces_and_keeps_them_on_the_row_they_end() {
        assert_eq!(shown("one two three", 7), ["one two ", "three"]);
        assert_eq!(shown("one   two", 4), ["one   ", "two"]);
        assert_eq!(shown("abcdefgh ij", 3), ["abc", "def", "gh ", "ij"]);
        assert_eq!(shown("", 3), [""]);
        assert_eq!(shown("a\n\nb", 3), ["a", "", "b"]);
        assert_eq!(shown("  \"a\": 1", 20), ["  \"a\": 1"]);
        assert_eq!(parts("one two", 4).collect::<Vec<_>>(), ["one ", "two"]);
        assert_eq!(parts("one two", 0).count(), 0);
    }

    #[test]
    fn wide_characters_break_anywhere_and_are_not_halved() {
        assert_eq!(shown("镜头一二三", 5), ["镜头", "一二", "三"]);
        assert_eq!(shown("镜头", 1), ["镜", "头"]);
    }

    proptest! {
        #[test]
        fn rows_cover_every_line_and_fit(text in "[a-c é镜👩\u{301} \n]{0,60}", width in 1..12_usize) {
            let lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
            let rows = rows(&lines, width);
            let mut whole = vec![String::new(); lines.len()];
            for row in &rows {
                let part = &lines[row.line][row.start..row.end];
                let shown = part.trim_end_matches(' ');
                let one = shown.graphemes(true).count() <= 1;
                prop_assert!(one || shown.width() <= width, "{part:?}");
                whole[row.line].push_str(part);
            }
            prop_assert_eq!(whole, lines);
        }

        #[test]
        fn a_place_and_its_column_lead_to_each_other(text in "[a-c 镜é]{0,40}", width in 1..12_usize) {
            let lines = vec![text.clone()];
            let rows = rows(&lines, width);
            for (at, _) in text.grapheme_indices(true) {
                let index = row_of(&rows, 0, at);
                let back = at_column(&text, rows[index], column(&text, rows[index], at));
                prop_assert_eq!(back, at);
            }
        }
    }
}

//! The text under the reader's eye: bounded looks at single characters, each of them counted.
//!
//! Every part of the reader looks through this, so that a test can hold the work against the length of the
//! text. Knows characters and lines, nothing of shots.

use std::cell::Cell;

/// A text and how often it was looked at.
pub(super) struct Source<'a> {
    pub(super) text: &'a str,
    looks: Cell<u64>,
}

impl<'a> Source<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            looks: Cell::new(0),
        }
    }

    /// Characters looked at so far.
    pub(super) fn looks(&self) -> u64 {
        self.looks.get()
    }

    /// The character that starts at `i`.
    pub(super) fn at(&self, i: usize) -> Option<char> {
        self.looks.set(self.looks.get() + 1);
        self.text.get(i..)?.chars().next()
    }

    /// The character that ends at `i`.
    pub(super) fn before(&self, i: usize) -> Option<char> {
        self.looks.set(self.looks.get() + 1);
        self.text.get(..i)?.chars().next_back()
    }

    /// Where the character after the one at `i` starts.
    pub(super) fn after(&self, i: usize) -> usize {
        i + self.at(i).map_or(1, char::len_utf8)
    }

    /// Past the character at `i` if `wanted` likes it.
    pub(super) fn eat(&self, i: usize, wanted: impl Fn(char) -> bool) -> Option<usize> {
        self.at(i).filter(|c| wanted(*c)).map(|c| i + c.len_utf8())
    }

    /// Past at most `most` characters that `wanted` likes.
    pub(super) fn eat_run(&self, mut i: usize, most: usize, wanted: impl Fn(char) -> bool) -> usize {
        for _ in 0..most {
            let Some(next) = self.eat(i, &wanted) else { break };
            i = next;
        }
        i
    }

    /// Back over at most `most` characters that `wanted` likes.
    pub(super) fn back_run(&self, mut i: usize, most: usize, wanted: impl Fn(char) -> bool) -> usize {
        for _ in 0..most {
            let Some(c) = self.before(i).filter(|c| wanted(*c)) else {
                break;
            };
            i -= c.len_utf8();
        }
        i
    }

    /// Past `word`, letters of either case; only the word's own length is looked at.
    pub(super) fn word(&self, i: usize, word: &str) -> Option<usize> {
        let mut at = i;
        for wanted in word.chars() {
            at = self.eat(at, |c| c.eq_ignore_ascii_case(&wanted))?;
        }
        Some(at)
    }

    /// Past the first of `words` that stands at `i` and does not go on as a longer word.
    pub(super) fn whole_word(&self, i: usize, words: &[&str]) -> Option<usize> {
        words
            .iter()
            .filter_map(|word| self.word(i, word))
            .find(|end| !self.goes_on(*end))
    }

    /// Whether a Latin word or a number goes on at `i`.
    pub(super) fn goes_on(&self, i: usize) -> bool {
        self.at(i).is_some_and(|c| c.is_ascii_alphanumeric())
    }

    /// Whether a Latin word or a number ends at `i`.
    pub(super) fn goes_on_before(&self, i: usize) -> bool {
        self.before(i).is_some_and(|c| c.is_ascii_alphanumeric())
    }

    /// Past up to three blanks.
    pub(super) fn blanks(&self, i: usize) -> usize {
        self.eat_run(i, 3, is_blank)
    }

    /// Past a line break: a real one, or the two characters `\n` that a paste from JSON leaves.
    pub(super) fn line_break(&self, i: usize) -> Option<usize> {
        match self.at(i)? {
            '\n' | '\u{2028}' | '\u{2029}' => Some(self.after(i)),
            '\r' => Some(self.eat(i + 1, |c| c == '\n').unwrap_or(i + 1)),
            '\\' => self.eat(i + 1, |c| matches!(c, 'n' | 'r')),
            _ => None,
        }
    }

    /// Whether the line ends at `i`: a break or the end of the text.
    pub(super) fn line_ends(&self, i: usize) -> bool {
        i >= self.text.len() || self.line_break(i).is_some()
    }

    /// Whether a line starts at `i`.
    pub(super) fn line_starts(&self, i: usize) -> bool {
        match self.before(i) {
            // A mark of the byte order begins the text.
            None | Some('\n' | '\r' | '\u{2028}' | '\u{2029}' | '\u{feff}') => true,
            Some('n' | 'r') => self.before(i - 1) == Some('\\'),
            _ => false,
        }
    }
}

/// A space within a line.
pub(super) fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{a0}' | '\u{3000}' | '\u{2009}' | '\u{202f}')
}

/// A bracket that may open round a time or a label.
pub(super) fn is_opener(c: char) -> bool {
    matches!(c, '(' | '[' | '（' | '【' | '［' | '〔' | '「' | '<' | '《')
}

/// A bracket that may close round a time or a label.
pub(super) fn is_closer(c: char) -> bool {
    matches!(c, ')' | ']' | '）' | '】' | '］' | '〕' | '」' | '>' | '》')
}

/// Any dash or stroke that people put between a heading's parts.
pub(super) fn is_dash(c: char) -> bool {
    matches!(c, '-' | '–' | '—' | '−' | '‐' | '‑' | '―' | '─' | '━' | '⸺' | '⸻')
}

/// A colon of either width.
pub(super) fn is_colon(c: char) -> bool {
    matches!(c, ':' | '：')
}

/// A mark that ends a sentence or a clause of its own.
pub(super) fn is_stop(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | ';' | '。' | '！' | '？' | '；' | '…')
}

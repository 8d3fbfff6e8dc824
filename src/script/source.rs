//! Looks at single characters and short runs of a text, and counts how often.
//!
//! The whole parser looks at the text through this, so that a test can compare its work with the length of the text.

use std::cell::Cell;

use super::letters::is_spaced_letter;
use super::phrase_matcher::PhraseMatcher;

/// A text and how many characters of it were looked at.
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

    /// How many characters were looked at so far.
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

    /// Past the character at `i` if `wanted` accepts it.
    pub(super) fn eat(&self, i: usize, wanted: impl Fn(char) -> bool) -> Option<usize> {
        self.at(i).filter(|c| wanted(*c)).map(|c| i + c.len_utf8())
    }

    /// Past at most `most` characters that `wanted` accepts.
    pub(super) fn eat_run(&self, mut i: usize, most: usize, wanted: impl Fn(char) -> bool) -> usize {
        for _ in 0..most {
            let Some(next) = self.eat(i, &wanted) else { break };
            i = next;
        }
        i
    }

    /// Back over at most `most` characters that `wanted` accepts.
    pub(super) fn back_run(&self, mut i: usize, most: usize, wanted: impl Fn(char) -> bool) -> usize {
        for _ in 0..most {
            let Some(c) = self.before(i).filter(|c| wanted(*c)) else {
                break;
            };
            i -= c.len_utf8();
        }
        i
    }

    /// Past `word`, in upper or lower case.
    pub(super) fn word(&self, i: usize, word: &str) -> Option<usize> {
        let mut at = i;
        for wanted in word.chars() {
            at = self.eat(at, |c| c.eq_ignore_ascii_case(&wanted))?;
        }
        Some(at)
    }

    /// Where `word` starts that ends at `i`, in upper or lower case.
    pub(super) fn word_before(&self, i: usize, word: &str) -> Option<usize> {
        let start = i
            .checked_sub(word.len())
            .filter(|start| self.text.is_char_boundary(*start))?;
        (self.word(start, word) == Some(i)).then_some(start)
    }

    /// Past the longest of `phrases` that stands at `i`, and what it stands for. What precedes it does not matter.
    pub(super) fn phrase<T: Copy>(&self, i: usize, phrases: &PhraseMatcher<T>) -> Option<(usize, T)> {
        self.looks.set(self.looks.get() + 1);
        let (end, meanings) = phrases.at(self.text, i)?;
        Some((end, *meanings.first()?))
    }

    /// Where the longest of `phrases` starts that ends at `i`, at most `most` characters before it. Whole words only.
    pub(super) fn phrase_before<T: Copy>(
        &self,
        i: usize,
        most: usize,
        phrases: &PhraseMatcher<T>,
    ) -> Option<usize> {
        let mut found = None;
        let mut start = i;
        for _ in 0..most {
            let Some(c) = self.before(start).filter(|c| c.is_alphanumeric() || is_blank(*c)) else {
                break;
            };
            start -= c.len_utf8();
            let begins = !is_spaced_letter(c) || !self.goes_on_before(start);
            if begins && !is_blank(c) && self.phrase(start, phrases).is_some_and(|(end, _)| end == i) {
                found = Some(start);
            }
        }
        found
    }

    /// Past the first of `words` that stands at `i` and is not the beginning of a longer word.
    pub(super) fn whole_word(&self, i: usize, words: &[&str]) -> Option<usize> {
        words
            .iter()
            .filter_map(|word| self.word(i, word))
            .find(|end| !self.goes_on(*end))
    }

    /// Whether a word or a number continues at `i`.
    pub(super) fn goes_on(&self, i: usize) -> bool {
        self.at(i).is_some_and(is_spaced_letter)
    }

    /// Whether a word or a number ends at `i`.
    pub(super) fn goes_on_before(&self, i: usize) -> bool {
        self.before(i).is_some_and(is_spaced_letter)
    }

    /// Past up to three blanks.
    pub(super) fn blanks(&self, i: usize) -> usize {
        self.eat_run(i, 3, is_blank)
    }

    /// Past a line break, or past the two characters `\n` from text that was pasted from JSON.
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
            // A byte order mark may begin the text.
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

/// An opening bracket, as people write them around times and labels.
pub(super) fn is_opener(c: char) -> bool {
    matches!(c, '(' | '[' | '（' | '【' | '［' | '〔' | '「' | '<' | '《')
}

/// A closing bracket.
pub(super) fn is_closer(c: char) -> bool {
    matches!(c, ')' | ']' | '）' | '】' | '］' | '〕' | '」' | '>' | '》')
}

/// A dash of any kind.
pub(super) fn is_dash(c: char) -> bool {
    matches!(c, '-' | '–' | '—' | '−' | '‐' | '‑' | '―' | '─' | '━' | '⸺' | '⸻')
}

/// A Latin or a Chinese colon.
pub(super) fn is_colon(c: char) -> bool {
    matches!(c, ':' | '：')
}

/// A mark that ends a sentence or a clause.
pub(super) fn is_stop(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | ';' | '。' | '！' | '？' | '；' | '…')
}

//! Splits a filter line into its words and remembers where each of them is.

use std::ops::Range;

/// A part of the line between spaces.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Word {
    /// Without its quotes.
    pub text: String,
    /// It begins with a quote, so it is text to look for, whatever it says.
    pub is_quoted: bool,
    /// Its bytes in the line.
    pub span: Range<usize>,
}

/// The words of a line. A quote keeps words together where it begins a word or follows the colon of a key, up to the next
/// quote or the end of the line; elsewhere it is a character like others. A control character counts as a space.
pub fn words(line: &str) -> Vec<Word> {
    let mut all = Vec::new();
    let mut word: Option<Word> = None;
    let mut is_open = false;
    for (at, c) in line.char_indices() {
        let is_gap = c.is_whitespace() || c.is_control();
        if is_gap && !is_open {
            all.extend(word.take());
            continue;
        }
        let word = word.get_or_insert_with(|| Word {
            span: at..at,
            ..Word::default()
        });
        word.span.end = at + c.len_utf8();
        match c {
            '"' if is_open => is_open = false,
            '"' if word.text.is_empty() || word.text.ends_with(':') => {
                word.is_quoted |= word.text.is_empty();
                is_open = true;
            }
            _ => word.text.push(if is_gap { ' ' } else { c }),
        }
    }
    all.extend(word);
    all.retain(|word| !word.text.trim().is_empty());
    all
}

/// The name of the key that a word begins with, in lower case, and where its value begins in the word's text.
pub fn key_of(word: &Word) -> Option<(String, usize)> {
    let (key, _) = word.text.split_once(':').filter(|_| !word.is_quoted)?;
    let is_name = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_name.then(|| (key.to_ascii_lowercase(), key.len() + 1))
}

//! Completes the word before the caret of a filter line: keys, their values, and words with a meaning of their own.

use std::ops::Range;

use super::keys::{KEYS, Key};
use super::line::{Word, key_of, words};

/// Words that mean more than text.
const WORDS: [&str; 3] = ["today", "yesterday", "failed"];

/// What can stand in place of a part of the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// The bytes that are replaced.
    pub span: Range<usize>,
    /// At least one, none of them as it is already.
    pub candidates: Vec<String>,
}

/// What can follow the text before `caret`, a byte of the line.
pub fn complete(line: &str, caret: usize) -> Option<Completion> {
    let before = line.get(..caret)?;
    let word = last(before);
    if word.is_quoted {
        return None;
    }
    let (start, all) = if let Some((name, at)) = key_of(&word) {
        (word.span.start + at, Key::named(&name)?.kind.choices())
    } else {
        let keys = KEYS.iter().map(|key| format!("{}:", key.name));
        let words = WORDS.iter().map(|word| (*word).to_owned());
        (word.span.start, keys.chain(words).collect())
    };
    let typed = before.get(start..)?;
    let low = typed.to_lowercase();
    let candidates: Vec<String> = all
        .into_iter()
        .filter(|one| one.starts_with(&low) && *one != typed)
        .collect();
    (!candidates.is_empty()).then_some(Completion {
        span: start..caret,
        candidates,
    })
}

/// What helps when nothing is typed yet: the keys. Of a key without a value, the mistake says what it takes.
pub fn help(line: &str) -> Option<String> {
    let names: Vec<String> = KEYS.iter().map(|key| format!("{}:", key.name)).collect();
    line.trim()
        .is_empty()
        .then(|| format!("{} or any words", names.join(" ")))
}

/// The word that ends where the text ends; an empty one after a space.
fn last(before: &str) -> Word {
    let ends_here = |word: &Word| word.span.end == before.len();
    words(before).pop().filter(ends_here).unwrap_or(Word {
        span: before.len()..before.len(),
        ..Word::default()
    })
}

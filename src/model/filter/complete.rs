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
    let (start, typed, all): (usize, &str, Vec<String>) = match key_of(&word) {
        Some((name, at)) => {
            let key = Key::named(&name)?;
            let start = word.span.start + at;
            (start, before.get(start..)?, key.kind.choices())
        }
        None => {
            let keys = KEYS.iter().map(|key| format!("{}:", key.name));
            let words = WORDS.iter().map(|word| (*word).to_owned());
            (
                word.span.start,
                before.get(word.span.start..)?,
                keys.chain(words).collect(),
            )
        }
    };
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

/// What helps at this place of the line: the keys where a word can begin, and what the key before the caret takes.
pub fn help_at(line: &str, caret: usize) -> Option<String> {
    let before = line.get(..caret)?;
    let word = last(before);
    if word.text.is_empty() && before.trim().is_empty() {
        let names: Vec<String> = KEYS.iter().map(|key| format!("{}:", key.name)).collect();
        return Some(format!("{} or any words", names.join(" ")));
    }
    let (name, _) = key_of(&word)?;
    let key = Key::named(&name)?;
    Some(format!("takes {}: write {}", key.about, key.accepts()))
}

/// The word that ends where the text ends; an empty one after a space.
fn last(before: &str) -> Word {
    let ends_here = |word: &Word| word.span.end == before.len();
    words(before).pop().filter(ends_here).unwrap_or(Word {
        span: before.len()..before.len(),
        ..Word::default()
    })
}

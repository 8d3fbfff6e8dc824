//! What is wrong with a theme, and where.

use std::fmt;

use crate::model::text::line_and_column;

/// A place in a theme file. Lines and columns count from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file's path, or the name of a built-in theme.
    pub file: String,
    pub line: usize,
    pub column: usize,
}

impl Place {
    /// The place of byte `offset` in `text`.
    #[must_use]
    pub fn of(file: &str, text: &str, offset: usize) -> Self {
        let (line, column) = line_and_column(text, offset);
        Self {
            file: file.to_owned(),
            line,
            column,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// Why a theme cannot be used. The caller goes on with another theme.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ThemeError {
    #[error("there is no theme {name:?}: use one of {}", offer(&known.join(", "), name, known.iter().map(String::as_str)))]
    NotFound { name: String, known: Vec<String> },
    #[error("{file}: cannot be read ({reason}): check its permissions")]
    Unreadable { file: String, reason: String },
    #[error("{place}: {problem}")]
    Syntax { place: Place, problem: String },
    #[error("{place}: {found:?} is not a {what}: use {accepted}")]
    Unknown {
        place: Place,
        what: &'static str,
        found: String,
        /// What would do, and the nearest of it.
        accepted: String,
    },
    #[error("{place}: {what} must be {expected}, not {found}")]
    WrongType {
        place: Place,
        what: String,
        expected: &'static str,
        found: &'static str,
    },
    #[error("{place}: {what} runs in a circle: {}; break it at one of them", steps.join(" → "))]
    Cycle {
        place: Place,
        what: &'static str,
        steps: Vec<String>,
    },
}

/// `accepted`, and after it the candidate nearest to `word` when one is near enough to be meant.
#[must_use]
pub fn offer<'a>(accepted: &str, word: &str, candidates: impl Iterator<Item = &'a str>) -> String {
    match nearest(word, candidates) {
        Some(meant) => format!("{accepted} (did you mean {meant:?}?)"),
        None => accepted.to_owned(),
    }
}

fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .map(|candidate| (distance(word, candidate), candidate))
        .min()
        .filter(|(far, candidate)| *far <= 1 + candidate.len() / 3)
        .map(|(_, candidate)| candidate)
}

/// How many letters must be added, removed or changed (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let change = diagonal + usize::from(ca != *cb);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_offered_and_far_ones_not() {
        assert_eq!(nearest("acent", ["accent", "text"].into_iter()), Some("accent"));
        assert_eq!(nearest("zebra", ["accent", "text"].into_iter()), None);
    }

    #[test]
    fn places_count_from_one() {
        let place = Place::of("t.toml", "a = 1\nbé = 2\n", 9);
        assert_eq!(place.to_string(), "t.toml:2:3");
        assert_eq!(Place::of("t.toml", "ab", 99).line, 1);
    }
}

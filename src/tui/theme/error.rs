//! The errors in themes, with their places.

use std::fmt;

use crate::model::text::line_and_column;

/// A place in a theme file. Lines and columns count from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The path of the file, or the name of a built-in theme.
    pub file: String,
    pub line: usize,
    pub column: usize,
}

impl Place {
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

/// `accepted`, with a question about the candidate nearest to `word` if it is near enough.
pub fn offer<'a>(accepted: &str, word: &str, candidates: impl Iterator<Item = &'a str>) -> String {
    match nearest(word, candidates) {
        Some(meant) => format!("{accepted} (did you mean {meant:?}?)"),
        None => accepted.to_owned(),
    }
}

fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .map(|candidate| (strsim::levenshtein(word, candidate), candidate))
        .min()
        .filter(|(far, candidate)| *far <= 1 + candidate.len() / 3)
        .map(|(_, candidate)| candidate)
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

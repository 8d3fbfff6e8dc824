//! Words of the request body, such as `480p` and `16:9`: each model says which ones it offers.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// A text that cannot be this word of a request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{given:?} is not {expected}")]
pub struct NotAWord {
    given: String,
    /// `a resolution such as 480p`
    expected: &'static str,
}

impl NotAWord {
    fn new(text: &str, expected: &'static str) -> Self {
        let given = super::text::one_line(text, 64);
        Self { given, expected }
    }
}

/// The word, kept for as long as the program runs, so that it can be copied.
pub(super) fn interned(text: &str) -> Result<&'static str, NotAWord> {
    static WORDS: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let is_part = |c: char| c.is_ascii_alphanumeric() || ".:_-".contains(c);
    if text.len() > 64 || !text.starts_with(|c: char| c.is_ascii_alphanumeric()) || !text.chars().all(is_part)
    {
        return Err(NotAWord::new(text, "a word of letters, digits and .:_-"));
    }
    let mut words = WORDS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = words.get(text) {
        return Ok(known);
    }
    let kept: &'static str = Box::leak(text.into());
    words.insert(kept);
    Ok(kept)
}

/// Makes a type of words: `wire()`, `FromStr` of any word that passes the check, `Display`, and serde as the word.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident, $expected:literal, $is_one:expr;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
        pub struct $name(&'static str);

        impl $name {
            /// The word that is sent.
            pub const fn wire(self) -> &'static str {
                self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = NotAWord;
            fn from_str(text: &str) -> Result<Self, NotAWord> {
                let is_one: fn(&str) -> bool = $is_one;
                if !is_one(text) {
                    return Err(NotAWord::new(text, $expected));
                }
                interned(text).map(Self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.0)
            }
        }
    )+};
}

pub const BITRATE_MODES: [&str; 2] = ["standard", "high"];
pub const TASKS: [&str; 3] = ["reference", "editing", "extension"];

fn is_ratio(text: &str) -> bool {
    let is_number = |part: &str| part.parse::<u16>().is_ok();
    text.split_once(':')
        .is_some_and(|(width, height)| is_number(width) && is_number(height))
}

words! {
    /// How fine the picture is; 480p makes a draft. It begins with a number: `480p`, `4k`.
    Resolution, "a resolution such as 480p", |text| text.starts_with(|first: char| first.is_ascii_digit());
    /// The picture's shape: two numbers, or `adaptive`.
    AspectRatio, "a shape such as 16:9, or adaptive", |text| text == "adaptive" || is_ratio(text);
    /// How good the video is for its size.
    BitrateMode, "standard or high", |text| BITRATE_MODES.contains(&text);
    /// What is made of the references.
    Task, "reference, editing or extension", |text| TASKS.contains(&text);
}

impl Resolution {
    /// The resolution of drafts.
    pub const P480: Self = Self("480p");
    /// The usual resolution of finals.
    pub const P720: Self = Self("720p");

    /// Whether it is the same, however it is spelled.
    pub fn is_same_as(self, other: Self) -> bool {
        self.0.eq_ignore_ascii_case(other.0)
    }

    /// Whether a take of it is a draft.
    pub fn is_draft(self) -> bool {
        self == Self::P480
    }
}

/// The API's own default.
impl Default for Resolution {
    fn default() -> Self {
        Self::P720
    }
}

impl Task {
    /// Changes a video; the take is as long as it.
    pub const EDITING: Self = Self("editing");
    /// Goes on where a video ends.
    pub const EXTENSION: Self = Self("extension");
}

impl AspectRatio {
    /// The API's default.
    pub const WIDE: Self = Self("16:9");
    /// The provider follows the references.
    pub const ADAPTIVE: Self = Self("adaptive");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_equal_however_they_came_and_nothing_else_is_one() {
        assert_eq!("480p".parse(), Ok(Resolution::P480));
        assert_eq!("21:9".parse::<AspectRatio>(), "21:9".parse());
        for text in ["", ".", "..", "a b", "a/b", "ä", "a\n", &"a".repeat(65)] {
            assert!(interned(text).is_err(), "{text:?}");
        }
        assert!("nonsense".parse::<Resolution>().is_err());
        assert!("nonsense".parse::<AspectRatio>().is_err());
        assert!("nonsense".parse::<BitrateMode>().is_err());
    }
}

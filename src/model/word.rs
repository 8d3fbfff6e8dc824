//! Words of the request body, such as `480p` and `16:9`: which ones are offered is a model's business.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// A text that cannot be a word of a request: empty, too long, or with other characters than letters, digits and `.:_-`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{given:?} is not a word of letters, digits and .:_-")]
pub struct NotAWord {
    given: String,
}

/// The word, kept for as long as the program runs, so that it can be copied.
pub(super) fn interned(text: &str) -> Result<&'static str, NotAWord> {
    static WORDS: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let is_part = |c: char| c.is_ascii_alphanumeric() || ".:_-".contains(c);
    if text.len() > 64 || !text.starts_with(|c: char| c.is_ascii_alphanumeric()) || !text.chars().all(is_part)
    {
        let given = super::text::one_line(text, 64);
        return Err(NotAWord { given });
    }
    let mut words = WORDS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = words.get(text) {
        return Ok(known);
    }
    let kept: &'static str = Box::leak(text.into());
    words.insert(kept);
    Ok(kept)
}

/// Makes a type of words: `wire()`, `FromStr` of any word, `Display`, and serde as the word.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
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

words! {
    /// How fine the picture is; 480p makes a draft.
    Resolution;
    /// The picture's shape.
    AspectRatio;
    /// A value of a parameter that has no type of its own.
    Word;
}

impl Resolution {
    /// The resolution of drafts.
    pub const P480: Self = Self("480p");
    /// The usual resolution of finals.
    pub const P720: Self = Self("720p");

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
            assert!(text.parse::<Word>().is_err(), "{text:?}");
        }
    }
}

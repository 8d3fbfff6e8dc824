//! A take's length in whole seconds. Each model says which lengths it offers.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A length of 1 to 255 s.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "u8")]
pub struct Seconds(u8);

/// A number that is not the length of any take.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{given} is not a length in whole seconds")]
pub struct NotALength {
    given: String,
}

impl Seconds {
    pub fn new(seconds: i64) -> Result<Self, NotALength> {
        let given = || NotALength {
            given: seconds.to_string(),
        };
        u8::try_from(seconds)
            .ok()
            .filter(|seconds| *seconds > 0)
            .map(Self)
            .ok_or_else(given)
    }

    /// Whole seconds.
    pub const fn get(self) -> u8 {
        self.0
    }

    /// The length in milliseconds.
    pub fn ms(self) -> u32 {
        u32::from(self.0) * 1000
    }
}

/// Ten, the API's own default.
impl Default for Seconds {
    fn default() -> Self {
        Self(10)
    }
}

impl TryFrom<i64> for Seconds {
    type Error = NotALength;
    fn try_from(seconds: i64) -> Result<Self, NotALength> {
        Self::new(seconds)
    }
}

impl From<Seconds> for u8 {
    fn from(seconds: Seconds) -> Self {
        seconds.0
    }
}

impl FromStr for Seconds {
    type Err = NotALength;
    fn from_str(text: &str) -> Result<Self, NotALength> {
        let number = text.parse().map_err(|_| NotALength {
            given: text.to_owned(),
        })?;
        Self::new(number)
    }
}

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

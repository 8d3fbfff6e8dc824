//! A take's length in whole seconds, of which each model says which it offers; and how lengths and moments are written.

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

/// A place in a video, from milliseconds, rounded down: `0:03.1`.
pub fn moment(ms: impl Into<u64>) -> String {
    let ms = ms.into();
    format!("{}:{:02}.{}", ms / 60_000, ms / 1000 % 60, ms / 100 % 10)
}

/// How long something lasts, from milliseconds, rounded down to a tenth: `10 s`, `14.5 s`.
pub fn length(ms: impl Into<u64>) -> String {
    let ms = ms.into();
    match ms / 100 % 10 {
        0 => format!("{} s", ms / 1000),
        tenth => format!("{}.{tenth} s", ms / 1000),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_reads_as_on_a_clock_and_a_length_in_seconds() {
        let written = |ms: u32| (moment(ms), length(ms));
        for (ms, place, lasts) in [
            (0, "0:00.0", "0 s"),
            (3_199, "0:03.1", "3.1 s"),
            (10_000, "0:10.0", "10 s"),
            (60_099, "1:00.0", "60 s"),
            (754_500, "12:34.5", "754.5 s"),
        ] {
            assert_eq!(written(ms), (place.to_owned(), lasts.to_owned()));
        }
    }
}

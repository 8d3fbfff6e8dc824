//! Amounts of money as whole micro-dollars. Floats appear only at the JSON edge.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Sub};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An amount in millionths of a US dollar. One Segmind credit is one dollar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Usd(i64);

/// Why a text or number is not an amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{given:?} is not an amount in dollars; write a decimal number such as 12.50")]
pub struct NotAnAmount {
    given: String,
}

/// Why a text is not a maximum price.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAMaximum {
    #[error(transparent)]
    NotAnAmount(#[from] NotAnAmount),
    /// Nothing is free, so this is a mistake.
    #[error("a maximum of 0 lets nothing be sent; write the most that one take may cost, such as 1.50")]
    Nothing,
}

impl Usd {
    pub const ZERO: Self = Self(0);
    /// The largest bill or estimate that is kept for one take: ten million dollars. The amounts of 900,000 takes can
    /// be added up before a sum overflows.
    pub const MAX_BILL: Self = Self(10_000_000_000_000);

    /// More than anything costs.
    pub const MAX: Self = Self(i64::MAX);

    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Whether it can be one take's bill: not negative, and at most [`Usd::MAX_BILL`].
    pub const fn is_bill(self) -> bool {
        self.0 >= 0 && self.0 <= Self::MAX_BILL.0
    }

    pub const fn micros(self) -> i64 {
        self.0
    }

    /// The amount `n` times over, saturating.
    pub const fn times(self, n: u32) -> Self {
        Self(self.0.saturating_mul(n as i64))
    }

    /// Reads a maximum price, as [`Usd::parse`] reads amounts.
    pub fn parse_maximum(text: &str) -> Result<Self, NotAMaximum> {
        let most = Self::parse(text)?;
        if most == Self::ZERO {
            return Err(NotAMaximum::Nothing);
        }
        Ok(most)
    }

    /// Reads a decimal such as `10`, `$0.70` or `1.512`; at most six places, no sign.
    pub fn parse(text: &str) -> Result<Self, NotAnAmount> {
        let wrong = || NotAnAmount {
            given: text.to_owned(),
        };
        let digits = text.trim().trim_start_matches('$');
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() && fraction.is_empty()
            || fraction.len() > 6
            || !all_digits(whole)
            || !all_digits(fraction)
        {
            return Err(wrong());
        }
        let whole: i64 = if whole.is_empty() {
            0
        } else {
            whole.parse().map_err(|_| wrong())?
        };
        let micros: i64 = format!("{fraction:0<6}").parse().map_err(|_| wrong())?;
        whole
            .checked_mul(1_000_000)
            .and_then(|w| w.checked_add(micros))
            .map(Self)
            .ok_or_else(wrong)
    }

    /// From a number in a provider's JSON, rounded to the nearest micro-dollar.
    /// `None` when it is not finite or no account could hold it.
    #[allow(clippy::cast_possible_truncation)]
    pub fn from_json_number(number: f64) -> Option<Self> {
        let micros = (number * 1e6).round();
        (micros.is_finite() && micros.abs() < 9e15).then_some(Self(micros as i64))
    }

    /// With three places, as a bill shows it: `$0.703`.
    pub fn precise(self) -> String {
        self.with_places(3)
    }

    /// As a decimal number without a sign for the currency, with as many of its six places as are needed, at least two:
    /// `0.70308`, `12.50`.
    pub fn decimal(self) -> String {
        let (whole, part) = (
            self.0.unsigned_abs() / 1_000_000,
            self.0.unsigned_abs() % 1_000_000,
        );
        let places = format!("{part:06}");
        let needed = places.trim_end_matches('0').len().max(2);
        let sign = if self.0 < 0 { "-" } else { "" };
        format!("{sign}{whole}.{}", &places[..needed])
    }

    fn with_places(self, places: u32) -> String {
        let unit = 10_i64.pow(6 - places);
        let rounded = (self.0.unsigned_abs() + unit.unsigned_abs() / 2) / unit.unsigned_abs();
        let scale = 10_u64.pow(places);
        let sign = if self.0 < 0 && rounded > 0 { "-" } else { "" };
        format!(
            "{sign}${}.{:0width$}",
            rounded / scale,
            rounded % scale,
            width = places as usize
        )
    }
}

/// Cents, as people read prices: `$0.70`.
impl fmt::Display for Usd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.with_places(2))
    }
}

impl Add for Usd {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Usd {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Sum for Usd {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

impl Serialize for Usd {
    #[allow(clippy::cast_precision_loss)]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.0 as f64 / 1e6)
    }
}

impl<'de> Deserialize<'de> for Usd {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Number(f64),
            Text(String),
        }
        match Form::deserialize(deserializer)? {
            Form::Number(n) => {
                Self::from_json_number(n).ok_or_else(|| serde::de::Error::custom("an amount out of range"))
            }
            Form::Text(t) => Self::parse(&t).map_err(serde::de::Error::custom),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_decimals_and_refuses_the_rest() {
        for (text, micros) in [
            ("10", 10_000_000),
            ("$0.70", 700_000),
            (".5", 500_000),
            ("1.000001", 1_000_001),
        ] {
            assert_eq!(Usd::parse(text), Ok(Usd(micros)), "{text}");
        }
        for text in ["", ".", "-1", "1e3", "0.1234567", "ten", "99999999999999999"] {
            assert!(Usd::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn shows_cents_rounded_half_up() {
        assert_eq!(Usd(703_080).to_string(), "$0.70");
        assert_eq!(Usd(705_000).to_string(), "$0.71");
        assert_eq!(Usd(-1_512_000).to_string(), "-$1.51");
        assert_eq!(Usd(-1).to_string(), "$0.00");
        assert_eq!(Usd(703_080).precise(), "$0.703");
    }

    #[test]
    fn decimals_are_exact() {
        for (micros, text) in [
            (0, "0.00"),
            (700_000, "0.70"),
            (703_080, "0.70308"),
            (-1, "-0.000001"),
            (12_500_000, "12.50"),
            (i64::MAX, "9223372036854.775807"),
        ] {
            assert_eq!(Usd(micros).decimal(), text);
            if micros >= 0 {
                assert_eq!(Usd::parse(text), Ok(Usd(micros)));
            }
        }
    }

    #[test]
    fn json_keeps_six_places_both_ways() {
        for micros in [0, 1, 70_308, 703_080, 2_267_999, 123_456_789_012] {
            let text = serde_json::to_string(&Usd(micros)).unwrap();
            assert!(
                text.split('.').nth(1).is_none_or(|places| places.len() <= 6),
                "{text}"
            );
            assert_eq!(serde_json::from_str::<Usd>(&text).unwrap(), Usd(micros));
        }
    }
}

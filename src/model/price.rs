//! Estimates what a take costs, by the published formula and dated tariffs, until the provider bills it.
//!
//! Source: Segmind, Seedance 2.0 pricing page. Tokens = width × height × 24 × seconds ÷ 1024. Sound has no
//! effect on the price. The price with a reference video is not published.

use std::ops::Add;

use jiff::civil::Date;

use serde::Deserialize;
use serde::de::Error as _;

use super::models::Model;
use super::money::Usd;
use super::request_words::{AspectRatio, Resolution};
use super::seconds::Seconds;

/// Frames a second of every output.
pub const FPS: u32 = 24;

/// What a model costs, at one resolution or at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tariff {
    /// `None` for every resolution that has no tariff of its own.
    pub resolution: Option<Resolution>,
    pub per: PerUnit,
    /// The day the price was read off the pricing page, or set by the user.
    pub as_of: Date,
}

/// A price and what it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PerUnit {
    MillionTokens(Usd),
    /// Flat, whatever the shape.
    Second(Usd),
}

impl Tariff {
    /// A price for every resolution, by tokens.
    pub const fn of_million_tokens(rate: Usd, as_of: Date) -> Self {
        Self {
            resolution: None,
            per: PerUnit::MillionTokens(rate),
            as_of,
        }
    }

    /// The price of this number of frames, in fractions of a micro-dollar: numerator and denominator. `None` if the rate is 0,
    /// which stands for an unknown one, or if the pixels are not known.
    fn fraction(&self, pixels: Option<u32>, frames: u32) -> Option<(i128, i128)> {
        let (rate, units, divisor) = match self.per {
            PerUnit::MillionTokens(rate) => (rate, i128::from(pixels?), PIXELS_OF_MILLION_TOKENS),
            PerUnit::Second(rate) => (rate, 1, i128::from(FPS)),
        };
        (rate > Usd::ZERO).then(|| (units * i128::from(frames) * i128::from(rate.micros()), divisor))
    }
}

impl<'de> Deserialize<'de> for Tariff {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Written {
            resolution: Option<Resolution>,
            per_million_tokens: Option<f64>,
            per_second: Option<f64>,
            #[serde(deserialize_with = "day")]
            as_of: Date,
        }
        let written = Written::deserialize(deserializer)?;
        let amount = |dollars: f64| {
            let amount = Usd::from_json_number(dollars).filter(|amount| amount.is_bill());
            amount.ok_or_else(|| D::Error::custom(format!("{dollars} is not a price in dollars")))
        };
        let per = match (written.per_million_tokens, written.per_second) {
            (Some(dollars), None) => PerUnit::MillionTokens(amount(dollars)?),
            (None, Some(dollars)) => PerUnit::Second(amount(dollars)?),
            _ => {
                return Err(D::Error::custom(
                    "a price is either per_million_tokens or per_second",
                ));
            }
        };
        Ok(Self {
            resolution: written.resolution,
            per,
            as_of: written.as_of,
        })
    }
}

/// A day of a TOML file.
pub(super) fn day<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    let text = toml::value::Datetime::deserialize(deserializer)?.to_string();
    text.parse()
        .map_err(|_| D::Error::custom(format!("{text} is not a day such as 2026-08-10")))
}

/// What one take costs, as far as it can be known before the bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    /// By the published formula.
    pub estimate: Usd,
    /// The worst case: what a cap holds back until the bill is there.
    pub most: Usd,
    /// Only the worst case is known, because no price is published for what the request has.
    pub is_at_most: bool,
}

impl Price {
    /// Of a take that costs at most this.
    pub const fn at_most(most: Usd) -> Self {
        Self {
            estimate: most,
            most,
            is_at_most: true,
        }
    }

    /// The amount to show to the user before a take is sent.
    pub const fn shown(&self) -> Usd {
        if self.is_at_most { self.most } else { self.estimate }
    }

    /// How [`Price::shown`] is meant: `$0.70 est.` or `at most $1.34`.
    pub fn words(&self, amount: Usd) -> String {
        if self.is_at_most {
            format!("at most {amount}")
        } else {
            format!("{amount} est.")
        }
    }
}

impl Add for Price {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            estimate: self.estimate + other.estimate,
            most: self.most + other.most,
            is_at_most: self.is_at_most || other.is_at_most,
        }
    }
}

/// What decides the price of a take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Priced {
    pub model: Model,
    pub resolution: Resolution,
    pub ratio: AspectRatio,
    pub seconds: Seconds,
    /// Frames of reference videos, which may be billed like those of the output.
    pub clip_frames: u32,
}

/// How many frames reference videos of these lengths may be billed as; one whose length is not known counts as
/// `longest_ms`. Each counts one frame more than its length, as the output does.
pub fn clip_frames(lengths_ms: impl IntoIterator<Item = Option<u64>>, longest_ms: u64) -> u32 {
    let frames = |length: Option<u64>| {
        let frames = (length.unwrap_or(longest_ms).saturating_mul(u64::from(FPS))).div_ceil(1000);
        u32::try_from(frames).unwrap_or(u32::MAX).saturating_add(1)
    };
    lengths_ms.into_iter().map(frames).fold(0, u32::saturating_add)
}

/// The tariffs in force. They moved four times in 2026, so the user can override each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceTable {
    tariffs: Vec<(Model, Tariff)>,
}

/// The tariffs of the models on offer.
impl Default for PriceTable {
    fn default() -> Self {
        let of = |model: Model| {
            model
                .prices
                .iter()
                .map(move |tariff| (model, *tariff))
                .collect::<Vec<_>>()
        };
        Self {
            tariffs: Model::all().into_iter().flat_map(of).collect(),
        }
    }
}

impl PriceTable {
    /// Replaces the tariffs of the model.
    pub fn replace(&mut self, model: Model, tariffs: &[Tariff]) {
        self.tariffs.retain(|(known, _)| *known != model);
        self.tariffs.extend(tariffs.iter().map(|tariff| (model, *tariff)));
    }

    /// What `model` costs at `resolution`; `None` if there is no tariff, or it is 0, which stands for an unknown one.
    pub fn tariff(&self, model: Model, resolution: Resolution) -> Option<Tariff> {
        let of = |wanted| {
            let mut tariffs = self.tariffs.iter();
            tariffs.find(|(known, tariff)| *known == model && tariff.resolution == wanted)
        };
        let (_, tariff) = of(Some(resolution)).or_else(|| of(None))?;
        let (PerUnit::MillionTokens(rate) | PerUnit::Second(rate)) = tariff.per;
        (rate > Usd::ZERO).then_some(*tariff)
    }

    /// The price of one take; `None` when the tariff of its model is not known. With `adaptive` the largest shape is
    /// taken, so that a cap holds. Real bills count one frame more than the formula, so the worst case does too.
    pub fn price(&self, of: &Priced) -> Option<Price> {
        let tariff = self.tariff(of.model, of.resolution)?;
        let pixels = of.model.max_pixels(of.resolution, of.ratio);
        let frames = FPS * u32::from(of.seconds.get());
        let whole = |micros: i128| Usd::from_micros(i64::try_from(micros).unwrap_or(i64::MAX));
        let (estimate, divisor) = tariff.fraction(pixels, frames)?;
        let (most, _) = tariff.fraction(pixels, frames.saturating_add(1).saturating_add(of.clip_frames))?;
        Some(Price {
            estimate: whole((estimate + divisor / 2) / divisor),
            most: whole((most + divisor - 1) / divisor),
            is_at_most: of.clip_frames > 0,
        })
    }
}

/// The worst case of a price of which only the estimate is known; `None` if that is 0.
pub fn worst_case(estimate: Usd, seconds: Seconds, clip_frames: u32) -> Option<Usd> {
    let frames = i128::from(FPS) * i128::from(seconds.get());
    let billed = frames + 1 + i128::from(clip_frames);
    let micros = (i128::from(estimate.micros()) * billed + frames - 1) / frames;
    let worst = Usd::from_micros(i64::try_from(micros).unwrap_or(i64::MAX));
    (estimate > Usd::ZERO).then_some(worst.min(Usd::MAX_BILL))
}

/// A token is 1024 pixels.
const PIXELS_OF_MILLION_TOKENS: i128 = 1024 * 1_000_000;

#[cfg(test)]
#[path = "price_tests.rs"]
mod tests;

//! Estimates what a take costs, by the published formula and dated tariffs, until the provider bills it.
//!
//! Source: Segmind, Seedance 2.0 pricing page. Tokens = width × height × frames ÷ 1024; bills count 24 frames a second and
//! one more. Sound has no effect on the price. What a reference video changes is not known for sure.

use std::ops::Add;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use serde::Deserialize;
use serde::de::Error as _;

use super::learned::{Learned, Lessons, Ratio};
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
    /// It is for requests with a reference video; else for those without.
    pub with_video: bool,
    pub per: PerUnit,
    /// The lowest rate, where only a range is known.
    pub least: Option<Usd>,
    /// The day the price was read off the pricing page, or set by the user.
    pub as_of: Date,
}

/// A price and what it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PerUnit {
    MillionTokens(Usd),
    /// Flat, whatever the shape.
    Second(Usd),
    /// A second in this shape; in others by their pixels.
    SecondOf(AspectRatio, Usd),
}

impl Tariff {
    /// A price for every resolution, by tokens.
    pub const fn of_million_tokens(rate: Usd, as_of: Date) -> Self {
        Self {
            resolution: None,
            with_video: false,
            per: PerUnit::MillionTokens(rate),
            least: None,
            as_of,
        }
    }

    /// Whether it is old enough that the price may have changed since.
    pub fn is_old(&self, today: Date) -> bool {
        self.age_days(today) > MAX_DAYS
    }

    /// When the day of the price began, in UTC.
    pub fn since(&self) -> Option<Timestamp> {
        let start = self.as_of.to_zoned(TimeZone::UTC).ok()?;
        Some(start.timestamp())
    }

    /// The price of frames; `None` if the rate or the pixels are not known.
    fn price_of(&self, of: &Priced, frames: u32) -> Option<Fraction> {
        let pixels = |ratio| of.model.max_pixels(of.resolution, ratio).map(i128::from);
        let (units, divisor) = match self.per {
            PerUnit::MillionTokens(_) => (pixels(of.ratio)?, PIXELS_OF_MILLION_TOKENS),
            PerUnit::Second(_) => (1, i128::from(FPS)),
            PerUnit::SecondOf(ratio, _) => (pixels(of.ratio)?, pixels(ratio)? * i128::from(FPS)),
        };
        (self.per.rate() > Usd::ZERO && divisor > 0).then(|| Fraction {
            over: units * i128::from(frames) * i128::from(self.per.rate().micros()),
            under: divisor,
        })
    }

    /// The lowest price where the price of these frames is only known as a range.
    fn least_of(&self, price: Fraction) -> Option<Usd> {
        let least = Fraction {
            over: price.over / i128::from(self.per.rate().micros()) * i128::from(self.least?.micros()),
            ..price
        };
        Some(least.rounded())
    }
}

/// A number of micro-dollars that may not be whole.
#[derive(Debug, Clone, Copy)]
struct Fraction {
    over: i128,
    under: i128,
}

impl Fraction {
    fn rounded(self) -> Usd {
        whole((self.over + self.under / 2) / self.under)
    }

    fn rounded_up(self) -> Usd {
        whole((self.over + self.under - 1) / self.under)
    }

    fn percent_rounded_down(self, percent: i128) -> Usd {
        whole(self.over * percent / (self.under * 100))
    }
}

fn whole(micros: i128) -> Usd {
    Usd::from_micros(i64::try_from(micros).unwrap_or(i64::MAX))
}

impl<'de> Deserialize<'de> for Tariff {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Written {
            resolution: Option<Resolution>,
            #[serde(default)]
            with_video: bool,
            of: Option<AspectRatio>,
            per_million_tokens: Option<f64>,
            per_second: Option<f64>,
            least_per_second: Option<f64>,
            #[serde(deserialize_with = "day")]
            as_of: Date,
        }
        let written = Written::deserialize(deserializer)?;
        let amount = |dollars: f64| {
            let amount = Usd::from_json_number(dollars).filter(|amount| amount.is_bill());
            amount.ok_or_else(|| D::Error::custom(format!("{dollars} is not a price in dollars")))
        };
        let per = match (written.per_million_tokens, written.per_second, written.of) {
            (Some(dollars), None, None) => PerUnit::MillionTokens(amount(dollars)?),
            (None, Some(dollars), None) => PerUnit::Second(amount(dollars)?),
            (None, Some(dollars), Some(ratio)) if ratio != AspectRatio::ADAPTIVE => {
                PerUnit::SecondOf(ratio, amount(dollars)?)
            }
            (_, _, Some(_)) => {
                return Err(D::Error::custom(
                    "`of` is the shape in which a second costs per_second, such as 16:9",
                ));
            }
            _ => {
                return Err(D::Error::custom(
                    "a price is either per_million_tokens or per_second",
                ));
            }
        };
        let least = match (written.least_per_second, &per) {
            (None, _) => None,
            (Some(dollars), PerUnit::Second(most) | PerUnit::SecondOf(_, most)) => {
                Some(amount(dollars)?).filter(|least| least <= most)
            }
            (Some(_), PerUnit::MillionTokens(_)) => {
                return Err(D::Error::custom("least_per_second is the lowest of per_second"));
            }
        };
        Ok(Self {
            resolution: written.resolution,
            with_video: written.with_video,
            per,
            least,
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
    /// By the price list, without what bills have taught.
    pub listed: Usd,
    /// The least that it may cost.
    pub least: Usd,
    /// What the bill will probably be.
    pub estimate: Usd,
    /// The worst case: what a cap holds back until the bill is there.
    pub most: Usd,
    pub certainty: Certainty,
}

/// What is known of a price, the surest first. A sum is as sure as its least sure part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// It is published, and bills differ little from it.
    Estimate,
    /// Sellers ask different amounts; it lies between two of them.
    Sellers,
    /// What a reference video changes is not published; it lies between two amounts.
    ReferenceVideo,
    /// Only the worst case is known.
    AtMost,
    /// Of a part of the sum nothing is known.
    AtLeast,
}

impl Price {
    /// Of a take that costs at most this.
    pub const fn at_most(most: Usd) -> Self {
        Self {
            listed: most,
            least: Usd::ZERO,
            estimate: most,
            most,
            certainty: Certainty::AtMost,
        }
    }

    /// The same as a part of a sum of which another part is not known.
    pub const fn and_something_unknown(self) -> Self {
        Self {
            certainty: Certainty::AtLeast,
            ..self
        }
    }

    /// `$0.71 est.`, `$0.42 to $1.34`, `at most $1.34`, `at least $0.71`.
    pub fn in_words(&self) -> String {
        match self.certainty {
            Certainty::Estimate => format!("{} est.", self.estimate),
            _ => self.amount(),
        }
    }

    /// The same without `est.`: `$0.71`.
    pub fn amount(&self) -> String {
        match self.certainty {
            Certainty::Estimate => self.estimate.to_string(),
            Certainty::Sellers | Certainty::ReferenceVideo => format!("{} to {}", self.least, self.most),
            Certainty::AtMost => format!("at most {}", self.most),
            Certainty::AtLeast => format!("at least {}", self.least),
        }
    }

    /// The same in a question: `about $0.71`.
    pub fn about(&self) -> String {
        match self.certainty {
            Certainty::Estimate => format!("about {}", self.estimate),
            _ => self.amount(),
        }
    }

    /// The price by the list, where it is published for what the request has.
    pub fn if_listed(&self) -> Option<Usd> {
        (self.certainty == Certainty::Estimate).then_some(self.listed)
    }

    /// The least, where only a range is known.
    pub fn least_of_range(&self) -> Option<Usd> {
        matches!(self.certainty, Certainty::Sellers | Certainty::ReferenceVideo).then_some(self.least)
    }

    /// What to know about a price that is no estimate.
    pub const fn caveat(&self) -> Option<&'static str> {
        match self.certainty {
            Certainty::Sellers => {
                Some("The price is not known for sure: it lies between those of different sellers.")
            }
            Certainty::ReferenceVideo => Some(
                "The price is not known for sure: the reference video may lower the rate, and may count with its own length.",
            ),
            Certainty::AtLeast => Some("The price of a part of the takes is not known."),
            Certainty::Estimate | Certainty::AtMost => None,
        }
    }

    /// The worst case; `None` where a part of the sum is not known.
    pub fn upper(&self) -> Option<Usd> {
        (self.certainty != Certainty::AtLeast).then_some(self.most)
    }

    /// With what bills of the same kind have taught. The estimate follows them; the worst case can only grow, because a cap
    /// must hold whatever was cheaper before.
    #[must_use]
    pub fn taught(self, learned: Option<&Learned>) -> Self {
        let Some(learned) = learned else { return self };
        let estimate = learned.middle.of(self.estimate);
        Self {
            least: match self.certainty {
                Certainty::Estimate => estimate,
                _ => learned.middle.min(Ratio::ONE).of(self.least),
            },
            estimate,
            most: learned.high.max(Ratio::ONE).of(self.most),
            ..self
        }
    }
}

impl Add for Price {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            listed: self.listed + other.listed,
            least: self.least + other.least,
            estimate: self.estimate + other.estimate,
            most: self.most + other.most,
            certainty: self.certainty.max(other.certainty),
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
        let first = self.tariffs.iter().position(|(known, _)| *known == model);
        self.tariffs.retain(|(known, _)| *known != model);
        let at = first.unwrap_or(self.tariffs.len());
        self.tariffs
            .splice(at..at, tariffs.iter().map(|tariff| (model, *tariff)));
    }

    /// What `model` costs at `resolution` without a reference video; `None` if there is no tariff, or it is 0, which stands
    /// for an unknown one.
    pub fn tariff(&self, model: Model, resolution: Resolution) -> Option<Tariff> {
        self.find(model, resolution, false)
    }

    /// Every price of the model.
    pub fn of_model(&self, model: Model) -> impl Iterator<Item = &Tariff> {
        let own = self.tariffs.iter().filter(move |(known, _)| *known == model);
        own.map(|(_, tariff)| tariff)
    }

    fn find(&self, model: Model, resolution: Resolution, with_video: bool) -> Option<Tariff> {
        let of = |is_wanted: &dyn Fn(Option<Resolution>) -> bool| {
            let mut tariffs = self.tariffs.iter();
            tariffs.find(|(known, tariff)| {
                *known == model && tariff.with_video == with_video && is_wanted(tariff.resolution)
            })
        };
        // The provider's catalogue may spell a resolution in another way.
        let is_this = |of: Option<Resolution>| of.is_some_and(|of| of.is_same_as(resolution));
        let general = || of(&|of| of.is_none()).filter(|_| was_priced(model, resolution));
        let (_, tariff) = of(&is_this).or_else(general)?;
        Some(*tariff).filter(|tariff| tariff.per.rate() > Usd::ZERO)
    }

    /// The price of one take by the list; `None` when the tariff of its model is not known. Real bills count one frame more
    /// than the output has, so this does too. With `adaptive` the largest shape is taken, so that a cap holds.
    ///
    /// With a reference video the price is a range: the take may be billed at a lower rate, published or not, and it may be
    /// that the frames of the reference are billed too.
    pub fn price(&self, of: &Priced) -> Option<Price> {
        let tariff = self.tariff(of.model, of.resolution)?;
        let frames = (FPS * u32::from(of.seconds.get())).saturating_add(1);
        let output = tariff.price_of(of, frames)?;
        let listed = output.rounded();
        let least = tariff.least_of(output);
        if of.clip_frames == 0 {
            return Some(Price {
                listed,
                least: least.unwrap_or(listed),
                estimate: listed,
                most: output.rounded_up(),
                certainty: least.map_or(Certainty::Estimate, |_| Certainty::Sellers),
            });
        }
        let all = frames.saturating_add(of.clip_frames);
        let lower = self.find(of.model, of.resolution, true);
        let least = match lower {
            Some(lower) => lower.price_of(of, frames)?.rounded(),
            None => output.percent_rounded_down(MIN_PERCENT_WITH_VIDEO),
        };
        // Neither the lower rate nor that the reference is not billed is certain.
        let with_clips = tariff.price_of(of, all)?;
        Some(Price {
            listed,
            least: least.min(listed),
            estimate: listed,
            most: with_clips.rounded_up(),
            certainty: Certainty::ReferenceVideo,
        })
    }

    /// [`Self::price`] with what bills have taught.
    pub fn price_taught(&self, of: &Priced, lessons: &Lessons) -> Option<Price> {
        let learned = lessons.of(of.model, of.resolution);
        self.price(of).map(|price| price.taught(learned))
    }

    /// The day of the price list and its age in days, if it is old enough that prices may have changed since.
    pub fn out_of_date(&self, model: Model, resolution: Resolution, today: Date) -> Option<(Date, i32)> {
        let tariff = self.tariff(model, resolution)?;
        tariff
            .is_old(today)
            .then(|| (tariff.as_of, tariff.age_days(today)))
    }
}

/// Whether a tariff for every resolution counts for this one: it was published before the provider's catalogue added others, of
/// which nobody published a price.
fn was_priced(model: Model, resolution: Resolution) -> bool {
    let built_in = super::catalogue::embedded();
    let built_in = built_in.iter().find(|spec| spec.slug == model.slug());
    built_in.is_none_or(|spec| {
        let mut all = spec.resolutions.iter();
        all.any(|(known, _)| known.is_same_as(resolution))
    })
}

/// A price that is older than this many days is said to be: prices moved four times in 2026.
const MAX_DAYS: i32 = 60;

/// Percent of a model's rate that a request with a reference video may be billed at: the one such rate that is published is
/// 59.8 % of the usual one (seedance-2.5, 2026-09-26).
const MIN_PERCENT_WITH_VIDEO: i128 = 59;

/// What to know about the price of takes of this model: that the list is old, and what bills have taught; `None` where there
/// is nothing to say.
pub fn remark(
    prices: &PriceTable,
    lessons: &Lessons,
    (model, resolution): (Model, Resolution),
    today: Date,
) -> Option<String> {
    let old = prices.out_of_date(model, resolution, today);
    let learned = lessons.of(model, resolution);
    let taught = learned.and_then(Learned::difference_in_words);
    Some(match (old, learned.zip(taught)) {
        (None, None) => return None,
        (Some((day, days)), None) => format!("The price list is {days} days old ({day})."),
        (None, Some((learned, taught))) => {
            format!("Your last {} bills run {taught} the price list.", learned.bills)
        }
        (Some((day, days)), Some((learned, taught))) => format!(
            "The price list is {days} days old ({day}); your last {} bills run {taught} it.",
            learned.bills
        ),
    })
}

/// The worst case of a price of which only the estimate is known; `None` if that is 0. Estimates of earlier releases leave
/// out the one frame more that bills contain, so it is added.
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

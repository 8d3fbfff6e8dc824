//! Prices of the list in words, and as `models.toml` has them.

use jiff::civil::Date;

use super::money::Usd;
use super::price::{PerUnit, Tariff};

impl PerUnit {
    /// The amount; 0 stands for an unknown one.
    pub const fn rate(self) -> Usd {
        match self {
            Self::MillionTokens(rate) | Self::Second(rate) | Self::SecondOf(_, rate) => rate,
        }
    }

    /// Another amount for the same unit.
    #[must_use]
    pub const fn with_rate(self, rate: Usd) -> Self {
        match self {
            Self::MillionTokens(_) => Self::MillionTokens(rate),
            Self::Second(_) => Self::Second(rate),
            Self::SecondOf(ratio, _) => Self::SecondOf(ratio, rate),
        }
    }

    /// The unit: `per million tokens`, `a second`, `a second in 16:9`.
    pub fn unit(self) -> String {
        match self {
            Self::MillionTokens(_) => "per million tokens".to_owned(),
            Self::Second(_) => "a second".to_owned(),
            Self::SecondOf(ratio, _) => format!("a second in {ratio}"),
        }
    }
}

impl Tariff {
    /// How many days old the price is; 0 for a day that is yet to come.
    pub fn age_days(&self, today: Date) -> i32 {
        today.since(self.as_of).map_or(0, |age| age.get_days().max(0))
    }

    /// `1080p $0.34 a second`, `480p $0.0839 to $0.098 a second`, `$7.00 per million tokens with a reference video`.
    pub fn in_words(&self) -> String {
        let of = self.resolution.map_or_else(String::new, |of| format!("{of} "));
        let video = if self.with_video {
            " with a reference video"
        } else {
            ""
        };
        if self.per.rate() == Usd::ZERO {
            return format!("{of}unknown{video}");
        }
        let least = self
            .least
            .map_or_else(String::new, |least| format!("${} to ", least.decimal()));
        let (rate, unit) = (self.per.rate().decimal(), self.per.unit());
        format!("{of}{least}${rate} {unit}{video}")
    }

    /// A line of `prices` in `models.toml`.
    pub fn in_toml(&self) -> String {
        let mut fields = Vec::new();
        fields.extend(self.resolution.map(|of| format!("resolution = \"{of}\"")));
        fields.extend(self.with_video.then(|| "with_video = true".to_owned()));
        let least = self
            .least
            .map(|least| format!("least_per_second = {}", least.decimal()));
        fields.extend(least);
        let rate = self.per.rate().decimal();
        match self.per {
            PerUnit::MillionTokens(_) => fields.push(format!("per_million_tokens = {rate}")),
            PerUnit::Second(_) => fields.push(format!("per_second = {rate}")),
            PerUnit::SecondOf(ratio, _) => fields.push(format!("per_second = {rate}, of = \"{ratio}\"")),
        }
        fields.push(format!("as_of = {}", self.as_of));
        format!("{{ {} }}", fields.join(", "))
    }
}

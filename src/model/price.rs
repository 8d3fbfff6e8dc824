//! What a take costs, by the published formula and dated rates; an estimate until the provider bills.
//!
//! Source: Segmind, Seedance 2.0 pricing page. Tokens = width × height × 24 × seconds ÷ 1024. Sound has no
//! effect on the price. The price with a reference video is not published.

use jiff::civil::{Date, date};

use super::money::Usd;
use super::request::{AspectRatio, Model, Resolution, Seconds};

/// Frames a second of every output.
pub const FPS: u32 = 24;

/// A model's published rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    pub model: Model,
    /// For one million tokens.
    pub per_million_tokens: Usd,
    /// The day the rate was read off the pricing page, or set by the user.
    pub as_of: Date,
}

/// The rates in force. They moved four times in 2026, so the user can override each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceTable {
    rates: Vec<Rate>,
}

impl Default for PriceTable {
    fn default() -> Self {
        let rate = |model, micros, as_of| Rate {
            model,
            per_million_tokens: Usd::from_micros(micros),
            as_of,
        };
        Self {
            rates: vec![
                rate(Model::Standard, 7_000_000, date(2026, 8, 10)),
                rate(Model::Fast, 2_800_000, date(2026, 9, 22)),
                rate(Model::Mini, 1_750_000, date(2026, 9, 12)),
            ],
        }
    }
}

impl PriceTable {
    /// Puts `rate` in the place of the model's rate.
    pub fn set(&mut self, rate: Rate) {
        self.rates.retain(|known| known.model != rate.model);
        self.rates.push(rate);
    }

    /// The rate of `model`.
    #[must_use]
    pub fn rate(&self, model: Model) -> Rate {
        let fallback = Rate {
            model,
            per_million_tokens: Usd::ZERO,
            as_of: Date::ZERO,
        };
        self.rates
            .iter()
            .copied()
            .find(|rate| rate.model == model)
            .unwrap_or(fallback)
    }

    /// The price of one take. With `adaptive` the shape is not known before: the dearest one is taken, so
    /// that a cap holds.
    #[must_use]
    pub fn estimate(
        &self,
        model: Model,
        resolution: Resolution,
        ratio: AspectRatio,
        seconds: Seconds,
    ) -> Usd {
        let pixels = match ratio {
            AspectRatio::Adaptive => shapes(resolution).map(area).max().unwrap_or(0),
            shape => area(pixels(resolution, shape)),
        };
        let frames = i64::from(FPS) * i64::from(seconds.get());
        let rate = self.rate(model).per_million_tokens.micros();
        let divisor = 1024 * 1_000_000;
        Usd::from_micros((i64::from(pixels) * frames * rate + divisor / 2) / divisor)
    }
}

fn shapes(resolution: Resolution) -> impl Iterator<Item = (u32, u32)> {
    AspectRatio::ALL
        .iter()
        .filter(|r| **r != AspectRatio::Adaptive)
        .map(move |r| pixels(resolution, *r))
}

fn area((width, height): (u32, u32)) -> u32 {
    width * height
}

/// Width and height of the output. `adaptive` is shown as 16:9, the API's default shape.
/// (Segmind, Seedance 2.0 model page, output sizes.)
#[must_use]
pub const fn pixels(resolution: Resolution, ratio: AspectRatio) -> (u32, u32) {
    use AspectRatio as A;
    match resolution {
        Resolution::P480 => match ratio {
            A::Wide | A::Adaptive => (864, 496),
            A::Tall => (496, 864),
            A::Square => (640, 640),
            A::Landscape => (752, 560),
            A::Portrait => (560, 752),
            A::Cinema => (992, 432),
        },
        Resolution::P720 => match ratio {
            A::Wide | A::Adaptive => (1280, 720),
            A::Tall => (720, 1280),
            A::Square => (960, 960),
            A::Landscape => (1112, 834),
            A::Portrait => (834, 1112),
            A::Cinema => (1470, 630),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn price(model: Model, resolution: Resolution, ratio: AspectRatio, seconds: i64) -> i64 {
        PriceTable::default()
            .estimate(model, resolution, ratio, Seconds::new(seconds).unwrap())
            .micros()
    }

    #[test]
    fn the_published_prices_a_second_come_out() {
        use AspectRatio::Wide;
        let cases = [
            (Model::Standard, Resolution::P480, 703_080),
            (Model::Standard, Resolution::P720, 1_512_000),
            (Model::Fast, Resolution::P480, 281_232),
            (Model::Fast, Resolution::P720, 604_800),
            (Model::Mini, Resolution::P480, 175_770),
            (Model::Mini, Resolution::P720, 378_000),
        ];
        for (model, resolution, micros) in cases {
            assert_eq!(price(model, resolution, Wide, 10), micros, "{model} {resolution}");
        }
        assert_eq!(price(Model::Standard, Resolution::P480, Wide, 4), 281_232);
        assert_eq!(price(Model::Standard, Resolution::P720, Wide, 15), 2_268_000);
    }

    #[test]
    fn adaptive_is_priced_as_the_dearest_shape() {
        for resolution in Resolution::ALL {
            let dearest = AspectRatio::ALL
                .iter()
                .map(|r| price(Model::Standard, *resolution, *r, 5))
                .max();
            assert_eq!(
                Some(price(Model::Standard, *resolution, AspectRatio::Adaptive, 5)),
                dearest
            );
        }
    }

    #[test]
    fn a_users_rate_takes_the_place_of_the_published_one() {
        let mut table = PriceTable::default();
        table.set(Rate {
            model: Model::Mini,
            per_million_tokens: Usd::from_micros(2_000_000),
            as_of: date(2026, 11, 1),
        });
        assert_eq!(table.rate(Model::Mini).as_of, date(2026, 11, 1));
        assert_eq!(
            table
                .estimate(Model::Mini, Resolution::P480, AspectRatio::Wide, Seconds::TEN)
                .micros(),
            200_880
        );
    }
}

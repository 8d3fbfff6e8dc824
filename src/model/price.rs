//! What a take costs, by the published formula and dated rates; an estimate until the provider bills.
//!
//! Source: Segmind, Seedance 2.0 pricing page. Tokens = width × height × 24 × seconds ÷ 1024. Sound has no
//! effect on the price. The price with a reference video is not published.

use jiff::civil::{Date, date};

use super::money::Usd;
use super::request::{AspectRatio, Model, Resolution, Seconds};

/// Frames a second of every output.
pub const FPS: u32 = 24;
/// The longest reference video, in milliseconds (Segmind, Seedance 2.0 model page, parameter table).
pub const MAX_CLIP_MS: u64 = 15_000;

/// A model's published rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    pub model: Model,
    /// For one million tokens.
    pub per_million_tokens: Usd,
    /// The day the rate was read off the pricing page, or set by the user.
    pub as_of: Date,
}

/// What one take costs, as far as it can be known before the bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    /// By the published formula.
    pub estimate: Usd,
    /// The worst case: what a cap holds back until the bill is there.
    pub most: Usd,
    /// Only the worst case can be told, because no price is published for what the request has.
    pub is_at_most: bool,
}

impl Price {
    /// The amount to show to the user before a take is sent.
    #[must_use]
    pub const fn shown(&self) -> Usd {
        if self.is_at_most { self.most } else { self.estimate }
    }

    /// How [`Price::shown`] is meant: `$0.70 est.` or `at most $1.34`.
    #[must_use]
    pub fn words(&self, amount: Usd) -> String {
        if self.is_at_most {
            format!("at most {amount}")
        } else {
            format!("{amount} est.")
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

/// How many frames reference videos of these lengths may be billed as; one whose length is not known counts as the
/// longest. Each counts one frame more than its length, as the output does.
#[must_use]
pub fn clip_frames(lengths_ms: impl IntoIterator<Item = Option<u64>>) -> u32 {
    let frames = |length: Option<u64>| {
        let frames = (length.unwrap_or(MAX_CLIP_MS).saturating_mul(u64::from(FPS))).div_ceil(1000);
        u32::try_from(frames).unwrap_or(u32::MAX).saturating_add(1)
    };
    lengths_ms.into_iter().map(frames).fold(0, u32::saturating_add)
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

    /// The rate of `model`; `None` when there is none, or it is nothing, which no model costs.
    #[must_use]
    pub fn rate(&self, model: Model) -> Option<Rate> {
        self.rates
            .iter()
            .copied()
            .find(|rate| rate.model == model && rate.per_million_tokens > Usd::ZERO)
    }

    /// The price of one take; `None` when the rate of its model is not known. With `adaptive` the shape is not known
    /// before: the dearest one is taken, so that a cap holds. Real bills count one frame more than the formula, so the
    /// worst case does too.
    #[must_use]
    pub fn price(&self, of: &Priced) -> Option<Price> {
        let pixels = match of.ratio {
            AspectRatio::Adaptive => shapes(of.resolution).map(area).max().unwrap_or(0),
            shape => area(pixels(of.resolution, shape)),
        };
        let rate = self.rate(of.model)?.per_million_tokens;
        let frames = FPS * u32::from(of.seconds.get());
        let micros = |frames: u32| i128::from(pixels) * i128::from(frames) * i128::from(rate.micros());
        let whole = |micros: i128| Usd::from_micros(i64::try_from(micros / DIVISOR).unwrap_or(i64::MAX));
        Some(Price {
            estimate: whole(micros(frames) + DIVISOR / 2),
            most: whole(micros(frames.saturating_add(1).saturating_add(of.clip_frames)) + DIVISOR - 1),
            is_at_most: of.clip_frames > 0,
        })
    }
}

/// The worst case of a price of which only the estimate is known; `None` when that is nothing.
pub fn worst_case(estimate: Usd, seconds: Seconds, clip_frames: u32) -> Option<Usd> {
    let frames = i128::from(FPS) * i128::from(seconds.get());
    let billed = frames + 1 + i128::from(clip_frames);
    let micros = (i128::from(estimate.micros()) * billed + frames - 1) / frames;
    let worst = Usd::from_micros(i64::try_from(micros).unwrap_or(i64::MAX));
    (estimate > Usd::ZERO).then_some(worst.min(Usd::MAX_BILL))
}

/// Pixels of a token, times the tokens of a rate.
const DIVISOR: i128 = 1024 * 1_000_000;
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

    fn of(model: Model, resolution: Resolution, ratio: AspectRatio, seconds: i64) -> Priced {
        Priced {
            model,
            resolution,
            ratio,
            seconds: Seconds::new(seconds).unwrap(),
            clip_frames: 0,
        }
    }

    fn price(model: Model, resolution: Resolution, ratio: AspectRatio, seconds: i64) -> i64 {
        let of = of(model, resolution, ratio, seconds);
        PriceTable::default().price(&of).unwrap().estimate.micros()
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

    /// A bill of 24·s + 1 frames: 0.2841615 for 4 s of draft.
    #[test]
    fn the_worst_case_counts_one_frame_more_and_is_rounded_up() {
        let of = of(Model::Standard, Resolution::P480, AspectRatio::Wide, 4);
        let price = PriceTable::default().price(&of).unwrap();
        assert_eq!((price.estimate.micros(), price.most.micros()), (281_232, 284_162));
        assert!(!price.is_at_most);
        assert_eq!(worst_case(price.estimate, of.seconds, 0), Some(price.most));
        assert_eq!(worst_case(Usd::ZERO, of.seconds, 0), None);
        assert_eq!(worst_case(Usd::MAX, of.seconds, 361), Some(Usd::MAX_BILL));
    }

    #[test]
    fn reference_videos_count_in_full_in_the_worst_case() {
        assert_eq!(clip_frames([Some(4000), None]), 97 + 361);
        let of = Priced {
            clip_frames: clip_frames([Some(2500)]),
            ..of(Model::Standard, Resolution::P480, AspectRatio::Wide, 4)
        };
        let price = PriceTable::default().price(&of).unwrap();
        // 97 frames of output and 61 of the clip.
        assert_eq!((price.shown().micros(), price.is_at_most), (462_861, true));
    }

    #[test]
    fn a_rate_that_is_missing_or_nothing_is_no_price() {
        let of = of(Model::Mini, Resolution::P480, AspectRatio::Wide, 10);
        let mut table = PriceTable::default();
        let mut rate = table.rate(Model::Mini).unwrap();
        rate.per_million_tokens = Usd::ZERO;
        table.set(rate);
        assert_eq!((table.rate(Model::Mini), table.price(&of)), (None, None));
        assert_eq!(PriceTable { rates: Vec::new() }.price(&of), None);
    }

    #[test]
    fn a_users_rate_takes_the_place_of_the_published_one() {
        let mut table = PriceTable::default();
        table.set(Rate {
            model: Model::Mini,
            per_million_tokens: Usd::from_micros(2_000_000),
            as_of: date(2026, 11, 1),
        });
        assert_eq!(table.rate(Model::Mini).unwrap().as_of, date(2026, 11, 1));
        let of = of(Model::Mini, Resolution::P480, AspectRatio::Wide, 10);
        assert_eq!(table.price(&of).unwrap().estimate.micros(), 200_880);
    }
}

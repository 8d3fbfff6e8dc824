//! Prices that drift: several bills in a row that are off their estimates, and the price that they imply.

use jiff::civil::Date;

use super::bill::percent_off;
use super::models::Model;
use super::money::Usd;
use super::price::{PerUnit, PriceTable, Priced, Tariff};
use super::request_words::{AspectRatio, Resolution};
use super::seconds::Seconds;
use super::take::TakeId;

/// How many bills in a row say that a price has moved.
pub const MIN_BILLS: usize = 3;
/// A bill that is off its estimate by more than this says so, in percent.
const MAX_PERCENT: i128 = 3;
/// Bills that imply prices which differ by at most this agree on one, in percent.
const AGREED_PERCENT: i128 = 2;

/// The bill of a live take whose price was an estimate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Billed {
    pub take: TakeId,
    pub ratio: AspectRatio,
    pub seconds: Seconds,
    /// What it was expected to be.
    pub estimate: Usd,
    /// The price by the list of its day.
    pub listed: Usd,
    pub cost: Usd,
}

impl Billed {
    fn is_off(&self) -> bool {
        let (cost, estimate) = (i128::from(self.cost.micros()), i128::from(self.estimate.micros()));
        estimate > 0 && (cost - estimate).abs() * 100 > estimate * MAX_PERCENT
    }

    /// Whether the list in force gives the same price: else it was corrected since. Older releases rounded otherwise, by less
    /// than a thousandth.
    fn is_of_list(&self, prices: &PriceTable, model: Model, resolution: Resolution) -> bool {
        let now = prices.price(&Priced {
            model,
            resolution,
            ratio: self.ratio,
            seconds: self.seconds,
            clip_frames: 0,
        });
        now.is_some_and(|now| {
            let (now, then) = (i128::from(now.listed.micros()), i128::from(self.listed.micros()));
            then > 0 && (now - then).abs() * 1000 <= then
        })
    }
}

/// At least [`MIN_BILLS`] bills in a row that are off, the newest ones of a model at a resolution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift {
    pub model: Model,
    pub resolution: Resolution,
    /// How many bills they are.
    pub bills: usize,
    /// The takes that were billed first and last in the row.
    pub first: TakeId,
    pub newest: TakeId,
    /// How far they are off their estimates, in tenths of a percent: the lowest and the highest.
    off: (i64, i64),
    /// The price in force.
    listed: Tariff,
    /// The lowest and the highest price that they imply, for its unit.
    implied: (Usd, Usd),
    /// The middle one, if they agree.
    agreed: Option<Usd>,
    /// Every price of the model, and whether they are the user's settings instead of `models.toml`.
    all: Vec<Tariff>,
    is_of_settings: bool,
}

impl Drift {
    /// What the newest bills of a model at a resolution, newest first, say about the prices in force; `None` while fewer than
    /// [`MIN_BILLS`] in a row are off.
    pub fn of(
        prices: &PriceTable,
        (model, resolution): (Model, Resolution),
        newest_first: &[Billed],
    ) -> Option<Self> {
        let listed = prices.tariff(model, resolution)?;
        let says_so = |bill: &&Billed| bill.is_off() && bill.is_of_list(prices, model, resolution);
        let row: Vec<&Billed> = newest_first.iter().take_while(says_so).collect();
        let (newest, first) = (row.first()?, row.last().filter(|_| row.len() >= MIN_BILLS)?);
        let mut off: Vec<i64> = row
            .iter()
            .filter_map(|bill| percent_off(bill.cost, bill.estimate))
            .collect();
        off.sort_unstable();
        let mut implied: Vec<Usd> = row.iter().map(|bill| implied(listed.per, bill)).collect();
        implied.sort_unstable();
        let (lowest, middle, highest) = (*implied.first()?, implied[implied.len() / 2], *implied.last()?);
        let spread = i128::from((highest - lowest).micros());
        let agree = spread * 100 <= i128::from(middle.micros()) * AGREED_PERCENT;
        let all: Vec<Tariff> = prices.of_model(model).copied().collect();
        Some(Self {
            model,
            resolution,
            bills: row.len(),
            first: first.take,
            newest: newest.take,
            off: (*off.first()?, *off.last()?),
            listed,
            implied: (lowest, highest),
            agreed: agree.then_some(middle),
            is_of_settings: all != model.prices,
            all,
        })
    }

    /// What is wrong: `3 bills in a row of seedance-2.0 at 480p are 5.1 % above their estimates: they imply $7.36 per million
    /// tokens instead of $7.00.`
    pub fn in_words(&self) -> String {
        let price = |amount: Usd| format!("${}", amount.decimal());
        let implied = match (self.agreed, self.implied) {
            (Some(agreed), _) => price(agreed),
            (None, (lowest, highest)) => format!("{} to {}", price(lowest), price(highest)),
        };
        format!(
            "{} bills in a row of {} at {} are {} their estimates: they imply {implied} {} instead of {}.",
            self.bills,
            self.model,
            self.resolution,
            off_in_words(self.off),
            self.listed.per.unit(),
            price(self.listed.per.rate()),
        )
    }

    /// The price that the bills imply as a row of today; `None` where they do not agree on one.
    fn corrected(&self, today: Date) -> Option<Tariff> {
        Some(Tariff {
            resolution: Some(self.resolution),
            with_video: false,
            per: self.listed.per.with_rate(self.agreed?),
            least: None,
            as_of: today,
        })
    }

    /// What to do now, as briefly as a notice has room for.
    pub fn advice(&self, today: Date) -> String {
        match self.corrected(today) {
            None => "They agree on no price: compare the price page with models.toml.".to_owned(),
            Some(row) if self.is_of_settings => {
                format!("If the price page agrees, write {}.", self.in_settings(&row))
            }
            Some(row) => format!(
                "If the price page agrees, add {} to its prices in models.toml; rushes doctor prints them all.",
                row.in_toml()
            ),
        }
    }

    /// What to do now, with all that is to be written into `file`, the user's `models.toml`.
    pub fn full_advice(&self, today: Date, file: &str) -> String {
        match self.corrected(today) {
            Some(row) if !self.is_of_settings => {
                let kept = self.all.iter().filter(|tariff| {
                    (tariff.resolution, tariff.with_video) != (row.resolution, row.with_video)
                });
                let lines: Vec<String> = kept.chain([&row]).map(Tariff::in_toml).collect();
                format!(
                    "If the price page agrees, write under [\"{}\"] in {file}: prices = [{}]",
                    self.model,
                    lines.join(", ")
                )
            }
            _ => self.advice(today),
        }
    }

    /// The settings have one price for every resolution.
    fn in_settings(&self, row: &Tariff) -> String {
        match row.per {
            PerUnit::MillionTokens(rate) => format!(
                "usd_per_million_tokens = {} and as_of = {} under [prices.\"{}\"] in config.toml",
                rate.decimal(),
                row.as_of,
                self.model
            ),
            PerUnit::Second(_) | PerUnit::SecondOf(..) => format!("{} into models.toml", row.in_toml()),
        }
    }
}

/// The price that a bill implies, rounded as price pages are.
fn implied(per: PerUnit, bill: &Billed) -> Usd {
    let unit: i128 = match per {
        PerUnit::MillionTokens(_) => 10_000,
        PerUnit::Second(_) | PerUnit::SecondOf(..) => 100,
    };
    let over = i128::from(per.rate().micros()) * i128::from(bill.cost.micros());
    let under = i128::from(bill.listed.micros()).max(1) * unit;
    let micros = (over + under / 2) / under * unit;
    Usd::from_micros(i64::try_from(micros).unwrap_or(i64::MAX))
}

/// `5.1 % above`, `4.0 to 5.1 % below`, `4.0 % below to 5.1 % above`.
fn off_in_words((lowest, highest): (i64, i64)) -> String {
    let tenths = |tenths: i64| format!("{}.{}", tenths.unsigned_abs() / 10, tenths.unsigned_abs() % 10);
    match (lowest > 0, highest > 0) {
        (true, _) if lowest == highest => format!("{} % above", tenths(lowest)),
        (true, _) => format!("{} to {} % above", tenths(lowest), tenths(highest)),
        (false, true) => format!("{} % below to {} % above", tenths(lowest), tenths(highest)),
        (false, false) if lowest == highest => format!("{} % below", tenths(lowest)),
        (false, false) => format!("{} to {} % below", tenths(highest), tenths(lowest)),
    }
}

#[cfg(test)]
#[path = "drift_tests.rs"]
mod tests;

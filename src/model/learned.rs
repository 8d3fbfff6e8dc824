//! What bills teach about prices: how far they lie above or below the price list.

use super::models::Model;
use super::money::Usd;
use super::request_words::Resolution;

/// How many bills of a model and a resolution say something.
pub const MIN_BILLS: usize = 5;
/// How many of the newest bills count.
pub const MAX_BILLS: usize = 20;

/// A bill as a share of the list price, in millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ratio(u32);

impl Ratio {
    /// As the list says.
    pub const ONE: Self = Self(1_000_000);
    /// A bill of more than twice the list price is a mistake rather than a price: it stops the queue, and teaches nothing.
    const MAX: Self = Self(2_000_000);

    /// The share, rounded up; `None` for what is no bill or no price, and for more than twice the price.
    fn of_bill(bill: Usd, listed: Usd) -> Option<Self> {
        let (bill, listed) = (i128::from(bill.micros()), i128::from(listed.micros()));
        if bill <= 0 || listed <= 0 {
            return None;
        }
        let millionths = (bill * 1_000_000 + listed - 1) / listed;
        u32::try_from(millionths)
            .ok()
            .map(Self)
            .filter(|ratio| *ratio <= Self::MAX)
    }

    /// The same share of another amount, rounded up.
    pub fn of(self, amount: Usd) -> Usd {
        let micros = (i128::from(amount.micros()) * i128::from(self.0) + 999_999) / 1_000_000;
        Usd::from_micros(i64::try_from(micros).unwrap_or(i64::MAX))
    }
}

/// What the newest bills of a model at a resolution teach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Learned {
    /// How many they are.
    pub bills: usize,
    /// The median.
    pub middle: Ratio,
    /// The highest.
    pub high: Ratio,
}

impl Learned {
    /// From bills with their list prices; `None` below [`MIN_BILLS`].
    pub fn of(bills: impl IntoIterator<Item = (Usd, Usd)>) -> Option<Self> {
        let ratios = bills
            .into_iter()
            .filter_map(|(bill, listed)| Ratio::of_bill(bill, listed));
        let mut ratios: Vec<Ratio> = ratios.take(MAX_BILLS).collect();
        ratios.sort_unstable();
        let middle = *ratios
            .get(ratios.len() / 2)
            .filter(|_| ratios.len() >= MIN_BILLS)?;
        Some(Self {
            bills: ratios.len(),
            middle,
            high: *ratios.last()?,
        })
    }

    /// `0.4 % above`, `2.0 % below`; `None` for less than a tenth of a percent.
    pub fn difference_in_words(&self) -> Option<String> {
        let off = i64::from(self.middle.0) - i64::from(Ratio::ONE.0);
        let tenths = (off.abs() + 500) / 1000;
        let side = if off > 0 { "above" } else { "below" };
        (tenths > 0).then(|| format!("{}.{} % {side}", tenths / 10, tenths % 10))
    }
}

/// What bills have taught, by model and resolution.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lessons(Vec<(Model, Resolution, Learned)>);

impl Lessons {
    pub fn of(&self, model: Model, resolution: Resolution) -> Option<&Learned> {
        let mut all = self.0.iter();
        all.find(|(known, at, _)| (*known, *at) == (model, resolution))
            .map(|(.., learned)| learned)
    }
}

impl FromIterator<(Model, Resolution, Learned)> for Lessons {
    fn from_iter<I: IntoIterator<Item = (Model, Resolution, Learned)>>(all: I) -> Self {
        Self(all.into_iter().collect())
    }
}

#[cfg(test)]
#[path = "learned_tests.rs"]
mod tests;

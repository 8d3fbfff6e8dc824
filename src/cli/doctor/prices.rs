//! Says how old each price is, and which prices the newest bills are off.

use jiff::civil::Date;

use crate::model::price::Tariff;
use crate::model::text::counted;
use crate::model::{Model, PriceTable};
use crate::store::{Store, StoreError};

use super::{Finding, Weight};

/// The prices in force, and what is needed to say something about them.
pub(super) struct Prices<'a> {
    pub table: &'a PriceTable,
    pub today: Date,
    /// The user's `models.toml`.
    pub file: String,
}

impl Prices<'_> {
    /// How old each price is; a finding for each model.
    pub fn findings(&self) -> Vec<Finding> {
        Model::all()
            .into_iter()
            .map(|model| self.of_model(model))
            .collect()
    }

    fn of_model(&self, model: Model) -> Finding {
        let all: Vec<&Tariff> = self.table.of_model(model).collect();
        let of_a_day = all.chunk_by(|one, next| one.as_of == next.as_of);
        let told: Vec<String> = of_a_day.map(|prices| aged(prices, self.today)).collect();
        let (told, file) = (told.join(", "), &self.file);
        if all.is_empty() {
            Weight::Note.of("prices", format!("{model}: unknown; put its prices into {file}"))
        } else if all.iter().any(|tariff| tariff.is_old(self.today)) {
            let what = format!("{model}: {told}; look at the price page, and put newer prices into {file}");
            Weight::Note.of("prices", what)
        } else {
            Weight::Ok.of("prices", format!("{model}: {told}"))
        }
    }

    /// The prices from which several bills in a row are off, with what to write.
    pub fn drifts(&self, store: &Store) -> Result<Vec<Finding>, StoreError> {
        let told = store.drifts(self.table)?.into_iter().map(|drift| {
            let advice = drift.full_advice(self.today, &self.file);
            Weight::Note.of("bills", format!("{} {advice}", drift.in_words()))
        });
        Ok(told.collect())
    }
}

/// Prices of one day: `480p $0.17 a second, 1080p $0.34 a second (2026-09-01, 87 days old)`.
fn aged(prices: &[&Tariff], today: Date) -> String {
    let words: Vec<String> = prices.iter().map(|tariff| tariff.in_words()).collect();
    let age = prices.first().map(|tariff| {
        let days = counted(tariff.age_days(today).unsigned_abs(), "day");
        format!(" ({}, {days} old)", tariff.as_of)
    });
    words.join(", ") + &age.unwrap_or_default()
}

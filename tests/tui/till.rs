//! The money settings that a test changes while the workbench runs.

use std::sync::{Arc, Mutex};

use rushes::model::{MoneySettings, MoneySource, PriceTable, Usd};

/// Settings about money that a test changes under the running workbench.
pub struct Till(Mutex<MoneySettings>);

impl Till {
    pub fn under(cap_per_day: Option<Usd>) -> Arc<Self> {
        Arc::new(Self(Mutex::new(MoneySettings {
            caps: rushes::model::CapLimits::of_day(cap_per_day),
            prices: PriceTable::default(),
            doubt: None,
        })))
    }
    pub fn change(&self, change: impl FnOnce(&mut MoneySettings)) {
        change(&mut self.0.lock().unwrap());
    }
}

impl MoneySource for Till {
    fn read(&self) -> MoneySettings {
        self.0.lock().unwrap().clone()
    }
}

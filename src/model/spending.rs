//! What may be spent: the settings about money as they stand now, and what the user confirmed for this run.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use super::money::Usd;
use super::price::PriceTable;

/// Why the settings about money cannot be trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// File and line of the first mistake: `/home/me/.config/rushes/config.toml:3`.
    pub place: String,
    /// Every mistake, each as a whole message: a doubt that was confirmed must not hide a later mistake.
    pub why: String,
    /// Whether the cap itself is among what cannot be trusted.
    pub hides_the_cap: bool,
}

impl Doubt {
    pub const NOW: &str = "correct the file there, then try again";

    /// Both doubts at once.
    #[must_use]
    pub fn and(self, other: &Self) -> Self {
        Self {
            place: self.place,
            why: format!("{}; {}", self.why, other.why),
            hides_the_cap: self.hides_the_cap || other.hides_the_cap,
        }
    }

    /// What cannot be read, and where.
    pub fn what(&self) -> String {
        let what = if self.hides_the_cap { "the cap" } else { "a price" };
        format!("{what} in the settings cannot be read ({})", self.place)
    }
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what(), Self::NOW)
    }
}

/// The settings about money.
#[derive(Debug, Clone, PartialEq)]
pub struct MoneySettings {
    /// The most that may be spent in a day; `None` for no limit. It has no meaning while there is a doubt.
    pub cap_per_day: Option<Usd>,
    pub prices: PriceTable,
    /// Live takes must not be sent while there is one.
    pub doubt: Option<Doubt>,
}

/// Reads the settings about money each time it is asked. Blocks on the disk.
pub trait MoneySource: Send + Sync + 'static {
    /// What the settings say now.
    fn read(&self) -> MoneySettings;
}

/// Settings that never change.
impl MoneySource for MoneySettings {
    fn read(&self) -> MoneySettings {
        self.clone()
    }
}

/// What may be spent. Clones share what the user confirmed.
#[derive(Clone)]
pub struct Spending {
    source: Arc<dyn MoneySource>,
    /// Play money: no cap and no doubt.
    is_free: bool,
    confirmed: Arc<Mutex<Option<Doubt>>>,
}

impl Spending {
    /// Real money, by these settings.
    pub fn of(source: Arc<dyn MoneySource>) -> Self {
        Self {
            source,
            is_free: false,
            confirmed: Arc::default(),
        }
    }

    /// Play money without a cap; the prices are those of the settings.
    pub fn free(source: Arc<dyn MoneySource>) -> Self {
        Self {
            is_free: true,
            ..Self::of(source)
        }
    }

    /// Real money under a cap that does not change.
    pub fn fixed(cap_per_day: Option<Usd>) -> Self {
        Self::of(Arc::new(MoneySettings {
            cap_per_day,
            prices: PriceTable::default(),
            doubt: None,
        }))
    }

    /// What the settings say now. A doubt that the user confirmed is left out. Blocks on the disk.
    pub fn read(&self) -> MoneySettings {
        let mut settings = self.source.read();
        let confirmed = self.confirmed.lock().unwrap_or_else(PoisonError::into_inner);
        if self.is_free {
            (settings.cap_per_day, settings.doubt) = (None, None);
        } else if settings.doubt.is_some() && settings.doubt == *confirmed {
            let doubt = settings.doubt.take();
            if doubt.is_some_and(|doubt| doubt.hides_the_cap) {
                settings.cap_per_day = None;
            }
        }
        settings
    }

    /// The user accepts this doubt for this run of the program. The program asks about any other.
    pub fn confirm(&self, doubt: Doubt) {
        *self.confirmed.lock().unwrap_or_else(PoisonError::into_inner) = Some(doubt);
    }
}

impl fmt::Debug for Spending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Spending").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doubt(line: u32) -> Doubt {
        Doubt {
            place: format!("config.toml:{line}"),
            why: "cap_per_day is ten".to_owned(),
            hides_the_cap: true,
        }
    }

    fn settings(doubt: Option<Doubt>) -> Arc<dyn MoneySource> {
        Arc::new(MoneySettings {
            cap_per_day: Some(Usd::from_micros(10)),
            prices: PriceTable::default(),
            doubt,
        })
    }

    #[test]
    fn only_the_doubt_that_was_shown_is_confirmed() {
        let spending = Spending::of(settings(Some(doubt(3))));
        spending.confirm(doubt(2));
        assert_eq!(spending.read().doubt, Some(doubt(3)));
        spending.clone().confirm(doubt(3));
        let read = spending.read();
        assert_eq!((read.doubt, read.cap_per_day), (None, None));
    }

    #[test]
    fn a_doubt_about_a_price_leaves_the_cap() {
        let about_a_price = Doubt {
            hides_the_cap: false,
            ..doubt(1)
        };
        let spending = Spending::of(settings(Some(about_a_price.clone())));
        spending.confirm(about_a_price);
        assert_eq!(spending.read().cap_per_day, Some(Usd::from_micros(10)));
    }

    #[test]
    fn play_money_knows_no_cap_and_no_doubt() {
        let read = Spending::free(settings(Some(doubt(1)))).read();
        assert_eq!((read.doubt, read.cap_per_day), (None, None));
    }
}

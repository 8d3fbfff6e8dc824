//! What may be spent: the settings about money as they stand now, and what the user confirmed for this run.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::caps::{CapLimits, CapScope, PerCap};
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
    /// They have no meaning while there is a doubt.
    pub caps: CapLimits,
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

/// One run of the program, with what the user decided about money in it. Clones are the same run.
#[derive(Clone)]
pub struct Run {
    id: Arc<str>,
    decided: Arc<Mutex<Decided>>,
}

/// What the user decided for one run.
#[derive(Default)]
struct Decided {
    confirmed: Option<Doubt>,
    /// The caps that count instead of those of the settings.
    #[allow(clippy::option_option, reason = "as in the settings, none, or an amount")]
    caps: PerCap<Option<Option<Usd>>>,
}

impl Default for Run {
    fn default() -> Self {
        Self {
            id: format!("{:016x}", fastrand::u64(..)).into(),
            decided: Arc::default(),
        }
    }
}

/// What may be spent. Clones share what the user decided.
#[derive(Clone)]
pub struct Spending {
    source: Arc<dyn MoneySource>,
    /// Play money: no cap and no doubt.
    is_free: bool,
    run: Run,
}

impl Spending {
    /// Real money, by these settings.
    pub fn of(source: Arc<dyn MoneySource>) -> Self {
        Self {
            source,
            is_free: false,
            run: Run::default(),
        }
    }

    /// In this run of the program.
    #[must_use]
    pub fn in_run(self, run: Run) -> Self {
        Self { run, ..self }
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
            caps: CapLimits::of_day(cap_per_day),
            prices: PriceTable::default(),
            doubt: None,
        }))
    }

    /// Identifies this run of the program: the cap of a session counts what it has sent.
    pub fn session(&self) -> &str {
        &self.run.id
    }

    /// What the settings say now, with the caps that the user set for this run. A doubt that the user confirmed is left
    /// out. Blocks on the disk.
    pub fn read(&self) -> MoneySettings {
        let mut settings = self.source.read();
        if self.is_free {
            (settings.caps, settings.doubt) = (CapLimits::default(), None);
            return settings;
        }
        let decided = self.decided();
        if settings.doubt.is_some() && settings.doubt == decided.confirmed {
            let doubt = settings.doubt.take();
            if doubt.is_some_and(|doubt| doubt.hides_the_cap) {
                settings.caps = CapLimits::default();
            }
        }
        for scope in CapScope::ALL {
            if let Some(limit) = decided.caps.get(scope) {
                *settings.caps.get_mut(scope) = *limit;
            }
        }
        settings
    }

    /// The user accepts this doubt for this run of the program. The program asks about any other.
    pub fn confirm(&self, doubt: Doubt) {
        self.decided().confirmed = Some(doubt);
    }

    /// Sets a cap for this run of the program; `None` goes back to the settings.
    pub fn set_cap(&self, scope: CapScope, limit: Option<Option<Usd>>) {
        *self.decided().caps.get_mut(scope) = limit;
    }

    /// The caps that the user set for this run.
    pub fn caps_of_this_run(&self) -> PerCap<Option<Option<Usd>>> {
        self.decided().caps
    }

    fn decided(&self) -> MutexGuard<'_, Decided> {
        self.run.decided.lock().unwrap_or_else(PoisonError::into_inner)
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
            caps: CapLimits::of_day(Some(Usd::from_micros(10))),
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
        assert_eq!((read.doubt, read.caps.day), (None, None));
    }

    #[test]
    fn a_doubt_about_a_price_leaves_the_cap() {
        let about_a_price = Doubt {
            hides_the_cap: false,
            ..doubt(1)
        };
        let spending = Spending::of(settings(Some(about_a_price.clone())));
        spending.confirm(about_a_price);
        assert_eq!(spending.read().caps.day, Some(Usd::from_micros(10)));
    }

    #[test]
    fn play_money_knows_no_cap_and_no_doubt() {
        let read = Spending::free(settings(Some(doubt(1)))).read();
        assert_eq!((read.doubt, read.caps.day), (None, None));
    }

    #[test]
    fn a_cap_of_this_run_counts_instead_of_the_settings_until_it_is_taken_back() {
        let spending = Spending::of(settings(None));
        let other = spending.clone();
        let elsewhere = Spending::of(settings(None));
        other.set_cap(CapScope::Day, Some(None));
        other.set_cap(CapScope::Reel, Some(Some(Usd::from_micros(7))));
        let caps = spending.read().caps;
        assert_eq!((caps.day, caps.reel), (None, Some(Usd::from_micros(7))));
        assert_eq!(
            elsewhere.read().caps,
            CapLimits::of_day(Some(Usd::from_micros(10)))
        );
        other.set_cap(CapScope::Day, None);
        assert_eq!(spending.read().caps.day, Some(Usd::from_micros(10)));
        assert_eq!(spending.session(), other.session());
        assert_ne!(spending.session(), elsewhere.session());
    }

    /// A cap that the user sets does not make up for settings that cannot be read.
    #[test]
    fn a_cap_of_this_run_confirms_no_doubt() {
        let spending = Spending::of(settings(Some(doubt(3))));
        spending.set_cap(CapScope::Day, Some(Some(Usd::from_micros(7))));
        assert_eq!(spending.read().doubt, Some(doubt(3)));
        spending.confirm(doubt(3));
        let read = spending.read();
        assert_eq!((read.doubt, read.caps.day), (None, Some(Usd::from_micros(7))));
    }
}

//! Reads the settings about money each time they are needed, and decides which mistakes put them in doubt.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::model::catalogue::ProviderLayer;
use crate::model::{CapScope, Doubt, MoneySettings, MoneySource};

use super::error::ConfigError;
use super::located::{Document, Mistake};
use super::models;
use super::models::kept;
use super::paths::Paths;
use super::settings::Settings;

/// Words that make an unknown key look like a setting about money.
const WORDS: [&str; 3] = ["cap", "price", "max"];
/// Names of settings about money; an unknown key that comes near one of them was probably meant as it.
const NAMES: [&str; 9] = [
    "cap_per_day",
    "cap_per_session",
    "cap_per_reel",
    "cap_per_sweep",
    "prices",
    "usd_per_million_tokens",
    "cap",
    "price",
    "max",
];
/// How many letters may be wrong.
const NEAR: usize = 2;
/// The table of prices.
const PRICES: &str = "prices";
/// What is done about a mistake in them.
pub(super) const NOW: &str = "live takes are not sent until it is corrected";

/// The settings file and the file of models as far as they are about money.
pub struct MoneyFile {
    settings: Watched,
    models: Watched,
    /// What the catalogue said when the program started, as the models on offer.
    catalogue: ProviderLayer,
}

impl MoneyFile {
    /// The files in these folders.
    pub fn of(paths: &Paths) -> Self {
        let file = Self {
            settings: Watched::of(paths.settings_file()),
            models: Watched::of(paths.models_file()),
            catalogue: kept(paths, None).layer(),
        };
        file.read();
        file
    }
}

/// The files are small, so they are read whole each time: no change can be missed.
impl MoneySource for MoneyFile {
    fn read(&self) -> MoneySettings {
        let (models, models_lost) = self.models.read();
        let models::Models {
            specs, mut errors, ..
        } = models::of(&self.catalogue, models.as_ref());
        let (settings, settings_lost) = self.settings.read();
        let (settings, more) = Settings::of(settings.as_ref(), models::prices(&specs));
        errors.extend(more);
        let models_lost = models_lost.map(|doubt| Doubt {
            hides_the_cap: false,
            ..doubt
        });
        let doubts = [doubt(&errors), settings_lost, models_lost];
        MoneySettings {
            caps: settings.caps,
            prices: settings.prices,
            doubt: together(doubts.into_iter().flatten()),
        }
    }
}

/// A file that is read again and again.
struct Watched {
    file: PathBuf,
    /// There was a file once: that it is gone does not mean that the user wants the defaults.
    was_there: AtomicBool,
    /// It was not empty once: if it is empty now, it is probably being saved.
    was_filled: AtomicBool,
}

impl Watched {
    fn of(file: PathBuf) -> Self {
        Self {
            file,
            was_there: AtomicBool::new(false),
            was_filled: AtomicBool::new(false),
        }
    }

    /// What the file says now, and a doubt where it said something before and is gone or empty now.
    fn read(&self) -> (Result<Option<Document>, ConfigError>, Option<Doubt>) {
        let read = Document::read(&self.file);
        let (is_there, is_filled) = match &read {
            Ok(None) => (false, false),
            Ok(Some(document)) => (true, !document.text.trim().is_empty()),
            Err(_) => (true, false),
        };
        let was_there = self.was_there.fetch_or(is_there, Ordering::Relaxed);
        let was_filled = self.was_filled.fetch_or(is_filled, Ordering::Relaxed);
        let lost = if was_there && !is_there {
            Some("the file was there before and is gone")
        } else if was_filled && !is_filled {
            Some("the file was not empty before and is empty now")
        } else {
            None
        };
        let doubt = lost.map(|what| Doubt {
            place: self.file.display().to_string(),
            why: format!("{}: {what} ({NOW})", self.file.display()),
            hides_the_cap: true,
        });
        (read, doubt)
    }
}

/// Why these errors put the settings about money in doubt, if they do.
pub fn doubt(errors: &[ConfigError]) -> Option<Doubt> {
    let doubtful = errors.iter().filter(|error| is_about_money(error));
    let doubts = doubtful.map(|error| Doubt {
        place: match error {
            ConfigError::Located(located) => format!("{}:{}", located.file.display(), located.line),
            ConfigError::Unreadable { path, .. } => path.display().to_string(),
            other => other.to_string(),
        },
        why: error.to_string(),
        hides_the_cap: !is_about_a_price(error),
    });
    together(doubts)
}

fn together(doubts: impl Iterator<Item = Doubt>) -> Option<Doubt> {
    doubts.reduce(|all, doubt| all.and(&doubt))
}

/// Adds to an error about money what is done about it.
pub(super) fn mark(error: &mut ConfigError) {
    if is_about_money(error)
        && let ConfigError::Located(located) = error
    {
        NOW.clone_into(&mut located.now);
    }
}

fn is_about_money(error: &ConfigError) -> bool {
    match error {
        ConfigError::Located(located) => match &located.mistake {
            Mistake::Syntax | Mistake::Model => true,
            Mistake::Value(key) => is_setting_about_money(key),
            Mistake::UnknownKey(key) => is_setting_about_money(key) || looks_like_money(key),
        },
        ConfigError::Unreadable { .. } => true,
        _ => false,
    }
}

/// Whether the cap is beyond doubt: only a price is wrong, or something in the file of models.
fn is_about_a_price(error: &ConfigError) -> bool {
    match error {
        ConfigError::Located(located) => match &located.mistake {
            Mistake::Syntax => false,
            Mistake::Model => true,
            Mistake::Value(key) | Mistake::UnknownKey(key) => is_in_prices(key),
        },
        ConfigError::Unreadable { path, .. } => path.ends_with("models.toml"),
        _ => false,
    }
}

fn is_setting_about_money(key: &str) -> bool {
    CapScope::ALL.iter().any(|scope| scope.setting() == key) || is_in_prices(key)
}

fn is_in_prices(key: &str) -> bool {
    key.strip_prefix(PRICES)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Whether the last name of an unknown key holds one of the words, or is within two slips of a setting about money.
fn looks_like_money(key: &str) -> bool {
    let name = key.rsplit('.').next().unwrap_or(key).to_lowercase();
    let is_near = |known: &&str| strsim::damerau_levenshtein(&name, known) <= NEAR;
    WORDS.iter().any(|word| name.contains(word)) || NAMES.iter().any(is_near)
}

#[cfg(test)]
#[path = "money_tests.rs"]
mod tests;

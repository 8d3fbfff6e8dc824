//! The settings about money: read anew each time, and which mistakes in the file put them in doubt.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::model::{Doubt, MoneySettings, MoneySource};

use super::error::ConfigError;
use super::located::{Document, Mistake};
use super::models;
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
/// So many letters may be wrong.
const NEAR: usize = 2;
/// The table of prices.
const PRICES: &str = "prices";
/// What is done about a mistake in them.
pub(super) const NOW: &str = "live takes are not sent until it is corrected";

/// The settings file and the file of models as far as they are about money.
pub struct MoneyFile {
    settings: Watched,
    models: Watched,
}

impl MoneyFile {
    /// The files in these folders.
    pub fn of(paths: &Paths) -> Self {
        let file = Self {
            settings: Watched::of(paths.settings_file()),
            models: Watched::of(paths.models_file()),
        };
        file.read();
        file
    }
}

/// The files are small, so they are read whole each time: no change can be missed.
impl MoneySource for MoneyFile {
    fn read(&self) -> MoneySettings {
        let (models, models_lost) = self.models.read();
        let (specs, mut errors) = models::of(models.as_ref());
        let (settings, settings_lost) = self.settings.read();
        let (settings, more) = Settings::of(settings.as_ref(), models::prices(&specs));
        errors.extend(more);
        let lost = |doubt: Doubt, hides_the_cap| Doubt {
            hides_the_cap,
            ..doubt
        };
        MoneySettings {
            cap_per_day: settings.cap_per_day,
            prices: settings.prices,
            doubt: doubt(&errors)
                .or(settings_lost.map(|doubt| lost(doubt, true)))
                .or(models_lost.map(|doubt| lost(doubt, false))),
        }
    }
}

/// A file that is read again and again.
struct Watched {
    file: PathBuf,
    /// There was a file once: when it is gone, that is no wish for the defaults.
    was_there: AtomicBool,
    /// It was not empty once: one that is empty now was probably just being saved.
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

/// Why these errors put the settings about money in doubt, if they do: the first place, and whether any of them
/// concerns the cap.
#[must_use]
pub fn doubt(errors: &[ConfigError]) -> Option<Doubt> {
    let mut doubtful = errors.iter().filter(|error| is_about_money(error)).peekable();
    let first = *doubtful.peek()?;
    Some(Doubt {
        place: match first {
            ConfigError::Located(located) => format!("{}:{}", located.file.display(), located.line),
            ConfigError::Unreadable { path, .. } => path.display().to_string(),
            other => other.to_string(),
        },
        why: first.to_string(),
        hides_the_cap: doubtful.any(|error| !is_about_a_price(error)),
    })
}

/// Says of an error about money what is done about it.
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

/// Whether the cap is beyond doubt: what is wrong is a price, or lies in the file of models.
fn is_about_a_price(error: &ConfigError) -> bool {
    let is_of_models = |file: &Path| file.file_name().is_some_and(|name| name == "models.toml");
    match error {
        ConfigError::Located(located) => match &located.mistake {
            Mistake::Syntax | Mistake::Model => is_of_models(&located.file),
            Mistake::Value(key) | Mistake::UnknownKey(key) => is_in_prices(key),
        },
        ConfigError::Unreadable { path, .. } => is_of_models(path),
        _ => false,
    }
}

fn is_setting_about_money(key: &str) -> bool {
    key == "cap_per_day" || is_in_prices(key)
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
mod tests {
    use super::*;

    fn doubt_of(text: &str) -> Option<Doubt> {
        let document = Document::new(Path::new("config.toml"), text.to_owned());
        doubt(&Settings::read(&document).1)
    }

    #[test]
    fn mistakes_about_money_are_told_from_others() {
        for text in [
            "cap_per_day = 0,50",
            "cap_per_day = -5",
            "cap_per_day = \"\"",
            "cap_per_dya = 1",
            "cpa_pre_day = 1",
            "CAP = 1",
            "daily_cap = 1",
            "maximum = 1",
            "mxa = 1",
            "prcie = 1",
            "[pricse.\"seedance-2.0\"]",
            "[lint]\nmax_gap = 1",
            "prices = 5",
            "mouse: true",
            "cap_per_day = 5\ncap_per_day = 500",
            "theme = \"night",
        ] {
            let doubt = doubt_of(text).unwrap_or_else(|| panic!("{text:?} was trusted"));
            assert!(doubt.place.starts_with("config.toml:"), "{doubt:?}");
            assert!(doubt.why.contains("live takes are not sent"), "{doubt:?}");
        }
        for text in [
            "",
            "cap_per_day = 0.5",
            "thme = \"ansi\"",
            "in_flight = \"many\"",
            "in_fligth = 3",
            "mouse = 3",
            "key = \"SG_0123\"",
            "[timeout]\nread_s = 3",
            "[lint]\noff = [\"gapp\"]",
        ] {
            assert_eq!(doubt_of(text), None, "{text:?}");
        }
    }

    #[test]
    fn only_mistakes_in_prices_leave_the_cap_trusted() {
        let price = "[prices.\"seedance-2.0\"]\nusd_per_million_tokens = \"low\"\nas_of = 2026-11-01\n";
        assert!(!doubt_of(price).unwrap().hides_the_cap);
        assert!(
            doubt_of(&format!("cap_per_day = 1,5\n{price}"))
                .unwrap()
                .hides_the_cap
        );
    }

    #[test]
    fn each_change_of_the_file_is_seen_and_a_file_that_is_gone_is_no_wish_for_the_defaults() {
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths::resolve(Some(folder.path()), &|_| None).unwrap();
        let file = MoneyFile::of(&paths);
        let default = Settings::default().cap_per_day;
        let read = || {
            let read = file.read();
            (read.cap_per_day, read.doubt.is_some())
        };
        assert_eq!(read(), (default, false));
        std::fs::create_dir_all(&paths.config).unwrap();
        let cents = |micros| Some(crate::model::Usd::from_micros(micros));
        for (text, expected) in [
            ("cap_per_day = 0.1", (cents(100_000), false)),
            ("cap_per_day = 0.2", (cents(200_000), false)),
            ("cap_per_day = 0,2", (default, true)),
            ("", (default, true)),
            ("cap_per_day = \"none\"", (None, false)),
        ] {
            std::fs::write(paths.settings_file(), text).unwrap();
            assert_eq!(read(), expected, "{text}");
        }
        std::fs::remove_file(paths.settings_file()).unwrap();
        assert!(read().1);
    }
}

//! The settings, their defaults, and their reading from `config.toml`.

use jiff::civil::Date;

use crate::model::caps::{CapLimits, CapScope};
use crate::model::file_pattern::FilePattern;
use crate::model::models::Model;
use crate::model::money::Usd;
use crate::model::origin::{self, Origin};
use crate::model::price::{PriceTable, Tariff};
use crate::model::rule::{Rule, RuleSet};

use super::choices::{CatalogueReading, Depth, Glyphs, LogColumn, Motion, Notify, PictureMode};
use super::error::ConfigError;
use super::located::{Document, Entry, Located, Section, nearest};
use super::paths::Paths;
use super::{models, money};

/// Less than a few cells a second would show nothing.
const MIN_BYTES_PER_SECOND: u64 = 1000;
const MAX_BYTES_PER_SECOND: u64 = 100_000_000;

/// Everything that a user can set in `config.toml`.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    pub api: ApiSettings,
    pub timeouts: TimeoutSettings,
    /// The most takes that are sent or rendered at a time.
    pub in_flight: u32,
    /// The most that may be spent.
    pub caps: CapLimits,
    /// How often a take that failed for a fault of the provider is repeated automatically.
    pub repeat_failed: u32,
    /// A command line that prints the key.
    pub key_command: Option<String>,
    /// A built-in theme's name, or that of a file in the themes folder.
    pub theme: String,
    pub color: Depth,
    pub motion: Motion,
    pub glyphs: Glyphs,
    /// Whether the mouse is captured.
    pub mouse: bool,
    /// Whether a verdict on a take selects the next take without one.
    pub advance: bool,
    /// When the bell rings for takes that have ended.
    pub notify: Notify,
    /// The published rates with the user's own in their place.
    pub prices: PriceTable,
    pub catalogue: CatalogueReading,
    /// How the videos of a reel without a pattern of its own are named.
    pub file_names: FilePattern,
    /// How many times faster than the provider the sandbox renders.
    pub sandbox_speed: f64,
    /// Rules of the script's checks that are switched off.
    pub lint_off: RuleSet,
    pub pictures: PictureSettings,
    /// The columns of the log besides those that are always shown, from left to right.
    pub log_columns: Vec<LogColumn>,
}

/// How the pictures of takes are shown and kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureSettings {
    pub mode: PictureMode,
    /// What playing may send, in bytes a second.
    pub bytes_per_second: u32,
    /// What the small pictures of takes in the cache may have together, in millions of bytes; 0 for no cache.
    pub cache_mb: u32,
}

/// The origins of the API, without a slash at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiSettings {
    pub gateway: String,
    pub uploads: String,
    pub history: String,
}

/// In seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeoutSettings {
    /// Until a connection is established.
    pub connect_s: u64,
    /// Between two bytes of a response.
    pub read_s: u64,
    /// For a whole call.
    pub overall_s: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            api: ApiSettings {
                gateway: origin::GATEWAY.to_owned(),
                uploads: origin::UPLOADS.to_owned(),
                history: origin::HISTORY.to_owned(),
            },
            timeouts: TimeoutSettings {
                connect_s: 10,
                read_s: 60,
                overall_s: 900,
            },
            in_flight: 4,
            caps: CapLimits::of_day(Some(Usd::from_micros(10_000_000))),
            repeat_failed: 0,
            key_command: None,
            theme: "ansi".to_owned(),
            color: Depth::Auto,
            motion: Motion::Full,
            glyphs: Glyphs::Auto,
            mouse: false,
            advance: false,
            notify: Notify::Auto,
            prices: PriceTable::default(),
            catalogue: CatalogueReading::default(),
            file_names: FilePattern::default(),
            sandbox_speed: 1.0,
            lint_off: RuleSet::NONE,
            pictures: PictureSettings {
                mode: PictureMode::Auto,
                bytes_per_second: 60_000,
                cache_mb: 200,
            },
            log_columns: LogColumn::DEFAULT.to_vec(),
        }
    }
}

impl Settings {
    /// What the settings file says, defaults for the rest, and every error in it and in the file of models. Without a
    /// file: the defaults.
    pub fn load(paths: &Paths) -> (Self, Vec<ConfigError>) {
        let models::Models {
            specs, mut errors, ..
        } = models::models(paths, None);
        let (settings, more) = Self::of(
            Document::read(&paths.settings_file()).as_ref(),
            models::prices(&specs),
        );
        errors.extend(more);
        (settings, errors)
    }

    /// The same for a file that was read, or for the error of reading it.
    pub(super) fn of(
        read: Result<&Option<Document>, &ConfigError>,
        prices: PriceTable,
    ) -> (Self, Vec<ConfigError>) {
        let mut settings = Self {
            prices,
            ..Self::default()
        };
        let errors = match read {
            Ok(None) => Vec::new(),
            Ok(Some(document)) => settings.read_from(document),
            Err(error) => vec![error.clone()],
        };
        (settings, errors)
    }

    /// What `document` says, defaults for the rest, and every error in it.
    pub fn read(document: &Document) -> (Self, Vec<ConfigError>) {
        let mut settings = Self::default();
        let errors = settings.read_from(document);
        (settings, errors)
    }

    fn read_from(&mut self, document: &Document) -> Vec<ConfigError> {
        let mut errors = document.read_with(|section| self.take_from(section));
        for error in &mut errors {
            money::mark(error);
        }
        errors
    }

    fn take_from(&mut self, section: &mut Section<'_>) {
        section.set("theme", &mut self.theme, theme_name);
        section.set("color", &mut self.color, |entry| {
            entry.one_of(&Depth::ALL.map(Depth::word))
        });
        section.set("motion", &mut self.motion, |entry| {
            entry.one_of(&Motion::ALL.map(Motion::word))
        });
        section.set("glyphs", &mut self.glyphs, |entry| {
            entry.one_of(&Glyphs::ALL.map(Glyphs::word))
        });
        section.set("mouse", &mut self.mouse, Entry::flag);
        section.set("advance", &mut self.advance, Entry::flag);
        section.set("notify", &mut self.notify, |entry| {
            entry.one_of(&Notify::ALL.map(Notify::word))
        });
        section.set("in_flight", &mut self.in_flight, |entry| entry.whole(1..=100));
        for scope in CapScope::ALL {
            section.set(scope.setting(), self.caps.get_mut(scope), cap);
        }
        section.set("repeat_failed", &mut self.repeat_failed, |entry| {
            entry.whole(0..=3)
        });
        section.set("key_command", &mut self.key_command, |entry| {
            command_line(entry).map(Some)
        });
        section.set("catalogue", &mut self.catalogue, |entry| {
            entry.one_of(&CatalogueReading::ALL.map(CatalogueReading::word))
        });
        section.set("file_names", &mut self.file_names, |entry| {
            FilePattern::parse(&entry.text()?).map_err(|error| entry.unfit(&error.to_string()))
        });
        section.set("sandbox_speed", &mut self.sandbox_speed, |entry| {
            entry.number(0.1..=1000.0)
        });
        section.table("api", |api| {
            api.set("gateway", &mut self.api.gateway, origin_of);
            api.set("uploads", &mut self.api.uploads, origin_of);
            api.set("history", &mut self.api.history, origin_of);
        });
        section.table("timeouts", |timeouts| {
            timeouts.set("connect_s", &mut self.timeouts.connect_s, |entry| {
                entry.whole(1..=120)
            });
            timeouts.set("read_s", &mut self.timeouts.read_s, |entry| entry.whole(1..=3600));
            timeouts.set("overall_s", &mut self.timeouts.overall_s, |entry| {
                entry.whole(10..=86_400)
            });
        });
        section.table("pictures", |pictures| {
            pictures.set("mode", &mut self.pictures.mode, |entry| {
                entry.one_of(&PictureMode::ALL.map(PictureMode::word))
            });
            pictures.set("bytes_per_second", &mut self.pictures.bytes_per_second, |entry| {
                entry.whole(MIN_BYTES_PER_SECOND..=MAX_BYTES_PER_SECOND)
            });
            pictures.set("cache_mb", &mut self.pictures.cache_mb, |entry| {
                entry.whole(0..=100_000)
            });
        });
        section.table("log", |log| {
            log.set_each("columns", &mut self.log_columns, log_column);
            // Each is shown once.
            let all = std::mem::take(&mut self.log_columns);
            for column in all {
                if !self.log_columns.contains(&column) {
                    self.log_columns.push(column);
                }
            }
        });
        section.table("lint", |lint| {
            lint.set_each("off", &mut self.lint_off, rule);
        });
        section.table("prices", |prices| {
            for model in Model::all() {
                prices.table(model.slug(), |price| read_price(&mut self.prices, model, price));
            }
        });
    }
}

/// Both keys must be there: a price without its day may be outdated.
fn read_price(prices: &mut PriceTable, model: Model, section: &mut Section<'_>) {
    let (mut dollars, mut as_of) = (Usd::ZERO, Date::ZERO);
    let has_price = section.set("usd_per_million_tokens", &mut dollars, amount);
    let has_day = section.set("as_of", &mut as_of, date);
    if has_price && has_day {
        // It counts for every resolution, even where each has a tariff of its own.
        prices.replace(model, &[Tariff::of_million_tokens(dollars, as_of)]);
    } else if has_price {
        section.lacks("as_of", "the day on which this was the price, such as 2026-08-10");
    } else {
        section.lacks("usd_per_million_tokens", "an amount in dollars such as 7.00");
    }
}

fn amount(entry: &Entry<'_>) -> Result<Usd, Box<Located>> {
    let written = entry
        .number_text()
        .or_else(|| entry.value().as_str().map(str::to_owned));
    written
        .and_then(|text| Usd::parse(&text).ok())
        .ok_or_else(|| entry.wrong("an amount in dollars such as 12.50, at most six decimals"))
}

fn cap(entry: &Entry<'_>) -> Result<Option<Usd>, Box<Located>> {
    if entry.value().as_str() == Some("none") {
        return Ok(None);
    }
    amount(entry)
        .map(Some)
        .map_err(|_| entry.wrong("an amount in dollars such as 12.50, or \"none\" for no limit"))
}

fn date(entry: &Entry<'_>) -> Result<Date, Box<Located>> {
    let written = match entry.value().as_datetime() {
        Some(day) => Some(day.to_string()),
        None => entry.value().as_str().map(str::to_owned),
    };
    written
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| entry.wrong("a day such as 2026-08-10"))
}

fn origin_of(entry: &Entry<'_>) -> Result<String, Box<Located>> {
    let text = entry.text()?;
    Origin::parse(&text)
        .map(|origin| origin.to_string())
        .map_err(|bad| entry.unfit(&bad.to_string()))
}

fn log_column(entry: &Entry<'_>) -> Result<LogColumn, Box<Located>> {
    let given = entry.value().as_str().unwrap_or_default().to_lowercase();
    if ["number", "seed", "size", "state", "verdict"].contains(&given.as_str()) {
        return Err(entry.unfit(&format!(
            "the column {given} is always shown, before those that are chosen"
        )));
    }
    match given.parse() {
        Ok(column) => Ok(column),
        Err(()) => entry.one_of(&LogColumn::ALL.map(LogColumn::word)),
    }
}

/// A rule by its name.
fn rule(entry: &Entry<'_>) -> Result<Rule, Box<Located>> {
    let given = entry.value().as_str().unwrap_or_default();
    given.parse().map_err(|()| {
        let names = Rule::ALL.iter().map(|rule| rule.word());
        entry.wrong_word(
            "rules by their names, as `rushes lint --rules` lists them",
            nearest(given, names),
        )
    })
}

/// A plain name, as it becomes a file's.
fn theme_name(entry: &Entry<'_>) -> Result<String, Box<Located>> {
    let is_plain = |text: &String| {
        text.chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ' '))
    };
    entry
        .text()
        .ok()
        .filter(is_plain)
        .ok_or_else(|| entry.wrong("a theme's name, as `rushes themes` lists them"))
}

fn command_line(entry: &Entry<'_>) -> Result<String, Box<Located>> {
    let text = entry.text()?;
    match shell_words::split(&text) {
        Ok(words) if !words.is_empty() => Ok(text),
        _ => Err(entry.wrong("a command line with balanced quotation marks")),
    }
}

//! What every command that touches takes opens first: folders, settings, store, reel.

use std::sync::Arc;

use crate::config::{ConfigError, MoneyFile, Paths, Settings};
use crate::engine::rebuild::{self, Rebuilt};
use crate::model::{Backend, Clock, MoneySource, Spending};
use crate::store::{self, Reel, Store};

use super::Failure;
use super::args::Global;
use super::clock;
use super::exit::Exit;

pub(super) struct House {
    pub paths: Paths,
    pub settings: Settings,
    /// What is wrong with the settings file; the defaults stand in.
    pub warnings: Vec<ConfigError>,
    /// What was done about a database that was damaged or gone.
    pub rebuilt: Option<Rebuilt>,
    pub clock: Arc<dyn Clock>,
    pub store: Store,
    pub reel: Reel,
    money: Arc<dyn MoneySource>,
    live_money: Spending,
}

impl House {
    /// Opens everything; makes what is missing.
    pub fn open(global: &Global) -> Result<Self, Failure> {
        let paths = paths(global)?;
        paths.ensure().map_err(|error| Failure::new(Exit::Other, error))?;
        super::logging::start(&paths.state);
        let (settings, warnings) = Settings::load(&paths);
        let clock = clock::clock();
        let options = store::Options::default();
        let (store, rebuilt) = rebuild::open(&paths.database(), &paths.reels(), &clock, options)
            .map_err(|error| Failure::new(Exit::Other, error))?;
        let reel = store
            .reel(&global.reel)
            .map_err(|error| Failure::new(Exit::Other, error))?;
        let money: Arc<dyn MoneySource> = Arc::new(MoneyFile::of(paths.clone()));
        Ok(Self {
            live_money: Spending::of(Arc::clone(&money)),
            money,
            paths,
            settings,
            warnings,
            rebuilt,
            clock,
            store,
            reel,
        })
    }

    /// What may be spent, as the settings say at the moment when it is asked.
    pub fn spending(&self, backend: Backend) -> Spending {
        match backend {
            Backend::Live => self.live_money.clone(),
            Backend::Sandbox => Spending::free(Arc::clone(&self.money)),
        }
    }

    /// What the user has to know before anything else, a sentence each.
    pub fn complaints(&self) -> Vec<String> {
        let rebuilt = self.rebuilt.iter().map(ToString::to_string);
        rebuilt
            .chain(self.warnings.iter().map(ToString::to_string))
            .collect()
    }

    /// Opens everything and says on standard error what is wrong with settings or database.
    pub fn open_and_warn(global: &Global) -> Result<Self, Failure> {
        let house = Self::open(global)?;
        for complaint in house.complaints() {
            super::print::complain(&complaint);
        }
        Ok(house)
    }
}

/// The folders that the options and the environment name.
pub(super) fn paths(global: &Global) -> Result<Paths, Failure> {
    Paths::resolve(global.home.as_deref(), &environment).map_err(|error| Failure::new(Exit::Other, error))
}

/// One variable of the environment.
pub(super) fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

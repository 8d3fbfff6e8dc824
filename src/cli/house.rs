//! What every command that touches takes opens first: folders, settings, store, reel.

use std::sync::Arc;

use crate::config::{ConfigError, MoneyFile, Paths, Settings};
use crate::engine::rebuild::{self, Rebuilt};
use crate::engine::{rows, strays};
use crate::model::{Backend, Clock, MoneySource, Spending};
use crate::store::{self, Reel, Store, StoreError};

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
    /// Why nothing can be written, so that nothing can be sent either.
    pub read_only: Option<String>,
    money: Arc<dyn MoneySource>,
    live_money: Spending,
}

impl House {
    /// Opens everything; makes what is missing. `tell` hears of damage that is met later.
    pub fn open(global: &Global, tell: impl Fn(String) + Send + Sync + 'static) -> Result<Self, Failure> {
        let paths = paths(global)?;
        paths.ensure().map_err(|error| Failure::new(Exit::Other, error))?;
        super::logging::start(&paths.state);
        let (settings, warnings) = Settings::load(&paths);
        let clock = clock::clock();
        let (store, rebuilt, read_only) = open_store(&paths, &clock)?;
        rows::mend_when_met(&store, &paths.reels(), tell);
        let reel = store
            .reel(&global.reel)
            .map_err(|error| Failure::new(Exit::Other, error))?;
        let money: Arc<dyn MoneySource> = Arc::new(MoneyFile::of(&paths));
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
            read_only,
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
        let house = Self::open(global, |said| super::print::complain(&said))?;
        for complaint in house.complaints().iter().chain(&house.read_only) {
            super::print::complain(complaint);
        }
        Ok(house)
    }

    /// The same; takes that only the files beside the films tell of are named, with how to have them back.
    pub fn open_and_offer(global: &Global) -> Result<Self, Failure> {
        let house = Self::open_and_warn(global)?;
        match strays::count(&house.store, &house.paths.reels()) {
            Ok(0) => {}
            Ok(takes) => super::print::complain(&strays::offer(takes)),
            Err(error) => tracing::warn!("the takes were not compared with their files: {error}"),
        }
        Ok(house)
    }
}

/// The store; on a full disk as it was, to be read alone, with what to say about that.
fn open_store(
    paths: &Paths,
    clock: &Arc<dyn Clock>,
) -> Result<(Store, Option<Rebuilt>, Option<String>), Failure> {
    let path = paths.database();
    match rebuild::open(&path, &paths.reels(), clock, store::Options::default()) {
        Ok((store, rebuilt)) => Ok((store, rebuilt, None)),
        Err(full @ StoreError::DiskFull { .. }) => match Store::open_to_read(&path, Arc::clone(clock)) {
            Ok(store) => {
                let said = format!(
                    "the disk of {} is full: takes are shown as they are there, and nothing can be sent, fetched or \
                     changed; make room on it, then start rushes again",
                    path.display()
                );
                Ok((store, None, Some(said)))
            }
            Err(error) => {
                tracing::warn!("{error}");
                Err(Failure::new(Exit::Other, full))
            }
        },
        Err(error) => Err(Failure::new(Exit::Other, error)),
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

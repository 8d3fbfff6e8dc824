//! Opens what every command that touches takes needs: folders, settings, store, reel.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;

use crate::config::{ConfigError, MoneyFile, Paths, Settings};
use crate::engine::Wake;
use crate::engine::sidecars::rebuild::{self, Rebuilt};
use crate::engine::sidecars::{damaged_rows, orphans};
use crate::media::Thumbnails;
use crate::model::spending::Run;
use crate::model::{Backend, Clock, MoneySource, Spending};
use crate::store::{self, Reel, Store, StoreError};

use super::clock::clock;
use super::logging;
use super::problem::Problem;
use super::queue::Queue;
use super::reels;

/// Which reel a command works in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhichReel<'a> {
    /// None was named: `main`, under whatever name it was given since.
    Default,
    /// The one of this name, which must exist.
    Existing(&'a str),
    /// The one of this name, which is created if there is none.
    OrNew(&'a str),
    /// The one of this name, to plan with: if there is none, none is created.
    OrPlanned(&'a str),
}

impl WhichReel<'_> {
    fn open(self, store: &Store, now: Timestamp) -> Result<Reel, Problem> {
        match self {
            Self::Default => Ok(store.default_reel()?),
            Self::Existing(name) => reels::named(store, name),
            Self::OrNew(name) => reels::or_new(store, name),
            Self::OrPlanned(name) => reels::planned(store, name, now),
        }
    }
}

pub struct Home {
    pub paths: Paths,
    pub settings: Settings,
    /// What is wrong with the settings file; defaults are used instead.
    pub warnings: Vec<ConfigError>,
    /// What was done about a database that was damaged or missing.
    pub rebuilt: Option<Rebuilt>,
    pub clock: Arc<dyn Clock>,
    pub store: Store,
    pub reel: Reel,
    /// Why nothing can be written, so that nothing can be sent either.
    pub read_only: Option<Problem>,
    /// Wakes the engine of this process.
    pub wake: Wake,
    /// Small pictures of takes.
    pub thumbnails: Thumbnails,
    money: Arc<dyn MoneySource>,
    live_money: Spending,
}

impl Home {
    /// Opens everything. Folders and the database are created where they are missing; whether a reel is, [`WhichReel`] says.
    /// `home` is the one folder for everything, unless the usual ones are used. `tell` is called with damage that is found
    /// later.
    pub fn open(
        home: Option<&Path>,
        reel: WhichReel<'_>,
        tell: impl Fn(String) + Send + Sync + 'static,
    ) -> Result<Self, Problem> {
        let paths = paths(home)?;
        paths.ensure()?;
        logging::start(&paths.state);
        let (settings, warnings) = Settings::load(&paths);
        let clock = clock();
        let (store, rebuilt, read_only) = open_store(&paths, &clock)?;
        damaged_rows::mend_when_met(&store, &paths.reels(), tell);
        let reel = reel.open(&store, clock.now())?;
        let money: Arc<dyn MoneySource> = Arc::new(MoneyFile::of(&paths));
        Ok(Self {
            thumbnails: Thumbnails::new(&paths.cache, u64::from(settings.pictures.cache_mb) * 1_000_000),
            live_money: Spending::of(Arc::clone(&money)).in_run(this_run()),
            money,
            paths,
            settings,
            warnings,
            rebuilt,
            clock,
            store,
            reel,
            read_only,
            wake: Wake::default(),
        })
    }

    /// What may be spent, by the settings as they are whenever this is read.
    pub fn spending(&self, backend: Backend) -> Spending {
        match backend {
            Backend::Live => self.live_money.clone(),
            Backend::Sandbox => Spending::free(Arc::clone(&self.money)),
        }
    }

    /// The changes that the user can make to takes of `backend`.
    pub fn queue(&self, backend: Backend) -> Queue {
        Queue {
            store: self.store.clone(),
            reels: self.paths.reels(),
            backend,
            spending: self.spending(backend),
            wake: self.wake.clone(),
        }
    }

    /// What the user must know before anything else, one sentence each.
    pub fn complaints(&self) -> Vec<String> {
        let rebuilt = self.rebuilt.iter().map(ToString::to_string);
        let warnings = self.warnings.iter().map(ToString::to_string);
        rebuilt.chain(warnings).collect()
    }

    /// How to get back the takes that only their sidecars know; `None` when there are none.
    pub fn orphans(&self) -> Option<String> {
        match orphans::count(&self.store, &self.paths.reels()) {
            Ok(0) => None,
            Ok(takes) => Some(orphans::offer(takes)),
            Err(error) => {
                tracing::warn!("the takes were not compared with their sidecars: {error}");
                None
            }
        }
    }
}

/// This run of the program, whichever reels it opens.
fn this_run() -> Run {
    static RUN: OnceLock<Run> = OnceLock::new();
    RUN.get_or_init(Run::default).clone()
}

/// Opens the store; if its disk is full, a read-only copy of it, with the reason.
fn open_store(
    paths: &Paths,
    clock: &Arc<dyn Clock>,
) -> Result<(Store, Option<Rebuilt>, Option<Problem>), Problem> {
    let path = paths.database();
    match rebuild::open(&path, &paths.reels(), clock, store::StoreOptions::default()) {
        Ok((store, rebuilt)) => Ok((store, rebuilt, None)),
        Err(full @ StoreError::DiskFull { .. }) => match Store::open_to_read(&path, Arc::clone(clock)) {
            Ok(store) => {
                let shown = "takes are shown, but nothing can be sent, downloaded or changed";
                let problem = Problem {
                    why: format!("{}: {shown}", full.why()),
                    now: "make room on it, then start rushes again".to_owned(),
                    ..full.into()
                };
                Ok((store, None, Some(problem)))
            }
            Err(error) => {
                tracing::warn!("{error}");
                Err(full.into())
            }
        },
        Err(error) => Err(error.into()),
    }
}

/// The folders that `--home` and the environment name.
pub fn paths(home: Option<&Path>) -> Result<Paths, Problem> {
    Ok(Paths::resolve(home, &environment)?)
}

/// One variable of the environment.
pub fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

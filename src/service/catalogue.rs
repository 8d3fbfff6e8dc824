//! Reads the provider's public catalogue of models and keeps what it says. Nothing that is paid for waits for it.

use std::sync::Arc;
use std::time::Duration;

use crate::config::{CatalogueReading, KeptCatalogue, Paths, Servers, Settings};
use crate::engine::blocking;
use crate::model::text::one_line;
use crate::model::{ApiKey, Clock, offer};
use crate::sandbox;
use crate::segmind::{Client, Endpoints, Timeouts};

use super::problem::{Kind, Problem};

/// The longest sentence about what changed, in characters.
const MAX_CHANGES: usize = 600;

/// Reads the catalogue of one origin.
#[derive(Clone)]
pub struct CatalogueReader {
    paths: Paths,
    client: Client,
    servers: Servers,
    clock: Arc<dyn Clock>,
    /// Whether what is read counts from now on; else only for this run.
    keeps: bool,
    is_daily: bool,
}

/// What came of a reading.
#[derive(Debug, Clone)]
pub struct Reading {
    pub catalogue: KeptCatalogue,
    /// What changed, as one sentence; `None` where nothing did.
    pub changes: Option<String>,
    /// The origin that was asked.
    pub origin: String,
    pub is_kept: bool,
}

impl CatalogueReader {
    /// A reader of the catalogue of `api`, which is not kept, or else of the one that the settings name. It knows no key, so
    /// it can send none.
    pub fn new(
        paths: &Paths,
        settings: &Settings,
        clock: Arc<dyn Clock>,
        api: Option<&str>,
    ) -> Result<Self, Problem> {
        let seconds = Duration::from_secs;
        let timeouts = Timeouts {
            connect: seconds(settings.timeouts.connect_s),
            read: seconds(settings.timeouts.read_s),
            overall: seconds(settings.timeouts.overall_s),
        };
        let of_settings = || Servers {
            catalogue: settings.api.history.trim_end_matches('/').to_owned(),
            gateway: settings.api.gateway.trim_end_matches('/').to_owned(),
        };
        let servers = api.map_or_else(of_settings, Servers::one);
        let no_key = ApiKey::new(sandbox::KEY).map_err(|bad| Problem::of(Kind::Other, bad.complaint()))?;
        let client = Client::new(Endpoints::at_one(&servers.catalogue), no_key, timeouts)
            .map_err(|error| Problem::new(Kind::Usage, error.message, "correct the URL"))?;
        Ok(Self {
            paths: paths.clone(),
            client,
            servers,
            clock,
            keeps: api.is_none(),
            is_daily: settings.catalogue == CatalogueReading::Daily,
        })
    }

    /// Reads the catalogue now.
    ///
    /// # Errors
    /// It cannot be had, or nothing follows from it: then nothing changes.
    pub async fn read(&self) -> Result<Reading, Problem> {
        let read = match self.client.models().await {
            Ok(response) => offer::read(&response.value)
                .map_err(|why| Problem::because(format!("{}: {why}", self.servers.catalogue))),
            Err(error) => Err(Problem::new(Kind::of_failure(error.kind), &*error.message, "")),
        };
        let this = self.clone();
        let read = blocking(move || this.keep(read)).await;
        read.map_err(|problem| problem.so("the catalogue of models was not read, and nothing changes"))
    }

    /// Reads the catalogue if the settings want that and it was not tried within the last day. Returns what changed.
    pub async fn read_if_due(&self) -> Result<Option<String>, Problem> {
        let (paths, servers, now) = (self.paths.clone(), self.servers.clone(), self.clock.now());
        let is_due = self.is_daily && blocking(move || KeptCatalogue::of(&paths, &servers).is_due(now)).await;
        if !is_due {
            return Ok(None);
        }
        Ok(self.read().await?.changes)
    }

    fn keep(&self, read: Result<offer::Offer, Problem>) -> Result<Reading, Problem> {
        let before = KeptCatalogue::of(&self.paths, &self.servers);
        let said = read.as_ref().cloned();
        let said = said.map_err(|problem| one_line(&problem.to_string(), 400));
        let catalogue = before.clone().with(said, &self.servers, self.clock.now());
        if self.keeps
            && let Err(error) = catalogue.write(&self.paths)
        {
            let file = self.paths.catalogue_file();
            return Err(Problem::because(format!("{}: {error}", file.display())));
        }
        read?;
        let [old, new] = [&before, &catalogue].map(|kept| kept.models(&self.paths).specs);
        let changes = offer::changes(&old, &new);
        Ok(Reading {
            catalogue,
            changes: (!changes.is_empty()).then(|| one_line(&changes, MAX_CHANGES)),
            origin: self.servers.catalogue.clone(),
            is_kept: self.keeps,
        })
    }
}

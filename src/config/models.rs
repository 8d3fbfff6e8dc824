//! The models on offer: the embedded file, what the kept catalogue changes, and the user's `models.toml` beside the settings.

use crate::model::catalogue::{self, CatalogueError, ProviderLayer};
use crate::model::text::one_line;
use crate::model::{ModelSpec, PriceTable, origin};

use super::error::ConfigError;
use super::kept_catalogue::{KeptCatalogue, Servers};
use super::located::{Document, Mistake};
use super::model_mistakes;
use super::money;
use super::paths::Paths;

/// The models on offer, and what is wrong with what was said of them.
#[derive(Debug, Clone, Default)]
pub struct Models {
    pub specs: Vec<ModelSpec>,
    /// Mistakes in the user's file. A model with one there stays as it was.
    pub errors: Vec<ConfigError>,
    /// What of the provider's catalogue does not count, and why.
    pub left_out: Vec<String>,
}

/// The models on offer at `api`, or else at the server that the settings name.
pub fn models(paths: &Paths, api: Option<&str>) -> Models {
    kept(paths, api).models(paths)
}

/// What is kept of the catalogue of `api`, or else of the servers that the settings name; nothing where they cannot be read.
pub fn kept(paths: &Paths, api: Option<&str>) -> KeptCatalogue {
    let servers = api.map(Servers::one).or_else(|| servers(paths));
    servers.map_or_else(KeptCatalogue::default, |servers| {
        KeptCatalogue::of(paths, &servers)
    })
}

/// The servers that the settings name. They are read for this alone, because the models decide how the rest is read.
fn servers(paths: &Paths) -> Option<Servers> {
    let document = Document::read(&paths.settings_file()).ok()?;
    let table: toml::Table = document
        .map_or_else(|| Ok(toml::Table::new()), |document| document.text.parse())
        .ok()?;
    let named = |field: &str, usual: &str| {
        let origin = table
            .get("api")
            .and_then(|api| api.get(field)?.as_str())
            .unwrap_or(usual);
        origin.trim_end_matches('/').to_owned()
    };
    Some(Servers {
        catalogue: named("history", origin::HISTORY),
        gateway: named("gateway", origin::GATEWAY),
    })
}

impl KeptCatalogue {
    /// The models on offer with this catalogue.
    pub fn models(&self, paths: &Paths) -> Models {
        of(&self.layer(), Document::read(&paths.models_file()).as_ref())
    }
}

/// The same for a file that was read, or for the error of reading it.
pub(super) fn of(catalogue: &ProviderLayer, read: Result<&Option<Document>, &ConfigError>) -> Models {
    let document = read.ok().and_then(Option::as_ref);
    let text = document.map_or("", |document| document.text.as_str());
    let all = catalogue::layered(catalogue, text);
    let located = all.errors.iter().zip(document.into_iter().cycle());
    let located = located.map(|(error, document)| located_in(document, error));
    Models {
        specs: all.specs,
        errors: read.err().cloned().into_iter().chain(located).collect(),
        left_out: all.left_out,
    }
}

/// Any mistake in the file may hide a price.
fn located_in(document: &Document, error: &CatalogueError) -> ConfigError {
    let (found, meant) = model_mistakes::plain(&error.what);
    let mut located = document.at(&error.span, Mistake::Model, one_line(&found, 200), money::NOW);
    located.meant = meant;
    ConfigError::Located(located)
}

/// The prices of these models.
pub(super) fn prices(specs: &[ModelSpec]) -> PriceTable {
    let mut prices = PriceTable::default();
    for spec in specs {
        if let Ok(model) = spec.slug.parse() {
            prices.replace(model, &spec.prices);
        }
    }
    prices
}

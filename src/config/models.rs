//! The user's own models: `models.toml` beside the settings, on top of the embedded one.

use crate::model::catalogue::{self, CatalogueError};
use crate::model::text::one_line;
use crate::model::{ModelSpec, PriceTable};

use super::error::ConfigError;
use super::located::{Document, Mistake};
use super::money;
use super::paths::Paths;

/// The models on offer, and what is wrong in the user's file. A model with an error there stays as it was.
pub fn models(paths: &Paths) -> (Vec<ModelSpec>, Vec<ConfigError>) {
    of(Document::read(&paths.models_file()).as_ref())
}

/// The same for a file that was read, or for the error of reading it.
pub(super) fn of(read: Result<&Option<Document>, &ConfigError>) -> (Vec<ModelSpec>, Vec<ConfigError>) {
    match read {
        Ok(None) => (catalogue::embedded().to_vec(), Vec::new()),
        Ok(Some(document)) => {
            let (specs, errors) = catalogue::with(&document.text);
            (
                specs,
                errors.iter().map(|error| located(document, error)).collect(),
            )
        }
        Err(error) => (catalogue::embedded().to_vec(), vec![error.clone()]),
    }
}

/// Any mistake in the file may hide a price.
fn located(document: &Document, error: &CatalogueError) -> ConfigError {
    let found = one_line(&error.what, 200);
    ConfigError::Located(document.at(&error.span, Mistake::Model, found, money::NOW))
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

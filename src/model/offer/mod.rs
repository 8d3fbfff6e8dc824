//! What the provider's public catalogue says about its Seedance models: its reading, and the layer that it becomes between
//! the built-in models and the user's.
//!
//! The form of the catalogue is not published, so every form that is likely is read. What cannot be understood changes
//! nothing. (Segmind, model catalogue.)

mod changes;
mod layer;
mod parameter;
mod read;

use serde::{Deserialize, Serialize};

pub use changes::changes;
pub use layer::layer;
pub use parameter::{OfferedParameter, ValueKind};
pub use read::read;

/// Every slug of the family begins with it.
pub const FAMILY: &str = "seedance";

/// The models of the family in a catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Offer {
    pub models: Vec<OfferedModel>,
}

/// The most models of the family.
const MAX_MODELS: usize = 64;

/// A row of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferedModel {
    pub slug: String,
    /// The provider says that it will end, or has ended.
    pub retired: bool,
    /// What a request may hold; or why that is not known.
    pub parameters: Result<Vec<OfferedParameter>, String>,
}

impl Offer {
    /// This offer after an earlier one: models that only the earlier one had are retired, not forgotten, because the user's
    /// file and old takes may name them.
    #[must_use]
    pub fn after(mut self, earlier: Option<&Self>) -> Self {
        let has = |models: &[OfferedModel], slug: &str| models.iter().any(|model| model.slug == slug);
        for gone in earlier.map_or(&[][..], |earlier| &earlier.models) {
            if self.models.len() < MAX_MODELS && !has(&self.models, &gone.slug) {
                self.models.push(OfferedModel {
                    retired: true,
                    ..gone.clone()
                });
            }
        }
        self
    }
}

impl OfferedModel {
    /// What the catalogue says of a field of the request body.
    fn parameter(&self, name: &str) -> Option<&OfferedParameter> {
        let all = self.parameters.as_deref().unwrap_or_default();
        all.iter().find(|parameter| parameter.name == name)
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;

//! How long a take is expected to need: from similar takes of the user, or from what is published.

use crate::model::{Backend, Expectation, Model, Resolution, Seconds};
use crate::store::{Store, StoreError};

use super::setup::Published;

/// The most takes that the range is made of.
const MAX_SAMPLES: u32 = 50;

/// The range for a take of this kind, from submit to saved.
pub fn expectation(
    store: &Store,
    published: &Published,
    backend: Backend,
    model: Model,
    resolution: Resolution,
    duration: Seconds,
) -> Result<Expectation, StoreError> {
    let samples = store.samples(backend, model, resolution, duration, MAX_SAMPLES)?;
    Ok(Expectation::of_samples(&samples).unwrap_or_else(|| published(model, resolution)))
}

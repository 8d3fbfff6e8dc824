//! The expected range of a take: one's own takes like it, else what is published.

use crate::model::{Backend, Expectation, Model, Resolution, Seconds, Take};
use crate::store::{Store, StoreError};

use super::Published;
use super::context::{Context, Stop};

/// Takes of one's own that make the range, at most.
const SAMPLES: u32 = 50;

/// The range for a take of this kind, from submit to saved.
///
/// # Errors
/// When the store cannot be read.
pub fn expectation(
    store: &Store,
    published: &Published,
    backend: Backend,
    model: Model,
    resolution: Resolution,
    duration: Seconds,
) -> Result<Expectation, StoreError> {
    let samples = store.samples(backend, model, resolution, duration, SAMPLES)?;
    Ok(Expectation::of_samples(&samples).unwrap_or_else(|| published(model, resolution)))
}

pub(super) async fn of_take(context: &Context, take: &Take) -> Result<Expectation, Stop> {
    let published = context.setup.published.clone();
    let (backend, model, resolution, duration) = (take.backend, take.model, take.resolution, take.duration);
    context
        .keep(move |store| expectation(store, &published, backend, model, resolution, duration))
        .await
}

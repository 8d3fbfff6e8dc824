//! Calls the store off the event loop, and repeats what must be kept until it is.

use std::time::Duration;

use crate::model::pause::backoff;
use crate::store::{Store, StoreError};

use super::blocking::blocking;
use super::context::Context;
use super::pauses::Interrupted;

const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LAST_PAUSE: Duration = Duration::from_secs(10);

impl Context {
    /// Runs `work` on the store once.
    pub async fn once<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let store = self.setup.store.clone();
        blocking(move || work(&store)).await
    }

    /// Runs `work` on the store until it succeeds, because what it writes may not be lost. Gives up only when the
    /// engine stops or the store refuses the change.
    pub async fn keep<T: Send + 'static>(
        &self,
        work: impl Fn(&Store) -> Result<T, StoreError> + Clone + Send + 'static,
    ) -> Result<T, Interrupted> {
        let mut failures = 0;
        loop {
            let error = match self.once(work.clone()).await {
                Ok(done) => return Ok(done),
                Err(error) => error,
            };
            if error.is_about_the_take() {
                tracing::info!("a worker leaves its take: {error}");
                return Err(Interrupted::NotOurs);
            }
            failures += 1;
            if failures == 1 {
                self.events.problem(error.to_string());
            }
            let pause = backoff(failures, FIRST_PAUSE, LAST_PAUSE);
            self.pauses.rest(pause).await?;
        }
    }
}

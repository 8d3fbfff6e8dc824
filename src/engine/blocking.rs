//! Runs blocking work on a thread of its own.

use std::panic::resume_unwind;

/// Runs `work` on files or the store off the event loop. Its panic becomes the caller's.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(died) => match died.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            // The program is ending.
            Err(_cancelled) => std::future::pending().await,
        },
    }
}

//! Waits with jitter that end when the engine stops.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

/// Why a worker stops working on a take that is not settled.
#[derive(Debug)]
pub(super) enum Interrupted {
    /// The engine is stopping.
    Cancelled,
    /// Another process works on it now, or the store refuses the transition.
    NotOurs,
}

/// The engine's stop signal, and its source of jitter.
pub(super) struct Pauses {
    stop: CancellationToken,
    random: Mutex<fastrand::Rng>,
}

impl Pauses {
    pub fn new(seed: u64) -> Self {
        Self {
            stop: CancellationToken::new(),
            random: Mutex::new(fastrand::Rng::with_seed(seed)),
        }
    }

    /// Ends every pause, now and from now on.
    pub fn stop(&self) {
        self.stop.cancel();
    }

    pub fn is_stopped(&self) -> bool {
        self.stop.is_cancelled()
    }

    /// Returns when the engine is asked to stop.
    pub async fn stopped(&self) {
        self.stop.cancelled().await;
    }

    /// Waits for `pause` with jitter.
    pub async fn rest(&self, pause: Duration) -> Result<(), Interrupted> {
        let pause = jittered(
            pause,
            &mut self.random.lock().unwrap_or_else(PoisonError::into_inner),
        );
        self.unless_stopped(tokio::time::sleep(pause)).await
    }

    /// Waits for `work`, unless the engine is asked to stop first.
    pub async fn unless_stopped<T>(&self, work: impl Future<Output = T>) -> Result<T, Interrupted> {
        tokio::select! {
            biased;
            () = self.stopped() => Err(Interrupted::Cancelled),
            done = work => Ok(done),
        }
    }
}

/// `pause` changed by up to a tenth either way, so that many takes do not ask at the same moment.
pub fn jittered(pause: Duration, random: &mut fastrand::Rng) -> Duration {
    pause.mul_f64(0.9 + 0.2 * random.f64())
}

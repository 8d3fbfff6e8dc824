//! Wakes the engine of this process. Everything that changes the queue holds a `Wake`, even before an engine runs.

use std::sync::Arc;

use tokio::sync::Notify;

/// Clones wake the same engine.
#[derive(Debug, Clone, Default)]
pub struct Wake {
    queue: Arc<Notify>,
    history: Arc<Notify>,
}

impl Wake {
    /// There may be something to do. An engine that is busy, or starts later, looks then.
    pub fn wake(&self) {
        self.queue.notify_one();
    }

    /// Asks the history about unknown outcomes now instead of at their next turn.
    pub fn check_unknown(&self) {
        self.history.notify_waiters();
        self.wake();
    }

    /// Returns when there may be something to do.
    pub async fn woken(&self) {
        self.queue.notified().await;
    }

    /// Returns when the history is to be asked now.
    pub(super) async fn history_wanted(&self) {
        self.history.notified().await;
    }
}

//! Starts and stops an engine.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::model::TakeId;

use super::balance;
use super::context::Context;
use super::events::{Event, Events};
use super::lifecycle::queue;
use super::pauses::Interrupted;
use super::setup::Setup;
use super::startup::is_safe_to_send;

/// How long a submit may take to end when the engine stops.
const GRACE: Duration = Duration::from_secs(3);

/// A running engine.
pub struct Engine {
    context: Arc<Context>,
    queue: JoinHandle<()>,
}

impl Engine {
    /// Starts working: first on what an earlier run left unsettled, then on what waits.
    pub fn start(setup: Setup) -> (Self, UnboundedReceiver<Event>) {
        Self::start_with(setup, true)
    }

    /// Starts working on what was sent before, without sending what waits.
    pub fn finish_only(setup: Setup) -> (Self, UnboundedReceiver<Event>) {
        Self::start_with(setup, false)
    }

    fn start_with(setup: Setup, sends: bool) -> (Self, UnboundedReceiver<Event>) {
        let (events, receiver) = Events::new();
        let context = Arc::new(Context::new(setup, events));
        let ours = Arc::clone(&context);
        let queue = tokio::spawn(async move {
            match is_safe_to_send(&ours).await {
                Err(Interrupted::Cancelled) => {}
                Ok(true) => queue::run(ours, sends).await,
                Ok(false) | Err(Interrupted::NotOurs) => queue::run(ours, false).await,
            }
        });
        (Self { context, queue }, receiver)
    }

    /// There may be something to do.
    pub fn wake(&self) {
        self.context.setup.wake.wake();
    }

    /// Asks the history about unknown outcomes now instead of at their next turn.
    pub fn check_unknown(&self) {
        self.context.setup.wake.check_unknown();
    }

    /// Asks for the balance of a live account, unless it was asked for within the last minute.
    pub fn ask_balance(&self) {
        tokio::spawn(balance::ask(Arc::clone(&self.context)));
    }

    /// How long until the history proves what became of a take of unknown outcome; `None` while that is not known,
    /// and when the time has come and the history did not tell.
    pub fn proof_in(&self, take: TakeId) -> Option<Duration> {
        let due = self.context.proofs.get(take)?;
        Some(due.saturating_duration_since(Instant::now()))
    }

    /// Stops working and gives the leases back. A submit under way gets a moment to end; takes at the provider stay
    /// there and are taken over by the next engine.
    pub async fn stop(self) {
        let context = self.context;
        context.pauses.stop();
        if tokio::time::timeout(GRACE, self.queue).await.is_err() {
            tracing::warn!("a submit did not end in time; its outcome will be looked up");
        }
        let owner = context.owner.clone();
        let release = context.once(move |store| store.leases(&owner).release_all());
        if let Err(error) = release.await {
            tracing::warn!("leases were not given back and will expire: {error}");
        }
    }
}

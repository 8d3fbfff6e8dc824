//! The service as the workbench calls it, off its event loop; tests replace it.

use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::engine::Event;
use crate::engine::admit::{Order, Uploading};
use crate::engine::reconcile::{Comparison, Elsewhere, MAX_DAYS};
use crate::model::{PriceTable, TakeId};

use super::problem::Problem;
use super::session::Session;

/// Called for each file that is uploaded.
pub type Uploads = Box<dyn Fn(Uploading) + Send + Sync>;
/// The result of a call, later.
pub type Pending<T> = BoxFuture<'static, Result<T, Problem>>;

/// A session whose engine runs.
pub trait Service: Send + Sync + 'static {
    /// Uploads local files and queues takes. Nothing is queued when it fails.
    fn submit(&self, order: Order, tell: Uploads) -> Pending<Vec<TakeId>>;
    /// Asks the provider's history about unknown outcomes now.
    fn check_unknown(&self);
    /// Asks for the balance, unless it was asked for within the last minute.
    fn ask_balance(&self);
    /// Reconciles the ledger with the provider's history; if `quiet`, only when that is due.
    fn reconcile(&self, quiet: bool) -> Pending<Option<Arc<Comparison>>>;
    /// Reads the provider's catalogue of models if that is due, and returns what changed.
    fn read_catalogue_if_due(&self) -> Pending<Option<String>>;
    /// Imports generations made elsewhere. Some may be imported before an error.
    fn import(&self, reel_id: String, prices: PriceTable, chosen: Vec<Elsewhere>) -> Pending<Vec<TakeId>>;
    /// Releases leases; takes in flight stay in flight at the provider.
    fn stop(&self) -> BoxFuture<'static, ()>;
}

/// A session that was just started, and its events.
pub type Started = (Arc<dyn Service>, UnboundedReceiver<Event>);

/// Starts the session, after the first frame is on screen.
pub type Starter = Box<dyn FnOnce() -> Pending<Started> + Send>;

/// Starts the engine of a session for the workbench.
pub fn start(session: Session) -> Started {
    let events = session.start();
    (Arc::new(Running(Arc::new(session))), events)
}

struct Running(Arc<Session>);

impl Service for Running {
    fn submit(&self, order: Order, tell: Uploads) -> Pending<Vec<TakeId>> {
        let session = Arc::clone(&self.0);
        async move { session.submit(order, tell.as_ref()).await }.boxed()
    }

    fn check_unknown(&self) {
        self.0.check_unknown();
    }

    fn ask_balance(&self) {
        self.0.ask_balance();
    }

    fn reconcile(&self, quiet: bool) -> Pending<Option<Arc<Comparison>>> {
        let session = Arc::clone(&self.0);
        async move {
            let comparison = if quiet {
                session.reconcile_if_due().await?
            } else {
                Some(session.reconcile(MAX_DAYS).await?)
            };
            Ok(comparison.map(Arc::new))
        }
        .boxed()
    }

    fn read_catalogue_if_due(&self) -> Pending<Option<String>> {
        let session = Arc::clone(&self.0);
        async move { session.read_catalogue_if_due().await }.boxed()
    }

    fn import(&self, reel_id: String, prices: PriceTable, chosen: Vec<Elsewhere>) -> Pending<Vec<TakeId>> {
        let session = Arc::clone(&self.0);
        async move {
            let imported = session.import(reel_id, prices, chosen).await?;
            Ok(imported.iter().map(|take| take.id).collect())
        }
        .boxed()
    }

    fn stop(&self) -> BoxFuture<'static, ()> {
        let session = Arc::clone(&self.0);
        async move { session.end().await }.boxed()
    }
}

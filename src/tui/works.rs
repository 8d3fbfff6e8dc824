//! The engine as the workbench sees it: started once, woken, asked, stopped. A test puts a stand-in here.

use futures::future::BoxFuture;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::model::{Backend, TakeId};

/// What the engine tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WorksEvent {
    /// The take's row changed: read it anew.
    Take(TakeId),
    /// The line stopped, slowed or resumed: read it anew.
    Line(Backend),
    /// Bytes of the film that have arrived.
    Progress {
        take: TakeId,
        bytes: u64,
        total: Option<u64>,
    },
    /// Something the user must know: one sentence and the next step.
    Trouble(String),
}

/// A running engine.
pub trait Works: Send + Sync + 'static {
    /// There may be new waiting takes.
    fn wake(&self);
    /// Ask the provider's history about unknown outcomes now.
    fn check_again(&self);
    /// The user knows that this take never reached the provider. What came of it is told as an event.
    fn mark_not_sent(&self, id: TakeId);
    /// Releases leases; takes in flight stay in flight at the provider.
    fn stop(&self) -> BoxFuture<'static, ()>;
}

/// An engine just started, and what it will tell.
pub type Started = (Box<dyn Works>, UnboundedReceiver<WorksEvent>);

/// Starts the engine after the first frame is on screen; an error is one sentence and the next step.
pub type Starter = Box<dyn FnOnce() -> BoxFuture<'static, Result<Started, String>> + Send>;

//! The engine as the workbench sees it: started once, asked, stopped. A test puts a stand-in here.

use std::sync::{Arc, Mutex, PoisonError};

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::engine::admit::{Order, admit};
use crate::engine::{self, Engine, Event};
use crate::model::TakeId;
use crate::segmind::Client;
use crate::store::Store;

/// A running engine.
pub trait Works: Send + Sync + 'static {
    /// Uploads what is local and puts takes in line. An error is one sentence and the next step; nothing is in
    /// line then.
    fn admit(&self, order: Order) -> BoxFuture<'static, Result<Vec<TakeId>, String>>;
    /// There may be new waiting takes.
    fn wake(&self);
    /// Ask the provider's history about unknown outcomes now.
    fn check_again(&self);
    /// Releases leases; takes in flight stay in flight at the provider.
    fn stop(&self) -> BoxFuture<'static, ()>;
}

/// An engine just started, and what it will tell.
pub type Started = (Arc<dyn Works>, UnboundedReceiver<Event>);

/// Starts the engine after the first frame is on screen; an error is one sentence and the next step.
pub type Starter = Box<dyn FnOnce() -> BoxFuture<'static, Result<Started, String>> + Send>;

/// Starts the real engine. `after` is done when it has been stopped: a sandbox must live as long as its engine.
#[must_use]
pub fn start(setup: engine::Setup, after: BoxFuture<'static, ()>) -> Started {
    let (client, store) = (setup.client.clone(), setup.store.clone());
    let (engine, events) = Engine::start(setup);
    let engine = Mutex::new(Some(engine));
    let after = Mutex::new(Some(after));
    (
        Arc::new(Real {
            engine,
            after,
            client,
            store,
        }),
        events,
    )
}

struct Real {
    /// Gone when stopped.
    engine: Mutex<Option<Engine>>,
    after: Mutex<Option<BoxFuture<'static, ()>>>,
    client: Client,
    store: Store,
}

impl Real {
    fn with(&self, ask: impl FnOnce(&Engine)) {
        if let Some(engine) = self
            .engine
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .as_ref()
        {
            ask(engine);
        }
    }
}

impl Works for Real {
    fn admit(&self, order: Order) -> BoxFuture<'static, Result<Vec<TakeId>, String>> {
        let (store, client) = (self.store.clone(), self.client.clone());
        async move {
            let admitted = admit(&store, &client, order, &mut fastrand::Rng::new()).await;
            admitted.map_err(|error| error.to_string())
        }
        .boxed()
    }

    fn wake(&self) {
        self.with(Engine::wake);
    }

    fn check_again(&self) {
        self.with(Engine::check_unknown);
    }

    fn stop(&self) -> BoxFuture<'static, ()> {
        let engine = self.engine.lock().unwrap_or_else(PoisonError::into_inner).take();
        let after = self.after.lock().unwrap_or_else(PoisonError::into_inner).take();
        async move {
            if let Some(engine) = engine {
                engine.stop().await;
            }
            if let Some(after) = after {
                after.await;
            }
        }
        .boxed()
    }
}

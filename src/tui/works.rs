//! The engine as the workbench sees it: started once, asked, stopped. A test puts a stand-in here.

use std::sync::{Arc, Mutex, PoisonError};

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::engine::admit::{Order, Orders, Uploading};
use crate::engine::reconcile::{self, Account, Comparison, Elsewhere};
use crate::engine::{self, Engine, Event, blocking};
use crate::model::{Clock, PriceTable, TakeId};

/// Hears of each file that is uploaded.
pub type Uploads = Box<dyn Fn(Uploading) + Send + Sync>;

/// A running engine.
pub trait Works: Send + Sync + 'static {
    /// Uploads what is local and puts takes in line. An error is one sentence and the next step; nothing is in
    /// line then.
    fn admit(&self, order: Order, tell: Uploads) -> BoxFuture<'static, Result<Vec<TakeId>, String>>;
    /// There may be new waiting takes.
    fn wake(&self);
    /// Ask the provider's history about unknown outcomes now.
    fn check_again(&self);
    /// Holds the provider's books against the log; quietly only when that is due, else nothing is answered. A film
    /// that comes to light is fetched.
    fn compare(&self, quiet: bool) -> BoxFuture<'static, Result<Option<Arc<Comparison>>, String>>;
    /// Takes generations made elsewhere into the log. An error may come after some were taken.
    fn adopt(
        &self,
        reel_id: String,
        prices: PriceTable,
        chosen: Vec<Elsewhere>,
    ) -> BoxFuture<'static, Result<Vec<TakeId>, String>>;
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
    let account = Account {
        store: setup.store.clone(),
        client: setup.client.clone(),
        backend: setup.backend,
        reels: setup.reels.clone(),
        certain_after: setup.history_certain_after,
    };
    let clock = Arc::clone(&setup.clock);
    let orders = Orders {
        store: setup.store.clone(),
        client: setup.client.clone(),
        spending: setup.spending.clone(),
        clock: Arc::clone(&setup.clock),
        reels: setup.reels.clone(),
        wake: setup.wake.clone(),
    };
    let (engine, events) = Engine::start(setup);
    let engine = Arc::new(Mutex::new(Some(engine)));
    let after = Mutex::new(Some(after));
    (
        Arc::new(Real {
            engine,
            after,
            account,
            clock,
            orders,
        }),
        events,
    )
}

struct Real {
    /// Gone when stopped.
    engine: Arc<Mutex<Option<Engine>>>,
    after: Mutex<Option<BoxFuture<'static, ()>>>,
    account: Account,
    clock: Arc<dyn Clock>,
    orders: Orders,
}

impl Real {
    fn with(&self, ask: impl FnOnce(&Engine)) {
        with(&self.engine, ask);
    }
}

fn with(engine: &Mutex<Option<Engine>>, ask: impl FnOnce(&Engine)) {
    if let Some(engine) = engine.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
        ask(engine);
    }
}

/// Compares, and remembers that it was done; `None` when it was not due.
async fn compare(
    account: Account,
    clock: Arc<dyn Clock>,
    quiet: bool,
) -> Result<Option<Comparison>, reconcile::ReconcileError> {
    let now = clock.now();
    let asked = account.clone();
    if quiet && !blocking(move || asked.is_due(now)).await? {
        return Ok(None);
    }
    let comparison = reconcile::compare(&account, now, reconcile::MAX_DAYS).await?;
    blocking(move || account.note_reconciled(now)).await?;
    Ok(Some(comparison))
}

impl Works for Real {
    fn admit(&self, order: Order, tell: Uploads) -> BoxFuture<'static, Result<Vec<TakeId>, String>> {
        let orders = self.orders.clone();
        async move {
            let admitted = orders
                .admit(order, &mut fastrand::Rng::new(), tell.as_ref())
                .await;
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

    fn compare(&self, quiet: bool) -> BoxFuture<'static, Result<Option<Arc<Comparison>>, String>> {
        let (account, clock) = (self.account.clone(), Arc::clone(&self.clock));
        let engine = Arc::clone(&self.engine);
        async move {
            let compared = compare(account, clock, quiet)
                .await
                .map_err(|error| error.to_string())?;
            if compared
                .as_ref()
                .is_some_and(|found| found.recovered().next().is_some())
            {
                with(&engine, Engine::wake);
            }
            Ok(compared.map(Arc::new))
        }
        .boxed()
    }

    fn adopt(
        &self,
        reel_id: String,
        prices: PriceTable,
        chosen: Vec<Elsewhere>,
    ) -> BoxFuture<'static, Result<Vec<TakeId>, String>> {
        let adopter = self.account.importer(reel_id, prices);
        let now = self.clock.now();
        async move {
            let adopted = blocking(move || adopter.import_all(&chosen, now)).await;
            let adopted = adopted.map_err(|error| error.to_string())?;
            Ok(adopted.iter().map(|take| take.id).collect())
        }
        .boxed()
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

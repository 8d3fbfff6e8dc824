//! One session with a provider: queues orders, runs the engine, reconciles and imports.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::SignedDuration;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::engine::admit::{AdmitError, Order, Tell};
use crate::engine::reconcile::{self, Comparison, Elsewhere, Importer, ReconcileError};
use crate::engine::{Engine, Event, Setup, blocking};
use crate::media::Cancel;
use crate::model::{Backend, PriceTable, Take, TakeId, Usd};
use crate::sandbox::{self, Pace, Sandbox};
use crate::segmind::{Client, Endpoints, Timeouts};

use super::backend::{Choice, configured, published};
use super::catalogue::CatalogueReader;
use super::home::Home;
use super::problem::{Kind, Problem};
use super::queue::Queue;
use super::thumbnails;

/// The balance of a fresh sandbox.
pub const PLAY_MONEY: Usd = Usd::from_micros(100_000_000);
/// The sandbox's history shows a request as soon as its response is sent; a slow request gets this long to arrive.
const SANDBOX_CERTAIN: SignedDuration = SignedDuration::from_secs(10);
/// How long a request may hang somewhere before the live history certainly shows all there is.
const LIVE_CERTAIN: SignedDuration = SignedDuration::from_mins(20);

/// A provider that is ready to be used.
pub struct Session {
    setup: Setup,
    queue: Queue,
    /// `None` before the start and after the end.
    engine: Mutex<Option<Engine>>,
    /// The embedded sandbox must live as long as its engine.
    sandbox: Mutex<Option<Sandbox>>,
    /// Stops the making of thumbnails.
    over: Cancel,
    /// Reads the catalogue of the provider that the settings name; `None` for any other.
    catalogue: Option<CatalogueReader>,
}

impl Session {
    /// Makes the chosen provider ready; the embedded sandbox is started.
    pub async fn begin(choice: Choice, home: &Home) -> Result<Self, Problem> {
        if let Some(problem) = &home.read_only {
            return Err(problem.clone());
        }
        let backend = choice.backend();
        let (endpoints, key, sandbox) = match choice {
            Choice::Embedded(key) => {
                let sandbox = start_embedded(home).await?;
                (Endpoints::stand_in(&sandbox.origin()), key, Some(sandbox))
            }
            Choice::Sandbox(origin, key) => (Endpoints::stand_in(&origin), key, None),
            Choice::Live(endpoints, key) => (endpoints, key, None),
        };
        let seconds = Duration::from_secs;
        let t = &home.settings.timeouts;
        let timeouts = Timeouts {
            connect: seconds(t.connect_s),
            read: seconds(t.read_s),
            overall: seconds(t.overall_s),
        };
        let client = Client::with_clock(endpoints, key, timeouts, Arc::clone(&home.clock))
            .map_err(|error| Problem::new(Kind::Unreachable, error.to_string(), ""))?;
        home.store.use_account(client.account())?;
        let is_configured = configured(&home.settings) == *client.endpoints();
        let catalogue = (backend == Backend::Live && is_configured)
            .then(|| CatalogueReader::new(&home.paths, &home.settings, Arc::clone(&home.clock), None))
            .transpose()?;
        let over = Cancel::new();
        let setup = Setup {
            store: home.store.clone(),
            client,
            clock: Arc::clone(&home.clock),
            backend,
            reels: home.paths.reels(),
            file_names: home.settings.file_names.clone(),
            in_flight: home.settings.in_flight,
            spending: home.spending(backend),
            published: published(backend, home.settings.sandbox_speed),
            on_saved: thumbnails::on_saved(home.thumbnails.clone(), over.clone()),
            history_certain_after: match backend {
                Backend::Sandbox => SANDBOX_CERTAIN,
                Backend::Live => LIVE_CERTAIN,
            },
            random: fastrand::u64(..),
            wake: home.wake.clone(),
        };
        Ok(Self {
            over,
            catalogue,
            ..Self::on(setup, sandbox)
        })
    }

    /// A session with the provider that an engine is set up for; `sandbox` is stopped at its end.
    pub fn on(setup: Setup, sandbox: Option<Sandbox>) -> Self {
        let queue = Queue {
            store: setup.store.clone(),
            reels: setup.reels.clone(),
            backend: setup.backend,
            spending: setup.spending.clone(),
            wake: setup.wake.clone(),
        };
        Self {
            setup,
            queue,
            engine: Mutex::default(),
            sandbox: Mutex::new(sandbox),
            over: Cancel::new(),
            catalogue: None,
        }
    }

    pub const fn client(&self) -> &Client {
        &self.setup.client
    }

    pub const fn backend(&self) -> Backend {
        self.setup.backend
    }

    /// The changes that the user can make to its takes.
    pub const fn queue(&self) -> &Queue {
        &self.queue
    }

    pub fn start(&self) -> UnboundedReceiver<Event> {
        let (engine, events) = Engine::start(self.setup.clone());
        *lock(&self.engine) = Some(engine);
        events
    }

    /// Starts the engine without sending what waits.
    pub fn start_finishing(&self) -> UnboundedReceiver<Event> {
        let (engine, events) = Engine::finish_only(self.setup.clone());
        *lock(&self.engine) = Some(engine);
        events
    }

    /// Uploads local files and queues the takes of an order; `tell` is called for each upload. Nothing is queued when it
    /// fails.
    pub async fn submit(&self, order: Order, tell: Tell<'_>) -> Result<Vec<TakeId>, Problem> {
        Ok(self.setup.admit(order, tell).await?)
    }

    /// As [`Self::submit`], for a call that waits for its takes: a user who starts takes by hand has read why the queue was
    /// stopped, so a stop that is not the user's to lift ends. Also returns why it could not be lifted.
    pub async fn submit_by_hand(
        &self,
        order: Order,
        tell: Tell<'_>,
    ) -> Result<(Vec<TakeId>, Option<Problem>), AdmitError> {
        let takes = self.setup.admit(order, tell).await?;
        let lifted = self.queue.lift_stop_for_new_takes();
        Ok((takes, lifted.err().map(Problem::from)))
    }

    /// Asks the provider's history about unknown outcomes now.
    pub fn check_unknown(&self) {
        self.setup.wake.check_unknown();
    }

    /// Asks for the balance, unless it was asked for within the last minute.
    pub fn ask_balance(&self) {
        if let Some(engine) = &*lock(&self.engine) {
            engine.ask_balance();
        }
    }

    /// How long until the history proves what became of a take of unknown outcome, if that is known.
    pub fn proof_in(&self, take: TakeId) -> Option<Duration> {
        lock(&self.engine).as_ref()?.proof_in(take)
    }

    /// Reconciles the last `days` days; the engine downloads the videos that are recovered.
    pub async fn reconcile(&self, days: u32) -> Result<Comparison, Problem> {
        let (setup, now) = (self.setup.clone(), self.setup.clock.now());
        let compared = reconcile::compare(&setup, now, days).await;
        // Videos may have been recovered before it failed.
        self.setup.wake.wake();
        let comparison = compared?;
        blocking(move || reconcile::note_reconciled(&setup, now)).await?;
        Ok(comparison)
    }

    /// Reconciles as many days as the history has, if that is due.
    pub async fn reconcile_if_due(&self) -> Result<Option<Comparison>, Problem> {
        let (setup, now) = (self.setup.clone(), self.setup.clock.now());
        let is_due = blocking(move || reconcile::is_due(&setup, now)).await;
        if !is_due.map_err(ReconcileError::from)? {
            return Ok(None);
        }
        self.reconcile(reconcile::MAX_DAYS).await.map(Some)
    }

    /// Reads the provider's catalogue of models if that is due, and returns what changed.
    pub async fn read_catalogue_if_due(&self) -> Result<Option<String>, Problem> {
        match &self.catalogue {
            Some(reader) => reader.read_if_due().await,
            None => Ok(None),
        }
    }

    /// Imports generations made elsewhere; the engine downloads their videos. Some may be imported before an error.
    pub async fn import(
        &self,
        reel_id: String,
        prices: PriceTable,
        chosen: Vec<Elsewhere>,
    ) -> Result<Vec<Take>, Problem> {
        let importer = Importer {
            store: self.setup.store.clone(),
            backend: self.setup.backend,
            account: self.setup.client.account().to_owned(),
            reel_id,
            prices,
        };
        let now = self.setup.clock.now();
        let imported = blocking(move || importer.import_all(&chosen, now)).await;
        self.setup.wake.wake();
        Ok(imported?)
    }

    /// Stops the engine, then the embedded sandbox. Takes in flight stay in flight at the provider.
    pub async fn end(&self) {
        self.over.cancel();
        let engine = lock(&self.engine).take();
        if let Some(engine) = engine {
            engine.stop().await;
        }
        let sandbox = lock(&self.sandbox).take();
        if let Some(sandbox) = sandbox {
            sandbox.stop().await;
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn start_embedded(home: &Home) -> Result<Sandbox, Problem> {
    let options = sandbox::Options {
        state: home.paths.sandbox(),
        bind: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
        pace: Pace::Scaled(home.settings.sandbox_speed),
        faults: None,
        v1_json: false,
        same_seed: sandbox::SameSeed::default(),
        clock: Arc::clone(&home.clock),
        balance: PLAY_MONEY,
    };
    sandbox::start(options).await.map_err(Problem::because)
}

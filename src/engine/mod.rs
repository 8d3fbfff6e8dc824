//! Takes a take from waiting to saved: claim, submit, poll, deliver, reconcile.
//!
//! Events go out, nothing of the terminal comes in. Many engines may share one store: a take is worked by
//! whoever holds its lease.

mod account;
pub mod admit;
mod beside;
mod blocking;
pub mod books;
pub mod changes;
mod context;
mod decide;
mod deliver;
pub mod expect;
pub mod files;
mod film;
mod fit;
mod line;
mod pages;
mod part;
mod place;
mod proof;
pub mod rebuild;
mod reconcile;
mod references;
pub mod rows;
pub mod schedule;
pub mod sidecar;
pub mod strays;
mod submit;
mod undelivered;
mod v1;
mod watch;
mod work;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use tokio::sync::mpsc;

use crate::model::{Backend, Clock, Expectation, Model, Resolution, Spending, TakeId, Usd};
use crate::segmind::Client;
use crate::store::{Store, StoreError};

pub use blocking::blocking;
use context::{Context, Stop};

/// What happened, for whoever shows it. Facts are read from the store: an event only says where to look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The take's row changed.
    Take(TakeId),
    /// The line stopped, slowed down or goes on.
    Line(Backend),
    /// Bytes of a film that is being fetched.
    Progress {
        take: TakeId,
        bytes: u64,
        total: Option<u64>,
    },
    /// What is left on the account, as the provider told it last.
    Balance(Usd),
    /// What the user must know: one sentence and the next step.
    Trouble(String),
    /// The files beside the films tell of so many takes that the database does not know.
    Strays(usize),
}

/// How long the provider is expected to take where the store has no history of its own.
pub type Published = Arc<dyn Fn(Model, Resolution) -> Expectation + Send + Sync>;

/// Everything an engine works with.
pub struct Setup {
    pub store: Store,
    pub client: Client,
    pub clock: Arc<dyn Clock>,
    pub backend: Backend,
    /// The folder that holds one folder for each reel.
    pub reels: PathBuf,
    /// Most takes at the provider at a time, over all processes of the store.
    pub in_flight: u32,
    /// What may be spent; read again before each take is sent.
    pub spending: Spending,
    pub published: Published,
    /// After this long the history certainly shows a request that arrived.
    pub history_certain_after: SignedDuration,
    /// Seeds the jitter.
    pub random: u64,
}

/// What earlier runs left in the reels' folders: no number there is given out again, no take that a file knows to be
/// sent is sent again, and no part stays of a take that is settled.
fn meet_files(store: &Store, reels: &Path) -> Result<Met, StoreError> {
    let caught_up = strays::catch_up(store, reels)?;
    for take in caught_up.back {
        tracing::warn!("take {take} was put back to where the file beside its film says that it is");
    }
    let parts: Vec<i64> = place::ours(reels)
        .filter(|(_, file)| Path::new(&file.file_name()).extension() == Some(part::ENDING.as_ref()))
        .map(|(number, _)| number)
        .collect();
    rebuild::keep_numbers(store, reels)?;
    for number in parts {
        match part::tidy(store, reels, TakeId(number)) {
            // The part of a take of another store.
            Err(StoreError::NoSuchTake(_)) => {}
            tidied => tidied?,
        }
    }
    Ok(Met {
        strays: strays::count(store, reels)?,
        paused: caught_up.paused,
    })
}

/// What [`meet_files`] found.
struct Met {
    /// So many takes are known only to their files.
    strays: usize,
    /// What the user is told of takes that are paused.
    paused: Vec<String>,
}

/// Calls [`meet_files`] before anything is sent, for it may be sent already. False when that is not certain of every
/// take, so that nothing may be sent.
async fn all_is_met(context: &Context) -> Result<bool, Stop> {
    let reels = context.setup.reels.clone();
    let met = context.keep(move |store| match meet_files(store, &reels) {
        // Trying again would change nothing.
        Err(error) if !error.may_pass() => Ok(Err(error)),
        met => met.map(Ok),
    });
    match met.await? {
        Ok(met) => {
            for doubt in met.paused {
                context.trouble(doubt);
            }
            if met.strays > 0 {
                context.tell(Event::Strays(met.strays));
            }
            Ok(true)
        }
        Err(error) => {
            context.trouble(format!(
                "Nothing is sent until rushes starts again: the takes could not be compared with the files beside the \
                 films, so a waiting take may have been sent before. {error}"
            ));
            Ok(false)
        }
    }
}

/// A running engine.
pub struct Engine {
    context: Arc<Context>,
    line: tokio::task::JoinHandle<()>,
}

impl Engine {
    /// Starts the line: takes up what an earlier run left, then sends what waits.
    #[must_use]
    pub fn start(setup: Setup) -> (Self, mpsc::UnboundedReceiver<Event>) {
        Self::start_with(setup, true)
    }

    /// Starts the line without sending what waits: only what was sent before is brought home.
    #[must_use]
    pub fn bring_home(setup: Setup) -> (Self, mpsc::UnboundedReceiver<Event>) {
        Self::start_with(setup, false)
    }

    fn start_with(setup: Setup, sends: bool) -> (Self, mpsc::UnboundedReceiver<Event>) {
        let (events, receiver) = mpsc::unbounded_channel();
        let context = Arc::new(Context::new(setup, events));
        let ours = Arc::clone(&context);
        let line = tokio::spawn(async move {
            match all_is_met(&ours).await {
                Err(Stop::Cancelled) => {}
                Ok(true) => line::run(ours, sends).await,
                Ok(false) | Err(Stop::NotOurs) => line::run(ours, false).await,
            }
        });
        (Self { context, line }, receiver)
    }

    /// Says that there may be new waiting takes, or that the line may go on.
    pub fn wake(&self) {
        self.context.nudge.notify_one();
    }

    /// Asks the history about unclear takes now instead of at their next turn.
    pub fn check_unknown(&self) {
        self.context.ask_now.notify_waiters();
        self.context.nudge.notify_one();
    }

    /// How long until the history proves what became of a take of unknown outcome; `None` while that is not known,
    /// and when the time has come and the history did not tell.
    #[must_use]
    pub fn proof_in(&self, take: TakeId) -> Option<Duration> {
        let due = self.context.proof_of(take)?;
        Some(due.saturating_duration_since(tokio::time::Instant::now()))
    }

    /// Stops working and gives the leases back. A submit under way gets a moment to end; takes at the
    /// provider stay there and are taken up by whoever comes next.
    pub async fn stop(self) {
        const GRACE: Duration = Duration::from_secs(3);
        self.context.cancel.cancel();
        if tokio::time::timeout(GRACE, self.line).await.is_err() {
            tracing::warn!("a submit did not end in time; its outcome will be looked up");
        }
        self.context.release().await;
    }
}

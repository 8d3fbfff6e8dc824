//! What every worker of the engine shares, and the one way in which it writes to the store.

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Notify, mpsc};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::model::pause::{MAX_PAUSE, backoff};
use crate::model::{Backend, FailureKind, MoneySettings, Take, TakeId, TakeState};
use crate::segmind::ApiError;
use crate::store::{Cap, Exchange, Facts, Store, StoreError};

use super::blocking::blocking;
use super::schedule::jittered;
use super::{Event, Setup, part, sidecar};

/// How long a lease holds; renewed three times within it.
pub(super) const LEASE: SignedDuration = SignedDuration::from_secs(60);

/// Why a worker puts a take down before it is settled.
#[derive(Debug)]
pub(super) enum Stop {
    /// The engine is stopping.
    Cancelled,
    /// Another process works it now, or the store says that the step is not to be made.
    NotOurs,
}

pub(super) struct Context {
    pub setup: Setup,
    pub owner: String,
    pub cancel: CancellationToken,
    /// There may be something to claim.
    pub nudge: Notify,
    /// Unclear takes are asked about at once.
    pub ask_now: Notify,
    events: mpsc::UnboundedSender<Event>,
    random: Mutex<fastrand::Rng>,
    /// When the history will prove what became of takes of unknown outcome.
    proofs: Mutex<HashMap<TakeId, Instant>>,
    /// The last sidecar could not be written, and that was said.
    sidecars_fail: AtomicBool,
    /// Takes whose bill was above their reserve, and that was said.
    bills_told: Mutex<BTreeSet<TakeId>>,
    /// The end of the last long wait that was told.
    wait_told: Mutex<Option<Timestamp>>,
}

impl Context {
    pub fn new(setup: Setup, events: mpsc::UnboundedSender<Event>) -> Self {
        let mut random = fastrand::Rng::with_seed(setup.random);
        // The owner must differ between processes even where the jitter's seed is fixed.
        let owner = format!("{}-{:08x}", std::process::id(), fastrand::u32(..));
        random.u32(..);
        Self {
            setup,
            owner,
            cancel: CancellationToken::new(),
            nudge: Notify::new(),
            ask_now: Notify::new(),
            events,
            random: Mutex::new(random),
            proofs: Mutex::default(),
            sidecars_fail: AtomicBool::new(false),
            bills_told: Mutex::default(),
            wait_told: Mutex::default(),
        }
    }

    pub fn now(&self) -> Timestamp {
        self.setup.clock.now()
    }

    pub fn tell(&self, event: Event) {
        // Nobody listening is no reason to stop working.
        let _ = self.events.send(event);
    }

    pub fn trouble(&self, sentence: String) {
        tracing::warn!("{sentence}");
        self.tell(Event::Trouble(sentence));
    }

    /// The settings about money as they are now. Blocks on the disk.
    pub fn money(&self) -> MoneySettings {
        self.setup.spending.read()
    }

    /// The day's cap as the store checks it.
    pub fn cap(&self, money: &MoneySettings) -> Option<Cap> {
        Cap::of_day(money, self.now(), TimeZone::system())
    }

    /// Says that a take was billed more than was reserved for it, once. The store has stopped the queue then.
    async fn tell_of_bill(&self, take: TakeId) {
        let Ok(take) = self.db(move |store| store.take(take)).await else {
            return;
        };
        let Some(what) = take
            .bill_above_reserve()
            .filter(|_| take.backend == Backend::Live)
        else {
            return;
        };
        let mut told = self.bills_told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.insert(take.id) {
            drop(told);
            self.tell(Event::Line(take.backend));
            let kind = FailureKind::BillAboveReserve;
            self.trouble(format!("{what} The queue is stopped: {}", kind.advice()));
        }
    }

    /// Says once that the provider asks for a longer wait than our own longest pause.
    pub fn tell_of_wait(&self, until: Timestamp) {
        let ours = SignedDuration::try_from(MAX_PAUSE).unwrap_or_default();
        let mut told = self.wait_told.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = told.is_none_or(|told| until.duration_since(told).abs() > ours);
        if until.duration_since(self.now()) > ours && is_new {
            *told = Some(until);
            drop(told);
            let until = until.to_zoned(TimeZone::system());
            self.trouble(format!(
                "Nothing more is sent before {}: the provider is asked too often, and this is how long it asks to \
                 wait. Wait, or resume the queue in the workbench to send sooner.",
                until.strftime("%Y-%m-%d %H:%M")
            ));
        }
    }

    /// Waits for `pause` with jitter.
    pub async fn rest(&self, pause: Duration) -> Result<(), Stop> {
        let pause = jittered(
            pause,
            &mut self.random.lock().unwrap_or_else(PoisonError::into_inner),
        );
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(Stop::Cancelled),
            () = tokio::time::sleep(pause) => Ok(()),
        }
    }

    /// Notes when the history will prove what became of a take; `None` when there is nothing to wait for.
    pub fn proof_is_due(&self, take: TakeId, due: Option<Instant>) {
        let mut proofs = self.proofs.lock().unwrap_or_else(PoisonError::into_inner);
        match due {
            Some(due) => proofs.insert(take, due),
            None => proofs.remove(&take),
        };
    }

    /// When the history will prove what became of a take.
    pub fn proof_of(&self, take: TakeId) -> Option<Instant> {
        let proofs = self.proofs.lock().unwrap_or_else(PoisonError::into_inner);
        proofs.get(&take).copied()
    }

    /// Runs `work` on the store away from the loop.
    pub async fn db<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let store = self.setup.store.clone();
        blocking(move || work(&store)).await
    }

    /// Runs `work` on the store until it is done: what it writes may not be lost. Gives up only when the
    /// engine stops or the take is no longer ours.
    pub async fn keep<T: Send + 'static>(
        &self,
        work: impl Fn(&Store) -> Result<T, StoreError> + Clone + Send + 'static,
    ) -> Result<T, Stop> {
        let mut failures = 0;
        loop {
            let error = match self.db(work.clone()).await {
                Ok(done) => return Ok(done),
                Err(error) => error,
            };
            if error.is_about_the_take() {
                tracing::info!("a take is put down: {error}");
                return Err(Stop::NotOurs);
            }
            failures += 1;
            if failures == 1 {
                self.trouble(error.to_string());
            }
            self.rest(backoff(
                failures,
                Duration::from_millis(200),
                Duration::from_secs(10),
            ))
            .await?;
        }
    }

    /// Makes one step of a take's way, committed on return.
    pub async fn step(&self, take: TakeId, to: TakeState, detail: &str, facts: Facts) -> Result<Take, Stop> {
        let (owner, detail) = (self.owner.clone(), detail.to_owned());
        let is_billed = facts.cost.is_some();
        let stepped = self
            .keep(move |store| store.step(&owner, take, to, &detail, &facts))
            .await?;
        if is_billed {
            self.tell_of_bill(take).await;
        }
        if !to.in_flight() {
            // A slot may be free now.
            self.nudge.notify_one();
        }
        self.tell(Event::Take(take));
        if to == TakeState::Rendered || to.settled() {
            self.write_sidecar(take).await;
        }
        Ok(stepped)
    }

    /// Makes a take whose submit came to no clear end unknown: also when another process took it over meanwhile and
    /// said that it was never sent.
    pub async fn unclear(&self, take: TakeId, why: &str, facts: Facts) -> Result<Take, Stop> {
        let (owner, detail) = (self.owner.clone(), why.to_owned());
        let stepped = self
            .keep(
                move |store| match store.step(&owner, take, TakeState::Unknown, &detail, &facts) {
                    Err(StoreError::LostLease { .. }) => store.unclear_late(take, &detail, &facts),
                    other => other,
                },
            )
            .await?;
        // A slot may be free now.
        self.nudge.notify_one();
        self.tell(Event::Take(take));
        self.write_sidecar(take).await;
        Ok(stepped)
    }

    /// Makes a take accepted under the provider's id. `None` when another take has that id already: equal
    /// bodies are matched one to one.
    pub async fn accept(&self, take: TakeId, detail: &str, facts: Facts) -> Result<Option<Take>, Stop> {
        let (owner, detail) = (self.owner.clone(), detail.to_owned());
        let is_billed = facts.cost.is_some();
        let accepted = self
            .keep(
                move |store| match store.step(&owner, take, TakeState::Accepted, &detail, &facts) {
                    Err(StoreError::RequestIdTaken { .. }) => Ok(None),
                    // Whoever took the take over meanwhile does not know the id, which may not be lost.
                    Err(StoreError::LostLease { .. }) => match store.accept_late(take, &detail, &facts) {
                        Err(StoreError::RequestIdTaken { .. }) => Ok(None),
                        other => other.map(Some),
                    },
                    other => other.map(Some),
                },
            )
            .await?;
        if is_billed {
            self.tell_of_bill(take).await;
        }
        self.tell(Event::Take(take));
        if accepted.is_some() {
            self.write_sidecar(take).await;
        }
        Ok(accepted)
    }

    /// What the log says of a step that comes with a bill. What stands in the bill's place and is no amount is kept
    /// there as text and told: what was reserved for the take stays counted.
    pub fn billed(&self, take: &Take, detail: &str, odd_cost: Option<&str>) -> String {
        let Some(odd) = odd_cost else {
            return detail.to_owned();
        };
        self.trouble(format!(
            "Take {} is billed {odd:?}, which is no amount of money. {} stays counted for it. Look at the bill at \
             Segmind.",
            take.id,
            take.counted().precise()
        ));
        format!("{detail}; billed {odd:?}, which is no amount: what was reserved stays counted")
    }

    /// Writes what is known of the take beside its film. The store has it already, so a failure is said, once
    /// until it works again, and nothing more.
    pub async fn write_sidecar(&self, take: TakeId) {
        let (store, reels) = (self.setup.store.clone(), self.setup.reels.clone());
        let written = tokio::task::spawn_blocking(move || sidecar::write(&store, &reels, take)).await;
        let Ok(Err(error)) = written else {
            self.sidecars_fail.store(false, Ordering::Relaxed);
            return;
        };
        if !self.sidecars_fail.swap(true, Ordering::Relaxed) {
            self.trouble(format!(
                "What is known of take {take} is in the database but not in a file beside the film: {error}. Make \
                 room or allow writing there, so that a lost database can be rebuilt."
            ));
        }
    }

    /// Keeps facts that make no step, of a take that we hold.
    pub async fn learn(&self, take: TakeId, facts: Facts) -> Result<(), Stop> {
        let owner = self.owner.clone();
        let is_billed = facts.cost.is_some();
        self.keep(move |store| store.learn_owned(&owner, take, &facts))
            .await?;
        if is_billed {
            self.tell_of_bill(take).await;
        }
        self.tell(Event::Take(take));
        Ok(())
    }

    /// Called directly before a take is sent. First the file beside its film says that it is sent: if the database
    /// loses its last moments, the take is not sent again. Then the take is given, if we still hold it.
    pub async fn about_to_send(&self, take: TakeId) -> Result<Take, Stop> {
        self.write_sidecar(take).await;
        self.still_ours(take).await
    }

    /// The take as it stands, if we still hold it.
    pub async fn still_ours(&self, take: TakeId) -> Result<Take, Stop> {
        let owner = self.owner.clone();
        self.keep(move |store| store.owned_take(&owner, take)).await
    }

    /// Disposes of what lies there of the film of a take that is settled, whoever settled it.
    pub async fn tidy(&self, take: TakeId) {
        let reels = self.setup.reels.clone();
        if let Err(error) = self.db(move |store| part::tidy(store, &reels, take)).await {
            tracing::info!("what lies there of take {take} was not looked at: {error}");
        }
    }

    /// Keeps an answer of the provider for the log. Losing one loses no take, so a failure is only logged.
    pub async fn record(&self, take: TakeId, exchange: Option<Exchange>) {
        let Some(exchange) = exchange else { return };
        if let Err(error) = self.db(move |store| store.record(take, &exchange)).await {
            tracing::warn!("an exchange of take {take} was not kept: {error}");
        }
    }

    /// Keeps what a failed call left behind.
    pub async fn record_error(&self, take: TakeId, error: &ApiError) {
        let exchange = error
            .exchange
            .as_ref()
            .map(|e| super::work::exchange(self.now(), e));
        self.record(take, exchange).await;
    }

    pub async fn release(self: &Arc<Self>) {
        let owner = self.owner.clone();
        if let Err(error) = self.db(move |store| store.leases(&owner).release_all()).await {
            tracing::warn!("leases were not given back and will run out by themselves: {error}");
        }
    }
}

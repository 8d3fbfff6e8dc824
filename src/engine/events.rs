//! Events that the engine sends to the front end. Each problem is sent once.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::model::pause::MAX_PAUSE;
use crate::model::{Backend, FailureKind, Take, TakeId, Usd};

use super::setup::TellUser;

/// Something happened. An event says where to look: the facts are in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The take's row changed.
    Take(TakeId),
    /// The queue stopped, slowed down or goes on.
    Queue(Backend),
    /// Bytes of a video that is being downloaded.
    Progress {
        take: TakeId,
        bytes: u64,
        total: Option<u64>,
    },
    /// What is left on the account.
    Balance(Usd),
    /// What the user must know: what happened and what to do.
    Problem(String),
    /// How many takes are known only to their sidecars.
    Orphans(usize),
}

/// Sends events.
pub(super) struct Events {
    sender: UnboundedSender<Event>,
    told: Mutex<Told>,
}

#[derive(Default)]
struct Told {
    /// Takes whose bill was above what was reserved for them.
    bills: BTreeSet<TakeId>,
    /// The end of the last long wait.
    wait: Option<Timestamp>,
}

impl Events {
    pub fn new() -> (Self, UnboundedReceiver<Event>) {
        let (sender, receiver) = unbounded_channel();
        let told = Mutex::default();
        (Self { sender, told }, receiver)
    }

    pub fn tell(&self, event: Event) {
        // The engine keeps working even if nobody listens.
        let _ = self.sender.send(event);
    }

    pub fn problem(&self, sentence: String) {
        self.teller()(sentence);
    }

    /// Sends problems from another thread, also after the engine has ended.
    pub fn teller(&self) -> TellUser {
        let sender = self.sender.clone();
        Box::new(move |sentence: String| {
            tracing::warn!("{sentence}");
            let _ = sender.send(Event::Problem(sentence));
        })
    }

    /// Reports once that a live take was billed more than was reserved for it. The store has stopped the queue then.
    pub fn bill_above_reserve(&self, take: &Take) {
        let what = take.bill_above_reserve();
        let Some(what) = what.filter(|_| take.backend == Backend::Live) else {
            return;
        };
        if self.once(|told| told.bills.insert(take.id)) {
            self.tell(Event::Queue(take.backend));
            let advice = FailureKind::BillAboveReserve.advice();
            self.problem(format!("{what} The queue is stopped: {advice}"));
        }
    }

    /// Reports once that the provider asks for a longer wait than our own longest pause.
    pub fn long_wait(&self, now: Timestamp, until: Timestamp) {
        let ours = SignedDuration::try_from(MAX_PAUSE).unwrap_or_default();
        let is_new = |told: &mut Told| {
            let is_far = |told| until.duration_since(told).abs() > ours;
            let is_new = told.wait.is_none_or(is_far);
            if is_new {
                told.wait = Some(until);
            }
            is_new
        };
        if until.duration_since(now) > ours && self.once(is_new) {
            let until = until.to_zoned(TimeZone::system());
            self.problem(format!(
                "Nothing more is sent before {}: the provider's rate limit is reached, and it asks to wait that \
                 long. Wait, or resume the queue in the workbench to send sooner.",
                until.strftime("%Y-%m-%d %H:%M")
            ));
        }
    }

    fn once(&self, is_new: impl FnOnce(&mut Told) -> bool) -> bool {
        is_new(&mut self.told.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

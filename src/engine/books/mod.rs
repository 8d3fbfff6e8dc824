//! The books agree: the provider's history of some days held against the store. What the provider billed is taken
//! over, a film that was given up is taken up, and what was made elsewhere is offered.
//!
//! Knows no terminal, and submits nothing.

mod adopt;
mod compare;
pub(super) use compare::{bill, kept_until};

use std::path::PathBuf;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::model::{Backend, Model, PriceTable, TakeId, TakeState, Usd};
use crate::segmind::{ApiError, Client, HistoryRow, HistoryState};
use crate::store::{Store, StoreError};

pub use adopt::{Adopter, CannotAdopt};
pub use compare::compare;

/// The longest time that the history answers for (Segmind, request history docs).
pub const MOST_DAYS: u32 = 31;
/// A live account is looked at by itself no more often than this.
const OFTEN_ENOUGH: SignedDuration = SignedDuration::from_hours(20);

/// Whose books are compared.
#[derive(Clone)]
pub struct Account {
    pub store: Store,
    pub client: Client,
    pub backend: Backend,
    /// The folder that holds one folder for each reel.
    pub reels: PathBuf,
    /// A request younger than this may not show in the history yet.
    pub certain_after: SignedDuration,
}

impl Account {
    /// Takes what was made elsewhere with this key into a reel.
    #[must_use]
    pub fn adopter(&self, reel_id: String, prices: PriceTable) -> Adopter {
        Adopter {
            store: self.store.clone(),
            backend: self.backend,
            account: self.client.account().to_owned(),
            reel_id,
            prices,
        }
    }
}

/// Why there is nothing to compare.
#[derive(Debug, thiserror::Error)]
pub enum BooksError {
    #[error("the provider's history cannot be read: {0}")]
    Api(#[from] ApiError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The provider's books of some days beside the store's.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// First day, in UTC.
    pub from: Date,
    /// Last day, included.
    pub to: Date,
    /// Requests of our models that the history shows.
    pub requests: usize,
    /// Requests of other models, which are none of ours.
    pub others: usize,
    /// Rows that could not be read.
    pub unreadable: usize,
    /// The history was read to its end, and every row could be read: only then is anything missing in it.
    pub whole: bool,
    /// Takes whose outcome is unclear and that the history shows; they are being cleared up.
    pub unclear: usize,
    /// Takes whose outcome is unknown, whether or not the history shows them.
    pub unknown: usize,
    /// What the store counts for these takes, the provider's bills taken over.
    pub ours: Usd,
    /// What the provider bills.
    pub theirs: Usd,
    /// Newest first.
    pub differences: Vec<Difference>,
}

/// One place in which the books differ, or differed.
#[derive(Debug, Clone, PartialEq)]
pub enum Difference {
    /// The store had another cost, or none: the provider's was taken over.
    Cost {
        take: TakeId,
        request_id: String,
        ours: Option<Usd>,
        theirs: Usd,
    },
    /// No take knows it.
    Elsewhere(Box<Elsewhere>),
    /// The provider took it, and its history does not show it.
    Missing {
        take: TakeId,
        request_id: String,
        state: TakeState,
        cost: Option<Usd>,
    },
    /// The provider's bill is no amount that can be kept: what was reserved stays counted.
    Bill {
        take: TakeId,
        request_id: String,
        /// As it came.
        text: String,
        /// What counts against the cap in its place.
        counted: Usd,
    },
    /// Store and provider tell of different ends.
    State {
        take: TakeId,
        request_id: String,
        ours: TakeState,
        theirs: HistoryState,
        /// The take is rendered after all, and its film is being fetched.
        taken_up: bool,
        /// The automatic repeat of a take that was taken up, when it had been sent already.
        repeat_sent: Option<TakeId>,
    },
}

/// A generation that no take knows.
#[derive(Debug, Clone, PartialEq)]
pub struct Elsewhere {
    pub model: Model,
    /// The take that it is the outcome of: one called never sent.
    pub like: Option<TakeId>,
    /// Why it cannot be adopted now.
    pub held: Option<String>,
    pub row: HistoryRow,
}

impl Elsewhere {
    /// Its prompt on one line, as far as it is known.
    #[must_use]
    pub fn prompt(&self, most: usize) -> String {
        let prompt = self.row.request_body.as_ref().and_then(|body| body.get("prompt"));
        let prompt = prompt.and_then(serde_json::Value::as_str).unwrap_or_default();
        crate::model::text::one_line(prompt, most)
    }
}

impl Difference {
    /// The provider's name for the request.
    #[must_use]
    pub fn request_id(&self) -> &str {
        match self {
            Self::Cost { request_id, .. }
            | Self::Missing { request_id, .. }
            | Self::Bill { request_id, .. }
            | Self::State { request_id, .. } => request_id,
            Self::Elsewhere(elsewhere) => &elsewhere.row.request_id,
        }
    }

    /// The generation, where it can be adopted now.
    #[must_use]
    pub fn adoptable(&self) -> Option<&Elsewhere> {
        match self {
            Self::Elsewhere(elsewhere) if elsewhere.held.is_none() => Some(elsewhere),
            _ => None,
        }
    }

    /// One word for what it is.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Cost { .. } => "cost",
            Self::Elsewhere(_) => "elsewhere",
            Self::Missing { .. } => "missing",
            Self::Bill { .. } => "bill",
            Self::State { .. } => "state",
        }
    }

    /// What differs, and what was done or can be done.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Cost {
                take, ours, theirs, ..
            } => {
                let ours = ours.map_or_else(|| "unknown".to_owned(), Usd::precise);
                format!(
                    "take {take} cost {ours} here, {} there: taken over",
                    theirs.precise()
                )
            }
            Self::Elsewhere(elsewhere) => {
                let row = &elsewhere.row;
                let cost = match (row.cost, &row.odd_cost) {
                    (Some(cost), _) => cost.precise(),
                    (None, Some(odd)) => format!("cost {odd:?}, which is no amount"),
                    (None, None) => "cost unknown".to_owned(),
                };
                let now = match (&elsewhere.held, elsewhere.like) {
                    (Some(held), _) => held.clone(),
                    (None, Some(take)) => format!("take {take}, called never sent; adopt it"),
                    (None, None) => "adopt it or leave it".to_owned(),
                };
                format!("{} {}, {cost}: {now}", elsewhere.model, row.state.word())
            }
            Self::Missing {
                take, state, cost, ..
            } => {
                let cost = cost.map_or_else(|| "cost unknown".to_owned(), Usd::precise);
                format!("take {take}, {state} here, {cost}: the history does not show it")
            }
            Self::Bill {
                take, text, counted, ..
            } => format!(
                "take {take} is billed {text:?}, which is no amount: {} stays counted for it",
                counted.precise()
            ),
            Self::State {
                take,
                ours: TakeState::NotSent,
                theirs,
                taken_up: true,
                ..
            } => format!(
                "take {take} was called never sent, and the history shows it as {}: it arrived after all, its cost \
                 counts now, and its video is fetched",
                theirs.word()
            ),
            Self::State {
                take,
                ours,
                theirs,
                taken_up,
                repeat_sent,
                ..
            } => {
                let now = match (taken_up, repeat_sent) {
                    (false, _) => "left as it is".to_owned(),
                    (true, None) => "its film is fetched after all".to_owned(),
                    (true, Some(again)) => format!(
                        "its film is fetched after all; its repeat, take {again}, was sent before and may be billed too"
                    ),
                };
                format!("take {take} is {ours} here, {} there: {now}", theirs.word())
            }
        }
    }
}

impl Comparison {
    /// Nothing differs, all was read, and no outcome is unknown.
    #[must_use]
    pub fn agree(&self) -> bool {
        self.whole && self.differences.is_empty() && self.unclear == 0 && self.unknown == 0
    }

    /// Everything that can be adopted now.
    pub fn adoptable(&self) -> impl Iterator<Item = &Elsewhere> {
        self.differences.iter().filter_map(Difference::adoptable)
    }

    /// A film given up was taken up: somebody has to fetch it.
    #[must_use]
    pub fn has_taken_up(&self) -> bool {
        self.differences
            .iter()
            .any(|difference| matches!(difference, Difference::State { taken_up: true, .. }))
    }
}

/// The setting that holds when this live account's books were compared last: another key has other books.
fn last_of(account: &Account) -> String {
    format!("books_compared {}", account.client.account())
}

/// Whether the books are to be compared by themselves now: a sandbox's always, a live account's once a day.
///
/// # Errors
/// When the store cannot be read.
pub fn is_due(account: &Account, now: Timestamp) -> Result<bool, StoreError> {
    if account.backend == Backend::Sandbox {
        return Ok(true);
    }
    let last = account.store.setting(&last_of(account))?;
    let last: Option<Timestamp> = last.and_then(|text| text.parse().ok());
    // A time to come was noted by a clock that has since been set back.
    Ok(last.is_none_or(|last| last > now || now.duration_since(last) >= OFTEN_ENOUGH))
}

/// Remembers that a live account's books were compared.
///
/// # Errors
/// When the store cannot be written.
pub fn note_compared(account: &Account, now: Timestamp) -> Result<(), StoreError> {
    match account.backend {
        // It is looked at every time.
        Backend::Sandbox => Ok(()),
        Backend::Live => account.store.set_setting(&last_of(account), &now.to_string()),
    }
}

//! Our ledger beside the provider's history of some days: sums and differences.

use jiff::civil::Date;

use crate::model::{Complaint, Model, TakeId, TakeState, Usd};
use crate::segmind::{HistoryRow, HistoryState};

/// The provider's history of some days beside our ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// First day, in UTC.
    pub from: Date,
    /// Last day, included.
    pub to: Date,
    /// Requests of our models that the history shows.
    pub requests: usize,
    /// Requests of models that rushes does not know.
    pub others: usize,
    /// Rows that could not be read.
    pub unreadable: usize,
    /// The history was read to its end, and every row could be read: only then is anything called missing.
    pub whole: bool,
    /// Takes of unknown outcome that the history shows; they are being resolved.
    pub unclear: usize,
    /// Takes whose outcome is unknown, whether or not the history shows them.
    pub unknown: usize,
    /// What our ledger counts for these takes, after taking over the provider's bills.
    pub ours: Usd,
    /// What the provider bills.
    pub theirs: Usd,
    /// Newest first.
    pub differences: Vec<Difference>,
}

/// One difference between ledger and history, some of them settled already.
#[derive(Debug, Clone, PartialEq)]
pub enum Difference {
    /// Our ledger had another cost, or none: the provider's was taken over.
    Cost {
        take: TakeId,
        request_id: String,
        ours: Option<Usd>,
        theirs: Usd,
    },
    /// A generation that belongs to no take.
    Elsewhere(Box<Elsewhere>),
    /// The provider accepted the take, and its history does not show it.
    Missing {
        take: TakeId,
        request_id: String,
        state: TakeState,
        cost: Option<Usd>,
    },
    /// The provider's bill is no amount of money: what was reserved stays counted.
    Bill {
        take: TakeId,
        request_id: String,
        /// The bill as it came.
        text: String,
        /// What counts against the cap instead.
        counted: Usd,
    },
    /// Ledger and history show different outcomes.
    State {
        take: TakeId,
        request_id: String,
        ours: TakeState,
        theirs: HistoryState,
        /// The take is rendered after all, and its video is being downloaded.
        recovered: bool,
        /// The automatic repeat of a recovered take, if it had been sent already.
        repeat_sent: Option<TakeId>,
    },
}

/// A generation that belongs to no take.
#[derive(Debug, Clone, PartialEq)]
pub struct Elsewhere {
    pub model: Model,
    /// The take, marked as never sent, that it is the outcome of.
    pub like: Option<TakeId>,
    /// Why it cannot be imported now.
    pub not_yet: Option<Complaint>,
    pub row: HistoryRow,
}

impl Elsewhere {
    /// Its prompt on one line, as far as it is known.
    pub fn prompt(&self, max: usize) -> String {
        let prompt = self.row.request_body.as_ref().and_then(|body| body.get("prompt"));
        let prompt = prompt.and_then(serde_json::Value::as_str).unwrap_or_default();
        crate::model::text::one_line(prompt, max)
    }
}

impl Difference {
    /// The provider's name for the request.
    pub fn request_id(&self) -> &str {
        match self {
            Self::Cost { request_id, .. }
            | Self::Missing { request_id, .. }
            | Self::Bill { request_id, .. }
            | Self::State { request_id, .. } => request_id,
            Self::Elsewhere(elsewhere) => &elsewhere.row.request_id,
        }
    }

    /// The generation, if it can be imported now.
    pub fn importable(&self) -> Option<&Elsewhere> {
        match self {
            Self::Elsewhere(elsewhere) if elsewhere.not_yet.is_none() => Some(elsewhere),
            _ => None,
        }
    }

    /// The kind of difference in one word.
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
                    (None, Some(odd)) => format!("cost {odd:?}, which is not an amount"),
                    (None, None) => "cost unknown".to_owned(),
                };
                let now = match (&elsewhere.not_yet, elsewhere.like) {
                    (Some(held), _) => held.to_string(),
                    (None, Some(take)) => format!("take {take}, marked as never sent; import it"),
                    (None, None) => "you can import it".to_owned(),
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
                "take {take} is billed {text:?}, which is not an amount: {} stays counted for it",
                counted.precise()
            ),
            Self::State {
                take,
                ours: TakeState::NotSent,
                theirs,
                recovered: true,
                ..
            } => format!(
                "take {take} was marked as never sent, and the history shows it as {}: it arrived after all, its cost \
                 counts now, and its video is fetched",
                theirs.word()
            ),
            Self::State {
                take,
                ours,
                theirs,
                recovered,
                repeat_sent,
                ..
            } => {
                let now = match (recovered, repeat_sent) {
                    (false, _) => "left as it is".to_owned(),
                    (true, None) => "its video is fetched after all".to_owned(),
                    (true, Some(again)) => format!(
                        "its video is fetched after all; its repeat, take {again}, was sent before and may be billed too"
                    ),
                };
                format!("take {take} is {ours} here, {} there: {now}", theirs.word())
            }
        }
    }
}

impl Comparison {
    /// Whether nothing differs, all was read, and no outcome is unknown.
    pub fn agree(&self) -> bool {
        self.whole && self.differences.is_empty() && self.unclear == 0 && self.unknown == 0
    }

    /// Everything that can be imported now.
    pub fn importable(&self) -> impl Iterator<Item = &Elsewhere> {
        self.differences.iter().filter_map(Difference::importable)
    }

    /// Takes whose video was given up and is fetched now.
    pub fn recovered(&self) -> impl Iterator<Item = TakeId> {
        let recovered = |difference: &Difference| match difference {
            Difference::State {
                take,
                recovered: true,
                ..
            } => Some(*take),
            _ => None,
        };
        self.differences.iter().filter_map(recovered)
    }
}

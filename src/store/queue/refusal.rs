//! Why a take may not be sent because of its price: the rule by which a claim decides, for those who explain the queue too.

use rusqlite::Connection;

use crate::model::text::{capitalized, sentences};
use crate::model::{Backend, Complaint, PriceTable, TakeId, Usd};
use crate::store::takes::{read, reserve};
use crate::store::{Cap, Queue, SqlOrRule, StoreError, ledger};

use super::next::{Next, next};

/// Why a take may not be sent, if its price is the reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    CapReached {
        spent: Usd,
        cap: Usd,
        /// The reserve of the take.
        next: Usd,
    },
    /// A cap is set, and no upper price is known of this take: it is the next one, or it is in flight and was sent
    /// without a cap.
    NoPrice(TakeId),
    /// The take may cost more by now than the user allowed.
    TooDear { take: TakeId, most: Usd, allowed: Usd },
}

impl Refusal {
    /// In a few words.
    pub const fn title(&self) -> &'static str {
        match self {
            Self::CapReached { .. } => "the day's cap is reached",
            Self::NoPrice(_) => "a price is not known",
            Self::TooDear { .. } => "the next take is too dear",
        }
    }

    /// Why waiting takes are not sent, and what to do, in sentences.
    pub fn in_sentences(&self) -> String {
        let complaint = self.complaint();
        let now = complaint.next.as_deref().map(capitalized).unwrap_or_default();
        sentences(&[&format!("Waiting takes are not sent: {}", complaint.what), &now])
    }

    /// Why nothing is sent, and what to do.
    pub fn complaint(&self) -> Complaint {
        match self {
            Self::CapReached { spent, cap, next } => {
                let left = (*cap - *spent).max(Usd::ZERO);
                Complaint::new(
                    format!("the day's cap of {cap} leaves {left}, and the next take may cost {next}"),
                    "raise cap_per_day, or wait until tomorrow",
                )
            }
            Self::NoPrice(take) => Complaint::new(
                format!("a cap is set, and what take {take} may cost is not known"),
                "put the price of its model into [prices] of the settings, or cancel the take if it still waits",
            ),
            Self::TooDear { take, most, allowed } => Complaint::new(
                format!("take {take} may cost {most} by now, and you allowed at most {allowed}"),
                "cancel it, or generate it again with a higher maximum",
            ),
        }
    }
}

/// The limits of what may be spent.
#[derive(Debug, Clone, Copy)]
pub struct Limits<'a> {
    pub cap: Option<Cap>,
    /// The prices in force; without them, the reserves count as they are noted.
    pub prices: Option<&'a PriceTable>,
}

impl Queue<'_> {
    /// Why the next take is not sent, if its price is the reason: what a claim would find now, or as soon as the take
    /// need not wait any longer. Nothing is claimed, and nothing is noted.
    pub fn refusal_of_next(&self, limits: Limits<'_>) -> Result<Option<Refusal>, StoreError> {
        let now = self.store.clock.now();
        self.store
            .read(|connection| match next(connection, self.backend, now)? {
                Next::None => Ok(None),
                Next::At(_, id) | Next::Take(id) => refusal(connection, self.backend, id, limits),
            })
    }

    /// As [`Self::refusal_of_next`], of this take once it is the next one.
    pub fn refusal_of(&self, id: TakeId, limits: Limits<'_>) -> Result<Option<Refusal>, StoreError> {
        self.store
            .read(|connection| refusal(connection, self.backend, id, limits))
    }
}

/// Why the take may not be sent, if its price is the reason. Changes nothing.
pub fn refusal(
    connection: &Connection,
    backend: Backend,
    id: TakeId,
    Limits { cap, prices }: Limits<'_>,
) -> Result<Option<Refusal>, SqlOrRule> {
    let reserve = reserve::by_prices(connection, id, prices)?;
    if let Some((most, allowed)) = reserve.above_maximum(backend) {
        let take = id;
        return Ok(Some(Refusal::TooDear { take, most, allowed }));
    }
    let Some(cap) = cap else {
        return Ok(None);
    };
    let mut spent = ledger::committed(connection, backend, cap.since)?;
    for sent in reserve::unknown_in_flight(connection, backend)? {
        let Some(most) = reserve::by_prices(connection, sent, prices)?.most else {
            return Ok(Some(Refusal::NoPrice(sent)));
        };
        // A claim notes this reserve before it asks. Until then the ledger counts the estimate.
        if ledger::is_counted(connection, backend, sent, cap.since)? {
            spent = spent - read::one(connection, sent)?.estimate + most;
        }
    }
    let Some(next) = reserve.most else {
        return Ok(Some(Refusal::NoPrice(id)));
    };
    let reached = || Refusal::CapReached {
        spent,
        cap: cap.limit,
        next,
    };
    Ok((!cap.allows(spent, next)).then(reached))
}

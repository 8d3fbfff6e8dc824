//! Why a take may not be sent because of what it costs: the rule by which a claim decides, for those who explain the queue too.

use jiff::Timestamp;
use rusqlite::Connection;

use crate::model::caps::{CapScope, PerCap};
use crate::model::text::{capitalized, sentences};
use crate::model::{Backend, Complaint, Model, PriceTable, TakeId, Usd};
use crate::store::ledger::{self, Subject};
use crate::store::rules::cap::{Allowance, Caps, Standing};
use crate::store::takes::{read, reserve};
use crate::store::{Queue, SqlOrRule, StoreError, columns};

use super::next::{Next, PassedOver, next};

/// Why a take may not be sent, if money is the reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    CapReached {
        scope: CapScope,
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
    /// How the provider makes and finishes the drafts of its model is not confirmed, or not any more.
    Unconfirmed(TakeId),
}

impl Refusal {
    /// In a few words.
    pub const fn title(&self) -> &'static str {
        match self {
            Self::CapReached { scope, .. } => match scope {
                CapScope::Day => "the day's cap is reached",
                CapScope::Session => "the session's cap is reached",
                CapScope::Reel => "the reel's cap is reached",
                CapScope::Sweep => "the sweep's cap is reached",
            },
            Self::NoPrice(_) => "a price is not known",
            Self::TooDear { .. } => "the next take is too dear",
            Self::Unconfirmed(_) => "the drafts of a model are not confirmed",
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
            Self::CapReached {
                scope,
                spent,
                cap,
                next,
            } => {
                let left = (*cap - *spent).max(Usd::ZERO);
                Complaint::new(
                    format!(
                        "{} of {cap} leaves {left}, and the next take may cost {next}",
                        scope.cap()
                    ),
                    scope.advice(),
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
            Self::Unconfirmed(take) => Complaint::new(
                format!("how the provider makes and finishes drafts of take {take}'s model is not confirmed"),
                "look whether its catalogue shows it with `rushes models --refresh`, and start again, or cancel the take",
            ),
        }
    }
}

/// The limits of what may be spent.
#[derive(Debug, Clone, Copy)]
pub struct Limits<'a> {
    pub caps: &'a Caps,
    /// The prices in force; without them, the reserves count as they are noted.
    pub prices: Option<&'a PriceTable>,
}

impl Queue<'_> {
    /// Why the next take is not sent, if its price is the reason: what a claim would find now, or as soon as the take
    /// need not wait any longer. Nothing is claimed, and nothing is noted.
    pub fn refusal_of_next(&self, limits: Limits<'_>) -> Result<Option<Refusal>, StoreError> {
        let now = self.store.clock.now();
        self.store.read(|connection| {
            let chosen = choose(connection, self.backend, now, |id| {
                refusal(connection, self.backend, id, limits, now)
            })?;
            Ok(chosen.and_then(Result::err))
        })
    }

    /// As [`Self::refusal_of_next`], of this take once it is the next one.
    pub fn refusal_of(&self, id: TakeId, limits: Limits<'_>) -> Result<Option<Refusal>, StoreError> {
        let now = self.store.clock.now();
        self.store
            .read(|connection| refusal(connection, self.backend, id, limits, now))
    }
}

/// A take whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chosen {
    pub id: TakeId,
    /// It may not be sent before this time, which has not come.
    pub not_before: Option<Timestamp>,
}

/// The next take that may be sent, or why none may be; `None` when none waits. A take that the cap of its own reel or sweep
/// keeps back lets those of others go first. When all that are left have to wait for a time, it is the one whose time comes
/// first, with that time.
pub fn choose(
    connection: &Connection,
    backend: Backend,
    now: Timestamp,
    mut refusal_of: impl FnMut(TakeId) -> Result<Option<Refusal>, SqlOrRule>,
) -> Result<Option<Result<Chosen, Refusal>>, SqlOrRule> {
    let mut passed_over = PassedOver::default();
    let mut first = None;
    loop {
        let (id, not_before) = match next(connection, backend, now, &passed_over)? {
            Next::None => return Ok(first.map(Err)),
            Next::At(time, id) => (id, Some(time)),
            Next::Take(id) => (id, None),
        };
        let Some(refusal) = refusal_of(id)? else {
            return Ok(Some(Ok(Chosen { id, not_before })));
        };
        let first = *first.get_or_insert(refusal);
        let Refusal::CapReached { scope, .. } = refusal else {
            return Ok(Some(Err(first)));
        };
        if !passed_over.add(id, subject_of(connection, id)?, scope) {
            return Ok(Some(Err(first)));
        }
    }
}

fn subject_of(connection: &Connection, id: TakeId) -> rusqlite::Result<Subject> {
    connection
        .prepare_cached("SELECT reel_id, sweep FROM takes WHERE id = ?1")?
        .query_row([id.0], |row| {
            Ok(Subject {
                reel_id: row.get("reel_id")?,
                sweep: row.get("sweep")?,
            })
        })
}

fn is_unconfirmed(connection: &Connection, id: TakeId) -> rusqlite::Result<bool> {
    let model: Model = connection
        .prepare_cached("SELECT model FROM takes WHERE id = ?1")?
        .query_row([id.0], |row| columns::word(row, "model"))?;
    Ok(model.finish.as_ref().is_some_and(|finish| !finish.confirmed))
}

/// Why the take may not be sent, if money is the reason. Changes nothing.
pub fn refusal(
    connection: &Connection,
    backend: Backend,
    id: TakeId,
    Limits { caps, prices }: Limits<'_>,
    now: Timestamp,
) -> Result<Option<Refusal>, SqlOrRule> {
    if backend == Backend::Live && is_unconfirmed(connection, id)? {
        return Ok(Some(Refusal::Unconfirmed(id)));
    }
    let reserve = reserve::by_prices(connection, id, prices)?;
    if let Some((most, allowed)) = reserve.above_maximum(backend) {
        let take = id;
        return Ok(Some(Refusal::TooDear { take, most, allowed }));
    }
    if !caps.are_set() {
        return Ok(None);
    }
    let subject = subject_of(connection, id)?;
    let mut spent = ledger::by_cap(connection, backend, caps, &subject, now, ledger::committed)?;
    for sent in reserve::unknown_in_flight(connection, backend)? {
        let Some(most) = reserve::by_prices(connection, sent, prices)?.most else {
            return Ok(Some(Refusal::NoPrice(sent)));
        };
        // A claim notes this reserve before it asks. Until then the ledger counts the estimate.
        let estimate = read::one(connection, sent)?.estimate;
        for (scope, _) in caps.limits.set() {
            if ledger::is_counted(connection, backend, sent, subject.which(scope, caps, now))? {
                *spent.get_mut(scope) = *spent.get(scope) - estimate + most;
            }
        }
    }
    let Some(next) = reserve.most else {
        return Ok(Some(Refusal::NoPrice(id)));
    };
    let allowance = Allowance::of(&caps.limits, &spent, &PerCap::default());
    let reached = |standing: &Standing| Refusal::CapReached {
        scope: standing.scope,
        spent: standing.spent,
        cap: standing.limit,
        next,
    };
    Ok(allowance.refusing(next).map(reached))
}

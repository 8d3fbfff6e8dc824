//! Claims the next take that may be sent, in one transaction.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension};

use crate::model::{Backend, FailureKind, PriceTable, Take, TakeId, TakeState, Usd};
use crate::store::rules::lease;
use crate::store::rules::wait::passed;
use crate::store::takes::events::Transition;
use crate::store::takes::step::apply;
use crate::store::takes::{read, reserve};
use crate::store::{Cap, Facts, Queue, SqlOrRule, Store, StoreError, columns, ledger};

use super::{rate_limits, state};

/// Who asks for a take to send, and within what limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Unique to the process.
    pub owner: String,
    /// Whose money it is: [`crate::model::ApiKey::account`] of the key that it will be sent with.
    pub account: String,
    pub backend: Backend,
    /// The most takes in flight, over all processes.
    pub limit: u32,
    pub cap: Option<Cap>,
    /// The prices in force, by which the reserve of the next take is calculated again. `None` keeps what is noted.
    pub prices: Option<PriceTable>,
    pub lease: SignedDuration,
}

/// What a claim led to.
#[derive(Debug, Clone, PartialEq)]
pub enum Claimed {
    /// Send it: it is submitting, the owner has its lease, and that is on the disk.
    Take(Box<Take>),
    /// No take waits, or all that do are paused or on hold.
    Nothing,
    /// As many takes are in flight as may be.
    Full,
    CapReached {
        spent: Usd,
        cap: Usd,
        /// The reserve of the next take.
        next: Usd,
    },
    /// A cap is set, and no upper price is known of this take: it is the next one, or it is in flight and was sent
    /// without a cap.
    NoPrice(TakeId),
    /// The next take may cost more by now than the user allowed.
    TooDear { take: TakeId, most: Usd, allowed: Usd },
    /// The queue is stopped until the user resumes it.
    Stopped(FailureKind, String),
    /// Ask again then.
    NotBefore(Timestamp),
}

impl Store {
    /// Claims the next take of the queue. Everything is checked within the transaction that claims, so limit and cap
    /// hold however many processes claim at once, and no two get the same take.
    pub fn claim(&self, claim: &Claim) -> Result<Claimed, StoreError> {
        // This is called after every write of another process; usually nothing waits, and the write lock is not needed.
        let now = self.clock.now();
        if let Next::None = self.read(|connection| Ok(next(connection, claim.backend, now)?))? {
            return Ok(Claimed::Nothing);
        }
        self.write(|transaction, now| {
            rate_limits::meet_clock(transaction, claim.backend, now)?;
            let next = match next(transaction, claim.backend, now)? {
                Next::None => return Ok(Claimed::Nothing),
                Next::At(time) => Err(time),
                Next::Take(id) => Ok(id),
            };
            let queue = state::state(transaction, claim.backend, now)?;
            if let Some((kind, detail)) = queue.stopped {
                return Ok(Claimed::Stopped(kind, detail));
            }
            let open_at = queue.not_before.filter(|time| !passed(*time, now));
            let id = match (next, open_at) {
                (Err(take_at), queue_at) => {
                    return Ok(Claimed::NotBefore(queue_at.map_or(take_at, |at| at.max(take_at))));
                }
                (Ok(_), Some(queue_at)) => return Ok(Claimed::NotBefore(queue_at)),
                (Ok(next), None) => next,
            };
            if in_flight(transaction, claim.backend)? >= claim.limit {
                return Ok(Claimed::Full);
            }
            if let Some(refused) = refused_for_money(transaction, id, claim)? {
                return Ok(refused);
            }
            send(transaction, id, claim, now)?;
            Ok(Claimed::Take(Box::new(read::one(transaction, id)?)))
        })
    }
}

/// Why the take may not be sent, if its price is the reason.
fn refused_for_money(
    connection: &Connection,
    id: TakeId,
    claim: &Claim,
) -> Result<Option<Claimed>, SqlOrRule> {
    let reserve = reserve::renewed(connection, id, claim.prices.as_ref())?;
    if let Some((most, allowed)) = reserve.above_maximum(claim.backend) {
        let take = id;
        return Ok(Some(Claimed::TooDear { take, most, allowed }));
    }
    let Some(cap) = claim.cap else {
        return Ok(None);
    };
    if let Some(unknown) = reserve::unknown_in_flight(connection, claim.backend, claim.prices.as_ref())? {
        return Ok(Some(Claimed::NoPrice(unknown)));
    }
    let spent = ledger::committed(connection, claim.backend, cap.since)?;
    let Some(next) = reserve.most else {
        return Ok(Some(Claimed::NoPrice(id)));
    };
    let cap_reached = || Claimed::CapReached {
        spent,
        cap: cap.limit,
        next,
    };
    Ok((!cap.allows(spent, next)).then(cap_reached))
}

/// Which take is next.
enum Next {
    None,
    /// None before this time.
    At(Timestamp),
    Take(TakeId),
}

/// In the order of the queue. A take that must wait lets others go first.
pub const IN_ORDER: &str = "SELECT id, reserve, not_before FROM takes
     WHERE state = 'waiting' AND backend = ?1 AND paused = 0 AND hold IS NULL ORDER BY position, id";

fn next(connection: &Connection, backend: Backend, now: Timestamp) -> rusqlite::Result<Next> {
    let mut statement = connection.prepare_cached(IN_ORDER)?;
    let mut rows = statement.query([backend.word()])?;
    let mut soonest: Option<Timestamp> = None;
    while let Some(row) = rows.next()? {
        match columns::time_if_any(row, "not_before")? {
            Some(time) if !passed(time, now) => {
                soonest = Some(soonest.map_or(time, |other| other.min(time)));
            }
            _ => return Ok(Next::Take(TakeId(row.get("id")?))),
        }
    }
    Ok(soonest.map_or(Next::None, Next::At))
}

impl Queue<'_> {
    /// The most that the next take may cost, whether or not it must still wait; [`Usd::MAX`] where no upper price is
    /// known.
    pub fn next_price(&self) -> Result<Option<Usd>, StoreError> {
        self.store.read(|connection| {
            let mut statement = connection.prepare_cached(IN_ORDER)?;
            let next = statement.query_row([self.backend.word()], |row| columns::usd_if_any(row, "reserve"));
            Ok(next.optional()?.map(|reserve| reserve.unwrap_or(Usd::MAX)))
        })
    }
}

fn in_flight(connection: &Connection, backend: Backend) -> rusqlite::Result<u32> {
    connection
        .prepare_cached(&in_flight_sql())?
        .query_row([backend.word()], |row| row.get(0))
}

/// Takes of another account do not count against this one's limit.
pub fn in_flight_sql() -> String {
    format!(
        "SELECT count(*) FROM takes WHERE state IN ({}) AND backend = ?1 AND error_kind IS NOT '{}'",
        columns::states(TakeState::in_flight),
        FailureKind::OtherKey
    )
}

/// Marks the take as submitting and gives its lease to the owner.
fn send(connection: &Connection, id: TakeId, claim: &Claim, now: Timestamp) -> Result<(), SqlOrRule> {
    let step = Transition {
        from: Some(TakeState::Waiting),
        to: TakeState::Submitting,
        detail: "",
        owner: Some(&claim.owner),
    };
    apply(connection, id, &step, &Facts::default(), now)?;
    let lease_until = lease::end(now, claim.lease).as_millisecond();
    connection
        .prepare_cached(
            "UPDATE takes SET owner = ?2, lease_until = ?3, account = ?4, asked_since = NULL WHERE id = ?1",
        )?
        .execute((id.0, &claim.owner, lease_until, &claim.account))?;
    Ok(())
}

//! The claim: which take may be sent next, and whether it may, decided in one transaction.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension};

use crate::model::{Backend, FailureKind, PriceTable, Take, TakeId, TakeState, Usd};

use super::error::Trouble;
use super::line::{passed, state_of_line};
use super::step::{Facts, Passage, go};
use super::{Cap, Store, StoreError, lease, money, rate, reserve, row, take};

/// Who asks for a take to send, and within what limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Unique to the process.
    pub owner: String,
    /// Whose money it is: [`crate::model::ApiKey::account`] of the key that it will be sent with.
    pub account: String,
    pub backend: Backend,
    /// Most takes in flight, over all processes.
    pub limit: u32,
    pub cap: Option<Cap>,
    /// The prices in force: the reserve of the take whose turn it is is reckoned anew. `None` keeps what is noted.
    pub prices: Option<PriceTable>,
    pub lease: SignedDuration,
}

/// What came of a claim.
#[derive(Debug, Clone, PartialEq)]
pub enum Claimed {
    /// Send it: it is submitting, held by the owner, and on the disk.
    Take(Box<Take>),
    /// None is in line, or those that are are paused or held.
    Nothing,
    /// As many are in flight as may be.
    Full,
    CapReached {
        spent: Usd,
        cap: Usd,
        /// The reserve of the take whose turn it is.
        next: Usd,
    },
    /// A cap is set, and no upper price is known of this take: it is its turn, or it was sent without a cap and is on
    /// its way.
    NoPrice(TakeId),
    /// The take whose turn it is may cost more by now than the user allowed.
    TooDear { take: TakeId, most: Usd, allowed: Usd },
    /// The line stands until the user resumes it.
    Stopped(FailureKind, String),
    /// Ask again then.
    NotBefore(Timestamp),
}

impl Store {
    /// Claims the next take of the line. Everything is checked within the transaction that claims, so limit and
    /// cap hold however many processes claim at once, and no two get the same take.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub fn claim(&self, claim: &Claim) -> Result<Claimed, StoreError> {
        // This is called after every write of another process, usually in vain: then no write lock is taken.
        let now = self.clock.now();
        if let Next::None = self.read(|connection| Ok(next(connection, claim.backend, now)?))? {
            return Ok(Claimed::Nothing);
        }
        self.write(|transaction, now| {
            rate::meet_clock(transaction, claim.backend, now)?;
            let next = match next(transaction, claim.backend, now)? {
                Next::None => return Ok(Claimed::Nothing),
                Next::At(time) => Err(time),
                Next::Take(id) => Ok(id),
            };
            let line = state_of_line(transaction, claim.backend, now)?;
            if let Some((kind, detail)) = line.stopped {
                return Ok(Claimed::Stopped(kind, detail));
            }
            let open_at = line.not_before.filter(|time| !passed(*time, now));
            let id = match (next, open_at) {
                (Err(take_at), line_at) => {
                    return Ok(Claimed::NotBefore(line_at.map_or(take_at, |at| at.max(take_at))));
                }
                (Ok(_), Some(line_at)) => return Ok(Claimed::NotBefore(line_at)),
                (Ok(next), None) => next,
            };
            if in_flight(transaction, claim.backend)? >= claim.limit {
                return Ok(Claimed::Full);
            }
            let reserve = reserve::renewed(transaction, id, claim.prices.as_ref())?;
            if let Some((most, allowed)) = reserve.above_maximum(claim.backend) {
                let take = id;
                return Ok(Claimed::TooDear { take, most, allowed });
            }
            if let Some(cap) = claim.cap {
                if let Some(unknown) = reserve::unknown_on_its_way(transaction, claim)? {
                    return Ok(Claimed::NoPrice(unknown));
                }
                let spent = money::committed(transaction, claim.backend, cap.since)?;
                let Some(next) = reserve.most else {
                    return Ok(Claimed::NoPrice(id));
                };
                if !cap.allows(spent, next) {
                    let cap = cap.limit;
                    return Ok(Claimed::CapReached { spent, cap, next });
                }
            }
            send(transaction, id, claim, now)?;
            Ok(Claimed::Take(Box::new(take::one(transaction, id)?)))
        })
    }
}

/// Whose turn it is.
enum Next {
    None,
    /// Nobody's before then.
    At(Timestamp),
    Take(TakeId),
}

/// In line order; those that must wait a little let the others pass.
pub(super) const IN_ORDER: &str = "SELECT id, reserve, not_before FROM takes
     WHERE state = 'waiting' AND backend = ?1 AND paused = 0 AND hold IS NULL ORDER BY position, id";

fn next(connection: &Connection, backend: Backend, now: Timestamp) -> rusqlite::Result<Next> {
    let mut statement = connection.prepare_cached(IN_ORDER)?;
    let mut rows = statement.query([backend.word()])?;
    let mut soonest: Option<Timestamp> = None;
    while let Some(row) = rows.next()? {
        match row::time_if_any(row, "not_before")? {
            Some(time) if !passed(time, now) => {
                soonest = Some(soonest.map_or(time, |other| other.min(time)));
            }
            _ => return Ok(Next::Take(TakeId(row.get("id")?))),
        }
    }
    Ok(soonest.map_or(Next::None, Next::At))
}

impl Store {
    /// The most that the take whose turn it is may cost, whether or not its time has come; [`Usd::MAX`] where no upper
    /// price is known.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn next_in_line(&self, backend: Backend) -> Result<Option<Usd>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(IN_ORDER)?;
            let next = statement.query_row([backend.word()], |row| row::usd_if_any(row, "reserve"));
            Ok(next.optional()?.map(|reserve| reserve.unwrap_or(Usd::MAX)))
        })
    }
}

fn in_flight(connection: &Connection, backend: Backend) -> rusqlite::Result<u32> {
    connection
        .prepare_cached(&in_flight_sql())?
        .query_row([backend.word()], |row| row.get(0))
}

pub(super) fn in_flight_sql() -> String {
    format!(
        "SELECT count(*) FROM takes WHERE state IN ({}) AND backend = ?1 AND error_kind IS NOT '{}'",
        row::states(TakeState::in_flight),
        // They take no room of this account's.
        FailureKind::OtherKey
    )
}

/// Waiting becomes submitting, under the owner's lease.
fn send(connection: &Connection, id: TakeId, claim: &Claim, now: Timestamp) -> Result<(), Trouble> {
    let passage = Passage {
        from: Some(TakeState::Waiting),
        to: TakeState::Submitting,
        detail: "",
        owner: Some(&claim.owner),
    };
    go(connection, id, &passage, &Facts::default(), now)?;
    connection
        .prepare_cached(
            "UPDATE takes SET owner = ?2, lease_until = ?3, account = ?4, asked_since = NULL WHERE id = ?1",
        )?
        .execute((id.0, &claim.owner, lease::ends(now, claim.lease), &claim.account))?;
    Ok(())
}

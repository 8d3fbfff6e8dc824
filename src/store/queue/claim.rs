//! Claims the next take that may be sent, in one transaction.

use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;

use crate::model::{Backend, Expectation, FailureKind, PriceTable, Take, TakeId, TakeState};
use crate::store::rules::lease;
use crate::store::rules::wait::passed;
use crate::store::takes::events::Transition;
use crate::store::takes::step::apply;
use crate::store::takes::waits::{self, Published};
use crate::store::takes::{read, reserve};
use crate::store::{Caps, Facts, SqlOrRule, Store, StoreError, columns, ledger};

use super::next::{Next, PassedOver, next};
use super::refusal::{Chosen, Limits, Refusal, choose, refusal};
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
    pub caps: Caps,
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
    /// The price of the next take is the reason.
    Refused(Refusal),
    /// The queue is stopped until the user resumes it.
    Stopped(FailureKind, String),
    /// Ask again then.
    NotBefore(Timestamp),
}

impl Store {
    /// [`Self::claim_expecting`], with the published averages.
    pub fn claim(&self, claim: &Claim) -> Result<Claimed, StoreError> {
        self.claim_expecting(claim, &|model, _| Expectation::published(model))
    }

    /// Claims the next take of the queue. Everything is checked within the transaction that claims, so limit and cap
    /// hold however many processes claim at once, and no two get the same take. How long it is expected to need is noted
    /// with it: by earlier takes, or as `published` says.
    pub fn claim_expecting(&self, claim: &Claim, published: Published<'_>) -> Result<Claimed, StoreError> {
        // This is called after every write of another process; usually nothing waits, and the write lock is not needed.
        let now = self.clock.now();
        let all = PassedOver::default();
        if let Next::None = self.read(|connection| Ok(next(connection, claim.backend, now, &all)?))? {
            return Ok(Claimed::Nothing);
        }
        self.write(|transaction, now| {
            rate_limits::meet_clock(transaction, claim.backend, now)?;
            let next = match next(transaction, claim.backend, now, &all)? {
                Next::None => return Ok(Claimed::Nothing),
                Next::At(time, _) => Some(time),
                Next::Take(_) => None,
            };
            let queue = state::state(transaction, claim.backend, now)?;
            if let Some((kind, detail)) = queue.stopped {
                return Ok(Claimed::Stopped(kind, detail));
            }
            let open_at = queue.not_before.filter(|time| !passed(*time, now));
            if let Some(time) = next.max(open_at) {
                return Ok(Claimed::NotBefore(time));
            }
            if in_flight(transaction, claim.backend)? >= claim.limit {
                return Ok(Claimed::Full);
            }
            cancel_late_finals(transaction, claim.backend, now)?;
            ledger::use_account(transaction, &claim.account)?;
            let look = |id| refused_for_money(transaction, id, claim, now);
            let id = match choose(transaction, claim.backend, now, look)? {
                None => return Ok(Claimed::Nothing),
                Some(Err(refusal)) => return Ok(Claimed::Refused(refusal)),
                Some(Ok(Chosen {
                    not_before: Some(time),
                    ..
                })) => return Ok(Claimed::NotBefore(time)),
                Some(Ok(Chosen { id, .. })) => id,
            };
            send(transaction, id, claim, now)?;
            waits::note_wait(transaction, id, published)?;
            Ok(Claimed::Take(Box::new(read::one(transaction, id)?)))
        })
    }
}

/// Cancels the waiting finals of drafts whose days are over. They cost nothing then; sent, they might be refused, or be
/// another shot.
fn cancel_late_finals(connection: &Connection, backend: Backend, now: Timestamp) -> Result<(), SqlOrRule> {
    let late: Vec<i64> = connection
        .prepare_cached(LATE_FINALS)?
        .query_map((backend.word(), now.as_millisecond()), |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for id in late.into_iter().map(TakeId) {
        let step = Transition::new(Some(TakeState::Waiting), TakeState::Cancelled, TOO_LATE);
        let facts = Facts {
            error: Some(TOO_LATE.to_owned()),
            ..Facts::default()
        };
        apply(connection, id, &step, &facts, now)?;
    }
    Ok(())
}

const TOO_LATE: &str = "The days in which its draft could be finished are over, or not known. Nothing was sent: promote the draft in another way.";

/// The waiting finals without a draft of that name that has days left.
pub const LATE_FINALS: &str = "SELECT id FROM takes AS t WHERE state = 'waiting' AND backend = ?1 AND finishes IS NOT NULL
     AND NOT EXISTS (SELECT 1 FROM takes AS draft WHERE draft.draft_id = t.finishes AND draft.backend = t.backend
                     AND draft.draft_expires > ?2)";

/// Notes the reserves that the prices in force change, and asks [`refusal`].
fn refused_for_money(
    connection: &Connection,
    id: TakeId,
    claim: &Claim,
    now: Timestamp,
) -> Result<Option<Refusal>, SqlOrRule> {
    let prices = claim.prices.as_ref();
    reserve::renew(connection, id, prices)?;
    if claim.caps.are_set() {
        for sent in reserve::unknown_in_flight(connection, claim.backend)? {
            reserve::renew(connection, sent, prices)?;
        }
    }
    let caps = &claim.caps;
    refusal(connection, claim.backend, id, Limits { caps, prices }, now)
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
            "UPDATE takes SET owner = ?2, lease_until = ?3, account = ?4, asked_since = NULL, session = nullif(?5, '')
             WHERE id = ?1",
        )?
        .execute((id.0, &claim.owner, lease_until, &claim.account, &claim.caps.session))?;
    Ok(())
}

//! Leases: who works on a take, and who takes over when he is gone.

use jiff::{SignedDuration, Timestamp};

use crate::model::{Backend, FailureKind, Take, TakeId, TakeState};

use super::{Store, StoreError, row, take};

/// The longest lease that is given; longer ones are cut to it. A lease that ends more than twice as far away
/// was given by a clock that has since been set back, and counts as run out.
pub const LONGEST_LEASE: SignedDuration = SignedDuration::from_mins(10);

/// When a lease given now ends.
pub(super) fn ends(now: Timestamp, lease: SignedDuration) -> i64 {
    after(now, lease.min(LONGEST_LEASE))
}

fn after(now: Timestamp, by: SignedDuration) -> i64 {
    now.saturating_add(by).unwrap_or(now).as_millisecond()
}

impl Store {
    /// Takes over every sent but unsettled take that nobody holds, or whose holder's lease ran out. What `owner`
    /// holds already is not among them, run out or not: it is being worked on. Nor is what was found to belong to
    /// another account than `account`: whoever has its key is to find it free.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub fn adopt(
        &self,
        owner: &str,
        backend: Backend,
        account: &str,
        lease: SignedDuration,
    ) -> Result<Vec<Take>, StoreError> {
        let (backend, too_far) = (backend.word(), LONGEST_LEASE + LONGEST_LEASE);
        // This is called after every write of another process, usually in vain: then no write lock is taken.
        let now = self.clock.now();
        let any = self.read(|connection| {
            Ok(connection.prepare_cached(&any_to_adopt_sql())?.exists((
                owner,
                backend,
                now.as_millisecond(),
                after(now, too_far),
                account,
            ))?)
        })?;
        if !any {
            return Ok(Vec::new());
        }
        self.write(|transaction, now| {
            let ids: Vec<i64> = transaction
                .prepare_cached(&adopt_sql())?
                .query_map(
                    (
                        owner,
                        backend,
                        now.as_millisecond(),
                        after(now, too_far),
                        account,
                        ends(now, lease),
                    ),
                    |row| row.get(0),
                )?
                .collect::<Result<_, _>>()?;
            let mut takes = Vec::with_capacity(ids.len());
            for id in ids {
                takes.push(take::one(transaction, TakeId(id))?);
            }
            takes.sort_by_key(|take| take.id);
            Ok(takes)
        })
    }

    /// When the first lease of another owner's take ends, which [`Store::adopt`] takes over then.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn next_lease_end(
        &self,
        owner: &str,
        backend: Backend,
        account: &str,
    ) -> Result<Option<Timestamp>, StoreError> {
        self.read(|connection| {
            Ok(connection
                .prepare_cached(&next_lease_end_sql())?
                .query_row((owner, backend.word(), account), |row| {
                    row::time_if_any(row, "ends")
                })?)
        })
    }

    /// Gives every take that `owner` holds a new lease from now on.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn renew(&self, owner: &str, lease: SignedDuration) -> Result<(), StoreError> {
        self.write(|transaction, now| {
            transaction
                .prepare_cached("UPDATE takes SET lease_until = ?2 WHERE owner = ?1")?
                .execute((owner, ends(now, lease)))?;
            Ok(())
        })
    }

    /// Lets go of one take, so that anybody, its holder too, may adopt it.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn let_go(&self, owner: &str, id: TakeId) -> Result<(), StoreError> {
        self.write(|transaction, _| {
            transaction
                .prepare_cached(
                    "UPDATE takes SET owner = NULL, lease_until = NULL WHERE owner = ?1 AND id = ?2",
                )?
                .execute((owner, id.0))?;
            Ok(())
        })
    }

    /// Lets go of every take that `owner` holds, so that others may adopt them at once.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn release(&self, owner: &str) -> Result<(), StoreError> {
        self.write(|transaction, _| {
            transaction
                .prepare_cached("UPDATE takes SET owner = NULL, lease_until = NULL WHERE owner = ?1")?
                .execute([owner])?;
            Ok(())
        })
    }
}

/// Takes that are sent and not settled.
fn in_work() -> String {
    row::states(|state| !state.settled() && state != TakeState::Waiting)
}

/// A take that belongs to another account is left to the processes that have its key.
fn is_for(account: &str) -> String {
    format!(
        "(error_kind IS NOT '{}' OR account IS NULL OR account = {account})",
        FailureKind::OtherKey
    )
}

/// Which takes an owner may take over.
fn to_adopt() -> String {
    format!(
        "state IN ({}) AND backend = ?2
         AND (owner IS NULL OR (owner <> ?1 AND (lease_until <= ?3 OR lease_until > ?4))) AND {}",
        in_work(),
        is_for("?5")
    )
}

pub(super) fn any_to_adopt_sql() -> String {
    format!("SELECT 1 FROM takes WHERE {} LIMIT 1", to_adopt())
}

pub(super) fn adopt_sql() -> String {
    format!(
        "UPDATE takes SET owner = ?1, lease_until = ?6 WHERE {} RETURNING id",
        to_adopt()
    )
}

pub(super) fn next_lease_end_sql() -> String {
    format!(
        "SELECT min(lease_until) AS ends FROM takes
         WHERE state IN ({}) AND backend = ?2 AND owner <> ?1 AND {}",
        in_work(),
        is_for("?3")
    )
}

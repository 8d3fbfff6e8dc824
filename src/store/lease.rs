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
        self.write(|transaction, now| {
            let ids: Vec<i64> = transaction
                .prepare_cached(&adopt_sql())?
                .query_map(
                    (
                        owner,
                        ends(now, lease),
                        backend.word(),
                        now.as_millisecond(),
                        after(now, LONGEST_LEASE + LONGEST_LEASE),
                        account,
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

pub(super) fn adopt_sql() -> String {
    format!(
        "UPDATE takes SET owner = ?1, lease_until = ?2
         WHERE state IN ({}) AND backend = ?3
           AND (owner IS NULL OR (owner <> ?1 AND (lease_until <= ?4 OR lease_until > ?5)))
           AND (error_kind IS NOT '{}' OR account IS NULL OR account = ?6)
         RETURNING id",
        row::states(|state| !state.settled() && state != TakeState::Waiting),
        FailureKind::OtherKey
    )
}

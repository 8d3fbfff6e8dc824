//! Leases: who works on a take, and who takes over when its owner is gone.

use jiff::{SignedDuration, Timestamp};

use crate::model::{Backend, FailureKind, Take, TakeId, TakeState};
use crate::store::rules::lease;
use crate::store::takes::read;
use crate::store::{Store, StoreError, columns};

/// The leases of one owner.
pub struct Leases<'a> {
    store: &'a Store,
    owner: &'a str,
}

impl Store {
    /// The leases of an owner, which is unique to its process.
    pub const fn leases<'a>(&'a self, owner: &'a str) -> Leases<'a> {
        Leases { store: self, owner }
    }
}

impl Leases<'_> {
    /// Takes over the lease of every sent but unsettled take that has no owner, or whose owner's lease ran out. The
    /// owner's own takes are not among them, even if their lease ran out: they are being worked on. Nor are takes that
    /// belong to another account than `account`: a process with that key must find them free.
    pub fn take_over(
        &self,
        backend: Backend,
        account: &str,
        lease: SignedDuration,
    ) -> Result<Vec<Take>, StoreError> {
        let params = |now: Timestamp| {
            let last = lease::last_credible_end(now).as_millisecond();
            (self.owner, backend.word(), now.as_millisecond(), last, account)
        };
        // This is called after every write of another process; usually nothing is free, and the write lock is not needed.
        let now = self.store.clock.now();
        let any = self
            .store
            .read(|connection| Ok(connection.prepare_cached(&any_free_sql())?.exists(params(now))?))?;
        if !any {
            return Ok(Vec::new());
        }
        self.store.write(|transaction, now| {
            let (owner, backend, at, last, account) = params(now);
            let until = lease::end(now, lease).as_millisecond();
            let ids: Vec<i64> = transaction
                .prepare_cached(&take_over_sql())?
                .query_map((owner, backend, at, last, account, until), |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            let mut takes = Vec::with_capacity(ids.len());
            for id in ids {
                takes.push(read::one(transaction, TakeId(id))?);
            }
            takes.sort_by_key(|take| take.id);
            Ok(takes)
        })
    }

    /// When the first lease of another owner ends, which [`Leases::take_over`] takes over then.
    pub fn next_end(&self, backend: Backend, account: &str) -> Result<Option<Timestamp>, StoreError> {
        self.store.read(|connection| {
            Ok(connection
                .prepare_cached(&next_end_sql())?
                .query_row((self.owner, backend.word(), account), |row| {
                    columns::time_if_any(row, "ends")
                })?)
        })
    }

    /// Renews the lease of every take of the owner from now on.
    pub fn renew(&self, lease: SignedDuration) -> Result<(), StoreError> {
        self.store.write(|transaction, now| {
            transaction
                .prepare_cached("UPDATE takes SET lease_until = ?2 WHERE owner = ?1")?
                .execute((self.owner, lease::end(now, lease).as_millisecond()))?;
            Ok(())
        })
    }

    /// Ends the lease of one take, so that anybody may take it over, its owner too.
    pub fn release(&self, id: TakeId) -> Result<(), StoreError> {
        self.end(Some(id))
    }

    /// Ends every lease of the owner, so that others may take its takes over at once.
    pub fn release_all(&self) -> Result<(), StoreError> {
        self.end(None)
    }

    fn end(&self, id: Option<TakeId>) -> Result<(), StoreError> {
        self.store.write(|transaction, _| {
            transaction
                .prepare_cached(
                    "UPDATE takes SET owner = NULL, lease_until = NULL
                     WHERE owner = ?1 AND (?2 IS NULL OR id = ?2)",
                )?
                .execute((self.owner, id.map(|id| id.0)))?;
            Ok(())
        })
    }
}

/// The states of takes that are sent and not settled.
fn in_work() -> String {
    columns::states(|state| !state.settled() && state != TakeState::Waiting)
}

/// A take that belongs to another account is left to the processes that have its key.
fn is_for(account: &str) -> String {
    format!(
        "(error_kind IS NOT '{}' OR account IS NULL OR account = {account})",
        FailureKind::OtherKey
    )
}

/// The takes that an owner may take over.
fn free() -> String {
    format!(
        "state IN ({}) AND backend = ?2
         AND (owner IS NULL OR (owner <> ?1 AND (lease_until <= ?3 OR lease_until > ?4))) AND {}",
        in_work(),
        is_for("?5")
    )
}

pub fn any_free_sql() -> String {
    format!("SELECT 1 FROM takes WHERE {} LIMIT 1", free())
}

pub fn take_over_sql() -> String {
    format!(
        "UPDATE takes SET owner = ?1, lease_until = ?6 WHERE {} RETURNING id",
        free()
    )
}

pub fn next_end_sql() -> String {
    format!(
        "SELECT min(lease_until) AS ends FROM takes
         WHERE state IN ({}) AND backend = ?2 AND owner <> ?1 AND {}",
        in_work(),
        is_for("?3")
    )
}

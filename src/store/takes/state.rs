//! A take's present state, and who has its lease.

use rusqlite::{Connection, OptionalExtension};

use crate::model::{Take, TakeId, TakeState};
use crate::store::{SqlOrRule, Store, StoreError, columns};

use super::read;

impl Store {
    /// The take, if `owner` has its lease.
    pub fn owned_take(&self, owner: &str, id: TakeId) -> Result<Take, StoreError> {
        self.read(|connection| {
            owned_by(connection, owner, id)?;
            read::one(connection, id)
        })
    }
}

/// A take's state and the owner of its lease.
pub fn state_of(connection: &Connection, id: TakeId) -> Result<(TakeState, Option<String>), SqlOrRule> {
    connection
        .prepare_cached("SELECT state, owner FROM takes WHERE id = ?1")?
        .query_row([id.0], |row| {
            Ok((columns::word(row, "state")?, row.get("owner")?))
        })
        .optional()?
        .ok_or_else(|| StoreError::NoSuchTake(id).into())
}

/// The state of a take whose lease `owner` has.
pub fn owned_by(connection: &Connection, owner: &str, id: TakeId) -> Result<TakeState, SqlOrRule> {
    let (state, holder) = state_of(connection, id)?;
    if holder.as_deref() == Some(owner) {
        return Ok(state);
    }
    let owner = owner.to_owned();
    Err(StoreError::LostLease {
        id,
        owner,
        holder,
        state,
    }
    .into())
}

//! What whoever works on takes asks beside the takes themselves.

use jiff::Timestamp;
use rusqlite::OptionalExtension;

use crate::model::{Backend, TakeId};

use super::{Store, StoreError, row};

pub(super) const TWIN_BEING_SENT: &str = "SELECT count(*) > 0 FROM takes one
     JOIN takes other ON other.state = 'submitting' AND other.backend = one.backend AND other.id <> one.id
     WHERE one.id = ?1 AND other.model = one.model AND other.body = one.body";

impl Store {
    /// Whether the provider's request belongs to a take.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn knows_request(&self, backend: Backend, request_id: &str) -> Result<bool, StoreError> {
        self.read(|connection| {
            Ok(connection
                .prepare_cached("SELECT EXISTS (SELECT 1 FROM takes WHERE request_id = ?1 AND backend = ?2)")?
                .query_row((request_id, backend.word()), |row| row.get(0))?)
        })
    }

    /// Whether another take with the same body is being sent: which of two equal requests is whose is then open.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn twin_is_being_sent(&self, id: TakeId) -> Result<bool, StoreError> {
        self.read(|connection| {
            Ok(connection
                .prepare_cached(TWIN_BEING_SENT)?
                .query_row([id.0], |row| row.get(0))?)
        })
    }

    /// Since when, by the provider's own clock, its history has been asked about the take: `now_there`, unless it
    /// was asked before.
    ///
    /// # Errors
    /// [`StoreError::NoSuchTake`]; when the store cannot be written.
    pub fn asked_since(&self, id: TakeId, now_there: Timestamp) -> Result<Timestamp, StoreError> {
        self.write(|transaction, _| {
            transaction
                .prepare_cached(
                    "UPDATE takes SET asked_since = coalesce(asked_since, ?2) WHERE id = ?1 RETURNING asked_since",
                )?
                .query_row((id.0, now_there.as_millisecond()), |row| row::time(row, "asked_since"))
                .optional()?
                .ok_or_else(|| StoreError::NoSuchTake(id).into())
        })
    }

    /// How often the take was sent, or tried to be.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn times_submitted(&self, id: TakeId) -> Result<u32, StoreError> {
        self.read(|connection| {
            Ok(connection
                .prepare_cached("SELECT count(*) FROM events WHERE take_id = ?1 AND to_state = 'submitting'")?
                .query_row([id.0], |row| row.get(0))?)
        })
    }

    /// The name of the folder in which the take's film belongs.
    ///
    /// # Errors
    /// [`StoreError::NoSuchTake`]; when the store cannot be read.
    pub fn folder_of(&self, id: TakeId) -> Result<String, StoreError> {
        self.read(|connection| {
            connection
                .prepare_cached(
                    "SELECT folder FROM reels WHERE id = (SELECT reel_id FROM takes WHERE id = ?1)",
                )?
                .query_row([id.0], |row| row.get(0))
                .optional()?
                .ok_or_else(|| StoreError::NoSuchTake(id).into())
        })
    }
}

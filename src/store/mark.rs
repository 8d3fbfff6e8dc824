//! The user's word on a take: verdict and note.

use crate::model::{TakeId, Verdict};

use super::{Store, StoreError};

impl Store {
    /// Keeps the take, rejects it, or takes either back.
    ///
    /// # Errors
    /// [`StoreError::NoSuchTake`]; when the store cannot be written.
    pub fn set_verdict(&self, id: TakeId, verdict: Verdict) -> Result<(), StoreError> {
        self.mark("UPDATE takes SET verdict = ?2 WHERE id = ?1", id, verdict.word())
    }

    /// An empty note takes the note away.
    ///
    /// # Errors
    /// [`StoreError::NoSuchTake`]; when the store cannot be written.
    pub fn set_note(&self, id: TakeId, note: &str) -> Result<(), StoreError> {
        self.mark("UPDATE takes SET note = nullif(?2, '') WHERE id = ?1", id, note)
    }

    fn mark(&self, sql: &str, id: TakeId, text: &str) -> Result<(), StoreError> {
        self.write(|transaction, _| {
            if transaction.prepare_cached(sql)?.execute((id.0, text))? == 0 {
                return Err(StoreError::NoSuchTake(id).into());
            }
            Ok(())
        })
    }
}

//! The user's own remarks on a take: verdict and note.

use crate::model::{TakeId, Verdict};
use crate::store::{Store, StoreError};

impl Store {
    /// Circles a take, rejects it, or removes its verdict.
    pub fn set_verdict(&self, id: TakeId, verdict: Verdict) -> Result<(), StoreError> {
        self.set_text("UPDATE takes SET verdict = ?2 WHERE id = ?1", id, verdict.word())
    }

    /// An empty note removes the note.
    pub fn set_note(&self, id: TakeId, note: &str) -> Result<(), StoreError> {
        self.set_text("UPDATE takes SET note = nullif(?2, '') WHERE id = ?1", id, note)
    }

    fn set_text(&self, sql: &str, id: TakeId, text: &str) -> Result<(), StoreError> {
        self.write(|transaction, _| {
            if transaction.prepare_cached(sql)?.execute((id.0, text))? == 0 {
                return Err(StoreError::NoSuchTake(id).into());
            }
            Ok(())
        })
    }
}

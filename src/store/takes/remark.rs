//! The user's own remarks on a take: verdict, note and tags; and where the file of a rejected take is.

use std::collections::BTreeSet;
use std::path::Path;

use crate::model::{TakeId, Verdict};
use crate::store::{Store, StoreError, text_of};

impl Store {
    /// Circles a take, rejects it, or removes its verdict.
    pub fn set_verdict(&self, id: TakeId, verdict: Verdict) -> Result<(), StoreError> {
        self.set_text("UPDATE takes SET verdict = ?2 WHERE id = ?1", id, verdict.word())
    }

    /// An empty note removes the note.
    pub fn set_note(&self, id: TakeId, note: &str) -> Result<(), StoreError> {
        self.set_text("UPDATE takes SET note = nullif(?2, '') WHERE id = ?1", id, note)
    }

    /// Sets the tags of a take: trimmed, sorted, each once.
    pub fn set_tags(&self, id: TakeId, tags: &[String]) -> Result<(), StoreError> {
        let tags: BTreeSet<&str> = tags
            .iter()
            .map(|tag| tag.trim())
            .filter(|tag| !tag.is_empty())
            .collect();
        let json = serde_json::json!(tags).to_string();
        self.set_text("UPDATE takes SET tags = ?2 WHERE id = ?1", id, &json)
    }

    /// Notes that the file of a take was moved.
    pub fn set_file(&self, id: TakeId, file: &Path) -> Result<(), StoreError> {
        self.set_text("UPDATE takes SET file = ?2 WHERE id = ?1", id, text_of(file)?)
    }

    /// Notes where the last picture of a take was saved.
    pub fn set_last_frame_file(&self, id: TakeId, file: &Path) -> Result<(), StoreError> {
        let sql = "UPDATE takes SET last_frame_file = ?2 WHERE id = ?1";
        self.set_text(sql, id, text_of(file)?)
    }

    /// Notes that the file of a rejected take was deleted.
    pub fn file_deleted(&self, id: TakeId) -> Result<(), StoreError> {
        self.write(|transaction, now| {
            let sql = "UPDATE takes SET file = NULL, emptied_at = ?2 WHERE id = ?1";
            match transaction.execute(sql, (id.0, now.as_millisecond()))? {
                0 => Err(StoreError::NoSuchTake(id).into()),
                _ => Ok(()),
            }
        })
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

//! The user's own remarks on a take: verdict, note and tags; and where the file of a rejected take is.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::model::{Take, TakeId, Verdict};
use crate::store::{Store, StoreError, columns, text_of};

use super::read;

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

    /// Notes that the files of a take were moved; without `last_frame`, its picture stayed where it was.
    pub fn files_moved(&self, id: TakeId, video: &Path, last_frame: Option<&Path>) -> Result<(), StoreError> {
        let (video, last_frame) = (text_of(video)?, last_frame.map(text_of).transpose()?);
        self.write(|transaction, _| {
            let sql =
                "UPDATE takes SET file = ?2, last_frame_file = coalesce(?3, last_frame_file) WHERE id = ?1";
            match transaction.execute(sql, (id.0, video, last_frame))? {
                0 => Err(StoreError::NoSuchTake(id).into()),
                _ => Ok(()),
            }
        })
    }

    /// The rejected takes that have a file, oldest first.
    pub fn rejected_with_files(&self) -> Result<Vec<Take>, StoreError> {
        self.read(|connection| Ok(read::several(connection, REJECTED, [])?))
    }

    /// The file and the verdict of each take whose file belongs into a bin, or may be in one: a bin is a folder `bin`.
    pub fn bin_candidates(&self) -> Result<Vec<(TakeId, PathBuf, Verdict)>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(BIN_CANDIDATES)?;
            let rows = statement.query_map([], |row| {
                let file: String = row.get("file")?;
                Ok((
                    TakeId(row.get("id")?),
                    PathBuf::from(file),
                    columns::word(row, "verdict")?,
                ))
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Notes where the last frame of a take was saved.
    pub fn set_last_frame_file(&self, id: TakeId, file: &Path) -> Result<(), StoreError> {
        let sql = "UPDATE takes SET last_frame_file = ?2 WHERE id = ?1";
        self.set_text(sql, id, text_of(file)?)
    }

    /// Has `remove` delete the files of a take, and notes that. Nobody can change the take meanwhile. `None` when it is no
    /// longer rejected, or its video is not `file` any more; nothing is removed then.
    pub fn delete_files<T, E>(
        &self,
        id: TakeId,
        file: &Path,
        remove: impl FnOnce() -> Result<T, E>,
    ) -> Result<Option<Result<T, E>>, StoreError> {
        let file = text_of(file)?;
        self.write_once(|transaction, now| {
            let is_as_it_was: bool = transaction.query_row(
                "SELECT count(*) > 0 FROM takes WHERE id = ?1 AND verdict = 'rejected' AND file = ?2",
                (id.0, file),
                |row| row.get(0),
            )?;
            if !is_as_it_was {
                return Ok(None);
            }
            let removed = remove();
            if removed.is_ok() {
                let sql =
                    "UPDATE takes SET file = NULL, last_frame_file = NULL, emptied_at = ?2 WHERE id = ?1";
                transaction.execute(sql, (id.0, now.as_millisecond()))?;
            }
            Ok(Some(removed))
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

pub const REJECTED: &str = "WHERE t.verdict = 'rejected' AND t.file IS NOT NULL ORDER BY t.id";

pub const BIN_CANDIDATES: &str =
    "SELECT id, file, verdict FROM takes WHERE verdict = 'rejected' AND file IS NOT NULL
     UNION ALL SELECT id, file, verdict FROM takes WHERE instr(file, '/bin/') > 0 AND verdict <> 'rejected'";

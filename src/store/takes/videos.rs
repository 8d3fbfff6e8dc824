//! Which videos were saved, and where, for whoever looks whether they are still there.

use std::path::PathBuf;

use crate::model::TakeId;
use crate::store::{Store, StoreError};

/// How many are read at once.
const PAGE: u32 = 1000;

const AFTER: &str =
    "SELECT id, file, bytes FROM takes WHERE id > ?1 AND file IS NOT NULL ORDER BY id LIMIT ?2";

/// A video as it was saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedVideo {
    pub take: TakeId,
    pub file: PathBuf,
    /// How many bytes it has, where that was noted.
    pub bytes: Option<u64>,
}

impl Store {
    /// Shows every video that was saved, by the numbers of their takes. They are read in pages, so that neither memory nor
    /// other readers have to wait for all of them.
    pub fn each_saved_video(&self, mut show: impl FnMut(&SavedVideo)) -> Result<(), StoreError> {
        let mut after = TakeId(0);
        loop {
            let page = self.saved_videos(after)?;
            page.iter().for_each(&mut show);
            match page.last() {
                Some(last) if page.len() >= PAGE as usize => after = last.take,
                _ => return Ok(()),
            }
        }
    }

    fn saved_videos(&self, after: TakeId) -> Result<Vec<SavedVideo>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(AFTER)?;
            let rows = statement.query_map((after.0, PAGE), |row| {
                let file: String = row.get(1)?;
                let bytes: Option<i64> = row.get(2)?;
                Ok(SavedVideo {
                    take: TakeId(row.get(0)?),
                    file: file.into(),
                    bytes: bytes.and_then(|bytes| bytes.try_into().ok()),
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}

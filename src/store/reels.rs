//! Reels: projects, each with an id that never changes.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row};
use serde::{Deserialize, Serialize};

use crate::model::TakeId;
use crate::model::text::file_stem;

use super::{SqlOrRule, Store, StoreError, columns};

/// One project: its form, its takes, its files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reel {
    /// 32 hex digits; never changes.
    pub id: String,
    pub name: String,
    /// The name of its folder among the reels' folders. It is safe as a file name, and never used twice, even by an
    /// older store.
    pub folder: String,
    pub created_at: Timestamp,
}

impl Store {
    /// The reel of that name; it is created if there is none.
    pub fn reel(&self, name: &str) -> Result<Reel, StoreError> {
        // Usually it exists, and nothing has to be written.
        if let Some(reel) = self.read(|connection| Ok(by_name(connection, name)?))? {
            return Ok(reel);
        }
        self.write(|transaction, now| {
            if let Some(reel) = by_name(transaction, name)? {
                return Ok(reel);
            }
            let id = format!("{:032x}", fastrand::u128(..));
            let folder = format!("{}-{}", file_stem(name), &id[..8]);
            transaction.execute(
                "INSERT INTO reels (id, name, folder, created_at) VALUES (?1, ?2, ?3, ?4)",
                (&id, name, &folder, now.as_millisecond()),
            )?;
            by_name(transaction, name)?.ok_or_else(|| StoreError::NoSuchReel(id).into())
        })
    }

    /// Every reel, by name.
    pub fn reels(&self) -> Result<Vec<Reel>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT * FROM reels ORDER BY name")?;
            let reels = statement.query_map([], read)?;
            Ok(reels.collect::<Result<_, _>>()?)
        })
    }

    /// The take's reel.
    pub fn reel_of(&self, id: TakeId) -> Result<Reel, StoreError> {
        self.read(|connection| {
            connection
                .prepare_cached("SELECT * FROM reels WHERE id = (SELECT reel_id FROM takes WHERE id = ?1)")?
                .query_row([id.0], read)
                .optional()?
                .ok_or_else(|| StoreError::NoSuchTake(id).into())
        })
    }
}

fn by_name(connection: &Connection, name: &str) -> rusqlite::Result<Option<Reel>> {
    connection
        .prepare_cached("SELECT * FROM reels WHERE name = ?1")?
        .query_row([name], read)
        .optional()
}

/// An error unless a reel has this id.
pub fn must_exist(connection: &Connection, id: &str) -> Result<(), SqlOrRule> {
    let exists = connection
        .prepare_cached("SELECT 1 FROM reels WHERE id = ?1")?
        .exists([id])?;
    if exists {
        Ok(())
    } else {
        Err(StoreError::NoSuchReel(id.to_owned()).into())
    }
}

pub fn read(row: &Row<'_>) -> rusqlite::Result<Reel> {
    Ok(Reel {
        id: row.get("id")?,
        name: row.get("name")?,
        folder: row.get("folder")?,
        created_at: columns::time(row, "created_at")?,
    })
}

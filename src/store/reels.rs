//! Reels: projects, each with an id that never changes.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row};
use serde::{Deserialize, Serialize};

use crate::model::text::file_stem;
use crate::model::{TakeId, Usd};

use super::{SqlOrRule, Store, StoreError, columns};

/// The most characters of a reel's name.
pub const MAX_NAME: usize = 80;

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
    /// An archived reel is not listed, and takes no new takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived_at: Option<Timestamp>,
    /// How its video files are named; `None` for the setting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_names: Option<String>,
}

/// The name that the default reel begins with.
pub const DEFAULT_REEL: &str = "main";

/// A reel with what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReelRow {
    pub reel: Reel,
    pub takes: u64,
    pub circled: u64,
    /// Takes that are not settled.
    pub unsettled: u64,
    /// What its live takes were billed.
    pub cost: Usd,
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

    /// The reel that commands work in unless they name one: the one called `main`, under whatever name it was given since. It
    /// is created if there is none.
    pub fn default_reel(&self) -> Result<Reel, StoreError> {
        let remembered = self.read(|connection| {
            let sql = "SELECT reels.* FROM reels JOIN settings ON settings.value = reels.id WHERE settings.key = ?1";
            let mut statement = connection.prepare_cached(sql)?;
            Ok(statement.query_row([DEFAULT], read).optional()?)
        })?;
        match remembered {
            Some(reel) => Ok(reel),
            None => self.reel(DEFAULT_REEL),
        }
    }

    /// Every reel, by name.
    pub fn reels(&self) -> Result<Vec<Reel>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT * FROM reels ORDER BY name")?;
            let reels = statement.query_map([], read)?;
            Ok(reels.collect::<Result<_, _>>()?)
        })
    }

    /// Every reel with its counts and bills, the newest first; archived ones only if so wished.
    pub fn reel_rows(&self, with_archived: bool) -> Result<Vec<ReelRow>, StoreError> {
        let unsettled = columns::states(|state| !state.settled());
        let sql = format!(
            "SELECT reels.*, count(log.take_id) AS takes, coalesce(sum(verdict = 'circled'), 0) AS circled,
                coalesce(sum(state IN ({unsettled})), 0) AS unsettled,
                coalesce(sum(iif(backend = 'live', cost, 0)), 0) AS cost
             FROM reels LEFT JOIN log ON log.reel_id = reels.id
             WHERE ?1 OR archived_at IS NULL GROUP BY reels.id ORDER BY reels.created_at DESC, reels.id"
        );
        self.read(|connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map([with_archived], |row| {
                let count = |name| row.get::<_, i64>(name).map(i64::unsigned_abs);
                Ok(ReelRow {
                    reel: read(row)?,
                    takes: count("takes")?,
                    circled: count("circled")?,
                    unsettled: count("unsettled")?,
                    cost: Usd::from_micros(row.get("cost")?),
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// The reel of that name, if there is one.
    pub fn reel_named(&self, name: &str) -> Result<Option<Reel>, StoreError> {
        self.read(|connection| Ok(by_name(connection, name)?))
    }

    /// Renames a reel; its folder keeps its name, so that no file moves. The sidecars of its takes have the earlier name
    /// until [`Self::reel_is_renamed`]. The default reel stays the default one.
    ///
    /// # Errors
    /// [`StoreError::ReelExists`]; [`StoreError::NoSuchReel`].
    pub fn rename_reel(&self, id: &str, name: &str) -> Result<(), StoreError> {
        self.write(|transaction, _| {
            must_exist(transaction, id)?;
            if by_name(transaction, name)?.is_some_and(|other| other.id != id) {
                return Err(StoreError::ReelExists(name.to_owned()).into());
            }
            let sql = "INSERT OR IGNORE INTO settings (key, value) SELECT ?2, id FROM reels WHERE id = ?1 AND name = ?3";
            transaction.execute(sql, [id, DEFAULT, DEFAULT_REEL])?;
            transaction.execute("UPDATE reels SET name = ?2 WHERE id = ?1", [id, name])?;
            transaction.execute(
                "INSERT OR REPLACE INTO settings (key, value) VALUES (?1, ?2)",
                [renamed(id), name.to_owned()],
            )?;
            Ok(())
        })
    }

    /// The ids and names of the reels whose takes' sidecars may have an earlier name.
    pub fn renamed_reels(&self) -> Result<Vec<(String, String)>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT reels.id, reels.name FROM settings JOIN reels ON settings.key = ?1 || reels.id",
            )?;
            let reels = statement.query_map([RENAMED], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(reels.collect::<Result<_, _>>()?)
        })
    }

    /// The sidecars of the reel's takes have this name now. Has no effect when the reel was renamed once more.
    pub fn reel_is_renamed(&self, id: &str, name: &str) -> Result<(), StoreError> {
        self.write(|transaction, _| {
            let sql = "DELETE FROM settings WHERE key = ?1 AND value = ?2";
            transaction.execute(sql, [renamed(id), name.to_owned()])?;
            Ok(())
        })
    }

    /// Archives a reel, or opens it again.
    ///
    /// # Errors
    /// [`StoreError::NoSuchReel`].
    pub fn archive_reel(&self, id: &str, archived: bool) -> Result<(), StoreError> {
        self.write(|transaction, now| {
            must_exist(transaction, id)?;
            let at = archived.then(|| now.as_millisecond());
            transaction.execute("UPDATE reels SET archived_at = ?2 WHERE id = ?1", (id, at))?;
            Ok(())
        })
    }

    /// Sets how the reel's video files are named; `None` for the setting.
    ///
    /// # Errors
    /// [`StoreError::NoSuchReel`].
    pub fn name_files(&self, id: &str, pattern: Option<&str>) -> Result<(), StoreError> {
        self.write(|transaction, _| {
            must_exist(transaction, id)?;
            transaction.execute("UPDATE reels SET file_names = ?2 WHERE id = ?1", (id, pattern))?;
            Ok(())
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

/// The beginning of the setting that remembers a renamed reel.
const RENAMED: &str = "renamed reel ";

/// The setting with the id of the default reel, once that was renamed.
const DEFAULT: &str = "default reel";

fn renamed(id: &str) -> String {
    format!("{RENAMED}{id}")
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

/// An error unless a reel has this id and is not archived.
pub fn must_be_open(connection: &Connection, id: &str) -> Result<(), SqlOrRule> {
    let reel = connection
        .prepare_cached("SELECT * FROM reels WHERE id = ?1")?
        .query_row([id], read)
        .optional()?;
    match reel {
        None => Err(StoreError::NoSuchReel(id.to_owned()).into()),
        Some(reel) if reel.archived_at.is_some() => Err(StoreError::ReelArchived(reel.name).into()),
        Some(_) => Ok(()),
    }
}

pub fn read(row: &Row<'_>) -> rusqlite::Result<Reel> {
    Ok(Reel {
        id: row.get("id")?,
        name: row.get("name")?,
        folder: row.get("folder")?,
        created_at: columns::time(row, "created_at")?,
        archived_at: columns::time_if_any(row, "archived_at")?,
        file_names: row.get("file_names")?,
    })
}

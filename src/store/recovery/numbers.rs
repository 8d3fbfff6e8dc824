//! The numbers of takes: which are in use, and which are never given out.

use std::collections::BTreeSet;

use crate::model::TakeId;
use crate::store::{StoreError, columns};

use super::Recovery;

/// What the names of a take's files are made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakePlace {
    pub number: i64,
    /// The folder of its reel.
    pub folder: String,
    /// Its video, once it is saved.
    pub file: Option<String>,
    pub seed: i64,
    pub resolution: String,
    pub duration: i64,
}

impl Recovery<'_> {
    /// Whether there is a take of this number.
    pub fn has_number(&self, number: i64) -> Result<bool, StoreError> {
        self.store.read(|connection| {
            Ok(connection
                .prepare_cached("SELECT 1 FROM takes WHERE id = ?1")?
                .exists([number])?)
        })
    }

    /// The numbers of the takes that are not settled.
    pub fn unsettled_numbers(&self) -> Result<BTreeSet<i64>, StoreError> {
        let unsettled = columns::states(|state| !state.settled());
        self.numbers_of(&format!("SELECT id FROM takes WHERE state IN ({unsettled})"))
    }

    /// The takes whose video has this name, and the take of this number.
    pub fn takes_of_file(&self, number: Option<i64>, name: &str) -> Result<Vec<TakePlace>, StoreError> {
        self.store.read(|connection| {
            let mut statement = connection.prepare_cached(OF_FILE)?;
            let places = statement.query_map((number, name), |row| {
                Ok(TakePlace {
                    number: row.get("id")?,
                    folder: row.get("folder")?,
                    file: row.get("file")?,
                    seed: row.get("seed")?,
                    resolution: row.get("resolution")?,
                    duration: row.get("duration")?,
                })
            })?;
            Ok(places.collect::<Result<_, _>>()?)
        })
    }

    fn numbers_of(&self, sql: &str) -> Result<BTreeSet<i64>, StoreError> {
        self.store.read(|connection| {
            let mut statement = connection.prepare_cached(sql)?;
            let numbers = statement.query_map([], |row| row.get(0))?;
            Ok(numbers.collect::<Result<_, _>>()?)
        })
    }

    /// The last number that was given out or skipped; 0 before the first.
    pub fn last_number(&self) -> Result<TakeId, StoreError> {
        self.store.read(|connection| {
            let last = connection.query_row(
                "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'takes'",
                [],
                |row| row.get(0),
            )?;
            Ok(TakeId(last))
        })
    }

    /// Never gives out a number up to `last`.
    pub fn skip_numbers_to(&self, last: TakeId) -> Result<(), StoreError> {
        self.store.write(|transaction, _| {
            transaction.execute(
                "INSERT INTO sqlite_sequence (name, seq)
                 SELECT 'takes', 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'takes')",
                [],
            )?;
            transaction.execute(
                "UPDATE sqlite_sequence SET seq = max(seq, ?1) WHERE name = 'takes'",
                [last.0],
            )?;
            Ok(())
        })
    }
}

/// What follows the last slash is the name, as an index has it.
pub const OF_FILE: &str = "SELECT takes.id, folder, file, seed, resolution, duration
     FROM takes JOIN reels ON reels.id = takes.reel_id
     WHERE takes.id = ?1 OR replace(file, rtrim(file, replace(file, '/', '')), '') = ?2";

//! The numbers of takes: which are in use, and which are never given out.

use std::collections::BTreeSet;

use crate::model::TakeId;
use crate::store::{StoreError, columns};

use super::Recovery;

impl Recovery<'_> {
    /// The numbers of all takes.
    pub fn numbers(&self) -> Result<BTreeSet<i64>, StoreError> {
        self.numbers_of("SELECT id FROM takes")
    }

    /// The numbers of the takes that are not settled.
    pub fn unsettled_numbers(&self) -> Result<BTreeSet<i64>, StoreError> {
        let unsettled = columns::states(|state| !state.settled());
        self.numbers_of(&format!("SELECT id FROM takes WHERE state IN ({unsettled})"))
    }

    /// The number of each take that has a video, with the path of the video.
    pub fn files(&self) -> Result<Vec<(i64, String)>, StoreError> {
        self.store.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT id, file FROM takes WHERE typeof(file) = 'text'")?;
            let files = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(files.collect::<Result<_, _>>()?)
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

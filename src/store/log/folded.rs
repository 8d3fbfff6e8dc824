//! Reads the log with the takes of each sweep under one row.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension};

use crate::model::{Take, TakeId};
use crate::store::sweeps::{self, SweepRow};
use crate::store::takes::read;
use crate::store::{SqlOrRule, Store, StoreError, columns};

/// A take without a sweep, or a sweep with its takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    pub sweep: Option<SweepRow>,
    /// Newest first; none of a sweep that is folded.
    pub takes: Vec<Take>,
}

impl Store {
    /// The groups of a reel, newest first, at most `limit` from `offset` on. The takes of a sweep are read only if it is
    /// one of `open`.
    pub fn groups(
        &self,
        reel_id: &str,
        open: &BTreeSet<i64>,
        offset: u64,
        limit: u64,
    ) -> Result<Vec<Group>, StoreError> {
        let params = (reel_id, columns::count(limit), columns::count(offset));
        self.read(|connection| {
            let places: Vec<(i64, Option<i64>)> = connection
                .prepare_cached(GROUPS)?
                .query_map(params, |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<Result<_, _>>()?;
            let groups = places.into_iter().map(|(take, sweep)| match sweep {
                Some(number) => of_sweep(connection, number, open.contains(&number)),
                None => Ok(Group {
                    sweep: None,
                    takes: vec![read::one(connection, TakeId(take))?],
                }),
            });
            groups.collect()
        })
    }

    /// How many groups a reel has.
    pub fn count_groups(&self, reel_id: &str) -> Result<u64, StoreError> {
        self.read(|connection| count(connection, reel_id, -1))
    }

    /// The place of a take's group, the newest being 0; `None` if the take is not one of this reel.
    pub fn group_of(&self, reel_id: &str, id: TakeId) -> Result<Option<u64>, StoreError> {
        self.read(|connection| {
            let place: Option<i64> = connection
                .prepare_cached(PLACE_OF_TAKE)?
                .query_row((reel_id, id.0), |row| row.get(0))
                .optional()?;
            place.map(|place| count(connection, reel_id, place)).transpose()
        })
    }

    /// The place of a sweep, the newest group being 0; `None` if there is no such sweep in this reel.
    pub fn group_of_sweep(&self, reel_id: &str, number: i64) -> Result<Option<u64>, StoreError> {
        self.read(|connection| {
            let place: Option<i64> = connection
                .prepare_cached("SELECT last_take FROM sweeps WHERE id = ?2 AND reel_id = ?1")?
                .query_row((reel_id, number), |row| row.get(0))
                .optional()?;
            place.map(|place| count(connection, reel_id, place)).transpose()
        })
    }
}

/// Both halves are walked from their newest end.
pub const GROUPS: &str = "SELECT last_take AS place, id AS sweep FROM sweeps WHERE reel_id = ?1
     UNION ALL
     SELECT id, NULL FROM takes WHERE reel_id = ?1 AND sweep IS NULL
     ORDER BY place DESC LIMIT ?2 OFFSET ?3";

pub const COUNT_AFTER: &str =
    "SELECT count(*) + (SELECT count(*) FROM takes WHERE reel_id = ?1 AND sweep IS NULL AND id > ?2)
     FROM sweeps WHERE reel_id = ?1 AND last_take > ?2";

const PLACE_OF_TAKE: &str =
    "SELECT coalesce((SELECT last_take FROM sweeps WHERE sweeps.id = takes.sweep), id)
     FROM takes WHERE reel_id = ?1 AND id = ?2";

/// How many groups are newer than this place.
fn count(connection: &Connection, reel_id: &str, place: i64) -> Result<u64, SqlOrRule> {
    let number: i64 = connection
        .prepare_cached(COUNT_AFTER)?
        .query_row((reel_id, place), |row| row.get(0))?;
    Ok(number.unsigned_abs())
}

fn of_sweep(connection: &Connection, number: i64, is_open: bool) -> Result<Group, SqlOrRule> {
    let takes = if is_open {
        read::several(connection, "WHERE t.sweep = ?1 ORDER BY t.id DESC", [number])?
    } else {
        Vec::new()
    };
    Ok(Group {
        sweep: Some(sweeps::row(connection, number)?),
        takes,
    })
}

//! Finds rows that cannot be read, by reading every row as the store does.

use rusqlite::{Connection, Row};

use crate::model::{TakeId, Usd};
use crate::store::error::{SqlOrRule, is_unreadable};
use crate::store::queue::{rate_limits, stop};
use crate::store::takes::{events, exchanges, read, reserve};
use crate::store::{StoreError, columns, decisions, forms, reels};

use super::Recovery;
use super::rows::{Damaged, DamagedRow};

/// Reads a row as the store does, and drops it.
type Reader = fn(&Row<'_>) -> rusqlite::Result<()>;

/// The tables whose rows are read into the model's types. Reels come first, because their names are part of every take.
const TABLES: [(&str, Reader); 9] = [
    ("reels", |row| reels::read(row).map(drop)),
    ("forms", |row| forms::read_revision(row).map(drop)),
    ("events", |row| events::read(row).map(drop)),
    ("exchanges", |row| exchanges::read(row).map(drop)),
    ("lines", |row| {
        stop::read(row)?;
        rate_limits::read(row).map(drop)
    }),
    ("decisions", |row| decisions::read(row).map(drop)),
    ("decided_verdicts", |row| decisions::read_verdict(row).map(drop)),
    ("settings", |row| {
        row.get::<_, String>("key")?;
        row.get::<_, String>("value").map(drop)
    }),
    ("uploads", |row| {
        row.get::<_, String>("origin")?;
        row.get::<_, String>("url").map(drop)
    }),
];

impl Recovery<'_> {
    /// Every row of the store that cannot be read; nothing is changed.
    pub fn unreadable_rows(&self) -> Result<Vec<Damaged>, StoreError> {
        self.store.read_once(|connection| {
            let mut all = in_tables(connection)?;
            all.extend(among_takes(connection)?);
            let damaged = |found: DamagedRow| Damaged {
                source: found.table.to_owned(),
                take: found.take(connection),
                why: found.why,
                restored: false,
                counted: None,
            };
            Ok(all.into_iter().map(damaged).collect())
        })
    }

    /// The rows that were set aside, oldest first.
    pub fn rows_set_aside(&self) -> Result<Vec<Damaged>, StoreError> {
        self.store.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT * FROM damaged ORDER BY id")?;
            let rows = statement.query_map([], |row| {
                Ok(Damaged {
                    source: row.get("source")?,
                    take: row.get::<_, Option<i64>>("take_id")?.map(TakeId),
                    why: row.get("why")?,
                    restored: row.get("restored")?,
                    counted: row.get::<_, Option<i64>>("amount")?.map(Usd::from_micros),
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}

pub fn in_tables(connection: &Connection) -> Result<Vec<DamagedRow>, SqlOrRule> {
    let mut all = Vec::new();
    for (table, read) in TABLES {
        let mut one = connection.prepare(&format!("SELECT * FROM {table} WHERE rowid = ?1"))?;
        for number in numbers(connection, table)? {
            keep_if_unreadable(&mut all, table, number, one.query_row([number], read))?;
        }
    }
    Ok(all)
}

pub fn among_takes(connection: &Connection) -> Result<Vec<DamagedRow>, SqlOrRule> {
    let mut all = Vec::new();
    for number in numbers(connection, "takes")? {
        all.extend(damage_of_take(connection, number)?);
    }
    Ok(all)
}

/// What cannot be read of a take, if anything.
pub fn damage_of_take(connection: &Connection, number: i64) -> Result<Option<DamagedRow>, SqlOrRule> {
    let outcome = match read::one(connection, TakeId(number)) {
        Ok(_) => connection
            .prepare_cached("SELECT * FROM takes WHERE id = ?1")?
            .query_row([number], read_rest),
        Err(SqlOrRule::Sql(error)) => Err(error),
        Err(rule) => return Err(rule),
    };
    let mut found = Vec::new();
    keep_if_unreadable(&mut found, "takes", number, outcome)?;
    Ok(found.pop())
}

fn is_flag(number: i64) -> Option<bool> {
    (0..=1).contains(&number).then_some(number == 1)
}

/// Reads the columns of a take that are not part of a [`crate::model::Take`].
fn read_rest(row: &Row<'_>) -> rusqlite::Result<()> {
    reserve::read_row(row)?;
    row.get::<_, String>("prompt")?;
    row.get::<_, i64>("position")?;
    row.get::<_, Option<String>>("owner")?;
    columns::time_if_any(row, "lease_until")?;
    columns::time_if_any(row, "asked_since")?;
    columns::usd_if_any(row, "listed")?;
    columns::made_if_any(row, "sample_ms", |ms: i64| u64::try_from(ms).ok())?;
    columns::made(row, "sound", is_flag)?;
    columns::made(row, "referenced", is_flag)?;
    row.get::<_, Option<String>>("session").map(drop)
}

/// The rows' own numbers. They are read without an index, because an index may be what is damaged.
fn numbers(connection: &Connection, table: &str) -> rusqlite::Result<Vec<i64>> {
    connection
        .prepare(&format!("SELECT rowid FROM {table} NOT INDEXED"))?
        .query_map([], |row| row.get(0))?
        .collect()
}

fn keep_if_unreadable(
    all: &mut Vec<DamagedRow>,
    table: &'static str,
    number: i64,
    outcome: rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    match outcome {
        Err(error) if is_unreadable(&error) => {
            let why = error.to_string();
            all.push(DamagedRow { table, number, why });
            Ok(())
        }
        outcome => outcome,
    }
}

//! Rows that cannot be read: found, kept aside as they are, and put back from what else tells of them.

use std::collections::BTreeSet;

use jiff::Timestamp;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};
use serde_json::{Map, Value};

use crate::model::text::hex;
use crate::model::{Backend, TakeId, Usd};

use super::error::{Trouble, is_unreadable};
use super::restore::{self, Target};
use super::{Sidecar, Store, StoreError, aside, draft, exchange, line, log, rate, reel, row, take};

/// A row that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damaged {
    /// The table it is from.
    pub source: String,
    /// The take that it is, or belongs to.
    pub take: Option<TakeId>,
    pub why: String,
    /// Whether the row, or one that stands for it, is in its table again.
    pub restored: bool,
    /// What a lost take that may have been sent goes on to count as.
    pub counted: Option<Usd>,
}

/// Tells what the file beside a take's film says, if there is one.
pub type Beside<'a> = &'a dyn Fn(TakeId) -> Option<Sidecar>;

/// Reads a row as the store does, and throws away what it read.
type Reader = fn(&Row<'_>) -> rusqlite::Result<()>;

/// The tables whose rows are read into the model's types, with their readers. Reels come first: their names are part
/// of every take.
const TABLES: [(&str, Reader); 7] = [
    ("reels", |row| reel::read(row).map(drop)),
    ("drafts", |row| draft::read_revision(row).map(drop)),
    ("events", |row| log::event(row).map(drop)),
    ("exchanges", |row| exchange::read(row).map(drop)),
    ("lines", |row| {
        line::read(row)?;
        rate::read(row).map(drop)
    }),
    ("settings", |row| {
        row.get::<_, String>("key")?;
        row.get::<_, String>("value").map(drop)
    }),
    ("uploads", |row| {
        row.get::<_, String>("origin")?;
        row.get::<_, String>("url").map(drop)
    }),
];

/// One that was found.
pub(super) struct Found {
    pub table: &'static str,
    /// Its number in the table.
    pub number: i64,
    pub why: String,
}

impl Store {
    /// Every row that cannot be read, looked for in all of the store; nothing is changed.
    ///
    /// # Errors
    /// When the file itself cannot be read.
    pub fn unreadable_rows(&self) -> Result<Vec<Damaged>, StoreError> {
        self.read_once(|connection| {
            let mut all = in_tables(connection)?;
            all.extend(among_takes(connection)?);
            let told = |found: Found| Damaged {
                source: found.table.to_owned(),
                take: take_of(connection, &found),
                why: found.why,
                restored: false,
                counted: None,
            };
            Ok(all.into_iter().map(told).collect())
        })
    }

    /// Keeps every row aside that cannot be read, and puts back what is known of it otherwise: by the sidecar of its
    /// take, or by what the other rows say. All in one transaction. Nothing that comes back can be sent, and what a
    /// lost take may have cost still counts.
    ///
    /// # Errors
    /// When the file itself cannot be read or written; then nothing has changed.
    pub fn mend_rows(&self, beside: Beside<'_>) -> Result<Vec<Damaged>, StoreError> {
        self.write_once(|transaction, now| {
            transaction.execute_batch("PRAGMA defer_foreign_keys = ON; REINDEX;")?;
            let mut mended = Vec::new();
            for found in in_tables(transaction)? {
                mended.push(aside::mend(transaction, &found, beside, now)?);
            }
            // An event that is missing makes its take unreadable, so takes are looked at last.
            for found in among_takes(transaction)? {
                mended.push(aside::set_take_aside(transaction, &found, beside, now)?);
            }
            Ok(mended)
        })
    }

    /// The rows that were kept aside, oldest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn damaged_rows(&self) -> Result<Vec<Damaged>, StoreError> {
        self.read(|connection| {
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

    /// Puts what a sidecar tells in the place of a take that it knows more of: the database is an older one, as after
    /// its write-ahead log was lost. False when it does not know more, or the take is settled.
    ///
    /// # Errors
    /// [`StoreError::NotRestored`] when the sidecar cannot be used; when the store cannot be written.
    pub fn catch_up(&self, sidecar: &Sidecar) -> Result<bool, StoreError> {
        let id = sidecar.dossier.take.id;
        self.write(|transaction, _| {
            let Some(known) = take::one(transaction, id).map(Some).or_else(none_such)? else {
                return Ok(false);
            };
            let steps: i64 = transaction
                .prepare_cached("SELECT count(*) FROM events WHERE take_id = ?1")?
                .query_row([id.0], |row| row.get(0))?;
            let is_same = known.body == sidecar.dossier.take.request;
            let knows_more = sidecar.dossier.events.len() > usize::try_from(steps).unwrap_or(usize::MAX);
            if known.state.settled() || !is_same || !knows_more {
                return Ok(false);
            }
            transaction.execute_batch("PRAGMA defer_foreign_keys = ON")?;
            aside::delete_take(transaction, id)?;
            match restore::bring_back(transaction, sidecar, Target::InUse) {
                Ok(()) => Ok(true),
                Err(trouble) => Err(StoreError::NotRestored(self.unusable(trouble)?).into()),
            }
        })
    }

    /// Pauses a waiting take that may have been sent already, and keeps why: only the user can let it go on. False
    /// when it does not wait, or is paused.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn pause_doubtful(&self, id: TakeId, why: &str) -> Result<bool, StoreError> {
        self.write(|transaction, _| {
            let paused = transaction
                .prepare_cached(
                    "UPDATE takes SET paused = 1, error = ?2 WHERE id = ?1 AND state = 'waiting' AND paused = 0",
                )?
                .execute((id.0, why))?;
            Ok(paused > 0)
        })
    }

    /// The numbers of all takes.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn numbers(&self) -> Result<BTreeSet<i64>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT id FROM takes")?;
            let numbers = statement.query_map([], |row| row.get(0))?;
            Ok(numbers.collect::<Result<_, _>>()?)
        })
    }

    /// The numbers of the takes that are not settled.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn unsettled_numbers(&self) -> Result<BTreeSet<i64>, StoreError> {
        let sql = format!(
            "SELECT id FROM takes WHERE state IN ({})",
            row::states(|state| !state.settled())
        );
        self.read(|connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            let numbers = statement.query_map([], |row| row.get(0))?;
            Ok(numbers.collect::<Result<_, _>>()?)
        })
    }
}

fn none_such<T>(trouble: Trouble) -> Result<Option<T>, Trouble> {
    match trouble {
        Trouble::Rule(StoreError::NoSuchTake(_)) => Ok(None),
        other => Err(other),
    }
}

/// What lost takes since a moment may have cost.
pub(super) fn lost_since(
    connection: &Connection,
    backend: Backend,
    since: Timestamp,
) -> rusqlite::Result<Usd> {
    connection
        .prepare_cached(LOST_SINCE)?
        .query_row((backend.word(), since.as_millisecond()), row::total)
}

/// Whose backend cannot be read counts on every one.
pub(super) const LOST_SINCE: &str =
    "SELECT coalesce(sum(amount), 0) AS total, min(amount) AS least, max(amount) AS most FROM damaged
     WHERE sent_at >= ?2 AND (backend IS NULL OR backend = ?1)";

fn in_tables(connection: &Connection) -> Result<Vec<Found>, Trouble> {
    let mut all = Vec::new();
    for (table, read) in TABLES {
        let mut one = connection.prepare(&format!("SELECT * FROM {table} WHERE rowid = ?1"))?;
        for number in numbers(connection, table)? {
            keep_if_unreadable(&mut all, table, number, one.query_row([number], read))?;
        }
    }
    Ok(all)
}

fn among_takes(connection: &Connection) -> Result<Vec<Found>, Trouble> {
    let mut all = Vec::new();
    let mut rest = connection.prepare("SELECT * FROM takes WHERE id = ?1")?;
    for number in numbers(connection, "takes")? {
        let outcome = match take::one(connection, TakeId(number)) {
            Ok(_) => rest.query_row([number], take::read_rest),
            Err(Trouble::Sql(error)) => Err(error),
            Err(rule) => return Err(rule),
        };
        keep_if_unreadable(&mut all, "takes", number, outcome)?;
    }
    Ok(all)
}

/// The rows' own numbers. Without an index, for an index may be what is damaged.
fn numbers(connection: &Connection, table: &str) -> rusqlite::Result<Vec<i64>> {
    connection
        .prepare(&format!("SELECT rowid FROM {table} NOT INDEXED"))?
        .query_map([], |row| row.get(0))?
        .collect()
}

fn keep_if_unreadable(
    all: &mut Vec<Found>,
    table: &'static str,
    number: i64,
    outcome: rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    match outcome {
        Ok(()) => {}
        Err(error) if is_unreadable(&error) => all.push(Found {
            table,
            number,
            why: error.to_string(),
        }),
        Err(error) => return Err(error),
    }
    Ok(())
}

/// The take that a row is, or belongs to.
pub(super) fn take_of(connection: &Connection, found: &Found) -> Option<TakeId> {
    match found.table {
        "takes" => Some(TakeId(found.number)),
        "events" | "exchanges" => column(connection, found, "take_id").as_i64().map(TakeId),
        _ => None,
    }
}

fn in_hex(bytes: &[u8]) -> Value {
    serde_json::json!({ "hex": hex(bytes) })
}

/// One column as far as it can be read; what is no text is given in hexadecimal digits.
fn column(connection: &Connection, found: &Found, name: &str) -> Value {
    let sql = format!("SELECT {name} FROM {} WHERE rowid = ?1", found.table);
    let value = connection.query_row(&sql, [found.number], |row| {
        Ok(match row.get_ref(0)? {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(number) => number.into(),
            ValueRef::Real(number) => number.into(),
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
                std::str::from_utf8(bytes).map_or_else(|_| in_hex(bytes), Value::from)
            }
        })
    });
    value.unwrap_or_else(|error| serde_json::json!({ "unreadable": error.to_string() }))
}

/// All columns that are kept.
pub(super) fn raw(connection: &Connection, found: &Found) -> rusqlite::Result<Map<String, Value>> {
    let names: Vec<String> = connection
        .prepare(&format!("SELECT name FROM pragma_table_info('{}')", found.table))?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let columns = names.into_iter().map(|name| {
        let value = column(connection, found, &name);
        (name, value)
    });
    Ok(columns.collect())
}

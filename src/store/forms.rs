//! Request forms: the one being edited, the revisions that takes were made from, and texts that were set aside.
//!
//! A form is kept as one JSON object. A key that is missing has its default, and a key that this program does not know,
//! because a newer one wrote it, is ignored and kept: revisions never change, and saving the edited form keeps it too.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row};
use serde_json::{Map, Value};

use crate::model::Form;

use super::reels::must_exist;
use super::{SqlOrRule, Store, StoreError, columns};

/// The number of the form being edited; revisions count from 1.
pub const EDITED: i64 = 0;

/// Another workbench's form that a save has replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overwritten {
    /// The revision that it is kept as.
    pub version: i64,
    pub form: Form,
}

/// A form that no longer changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    pub version: i64,
    pub at: Timestamp,
    pub form: Form,
}

/// The forms of one reel.
pub struct Forms<'a> {
    store: &'a Store,
    reel_id: &'a str,
}

impl Store {
    /// The forms of a reel.
    pub fn forms<'a>(&'a self, reel_id: &'a str) -> Forms<'a> {
        Forms { store: self, reel_id }
    }
}

impl Forms<'_> {
    /// The form being edited, if one was ever saved.
    pub fn edited(&self) -> Result<Option<Form>, StoreError> {
        let form = self.revision(EDITED)?;
        // Only the final of a draft names it, and that is made from the draft.
        Ok(form.map(|form| Form {
            draft_id: String::new(),
            ..form
        }))
    }

    /// The revision of that number.
    pub fn revision(&self, number: i64) -> Result<Option<Form>, StoreError> {
        self.store
            .read(|connection| Ok(get(connection, self.reel_id, number)?))
    }

    /// The newest revisions, newest first.
    pub fn revisions(&self, limit: u32) -> Result<Vec<Revision>, StoreError> {
        self.store.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT * FROM forms WHERE reel_id = ?1 AND revision > 0 ORDER BY revision DESC LIMIT ?2",
            )?;
            let revisions = statement.query_map((self.reel_id, limit), read_revision)?;
            Ok(revisions.collect::<Result<_, _>>()?)
        })
    }

    /// The number of the newest revision that takes were made from.
    pub fn latest(&self) -> Result<Option<i64>, StoreError> {
        self.store
            .read(|connection| Ok(latest(connection, self.reel_id)?))
    }

    /// Saves the form being edited.
    pub fn save(&self, form: &Form) -> Result<(), StoreError> {
        self.store.write(|transaction, now| {
            must_exist(transaction, self.reel_id)?;
            Ok(save_edited(transaction, self.reel_id, form, now)?)
        })
    }

    /// Saves the form being edited for a caller that knows which form the store should contain. If it contains another
    /// one, another workbench wrote it, and it is kept as a revision first.
    pub fn save_over(&self, known: Option<&Form>, form: &Form) -> Result<Option<Overwritten>, StoreError> {
        self.store.write(|transaction, now| {
            must_exist(transaction, self.reel_id)?;
            let found = get(transaction, self.reel_id, EDITED)?;
            let other = found.filter(|found| Some(found) != known && found != form);
            let overwritten = other
                .map(|form| {
                    let version = set_aside(transaction, self.reel_id, &form, now)?;
                    Ok::<_, SqlOrRule>(Overwritten { version, form })
                })
                .transpose()?;
            save_edited(transaction, self.reel_id, form, now)?;
            Ok(overwritten)
        })
    }

    /// Keeps a form as a revision without takes and returns its number.
    pub fn keep(&self, form: &Form) -> Result<i64, StoreError> {
        self.store.write(|transaction, now| {
            must_exist(transaction, self.reel_id)?;
            set_aside(transaction, self.reel_id, form, now)
        })
    }
}

/// Keeps the form as a revision that takes are made from; returns the newest of those if that is the same.
pub fn freeze(connection: &Connection, reel_id: &str, form: &Form, now: Timestamp) -> Result<i64, SqlOrRule> {
    let newest = latest(connection, reel_id)?;
    append(connection, reel_id, newest, form, now)
}

/// Keeps the form as a revision without takes; returns the last revision of all if that is the same.
fn set_aside(connection: &Connection, reel_id: &str, form: &Form, now: Timestamp) -> Result<i64, SqlOrRule> {
    let last = last(connection, reel_id)?;
    let kept = append(connection, reel_id, Some(last), form, now)?;
    if kept > last {
        connection
            .prepare_cached("UPDATE forms SET set_aside = 1 WHERE reel_id = ?1 AND revision = ?2")?
            .execute((reel_id, kept))?;
    }
    Ok(kept)
}

/// Keeps the form as a new revision, unless the one that is `like` it already is the same.
fn append(
    connection: &Connection,
    reel_id: &str,
    like: Option<i64>,
    form: &Form,
    now: Timestamp,
) -> Result<i64, SqlOrRule> {
    if let Some(like) = like.filter(|like| *like > EDITED)
        && get(connection, reel_id, like)?.as_ref() == Some(form)
    {
        return Ok(like);
    }
    let next = last(connection, reel_id)? + 1;
    insert(connection, reel_id, next, form, now)?;
    Ok(next)
}

/// The newest revision that takes were made from.
pub fn latest(connection: &Connection, reel_id: &str) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached(
            "SELECT max(revision) FROM forms WHERE reel_id = ?1 AND revision > 0 AND set_aside = 0",
        )?
        .query_row([reel_id], |row| row.get(0))
}

/// The highest number in use; [`EDITED`] when there is no revision.
fn last(connection: &Connection, reel_id: &str) -> rusqlite::Result<i64> {
    connection
        .prepare_cached("SELECT coalesce(max(revision), 0) FROM forms WHERE reel_id = ?1")?
        .query_row([reel_id], |row| row.get(0))
}

pub fn get(connection: &Connection, reel_id: &str, revision: i64) -> rusqlite::Result<Option<Form>> {
    connection
        .prepare_cached("SELECT * FROM forms WHERE reel_id = ?1 AND revision = ?2")?
        .query_row((reel_id, revision), read)
        .optional()
}

/// Writes a form under a number that is not in use.
pub fn insert(
    connection: &Connection,
    reel_id: &str,
    revision: i64,
    form: &Form,
    now: Timestamp,
) -> rusqlite::Result<()> {
    put(connection, "INSERT", (reel_id, revision), &object(form)?, now)
}

/// Writes the form being edited over the one that is there, and keeps the keys of a newer rushes.
pub fn save_edited(
    connection: &Connection,
    reel_id: &str,
    form: &Form,
    now: Timestamp,
) -> rusqlite::Result<()> {
    let there: Option<String> = connection
        .prepare_cached("SELECT form FROM forms WHERE reel_id = ?1 AND revision = ?2")?
        .query_row((reel_id, EDITED), |row| row.get(0))
        .optional()?;
    let mut keys: Map<String, Value> = there
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default();
    keys.extend(object(form)?);
    put(connection, "INSERT OR REPLACE", (reel_id, EDITED), &keys, now)
}

fn object(form: &Form) -> rusqlite::Result<Map<String, Value>> {
    serde_json::to_value(form)
        .and_then(serde_json::from_value)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

fn put(
    connection: &Connection,
    verb: &str,
    (reel_id, revision): (&str, i64),
    keys: &Map<String, Value>,
    now: Timestamp,
) -> rusqlite::Result<()> {
    let form = Value::from(keys.clone()).to_string();
    connection
        .prepare_cached(&format!(
            "{verb} INTO forms (reel_id, revision, saved_at, form) VALUES (?1, ?2, ?3, ?4)"
        ))?
        .execute((reel_id, revision, now.as_millisecond(), form))
        .map(drop)
}

/// Reads a whole row, that of the form being edited too.
pub fn read_revision(row: &Row<'_>) -> rusqlite::Result<Revision> {
    columns::made(row, "set_aside", |flag: i64| matches!(flag, 0 | 1).then_some(()))?;
    Ok(Revision {
        version: row.get("revision")?,
        at: columns::time(row, "saved_at")?,
        form: read(row)?,
    })
}

/// Repairs the time of a form and whether takes were made from it; false if the form itself cannot be read.
pub fn mend_frame(connection: &Connection, rowid: i64, now: Timestamp) -> rusqlite::Result<bool> {
    let mut content = connection.prepare("SELECT * FROM forms WHERE rowid = ?1")?;
    if content
        .query_row([rowid], |row| Ok((row.get::<_, i64>("revision")?, read(row)?)))
        .is_err()
    {
        return Ok(false);
    }
    connection
        .prepare_cached(
            "UPDATE forms SET saved_at = ?2, set_aside = revision > 0 AND NOT EXISTS
                (SELECT 1 FROM takes WHERE reel_id = forms.reel_id AND draft_version = forms.revision)
             WHERE rowid = ?1",
        )?
        .execute((rowid, now.as_millisecond()))?;
    Ok(true)
}

pub fn read(row: &Row<'_>) -> rusqlite::Result<Form> {
    columns::json(row, "form")
}

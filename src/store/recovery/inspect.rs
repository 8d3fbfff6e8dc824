//! Inspects a database for damage, and remembers that the next start should do so.

use std::fs::File;
use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::store::database::{open, schema};
use crate::store::error::of_sql;
use crate::store::{StoreError, StoreOptions, beside};

/// What is wrong with a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    pub what: String,
    /// Only values in rows are wrong; the file itself is sound.
    pub is_in_rows: bool,
}

impl Damage {
    /// What SQLite reports. Only these two reports are about a value in a row.
    fn reported(what: String) -> Self {
        let is_in_rows = what.contains(" value in ") || what.starts_with("CHECK constraint failed in ");
        Self { what, is_in_rows }
    }

    fn of_the_file(what: &str) -> Self {
        let what = what.to_owned();
        Self {
            what,
            is_in_rows: false,
        }
    }
}

/// Inspects the whole file, which takes 0.1 s for ten thousand takes, and changes nothing in it. Damage is repaired at
/// the next start. An error says that the file cannot be read for another reason than damage.
pub fn damage(path: &Path, options: StoreOptions) -> Result<Option<Damage>, StoreError> {
    let found = match inspect(path, options) {
        Ok(found) => found,
        Err(StoreError::Corrupt(_, detail)) => Some(Damage::of_the_file(&detail)),
        Err(StoreError::NotADatabase { .. }) => Some(Damage::of_the_file("it is not a database")),
        Err(other) => return Err(other),
    };
    if found.is_some() {
        suspect(path);
    }
    Ok(found)
}

fn inspect(path: &Path, options: StoreOptions) -> Result<Option<Damage>, StoreError> {
    open::check_length(path)?;
    let in_words = |error: rusqlite::Error| of_sql(path, &error);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(in_words)?;
    // A damaged file stays as it is.
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)
        .map_err(in_words)?;
    connection.busy_timeout(options.busy_timeout).map_err(in_words)?;
    schema::verify(&connection, path)?;
    let all = || -> rusqlite::Result<Vec<String>> {
        connection
            .prepare("PRAGMA quick_check(1000)")?
            .query_map([], |row| row.get(0))?
            .collect()
    };
    let mut damages = all()
        .map_err(in_words)?
        .into_iter()
        .filter(|report| report != "ok")
        .map(Damage::reported);
    // Damage of the file comes before damage in rows.
    Ok(damages
        .next()
        .map(|first| damages.find(|damage| !damage.is_in_rows).unwrap_or(first)))
}

/// Whether a running program found damage in the database, which the next start should check.
pub fn is_suspect(path: &Path) -> bool {
    mark(path).exists()
}

/// Makes the next start inspect the whole file.
pub fn suspect(path: &Path) {
    // Without the mark the next start finds the damage only when it reads it.
    let _ = File::create(mark(path));
}

/// The file was inspected: the next start need not do it again.
pub fn clear_suspicion(path: &Path) {
    let _ = std::fs::remove_file(mark(path));
}

fn mark(path: &Path) -> PathBuf {
    beside(path, ".suspect")
}

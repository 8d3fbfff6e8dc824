//! The ledger's tables and their migration.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};

use super::LedgerError;
use crate::model::Usd;

/// Each step migrates the ledger by one version; steps are never changed, only added.
const STEPS: [&str; 2] = [
    "
    CREATE TABLE account (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        opening INTEGER NOT NULL,
        charged INTEGER NOT NULL DEFAULT 0,
        reserved INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE TABLE jobs (
        id INTEGER PRIMARY KEY,
        request_id TEXT NOT NULL UNIQUE,
        model TEXT NOT NULL,
        version TEXT NOT NULL,
        body TEXT NOT NULL,
        seed INTEGER,
        price INTEGER NOT NULL,
        doom TEXT,
        created INTEGER NOT NULL,
        starts INTEGER NOT NULL,
        ready INTEGER NOT NULL,
        record_until INTEGER NOT NULL,
        file_until INTEGER NOT NULL,
        outcome TEXT CHECK (outcome IN ('completed', 'failed')),
        remaining INTEGER,
        sha256 TEXT,
        bytes INTEGER,
        status_reads INTEGER NOT NULL DEFAULT 0,
        results INTEGER NOT NULL DEFAULT 0,
        downloads INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX jobs_by_time ON jobs (created);
    CREATE INDEX jobs_open ON jobs (ready) WHERE outcome IS NULL;
    CREATE TABLE uploads (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        mime TEXT NOT NULL,
        bytes INTEGER NOT NULL,
        sha256 TEXT NOT NULL,
        created INTEGER NOT NULL
    ) STRICT;
",
    // The id of the request whose draft a final finishes.
    "ALTER TABLE jobs ADD COLUMN draft TEXT;",
];

/// Long enough for the slowest of many sandboxes on one file.
const BUSY: Duration = Duration::from_secs(20);

pub(super) fn open(path: &Path, opening: Usd) -> Result<Connection, LedgerError> {
    let failed = |source| LedgerError::Open {
        path: path.to_owned(),
        source,
    };
    let mut connection = Connection::open(path).map_err(failed)?;
    connection.busy_timeout(BUSY).map_err(failed)?;
    // A crash of the process loses nothing in this mode; only a power cut may lose the last play-money entries.
    connection
        .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;")
        .map_err(failed)?;
    let found = migrate(&mut connection, opening).map_err(failed)?;
    if usize::try_from(found).is_ok_and(|version| version <= STEPS.len()) {
        Ok(connection)
    } else {
        Err(LedgerError::Newer {
            path: path.to_owned(),
            found,
        })
    }
}

/// Migrates the file to the newest version; returns the version that it had.
fn migrate(connection: &mut Connection, opening: Usd) -> Result<i64, rusqlite::Error> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let done = usize::try_from(found).unwrap_or(usize::MAX);
    for step in STEPS.iter().skip(done) {
        transaction.execute_batch(step)?;
    }
    if done < STEPS.len() {
        transaction.execute_batch(&format!("PRAGMA user_version = {}", STEPS.len()))?;
        transaction.execute(
            "INSERT OR IGNORE INTO account (id, opening) VALUES (1, ?1)",
            [opening.micros()],
        )?;
    }
    transaction.commit()?;
    Ok(found)
}

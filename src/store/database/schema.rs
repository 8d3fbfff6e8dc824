//! Brings the schema up to date with numbered SQL files, each in one transaction.

use std::collections::BTreeSet;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, TransactionBehavior};

use crate::store::error::{SqlOrRule, StoreError, of_sql, on_disk};
use crate::store::{beside, text_of};

/// Every migration in order; the first makes schema 1.
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/001_start.sql"),
    include_str!("../migrations/002_account.sql"),
    include_str!("../migrations/003_hold.sql"),
    include_str!("../migrations/004_rate_limits.sql"),
    include_str!("../migrations/005_reserve.sql"),
    include_str!("../migrations/006_drafts.sql"),
    include_str!("../migrations/007_damage.sql"),
    include_str!("../migrations/008_forms.sql"),
    include_str!("../migrations/009_sweeps.sql"),
    include_str!("../migrations/010_accounts.sql"),
    include_str!("../migrations/011_decisions.sql"),
    include_str!("../migrations/012_asked_again.sql"),
    include_str!("../migrations/013_numbers.sql"),
    include_str!("../migrations/014_search.sql"),
    include_str!("../migrations/015_decided_verdicts.sql"),
    include_str!("../migrations/016_waits.sql"),
    include_str!("../migrations/017_prices.sql"),
    include_str!("../migrations/018_caps.sql"),
    include_str!("../migrations/019_drafts.sql"),
    include_str!("../migrations/020_draft_names.sql"),
];

/// What the migrations make: each table, index and trigger, as SQLite keeps it, below a line that says so.
const WHOLE: &str = include_str!("../schema.sql");

/// Marks the file as ours ("Rush"): another program's database is never written to.
const APPLICATION: i64 = 0x5275_7368;

/// Refuses a file that is not ours, or is newer than this program, before anything is written to it.
pub fn check(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let snapshot = connection.transaction().map_err(|error| of_sql(path, &error))?;
    schema(&snapshot, path, MIGRATIONS).map_err(|problem| problem.at(path))?;
    Ok(())
}

/// Applies the migrations that are missing.
pub fn run(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    apply(connection, path, MIGRATIONS).map_err(|problem| problem.at(path))
}

fn apply(connection: &mut Connection, path: &Path, migrations: &[&str]) -> Result<(), SqlOrRule> {
    let found = schema(connection, path, migrations)?;
    if found > 0 && (found as usize) < migrations.len() {
        let part = copy_beside(connection, path)?;
        // If another process changed the schema meanwhile, it kept the copy.
        let still_old = schema(connection, path, migrations)? == found;
        let kept = if still_old {
            std::fs::rename(&part, beside(path, ".bak"))
        } else {
            std::fs::remove_file(&part)
        };
        kept.map_err(|error| on_disk(&part, &error))?;
    }
    steps(connection, path, migrations, found)
}

/// Fails if a table, an index or a trigger of the newest schema is not as the migrations made it. SQLite runs a trigger
/// or a constraint with a damaged text without complaint as long as it can be parsed. What a user added is no damage.
pub fn verify(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let found = (|| -> rusqlite::Result<_> {
        let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        let is_newest = usize::try_from(version) == Ok(MIGRATIONS.len());
        is_newest.then(|| statements(connection)).transpose()
    })()
    .map_err(|error| of_sql(path, &error))?;
    let missing = found.and_then(|found| {
        let is_missing = |statement: &&str| !found.contains(*statement);
        whole().split_inclusive(END).find(is_missing)
    });
    match missing.and_then(|statement| statement.lines().next()) {
        Some(name) => {
            let detail = format!("the definition of {} has changed", name.trim_start_matches("-- "));
            Err(StoreError::Corrupt(path.to_owned(), detail))
        }
        None => Ok(()),
    }
}

/// The statements of [`WHOLE`].
fn whole() -> &'static str {
    WHOLE.split_once("\n\n").map_or("", |(_, statements)| statements)
}

/// What ends a statement in [`WHOLE`].
const END: &str = ";\n\n";

/// The statements of a database as [`WHOLE`] has them: first a line that names what it makes, then SQLite's text.
fn statements(connection: &Connection) -> rusqlite::Result<BTreeSet<String>> {
    let sql = "SELECT '-- ' || type || ' ' || name || ' (' || tbl_name || ')' || char(10) || sql
               FROM sqlite_schema WHERE sql IS NOT NULL";
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], |row| Ok(row.get_ref(0)?.as_bytes()?.to_vec()))?;
    rows.map(|text| text.map(|text| String::from_utf8_lossy(&text).into_owned() + END))
        .collect()
}

/// [`run`] on a copy in memory, which needs no copy beside it.
pub fn run_in_memory(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    schema(connection, path, MIGRATIONS)
        .and_then(|found| steps(connection, path, MIGRATIONS, found))
        .map_err(|problem| problem.at(path))
}

/// Runs the migrations that are missing. A table is rebuilt while others refer to it, and a damaged row must not stop an
/// upgrade: neither is checked meanwhile.
fn steps(connection: &mut Connection, path: &Path, migrations: &[&str], found: u32) -> Result<(), SqlOrRule> {
    let check = |connection: &Connection, is_checked: bool| {
        connection.pragma_update(None, "foreign_keys", is_checked)?;
        connection.pragma_update(None, "ignore_check_constraints", !is_checked)
    };
    check(connection, false)?;
    let outcome = unchecked_steps(connection, path, migrations, found);
    check(connection, true)?;
    match outcome.map_err(|problem| problem.at(path)) {
        // No migration writes anything that does not fit, but a damaged row may contain it.
        Err(StoreError::Unfit(path, detail)) => Err(StoreError::Corrupt(path, detail).into()),
        outcome => Ok(outcome?),
    }
}

fn unchecked_steps(
    connection: &mut Connection,
    path: &Path,
    migrations: &[&str],
    found: u32,
) -> Result<(), SqlOrRule> {
    for (number, sql) in (1_u32..).zip(migrations).skip(found as usize) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Another process may have done it meanwhile.
        if schema(&transaction, path, migrations)? < number {
            transaction.execute_batch(sql)?;
            transaction.pragma_update(None, "user_version", number)?;
            transaction.commit()?;
        }
    }
    Ok(())
}

/// The file's schema number; 0 for an empty file.
fn schema(connection: &Connection, path: &Path, migrations: &[&str]) -> Result<u32, SqlOrRule> {
    let number = |pragma: &str| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    let found = u32::try_from(number("user_version")?).unwrap_or(u32::MAX);
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let path = path.to_owned();
    let fresh = found == 0 && tables == 0;
    if !fresh && number("application_id")? != APPLICATION {
        return Err(StoreError::OtherProgram(path).into());
    }
    let known = u32::try_from(migrations.len()).unwrap_or(u32::MAX);
    if found > known {
        return Err(StoreError::Newer { path, found, known }.into());
    }
    Ok(found)
}

/// Copies the whole database beside itself and returns the copy's path.
fn copy_beside(connection: &Connection, path: &Path) -> Result<PathBuf, SqlOrRule> {
    let part = beside(path, &format!(".bak.{}", std::process::id()));
    connection.execute("VACUUM INTO ?1", [text_of(&part)?])?;
    std::fs::set_permissions(&part, Permissions::from_mode(0o600)).map_err(|error| on_disk(&part, &error))?;
    Ok(part)
}

#[cfg(test)]
#[path = "schema_tests.rs"]
mod tests;

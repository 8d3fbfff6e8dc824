//! Sets aside rows that cannot be read, and restores what is known of them otherwise.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};
use serde_json::{Map, Value};

use crate::model::{Backend, FailureKind, TakeId, TakeState, Usd};

use crate::store::log::derived;
use crate::store::takes::events::{self, Transition};
use crate::store::takes::exchanges;
use crate::store::{Sidecar, SqlOrRule, StoreError, columns, forms, sweeps};

use super::Recovery;
use super::restore::{self, RestoreTarget, delete_take};
use super::rows::{Damaged, DamagedRow, text};
use super::scan::{among_takes, damage_of_take, in_tables};

/// Reads the sidecar of a take, if there is one.
pub type Beside<'a> = &'a dyn Fn(TakeId) -> Option<Sidecar>;

impl Recovery<'_> {
    /// Sets aside every row that cannot be read, and restores what is known of it otherwise, from the sidecar of its take
    /// or from the other rows, all in one transaction. Nothing that is restored can be sent, and what a lost take may
    /// have cost still counts. If a row stays unreadable, nothing is changed and the store counts as damaged.
    pub fn mend_rows(&self, beside: Beside<'_>) -> Result<Vec<Damaged>, StoreError> {
        self.store.write_once(|transaction, now| {
            transaction.execute_batch("PRAGMA defer_foreign_keys = ON; REINDEX;")?;
            let mut mended = Vec::new();
            for found in restore_reel_ids(transaction)? {
                let raw = found.raw(transaction)?;
                mended.push(note(transaction, &found, raw, (true, &Bill::default()), now)?);
            }
            for found in in_tables(transaction)? {
                mended.push(mend(transaction, &found, beside, now)?);
            }
            // Takes come last, because a missing event makes its take unreadable.
            for found in among_takes(transaction)? {
                // What is derived from a take is no reason to lose it.
                let is_renewed = derived::renew(transaction, TakeId(found.number))?;
                mended.push(match damage_of_take(transaction, found.number)? {
                    None if is_renewed => derived_row(&found),
                    _ => set_take_aside(transaction, &found, beside, now)?,
                });
            }
            sweeps::restore_missing(transaction)?;
            derived::rebuild(transaction)?;
            match in_tables(transaction)?.into_iter().next() {
                Some(left) => Err(columns::damage(left.why).into()),
                None => Ok(mended),
            }
        })
    }
}

/// A row that was derived from a take and was made again.
fn derived_row(found: &DamagedRow) -> Damaged {
    Damaged {
        source: "log".to_owned(),
        take: Some(TakeId(found.number)),
        why: found.why.clone(),
        restored: true,
        counted: None,
    }
}

/// What a lost take may have cost, and when it was sent.
#[derive(Default)]
struct Bill {
    backend: Option<String>,
    amount: Option<i64>,
    sent_at: Option<i64>,
}

fn note(
    connection: &Connection,
    found: &DamagedRow,
    raw: Map<String, Value>,
    (restored, bill): (bool, &Bill),
    now: Timestamp,
) -> rusqlite::Result<Damaged> {
    let take = found.take(connection);
    connection
        .prepare_cached(
            "INSERT INTO damaged (found_at, source, take_id, why, raw, restored, backend, amount, sent_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute((
            now.as_millisecond(),
            found.table,
            take.map(|id| id.0),
            &found.why,
            Value::Object(raw).to_string(),
            restored,
            &bill.backend,
            bill.amount,
            bill.sent_at,
        ))?;
    Ok(Damaged {
        source: found.table.to_owned(),
        take,
        why: found.why.clone(),
        restored,
        counted: bill.amount.map(Usd::from_micros),
    })
}

fn delete(connection: &Connection, found: &DamagedRow) -> rusqlite::Result<()> {
    let sql = format!("DELETE FROM {} WHERE rowid = ?1", found.table);
    connection.execute(&sql, [found.number]).map(drop)
}

/// Sets a damaged row aside, and restores what else is known of it. For takes, see [`set_take_aside`].
fn mend(
    connection: &Connection,
    found: &DamagedRow,
    beside: Beside<'_>,
    now: Timestamp,
) -> Result<Damaged, SqlOrRule> {
    let raw = found.raw(connection)?;
    let restored = match found.table {
        "reels" => {
            mend_reel(connection, found, &raw, now)?;
            true
        }
        "forms" => mend_form(connection, found, &raw, beside, now)?,
        "lines" => {
            mend_queue(connection, found, &raw)?;
            true
        }
        "events" | "exchanges" => mend_event_or_exchange(connection, found, &raw, beside, now)?,
        // Uploads and settings are written again when they are needed.
        _ => {
            delete(connection, found)?;
            false
        }
    };
    Ok(note(connection, found, raw, (restored, &Bill::default()), now)?)
}

/// A reel stays, with what can be read of it, because its takes need it.
fn mend_reel(
    connection: &Connection,
    found: &DamagedRow,
    raw: &Map<String, Value>,
    now: Timestamp,
) -> rusqlite::Result<()> {
    let time = |name: &str| {
        let ms = raw[name].as_i64();
        ms.filter(|ms| Timestamp::from_millisecond(*ms).is_ok())
    };
    let sql = "UPDATE reels SET name = ?2, folder = ?3, created_at = ?4, archived_at = ?5, file_names = ?6
               WHERE rowid = ?1";
    let known = (
        found.number,
        text(raw, "name"),
        text(raw, "folder"),
        time("created_at").unwrap_or(now.as_millisecond()),
        time("archived_at"),
        raw["file_names"].as_str(),
    );
    connection.execute(sql, known).map(drop)
}

/// Gives each reel whose id was damaged its id again, which its takes and forms still have. A damaged id may be readable,
/// so it is known by having no rows and by being like the one that is missing. What is no id of a reel is the damage of
/// the row that has it.
fn restore_reel_ids(connection: &Connection) -> rusqlite::Result<Vec<DamagedRow>> {
    let with_rows = "SELECT reel_id FROM takes UNION SELECT reel_id FROM forms";
    let lost: Vec<String> = connection
        .prepare(&format!(
            "SELECT reel_id FROM ({with_rows} EXCEPT SELECT id FROM reels NOT INDEXED)
             WHERE length(reel_id) = 32 AND reel_id NOT GLOB '*[^0-9a-f]*'"
        ))?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let sql = format!("SELECT rowid, id FROM reels NOT INDEXED WHERE id NOT IN ({with_rows})");
    let mut restored = Vec::new();
    for id in lost {
        let mut statement = connection.prepare(&sql)?;
        let mut alone = statement.query([])?;
        let mut number = None;
        while let Some(row) = alone.next()? {
            let found = row.get_ref(1)?.as_bytes().unwrap_or_default();
            let alike = found.iter().zip(id.as_bytes()).filter(|(a, b)| a == b).count();
            if alike * 2 > id.len() {
                number = Some(row.get(0)?);
            }
        }
        let Some(number) = number else { continue };
        connection.execute("UPDATE reels SET id = ?2 WHERE rowid = ?1", (number, &id))?;
        let why = format!("the id of a reel was not {id}, as in its takes");
        restored.push(DamagedRow {
            table: "reels",
            number,
            why,
        });
    }
    Ok(restored)
}

/// A queue whose state is not known is stopped: that costs a key press, and anything else could cost money.
fn mend_queue(connection: &Connection, found: &DamagedRow, raw: &Map<String, Value>) -> rusqlite::Result<()> {
    let backend = text(raw, "backend").parse::<Backend>().unwrap_or(Backend::Live);
    delete(connection, found)?;
    connection
        .execute(
            "INSERT OR REPLACE INTO lines (backend, stopped_kind, stopped_detail) VALUES (?1, ?2, ?3)",
            (
                backend.word(),
                FailureKind::Storage.word(),
                "Its state in the database was damaged, so it may have been stopped before.",
            ),
        )
        .map(drop)
}

/// Restores a form from the sidecar of a take that was made from it. The edited form becomes the newest of those.
fn mend_form(
    connection: &Connection,
    found: &DamagedRow,
    raw: &Map<String, Value>,
    beside: Beside<'_>,
    now: Timestamp,
) -> Result<bool, SqlOrRule> {
    if forms::mend_frame(connection, found.number, now)? {
        return Ok(true);
    }
    let (reel_id, version) = (
        text(raw, "reel_id"),
        raw["revision"].as_i64().unwrap_or(forms::EDITED),
    );
    let known = if version == forms::EDITED {
        match forms::latest(connection, &reel_id)? {
            Some(newest) => forms::get(connection, &reel_id, newest).ok().flatten(),
            None => None,
        }
    } else {
        connection
            .prepare_cached("SELECT id FROM takes WHERE reel_id = ?1 AND draft_version = ?2")?
            .query_map((&reel_id, version), |row| row.get(0).map(TakeId))?
            .collect::<Result<Vec<TakeId>, _>>()?
            .into_iter()
            .find_map(|id| {
                let rebuild = beside(id)?.rebuild;
                rebuild.form.filter(|_| rebuild.revision == Some(version))
            })
    };
    delete(connection, found)?;
    match &known {
        Some(known) => forms::insert(connection, &reel_id, version, known, now)?,
        None => {
            connection.execute(
                "UPDATE takes SET draft_version = NULL WHERE reel_id = ?1 AND draft_version = ?2",
                (&reel_id, version),
            )?;
        }
    }
    Ok(known.is_some())
}

/// Restores an event or an exchange from the sidecar of its take, by its place among the others. Two events are made up
/// if they are missing: that the take was waiting once, and that it was sent.
fn mend_event_or_exchange(
    connection: &Connection,
    found: &DamagedRow,
    raw: &Map<String, Value>,
    beside: Beside<'_>,
    now: Timestamp,
) -> Result<bool, SqlOrRule> {
    let Some(id) = raw["take_id"].as_i64().map(TakeId) else {
        delete(connection, found)?;
        return Ok(false);
    };
    let place: i64 = connection.query_row(
        &format!(
            "SELECT count(*) FROM {} WHERE take_id = ?1 AND id < ?2",
            found.table
        ),
        (id.0, found.number),
        |row| row.get(0),
    )?;
    let place = usize::try_from(place).unwrap_or(usize::MAX);
    delete(connection, found)?;
    let dossier = beside(id).map(|sidecar| sidecar.dossier);
    if found.table == "exchanges" {
        let known = dossier.and_then(|dossier| dossier.exchanges.into_iter().nth(place));
        if let Some(known) = &known {
            exchanges::insert(connection, id, known)?;
            renumber(connection, found)?;
        }
        return Ok(known.is_some());
    }
    let at = raw["at"].as_i64();
    let at = at.and_then(|ms| Timestamp::from_millisecond(ms).ok());
    let known = dossier.and_then(|dossier| dossier.events.into_iter().nth(place));
    let replacement = match known {
        Some(known) => Some((known.from, known.to, known.detail, known.at)),
        None => missing_transition(connection, id)?.map(|(from, to)| {
            let detail = "its row in the database was damaged".to_owned();
            (from, to, detail, at.unwrap_or(now))
        }),
    };
    let Some((from, to, detail, at)) = replacement else {
        return Ok(false);
    };
    events::insert(connection, id, &Transition::new(from, to, &detail), at)?;
    renumber(connection, found)?;
    Ok(true)
}

/// Gives the row that was just inserted the number, and so the place, of the one that it replaces.
fn renumber(connection: &Connection, found: &DamagedRow) -> rusqlite::Result<()> {
    let sql = format!("UPDATE {} SET id = ?1 WHERE id = ?2", found.table);
    connection
        .execute(&sql, (found.number, connection.last_insert_rowid()))
        .map(drop)
}

/// A transition that every such take made and that none of its events records.
fn missing_transition(
    connection: &Connection,
    id: TakeId,
) -> rusqlite::Result<Option<(Option<TakeState>, TakeState)>> {
    let has = |to: TakeState| {
        connection
            .prepare_cached("SELECT 1 FROM events WHERE take_id = ?1 AND to_state = ?2")?
            .exists((id.0, to.word()))
    };
    if !has(TakeState::Waiting)? {
        return Ok(Some((None, TakeState::Waiting)));
    }
    let state = connection
        .query_row("SELECT state FROM takes WHERE id = ?1", [id.0], |row| {
            columns::word::<TakeState>(row, "state")
        })
        .optional();
    // A take whose state cannot be read counts as sent.
    let was_sent = !matches!(state, Ok(Some(state)) if !state.commits_money());
    Ok((was_sent && !has(TakeState::Submitting)?)
        .then_some((Some(TakeState::Waiting), TakeState::Submitting)))
}

/// Sets a take aside with all its rows. Its sidecar restores it; without one, what it may have cost still counts.
fn set_take_aside(
    connection: &Connection,
    found: &DamagedRow,
    beside: Beside<'_>,
    now: Timestamp,
) -> Result<Damaged, SqlOrRule> {
    let id = TakeId(found.number);
    let mut all = found.raw(connection)?;
    let bill = bill(connection, id, &all)?;
    for table in ["events", "exchanges"] {
        all.insert(table.to_owned(), rows_of(connection, table, id)?.into());
    }
    let sidecar = beside(id);
    delete_take(connection, id)?;
    let restored = match &sidecar {
        None => false,
        Some(sidecar) => {
            connection.execute_batch("SAVEPOINT mend")?;
            let back = restore::restore(connection, sidecar, RestoreTarget::InUse);
            if back.is_err() {
                connection.execute_batch("ROLLBACK TO mend")?;
            }
            connection.execute_batch("RELEASE mend")?;
            back.is_ok()
        }
    };
    if restored {
        // The sidecar does not say by which run it was sent, and what the list price was.
        connection.execute(
            "UPDATE takes SET session = ?2, listed = ?3 WHERE id = ?1",
            (
                id.0,
                all["session"].as_str(),
                all["listed"].as_i64().filter(|listed| *listed >= 0),
            ),
        )?;
    } else {
        connection.execute("UPDATE takes SET parent = NULL WHERE parent = ?1", [id.0])?;
    }
    let bill = if restored { Bill::default() } else { bill };
    Ok(note(connection, found, all, (restored, &bill), now)?)
}

fn rows_of(connection: &Connection, table: &'static str, id: TakeId) -> rusqlite::Result<Vec<Value>> {
    let numbers: Vec<i64> = connection
        .prepare(&format!("SELECT id FROM {table} WHERE take_id = ?1 ORDER BY id"))?
        .query_map([id.0], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut rows = Vec::with_capacity(numbers.len());
    for number in numbers {
        let found = DamagedRow {
            table,
            number,
            why: String::new(),
        };
        rows.push(Value::Object(found.raw(connection)?));
    }
    Ok(rows)
}

/// What a take counts as when nothing restores it: nothing if it was certainly not sent, or cost nothing.
fn bill(connection: &Connection, id: TakeId, raw: &Map<String, Value>) -> rusqlite::Result<Bill> {
    let sent_at: Option<i64> = connection.query_row(
        "SELECT max(at) FROM events WHERE take_id = ?1 AND to_state = 'submitting'",
        [id.0],
        |row| row.get(0),
    )?;
    let last: Option<String> = connection
        .query_row(
            "SELECT to_state FROM events WHERE take_id = ?1 ORDER BY id DESC LIMIT 1",
            [id.0],
            |row| row.get(0),
        )
        .optional()?;
    let state = text(raw, "state").parse().ok();
    let state: Option<TakeState> = state.or_else(|| last?.parse().ok());
    let amount = |name: &str| {
        let micros = raw[name].as_i64();
        micros.filter(|micros| Usd::from_micros(*micros).is_bill())
    };
    let is_free = |state: TakeState| match amount("cost") {
        Some(cost) => cost == 0 && !state.commits_money(),
        None => state != TakeState::Failed && !state.commits_money(),
    };
    if sent_at.is_none() || state.is_some_and(is_free) {
        return Ok(Bill::default());
    }
    let backend: Result<Backend, ()> = text(raw, "backend").parse();
    Ok(Bill {
        backend: backend.ok().map(|backend| backend.word().to_owned()),
        amount: ["cost", "reserve", "estimate"].into_iter().find_map(amount),
        sent_at,
    })
}

//! Keeps rows aside that cannot be read, and puts back what is known of them otherwise.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};
use serde_json::{Map, Value};

use crate::model::{Backend, FailureKind, TakeId, TakeState, Usd};

use super::damage::{Beside, Damaged, Found, raw, take_of};
use super::error::Trouble;
use super::restore::{self, Target};
use super::step::{Passage, note_event};
use super::{exchange, forms, row};

/// What a lost take may have cost, and when it was sent.
#[derive(Default)]
struct Bill {
    backend: Option<String>,
    amount: Option<i64>,
    sent_at: Option<i64>,
}

fn note(
    connection: &Connection,
    found: &Found,
    raw: Map<String, Value>,
    (restored, bill): (bool, &Bill),
    now: Timestamp,
) -> rusqlite::Result<Damaged> {
    let take = take_of(connection, found);
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

fn delete(connection: &Connection, found: &Found) -> rusqlite::Result<()> {
    let sql = format!("DELETE FROM {} WHERE rowid = ?1", found.table);
    connection.execute(&sql, [found.number]).map(drop)
}

/// Keeps a damaged row aside, and puts back what else is known of it. Takes have [`set_take_aside`] for this.
pub(super) fn mend(
    connection: &Connection,
    found: &Found,
    beside: Beside<'_>,
    now: Timestamp,
) -> Result<Damaged, Trouble> {
    let raw = raw(connection, found)?;
    let restored = match found.table {
        "reels" => {
            mend_reel(connection, found, &raw, now)?;
            true
        }
        "forms" => mend_form(connection, found, &raw, beside, now)?,
        "lines" => {
            mend_line(connection, found, &raw)?;
            true
        }
        "events" | "exchanges" => mend_step(connection, found, &raw, beside, now)?,
        // What is uploaded or remembered is found out again.
        _ => {
            delete(connection, found)?;
            false
        }
    };
    Ok(note(connection, found, raw, (restored, &Bill::default()), now)?)
}

/// A text as far as it can be read.
fn text(raw: &Map<String, Value>, name: &str) -> String {
    match &raw[name] {
        Value::String(text) => text.clone(),
        Value::Object(broken) => {
            let digits = broken.get("hex").and_then(Value::as_str).unwrap_or_default();
            let bytes: Vec<u8> = digits
                .as_bytes()
                .chunks(2)
                .filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
                .collect();
            String::from_utf8_lossy(&bytes).replace(char::REPLACEMENT_CHARACTER, "_")
        }
        _ => String::new(),
    }
}

/// A reel stays, with what can be read of it: its takes belong to it.
fn mend_reel(
    connection: &Connection,
    found: &Found,
    raw: &Map<String, Value>,
    now: Timestamp,
) -> rusqlite::Result<()> {
    let created = raw["created_at"]
        .as_i64()
        .filter(|ms| Timestamp::from_millisecond(*ms).is_ok())
        .unwrap_or(now.as_millisecond());
    connection
        .execute(
            "UPDATE reels SET name = ?2, folder = ?3, created_at = ?4 WHERE rowid = ?1",
            (found.number, text(raw, "name"), text(raw, "folder"), created),
        )
        .map(drop)
}

/// A line whose state is not known stands still: that costs a key, and anything else could cost money.
fn mend_line(connection: &Connection, found: &Found, raw: &Map<String, Value>) -> rusqlite::Result<()> {
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

/// A form is known from the sidecar of a take that was made from it. The one being edited becomes the newest of those.
fn mend_form(
    connection: &Connection,
    found: &Found,
    raw: &Map<String, Value>,
    beside: Beside<'_>,
    now: Timestamp,
) -> Result<bool, Trouble> {
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
                rebuild.draft.filter(|_| rebuild.draft_version == Some(version))
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

/// An event or an exchange is known by its place among its take's in the sidecar. What the take stands on is made up
/// for: that it was waiting once, and that it was sent.
fn mend_step(
    connection: &Connection,
    found: &Found,
    raw: &Map<String, Value>,
    beside: Beside<'_>,
    now: Timestamp,
) -> Result<bool, Trouble> {
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
            exchange::insert(connection, id, known)?;
            renumber(connection, found)?;
        }
        return Ok(known.is_some());
    }
    let at = raw["at"]
        .as_i64()
        .and_then(|ms| Timestamp::from_millisecond(ms).ok());
    let known = dossier.and_then(|dossier| dossier.events.into_iter().nth(place));
    let stands_for = match known {
        Some(known) => Some((known.from, known.to, known.detail, known.at)),
        None => missing_step(connection, id)?.map(|(from, to)| {
            let detail = "its row in the database was damaged".to_owned();
            (from, to, detail, at.unwrap_or(now))
        }),
    };
    let Some((from, to, detail, at)) = stands_for else {
        return Ok(false);
    };
    let passage = Passage {
        from,
        to,
        detail: &detail,
        owner: None,
    };
    note_event(connection, id, &passage, at)?;
    renumber(connection, found)?;
    Ok(true)
}

/// The row that was just inserted takes the number, and so the place, of the one that it stands for.
fn renumber(connection: &Connection, found: &Found) -> rusqlite::Result<()> {
    let sql = format!("UPDATE {} SET id = ?1 WHERE id = ?2", found.table);
    connection
        .execute(&sql, (found.number, connection.last_insert_rowid()))
        .map(drop)
}

/// The step that a take cannot be without and that none of its events tells of.
fn missing_step(
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
            row::word::<TakeState>(row, "state")
        })
        .optional();
    // What it was cannot be told from a state that cannot be read either: then it counts as sent.
    let was_sent = !matches!(state, Ok(Some(state)) if !state.commits_money());
    Ok((was_sent && !has(TakeState::Submitting)?)
        .then_some((Some(TakeState::Waiting), TakeState::Submitting)))
}

/// Keeps a take aside with all its rows. Its sidecar brings it back; else what it may have cost goes on to count.
pub(super) fn set_take_aside(
    connection: &Connection,
    found: &Found,
    beside: Beside<'_>,
    now: Timestamp,
) -> Result<Damaged, Trouble> {
    let id = TakeId(found.number);
    let mut all = raw(connection, found)?;
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
            let back = restore::bring_back(connection, sidecar, Target::InUse);
            if back.is_err() {
                connection.execute_batch("ROLLBACK TO mend")?;
            }
            connection.execute_batch("RELEASE mend")?;
            back.is_ok()
        }
    };
    if !restored {
        connection.execute("UPDATE takes SET parent = NULL WHERE parent = ?1", [id.0])?;
    }
    let bill = if restored { Bill::default() } else { bill };
    Ok(note(connection, found, all, (restored, &bill), now)?)
}

pub(super) fn delete_take(connection: &Connection, id: TakeId) -> rusqlite::Result<()> {
    for sql in [
        "DELETE FROM events WHERE take_id = ?1",
        "DELETE FROM exchanges WHERE take_id = ?1",
        "DELETE FROM takes WHERE id = ?1",
    ] {
        connection.execute(sql, [id.0])?;
    }
    Ok(())
}

fn rows_of(connection: &Connection, table: &'static str, id: TakeId) -> rusqlite::Result<Vec<Value>> {
    let numbers: Vec<i64> = connection
        .prepare(&format!("SELECT id FROM {table} WHERE take_id = ?1 ORDER BY id"))?
        .query_map([id.0], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut rows = Vec::with_capacity(numbers.len());
    for number in numbers {
        let found = Found {
            table,
            number,
            why: String::new(),
        };
        rows.push(Value::Object(raw(connection, &found)?));
    }
    Ok(rows)
}

/// What a take counts as when nothing brings it back: nothing when it was certainly not sent, or not for money.
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
    Ok(Bill {
        backend: text(raw, "backend")
            .parse::<Backend>()
            .ok()
            .map(|backend| backend.word().to_owned()),
        amount: amount("cost")
            .or_else(|| amount("reserve"))
            .or_else(|| amount("estimate")),
        sent_at,
    })
}

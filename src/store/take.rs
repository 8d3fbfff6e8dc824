//! Reads takes: their columns, and their times from their events.

use std::path::PathBuf;

use rusqlite::{Connection, OptionalExtension, Params, Row};

use crate::model::{Seconds, Seed, Take, TakeId, TakeState, Times};

use super::error::Trouble;
use super::{Store, StoreError, reserve, row};

impl Store {
    /// The take of that number.
    ///
    /// # Errors
    /// [`StoreError::NoSuchTake`]; when the store cannot be read.
    pub fn take(&self, id: TakeId) -> Result<Take, StoreError> {
        self.read(|connection| one(connection, id))
    }
}

/// The take of that number.
pub(super) fn one(connection: &Connection, id: TakeId) -> Result<Take, Trouble> {
    connection
        .prepare_cached(&select("WHERE t.id = ?1"))?
        .query_row([id.0], read)
        .optional()?
        .ok_or_else(|| StoreError::NoSuchTake(id).into())
}

/// The takes that `tail` picks: what follows `FROM takes t`.
pub(super) fn several(
    connection: &Connection,
    tail: &str,
    params: impl Params,
) -> rusqlite::Result<Vec<Take>> {
    connection
        .prepare_cached(&select(tail))?
        .query_map(params, read)?
        .collect()
}

/// Without the prompt, which the body contains too.
const COLUMNS: &str = "t.id, t.backend, t.api_version, t.model, t.resolution, t.aspect_ratio, t.duration, t.seed,
    t.body, t.draft_version, t.sweep, t.parent, t.state, t.account, t.request_id, t.http_status, t.error, t.error_kind,
    t.estimate, t.cost, t.output_url, t.last_frame_url, t.file, t.bytes, t.sha256, t.verdict, t.note, t.paused,
    t.not_before, t.hold, t.repeats, t.reserve";

/// The whole query whose end is `tail`. Times come from the events, so that there is one truth about them.
pub(super) fn select(tail: &str) -> String {
    let reached = |function: &str, states: &str| {
        format!("(SELECT {function}(at) FROM events WHERE take_id = t.id AND to_state IN ({states}))")
    };
    format!(
        "SELECT {COLUMNS}, (SELECT name FROM reels WHERE id = t.reel_id) AS reel,
            {created} AS created_at, {submitted} AS submitted, {accepted} AS accepted,
            {processing} AS processing, {rendered} AS rendered, {settled} AS settled
         FROM takes t {tail}",
        created = reached("min", "'waiting'"),
        submitted = reached("max", "'submitting'"),
        accepted = reached("min", "'accepted'"),
        processing = reached("min", "'processing'"),
        rendered = reached("min", "'rendered'"),
        settled = reached("max", &row::states(TakeState::settled)),
    )
}

/// Reads the columns that a [`Take`] does not have and that the store reads for itself.
pub(super) fn read_rest(row: &Row<'_>) -> rusqlite::Result<()> {
    reserve::read(row)?;
    row.get::<_, i64>("position")?;
    row.get::<_, Option<String>>("owner")?;
    row::time_if_any(row, "lease_until")?;
    row::time_if_any(row, "asked_since").map(drop)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Take> {
    let number = |count: i64| u64::try_from(count).ok();
    Ok(Take {
        id: TakeId(row.get("id")?),
        reel: row.get("reel")?,
        backend: row::word(row, "backend")?,
        api_version: row::api_version(row, "api_version")?,
        model: row::word(row, "model")?,
        resolution: row::word(row, "resolution")?,
        aspect_ratio: row::word(row, "aspect_ratio")?,
        duration: row::made(row, "duration", |seconds| Seconds::new(seconds).ok())?,
        seed: row::made(row, "seed", |seed| Seed::new(seed).ok())?,
        body: row::json(row, "body")?,
        draft_version: row.get("draft_version")?,
        sweep: row.get("sweep")?,
        parent: row.get::<_, Option<i64>>("parent")?.map(TakeId),
        state: row::word(row, "state")?,
        account: row.get("account")?,
        request_id: row.get("request_id")?,
        http_status: row.get("http_status")?,
        error: row.get("error")?,
        error_kind: row::word_if_any(row, "error_kind")?,
        estimate: row::usd(row, "estimate")?,
        reserve: row::usd_if_any(row, "reserve")?,
        cost: row::usd_if_any(row, "cost")?,
        output_url: row.get("output_url")?,
        last_frame_url: row.get("last_frame_url")?,
        file: row.get::<_, Option<String>>("file")?.map(PathBuf::from),
        bytes: row::made_if_any(row, "bytes", number)?,
        sha256: row.get("sha256")?,
        verdict: row::word(row, "verdict")?,
        note: row.get("note")?,
        paused: row.get("paused")?,
        held: row::word_if_any(row, "hold")?,
        repeats: row.get("repeats")?,
        not_before: row::time_if_any(row, "not_before")?,
        created_at: row::time(row, "created_at")?,
        times: Times {
            submitted: row::time_if_any(row, "submitted")?,
            accepted: row::time_if_any(row, "accepted")?,
            processing: row::time_if_any(row, "processing")?,
            rendered: row::time_if_any(row, "rendered")?,
            settled: row::time_if_any(row, "settled")?,
        },
    })
}

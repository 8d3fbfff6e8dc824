//! Reads takes: their columns, and their times from their events.

use std::path::PathBuf;

use rusqlite::{Connection, OptionalExtension, Params, Row};

use crate::model::take::ProviderTimes;
use crate::model::{Seconds, Seed, Take, TakeId, Times};
use crate::store::{SqlOrRule, Store, StoreError, columns};

use super::waits;

impl Store {
    /// The take of that number.
    pub fn take(&self, id: TakeId) -> Result<Take, StoreError> {
        self.read(|connection| one(connection, id))
    }
}

/// The take of that number.
pub fn one(connection: &Connection, id: TakeId) -> Result<Take, SqlOrRule> {
    connection
        .prepare_cached(&select("WHERE t.id = ?1"))?
        .query_row([id.0], read)
        .optional()?
        .ok_or_else(|| StoreError::NoSuchTake(id).into())
}

/// The takes that `tail` selects: what follows `FROM takes t`.
pub fn several(connection: &Connection, tail: &str, params: impl Params) -> rusqlite::Result<Vec<Take>> {
    connection
        .prepare_cached(&select(tail))?
        .query_map(params, read)?
        .collect()
}

/// Without the prompt, which the body contains too.
const COLUMNS: &str = "t.id, t.backend, t.api_version, t.model, t.resolution, t.aspect_ratio, t.duration, t.seed,
    t.body, t.draft_version, t.sweep, t.variant, t.parent, t.lineage, t.state, t.account, t.request_id, t.http_status, t.error, t.error_kind,
    t.estimate, t.cost, t.output_url, t.last_frame_url, t.last_frame_file, t.file, t.emptied_at, t.bytes, t.sha256, t.verdict, t.tags, t.note, t.paused,
    t.not_before, t.hold, t.repeats, t.reserve, t.estimate_least, t.queue_ms, t.render_ms, t.wait_p50, t.wait_p90, t.wait_basis";

/// The whole query that ends with `tail`, which names the columns of a take with `t.`. The log has the times, which are
/// derived from the events.
pub fn select(tail: &str) -> String {
    format!(
        "SELECT {COLUMNS}, (SELECT name FROM reels WHERE id = t.reel_id) AS reel,
            log.created, log.submitted, log.accepted, log.processing, log.rendered, log.settled
         FROM takes t LEFT JOIN log ON log.reel_id = t.reel_id AND log.take_id = t.id {tail}"
    )
}

fn read(row: &Row<'_>) -> rusqlite::Result<Take> {
    let number = |count: i64| u64::try_from(count).ok();
    Ok(Take {
        id: TakeId(row.get("id")?),
        reel: row.get("reel")?,
        backend: columns::word(row, "backend")?,
        api_version: columns::api_version(row, "api_version")?,
        model: columns::word(row, "model")?,
        resolution: columns::word(row, "resolution")?,
        aspect_ratio: columns::word(row, "aspect_ratio")?,
        duration: columns::made(row, "duration", |seconds| Seconds::new(seconds).ok())?,
        seed: columns::made(row, "seed", |seed| Seed::new(seed).ok())?,
        body: columns::json(row, "body")?,
        revision: row.get("draft_version")?,
        sweep: row.get("sweep")?,
        variant: row.get("variant")?,
        parent: row.get::<_, Option<i64>>("parent")?.map(TakeId),
        lineage: columns::word_if_any(row, "lineage")?,
        state: columns::word(row, "state")?,
        account: row.get("account")?,
        request_id: row.get("request_id")?,
        http_status: row.get("http_status")?,
        error: row.get("error")?,
        error_kind: columns::word_if_any(row, "error_kind")?,
        estimate: columns::usd(row, "estimate")?,
        least: columns::usd_if_any(row, "estimate_least")?,
        reserve: columns::usd_if_any(row, "reserve")?,
        cost: columns::usd_if_any(row, "cost")?,
        output_url: row.get("output_url")?,
        last_frame_url: row.get("last_frame_url")?,
        last_frame_file: row
            .get::<_, Option<String>>("last_frame_file")?
            .map(PathBuf::from),
        file: row.get::<_, Option<String>>("file")?.map(PathBuf::from),
        emptied_at: columns::time_if_any(row, "emptied_at")?,
        bytes: columns::made_if_any(row, "bytes", number)?,
        sha256: row.get("sha256")?,
        verdict: columns::word(row, "verdict")?,
        tags: columns::json(row, "tags")?,
        note: row.get("note")?,
        paused: row.get("paused")?,
        on_hold: columns::word_if_any(row, "hold")?,
        repeats: row.get("repeats")?,
        not_before: columns::time_if_any(row, "not_before")?,
        created_at: columns::time(row, "created")?,
        times: Times {
            submitted: columns::time_if_any(row, "submitted")?,
            accepted: columns::time_if_any(row, "accepted")?,
            processing: columns::time_if_any(row, "processing")?,
            rendered: columns::time_if_any(row, "rendered")?,
            settled: columns::time_if_any(row, "settled")?,
        },
        provider_times: ProviderTimes {
            queue_ms: columns::made_if_any(row, "queue_ms", number)?,
            render_ms: columns::made_if_any(row, "render_ms", number)?,
        },
        wait: waits::read(row)?,
    })
}

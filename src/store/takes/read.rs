//! Reads takes: their columns, and their times from their events.

use std::path::PathBuf;

use rusqlite::{Connection, OptionalExtension, Params, Row};

use crate::model::take::{Draft, ProviderTimes};
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

/// The columns of a take, without the prompt, which the body contains too.
const OF_TAKE: [&str; 45] = [
    "id",
    "backend",
    "api_version",
    "model",
    "resolution",
    "aspect_ratio",
    "duration",
    "seed",
    "body",
    "draft_version",
    "sweep",
    "variant",
    "parent",
    "lineage",
    "state",
    "account",
    "request_id",
    "http_status",
    "error",
    "error_kind",
    "estimate",
    "cost",
    "output_url",
    "last_frame_url",
    "last_frame_file",
    "file",
    "emptied_at",
    "bytes",
    "sha256",
    "verdict",
    "tags",
    "note",
    "paused",
    "not_before",
    "hold",
    "repeats",
    "reserve",
    "estimate_least",
    "queue_ms",
    "render_ms",
    "wait_p50",
    "wait_p90",
    "wait_basis",
    "draft_id",
    "draft_expires",
];
/// The columns of its row in the log, which has the times that are derived from the events.
const OF_LOG: [&str; 6] = [
    "created",
    "submitted",
    "accepted",
    "processing",
    "rendered",
    "settled",
];
/// Where the name of the reel stands.
const REEL: usize = OF_TAKE.len() + OF_LOG.len();

/// Where the prompt of the draft stands that it finishes.
const PROMPT_OF_DRAFT: usize = REEL + 1;

/// The place of a column in [`select`]. It is known before the program runs: a name would be looked up in every row.
pub(super) const fn at(column: &str) -> usize {
    let mut place = 0;
    loop {
        assert!(place < REEL, "there is no such column");
        let name = if place < OF_TAKE.len() {
            OF_TAKE[place]
        } else {
            OF_LOG[place - OF_TAKE.len()]
        };
        if is_same(name.as_bytes(), column.as_bytes()) {
            return place;
        }
        place += 1;
    }
}

const fn is_same(one: &[u8], other: &[u8]) -> bool {
    let mut place = 0;
    while place < one.len() && place < other.len() && one[place] == other[place] {
        place += 1;
    }
    place == one.len() && place == other.len()
}

/// The whole query that ends with `tail`, which names the columns of a take with `t.`.
pub fn select(tail: &str) -> String {
    let of_take = OF_TAKE.map(|column| format!("t.{column}"));
    let of_log = OF_LOG.map(|column| format!("log.{column}"));
    format!(
        "SELECT {}, {}, (SELECT name FROM reels WHERE id = t.reel_id) AS reel,
           CASE WHEN t.finishes IS NOT NULL THEN t.prompt END AS prompt_of_draft
         FROM takes t LEFT JOIN log ON log.reel_id = t.reel_id AND log.take_id = t.id {tail}",
        of_take.join(", "),
        of_log.join(", ")
    )
}

fn read(row: &Row<'_>) -> rusqlite::Result<Take> {
    let number = |count: i64| u64::try_from(count).ok();
    Ok(Take {
        id: TakeId(row.get(const { at("id") })?),
        reel: row.get(REEL)?,
        backend: columns::word(row, const { at("backend") })?,
        api_version: columns::api_version(row, const { at("api_version") })?,
        model: columns::word(row, const { at("model") })?,
        resolution: columns::word(row, const { at("resolution") })?,
        aspect_ratio: columns::word(row, const { at("aspect_ratio") })?,
        duration: columns::made(row, const { at("duration") }, |seconds| {
            Seconds::new(seconds).ok()
        })?,
        seed: columns::made(row, const { at("seed") }, |seed| Seed::new(seed).ok())?,
        body: columns::json(row, const { at("body") })?,
        revision: row.get(const { at("draft_version") })?,
        sweep: row.get(const { at("sweep") })?,
        variant: row.get(const { at("variant") })?,
        parent: row.get::<_, Option<i64>>(const { at("parent") })?.map(TakeId),
        lineage: columns::word_if_any(row, const { at("lineage") })?,
        state: columns::word(row, const { at("state") })?,
        account: row.get(const { at("account") })?,
        request_id: row.get(const { at("request_id") })?,
        http_status: row.get(const { at("http_status") })?,
        error: row.get(const { at("error") })?,
        error_kind: columns::word_if_any(row, const { at("error_kind") })?,
        estimate: columns::usd(row, const { at("estimate") })?,
        least: columns::usd_if_any(row, const { at("estimate_least") })?,
        reserve: columns::usd_if_any(row, const { at("reserve") })?,
        cost: columns::usd_if_any(row, const { at("cost") })?,
        output_url: row.get(const { at("output_url") })?,
        last_frame_url: row.get(const { at("last_frame_url") })?,
        last_frame_file: row
            .get::<_, Option<String>>(const { at("last_frame_file") })?
            .map(PathBuf::from),
        file: row
            .get::<_, Option<String>>(const { at("file") })?
            .map(PathBuf::from),
        emptied_at: columns::time_if_any(row, const { at("emptied_at") })?,
        bytes: columns::made_if_any(row, const { at("bytes") }, number)?,
        sha256: row.get(const { at("sha256") })?,
        verdict: columns::word(row, const { at("verdict") })?,
        tags: columns::json(row, const { at("tags") })?,
        note: row.get(const { at("note") })?,
        paused: row.get(const { at("paused") })?,
        on_hold: columns::word_if_any(row, const { at("hold") })?,
        repeats: row.get(const { at("repeats") })?,
        not_before: columns::time_if_any(row, const { at("not_before") })?,
        created_at: columns::time(row, const { at("created") })?,
        times: Times {
            submitted: columns::time_if_any(row, const { at("submitted") })?,
            accepted: columns::time_if_any(row, const { at("accepted") })?,
            processing: columns::time_if_any(row, const { at("processing") })?,
            rendered: columns::time_if_any(row, const { at("rendered") })?,
            settled: columns::time_if_any(row, const { at("settled") })?,
        },
        provider_times: ProviderTimes {
            queue_ms: columns::made_if_any(row, const { at("queue_ms") }, number)?,
            render_ms: columns::made_if_any(row, const { at("render_ms") }, number)?,
        },
        wait: waits::read(row)?,
        draft: row
            .get::<_, Option<String>>(const { at("draft_id") })?
            .zip(columns::time_if_any(row, const { at("draft_expires") })?)
            .map(|(id, expires)| Draft { id, expires }),
        prompt_of_draft: row.get(PROMPT_OF_DRAFT)?,
    })
}

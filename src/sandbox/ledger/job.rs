//! One accepted generation, as the ledger has it.

use jiff::Timestamp;
use rusqlite::Row;
use serde_json::Value;

use super::LedgerError;
use crate::model::{ApiVersion, Model, Usd};

/// The state of a job. (Segmind, async v2 docs, status.)
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sandbox) enum JobState {
    Queued,
    Processing,
    Completed,
    Failed,
}

impl JobState {
    /// The word in responses.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Queued => "QUEUED",
            Self::Processing => "PROCESSING",
            Self::Completed => "COMPLETED",
            Self::Failed => "FAILED",
        }
    }

    /// Nothing more will happen.
    pub const fn is_settled(self) -> bool {
        matches!(self, Self::Completed | Self::Failed)
    }
}

/// An accepted generation.
#[derive(Debug, Clone)]
pub(in crate::sandbox) struct Job {
    pub id: i64,
    pub request_id: String,
    pub model: Model,
    pub version: ApiVersion,
    /// As sent.
    pub body: Value,
    /// The id of the request whose draft it finishes.
    pub draft: Option<String>,
    /// The body that describes the video: that of the draft where it finishes one, else its own.
    pub shot: Value,
    pub seed: Option<u32>,
    pub state: JobState,
    /// Reserved while the job is open.
    pub reserved: Usd,
    /// Billed; nothing unless completed.
    pub charge: Usd,
    /// What was left in the account after the bill.
    pub remaining: Option<Usd>,
    /// Why it failed.
    pub error: Option<String>,
    pub created: Timestamp,
    pub starts: Timestamp,
    pub ready: Timestamp,
    pub record_until: Timestamp,
    pub file_until: Timestamp,
    pub sha256: Option<String>,
    pub bytes: Option<u64>,
    pub status_reads: u64,
    pub results: u64,
    pub downloads: u64,
}

impl Job {
    /// The id of the request with the body that describes the video.
    pub fn shot_id(&self) -> &str {
        self.draft.as_deref().unwrap_or(&self.request_id)
    }

    /// Whether the request asks for the last frame.
    pub fn wants_last_frame(&self) -> bool {
        self.shot["return_last_frame"] == Value::Bool(true)
    }
}

/// The columns that [`read`] expects, in any order.
pub(super) const COLUMNS: &str = "id, request_id, model, version, body, draft, \
    coalesce((SELECT of.body FROM jobs AS of WHERE of.request_id = jobs.draft), body) AS shot, seed, price, doom, created, \
    starts, ready, record_until, file_until, outcome, remaining, sha256, bytes, status_reads, results, downloads";

/// A row as a job, in its state at `now`; due jobs are settled before they are read.
pub(super) fn read(row: &Row<'_>, now: Timestamp) -> Result<Job, LedgerError> {
    let time = |column: &str| -> Result<Timestamp, LedgerError> {
        Timestamp::from_microsecond(row.get(column)?).map_err(|_| LedgerError::Unreadable(column.to_owned()))
    };
    let (starts, outcome) = (time("starts")?, row.get::<_, Option<String>>("outcome")?);
    let state = match outcome.as_deref() {
        Some("completed") => JobState::Completed,
        Some(_) => JobState::Failed,
        None if now < starts => JobState::Queued,
        None => JobState::Processing,
    };
    let price = Usd::from_micros(row.get("price")?);
    let only_if = |condition: bool| if condition { price } else { Usd::ZERO };
    Ok(Job {
        id: row.get("id")?,
        request_id: row.get("request_id")?,
        model: parsed(row, "model", |text| text.parse().ok())?,
        version: parsed(row, "version", |text| text.parse().ok())?,
        body: parsed(row, "body", |text| serde_json::from_str(text).ok())?,
        draft: row.get("draft")?,
        shot: parsed(row, "shot", |text| serde_json::from_str(text).ok())?,
        seed: row.get("seed")?,
        state,
        reserved: only_if(!state.is_settled()),
        charge: only_if(state == JobState::Completed),
        remaining: row.get::<_, Option<i64>>("remaining")?.map(Usd::from_micros),
        error: row
            .get::<_, Option<String>>("doom")?
            .filter(|_| state == JobState::Failed),
        created: time("created")?,
        starts,
        ready: time("ready")?,
        record_until: time("record_until")?,
        file_until: time("file_until")?,
        sha256: row.get("sha256")?,
        bytes: row.get::<_, Option<i64>>("bytes")?.map(counted),
        status_reads: counted(row.get("status_reads")?),
        results: counted(row.get("results")?),
        downloads: counted(row.get("downloads")?),
    })
}

/// A number that was counted up from nothing.
pub(super) fn counted(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

/// A number of bytes as SQLite keeps it.
pub(super) fn stored(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

fn parsed<T>(row: &Row<'_>, column: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, LedgerError> {
    let text: String = row.get(column)?;
    parse(&text).ok_or_else(|| LedgerError::Unreadable(column.to_owned()))
}

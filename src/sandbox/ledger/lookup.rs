//! Looks up jobs and counts the lookups.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Transaction, params};

use super::{Job, JobState, Ledger, LedgerError, job};

/// What is asked for, which decides what expiry applies and what is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sandbox) enum Lookup {
    /// The state; until the record expires.
    Status,
    /// The outcome; until the record expires. Counted when there is a video.
    Result,
    /// The video itself; until the file expires.
    Download,
    /// As a download, but uncounted: questions about a video, and its last frame.
    About,
    /// Of any age, uncounted: history, and the sandbox's own needs.
    Peek,
}

impl Ledger {
    /// The job of this id at `now`; none when it is unknown, or expired for what is asked.
    pub fn look_up(
        &self,
        now: Timestamp,
        request_id: &str,
        lookup: Lookup,
    ) -> Result<Option<Job>, LedgerError> {
        self.decide(now, |ledger| {
            let Some(job) = find(ledger, now, request_id)? else {
                return Ok(None);
            };
            let column = match lookup {
                Lookup::Status | Lookup::Result if job.record_until <= now => return Ok(None),
                Lookup::Download | Lookup::About
                    if job.file_until <= now || job.state != JobState::Completed =>
                {
                    return Ok(None);
                }
                Lookup::Status => Some("status_reads"),
                Lookup::Result if job.state == JobState::Completed => Some("results"),
                Lookup::Download => Some("downloads"),
                Lookup::Result | Lookup::About | Lookup::Peek => None,
            };
            if let Some(column) = column {
                let count = format!("UPDATE jobs SET {column} = {column} + 1 WHERE id = ?1");
                ledger.prepare_cached(&count)?.execute([job.id])?;
            }
            Ok(Some(job))
        })
    }

    /// Counts a result that v1 returned with its response.
    pub fn count_result(&self, now: Timestamp, request_id: &str) -> Result<(), LedgerError> {
        self.decide(now, |ledger| {
            ledger.execute(
                "UPDATE jobs SET results = results + 1 WHERE request_id = ?1",
                [request_id],
            )?;
            Ok(())
        })
    }

    /// Notes that the video was made.
    pub fn video_made(
        &self,
        now: Timestamp,
        request_id: &str,
        sha256: &str,
        bytes: u64,
    ) -> Result<(), LedgerError> {
        self.decide(now, |ledger| {
            ledger.execute(
                "UPDATE jobs SET sha256 = ?2, bytes = ?3 WHERE request_id = ?1",
                params![request_id, sha256, job::stored(bytes)],
            )?;
            Ok(())
        })
    }

    /// Ids of the jobs whose video was made and has expired.
    pub fn expired_videos(&self, now: Timestamp) -> Result<Vec<String>, LedgerError> {
        self.decide(now, |ledger| {
            let mut query = ledger
                .prepare("SELECT request_id FROM jobs WHERE sha256 IS NOT NULL AND file_until <= ?1")?;
            let ids = query.query_map([now.as_microsecond()], |row| row.get(0))?;
            Ok(ids.collect::<Result<_, _>>()?)
        })
    }
}

fn find(ledger: &Transaction<'_>, now: Timestamp, request_id: &str) -> Result<Option<Job>, LedgerError> {
    let mut query = ledger.prepare_cached(&format!(
        "SELECT {} FROM jobs WHERE request_id = ?1",
        job::COLUMNS
    ))?;
    query
        .query_row([request_id], |row| Ok(job::read(row, now)))
        .optional()?
        .transpose()
}

//! Stops a backend's queue or lets it wait, and keeps why.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row};

use crate::model::{Backend, FailureKind};
use crate::store::rules::wait::{bounded, passed};
use crate::store::{Queue, StoreError, columns};

/// Why nothing may be sent at present, if so.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct QueueState {
    /// Until the user resumes it.
    pub stopped: Option<(FailureKind, String)>,
    /// Until then: a rate limit, or a network that cannot be reached.
    pub not_before: Option<Timestamp>,
}

impl Queue<'_> {
    /// Stops the queue until the user resumes it.
    pub fn stop(&self, kind: FailureKind, detail: &str) -> Result<(), StoreError> {
        self.store
            .write(|transaction, _| Ok(stop(transaction, self.backend, kind, detail)?))
    }

    /// Lets nothing be sent before `until`, at most [`MAX_WAIT`](crate::store::MAX_WAIT) away; a later time that was
    /// noted before stays.
    pub fn wait_until(&self, until: Timestamp) -> Result<(), StoreError> {
        self.store.write(|transaction, now| {
            let noted = noted(transaction, self.backend)?.not_before;
            let until = bounded(until, now);
            let later = noted
                .filter(|time| !passed(*time, now))
                .map_or(until, |time| time.max(until));
            transaction.execute(
                "INSERT INTO lines (backend, not_before) VALUES (?1, ?2)
                 ON CONFLICT (backend) DO UPDATE SET not_before = ?2",
                (self.backend.word(), later.as_millisecond()),
            )?;
            Ok(())
        })
    }
}

/// [`Queue::stop`] within a transaction. A stop that only the user may lift stays, unless a bill shows that no cap can
/// be trusted.
pub fn stop(
    connection: &Connection,
    backend: Backend,
    kind: FailureKind,
    detail: &str,
) -> rusqlite::Result<()> {
    let weight = |kind: FailureKind| match kind {
        FailureKind::BillAboveReserve => 2,
        kind => u8::from(kind.needs_resuming()),
    };
    let before = noted(connection, backend)?.stopped;
    if before.is_some_and(|(before, _)| weight(before) > weight(kind)) {
        return Ok(());
    }
    connection
        .prepare_cached(
            "INSERT INTO lines (backend, stopped_kind, stopped_detail) VALUES (?1, ?2, ?3)
             ON CONFLICT (backend) DO UPDATE SET stopped_kind = ?2, stopped_detail = ?3",
        )?
        .execute((backend.word(), kind.word(), detail))
        .map(drop)
}

/// What is noted of the queue.
pub fn noted(connection: &Connection, backend: Backend) -> rusqlite::Result<QueueState> {
    connection
        .prepare_cached("SELECT * FROM lines WHERE backend = ?1")?
        .query_row([backend.word()], read)
        .optional()
        .map(Option::unwrap_or_default)
}

pub fn read(row: &Row<'_>) -> rusqlite::Result<QueueState> {
    let kind: Option<FailureKind> = columns::word_if_any(row, "stopped_kind")?;
    let detail: Option<String> = row.get("stopped_detail")?;
    Ok(QueueState {
        stopped: kind.zip(detail),
        not_before: columns::time_if_any(row, "not_before")?,
    })
}

//! Counts the 429 responses to submits, so that the circuit breaker works across processes and restarts.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use crate::model::{Backend, FailureKind, TakeId};
use crate::store::rules::rate_limit::{MAX_SUBMITS_IN_WINDOW, RateLimits, WINDOW, longest_own_pause};
use crate::store::rules::wait::bounded;
use crate::store::{Queue, SqlOrRule, StoreError, columns};

impl Queue<'_> {
    /// Notes that the submit of a take got a 429 response, and returns the time before which nothing more is sent.
    /// The pause doubles with every 429 in a row, and what the provider `asked` for can only make it longer. After
    /// [`MAX_RATE_LIMITS_IN_A_ROW`](crate::store::MAX_RATE_LIMITS_IN_A_ROW) the queue stops until the user resumes it.
    pub fn note_rate_limit(
        &self,
        id: TakeId,
        asked: Option<Duration>,
        detail: &str,
    ) -> Result<Timestamp, StoreError> {
        self.store.write(|transaction, now| {
            let sent = last_submit(transaction, id)?;
            meet_clock(transaction, self.backend, now)?;
            let limits = known(transaction, self.backend)?.and_one_more(now);
            let until = limits.pause_until(now, asked);
            transaction.execute(
                "INSERT INTO lines (backend, not_before, rate_count, rate_since, rate_last)
                 VALUES (:backend, :until, :count, :since, :now)
                 ON CONFLICT (backend) DO UPDATE SET
                    not_before = iif(not_before > :until AND not_before <= :farthest, not_before, :until),
                    rate_count = :count, rate_since = :since, rate_last = :now",
                named_params! {
                    ":backend": self.backend.word(),
                    ":until": until.as_millisecond(),
                    ":farthest": bounded(Timestamp::MAX, now).as_millisecond(),
                    ":count": limits.count,
                    ":since": limits.since.map(Timestamp::as_millisecond),
                    ":now": now.as_millisecond(),
                },
            )?;
            if limits.stop_the_queue(sent) {
                stop(transaction, self.backend, limits.count, detail)?;
            }
            Ok(until)
        })
    }
}

/// Corrects 429 responses that were noted by a clock that has since been set back: they count as of now, and no wait
/// that was noted then lasts longer than our own longest pause.
pub fn meet_clock(connection: &Connection, backend: Backend, now: Timestamp) -> rusqlite::Result<()> {
    if !known(connection, backend)?.are_from_the_future(now) {
        return Ok(());
    }
    let longest = longest_own_pause(now).as_millisecond();
    connection
        .prepare_cached(
            "UPDATE lines SET rate_last = ?2, rate_since = min(rate_since, ?2), not_before = min(not_before, ?3)
             WHERE backend = ?1",
        )?
        .execute((backend.word(), now.as_millisecond(), longest))?;
    connection
        .prepare_cached(
            "UPDATE takes SET not_before = ?2
             WHERE state = 'waiting' AND backend = ?1 AND error_kind = 'rate' AND not_before > ?2",
        )?
        .execute((backend.word(), longest))
        .map(drop)
}

/// Stops the queue, unless it is stopped for another reason already.
fn stop(connection: &Connection, backend: Backend, count: u32, detail: &str) -> rusqlite::Result<()> {
    let why =
        format!("{count} submits in a row got a 429 response (too many requests). The last one: {detail}");
    connection
        .prepare_cached(
            "UPDATE lines SET stopped_kind = ?2, stopped_detail = ?3 WHERE backend = ?1 AND stopped_kind IS NULL",
        )?
        .execute((backend.word(), FailureKind::Rate.word(), why))
        .map(drop)
}

/// When the take was last sent.
fn last_submit(connection: &Connection, id: TakeId) -> Result<Option<Timestamp>, SqlOrRule> {
    connection
        .prepare_cached(
            "SELECT (SELECT max(at) FROM events WHERE take_id = takes.id AND to_state = 'submitting') AS sent
             FROM takes WHERE id = ?1",
        )?
        .query_row([id.0], |row| columns::time_if_any(row, "sent"))
        .optional()?
        .ok_or_else(|| StoreError::NoSuchTake(id).into())
}

/// What is known of the backend's 429 responses.
pub fn known(connection: &Connection, backend: Backend) -> rusqlite::Result<RateLimits> {
    connection
        .prepare_cached("SELECT rate_count, rate_since, rate_last FROM lines WHERE backend = ?1")?
        .query_row([backend.word()], read)
        .optional()
        .map(Option::unwrap_or_default)
}

pub fn read(row: &Row<'_>) -> rusqlite::Result<RateLimits> {
    Ok(RateLimits {
        count: row.get("rate_count")?,
        since: columns::time_if_any(row, "rate_since")?,
        last: columns::time_if_any(row, "rate_last")?,
    })
}

/// An accepted submit ends a series of 429 responses.
pub fn note_accepted(connection: &Connection, id: TakeId) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "UPDATE lines SET rate_count = 0
             WHERE rate_count > 0 AND backend = (SELECT backend FROM takes WHERE id = ?1)",
        )?
        .execute([id.0])
        .map(drop)
}

/// When the next submit may be sent, if the sliding window is full: while 429 responses come, at most
/// [`MAX_SUBMITS_IN_WINDOW`] are sent within [`WINDOW`].
pub fn window_opens(
    connection: &Connection,
    backend: Backend,
    now: Timestamp,
) -> rusqlite::Result<Option<Timestamp>> {
    if !known(connection, backend)?.limit_submits(now) {
        return Ok(None);
    }
    let began = now.saturating_sub(WINDOW).unwrap_or(now);
    let (began, now, skipped) = (
        began.as_millisecond(),
        now.as_millisecond(),
        MAX_SUBMITS_IN_WINDOW - 1,
    );
    let params = (backend.word(), began, now, skipped);
    let oldest = connection
        .prepare_cached(SENT_IN_WINDOW)?
        .query_row(params, |row| columns::time(row, "at"))
        .optional()?;
    Ok(oldest.map(|oldest| oldest.saturating_add(WINDOW).unwrap_or(oldest)))
}

/// The submit that must leave the window first, when it is full. Only what we sent ourselves has an owner.
pub const SENT_IN_WINDOW: &str = "SELECT e.at AS at FROM events e JOIN takes t ON t.id = e.take_id
     WHERE e.to_state = 'submitting' AND e.at > ?2 AND e.at <= ?3 AND e.owner IS NOT NULL AND t.backend = ?1
     ORDER BY e.at DESC LIMIT 1 OFFSET ?4";

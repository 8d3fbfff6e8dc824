//! The circuit breaker: what the store knows of 429 responses to submits, and what it allows after them.
//!
//! It lives in the store, so it holds over all processes and restarts.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use crate::model::{Backend, FailureKind, TakeId, pause};

use super::error::Trouble;
use super::line::{bounded, passed};
use super::{Store, StoreError, row};

/// Submits that may be sent within a minute while 429 responses come.
pub const MAX_SUBMITS_IN_WINDOW: u32 = 10;
/// So many 429 responses in a row stop the queue.
pub const MAX_RATE_LIMITS_IN_A_ROW: u32 = 10;
/// The sliding window.
const WINDOW: SignedDuration = SignedDuration::from_secs(60);
/// The window holds for this long after the last 429, although submits are accepted again meanwhile.
const REMEMBERED: SignedDuration = SignedDuration::from_mins(10);

/// What the store knows of 429 responses.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct RateLimits {
    /// How many came in a row; an accepted submit resets it.
    pub count: u32,
    /// When the first of them came.
    since: Option<Timestamp>,
    /// When the last one came.
    last: Option<Timestamp>,
}

impl RateLimits {
    /// Until when our own pause after the last 429 lasts, whatever the provider asks for.
    pub(super) fn floor(&self) -> Option<Timestamp> {
        let last = self.last.filter(|_| self.count > 0)?;
        Some(plus(last, pause::after_failure(self.count, None)))
    }
}

impl Store {
    /// Notes that the submit of a take was answered with 429. Nothing more is sent before the time that is returned:
    /// the pause doubles with every 429 in a row, and what the provider `asked` for can only make it longer. After
    /// [`MAX_RATE_LIMITS_IN_A_ROW`] the queue stops until the user resumes it.
    ///
    /// # Errors
    /// [`StoreError::NoSuchTake`]; when the store cannot be written.
    pub fn note_rate_limit(
        &self,
        id: TakeId,
        asked: Option<Duration>,
        detail: &str,
    ) -> Result<Timestamp, StoreError> {
        self.write(|transaction, now| {
            let (backend, sent) = sent(transaction, id)?;
            meet_clock(transaction, backend, now)?;
            let known = known(transaction, backend)?;
            // A time to come was noted by a clock that has since been set back.
            let since = known
                .since
                .filter(|_| known.count > 0)
                .map_or(now, |since| since.min(now));
            let count = known.count.saturating_add(1);
            let until = bounded(plus(now, pause::after_failure(count, asked)), now);
            // What was on its way before the first of them came may be a whole burst: it alone stops nothing.
            let stops = count >= MAX_RATE_LIMITS_IN_A_ROW && sent.is_some_and(|sent| sent >= since);
            transaction.execute(
                "INSERT INTO lines (backend, not_before, rate_count, rate_since, rate_last)
                 VALUES (:backend, :until, :count, :since, :now)
                 ON CONFLICT (backend) DO UPDATE SET
                    not_before = iif(not_before > :until AND not_before <= :farthest, not_before, :until),
                    rate_count = :count, rate_since = :since, rate_last = :now",
                named_params! {
                    ":backend": backend.word(),
                    ":until": until.as_millisecond(),
                    ":farthest": bounded(Timestamp::MAX, now).as_millisecond(),
                    ":count": count,
                    ":since": since.as_millisecond(),
                    ":now": now.as_millisecond(),
                },
            )?;
            if stops {
                stop(transaction, backend, count, detail)?;
            }
            Ok(until)
        })
    }
}

/// A 429 from well ahead was noted by a clock that has since been set back. It counts as of now, and no wait that was
/// noted then lasts longer than our own longest pause.
pub(super) fn meet_clock(connection: &Connection, backend: Backend, now: Timestamp) -> rusqlite::Result<()> {
    let longest = plus(now, pause::MAX_PAUSE);
    let is_ahead = |time: Option<Timestamp>| time.is_some_and(|time| time > longest);
    if !is_ahead(known(connection, backend)?.last) {
        return Ok(());
    }
    let times = (backend.word(), now.as_millisecond(), longest.as_millisecond());
    connection
        .prepare_cached(
            "UPDATE lines SET rate_last = ?2, rate_since = min(rate_since, ?2), not_before = min(not_before, ?3)
             WHERE backend = ?1",
        )?
        .execute(times)?;
    connection
        .prepare_cached(
            "UPDATE takes SET not_before = ?2
             WHERE state = 'waiting' AND backend = ?1 AND error_kind = 'rate' AND not_before > ?2",
        )?
        .execute((backend.word(), longest.as_millisecond()))
        .map(drop)
}

/// Stops the queue, unless it is stopped for something else already.
fn stop(connection: &Connection, backend: Backend, count: u32, detail: &str) -> rusqlite::Result<()> {
    let why = format!("{count} submits in a row were answered with 429. The last response: {detail}");
    connection
        .prepare_cached(
            "UPDATE lines SET stopped_kind = ?2, stopped_detail = ?3 WHERE backend = ?1 AND stopped_kind IS NULL",
        )?
        .execute((backend.word(), FailureKind::Rate.word(), why))
        .map(drop)
}

/// Who was asked, and when the take was sent last.
fn sent(connection: &Connection, id: TakeId) -> Result<(Backend, Option<Timestamp>), Trouble> {
    connection
        .prepare_cached(
            "SELECT backend, (SELECT max(at) FROM events WHERE take_id = takes.id AND to_state = 'submitting') AS sent
             FROM takes WHERE id = ?1",
        )?
        .query_row([id.0], |row| Ok((row::word(row, "backend")?, row::time_if_any(row, "sent")?)))
        .optional()?
        .ok_or_else(|| StoreError::NoSuchTake(id).into())
}

/// What is known of the backend's 429 responses.
pub(super) fn known(connection: &Connection, backend: Backend) -> rusqlite::Result<RateLimits> {
    connection
        .prepare_cached("SELECT rate_count, rate_since, rate_last FROM lines WHERE backend = ?1")?
        .query_row([backend.word()], read)
        .optional()
        .map(Option::unwrap_or_default)
}

pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<RateLimits> {
    Ok(RateLimits {
        count: row.get("rate_count")?,
        since: row::time_if_any(row, "rate_since")?,
        last: row::time_if_any(row, "rate_last")?,
    })
}

/// An accepted submit ends the row of 429 responses.
pub(super) fn note_accepted(connection: &Connection, id: TakeId) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "UPDATE lines SET rate_count = 0
             WHERE rate_count > 0 AND backend = (SELECT backend FROM takes WHERE id = ?1)",
        )?
        .execute([id.0])
        .map(drop)
}

/// When the sliding window lets the next submit pass, if it holds it back: while 429 responses come, at most
/// [`MAX_SUBMITS_IN_WINDOW`] are sent within a minute.
pub(super) fn window_opens(
    connection: &Connection,
    backend: Backend,
    now: Timestamp,
) -> rusqlite::Result<Option<Timestamp>> {
    let rate = known(connection, backend)?;
    let recent = |last: Timestamp| last <= now && now.duration_since(last) < REMEMBERED;
    if rate.count == 0 && !rate.last.is_some_and(recent) {
        return Ok(None);
    }
    let began = now.saturating_sub(WINDOW).unwrap_or(now);
    // Only what we sent ourselves has an owner.
    let oldest = connection
        .prepare_cached(SENT_IN_WINDOW)?
        .query_row(
            (
                backend.word(),
                began.as_millisecond(),
                now.as_millisecond(),
                MAX_SUBMITS_IN_WINDOW - 1,
            ),
            |row| row::time(row, "at"),
        )
        .optional()?;
    Ok(oldest.map(|oldest| oldest.saturating_add(WINDOW).unwrap_or(oldest)))
}

/// The time of the last submit but so many within the window.
pub(super) const SENT_IN_WINDOW: &str = "SELECT e.at AS at FROM events e JOIN takes t ON t.id = e.take_id
     WHERE e.to_state = 'submitting' AND e.at > ?2 AND e.at <= ?3 AND e.owner IS NOT NULL AND t.backend = ?1
     ORDER BY e.at DESC LIMIT 1 OFFSET ?4";

/// Lets the queue go on, but not before our own pause after the last 429 is over.
pub(super) fn resume(connection: &Connection, backend: Backend, now: Timestamp) -> rusqlite::Result<()> {
    meet_clock(connection, backend, now)?;
    let floor = known(connection, backend)?
        .floor()
        .filter(|floor| !passed(*floor, now));
    connection
        .prepare_cached(
            "UPDATE lines SET not_before = iif(not_before > ?2, ?2, iif(?2 IS NULL, NULL, not_before))
             WHERE backend = ?1",
        )?
        .execute((backend.word(), floor.map(Timestamp::as_millisecond)))?;
    connection
        .prepare_cached(
            "UPDATE takes SET not_before = ?2 WHERE state = 'waiting' AND backend = ?1 AND error_kind = 'rate'",
        )?
        .execute((backend.word(), floor.map(Timestamp::as_millisecond)))?;
    lift_stop(connection, backend)
}

/// Takes the stop away. A row of 429 responses that stopped the queue is over with it: the user asks anew.
pub(super) fn lift_stop(connection: &Connection, backend: Backend) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "UPDATE lines SET stopped_kind = NULL, stopped_detail = NULL,
                rate_count = iif(stopped_kind IS 'rate', 0, rate_count)
             WHERE backend = ?1",
        )?
        .execute([backend.word()])
        .map(drop)
}

fn plus(time: Timestamp, by: Duration) -> Timestamp {
    let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
    time.saturating_add(by).unwrap_or(time)
}

//! The line of waiting takes: stopping and slowing it, and what the user does to those in it.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row};

use crate::model::{Backend, FailureKind, Take, TakeId, TakeState};

use super::error::Trouble;
use super::step::{Facts, go_from, standing};
use super::{Store, StoreError, rate, row, take};

/// The longest that a take or a line is held back by itself. A time further away was noted by a clock that
/// has since been set back, and counts as passed.
pub const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(24);

/// Why nothing may be sent at present, if so.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line {
    /// Until the user resumes it.
    pub stopped: Option<(FailureKind, String)>,
    /// Until then: a rate limit, or a network that cannot be reached.
    pub not_before: Option<Timestamp>,
}

/// `until`, no further away than [`LONGEST_WAIT`].
pub(super) fn bounded(until: Timestamp, now: Timestamp) -> Timestamp {
    until.min(now.saturating_add(LONGEST_WAIT).unwrap_or(until))
}

/// Whether a take or line held back until `time` may go on.
pub(super) fn passed(time: Timestamp, now: Timestamp) -> bool {
    time <= now || time != bounded(time, now)
}

impl Store {
    /// How the line stands.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn line(&self, backend: Backend) -> Result<Line, StoreError> {
        let now = self.clock.now();
        self.read(|connection| Ok(state_of_line(connection, backend, now)?))
    }

    /// Lets nothing more be sent until [`Store::resume_line`].
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn stop_line(&self, backend: Backend, kind: FailureKind, detail: &str) -> Result<(), StoreError> {
        self.write(|transaction, _| Ok(stop(transaction, backend, kind, detail)?))
    }

    /// Lets the line go on: at once, or when the pause after the last 429 is over.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn resume_line(&self, backend: Backend) -> Result<(), StoreError> {
        self.write(|transaction, now| Ok(rate::resume(transaction, backend, now)?))
    }

    /// Takes the stop away, but not the wait that a rate limit asked for.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn lift_stop(&self, backend: Backend) -> Result<(), StoreError> {
        self.write(|transaction, _| Ok(rate::lift_stop(transaction, backend)?))
    }

    /// Takes the stop away for new takes, unless it needs the user's own word.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn lift_stop_for_new_takes(&self, backend: Backend) -> Result<(), StoreError> {
        self.write(|transaction, _| match noted(transaction, backend)?.stopped {
            Some((kind, _)) if !kind.needs_resuming() => Ok(rate::lift_stop(transaction, backend)?),
            _ => Ok(()),
        })
    }

    /// Lets nothing more be sent before `until`, at most [`LONGEST_WAIT`] away; a later time noted before stays.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn slow_line(&self, backend: Backend, until: Timestamp) -> Result<(), StoreError> {
        self.write(|transaction, now| {
            let noted = noted(transaction, backend)?.not_before;
            let until = bounded(until, now);
            let later = noted
                .filter(|time| !passed(*time, now))
                .map_or(until, |time| time.max(until));
            transaction.execute(
                "INSERT INTO lines (backend, not_before) VALUES (?1, ?2)
                 ON CONFLICT (backend) DO UPDATE SET not_before = ?2",
                (backend.word(), later.as_millisecond()),
            )?;
            Ok(())
        })
    }

    /// Takes a waiting take out of the line for good.
    ///
    /// # Errors
    /// [`StoreError::IllegalTransition`] once it was sent: the provider cannot cancel.
    pub fn cancel(&self, id: TakeId) -> Result<Take, StoreError> {
        self.decide(id, TakeState::Cancelled)
    }

    /// Settles a take of unknown outcome as never sent, on the user's word. Whoever is clearing it up notices at
    /// its next look.
    ///
    /// # Errors
    /// [`StoreError::IllegalTransition`] when its outcome is known; when the store cannot be written.
    pub fn mark_not_sent(&self, id: TakeId) -> Result<Take, StoreError> {
        self.decide(id, TakeState::NotSent)
    }

    /// A step that the user takes, whoever holds the lease.
    fn decide(&self, id: TakeId, to: TakeState) -> Result<Take, StoreError> {
        self.write(|transaction, now| {
            let may = |from: TakeState| from.may_become(to);
            go_from(transaction, id, may, (to, "by the user"), &Facts::default(), now)?;
            take::one(transaction, id)
        })
    }

    /// Holds a waiting take back, or lets it go on.
    ///
    /// # Errors
    /// [`StoreError::NotWaiting`]; [`StoreError::NoSuchTake`]; when the store cannot be written.
    pub fn pause(&self, id: TakeId, paused: bool) -> Result<(), StoreError> {
        self.write(|transaction, _| {
            must_wait(transaction, id)?;
            transaction.execute("UPDATE takes SET paused = ?2 WHERE id = ?1", (id.0, paused))?;
            Ok(())
        })
    }

    /// Moves a waiting take past `by` of its reel's others: towards the front when negative. Other reels' takes
    /// keep their places.
    ///
    /// # Errors
    /// [`StoreError::NotWaiting`]; [`StoreError::NoSuchTake`]; when the store cannot be written.
    pub fn move_in_line(&self, id: TakeId, by: i32) -> Result<(), StoreError> {
        self.write(|transaction, _| {
            must_wait(transaction, id)?;
            let (mut order, places) = neighbours(transaction, id)?;
            let Some(at) = order.iter().position(|other| *other == id.0) else {
                return Ok(());
            };
            let target = at.saturating_add_signed(by as isize).min(order.len() - 1);
            let moved = order.remove(at);
            order.insert(target, moved);
            let mut put = transaction.prepare_cached("UPDATE takes SET position = ?2 WHERE id = ?1")?;
            for (take, place) in order.into_iter().zip(places) {
                put.execute((take, place))?;
            }
            Ok(())
        })
    }
}

fn must_wait(connection: &Connection, id: TakeId) -> Result<(), Trouble> {
    match standing(connection, id)? {
        (TakeState::Waiting, _) => Ok(()),
        (state, _) => Err(StoreError::NotWaiting { id, state }.into()),
    }
}

/// The waiting takes of the same reel and backend in line order, and their places.
fn neighbours(connection: &Connection, id: TakeId) -> rusqlite::Result<(Vec<i64>, Vec<i64>)> {
    connection
        .prepare_cached(
            "SELECT t.id, t.position FROM takes one
             JOIN takes t ON t.state = 'waiting' AND t.backend = one.backend AND t.reel_id = one.reel_id
             WHERE one.id = ?1 ORDER BY t.position, t.id",
        )?
        .query_map([id.0], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))?
        .collect()
}

/// [`Store::stop_line`] within a transaction.
pub(super) fn stop(
    connection: &Connection,
    backend: Backend,
    kind: FailureKind,
    detail: &str,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO lines (backend, stopped_kind, stopped_detail) VALUES (?1, ?2, ?3)
             ON CONFLICT (backend) DO UPDATE SET stopped_kind = ?2, stopped_detail = ?3",
        )?
        .execute((backend.word(), kind.word(), detail))
        .map(drop)
}

/// [`Store::line`] within a transaction: what is noted, and what the circuit breaker allows now.
pub(super) fn state_of_line(
    connection: &Connection,
    backend: Backend,
    now: Timestamp,
) -> rusqlite::Result<Line> {
    let mut line = noted(connection, backend)?;
    line.not_before = line.not_before.max(rate::window_opens(connection, backend, now)?);
    Ok(line)
}

/// What is noted of the line.
fn noted(connection: &Connection, backend: Backend) -> rusqlite::Result<Line> {
    connection
        .prepare_cached("SELECT * FROM lines WHERE backend = ?1")?
        .query_row([backend.word()], read)
        .optional()
        .map(Option::unwrap_or_default)
}

pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Line> {
    let kind: Option<FailureKind> = row::word_if_any(row, "stopped_kind")?;
    let detail: Option<String> = row.get("stopped_detail")?;
    Ok(Line {
        stopped: kind.zip(detail),
        not_before: row::time_if_any(row, "not_before")?,
    })
}

//! The state of a backend's queue: why nothing is sent at present, and how that ends.

use jiff::Timestamp;
use rusqlite::Connection;

use crate::model::Backend;
use crate::store::rules::wait::passed;
use crate::store::{Queue, StoreError};

use super::rate_limits::{known, meet_clock, window_opens};
use super::stop::{QueueState, noted};

impl Queue<'_> {
    /// The state of the queue now.
    pub fn state(&self) -> Result<QueueState, StoreError> {
        let now = self.store.clock.now();
        self.store
            .read(|connection| Ok(state(connection, self.backend, now)?))
    }

    /// Resumes the queue: at once, or when our own pause after the last 429 is over.
    pub fn resume(&self) -> Result<(), StoreError> {
        self.store
            .write(|transaction, now| Ok(resume(transaction, self.backend, now)?))
    }

    /// Lifts the stop, but not the wait that a rate limit asked for.
    pub fn lift_stop(&self) -> Result<(), StoreError> {
        self.store
            .write(|transaction, _| Ok(lift_stop(transaction, self.backend)?))
    }

    /// Lifts the stop for new takes, unless it needs the user's own decision.
    pub fn lift_stop_for_new_takes(&self) -> Result<(), StoreError> {
        self.store
            .write(|transaction, _| match noted(transaction, self.backend)?.stopped {
                Some((kind, _)) if !kind.needs_resuming() => Ok(lift_stop(transaction, self.backend)?),
                _ => Ok(()),
            })
    }
}

/// [`Queue::state`] within a transaction: what is noted, and what the circuit breaker allows now.
pub fn state(connection: &Connection, backend: Backend, now: Timestamp) -> rusqlite::Result<QueueState> {
    let mut state = noted(connection, backend)?;
    state.not_before = state.not_before.max(window_opens(connection, backend, now)?);
    Ok(state)
}

fn resume(connection: &Connection, backend: Backend, now: Timestamp) -> rusqlite::Result<()> {
    meet_clock(connection, backend, now)?;
    let pause = known(connection, backend)?
        .own_pause_until()
        .filter(|until| !passed(*until, now))
        .map(Timestamp::as_millisecond);
    connection
        .prepare_cached(
            "UPDATE lines SET not_before = iif(not_before > ?2, ?2, iif(?2 IS NULL, NULL, not_before))
             WHERE backend = ?1",
        )?
        .execute((backend.word(), pause))?;
    connection
        .prepare_cached(
            "UPDATE takes SET not_before = ?2 WHERE state = 'waiting' AND backend = ?1 AND error_kind = 'rate'",
        )?
        .execute((backend.word(), pause))?;
    lift_stop(connection, backend)
}

/// Lifts the stop. If 429 responses stopped the queue, their count starts again.
fn lift_stop(connection: &Connection, backend: Backend) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "UPDATE lines SET stopped_kind = NULL, stopped_detail = NULL,
                rate_count = iif(stopped_kind IS 'rate', 0, rate_count)
             WHERE backend = ?1",
        )?
        .execute([backend.word()])
        .map(drop)
}

//! What the log and the queue show, page by page; a take's events; times of takes like it.

use jiff::Timestamp;
use rusqlite::Row;
use serde::{Deserialize, Serialize};

use crate::model::{Backend, Model, Resolution, Seconds, Take, TakeId, TakeState};

use super::filter::{Filter, Where};
use super::{Store, StoreError, row, take};

/// One step that a take made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    pub at: Timestamp,
    /// `None` when it came into the line.
    pub from: Option<TakeState>,
    pub to: TakeState,
    pub detail: String,
    /// Who took it there; `None` for the user. Of no use to another store.
    #[serde(skip)]
    pub owner: Option<String>,
}

/// How many takes are not settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Unsettled {
    /// Being sent, at the provider, or rendered and not saved.
    pub sent: usize,
    /// Of unknown outcome.
    pub unknown: usize,
    /// Waiting and neither paused nor held.
    pub ready: usize,
    /// Waiting, held back for the refusals of its prompt.
    pub held: usize,
}

impl Store {
    /// The takes that `filter` lets through, newest first, from `offset` on, at most `limit`.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn takes(&self, filter: &Filter, offset: u64, limit: u64) -> Result<Vec<Take>, StoreError> {
        let Where { sql, mut params } = filter.to_sql();
        params.extend([row::count(limit).into(), row::count(offset).into()]);
        let tail = page_sql(&sql);
        self.read(|connection| {
            let page = take::several(connection, &tail, rusqlite::params_from_iter(params.iter()))?;
            Ok(page)
        })
    }

    /// How many takes `filter` lets through.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn count(&self, filter: &Filter) -> Result<u64, StoreError> {
        let Where { sql, params } = filter.to_sql();
        self.read(|connection| {
            let number: i64 = connection
                .prepare_cached(&format!("SELECT count(*) FROM takes {sql}"))?
                .query_row(rusqlite::params_from_iter(params.iter()), |row| row.get(0))?;
            Ok(number.unsigned_abs())
        })
    }

    /// Every unsettled take of the reel, or of all reels: sent ones oldest first, then waiting ones in line
    /// order.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn queue(&self, reel_id: Option<&str>) -> Result<Vec<Take>, StoreError> {
        self.read(|connection| Ok(take::several(connection, &queue_sql(), [reel_id])?))
    }

    /// How many of the backend's takes, over all reels, are not settled.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn unsettled(&self, backend: Backend) -> Result<Unsettled, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(&unsettled_sql())?;
            let mut rows = statement.query([backend.word()])?;
            let mut unsettled = Unsettled::default();
            while let Some(row) = rows.next()? {
                let (state, paused): (TakeState, bool) = (row::word(row, "state")?, row.get("paused")?);
                let held: bool = row.get("held")?;
                let count = usize::try_from(row.get::<_, u32>("count")?).unwrap_or(usize::MAX);
                match state {
                    TakeState::Unknown => unsettled.unknown += count,
                    TakeState::Waiting if held => unsettled.held += count,
                    TakeState::Waiting if paused => {}
                    TakeState::Waiting => unsettled.ready += count,
                    _ => unsettled.sent += count,
                }
            }
            Ok(unsettled)
        })
    }

    /// Everything that happened to the take, oldest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn events(&self, id: TakeId) -> Result<Vec<Event>, StoreError> {
        self.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT * FROM events WHERE take_id = ?1 ORDER BY id")?;
            let events = statement.query_map([id.0], event)?;
            Ok(events.collect::<Result<_, _>>()?)
        })
    }

    /// How long the newest takes like this took from submit to saved, in milliseconds, newest first, at most
    /// `most`. One that changed hands waited for its next owner, and is left out.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn samples(
        &self,
        backend: Backend,
        model: Model,
        resolution: Resolution,
        duration: Seconds,
        most: u32,
    ) -> Result<Vec<u64>, StoreError> {
        let alike = (
            backend.word(),
            model.wire(),
            resolution.wire(),
            duration.get(),
            most,
        );
        self.read(|connection| {
            let mut statement = connection.prepare_cached(SAMPLES)?;
            let times = statement.query_map(alike, |row| row.get::<_, i64>(0))?;
            let times: Vec<i64> = times.collect::<Result<_, _>>()?;
            // A clock set back between submit and saved makes a time below nothing: no sample.
            Ok(times
                .into_iter()
                .filter_map(|ms| u64::try_from(ms).ok())
                .collect())
        })
    }
}

/// The page is chosen by number alone, so that rows passed over are not read.
pub(super) fn page_sql(condition: &str) -> String {
    format!(
        "WHERE t.id IN (SELECT id FROM takes {condition} ORDER BY id DESC LIMIT ? OFFSET ?) ORDER BY t.id DESC"
    )
}

pub(super) fn queue_sql() -> String {
    format!(
        "WHERE t.state IN ({}) AND (?1 IS NULL OR t.reel_id = ?1)
         ORDER BY t.state = 'waiting', iif(t.state = 'waiting', t.position, 0), t.id",
        row::states(|state| !state.settled())
    )
}

fn unsettled_sql() -> String {
    format!(
        "SELECT state, paused, hold IS NOT NULL AS held, count(*) AS count FROM takes
         WHERE state IN ({}) AND backend = ?1 GROUP BY state, paused, held",
        row::states(|state| !state.settled())
    )
}

pub(super) const SAMPLES: &str = "SELECT
        (SELECT max(at) FROM events WHERE take_id = takes.id AND to_state = 'saved')
        - (SELECT max(at) FROM events WHERE take_id = takes.id AND to_state = 'submitting')
     FROM takes
     WHERE state = 'saved' AND backend = ?1 AND model = ?2 AND resolution = ?3 AND duration = ?4
        AND (SELECT min(owner) IS max(owner) FROM events WHERE take_id = takes.id)
     ORDER BY id DESC LIMIT ?5";

pub(super) fn event(row: &Row<'_>) -> rusqlite::Result<Event> {
    Ok(Event {
        at: row::time(row, "at")?,
        from: row::word_if_any(row, "from_state")?,
        to: row::word(row, "to_state")?,
        detail: row.get("detail")?,
        owner: row.get("owner")?,
    })
}

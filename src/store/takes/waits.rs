//! How long takes were expected to need when they were sent, and how long they needed.

use rusqlite::{Connection, Row};

use crate::model::{Backend, Expectation, Model, Resolution, Sample, Seconds, Take, TakeId, Wait, WaitClass};
use crate::store::{SqlOrRule, Store, StoreError, columns};

use super::read as takes;

/// The most takes of a model that are looked at.
const MAX_SAMPLES: u32 = 200;

/// How long takes of a model and a resolution need where there are too few of the user's own.
pub type Published<'a> = &'a dyn Fn(Model, Resolution) -> Expectation;

impl Store {
    /// How long the newest saved takes of the model needed, newest first. Those that were made elsewhere are left out, and
    /// those that no process saw from submit to saved unless the provider names its own times.
    pub fn samples(&self, backend: Backend, model: Model) -> Result<Vec<Sample>, StoreError> {
        self.read(|connection| Ok(samples(connection, backend, model)?))
    }

    /// How long a take of this class is expected to need.
    pub fn expectation(
        &self,
        backend: Backend,
        class: &WaitClass,
        published: Published<'_>,
    ) -> Result<Expectation, StoreError> {
        self.read(|connection| Ok(expectation(connection, backend, class, published)?))
    }
}

fn expectation(
    connection: &Connection,
    backend: Backend,
    class: &WaitClass,
    published: Published<'_>,
) -> rusqlite::Result<Expectation> {
    let samples = samples(connection, backend, class.model)?;
    Ok(Expectation::of_samples(&samples, class).unwrap_or_else(|| published(class.model, class.resolution)))
}

pub const SAMPLES: &str = "SELECT model, resolution, duration, sound, referenced, sample_ms FROM takes
     WHERE backend = ?1 AND model = ?2 AND sample_ms IS NOT NULL ORDER BY id DESC LIMIT ?3";

fn samples(connection: &Connection, backend: Backend, model: Model) -> rusqlite::Result<Vec<Sample>> {
    let read = |row: &Row<'_>| {
        Ok(Sample {
            class: class(row)?,
            ms: columns::made(row, "sample_ms", |ms: i64| u64::try_from(ms).ok())?,
        })
    };
    connection
        .prepare_cached(SAMPLES)?
        .query_map((backend.word(), model.slug(), MAX_SAMPLES), read)?
        .collect()
}

fn class(row: &Row<'_>) -> rusqlite::Result<WaitClass> {
    Ok(WaitClass {
        model: columns::word(row, "model")?,
        resolution: columns::word(row, "resolution")?,
        duration: columns::made(row, "duration", |seconds| Seconds::new(seconds).ok())?,
        sound: row.get("sound")?,
        referenced: row.get("referenced")?,
    })
}

/// Notes how long a take that is sent now is expected to need.
pub fn note_wait(connection: &Connection, id: TakeId, published: Published<'_>) -> rusqlite::Result<()> {
    let (backend, class) = connection
        .prepare_cached(
            "SELECT backend, model, resolution, duration, sound, referenced FROM takes WHERE id = ?1",
        )?
        .query_row([id.0], |row| Ok((columns::word(row, "backend")?, class(row)?)))?;
    let wait = expectation(connection, backend, &class, published)?.into();
    write_wait(connection, id, &wait)
}

pub fn write_wait(connection: &Connection, id: TakeId, wait: &Wait) -> rusqlite::Result<()> {
    let (p50, p90) = (columns::count(wait.p50_ms), columns::count(wait.p90_ms));
    connection
        .prepare_cached("UPDATE takes SET wait_p50 = ?2, wait_p90 = ?3, wait_basis = ?4 WHERE id = ?1")?
        .execute((id.0, p50, p90, &wait.basis))
        .map(drop)
}

/// The wait in the row of a take, if one was noted.
pub fn read(row: &Row<'_>) -> rusqlite::Result<Option<Wait>> {
    let millis = |column| columns::made_if_any(row, column, |ms: i64| u64::try_from(ms).ok());
    let times = millis(const { takes::at("wait_p50") })?.zip(millis(const { takes::at("wait_p90") })?);
    let basis: Option<String> = row.get(const { takes::at("wait_basis") })?;
    Ok(times.map(|(p50_ms, p90_ms)| Wait {
        p50_ms,
        p90_ms,
        basis: basis.unwrap_or_default(),
    }))
}

/// Notes how long a take needed that was saved now, if that says something about others.
pub fn note_sample(connection: &Connection, id: TakeId) -> Result<(), SqlOrRule> {
    let take: Take = takes::one(connection, id)?;
    let sample = take.sample_ms(was_watched(connection, id)?);
    connection
        .prepare_cached("UPDATE takes SET sample_ms = ?2 WHERE id = ?1")?
        .execute((id.0, sample.map(columns::count)))?;
    Ok(())
}

/// Whether one process worked on the take from submit to saved. A take that was given up in between was not watched.
fn was_watched(connection: &Connection, id: TakeId) -> rusqlite::Result<bool> {
    connection
        .prepare_cached(
            "SELECT min(owner) IS max(owner) AND count(*) FILTER (WHERE to_state IN ('failed', 'expired')) = 0
             FROM events WHERE take_id = ?1",
        )?
        .query_row([id.0], |row| row.get(0))
}

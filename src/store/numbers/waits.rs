//! How long the newest saved takes took.

use rusqlite::Connection;

use crate::model::Backend;
use crate::store::SqlOrRule;

/// The most takes whose waits are read.
const MAX_TAKES: u64 = 1000;

/// The newest saved takes of the backend `?1`, and of the reel `?2` unless that is NULL.
pub fn sql() -> String {
    format!(
        "SELECT log.settled - log.submitted AS took
         FROM takes JOIN log ON log.reel_id = takes.reel_id AND log.take_id = takes.id
         WHERE takes.state = 'saved' AND takes.backend = ?1 AND (?2 IS NULL OR takes.reel_id = ?2)
            AND takes.sample_ms IS NOT NULL
         ORDER BY takes.id DESC LIMIT {MAX_TAKES}"
    )
}

/// From submit to saved, as the log shows it, in milliseconds: of the newest thousand saved takes that [`Store::samples`]
/// learns from. A sample itself is shorter where the provider says how long it queued and rendered.
///
/// [`Store::samples`]: crate::store::Store::samples
pub fn waits(
    connection: &Connection,
    (backend, reel_id): (Backend, Option<&str>),
) -> Result<Vec<u64>, SqlOrRule> {
    let mut statement = connection.prepare_cached(&sql())?;
    let waits = statement.query_map((backend.word(), reel_id), |row| row.get::<_, Option<i64>>("took"))?;
    let waits: Vec<Option<i64>> = waits.collect::<Result<_, _>>()?;
    // A clock that was set back makes a negative time, which is no wait.
    let waits = waits.into_iter().flatten();
    Ok(waits.filter_map(|ms| u64::try_from(ms).ok()).collect())
}

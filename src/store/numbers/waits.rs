//! How long the newest saved takes took.

use rusqlite::Connection;

use crate::model::Backend;
use crate::store::SqlOrRule;

/// The most takes whose waits are read.
const MAX_TAKES: u64 = 1000;

/// The newest saved takes of the backend `?1`, and of the reel `?2` unless that is NULL.
pub fn sql() -> String {
    format!(
        "SELECT sample_ms AS took FROM takes
         WHERE state = 'saved' AND backend = ?1 AND (?2 IS NULL OR reel_id = ?2) AND sample_ms IS NOT NULL
         ORDER BY id DESC LIMIT {MAX_TAKES}"
    )
}

/// From submit to saved, in milliseconds: of the newest thousand saved takes that [`Store::samples`] learns from.
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

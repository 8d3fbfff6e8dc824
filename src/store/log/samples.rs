//! How long earlier takes took, to estimate how long the next ones will take.

use crate::model::{Backend, Model, Resolution, Seconds};
use crate::store::{Store, StoreError};

impl Store {
    /// How long the newest takes like this took from submit to saved, in milliseconds, newest first, at most `limit`.
    /// A take whose lease was taken over waited for its next owner, and is left out. So is one that was made elsewhere or
    /// given up in between: it is saved when it is found.
    pub fn samples(
        &self,
        backend: Backend,
        model: Model,
        resolution: Resolution,
        duration: Seconds,
        limit: u32,
    ) -> Result<Vec<u64>, StoreError> {
        let alike = (
            backend.word(),
            model.slug(),
            resolution.wire(),
            duration.get(),
            limit,
        );
        self.read(|connection| {
            let mut statement = connection.prepare_cached(&samples_sql())?;
            let times = statement.query_map(alike, |row| row.get::<_, i64>(0))?;
            let times: Vec<i64> = times.collect::<Result<_, _>>()?;
            // A clock that was set back between submit and saved makes a negative time, which is no sample.
            Ok(times
                .into_iter()
                .filter_map(|ms| u64::try_from(ms).ok())
                .collect())
        })
    }
}

/// From the last submit to the saved video, in milliseconds.
pub const TOOK: &str = "(SELECT max(at) FROM events WHERE take_id = takes.id AND to_state = 'saved')
        - (SELECT max(at) FROM events WHERE take_id = takes.id AND to_state = 'submitting')";

/// Which saved takes show how long a take takes, as [`Store::samples`] says.
pub const IS_SAMPLE: &str = "draft_version IS NOT NULL
        AND (SELECT min(owner) IS max(owner) FROM events WHERE take_id = takes.id)
        AND NOT EXISTS (SELECT 1 FROM events WHERE take_id = takes.id AND to_state IN ('failed', 'expired'))";

pub fn samples_sql() -> String {
    format!(
        "SELECT {TOOK} FROM takes
         WHERE state = 'saved' AND backend = ?1 AND model = ?2 AND resolution = ?3 AND duration = ?4 AND {IS_SAMPLE}
         ORDER BY id DESC LIMIT ?5"
    )
}

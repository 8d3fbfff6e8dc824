//! What is in the queue: the takes that are not settled, and how many there are.

use crate::model::{Take, TakeState};
use crate::store::takes::read;
use crate::store::{Queue, Store, StoreError, columns};

/// How many takes are not settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Unsettled {
    /// Being sent, at the provider, or rendered and not saved.
    pub sent: usize,
    /// Of unknown outcome.
    pub unknown: usize,
    /// Waiting and neither paused nor on hold.
    pub ready: usize,
    /// Waiting, on hold after refusals of their prompt.
    pub on_hold: usize,
}

impl Store {
    /// Every unsettled take of the reel, or of all reels: sent ones oldest first, then waiting ones in the order of the
    /// queue.
    pub fn unsettled_takes(&self, reel_id: Option<&str>) -> Result<Vec<Take>, StoreError> {
        self.read(|connection| Ok(read::several(connection, &unsettled_tail(), [reel_id])?))
    }
}

impl Queue<'_> {
    /// How many of the backend's takes, over all reels, are not settled.
    pub fn unsettled(&self) -> Result<Unsettled, StoreError> {
        self.store.read(|connection| {
            let mut statement = connection.prepare_cached(&count_sql())?;
            let mut rows = statement.query([self.backend.word()])?;
            let mut unsettled = Unsettled::default();
            while let Some(row) = rows.next()? {
                let (paused, on_hold): (bool, bool) = (row.get("paused")?, row.get("on_hold")?);
                let count = usize::try_from(row.get::<_, u32>("count")?).unwrap_or(usize::MAX);
                match columns::word(row, "state")? {
                    TakeState::Unknown => unsettled.unknown += count,
                    TakeState::Waiting if on_hold => unsettled.on_hold += count,
                    TakeState::Waiting if paused => {}
                    TakeState::Waiting => unsettled.ready += count,
                    _ => unsettled.sent += count,
                }
            }
            Ok(unsettled)
        })
    }
}

pub fn unsettled_tail() -> String {
    format!(
        "WHERE t.state IN ({}) AND (?1 IS NULL OR t.reel_id = ?1)
         ORDER BY t.state = 'waiting', iif(t.state = 'waiting', t.position, 0), t.id",
        columns::states(|state| !state.settled())
    )
}

fn count_sql() -> String {
    format!(
        "SELECT state, paused, hold IS NOT NULL AS on_hold, count(*) AS count FROM takes
         WHERE state IN ({}) AND backend = ?1 GROUP BY state, paused, on_hold",
        columns::states(|state| !state.settled())
    )
}

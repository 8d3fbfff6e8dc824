//! Which take is next.

use jiff::Timestamp;
use rusqlite::Connection;

use crate::model::{Backend, TakeId};
use crate::store::columns;
use crate::store::rules::wait::passed;

/// Which take is next.
pub enum Next {
    None,
    /// This one, and not before this time.
    At(Timestamp, TakeId),
    Take(TakeId),
}

/// In the order of the queue. A take that must wait lets others go first.
pub const IN_ORDER: &str = "SELECT id, not_before FROM takes
     WHERE state = 'waiting' AND backend = ?1 AND paused = 0 AND hold IS NULL ORDER BY position, id";

pub fn next(connection: &Connection, backend: Backend, now: Timestamp) -> rusqlite::Result<Next> {
    let mut statement = connection.prepare_cached(IN_ORDER)?;
    let mut rows = statement.query([backend.word()])?;
    let mut soonest: Option<(Timestamp, TakeId)> = None;
    while let Some(row) = rows.next()? {
        let id = TakeId(row.get("id")?);
        match columns::time_if_any(row, "not_before")? {
            Some(time) if !passed(time, now) => {
                soonest = Some(soonest.filter(|(other, _)| *other <= time).unwrap_or((time, id)));
            }
            _ => return Ok(Next::Take(id)),
        }
    }
    Ok(soonest.map_or(Next::None, |(time, id)| Next::At(time, id)))
}

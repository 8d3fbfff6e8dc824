//! Which take is next.

use jiff::Timestamp;
use rusqlite::Connection;

use crate::model::caps::CapScope;
use crate::model::{Backend, TakeId};
use crate::store::columns;
use crate::store::ledger::Subject;
use crate::store::rules::wait::passed;

/// Which take is next.
pub enum Next {
    None,
    /// This one, and not before this time.
    At(Timestamp, TakeId),
    Take(TakeId),
}

/// What others may go before: the takes of reels and sweeps whose own cap is reached.
#[derive(Debug, Default)]
pub struct PassedOver {
    reels: Vec<String>,
    sweeps: Vec<Option<i64>>,
    takes: Vec<TakeId>,
}

impl PassedOver {
    /// Passes over a take that the cap of this scope does not allow, with all that share that cap; false when it is one that
    /// all takes share.
    pub fn add(&mut self, id: TakeId, subject: Subject, scope: CapScope) -> bool {
        match (scope, subject.sweep) {
            (CapScope::Day | CapScope::Session, _) => return false,
            (CapScope::Reel, _) => self.reels.push(subject.reel_id),
            (CapScope::Sweep, None) => self.takes.push(id),
            (CapScope::Sweep, sweep) => self.sweeps.push(sweep),
        }
        true
    }

    fn has(&self, id: TakeId, reel_id: &String, sweep: Option<i64>) -> bool {
        self.reels.contains(reel_id) || self.sweeps.contains(&sweep) || self.takes.contains(&id)
    }
}

/// In the order of the queue. A take that must wait lets others go first.
pub const IN_ORDER: &str = "SELECT id, not_before, reel_id, sweep FROM takes
     WHERE state = 'waiting' AND backend = ?1 AND paused = 0 AND hold IS NULL ORDER BY position, id";

pub fn next(
    connection: &Connection,
    backend: Backend,
    now: Timestamp,
    passed_over: &PassedOver,
) -> rusqlite::Result<Next> {
    let mut statement = connection.prepare_cached(IN_ORDER)?;
    let mut rows = statement.query([backend.word()])?;
    let mut soonest: Option<(Timestamp, TakeId)> = None;
    while let Some(row) = rows.next()? {
        let id = TakeId(row.get("id")?);
        if passed_over.has(id, &row.get("reel_id")?, row.get("sweep")?) {
            continue;
        }
        match columns::time_if_any(row, "not_before")? {
            Some(time) if !passed(time, now) => {
                soonest = Some(soonest.filter(|(other, _)| *other <= time).unwrap_or((time, id)));
            }
            _ => return Ok(Next::Take(id)),
        }
    }
    Ok(soonest.map_or(Next::None, |(time, id)| Next::At(time, id)))
}

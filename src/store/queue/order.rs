//! Changes the order of the waiting takes, and pauses them.

use rusqlite::Connection;

use crate::model::{TakeId, TakeState};
use crate::store::takes::state::state_of;
use crate::store::{SqlOrRule, Store, StoreError};

impl Store {
    /// Pauses a waiting take, or lets it go on.
    pub fn pause(&self, id: TakeId, paused: bool) -> Result<(), StoreError> {
        self.write(|transaction, _| {
            must_wait(transaction, id)?;
            transaction.execute("UPDATE takes SET paused = ?2 WHERE id = ?1", (id.0, paused))?;
            Ok(())
        })
    }

    /// Moves a waiting take past `by` others of its reel: towards the front when negative. Takes of other reels keep
    /// their places.
    pub fn move_in_queue(&self, id: TakeId, by: i32) -> Result<(), StoreError> {
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

fn must_wait(connection: &Connection, id: TakeId) -> Result<(), SqlOrRule> {
    match state_of(connection, id)? {
        (TakeState::Waiting, _) => Ok(()),
        (state, _) => Err(StoreError::NotWaiting(id, state).into()),
    }
}

/// The waiting takes of the same reel and backend in the order of the queue, and their places.
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

//! Held siblings: once a prompt drew two refusals for its content, its takes that still wait are held back until
//! the user decides. Decided in the transaction that writes the refusal down, and for a take that comes to wait after
//! it in the one that brings it there.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};
use serde_json::Value;

use crate::model::parameters::TABLE;
use crate::model::{Backend, FailureKind, Take, TakeId, TakeState};

use super::error::Trouble;
use super::step::{Facts, go_from, standing};
use super::{Store, StoreError, row, take};

/// Refusals of one prompt that hold what waits of it.
const ENOUGH: usize = 2;

impl Store {
    /// The takes of the backend that are held back for a refusal, over all reels, in line order.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn held(&self, backend: Backend) -> Result<Vec<Take>, StoreError> {
        self.read(|connection| Ok(take::several(connection, HELD, [backend.word()])?))
    }

    /// Lets held takes go on, on the user's word; they are not held again. Those that are not held any more are
    /// passed over.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn release_held(&self, ids: &[TakeId]) -> Result<(), StoreError> {
        self.write(|transaction, _| {
            let mut release = transaction.prepare_cached(
                "UPDATE takes SET hold = NULL, hold_waived = 1
                 WHERE id = ?1 AND state = 'waiting' AND hold IS NOT NULL",
            )?;
            for id in ids {
                release.execute([id.0])?;
            }
            Ok(())
        })
    }

    /// Takes held takes out of the line for good, all in one. Those that are not held any more are passed over.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn cancel_held(&self, ids: &[TakeId]) -> Result<(), StoreError> {
        self.write(|transaction, now| cancel(transaction, ids, now))
    }
}

pub(super) const HELD: &str =
    "WHERE t.state = 'waiting' AND t.backend = ?1 AND t.hold IS NOT NULL ORDER BY t.position, t.id";

/// [`Store::cancel_held`] within a transaction.
fn cancel(connection: &Connection, ids: &[TakeId], now: Timestamp) -> Result<(), Trouble> {
    for id in ids {
        if is_held(connection, *id)? {
            cancel_one(connection, *id, now)?;
        }
    }
    Ok(())
}

/// Takes held takes out of the line for others that come in their place: all of them, or it is an error.
pub(super) fn give_way(connection: &Connection, ids: &[TakeId], now: Timestamp) -> Result<(), Trouble> {
    for id in ids {
        if !is_held(connection, *id)? {
            let (state, _) = standing(connection, *id)?;
            return Err(StoreError::NotHeld { id: *id, state }.into());
        }
        cancel_one(connection, *id, now)?;
    }
    Ok(())
}

fn is_held(connection: &Connection, id: TakeId) -> rusqlite::Result<bool> {
    connection
        .prepare_cached("SELECT 1 FROM takes WHERE id = ?1 AND state = 'waiting' AND hold IS NOT NULL")?
        .exists([id.0])
}

fn cancel_one(connection: &Connection, id: TakeId, now: Timestamp) -> Result<(), Trouble> {
    let cancelled = (
        TakeState::Cancelled,
        "by the user, held back for its prompt's refusals",
    );
    let waits = |from| from == TakeState::Waiting;
    go_from(connection, id, waits, cancelled, &Facts::default(), now)
}

/// The take was just refused as `kind`: holds its prompt's waiting takes when that was enough. A refusal from
/// before a take came into line does not count against it: who asks again has read it.
pub(super) fn hold_siblings(connection: &Connection, id: TakeId, kind: FailureKind) -> Result<(), Trouble> {
    let refused = take::one(connection, id)?;
    let waiting = take::several(connection, SIBLINGS, (id.0, refused.backend.word()))?;
    if !waiting.iter().any(|sibling| is_same_prompt(sibling, &refused)) {
        return Ok(());
    }
    let refusals = refusals_like(connection, &refused)?;
    for sibling in waiting.iter().filter(|sibling| is_same_prompt(sibling, &refused)) {
        hold_if_enough(connection, sibling, &refusals, kind)?;
    }
    Ok(())
}

/// The take has just come to wait, again or as a repeat: its prompt may have been refused while it was on its way,
/// or before it was there to be held.
pub(super) fn hold_latecomer(connection: &Connection, id: TakeId) -> Result<(), Trouble> {
    let may_be_held = connection
        .prepare_cached("SELECT 1 FROM takes WHERE id = ?1 AND hold IS NULL AND hold_waived = 0")?
        .exists([id.0])?;
    if !may_be_held {
        return Ok(());
    }
    let waiting = take::one(connection, id)?;
    let refusals = refusals_like(connection, &waiting)?;
    let last = refusals.iter().max_by_key(|refusal| refusal.times.settled);
    match last.and_then(|refusal| refusal.error_kind) {
        Some(kind) => hold_if_enough(connection, &waiting, &refusals, kind),
        None => Ok(()),
    }
}

/// Every refusal of the take's prompt, its own included.
fn refusals_like(connection: &Connection, take: &Take) -> Result<Vec<Take>, Trouble> {
    let mut refusals = take::several(connection, &refusals_tail(), (take.id.0, take.backend.word()))?;
    refusals.retain(|refusal| is_same_prompt(refusal, take));
    Ok(refusals)
}

/// Holds a waiting take when enough of the refusals came after it was asked for.
fn hold_if_enough(
    connection: &Connection,
    waiting: &Take,
    refusals: &[Take],
    kind: FailureKind,
) -> Result<(), Trouble> {
    let asked = Some(asked_at(connection, waiting)?);
    let since = refusals.iter().filter(|refusal| refusal.times.settled >= asked);
    if since.count() >= ENOUGH {
        connection
            .prepare_cached("UPDATE takes SET hold = ?2 WHERE id = ?1")?
            .execute((waiting.id.0, kind.word()))?;
    }
    Ok(())
}

/// When the user asked for it: a repeat was asked for with the take that it repeats.
fn asked_at(connection: &Connection, take: &Take) -> Result<Timestamp, Trouble> {
    let (mut id, mut at) = (take.id.0, take.created_at);
    while let Some(parent) = connection
        .prepare_cached("SELECT parent FROM takes WHERE id = ?1 AND repeat_no > 0")?
        .query_row([id], |row| row.get::<_, i64>(0))
        .optional()?
    {
        at = take::one(connection, TakeId(parent))?.created_at;
        id = parent;
    }
    Ok(at)
}

/// What waits beside take ?1 and may still be held.
pub(super) const SIBLINGS: &str = "WHERE t.state = 'waiting' AND t.backend = ?2 AND t.hold IS NULL
       AND t.hold_waived = 0 AND t.reel_id = (SELECT reel_id FROM takes WHERE id = ?1)";

/// Every refusal for content in the reel of take ?1, itself included.
pub(super) fn refusals_tail() -> String {
    let kinds: Vec<String> = FailureKind::ALL
        .into_iter()
        .filter(|kind| kind.is_moderation())
        .map(|kind| format!("'{kind}'"))
        .collect();
    format!(
        "WHERE t.reel_id = (SELECT reel_id FROM takes WHERE id = ?1) AND t.backend = ?2
           AND t.error_kind IN ({}) AND +t.state IN ({})",
        kinds.join(", "),
        row::states(|state| matches!(state, TakeState::Failed | TakeState::Refused))
    )
}

/// Whether two takes ask for the same content: all but seed, length and size is equal.
fn is_same_prompt(one: &Take, other: &Take) -> bool {
    let content = |take: &Take, name: &str| take.body.get(name).cloned().unwrap_or(Value::Null);
    let mut compared = TABLE.iter().filter(|entry| entry.is_content);
    one.model == other.model && compared.all(|entry| content(one, entry.wire) == content(other, entry.wire))
}

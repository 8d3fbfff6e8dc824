//! Takes on hold: once a prompt was refused twice for its content, its waiting takes are held back until the user
//! decides. The decision is made in the transaction that writes the refusal, and for a take that comes to wait later in
//! the one that brings it there.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use crate::model::{FailureKind, Take, TakeId, TakeState};
use crate::store::rules::hold::{goes_on_hold, is_same_prompt};
use crate::store::takes::read;
use crate::store::takes::state::state_of;
use crate::store::takes::transition::cancel_waiting;
use crate::store::{Queue, SqlOrRule, Store, StoreError, columns};

const CANCELLED: &str = "by the user, on hold after refusals of its prompt";

impl Queue<'_> {
    /// The takes that are on hold, over all reels, in the order of the queue.
    pub fn takes_on_hold(&self) -> Result<Vec<Take>, StoreError> {
        self.store
            .read(|connection| Ok(read::several(connection, ON_HOLD, [self.backend.word()])?))
    }
}

impl Store {
    /// Releases takes from their hold, as the user decided; they do not go on hold again. Takes that are no longer on hold
    /// are skipped.
    pub fn release_from_hold(&self, ids: &[TakeId]) -> Result<(), StoreError> {
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

    /// Cancels takes on hold, all in one transaction. Takes that are no longer on hold are skipped.
    pub fn cancel_on_hold(&self, ids: &[TakeId]) -> Result<(), StoreError> {
        self.write(|transaction, now| {
            for id in ids {
                if is_on_hold(transaction, *id)? {
                    cancel_waiting(transaction, *id, CANCELLED, now)?;
                }
            }
            Ok(())
        })
    }
}

pub const ON_HOLD: &str =
    "WHERE t.state = 'waiting' AND t.backend = ?1 AND t.hold IS NOT NULL ORDER BY t.position, t.id";

/// Cancels takes on hold for others that replace them. An error if one of them is not on hold.
pub fn cancel_all(connection: &Connection, ids: &[TakeId], now: Timestamp) -> Result<(), SqlOrRule> {
    for id in ids {
        if !is_on_hold(connection, *id)? {
            let (state, _) = state_of(connection, *id)?;
            return Err(StoreError::NotOnHold(*id, state).into());
        }
        cancel_waiting(connection, *id, CANCELLED, now)?;
    }
    Ok(())
}

fn is_on_hold(connection: &Connection, id: TakeId) -> rusqlite::Result<bool> {
    connection
        .prepare_cached("SELECT 1 FROM takes WHERE id = ?1 AND state = 'waiting' AND hold IS NOT NULL")?
        .exists([id.0])
}

/// Puts the waiting takes of a prompt on hold, after the take was refused as `kind`, when that was enough.
pub fn hold_siblings(connection: &Connection, id: TakeId, kind: FailureKind) -> Result<(), SqlOrRule> {
    let refused = read::one(connection, id)?;
    let mut waiting = read::several(connection, SIBLINGS, (id.0, refused.backend.word()))?;
    waiting.retain(|sibling| is_same_prompt(sibling, &refused));
    if waiting.is_empty() {
        return Ok(());
    }
    let refusals = refusals_like(connection, &refused)?;
    for sibling in &waiting {
        hold_if_enough(connection, sibling, &refusals, kind)?;
    }
    Ok(())
}

/// Puts a take on hold that waits again, or is a new repeat: its prompt may have been refused while it was in flight, or
/// before it existed.
pub fn hold_if_prompt_was_refused(connection: &Connection, id: TakeId) -> Result<(), SqlOrRule> {
    let may_go_on_hold = connection
        .prepare_cached("SELECT 1 FROM takes WHERE id = ?1 AND hold IS NULL AND hold_waived = 0")?
        .exists([id.0])?;
    if !may_go_on_hold {
        return Ok(());
    }
    let waiting = read::one(connection, id)?;
    let refusals = refusals_like(connection, &waiting)?;
    let last = refusals.iter().max_by_key(|refusal| refusal.times.settled);
    match last.and_then(|refusal| refusal.error_kind) {
        Some(kind) => hold_if_enough(connection, &waiting, &refusals, kind),
        None => Ok(()),
    }
}

/// Every refusal of the take's prompt, its own included.
fn refusals_like(connection: &Connection, take: &Take) -> Result<Vec<Take>, SqlOrRule> {
    let mut refusals = read::several(connection, &refusals_tail(), (take.id.0, take.backend.word()))?;
    refusals.retain(|refusal| is_same_prompt(refusal, take));
    Ok(refusals)
}

fn hold_if_enough(
    connection: &Connection,
    waiting: &Take,
    refusals: &[Take],
    kind: FailureKind,
) -> Result<(), SqlOrRule> {
    let refused = refusals.iter().map(|refusal| refusal.times.settled);
    if goes_on_hold(asked_at(connection, waiting)?, refused) {
        connection
            .prepare_cached("UPDATE takes SET hold = ?2 WHERE id = ?1")?
            .execute((waiting.id.0, kind.word()))?;
    }
    Ok(())
}

/// When the user asked for a take: a repeat was asked for with the take that it repeats.
fn asked_at(connection: &Connection, take: &Take) -> Result<Timestamp, SqlOrRule> {
    let (mut id, mut at) = (take.id.0, take.created_at);
    while let Some(parent) = connection
        .prepare_cached("SELECT parent FROM takes WHERE id = ?1 AND repeat_no > 0")?
        .query_row([id], |row| row.get::<_, i64>(0))
        .optional()?
    {
        at = read::one(connection, TakeId(parent))?.created_at;
        id = parent;
    }
    Ok(at)
}

/// The takes that wait in the reel of take ?1 and may go on hold.
pub const SIBLINGS: &str = "WHERE t.state = 'waiting' AND t.backend = ?2 AND t.hold IS NULL
       AND t.hold_waived = 0 AND t.reel_id = (SELECT reel_id FROM takes WHERE id = ?1)";

/// Every refusal for content in the reel of take ?1, its own included.
pub fn refusals_tail() -> String {
    let kinds = FailureKind::ALL.into_iter().filter(|kind| kind.is_moderation());
    let kinds: Vec<String> = kinds.map(|kind| format!("'{kind}'")).collect();
    format!(
        "WHERE t.reel_id = (SELECT reel_id FROM takes WHERE id = ?1) AND t.backend = ?2
           AND t.error_kind IN ({}) AND +t.state IN ({})",
        kinds.join(", "),
        columns::states(|state| matches!(state, TakeState::Failed | TakeState::Refused))
    )
}

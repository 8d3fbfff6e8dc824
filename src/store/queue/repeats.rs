//! Automatic repeats: a take that failed for a fault of the provider and was certainly not billed is admitted again as
//! a new take, no more often than the user agreed to, and counted against the cap from the start.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use crate::model::{TakeId, TakeState};
use crate::store::rules::repeat::may_be_repeated;
use crate::store::takes::events::{self, Transition};
use crate::store::takes::transition::cancel_waiting;
use crate::store::takes::{insert, read};
use crate::store::{SqlOrRule, Store, StoreError};

use super::on_hold;

impl Store {
    /// The automatic repeat of this take, if there is one.
    pub fn repeat_of(&self, id: TakeId) -> Result<Option<TakeId>, StoreError> {
        self.read(|connection| Ok(repeat_of(connection, id)?))
    }
}

pub const REPEAT_OF: &str = "SELECT id FROM takes WHERE parent = ?1 AND repeat_no > 0";

fn repeat_of(connection: &Connection, id: TakeId) -> rusqlite::Result<Option<TakeId>> {
    connection
        .prepare_cached(REPEAT_OF)?
        .query_row([id.0], |row| row.get(0).map(TakeId))
        .optional()
}

/// Cancels the waiting repeats of a take, directly or as the repeat of a repeat, because its video was found after all.
/// Returns the first repeat that was sent and costs, or may cost, money.
pub fn cancel_of(connection: &Connection, id: TakeId, now: Timestamp) -> Result<Option<TakeId>, SqlOrRule> {
    let mut sent = None;
    let mut next = repeat_of(connection, id)?;
    while let Some(again) = next {
        let repeat = read::one(connection, again)?;
        if repeat.state == TakeState::Waiting {
            let detail = format!("take {id}, which it repeats, was rendered after all");
            cancel_waiting(connection, again, &detail, now)?;
        } else if repeat.commits_money() {
            sent = sent.or(Some(again));
        }
        next = repeat_of(connection, again)?;
    }
    Ok(sent)
}

/// Admits the repeat of a take that just failed, if it has any left and this failure allows it.
pub fn after_failure(connection: &Connection, id: TakeId, now: Timestamp) -> Result<(), SqlOrRule> {
    if !may_be_repeated(&read::one(connection, id)?) {
        return Ok(());
    }
    let place = insert::next_place(connection)?;
    let again = connection
        .prepare_cached(
            "INSERT INTO takes (reel_id, backend, api_version, model, resolution, aspect_ratio, duration, seed, prompt,
                                body, draft_version, sweep, variant, parent, lineage, state, position, estimate, reserve, clip_frames,
                                max_price, repeats, repeat_no, hold_waived, sound, referenced, listed, estimate_least, finishes)
             SELECT reel_id, backend, api_version, model, resolution, aspect_ratio, duration, seed, prompt, body,
                    draft_version, sweep, variant, id, 'repeated', 'waiting', ?2, estimate, reserve, clip_frames, max_price, repeats - 1,
                    repeat_no + 1, hold_waived, sound, referenced, listed, estimate_least, finishes
             FROM takes WHERE id = ?1",
        )?
        .insert((id.0, place))
        .map(TakeId)?;
    events::insert(connection, again, &Transition::into_queue(), now)?;
    // Repeats must not be counted twice.
    connection.execute("UPDATE takes SET repeats = 0 WHERE id = ?1", [id.0])?;
    on_hold::hold_if_prompt_was_refused(connection, again)
}

//! Automatic repeats: a take that failed for no fault of its own and surely was not billed comes into the line
//! again as a new take, no more often than was agreed and counted before it started.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use crate::model::{FailureKind, Take, TakeId, TakeState, Usd};

use super::error::Trouble;
use super::step::{Facts, Passage, go_from, note_event};
use super::{Store, StoreError, hold, insert, take};

impl Store {
    /// The take that repeats this one by itself, if there is one.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn repeat_of(&self, id: TakeId) -> Result<Option<TakeId>, StoreError> {
        self.read(|connection| Ok(repeat_of(connection, id)?))
    }
}

pub(super) const REPEAT_OF: &str = "SELECT id FROM takes WHERE parent = ?1 AND repeat_no > 0";

fn repeat_of(connection: &Connection, id: TakeId) -> rusqlite::Result<Option<TakeId>> {
    connection
        .prepare_cached(REPEAT_OF)?
        .query_row([id.0], |row| row.get(0).map(TakeId))
        .optional()
}

/// The take's film was found after all, so nothing is to be sent in its place any more: a repeat of it, or of that
/// one, that waits is cancelled. The first that was sent and costs, or may cost, money is given back.
pub(super) fn call_off(
    connection: &Connection,
    id: TakeId,
    now: Timestamp,
) -> Result<Option<TakeId>, Trouble> {
    let mut sent = None;
    let mut next = repeat_of(connection, id)?;
    while let Some(again) = next {
        let repeat = take::one(connection, again)?;
        if repeat.state == TakeState::Waiting {
            let detail = format!("take {id}, which it repeats, was rendered after all");
            let cancelled = (TakeState::Cancelled, &*detail);
            let waits = |from| from == TakeState::Waiting;
            go_from(connection, again, waits, cancelled, &Facts::default(), now)?;
        } else if repeat.commits_money() {
            sent = sent.or(Some(again));
        }
        next = repeat_of(connection, again)?;
    }
    Ok(sent)
}

/// Puts the repeat of a take that just failed in line, if it has any left and this failure allows it.
pub(super) fn after_failure(connection: &Connection, id: TakeId, now: Timestamp) -> Result<(), Trouble> {
    let failed = take::one(connection, id)?;
    if !may_be_repeated(&failed) {
        return Ok(());
    }
    let place = insert::next_place(connection)?;
    let again = connection
        .prepare_cached(
            "INSERT INTO takes (reel_id, backend, api_version, model, resolution, aspect_ratio, duration, seed, prompt,
                                body, draft_version, sweep, parent, state, position, estimate, reserve, clip_frames,
                                max_price, repeats, repeat_no, hold_waived)
             SELECT reel_id, backend, api_version, model, resolution, aspect_ratio, duration, seed, prompt, body,
                    draft_version, sweep, id, 'waiting', ?2, estimate, reserve, clip_frames, max_price, repeats - 1,
                    repeat_no + 1, hold_waived
             FROM takes WHERE id = ?1",
        )?
        .insert((id.0, place))
        .map(TakeId)?;
    note_event(connection, again, &Passage::into_line(), now)?;
    // Whoever asks what is still to come must not count them twice.
    connection
        .prepare_cached("UPDATE takes SET repeats = 0 WHERE id = ?1")?
        .execute([id.0])?;
    hold::hold_latecomer(connection, again)
}

/// Only what the provider took on, failed for a fault of its own, and did not bill.
fn may_be_repeated(take: &Take) -> bool {
    take.repeats > 0
        && take.state == TakeState::Failed
        && take.cost == Some(Usd::ZERO)
        && matches!(
            take.error_kind,
            Some(FailureKind::ProviderFault | FailureKind::Stale)
        )
}

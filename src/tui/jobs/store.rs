//! Reads and changes of the store, done one after another off the UI task.

use std::sync::Arc;

use super::{Tools, rescue};
use crate::engine::{expect, sidecar, strays};
use crate::model::{Draft, Take, TakeId};
use crate::store::{Filter, Store, StoreError};
use crate::tui::effect::{Decision, Found, Mark, Message, Snapshot, View, Whole};

/// Revisions listed; older ones stay in the store.
const LISTED_REVISIONS: u32 = 50;

pub fn refresh(tools: &Tools, view: View) -> Message {
    Message::Snapshot(snapshot(tools, view).map(Box::new).map_err(in_words))
}

pub fn change(tools: &Tools, id: TakeId, mark: Mark) -> Message {
    Message::Marked(set_mark(tools, id, mark).map(Box::new).map_err(in_words))
}

pub fn open(tools: &Tools, id: TakeId) -> Message {
    Message::Opened(whole(&tools.store, id).map(Arc::new).map_err(in_words))
}

pub fn save_clips(tools: &Tools, first: Box<Draft>, rest: &[Draft]) -> Message {
    Message::ClipsSaved(first, clips(tools, rest).map_err(in_words))
}

pub fn import_strays(tools: &Tools) -> Message {
    Message::Imported(strays::import(&tools.store, &tools.reels).map_err(in_words))
}

pub fn resume(tools: &Tools) -> Message {
    Message::Resumed(tools.store.resume_line(tools.backend).map_err(in_words))
}

pub fn find_unsaved(tools: &Tools) -> Message {
    Message::UnsavedFound(rescue::find(&tools.place()).map_err(in_words))
}

pub fn decide_unsaved(tools: &Tools, found: Found, decision: Decision) -> Message {
    let settled = rescue::settle(&tools.store, &tools.reel_id, &found, decision);
    Message::UnsavedDecided(found, decision, settled.map_err(in_words))
}

pub fn revisions(tools: &Tools) -> Message {
    let revisions = tools.store.revisions(&tools.reel_id, LISTED_REVISIONS);
    Message::Revisions(revisions.map_err(in_words))
}

#[allow(clippy::needless_pass_by_value)] // as map_err wants it
fn in_words(error: StoreError) -> String {
    error.to_string()
}

/// Makes each clip the draft of a reel that has none yet; gives the reels' names.
fn clips(tools: &Tools, clips: &[Draft]) -> Result<Vec<String>, StoreError> {
    let mut names = Vec::new();
    let mut n = 2;
    for clip in clips {
        let name = loop {
            let name = format!("{}-clip-{n}", tools.reel_name);
            n += 1;
            let reel = tools.store.reel(&name)?;
            if tools.store.draft(&reel.id)?.is_none() {
                tools.store.save_draft(&reel.id, clip)?;
                break name;
            }
        };
        names.push(name);
    }
    Ok(names)
}

fn set_mark(tools: &Tools, id: TakeId, mark: Mark) -> Result<Take, StoreError> {
    let store = &tools.store;
    match mark {
        Mark::Cancel => return store.cancel(id),
        Mark::NotSent => return store.mark_not_sent(id),
        Mark::Release(ids) => store.release_held(&ids)?,
        Mark::CancelHeld(ids) => store.cancel_held(&ids)?,
        Mark::Pause(paused) => store.pause(id, paused)?,
        Mark::Move(by) => store.move_in_line(id, by)?,
        Mark::Verdict(verdict) => store.set_verdict(id, verdict)?,
        Mark::Note(note) => store.set_note(id, &note)?,
    }
    // The store has it: a film's folder that cannot be written says so when a film is saved.
    if let Err(error) = sidecar::write(store, &tools.reels, id) {
        tracing::warn!("the file beside take {id} is not up to date: {error}");
    }
    store.take(id)
}

fn whole(store: &Store, id: TakeId) -> Result<Whole, StoreError> {
    Ok(Whole {
        take: store.take(id)?,
        exchanges: store.exchanges(id)?,
        events: store.events(id)?,
    })
}

fn snapshot(tools: &Tools, view: View) -> Result<Snapshot, StoreError> {
    let store = &tools.store;
    let (filter, filter_error) = match Filter::parse(&view.filter) {
        Ok(filter) => (filter.in_reel(&tools.reel_id), None),
        Err(error) => (Filter::of_reel(&tools.reel_id), Some(error.to_string())),
    };
    let like = &view.like;
    let draft_version = store.latest_version(&tools.reel_id)?;
    let versioned = match draft_version {
        Some(version) => store.draft_version(&tools.reel_id, version)?,
        None => None,
    };
    let queue = store.queue(Some(&tools.reel_id))?;
    let left = |id: &&TakeId| !queue.iter().any(|take| take.id == **id);
    let ended: Result<Vec<Take>, StoreError> = view
        .queued
        .iter()
        .filter(left)
        .filter_map(|id| match store.take(*id) {
            // A damaged row was kept aside: nothing is known of how the take ended.
            Err(StoreError::NoSuchTake(_)) => None,
            take => Some(take),
        })
        .collect();
    Ok(Snapshot {
        ended: ended?,
        queue,
        filter_error,
        count: store.count(&filter)?,
        takes: store.takes(&filter, view.offset, view.limit)?,
        line: store.line(tools.backend)?,
        unsettled: store.unsettled(tools.backend)?,
        today: store.committed_since(tools.backend, view.midnight)?,
        promised: store.waiting_money(tools.backend)?,
        money: tools.spending.read(),
        next: store.next_in_line(tools.backend)?,
        expectation: expect::expectation(
            store,
            &tools.published,
            tools.backend,
            like.model,
            like.resolution,
            like.duration,
        )?,
        draft: store.draft(&tools.reel_id)?,
        draft_version,
        versioned,
        view,
    })
}

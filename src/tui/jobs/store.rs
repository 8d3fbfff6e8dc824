//! Reads and changes of the store, done one after another off the UI task.

use std::sync::Arc;

use super::{Tools, rescue};
use crate::engine::expect;
use crate::model::{Form, Take, TakeId};
use crate::service::Problem;
use crate::store::{Filter, Store, StoreError};
use crate::tui::effect::{Decision, Found, Mark, Message, Snapshot, View, Whole};

/// Revisions listed; older ones stay in the store.
const LISTED_REVISIONS: u32 = 50;

pub fn refresh(tools: &Tools, view: View) -> Message {
    Message::Snapshot(snapshot(tools, view).map(Box::new).map_err(Problem::from))
}

pub fn change(tools: &Tools, id: TakeId, mark: Mark) -> Message {
    Message::Marked(tools.queue.change(id, mark).map(Box::new).map_err(Problem::from))
}

pub fn open(tools: &Tools, id: TakeId) -> Message {
    Message::Opened(whole(&tools.store, id).map(Arc::new).map_err(Problem::from))
}

pub fn save_clips(tools: &Tools, first: Box<Form>, rest: &[Form]) -> Message {
    Message::ClipsSaved(first, clips(tools, rest).map_err(Problem::from))
}

pub fn import_strays(tools: &Tools) -> Message {
    Message::Imported(tools.queue.import_orphans().map_err(Problem::from))
}

pub fn resume(tools: &Tools) -> Message {
    Message::Resumed(tools.queue.resume().map_err(Problem::from))
}

pub fn find_unsaved(tools: &Tools) -> Message {
    Message::UnsavedFound(rescue::find(&tools.place()).map_err(Problem::from))
}

pub fn decide_unsaved(tools: &Tools, found: Found, decision: Decision) -> Message {
    let settled = rescue::settle(&tools.store, &tools.reel_id, &found, decision);
    Message::UnsavedDecided(found, decision, settled.map_err(Problem::from))
}

pub fn revisions(tools: &Tools) -> Message {
    let revisions = tools.store.forms(&tools.reel_id).revisions(LISTED_REVISIONS);
    Message::Revisions(revisions.map_err(Problem::from))
}

/// Makes each clip the form of a reel that has none yet; gives the reels' names.
fn clips(tools: &Tools, clips: &[Form]) -> Result<Vec<String>, StoreError> {
    let mut names = Vec::new();
    let mut n = 2;
    for clip in clips {
        let name = loop {
            let name = format!("{}-clip-{n}", tools.reel_name);
            n += 1;
            let reel = tools.store.reel(&name)?;
            if tools.store.forms(&reel.id).edited()?.is_none() {
                tools.store.forms(&reel.id).save(clip)?;
                break name;
            }
        };
        names.push(name);
    }
    Ok(names)
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
    let (forms, waiting) = (store.forms(&tools.reel_id), store.queue(tools.backend));
    let (filter, filter_error) = match Filter::parse(&view.filter) {
        Ok(filter) => (filter.in_reel(&tools.reel_id), None),
        Err(error) => (Filter::of_reel(&tools.reel_id), Some(error.to_string())),
    };
    let like = &view.like;
    let draft_version = forms.latest()?;
    let versioned = match draft_version {
        Some(version) => forms.revision(version)?,
        None => None,
    };
    let queue = store.unsettled_takes(Some(&tools.reel_id))?;
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
        line: waiting.state()?,
        unsettled: waiting.unsettled()?,
        today: waiting.committed_since(view.midnight)?,
        promised: waiting.waiting_money()?,
        money: tools.spending.read(),
        next: waiting.next_price()?,
        expectation: expect::expectation(
            store,
            &tools.published,
            tools.backend,
            like.form.model,
            like.form.resolution,
            like.form.duration,
        )?,
        form: forms.edited()?,
        draft_version,
        versioned,
        view,
    })
}

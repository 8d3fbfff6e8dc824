//! Reads what the workbench shows from the store, and saves the clips of a split script.

use super::Tools;
use crate::engine::expect;
use crate::model::{Form, Take, TakeId};
use crate::store::{Filter, Store, StoreError};
use crate::tui::effect::{Snapshot, SnippetChange, StoreView, Whole};
use crate::tui::state::Money;

/// Makes each clip the form of a reel that has none yet; returns the names of the reels.
pub fn save_clips(tools: &Tools, clips: &[Form]) -> Result<Vec<String>, StoreError> {
    let store = tools.store();
    let mut names = Vec::new();
    let mut n = 2;
    for clip in clips {
        let name = loop {
            let name = format!("{}-clip-{n}", tools.reel.name);
            n += 1;
            let reel = store.reel(&name)?;
            if store.forms(&reel.id).edited()?.is_none() {
                store.forms(&reel.id).save(clip)?;
                break name;
            }
        };
        names.push(name);
    }
    Ok(names)
}

/// Changes a snippet of the reel; returns what to tell the user.
pub fn change_snippet(tools: &Tools, change: &SnippetChange) -> Result<String, StoreError> {
    let (store, reel_id) = (tools.store(), &tools.reel.id);
    Ok(match change {
        SnippetChange::Set { name, text } => {
            store.set_snippet(reel_id, name, text)?;
            format!("The snippet {name} is kept: {{{{{name}}}}} inserts it")
        }
        SnippetChange::Rename { from, to } => {
            store.rename_snippet(reel_id, from, to)?;
            format!(
                "The snippet {from} is called {to} now. Prompts that call {{{{{from}}}}} have to be changed"
            )
        }
        SnippetChange::Remove { name } => {
            store.set_snippet(reel_id, name, "")?;
            format!("The snippet {name} was deleted")
        }
    })
}

pub fn whole(store: &Store, id: TakeId) -> Result<Whole, StoreError> {
    Ok(Whole {
        take: store.take(id)?,
        exchanges: store.exchanges(id)?,
        events: store.events(id)?,
        children: store.children(&[id])?.remove(&id).unwrap_or_default(),
    })
}

pub fn snapshot(tools: &Tools, mut view: StoreView) -> Result<Snapshot, StoreError> {
    let (store, backend, reel_id) = (tools.store(), tools.queue.backend, &tools.reel.id);
    let (forms, waiting) = (store.forms(reel_id), store.queue(backend));
    let (filter, filter_error) = match Filter::parse(&view.filter) {
        Ok(filter) => (filter.in_reel(reel_id), None),
        Err(error) => (Filter::of_reel(reel_id), Some(error.to_string())),
    };
    if let Some(take) = view.follow
        && let Some(row) = store.row_of(&filter, take)?
    {
        view.offset = row.saturating_sub(view.limit / 2);
    }
    let like = &view.like.form;
    let revision = forms.latest()?;
    let revised = match revision {
        Some(version) => forms.revision(version)?,
        None => None,
    };
    let queue = store.unsettled_takes(Some(reel_id))?;
    let left = |id: &&TakeId| !queue.iter().any(|take| take.id == **id);
    let ended: Result<Vec<Take>, StoreError> = view
        .queued
        .iter()
        .filter(left)
        .filter_map(|id| match store.take(*id) {
            // A damaged row was set aside, and how the take ended is unknown.
            Err(StoreError::NoSuchTake(_)) => None,
            take => Some(take),
        })
        .collect();
    let takes = store.takes(&filter, view.offset, view.limit)?;
    let shown: Vec<TakeId> = queue.iter().chain(&takes).map(|take| take.id).collect();
    Ok(Snapshot {
        ended: ended?,
        queue,
        filter_error,
        count: store.count(&filter)?,
        queue_state: waiting.state()?,
        unsettled: waiting.unsettled()?,
        money: Money {
            backend,
            today: waiting.committed_since(view.midnight)?,
            promised: waiting.waiting_money()?,
            settings: tools.queue.spending.read(),
            next: waiting.next_price()?,
            expectation: expect::expectation(
                store,
                &tools.published,
                backend,
                like.model,
                like.resolution,
                like.duration,
            )?,
        },
        form: forms.edited()?,
        revision,
        revised,
        snippets: store.snippets(reel_id)?,
        children: store.children(&shown)?,
        takes,
        view,
    })
}

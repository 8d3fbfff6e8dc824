//! Reads what the workbench shows from the store, and saves the clips of a split script.

use std::collections::{BTreeMap, BTreeSet};

use super::{Tools, words};
use crate::engine::expect;
use crate::model::{Form, Take, TakeId};
use crate::store::{Filter, Group, Store, StoreError, SweepRow};
use crate::tui::effect::{Snapshot, StoreView, Whole};
use crate::tui::state::{Money, RowId};

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

pub fn whole(store: &Store, id: TakeId) -> Result<Whole, StoreError> {
    Ok(Whole {
        take: store.take(id)?,
        exchanges: store.exchanges(id)?,
        events: store.events(id)?,
    })
}

/// A page of the log.
struct LogPage {
    count: u64,
    group_count: u64,
    groups: Vec<Group>,
    /// The sweeps of the takes that were made.
    opened: BTreeSet<i64>,
}

/// Reads the page of the log, folded unless it is filtered, with the reason why the filter cannot be read.
fn log(tools: &Tools, view: &mut StoreView) -> Result<(LogPage, Option<String>), StoreError> {
    let (store, reel_id) = (tools.store(), &tools.reel.id);
    match Filter::parse(&view.filter) {
        Ok(filter) if !view.filter.trim().is_empty() => {
            let filter = filter.in_reel(reel_id);
            if let Some(RowId::Take(take)) = view.follow
                && let Some(row) = store.row_of(&filter, take)?
            {
                view.offset = row.saturating_sub(view.limit / 2);
            }
            let count = store.count(&filter)?;
            let takes = store.takes(&filter, view.offset, view.limit)?;
            let alone = |take| Group {
                sweep: None,
                takes: vec![take],
            };
            let page = LogPage {
                count,
                group_count: count,
                groups: takes.into_iter().map(alone).collect(),
                opened: BTreeSet::new(),
            };
            Ok((page, None))
        }
        read => folded(tools, view).map(|page| (page, read.err().map(|error| error.to_string()))),
    }
}

fn folded(tools: &Tools, view: &mut StoreView) -> Result<LogPage, StoreError> {
    let (store, reel_id) = (tools.store(), &tools.reel.id);
    let mut opened = BTreeSet::new();
    for id in &view.made {
        match store.take(*id) {
            Ok(take) => opened.extend(take.sweep),
            // A damaged row was set aside.
            Err(StoreError::NoSuchTake(_)) => {}
            Err(error) => return Err(error),
        }
    }
    let place = match view.follow {
        Some(RowId::Take(take)) => store.group_of(reel_id, take)?,
        Some(RowId::Sweep(number)) => store.group_of_sweep(reel_id, number)?,
        None => None,
    };
    if let Some(place) = place {
        view.offset = place.saturating_sub(view.limit / 2);
    }
    let open = view.open.union(&opened).copied().collect();
    Ok(LogPage {
        count: store.count(&Filter::of_reel(reel_id))?,
        group_count: store.count_groups(reel_id)?,
        groups: store.groups(reel_id, &open, view.offset, view.limit)?,
        opened,
    })
}

/// The sweeps of these takes.
fn sweeps_of(store: &Store, takes: &[Take]) -> Result<BTreeMap<i64, SweepRow>, StoreError> {
    let numbers: BTreeSet<i64> = takes.iter().filter_map(|take| take.sweep).collect();
    let mut sweeps = BTreeMap::new();
    for number in numbers {
        match store.sweep_row(number) {
            Ok(row) => drop(sweeps.insert(number, row)),
            // It was lost, and its takes are shown without it.
            Err(StoreError::NoSuchSweep(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(sweeps)
}

/// The next saved take without a verdict before this one; behind the last comes the newest.
pub fn unjudged(
    tools: &Tools,
    filter: &str,
    before: Option<TakeId>,
) -> Result<Option<(TakeId, Option<i64>)>, StoreError> {
    let filter = Filter::parse(filter).unwrap_or_default().in_reel(&tools.reel.id);
    let newest = TakeId(i64::MAX);
    let next = |before| tools.store().next_unjudged(&filter, before);
    match next(before.unwrap_or(newest))? {
        None if before.is_some() => next(newest),
        found => Ok(found),
    }
}

pub fn snapshot(tools: &Tools, mut view: StoreView) -> Result<Snapshot, StoreError> {
    let (store, backend, reel_id) = (tools.store(), tools.queue.backend, &tools.reel.id);
    let (forms, waiting) = (store.forms(reel_id), store.queue(backend));
    let (log, filter_error) = log(tools, &mut view)?;
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
    Ok(Snapshot {
        ended: ended?,
        filter_error,
        words: words::of(store, &tools.words, reel_id, &log.groups)?,
        count: log.count,
        group_count: log.group_count,
        groups: log.groups,
        sweeps: sweeps_of(store, &queue)?,
        opened: log.opened,
        marked: store.members(&view.marked)?,
        queue,
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
        view,
    })
}

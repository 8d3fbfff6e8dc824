//! Reads what the workbench shows from the store, and saves the clips of a split script.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use jiff::tz::TimeZone;
use url::Url;

use super::{Tools, words};
use crate::engine::bin::Binned;
use crate::model::text::{capitalized, counted};
use crate::model::{Backend, CapScope, Form, Model, Take, TakeId, Usd};
use crate::service::opening::{self, Found};
use crate::service::{Problem, bin, copies, reels};
use crate::store::{
    Asked, By, Caps, Filter, Group, Limits, Numbers, Order, ReelRow, Store, StoreError, SweepRow,
};
use crate::tui::effect::{Copying, Purpose, ReelChange, Snapshot, SnippetChange, StoreView, Whole};
use crate::tui::state::{Listing, Money, RowId};

/// Groups of takes that are listed one by one; the older ones are added up.
const MAX_GROUPS: usize = 200;

/// How many changes about money are shown.
const SHOWN_CHANGES: u32 = 3;

/// The names that [`save_clips`] would give to the reels of `count` further clips; nothing is created.
pub fn clip_names(tools: &Tools, count: usize) -> Result<Vec<String>, StoreError> {
    let store = tools.store();
    let mut names = Vec::new();
    let mut n = 2;
    while names.len() < count {
        let name = format!("{}-clip-{n}", tools.reel.name);
        n += 1;
        let is_free = match store.reel_named(&name)? {
            Some(reel) => store.forms(&reel.id).edited()?.is_none(),
            None => true,
        };
        if is_free {
            names.push(name);
        }
    }
    Ok(names)
}

/// Makes a change of a reel, and lists the reels.
pub fn reels(tools: &Tools, change: ReelChange) -> Result<(Vec<ReelRow>, Option<String>), Problem> {
    let store = tools.store();
    let told = match change {
        ReelChange::List => None,
        ReelChange::New(name) => {
            let reel = reels::create(store, &name)?;
            Some(format!("Reel {:?} is created", reel.name))
        }
        ReelChange::Rename { old, new } => {
            let reel = reels::rename(store, &old, &new)?;
            Some(format!("Reel {old:?} is now called {:?}", reel.name))
        }
        ReelChange::Archive(name) => {
            reels::archive(store, &name)?;
            Some(format!("Reel {name:?} is archived"))
        }
        ReelChange::Restore(name) => {
            reels::restore(store, &name)?;
            Some(format!("Reel {name:?} can be used again"))
        }
    };
    Ok((store.reel_rows(true)?, told))
}

/// These takes; where a single one is to be copied, its whole chain.
pub fn takes(store: &Store, ids: &[TakeId], purpose: Purpose) -> Result<Vec<Take>, StoreError> {
    match (purpose, ids) {
        (Purpose::Copy(_), [only]) => store.chain_of(*only),
        _ => ids.iter().map(|id| store.take(*id)).collect(),
    }
}

/// Writes the videos of takes into a new file; what was done, in words.
pub fn write_copy(tools: &Tools, how: Copying, takes: &[TakeId], to: &str) -> Result<String, Problem> {
    let takes = copies::saved_takes(tools.store(), takes)?;
    let to = path_of(to);
    match how {
        Copying::Join => {
            let joined = copies::join(&takes, &to)?;
            Ok(copies::joined_in_words(&joined, takes.len(), &to))
        }
        Copying::Bundle => {
            copies::bundle(tools.store(), &takes, &to, jiff::Timestamp::now())?;
            let takes = counted(takes.len() as u64, "take");
            Ok(format!("{takes} bundled in {}; no key is in it", to.display()))
        }
    }
}

/// The request in the file that `text` names, or in the text itself; of a bundle, that of this take.
pub fn find_request(tools: &Tools, text: &str, take: Option<TakeId>) -> Result<Found, Problem> {
    match path_in(text) {
        Some(path) => opening::find(tools.store(), &path, take),
        None => opening::of_text(text).map(|opened| Found::Request(Box::new(opened))),
    }
}

/// Whether `text` is the path of a file that may have a request.
pub fn names_request(text: &str) -> bool {
    path_in(text).is_some_and(|path| opening::may_have_request(&path))
}

/// The file that a lone path names.
fn path_in(text: &str) -> Option<PathBuf> {
    let text = text.trim();
    let path = (!text.contains('\n')).then(|| path_of(text))?;
    path.is_file().then_some(path)
}

/// A path as a terminal pastes a dropped file: quoted, escaped, as a URL, or from the home folder.
pub fn path_of(text: &str) -> PathBuf {
    let words = shell_words::split(text).ok();
    let one = words
        .filter(|words| words.len() == 1)
        .and_then(|mut words| words.pop());
    let text = one.unwrap_or_else(|| text.to_owned());
    if let Some(path) = Url::parse(&text).ok().filter(|url| url.scheme() == "file") {
        return path.to_file_path().unwrap_or_else(|()| text.into());
    }
    match (text.strip_prefix("~/"), std::env::var_os("HOME")) {
        (Some(rest), Some(home)) => PathBuf::from(home).join(rest),
        _ => text.into(),
    }
}

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

/// Sets a cap for this run of the program, once that is noted; returns what to tell the user.
#[allow(clippy::option_option, reason = "as in the settings, none, or an amount")]
pub fn set_cap(tools: &Tools, scope: CapScope, limit: Option<Option<Usd>>) -> Result<String, StoreError> {
    let spending = &tools.queue.spending;
    let in_words = |limit: Option<Usd>| limit.map_or_else(|| "none".to_owned(), |limit| limit.to_string());
    let before = in_words(*spending.read().caps.get(scope));
    let cap = capitalized(scope.cap());
    let what = match limit {
        Some(limit) => format!("{cap} for this run: {before} before, {} now", in_words(limit)),
        None => format!("{cap} is as in the settings again: {before} before"),
    };
    tools.store().note_money(spending.session(), &what)?;
    tracing::info!("{what}");
    spending.set_cap(scope, limit);
    tools.queue.wake.wake();
    Ok(what)
}

pub fn whole(store: &Store, id: TakeId) -> Result<Whole, StoreError> {
    Ok(Whole {
        take: store.take(id)?,
        exchanges: store.exchanges(id)?,
        events: store.events(id)?,
        children: store.children(&[id])?.remove(&id).unwrap_or_default(),
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

/// Reads the page of the log, folded unless it is filtered or in another order.
fn log(tools: &Tools, view: &mut StoreView) -> Result<LogPage, StoreError> {
    if view.listing.is_folded() {
        return folded(tools, view);
    }
    let follow = match view.follow {
        Some(RowId::Take(take)) => Some(take),
        Some(RowId::Sweep(_)) | None => None,
    };
    let filter = Filter::of_line(&view.listing.filter).in_reel(&tools.reel.id);
    let page = tools.store().filtered_page(
        &filter,
        Order::newest_first(view.listing.order),
        follow,
        view.offset,
        view.limit,
    )?;
    view.offset = page.offset;
    let alone = |take| Group {
        sweep: None,
        takes: vec![take],
    };
    Ok(LogPage {
        count: page.count,
        group_count: page.count,
        groups: page.takes.into_iter().map(alone).collect(),
        opened: BTreeSet::new(),
    })
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

/// What the takes of all reels add up to.
pub fn numbers(tools: &Tools, by: By, zone: TimeZone) -> Result<Numbers, StoreError> {
    tools.store().numbers(&Asked {
        reel_id: None,
        by,
        zone,
        most: MAX_GROUPS,
    })
}

/// The rejected takes of the reel whose files are in its bin.
pub fn look_into_bin(tools: &Tools) -> Result<Vec<Binned>, Problem> {
    bin::settle(tools.store(), &tools.queue.reels)?;
    // Another window may have renamed the reel.
    let reels = tools.store().reels()?;
    let reel = reels.into_iter().find(|reel| reel.id == tools.reel.id);
    let name = reel.map_or_else(|| tools.reel.name.clone(), |reel| reel.name);
    Ok(bin::contents(tools.store(), Some(&name))?.0)
}

/// The next saved take without a verdict behind this one in the log; behind the last comes the first.
pub fn unjudged(
    tools: &Tools,
    listing: &Listing,
    after: Option<TakeId>,
) -> Result<Option<(TakeId, Option<i64>)>, StoreError> {
    let filter = Filter::of_line(&listing.filter).in_reel(&tools.reel.id);
    let order = Order::newest_first(listing.order);
    tools.store().next_unjudged(&filter, order, after)
}

pub fn snapshot(tools: &Tools, mut view: StoreView) -> Result<Snapshot, StoreError> {
    let (store, backend, reel_id) = (tools.store(), tools.queue.backend, &tools.reel.id);
    let (forms, waiting) = (store.forms(reel_id), store.queue(backend));
    let log = log(tools, &mut view)?;
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
    let logged = log.groups.iter().flat_map(|group| &group.takes);
    let shown: Vec<TakeId> = queue.iter().chain(logged).map(|take| take.id).collect();
    let settings = tools.queue.spending.read();
    let session = tools.queue.spending.session();
    let caps = Caps::of(settings.caps, view.zone.clone(), session);
    let (spent, queued) = waiting.counted(&caps, reel_id)?;
    let limits = Limits {
        caps: &caps,
        prices: Some(&settings.prices),
    };
    let samples = Model::all()
        .into_iter()
        .map(|model| store.samples(backend, model));
    let samples: Result<Vec<_>, StoreError> = samples.collect();
    let drifts = match backend {
        Backend::Live => store.untold_drifts(&settings.prices)?,
        Backend::Sandbox => Vec::new(),
    };
    Ok(Snapshot {
        ended: ended?,
        words: words::of(store, &tools.words, reel_id, &log.groups)?,
        probes: store.probes()?,
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
            spent,
            queued,
            refusal: waiting.refusal_of_next(limits)?,
            lessons: store.lessons(&settings.prices)?,
            drifts,
            settings,
            of_this_run: tools.queue.spending.caps_of_this_run(),
            billed: Some(waiting.billed_in(session)?),
            changes: store.money_events(session, SHOWN_CHANGES)?,
            samples: samples?.concat(),
        },
        reel: store.reels()?.into_iter().find(|reel| reel.id == *reel_id),
        form: forms.edited()?,
        revision,
        revised,
        snippets: store.snippets(reel_id)?,
        children: store.children(&shown)?,
        chains: store.chains(&shown)?,
        view,
    })
}

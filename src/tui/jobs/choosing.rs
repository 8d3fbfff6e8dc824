//! Reads what a wall shows from the store, and writes it as a sheet.

use std::path::Path;

use super::Tools;
use crate::service::Problem;
use crate::service::wall::{self, Scrub};
use crate::store::{Filter, Order, StoreError};
use crate::tui::choosing::{Seek, WallPage, WallSource, WallView};

fn filter_of(tools: &Tools, source: &WallSource) -> Filter {
    match source {
        WallSource::Sweep(number) => Filter::of_sweep(*number),
        WallSource::Takes(ids) => Filter::of_takes(ids),
        WallSource::Filter(text) => Filter::of_line(text).in_reel(&tools.reel.id),
    }
}

/// A page of a wall; the one with the take that is sought, if it is there.
pub fn read(tools: &Tools, view: &WallView) -> Result<WallPage, StoreError> {
    let (store, filter) = (tools.store(), filter_of(tools, &view.source));
    let sought = match view.seek {
        Some(Seek::Take(id)) => Some(id),
        Some(Seek::UnjudgedAfter(id)) => store
            .next_unjudged(&filter, view.order, Some(id))?
            .map(|(id, _)| id),
        None => None,
    };
    let found = match sought {
        Some(id) => store.place_in(&filter, view.order, id)?,
        None => None,
    };
    let is_on_page = |at: &u64| (view.offset..view.offset + view.limit).contains(at);
    let offset = match found.filter(|at| !is_on_page(at)) {
        Some(at) => at.saturating_sub(view.limit / 2),
        None => view.offset,
    };
    Ok(WallPage {
        tally: store.tally(&filter)?,
        offset,
        takes: store.takes_in(&filter, view.order, offset, view.limit)?,
        found,
    })
}

/// Writes all rows of a wall as a sheet; says what was written.
pub fn export(
    tools: &Tools,
    (source, order): (&WallSource, Order),
    title: &str,
    scrub: Scrub,
    to: &str,
) -> Result<String, Problem> {
    let takes = wall::takes_of(tools.store(), &filter_of(tools, source), order)?;
    let to = super::store::path_of(to);
    wall::export(&tools.thumbnails, &takes, title, scrub, Path::new(&to))
}

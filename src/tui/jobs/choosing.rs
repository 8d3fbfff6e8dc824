//! Reads what a wall shows from the store, and writes it as a sheet.

use std::path::Path;

use super::Tools;
use crate::service::wall::{self, MAX_SHEET_TAKES, Scrub};
use crate::service::{Kind, Problem};
use crate::store::{Filter, StoreError};
use crate::tui::choosing::{Seek, WallPage, WallSource, WallView};

fn filter_of(tools: &Tools, source: &WallSource) -> Filter {
    match source {
        WallSource::Sweep(number) => Filter::of_sweep(*number),
        WallSource::Takes(ids) => Filter::of_takes(ids),
        WallSource::Filter(text) => Filter::parse(text).unwrap_or_default().in_reel(&tools.reel.id),
    }
}

/// A page of a wall; the one with the take that is sought, if it is there.
pub fn read(tools: &Tools, view: &WallView) -> Result<WallPage, StoreError> {
    let (store, filter) = (tools.store(), filter_of(tools, &view.source));
    let sought = match view.seek {
        Some(Seek::Take(id)) => Some(id),
        Some(Seek::UnjudgedAfter(id)) => store.unjudged_after(&filter, view.order, id)?,
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
    view: &WallView,
    title: &str,
    scrub: Scrub,
    to: &str,
) -> Result<String, Problem> {
    let filter = filter_of(tools, &view.source);
    let takes = tools
        .store()
        .takes_in(&filter, view.order, 0, MAX_SHEET_TAKES + 1)?;
    if takes.len() as u64 > MAX_SHEET_TAKES {
        let why =
            format!("the wall has more than {MAX_SHEET_TAKES} takes, and a sheet has at most that many");
        return Err(Problem::new(
            Kind::Usage,
            why,
            "mark the takes for it with v, or filter the log",
        ));
    }
    let to = super::store::path_of(to);
    wall::export(&tools.thumbnails, &takes, title, scrub, Path::new(&to))
}

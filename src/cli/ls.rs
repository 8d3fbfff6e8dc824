//! `rushes ls`: the log, as takes or as sweeps.

use std::sync::mpsc;

use serde_json::json;

use crate::model::filter::Query;
use crate::model::text::one_line;
use crate::model::{Backend, Take, TakeId, Usd};
use crate::service::Home;
use crate::store::{Filter, StoreError, SweepRow};

use super::args::{Global, Ls};
use super::exit::Exit;
use super::{Failure, open, print};

/// Rows read at a time.
const PAGE: u64 = 500;
/// Rows shown to people without a filter.
const SHOWN: u64 = 50;

pub(super) fn run(global: &Global, args: &Ls) -> Result<Exit, Failure> {
    let home = open::to_read(global)?;
    let words = args.filter.join(" ");
    let query = Query::of_arguments(&args.filter).map_err(Failure::usage)?;
    let filter = if args.all_reels {
        Filter::from(query)
    } else {
        Filter::from(query).in_reel(&home.reel.id)
    };
    if args.sweeps {
        return sweeps(&home, args, &filter, &words);
    }
    let is_whole = args.json || !words.is_empty();
    let mut left = if is_whole { u64::MAX } else { SHOWN };
    let mut before = TakeId(i64::MAX);
    // Each page begins where the one before ended, so a long log does not fill the memory.
    let mut next_page = || -> Result<Option<Vec<Take>>, StoreError> {
        if left == 0 {
            return Ok(None);
        }
        let page = home.store.takes_before(&filter, before, PAGE.min(left))?;
        left -= page.len() as u64;
        Ok(page.last().map(|take| take.id).map(|last| {
            before = last;
            page
        }))
    };
    let mut shown = 0;
    // The next page is read while one is printed.
    let (pages, printed) = mpsc::sync_channel(1);
    std::thread::scope(|scope| -> Result<(), Failure> {
        scope.spawn(move || {
            while let Some(page) = next_page().transpose() {
                let has_failed = page.is_err();
                if pages.send(page).is_err() || has_failed {
                    return;
                }
            }
        });
        for page in printed {
            let page = page.map_err(Failure::other)?;
            let is_first = shown == 0;
            shown += page.len() as u64;
            if args.json {
                print::take_records(page)?;
            } else {
                print::take_rows(&page, is_first)?;
            }
        }
        Ok(())
    })?;
    if !args.json {
        let all = if is_whole {
            shown
        } else {
            home.store.count(&filter).map_err(Failure::other)?
        };
        say_what_is_missing(&home, &words, all, shown)?;
    }
    Ok(Exit::Ok)
}

fn say_what_is_missing(home: &Home, words: &str, all: u64, shown: u64) -> Result<(), Failure> {
    let reel = &home.reel.name;
    if all == 0 && words.is_empty() {
        return print::line(&format!(
            "No takes in reel {reel:?} yet: `rushes` opens the workbench, where g generates one."
        ));
    }
    if all == 0 {
        return print::line(&format!("No take in reel {reel:?} matches {words:?}."));
    }
    if shown < all {
        return print::line(&format!(
            "… and {} older ones: filter, or use --json for all",
            all - shown
        ));
    }
    Ok(())
}

/// Lists the sweeps with a take that matches.
fn sweeps(home: &Home, args: &Ls, filter: &Filter, words: &str) -> Result<Exit, Failure> {
    let is_whole = args.json || !words.is_empty();
    let most = if is_whole { u64::MAX } else { SHOWN };
    let mut offset = 0;
    loop {
        let limit = PAGE.min(most - offset);
        let page = home.store.sweeps_with(filter, offset, limit);
        let page = page.map_err(Failure::other)?;
        if offset == 0 && !page.is_empty() && !args.json {
            print::heading_of_sweeps()?;
        }
        for sweep in &page {
            if args.json {
                print::json(&as_json(sweep))?;
            } else {
                print::line(&as_row(sweep))?;
            }
        }
        offset += page.len() as u64;
        if page.is_empty() || (page.len() as u64) < limit || offset >= most {
            break;
        }
    }
    let reel = &home.reel.name;
    if offset == 0 && !args.json {
        let none = if words.is_empty() {
            format!("No sweeps in reel {reel:?} yet: `rushes gen --seeds \"6 new\"` makes one.")
        } else {
            format!("No sweep in reel {reel:?} has a take that matches {words:?}.")
        };
        print::line(&none)?;
    } else if offset == SHOWN && !is_whole {
        print::line(&format!(
            "The newest {SHOWN} are listed: filter, or use --json for all"
        ))?;
    }
    Ok(Exit::Ok)
}

fn as_json(row: &SweepRow) -> serde_json::Value {
    let SweepRow { sweep, progress, .. } = row;
    json!({
        "sweep": sweep.number,
        "reel": sweep.reel,
        "varies": sweep.varies,
        "takes": progress.takes,
        "saved": progress.saved,
        "circled": progress.circled,
        "rejected": progress.rejected,
        "cost_usd": progress.cost,
        "created_at": sweep.created_at,
    })
}

/// `    9  11-26 12:40  seed         4 of 6 saved  1 circled  $2.11`.
fn as_row(row: &SweepRow) -> String {
    let SweepRow {
        sweep,
        progress,
        members,
    } = row;
    let local = sweep.created_at.to_zoned(jiff::tz::TimeZone::system());
    let local = local.strftime("%m-%d %H:%M");
    let is_free = members.iter().all(|member| member.backend == Backend::Sandbox);
    let cost = match progress.cost {
        Usd::ZERO if is_free => "free".to_owned(),
        cost if progress.is_estimate => format!("{cost} est."),
        cost => cost.to_string(),
    };
    let saved = format!("{} of {} saved", progress.saved, progress.takes);
    let verdicts = format!("{} circled, {} rejected", progress.circled, progress.rejected);
    let varies = one_line(&sweep.varies, 20);
    format!(
        "{:>5}  {local}  {varies:<12}  {saved:<16}  {verdicts:<24}  {cost}",
        sweep.number
    )
}

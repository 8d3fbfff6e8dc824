//! `rushes ls`: the log.

use crate::service::Home;
use crate::store::Filter;

use super::args::{Global, Ls};
use super::exit::Exit;
use super::{Failure, open, print};

/// Rows read at a time, so that a long log does not fill the memory.
const PAGE: u64 = 500;
/// Rows shown to people without a filter.
const SHOWN: u64 = 50;

pub(super) fn run(global: &Global, args: &Ls) -> Result<Exit, Failure> {
    let home = open::to_read(global)?;
    let words = args.filter.join(" ");
    let mut filter = Filter::parse(&words).map_err(Failure::usage)?;
    filter.reel_id = (!args.all_reels).then(|| home.reel.id.clone());
    let all = home.store.count(&filter).map_err(Failure::other)?;
    let most = if args.json || !words.is_empty() {
        all
    } else {
        all.min(SHOWN)
    };
    let mut offset = 0;
    while offset < most {
        let page = home.store.takes(&filter, offset, PAGE.min(most - offset));
        let page = page.map_err(Failure::other)?;
        if page.is_empty() {
            break;
        }
        offset += page.len() as u64;
        for take in &page {
            print::take(take, args.json)?;
        }
    }
    if !args.json {
        say_what_is_missing(&home, &words, all, most)?;
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

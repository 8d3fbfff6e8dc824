//! What the bins hold, and emptying them on request.

use std::path::Path;

use crate::engine::bin::{self, Binned, Emptied};
use crate::model::TakeId;
use crate::model::text::{bytes, counted, sentences};
use crate::store::Store;

use super::problem::Problem;

/// The rejected takes whose files are in the bin of the reel of that name, or in those of all reels; and how many are in
/// other bins.
pub fn contents(store: &Store, reel: Option<&str>) -> Result<(Vec<Binned>, usize), Problem> {
    let all = bin::contents(store)?;
    let (wanted, others): (Vec<Binned>, Vec<Binned>) = all
        .into_iter()
        .partition(|binned| reel.is_none_or(|reel| binned.take.reel == reel));
    Ok((wanted, others.len()))
}

/// Moves what a process that ended early has left outside of the bins, before they are listed to be emptied.
pub fn settle(store: &Store, reels: &Path) -> Result<(), Problem> {
    Ok(bin::settle_all(store, reels).map(drop)?)
}

/// Deletes the files of these takes, as far as they are still in a bin.
pub fn empty(store: &Store, reels: &Path, takes: &[TakeId]) -> Result<Emptied, Problem> {
    Ok(bin::empty(store, reels, takes)?)
}

/// `3 videos of rejected takes, 12.3 MB`.
pub fn amount(binned: &[Binned]) -> String {
    let all: u64 = binned.iter().map(|binned| binned.bytes).sum();
    let videos = counted(binned.len() as u64, "video");
    let of = if binned.len() == 1 {
        "of a rejected take"
    } else {
        "of rejected takes"
    };
    format!("{videos} {of}, {}", bytes(all))
}

/// What was deleted, in words.
pub fn emptied_in_words(emptied: &Emptied) -> String {
    let videos = counted(emptied.takes as u64, "video");
    let verb = if emptied.takes == 1 { "was" } else { "were" };
    let freed = bytes(emptied.bytes);
    let mut told = vec![format!("{videos} {verb} deleted, {freed}")];
    if let Some((take, why)) = emptied.left.first() {
        let left = counted(emptied.left.len() as u64, "take");
        told.push(format!("Of {left} nothing was deleted (take {take}: {why})"));
    }
    let told: Vec<&str> = told.iter().map(String::as_str).collect();
    sentences(&told)
}

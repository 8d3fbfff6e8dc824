//! Compares the store with the files of earlier runs before anything is sent.

use std::path::Path;

use crate::model::TakeId;
use crate::store::{Store, StoreError};

use super::bin;
use super::context::Context;
use super::delivery::partial;
use super::events::Event;
use super::file_names;
use super::pauses::Interrupted;
use super::sidecars::{orphans, rebuild, renamed};

/// What [`compare`] found.
struct Found {
    /// How many takes are known only to their sidecars.
    orphans: usize,
    /// What the user is told about takes that are paused.
    paused: Vec<String>,
}

/// Whether the store was compared with the files, so that waiting takes may be sent: one of them may have been sent
/// before the database lost its last moments.
pub(super) async fn is_safe_to_send(context: &Context) -> Result<bool, Interrupted> {
    let reels = context.setup.reels.clone();
    let compared = context.keep(move |store| match compare(store, &reels) {
        // Another try would change nothing.
        Err(error) if !error.may_pass() => Ok(Err(error)),
        found => found.map(Ok),
    });
    match compared.await? {
        Ok(found) => {
            for doubt in found.paused {
                context.events.problem(doubt);
            }
            if found.orphans > 0 {
                context.events.tell(Event::Orphans(found.orphans));
            }
            settle_bins(context).await;
            rename_reels(context).await;
            Ok(true)
        }
        Err(error) => {
            context.events.problem(format!(
                "Nothing is sent until rushes starts again: the takes could not be compared with the files beside the \
                 videos, so a waiting take may have been sent before. {error}"
            ));
            Ok(false)
        }
    }
}

/// Moves the files of takes to where their verdicts say, as far as an earlier process did not. Nothing that is sent
/// depends on it.
async fn settle_bins(context: &Context) {
    let reels = context.setup.reels.clone();
    match context.once(move |store| bin::settle_all(store, &reels)).await {
        Ok(moved) => {
            for take in moved {
                tracing::info!("the files of take {take} were moved to where its verdict says");
                context.events.tell(Event::Take(take));
            }
        }
        Err(error) => tracing::warn!("the bins were not looked at: {error}"),
    }
}

/// Finishes the renaming of reels in the sidecars. Nothing that is sent depends on it.
async fn rename_reels(context: &Context) {
    let reels = context.setup.reels.clone();
    match context.once(move |store| renamed::rename(store, &reels)).await {
        Ok(left) => {
            for reel in left {
                context.events.problem(reel.in_words());
            }
        }
        Err(error) => tracing::warn!("the sidecars of renamed reels were not looked at: {error}"),
    }
}

/// Takes over what only the files know, keeps their numbers from being reused, and removes leftover partial downloads
/// of settled takes.
fn compare(store: &Store, reels: &Path) -> Result<Found, StoreError> {
    let caught_up = orphans::catch_up(store, reels)?;
    for take in caught_up.back {
        tracing::warn!("take {take} was put back to the state that its sidecar records");
    }
    let partials: Vec<i64> = file_names::all_of_takes(reels)
        .filter(|(_, file)| Path::new(&file.file_name()).extension() == Some(partial::EXTENSION.as_ref()))
        .map(|(number, _)| number)
        .collect();
    rebuild::keep_numbers(store, reels)?;
    for number in partials {
        match partial::tidy(store, reels, TakeId(number)) {
            // The partial download of a take of another store.
            Err(StoreError::NoSuchTake(_)) => {}
            tidied => tidied?,
        }
    }
    Ok(Found {
        orphans: orphans::count(store, reels)?,
        paused: caught_up.paused,
    })
}

//! Sidecars that tell more than the database knows: it lost its last moments, as without its write-ahead log.

use std::fmt;
use std::path::Path;

use crate::model::TakeId;
use crate::model::text::counted;
use crate::store::{Sidecar, Store, StoreError};

use super::{beside, rebuild};

/// Takes that were imported from the files beside the films.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    pub takes: usize,
    /// Those of them that are fetched now.
    pub unsettled: usize,
    /// Files that could not be used, each with why.
    pub left_out: Vec<String>,
}

impl fmt::Display for Imported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let takes = counted(self.takes as u64, "take");
        let verb = if self.takes == 1 { "was" } else { "were" };
        write!(f, "{takes} {verb} imported from the files beside the films")?;
        if self.unsettled > 0 {
            write!(f, ", {} of them not saved yet", self.unsettled)?;
        }
        write!(f, ". Nothing was sent.")?;
        if let Some(first) = self.left_out.first() {
            let files = counted(self.left_out.len() as u64, "file");
            write!(f, " {files} could not be used (the first: {first}).")?;
        }
        Ok(())
    }
}

/// What the user is told of so many unknown takes, and what to do.
#[must_use]
pub fn offer(takes: usize) -> String {
    let (known, back) = match takes {
        1 => (
            "1 take is known only to the file beside its film".to_owned(),
            "it",
        ),
        n => (
            format!("{n} takes are known only to the files beside their films"),
            "them",
        ),
    };
    format!("{known}: `rushes reconcile --import files` brings {back} back; nothing is sent")
}

/// What was done about takes of which the files beside the films know more than the database.
#[derive(Debug, Default)]
pub(super) struct CaughtUp {
    /// They are again where their files say.
    pub back: Vec<TakeId>,
    /// They waited, and are paused because their files cannot be used: for each, what the user is told.
    pub paused: Vec<String>,
}

/// Brings every unsettled take to where its sidecar says that it is. The database never knows less of a take than its
/// sidecar unless it lost something; then a take that still waits there may have been bought, and must not be sent
/// again. Where its sidecar cannot be used, it is paused. To be called before anything is sent.
///
/// # Errors
/// When the store cannot be read or written.
pub(super) fn catch_up(store: &Store, reels: &Path) -> Result<CaughtUp, StoreError> {
    // The files first: what is written meanwhile is in the store before it is in a file.
    let files = beside::files(reels);
    let unsettled = store.recovery().unsettled_numbers()?;
    let mut caught_up = CaughtUp::default();
    for (number, path) in files {
        if !unsettled.contains(&number) {
            continue;
        }
        let take = TakeId(number);
        let why = match beside::read(&path) {
            Ok(sidecar) if sidecar.dossier.take.id != take => {
                format!("it is about take {}", sidecar.dossier.take.id)
            }
            Ok(sidecar) => match store.recovery().catch_up(&sidecar) {
                Ok(is_back) => {
                    caught_up.back.extend(is_back.then_some(take));
                    continue;
                }
                Err(error) if error.may_pass() => return Err(error),
                Err(StoreError::NotRestored(why)) => why,
                Err(error) => error.to_string(),
            },
            Err(why) => why,
        };
        let doubt = format!(
            "Take {take} waits, and may have been sent before: the file {} cannot be used ({why}). It is paused. \
             Compare with Segmind's list (`rushes reconcile`), then let it go on or cancel it.",
            path.display()
        );
        if store.recovery().pause_doubtful(take, &doubt)? {
            caught_up.paused.push(doubt);
        }
    }
    Ok(caught_up)
}

/// How many takes the files tell of that the database does not know and could import.
///
/// # Errors
/// When the store cannot be read.
pub fn count(store: &Store, reels: &Path) -> Result<usize, StoreError> {
    Ok(unknown(store, reels)?.len())
}

/// Imports every such take; nothing that comes back can be sent.
///
/// # Errors
/// When the store cannot be read or written.
pub fn import(store: &Store, reels: &Path) -> Result<Imported, StoreError> {
    let mut imported = Imported {
        takes: 0,
        unsettled: 0,
        left_out: Vec::new(),
    };
    for (name, sidecar) in unknown(store, reels)? {
        match store.recovery().restore_one(&sidecar)? {
            None => {
                imported.takes += 1;
                imported.unsettled += usize::from(!sidecar.dossier.take.state.settled());
            }
            Some(why) => imported.left_out.push(format!("{name}: {why}")),
        }
    }
    rebuild::keep_numbers(store, reels)?;
    Ok(imported)
}

fn unknown(store: &Store, reels: &Path) -> Result<Vec<(String, Sidecar)>, StoreError> {
    let files = beside::files(reels);
    let known = store.recovery().numbers()?;
    let mut unknown = Vec::new();
    for (number, path) in files.into_iter().filter(|(number, _)| !known.contains(number)) {
        let Ok(sidecar) = beside::read(&path) else {
            continue;
        };
        let take = &sidecar.dossier.take;
        let is_known_otherwise = match &take.request_id {
            Some(request_id) => store.take_of_request(take.backend, request_id)?.is_some(),
            None => false,
        };
        if take.id.0 == number && sidecar.can_be_read() && !is_known_otherwise {
            unknown.push((path.display().to_string(), sidecar));
        }
    }
    Ok(unknown)
}

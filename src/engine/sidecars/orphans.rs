//! Sidecars that know more than the database, which may have lost its last moments, for example with its write-ahead
//! log.

use std::fmt;
use std::path::Path;

use crate::model::TakeId;
use crate::model::text::counted;
use crate::store::{Sidecar, Store, StoreError};

use super::{read, rebuild};

/// Takes that were imported from their sidecars.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Imported {
    pub takes: usize,
    /// Those of them whose videos are downloaded now.
    pub unsettled: usize,
    /// Files that could not be used, each with why.
    pub left_out: Vec<String>,
}

impl fmt::Display for Imported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let takes = counted(self.takes as u64, "take");
        let verb = if self.takes == 1 { "was" } else { "were" };
        write!(f, "{takes} {verb} imported from the files beside the videos")?;
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

/// What the user is told about orphans, and what to do.
pub fn offer(takes: usize) -> String {
    let known = match takes {
        1 => "1 take is known only to the file beside its video".to_owned(),
        n => format!("{n} takes are known only to the files beside their videos"),
    };
    let them = if takes == 1 { "it" } else { "them" };
    format!("{known}: `rushes reconcile --import files` imports {them}; nothing is sent")
}

/// What was done about takes whose sidecars know more than the database.
#[derive(Debug, Default)]
pub struct CaughtUp {
    /// Takes that were set to the state that their sidecars record.
    pub back: Vec<TakeId>,
    /// Messages about waiting takes that were paused because their sidecars cannot be used.
    pub paused: Vec<String>,
}

/// Puts every unsettled take into the state that its sidecar records. The database never knows less of a take than its
/// sidecar unless it lost something; then a take that still waits there may have been bought, and must not be sent
/// again. A take whose sidecar cannot be used is paused. Call this before anything is sent.
pub fn catch_up(store: &Store, reels: &Path) -> Result<CaughtUp, StoreError> {
    // The files are listed before the store is asked again, because every change reaches the store before a file.
    let before = store.recovery().unsettled_numbers()?;
    let files = read::files_of(store, reels, |number| before.contains(&number));
    let unsettled = store.recovery().unsettled_numbers()?;
    let mut caught_up = CaughtUp::default();
    for (number, path) in files {
        if !unsettled.contains(&number) {
            continue;
        }
        let take = TakeId(number);
        let why = match read::read(&path) {
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

/// How many takes the database does not know and could import.
pub fn count(store: &Store, reels: &Path) -> Result<usize, StoreError> {
    Ok(unknown(store, reels)?.len())
}

/// Imports every such take; nothing that comes back can be sent.
pub fn import(store: &Store, reels: &Path) -> Result<Imported, StoreError> {
    let mut imported = Imported::default();
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
    let mut unknown = Vec::new();
    for (number, path) in read::unknown_files(store, reels) {
        if store.recovery().has_number(number)? {
            continue;
        }
        let Ok(sidecar) = read::read(&path) else {
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

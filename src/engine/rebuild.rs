//! A store that was lost or damaged, made anew from the sidecars. Nothing that comes back can be sent: what
//! waited is gone, and of what was being sent only the provider's history can tell.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::model::text::counted;
use crate::model::{Clock, TakeId};
use crate::store::{Options, Sidecar, Store, StoreError, fresh, salvage};

use super::place;

/// The longest sidecar that is read, in bytes.
const LONGEST: u64 = 16 << 20;
/// Sidecars brought back in one transaction.
const AT_ONCE: usize = 200;
/// Numbers left free behind those that are known: takes that were lost had some.
const GAP: i64 = 100;

/// What was done about a lost store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rebuilt {
    /// Where the damaged one is kept; `None` when there was none.
    pub kept: Option<PathBuf>,
    /// Takes brought back.
    pub takes: usize,
    /// Those of them that the provider still works on or that are not saved yet.
    pub unsettled: usize,
    /// Sidecars that could not be used, each with why.
    pub left_out: Vec<String>,
}

impl Rebuilt {
    /// Whether there was anything to bring back.
    fn is_news(&self) -> bool {
        self.takes > 0 || !self.left_out.is_empty()
    }
}

impl fmt::Display for Rebuilt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kept {
            Some(kept) => write!(f, "The database was damaged; it is kept as {}. ", kept.display())?,
            None => write!(f, "The database was gone. ")?,
        }
        if self.takes == 0 {
            write!(
                f,
                "No takes could be brought back from the files beside the films."
            )?;
        } else {
            write!(
                f,
                "{} brought back from the files beside the films, {} of them not saved yet and taken up again.",
                were(self.takes, "take"),
                self.unsettled
            )?;
        }
        if let Some(first) = self.left_out.first() {
            let left_out = were(self.left_out.len(), "file");
            write!(f, " {left_out} left out (the first: {first}).")?;
        }
        write!(
            f,
            " Nothing is sent again: what waited in line is gone, and whether a take that was just being sent \
             arrived, Segmind's history tells. Stops and slow-downs of the line are forgotten too."
        )
    }
}

/// `1 take was`, `6 takes were`.
fn were(n: usize, noun: &str) -> String {
    let verb = if n == 1 { "was" } else { "were" };
    format!("{} {verb}", counted(n as u64, noun))
}

/// Opens the store. A damaged one is kept aside and rebuilt, and a missing one rebuilt if there are sidecars.
/// Called once, at the start of a program: no connection of this process may be open to the file.
///
/// # Errors
/// As [`Store::open`]; [`StoreError::DamagedAndHeld`].
pub fn open(
    path: &Path,
    reels: &Path,
    clock: &Arc<dyn Clock>,
    options: Options,
) -> Result<(Store, Option<Rebuilt>), StoreError> {
    if fresh::is_missing(path) {
        let rebuilt = fresh::make(path, clock, options, |store| fill(store, reels))?;
        let store = Store::open_with(path, Arc::clone(clock), options)?;
        return Ok((store, rebuilt.filter(Rebuilt::is_news)));
    }
    let suspect = salvage::is_suspect(path);
    if !suspect {
        let error = match Store::open_with(path, Arc::clone(clock), options) {
            Ok(store) => return Ok((store, None)),
            Err(error @ (StoreError::Corrupt { .. } | StoreError::NotADatabase { .. })) => error,
            Err(error) => return Err(error),
        };
        tracing::warn!("{error}");
        if salvage::damage(path, options)?.is_none() {
            // Another process may have put a sound one in its place meanwhile; else it says the same again.
            return Store::open_with(path, Arc::clone(clock), options).map(|store| (store, None));
        }
    }
    let replaced = salvage::replace(path, clock, options, |store| fill(store, reels))?;
    if replaced.is_none() {
        salvage::clear_suspicion(path);
    }
    let store = Store::open_with(path, Arc::clone(clock), options)?;
    let rebuilt = replaced.map(|(kept, rebuilt)| Rebuilt {
        kept: Some(kept),
        ..rebuilt
    });
    Ok((store, rebuilt))
}

/// Brings back into `store` what the sidecars tell.
fn fill(store: &Store, reels: &Path) -> Result<Rebuilt, StoreError> {
    let (files, highest) = files(reels);
    let mut rebuilt = Rebuilt {
        kept: None,
        takes: 0,
        unsettled: 0,
        left_out: Vec::new(),
    };
    for files in files.chunks(AT_ONCE) {
        let (mut names, mut sidecars) = (Vec::new(), Vec::new());
        for file in files {
            match read(file) {
                Ok(sidecar) => {
                    names.push(file);
                    sidecars.push(sidecar);
                }
                Err(why) => rebuilt.left_out.push(format!("{}: {why}", file.display())),
            }
        }
        let outcomes = store.restore(&sidecars)?;
        for ((file, sidecar), outcome) in names.into_iter().zip(&sidecars).zip(outcomes) {
            match outcome {
                None => {
                    rebuilt.takes += 1;
                    rebuilt.unsettled += usize::from(!sidecar.dossier.take.state.settled());
                }
                Some(why) => rebuilt.left_out.push(format!("{}: {why}", file.display())),
            }
        }
    }
    if let Some(highest) = highest {
        store.number_from(TakeId(highest.saturating_add(GAP)))?;
    }
    Ok(rebuilt)
}

/// Has no number given out that a file beside the films bears: the store may be an older one that was put back.
/// Reads names only: a few milliseconds for ten thousand.
///
/// # Errors
/// When the store cannot be read or written.
pub fn keep_numbers(store: &Store, reels: &Path) -> Result<(), StoreError> {
    match place::ours(reels).map(|(number, _)| number).max() {
        Some(highest) if TakeId(highest) > store.last_number()? => {
            store.number_from(TakeId(highest.saturating_add(GAP)))
        }
        _ => Ok(()),
    }
}

/// Every sidecar in the order of the takes' numbers, and the highest number that a file of ours bears.
fn files(reels: &Path) -> (Vec<PathBuf>, Option<i64>) {
    let mut found: Vec<(i64, PathBuf)> = Vec::new();
    let mut highest = None;
    for (number, entry) in place::ours(reels) {
        highest = highest.max(Some(number));
        let path = entry.path();
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file && path.extension().is_some_and(|ending| ending == "json") {
            found.push((number, path));
        }
    }
    found.sort();
    (found.into_iter().map(|(_, path)| path).collect(), highest)
}

/// A sidecar as it lies there. Folder and film are where they are found, whatever the file says: it may have been
/// moved, and is not trusted with paths.
fn read(path: &Path) -> Result<Sidecar, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let mut text = Vec::new();
    file.take(LONGEST + 1)
        .read_to_end(&mut text)
        .map_err(|error| error.to_string())?;
    if text.len() as u64 > LONGEST {
        return Err(format!("it is longer than {} MiB", LONGEST >> 20));
    }
    let mut sidecar: Sidecar = serde_json::from_slice(&text).map_err(|error| error.to_string())?;
    let folder = path
        .parent()
        .and_then(Path::file_name)
        .and_then(|name| name.to_str());
    folder
        .ok_or("its folder has no name")?
        .clone_into(&mut sidecar.rebuild.reel.folder);
    let film = path.with_extension("mp4");
    let record = &mut sidecar.dossier.take;
    record.file = record.file.is_some().then_some(film);
    Ok(sidecar)
}

//! Rebuilds a lost or damaged store from the sidecars. Nothing that comes back can be sent: what waited is gone, and
//! only the provider's history can tell what became of a take that was being sent.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::model::text::counted;
use crate::model::{Clock, TakeId};
use crate::store::{Damaged, Store, StoreError, StoreOptions, recovery};

use super::{damaged_rows, read};

/// Sidecars restored in one transaction.
const AT_ONCE: usize = 200;
/// Numbers left free after the highest known one, because lost takes had some.
const GAP: i64 = 100;

/// What was done about a lost store.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rebuilt {
    /// Where the damaged store is kept; `None` when there was none.
    pub kept: Option<PathBuf>,
    /// Takes restored.
    pub takes: usize,
    /// Those of them that are not settled.
    pub unsettled: usize,
    /// Sidecars that could not be used, each with why.
    pub left_out: Vec<String>,
    /// Rows that were kept aside, if the file itself was sound.
    pub rows: Vec<Damaged>,
}

impl Rebuilt {
    /// Whether there is anything to report.
    fn is_news(&self) -> bool {
        self.takes > 0 || !self.left_out.is_empty() || !self.rows.is_empty()
    }
}

impl fmt::Display for Rebuilt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.rows.is_empty() {
            return write!(f, "{}", damaged_rows::in_words(&self.rows));
        }
        match &self.kept {
            Some(kept) => write!(f, "The database was damaged; it is kept as {}. ", kept.display())?,
            None => write!(f, "The database was missing. ")?,
        }
        if self.takes == 0 {
            write!(f, "No takes could be restored from the files beside the videos.")?;
        } else {
            write!(
                f,
                "{} restored from the files beside the videos, {} of them not settled yet and continued.",
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
            " Nothing is sent again: waiting takes are lost, and Segmind's history shows whether a take that was \
             being sent arrived. Stops and pauses of the queue are lost too."
        )
    }
}

/// `1 take was`, `6 takes were`.
fn were(n: usize, noun: &str) -> String {
    let verb = if n == 1 { "was" } else { "were" };
    format!("{} {verb}", counted(n as u64, noun))
}

/// Opens the store. A damaged store is kept aside and rebuilt, a missing one is rebuilt if there are sidecars, and
/// damaged rows are restored. Call this once, at the start of a program: no connection of this process may be open to
/// the file.
pub fn open(
    path: &Path,
    reels: &Path,
    clock: &Arc<dyn Clock>,
    options: StoreOptions,
) -> Result<(Store, Option<Rebuilt>), StoreError> {
    let open = || Store::open_with(path, Arc::clone(clock), options);
    if recovery::is_missing(path) {
        let rebuilt = recovery::create(path, clock, options, |store| fill(store, reels))?;
        return Ok((open()?, rebuilt.filter(Rebuilt::is_news)));
    }
    if !recovery::is_suspect(path) {
        match open() {
            Ok(store) => return Ok((store, None)),
            Err(error @ (StoreError::Corrupt { .. } | StoreError::NotADatabase { .. })) => {
                tracing::warn!("{error}");
            }
            Err(error) => return Err(error),
        }
    }
    let replace = |cannot_be_mended| {
        let replaced = recovery::replace(path, clock, options, cannot_be_mended, |store| fill(store, reels))?;
        Ok::<_, StoreError>(replaced.map(|(kept, rebuilt)| Rebuilt {
            kept: Some(kept),
            ..rebuilt
        }))
    };
    if let Some(rebuilt) = replace(false)? {
        return Ok((open()?, Some(rebuilt)));
    }
    let mended = open().and_then(|store| Ok((damaged_rows::mend(&store, reels)?, store)));
    let (rows, store) = match mended {
        Ok(mended) => mended,
        // A row that cannot be moved out of the way or brought up to date.
        Err(StoreError::Corrupt { .. }) => {
            let rebuilt = replace(true)?;
            return Ok((open()?, rebuilt));
        }
        Err(error) => return Err(error),
    };
    recovery::clear_suspicion(path);
    let rebuilt = Rebuilt {
        rows,
        ..Rebuilt::default()
    };
    Ok((store, Some(rebuilt).filter(Rebuilt::is_news)))
}

/// Restores into `store` what the sidecars record.
fn fill(store: &Store, reels: &Path) -> Result<Rebuilt, StoreError> {
    let files = read::files(store, reels);
    let mut rebuilt = Rebuilt::default();
    for files in files.chunks(AT_ONCE) {
        let (mut names, mut sidecars) = (Vec::new(), Vec::new());
        for (_, file) in files {
            match read::read(file) {
                Ok(sidecar) => {
                    names.push(file);
                    sidecars.push(sidecar);
                }
                Err(why) => rebuilt.left_out.push(format!("{}: {why}", file.display())),
            }
        }
        let outcomes = store.recovery().restore(&sidecars)?;
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
    if let Some(highest) = read::highest_above(store, reels, 0) {
        let last = TakeId(highest.saturating_add(GAP));
        store.recovery().skip_numbers_to(last)?;
    }
    Ok(rebuilt)
}

/// Keeps the store from reusing the number of a file, because the store may be an older copy. Of the files that the store
/// knows it reads names only: a few milliseconds for ten thousand.
pub fn keep_numbers(store: &Store, reels: &Path) -> Result<(), StoreError> {
    let last = store.recovery().last_number()?;
    match read::highest_above(store, reels, last.0) {
        Some(highest) => {
            let last = TakeId(highest.saturating_add(GAP));
            store.recovery().skip_numbers_to(last)
        }
        None => Ok(()),
    }
}

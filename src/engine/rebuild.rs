//! A store that was lost or damaged, made anew from the sidecars. Nothing that comes back can be sent: what
//! waited is gone, and of what was being sent only the provider's history can tell.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::model::text::counted;
use crate::model::{Clock, TakeId};
use crate::store::{Damaged, Options, Store, StoreError, recovery};

use super::{beside, place, rows};

/// Sidecars brought back in one transaction.
const AT_ONCE: usize = 200;
/// Numbers left free behind those that are known: takes that were lost had some.
const GAP: i64 = 100;

/// What was done about a lost store.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rebuilt {
    /// Where the damaged one is kept; `None` when there was none.
    pub kept: Option<PathBuf>,
    /// Takes brought back.
    pub takes: usize,
    /// Those of them that the provider still works on or that are not saved yet.
    pub unsettled: usize,
    /// Sidecars that could not be used, each with why.
    pub left_out: Vec<String>,
    /// Rows that were kept aside, where the file itself was sound.
    pub rows: Vec<Damaged>,
}

impl Rebuilt {
    /// Whether there was anything to bring back.
    fn is_news(&self) -> bool {
        self.takes > 0 || !self.left_out.is_empty() || !self.rows.is_empty()
    }
}

impl fmt::Display for Rebuilt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.rows.is_empty() {
            return write!(f, "{}", rows::told(&self.rows));
        }
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

/// Opens the store. A damaged one is kept aside and rebuilt, and a missing one rebuilt if there are sidecars; where
/// only rows are damaged, they alone are. Called once, at the start of a program: no connection of this process may be
/// open to the file.
///
/// # Errors
/// As [`Store::open`]; [`StoreError::DamagedAndHeld`].
pub fn open(
    path: &Path,
    reels: &Path,
    clock: &Arc<dyn Clock>,
    options: Options,
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
    let mended = open().and_then(|store| Ok((rows::mend(&store, reels)?, store)));
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

/// Brings back into `store` what the sidecars tell.
fn fill(store: &Store, reels: &Path) -> Result<Rebuilt, StoreError> {
    let files = beside::files(reels);
    let mut rebuilt = Rebuilt::default();
    for files in files.chunks(AT_ONCE) {
        let (mut names, mut sidecars) = (Vec::new(), Vec::new());
        for (_, file) in files {
            match beside::read(file) {
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
    if let Some(highest) = place::ours(reels).map(|(number, _)| number).max() {
        store
            .recovery()
            .skip_numbers_to(TakeId(highest.saturating_add(GAP)))?;
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
        Some(highest) if TakeId(highest) > store.recovery().last_number()? => store
            .recovery()
            .skip_numbers_to(TakeId(highest.saturating_add(GAP))),
        _ => Ok(()),
    }
}

//! Writes the new name of a renamed reel into the sidecars of its takes, because a lost database gets its reels' names
//! from them. The store remembers which reels are not done, so that the next start finishes what an earlier one began.

use std::path::{Path, PathBuf};

use crate::model::text::{capitalized, counted, sentences};
use crate::model::{Take, TakeId};
use crate::store::{Filter, Store, StoreError};

use super::read::read_if_any;
use super::{path, write};

/// Takes read at a time.
const PAGE: u64 = 200;

/// Sidecars that still have the earlier name of their reel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotRenamed {
    /// The reel's name now.
    pub reel: String,
    pub takes: usize,
    /// The first of them, and why.
    pub first: (TakeId, Why),
}

/// Why a sidecar still has the earlier name of its reel.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    #[error("its folder {} is not there", .0.display())]
    Unplugged(PathBuf),
    #[error("{} cannot be read: {error}", file.display())]
    Unread { file: PathBuf, error: String },
    #[error("{0}")]
    Unwritten(String),
}

impl NotRenamed {
    /// What is wrong.
    pub fn what(&self) -> String {
        let (take, why) = &self.first;
        format!(
            "{} of reel {:?} could not be given its new name in the file beside the video (take {take}: {why})",
            counted(self.takes as u64, "take"),
            self.reel
        )
    }

    /// What to do.
    pub const fn next(&self) -> &'static str {
        match self.first.1 {
            Why::Unplugged(_) => {
                "connect its disk; the next start of the workbench, `rushes gen` or `rushes resume` tries again"
            }
            Why::Unread { .. } | Why::Unwritten(_) => {
                "allow reading and writing in its folder; the next start of the workbench, `rushes gen` or `rushes resume` \
                 tries again"
            }
        }
    }

    /// What is wrong and what to do, in sentences.
    pub fn in_words(&self) -> String {
        sentences(&[&self.what(), &capitalized(self.next())])
    }
}

/// Rewrites the sidecars of the takes of every renamed reel; which of them could not be written. The next call tries those
/// again. A file that is not the take's own sidecar is left as it is. Blocks.
pub fn rename(store: &Store, reels: &Path) -> Result<Vec<NotRenamed>, StoreError> {
    let mut not_renamed = Vec::new();
    for (reel_id, name) in store.renamed_reels()? {
        let left = rename_all(store, reels, &reel_id, &name)?;
        match left.first() {
            None => store.reel_is_renamed(&reel_id, &name)?,
            Some(first) => not_renamed.push(NotRenamed {
                reel: name,
                takes: left.len(),
                first: first.clone(),
            }),
        }
    }
    Ok(not_renamed)
}

fn rename_all(
    store: &Store,
    reels: &Path,
    reel_id: &str,
    name: &str,
) -> Result<Vec<(TakeId, Why)>, StoreError> {
    let (filter, mut before, mut left) = (Filter::of_reel(reel_id), TakeId(i64::MAX), Vec::new());
    loop {
        let takes = store.takes_before(&filter, before, PAGE)?;
        let Some(last) = takes.last() else {
            return Ok(left);
        };
        before = last.id;
        for take in takes {
            if let Err(why) = rename_one(store, reels, &take, name) {
                left.push((take.id, why));
            }
        }
    }
}

fn rename_one(store: &Store, reels: &Path, take: &Take, name: &str) -> Result<(), Why> {
    let unwritten = |error: &dyn std::fmt::Display| Why::Unwritten(error.to_string());
    let path = path(store, reels, take).map_err(|error| unwritten(&error))?;
    if let Some(folder) = path.parent().filter(|folder| !folder.is_dir()) {
        // The user has deleted it, unless it is a link, or the reels have no folder at all.
        if reels.is_dir() && is_gone(folder, reels) {
            return Ok(());
        }
        return Err(Why::Unplugged(folder.to_owned()));
    }
    let sidecar = read_if_any(&path).map_err(|error| Why::Unread {
        file: path.clone(),
        error: error.to_string(),
    })?;
    match sidecar {
        Some(sidecar) if sidecar.dossier.take.id != take.id || sidecar.rebuild.reel.name == name => Ok(()),
        Some(_) => write(store, reels, take.id).map_err(|error| unwritten(&error)),
        // It has none yet, or that file is not ours.
        None => Ok(()),
    }
}

/// Whether a folder in that of the reels was deleted: neither it nor one around it is a link to somewhere else.
fn is_gone(folder: &Path, reels: &Path) -> bool {
    let mut ours = folder.ancestors().take_while(|folder| *folder != reels);
    folder.starts_with(reels) && ours.all(|folder| !folder.is_symlink())
}

//! Writes the new name of a renamed reel into the sidecars of its takes, because a lost database gets its reels' names
//! from them. The store remembers which reels are not done, so that the next start finishes what an earlier one began.

use std::path::Path;

use crate::model::text::counted;
use crate::model::{Take, TakeId};
use crate::store::{Filter, Store, StoreError};

use super::{path, read_file, write};

/// Takes read at a time.
const PAGE: u64 = 200;

/// Sidecars that still have the earlier name of their reel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotRenamed {
    /// The reel's name now.
    pub reel: String,
    pub takes: usize,
    /// The first of them, and why.
    pub first: (TakeId, String),
}

impl NotRenamed {
    /// What is wrong, and what follows.
    pub fn in_words(&self) -> String {
        let (take, why) = &self.first;
        format!(
            "{} of reel {:?} could not be given its new name in the file beside the video (take {take}: {why})",
            counted(self.takes as u64, "take"),
            self.reel
        )
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
) -> Result<Vec<(TakeId, String)>, StoreError> {
    let (filter, mut offset, mut left) = (Filter::of_reel(reel_id), 0, Vec::new());
    loop {
        let takes = store.takes(&filter, offset, PAGE)?;
        if takes.is_empty() {
            return Ok(left);
        }
        offset += takes.len() as u64;
        for take in takes {
            if let Err(why) = rename_one(store, reels, &take, name) {
                left.push((take.id, why));
            }
        }
    }
}

fn rename_one(store: &Store, reels: &Path, take: &Take, name: &str) -> Result<(), String> {
    let path = path(store, reels, take).map_err(|error| error.to_string())?;
    if let Some(folder) = path.parent().filter(|folder| !folder.is_dir()) {
        return Err(format!("its folder {} is not there", folder.display()));
    }
    match read_file(&path) {
        Some(sidecar) if sidecar.dossier.take.id != take.id || sidecar.rebuild.reel.name == name => Ok(()),
        Some(_) => write(store, reels, take.id).map_err(|error| error.to_string()),
        // It has none yet, or that file is not ours.
        None => Ok(()),
    }
}

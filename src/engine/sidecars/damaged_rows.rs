//! Keeps damaged rows of the database aside and restores them from the sidecars.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::model::text::counted;
use crate::store::{Damaged, Store, StoreError};

use super::read;

/// Keeps every row aside that cannot be read, and restores what the sidecars record of it.
pub fn mend(store: &Store, reels: &Path) -> Result<Vec<Damaged>, StoreError> {
    // The folders are listed only when a damaged row is found. The store is locked then, and tells nothing.
    let files: OnceCell<BTreeMap<i64, PathBuf>> = OnceCell::new();
    store.recovery().mend_rows(&|take| {
        let files = files.get_or_init(|| read::files_by_content(reels).into_iter().collect());
        let sidecar = read::read(files.get(&take.0)?).ok()?;
        (sidecar.dossier.take.id == take).then_some(sidecar)
    })
}

/// From now on, damaged rows are mended as they are met; `tell` gets one message for all that were found at once.
pub fn mend_when_met(store: &Store, reels: &Path, tell: impl Fn(String) + Send + Sync + 'static) {
    let reels = reels.to_owned();
    store.mend_by(move |store| match mend(store, &reels) {
        Ok(rows) if !rows.is_empty() => {
            let message = in_words(&rows);
            tracing::warn!("{message}");
            tell(message);
            Ok(true)
        }
        Ok(_) => Ok(false),
        Err(error) => {
            tracing::warn!("damaged rows could not be kept aside: {error}");
            Err(error)
        }
    });
}

/// What the user is told about damaged rows.
pub fn in_words(rows: &[Damaged]) -> String {
    // A row of the log is only derived from a take: it is made again, and nothing is kept of the damaged one.
    let kept = match rows.iter().filter(|row| row.source != "log").count() {
        0 => "",
        1 => " and was kept aside in it",
        _ => " and were kept aside in it",
    };
    let mut told = format!(
        "{} of the database could not be read ({}){kept}.",
        counted(rows.len() as u64, "row"),
        rows.first().map_or("", |row| row.why.as_str()),
    );
    let named = |restored: bool| -> Vec<String> {
        let mut names: Vec<String> = rows
            .iter()
            .filter(|row| row.restored == restored)
            .map(|row| match row.take {
                Some(take) if row.source == "takes" => format!("take {take}"),
                Some(take) => format!("{} of take {take}", row.source),
                None => format!("one of {}", row.source),
            })
            .collect();
        names.dedup();
        names
    };
    let (back, lost) = (named(true), named(false));
    if !back.is_empty() {
        told += &format!(" Restored from what else is known: {}.", back.join(", "));
    }
    if !lost.is_empty() {
        let lost = lost.join(", ");
        told += &format!(" Lost, because no file beside the videos records it: {lost}.");
        let counted = rows.iter().filter_map(|row| Some(row.counted?.to_string()));
        let counted: Vec<String> = counted.collect();
        if !counted.is_empty() {
            told += &format!(
                " Takes that were sent may have been billed and still count: {}; `rushes reconcile` shows their outcomes.",
                counted.join(", ")
            );
        }
    }
    told + " Nothing is sent again."
}

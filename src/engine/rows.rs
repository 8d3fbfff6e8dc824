//! Rows of the database that cannot be read: kept aside, and put back from the files beside the films.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::model::text::counted;
use crate::store::{Damaged, Store, StoreError};

use super::beside;

/// Keeps every row aside that cannot be read, and puts back what the files beside the films tell of it.
///
/// # Errors
/// When the file itself cannot be read or written.
pub fn mend(store: &Store, reels: &Path) -> Result<Vec<Damaged>, StoreError> {
    // The folders are only listed when a damaged row is found.
    let files: OnceCell<BTreeMap<i64, PathBuf>> = OnceCell::new();
    store.recovery().mend_rows(&|take| {
        let files = files.get_or_init(|| beside::files(reels).into_iter().collect());
        let sidecar = beside::read(files.get(&take.0)?).ok()?;
        (sidecar.dossier.take.id == take).then_some(sidecar)
    })
}

/// From now on rows that turn out to be damaged are mended as they are met; `tell` is given one message for all that
/// were found at once.
pub fn mend_when_met(store: &Store, reels: &Path, tell: impl Fn(String) + Send + Sync + 'static) {
    let reels = reels.to_owned();
    store.mend_by(move |store| match mend(store, &reels) {
        Ok(rows) if !rows.is_empty() => {
            let message = told(&rows);
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

/// What the user is told of damaged rows: what happened, what came of it, what to do.
#[must_use]
pub fn told(rows: &[Damaged]) -> String {
    let mut told = format!(
        "{} of the database could not be read ({}) and {} kept aside in it.",
        counted(rows.len() as u64, "row"),
        rows.first().map_or("", |row| row.why.as_str()),
        if rows.len() == 1 { "was" } else { "were" },
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
        told.push_str(&format!(
            " Put back from what else is known: {}.",
            back.join(", ")
        ));
    }
    if !lost.is_empty() {
        told.push_str(&format!(
            " Lost, because no file beside the films tells of it: {}.",
            lost.join(", ")
        ));
        let counted: Vec<String> = rows
            .iter()
            .filter_map(|row| Some(row.counted?.to_string()))
            .collect();
        if !counted.is_empty() {
            told.push_str(&format!(
                " What was sent may have been billed and still counts: {}; `rushes reconcile` shows what came of it.",
                counted.join(", ")
            ));
        }
    }
    told.push_str(" Nothing is sent again.");
    told
}

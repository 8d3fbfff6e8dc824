//! Keeps text that could not be saved in the store in a file, until a later start offers it to the user.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::engine::references;
use crate::model::Form;
use crate::store::{Store, StoreError};

use crate::tui::effect::{Decision, FoundText};

/// Where text is that could not be saved in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unsaved {
    File(PathBuf),
    /// No file could be written either; this is the prompt.
    Nowhere(String),
}

/// The reel whose form is saved, and the folders for when that fails.
#[derive(Clone)]
pub struct SaveTarget {
    pub store: Store,
    pub reel_id: String,
    pub state_folder: PathBuf,
}

/// The contents of such a file.
#[derive(Serialize, Deserialize)]
struct Kept {
    reel_id: String,
    at: Timestamp,
    /// Earlier releases called it a draft.
    #[serde(alias = "draft")]
    form: Form,
}

/// Writes the form into a file beside the database, else into the state folder.
pub fn keep(place: &SaveTarget, form: Form) -> Unsaved {
    let kept = Kept {
        reel_id: place.reel_id.clone(),
        at: Timestamp::now(),
        form,
    };
    let written = folders(place)
        .into_iter()
        .find_map(|folder| match write(folder, &kept) {
            Ok(file) => Some(file),
            Err(error) => {
                tracing::warn!("unsaved text was not kept in {}: {error}", folder.display());
                None
            }
        });
    written.map_or_else(|| Unsaved::Nowhere(kept.form.prompt), Unsaved::File)
}

fn folders(place: &SaveTarget) -> Vec<&Path> {
    let beside = place.store.path().parent();
    beside.into_iter().chain([place.state_folder.as_path()]).collect()
}

/// The beginning of the names of this reel's files.
fn prefix(reel_id: &str) -> String {
    format!("unsaved-{reel_id}-")
}

/// Writes the file under its name only when it is complete. tempfile makes it readable for the user alone.
fn write(folder: &Path, kept: &Kept) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    serde_json::to_writer_pretty(&mut file, kept)?;
    file.flush()?;
    file.as_file().sync_all()?;
    let name = format!(
        "{}{}.json",
        prefix(&kept.reel_id),
        kept.at.strftime("%Y%m%dT%H%M%S%3f")
    );
    let path = folder.join(name);
    file.persist(&path).map_err(|error| error.error)?;
    Ok(path)
}

/// Every text of this reel that a session left behind, the oldest first, and the files that cannot be read. Texts that
/// the store has after all are removed.
pub fn find(place: &SaveTarget) -> Result<(Vec<FoundText>, Vec<PathBuf>), StoreError> {
    let (mut found, mut unreadable) = (Vec::new(), Vec::new());
    for folder in folders(place) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let name = name.to_str().and_then(|name| name.strip_suffix(".json"));
            let is_ours = name.is_some_and(|name| name.starts_with(&prefix(&place.reel_id)));
            // Nothing else is opened: closing a file of the database would drop its locks.
            if !is_ours {
                continue;
            }
            match read(&entry.path()) {
                Some(kept) => found.push(kept),
                None => unreadable.push(entry.path()),
            }
        }
    }
    found.sort_by(|a, b| a.file.file_name().cmp(&b.file.file_name()));
    let present = place.store.forms(&place.reel_id).edited()?;
    found.retain(|found| {
        let is_present = present.as_ref() == Some(&found.form);
        if is_present {
            remove(&found.file);
        }
        !is_present
    });
    Ok((found, unreadable))
}

fn read(file: &Path) -> Option<FoundText> {
    let kept: Kept = fs::read(file)
        .map_err(|error| error.to_string())
        .and_then(|bytes| serde_json::from_slice(&bytes).map_err(|error| error.to_string()))
        .map_err(|error| tracing::warn!("{} cannot be read and stays: {error}", file.display()))
        .ok()?;
    Some(FoundText {
        file: file.to_owned(),
        form: kept.form,
    })
}

/// Carries out the decision and returns the revision that the text became. The file is removed last, and stays when the
/// store cannot be written.
pub fn settle(
    store: &Store,
    reel_id: &str,
    found: &FoundText,
    decision: Decision,
) -> Result<Option<i64>, StoreError> {
    let keep = |mut form: Form| {
        references::anchor(&mut form);
        store.forms(reel_id).keep(&form)
    };
    let version = match decision {
        Decision::Use => {
            if let Some(present) = store.forms(reel_id).edited()? {
                keep(present)?;
            }
            Some(keep(found.form.clone())?)
        }
        Decision::KeepBoth => Some(keep(found.form.clone())?),
        Decision::Discard => None,
    };
    remove(&found.file);
    Ok(version)
}

fn remove(file: &Path) {
    if let Err(error) = fs::remove_file(file) {
        tracing::warn!("{} could not be removed: {error}", file.display());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;
    use std::sync::Arc;

    use crate::model::clock::SystemClock;

    fn place(folder: &Path) -> SaveTarget {
        let store = Store::open(&folder.join("data/rushes.db"), Arc::new(SystemClock)).unwrap();
        SaveTarget {
            reel_id: store.reel("main").unwrap().id,
            store,
            state_folder: folder.join("state"),
        }
    }

    fn form() -> Form {
        Form {
            prompt: "A kite.".to_owned(),
            ..Form::default()
        }
    }

    /// A file stands where the folder was.
    fn block(folder: &Path) {
        let _ = fs::remove_dir_all(folder);
        fs::write(folder, "").unwrap();
    }

    #[test]
    fn text_goes_beside_the_database_else_into_the_state_folder_else_nowhere() {
        let folder = tempfile::tempdir().unwrap();
        let place = place(folder.path());
        let Unsaved::File(first) = keep(&place, form()) else {
            panic!("there is a folder")
        };
        assert_eq!(first.parent(), Some(&*folder.path().join("data")));
        assert_eq!(fs::metadata(&first).unwrap().permissions().mode() & 0o777, 0o600);
        block(&folder.path().join("data"));
        let Unsaved::File(second) = keep(&place, form()) else {
            panic!("there is a folder")
        };
        assert_eq!(second.parent(), Some(&*folder.path().join("state")));
        assert_eq!(read(&second).unwrap().form, form());
        block(&folder.path().join("state"));
        assert_eq!(keep(&place, form()), Unsaved::Nowhere("A kite.".to_owned()));
    }

    #[test]
    fn only_texts_of_the_reel_that_the_store_lacks_are_found_and_nothing_else_is_touched() {
        let folder = tempfile::tempdir().unwrap();
        let place = place(folder.path());
        keep(&place, form());
        let other = SaveTarget {
            reel_id: place.store.reel("other").unwrap().id,
            ..place.clone()
        };
        keep(&other, Form::default());
        let broken = folder
            .path()
            .join("data")
            .join(format!("{}1.json", prefix(&place.reel_id)));
        fs::write(&broken, "{").unwrap();
        let (found, unreadable) = find(&place).unwrap();
        assert_eq!(unreadable, std::slice::from_ref(&broken));
        assert_eq!(
            found.iter().map(|found| &found.form).collect::<Vec<_>>(),
            [&form()]
        );
        place.store.forms(&place.reel_id).save(&form()).unwrap();
        assert_eq!(find(&place).unwrap().0, []);
        assert!(!found[0].file.exists() && broken.exists());
        assert_eq!(find(&other).unwrap().0.len(), 1);
        // As earlier releases wrote it.
        let kept =
            serde_json::json!({"reel_id": place.reel_id, "at": Timestamp::now(), "draft": Form::default()});
        fs::write(&broken, kept.to_string()).unwrap();
        assert_eq!(find(&place).unwrap().0[0].form, Form::default());
    }

    /// Closing a file of the database would drop the locks that SQLite has on it in this process.
    #[test]
    fn no_other_file_is_opened() {
        use rustix::fs::inotify::{CreateFlags, Reader, WatchFlags, add_watch, init};
        let folder = tempfile::tempdir().unwrap();
        let place = place(folder.path());
        keep(&place, form());
        let watch = init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC).unwrap();
        add_watch(&watch, folder.path().join("data"), WatchFlags::OPEN).unwrap();
        assert_eq!(find(&place).unwrap().0.len(), 1);
        let mut room = [std::mem::MaybeUninit::uninit(); 4096];
        let mut events = Reader::new(&watch, &mut room);
        let mut opened = Vec::new();
        while let Ok(event) = events.next() {
            opened.extend(event.file_name().map(|name| name.to_string_lossy().into_owned()));
        }
        assert!(
            !opened.is_empty() && opened.iter().all(|name| name.starts_with("unsaved-")),
            "{opened:?}"
        );
    }
}

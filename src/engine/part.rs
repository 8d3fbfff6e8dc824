//! What has come of a film so far. One process at a time writes it, and none is left when its take is settled.

use std::fs::{File, TryLockError};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::model::{TakeId, TakeState};
use crate::store::{Store, StoreError};

use super::place;
use super::undelivered::Undelivered;

/// What the name of a part ends with.
pub(super) const ENDING: &str = "part";

/// Where the part of a film lies.
pub(super) fn of(film: &Path) -> PathBuf {
    film.with_extension(format!("mp4.{ENDING}"))
}

/// Where what is not the film, or not all of it, is kept to be looked at.
pub(super) fn aside(film: &Path) -> PathBuf {
    film.with_extension("mp4.rejected")
}

/// The part file, locked: after a jump of the clock another process may be at the same take. The lock ends with
/// whoever holds it. `None` when it is not there and is not to be made.
pub(super) fn held(part: &Path, make: bool) -> Result<Option<File>, Undelivered> {
    let io = Undelivered::io("cannot write", part);
    let mut options = File::options();
    options.create(make).truncate(false).write(true).mode(0o600);
    let file = match options.open(part) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound && !make => return Ok(None),
        Err(error) => return Err(io(error)),
    };
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(Undelivered::Elsewhere),
        // A file system without locks, as some network ones are, is no reason to leave a film there.
        Err(TryLockError::Error(error)) => tracing::info!("{} is not locked: {error}", part.display()),
    }
    // Between opening and locking, its last holder may have given it its name.
    let still_there = file.metadata().ok().zip(std::fs::metadata(part).ok());
    match still_there {
        Some((ours, named)) if (ours.dev(), ours.ino()) == (named.dev(), named.ino()) => Ok(Some(file)),
        _ => Err(Undelivered::Elsewhere),
    }
}

/// Disposes of what lies there of the film of a take if it is settled.
///
/// # Errors
/// When the store cannot be read. What cannot be disposed of is logged, and met again at the next start.
pub(super) fn tidy(store: &Store, reels: &Path, id: TakeId) -> Result<(), StoreError> {
    let take = store.take(id)?;
    if !take.state.settled() {
        return Ok(());
    }
    let film = place::film(reels, &store.reel_of(id)?.folder, &take);
    if let Err(error) = dispose(&film, take.state) {
        tracing::info!("the part of take {id} stays: {error}");
    }
    Ok(())
}

/// Beside its saved film a part is worth nothing, and so is an empty one; every other is kept aside. What another
/// process holds is left to it.
fn dispose(film: &Path, end: TakeState) -> Result<(), Undelivered> {
    let part = of(film);
    let Some(file) = held(&part, false)? else {
        return Ok(());
    };
    let is_saved = end == TakeState::Saved && film.exists();
    let is_empty = file.metadata().is_ok_and(|meta| meta.len() == 0);
    if is_saved || is_empty {
        std::fs::remove_file(&part).map_err(Undelivered::io("cannot remove", &part))
    } else {
        std::fs::rename(&part, aside(film)).map_err(Undelivered::io("cannot set aside", &part))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_worth_nothing_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let film = folder.path().join("00001-s1-480p-4s.mp4");
        let lies = |path: &Path| std::fs::read_to_string(path).ok();
        for (end, film_lies, bytes, kept) in [
            (TakeState::Saved, true, "half", false),
            (TakeState::Saved, false, "half", true),
            (TakeState::Saved, false, "", false),
            (TakeState::Failed, false, "half", true),
            (TakeState::NotSent, false, "", false),
        ] {
            let _ = (std::fs::remove_file(&film), std::fs::remove_file(aside(&film)));
            if film_lies {
                std::fs::write(&film, "whole").unwrap();
            }
            std::fs::write(of(&film), bytes).unwrap();
            dispose(&film, end).unwrap();
            assert_eq!(lies(&of(&film)), None, "{end} {bytes:?}");
            assert_eq!(
                lies(&aside(&film)),
                kept.then(|| bytes.to_owned()),
                "{end} {bytes:?}"
            );
            assert_eq!(lies(&film), film_lies.then(|| "whole".to_owned()));
        }
    }

    #[test]
    fn what_another_holds_is_left_to_it() {
        let folder = tempfile::tempdir().unwrap();
        let film = folder.path().join("00001-s1-480p-4s.mp4");
        std::fs::write(&film, "whole").unwrap();
        let theirs = held(&of(&film), true).unwrap().unwrap();
        let refused = dispose(&film, TakeState::Saved).unwrap_err();
        assert!(matches!(refused, Undelivered::Elsewhere), "{refused}");
        assert!(of(&film).exists());
        drop(theirs);
        dispose(&film, TakeState::Saved).unwrap();
        assert!(!of(&film).exists());
    }
}

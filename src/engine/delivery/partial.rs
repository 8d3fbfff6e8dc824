//! The partial download (`.part`), locked by one process and removed once the take is settled.

use std::fs::{File, TryLockError};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::engine::file_names;
use crate::model::{TakeId, TakeState};
use crate::store::{Store, StoreError};

use super::error::Undelivered;

/// The file name extension of a partial download.
pub const EXTENSION: &str = "part";

/// The path of the partial download of a video.
pub fn of(video: &Path) -> PathBuf {
    video.with_extension(format!("mp4.{EXTENSION}"))
}

/// Where a file that is not the video, or not all of it, is kept for the user.
pub fn aside(video: &Path) -> PathBuf {
    video.with_extension("mp4.rejected")
}

/// Opens and locks the partial download: after a jump of the clock another process may work on the same take. The lock
/// ends with its process. `None` when the file is missing and `make` is false.
pub fn lock(part: &Path, make: bool) -> Result<Option<File>, Undelivered> {
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
        // Some network file systems have no locks; the download works without one.
        Err(TryLockError::Error(error)) => tracing::info!("{} is not locked: {error}", part.display()),
    }
    // Between opening and locking, another process may have renamed it.
    let still_there = file.metadata().ok().zip(std::fs::metadata(part).ok());
    match still_there {
        Some((ours, named)) if (ours.dev(), ours.ino()) == (named.dev(), named.ino()) => Ok(Some(file)),
        _ => Err(Undelivered::Elsewhere),
    }
}

/// Removes the partial download of a take if the take is settled. A file that cannot be removed is logged, and removed
/// at the next start.
pub fn tidy(store: &Store, reels: &Path, id: TakeId) -> Result<(), StoreError> {
    let take = store.take(id)?;
    if !take.state.settled() {
        return Ok(());
    }
    let video = file_names::working(reels, &store.reel_of(id)?.folder, &take);
    let is_saved = take.state == TakeState::Saved && take.file.is_some_and(|file| file.exists());
    if let Err(error) = dispose(&video, is_saved) {
        tracing::info!("the partial download of take {id} stays: {error}");
    }
    Ok(())
}

/// Removes a partial download that is empty or whose video is saved; keeps any other aside, under a name made of the
/// working name. A file that another process
/// has locked is left alone.
fn dispose(video: &Path, is_saved: bool) -> Result<(), Undelivered> {
    let part = of(video);
    let Some(file) = lock(&part, false)? else {
        return Ok(());
    };
    let is_empty = file.metadata().is_ok_and(|meta| meta.len() == 0);
    if is_saved || is_empty {
        std::fs::remove_file(&part).map_err(Undelivered::io("cannot remove", &part))
    } else {
        std::fs::rename(&part, aside(video)).map_err(Undelivered::io("cannot set aside", &part))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_worthless_files_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let video = folder.path().join("00001-s1-480p-4s.mp4");
        let content = |path: &Path| std::fs::read_to_string(path).ok();
        for (end, is_there, bytes, kept) in [
            (TakeState::Saved, true, "half", false),
            (TakeState::Saved, false, "half", true),
            (TakeState::Saved, false, "", false),
            (TakeState::Failed, false, "half", true),
            (TakeState::NotSent, false, "", false),
        ] {
            let _ = (std::fs::remove_file(&video), std::fs::remove_file(aside(&video)));
            if is_there {
                std::fs::write(&video, "whole").unwrap();
            }
            std::fs::write(of(&video), bytes).unwrap();
            dispose(&video, end == TakeState::Saved && is_there).unwrap();
            assert_eq!(content(&of(&video)), None, "{end} {bytes:?}");
            assert_eq!(
                content(&aside(&video)),
                kept.then(|| bytes.to_owned()),
                "{end} {bytes:?}"
            );
            assert_eq!(content(&video), is_there.then(|| "whole".to_owned()));
        }
    }

    #[test]
    fn a_file_that_another_process_has_locked_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let video = folder.path().join("00001-s1-480p-4s.mp4");
        std::fs::write(&video, "whole").unwrap();
        let theirs = lock(&of(&video), true).unwrap().unwrap();
        let refused = dispose(&video, true).unwrap_err();
        assert!(matches!(refused, Undelivered::Elsewhere), "{refused}");
        assert!(of(&video).exists());
        drop(theirs);
        dispose(&video, true).unwrap();
        assert!(!of(&video).exists());
    }
}

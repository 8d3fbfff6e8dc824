//! A folder of the cache within a limit: what was not used for longest is removed first.
//!
//! Several processes may use it at once. Each file appears whole, and whatever is missing is made again.

use std::fs::{self, DirEntry, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use crate::model::text::io_error;

/// How new the time of last use must be for a reader to leave it alone: nothing is written on each look.
const TOUCHED_EVERY: Duration = Duration::from_secs(600);
/// Older ones belong to a process that died while it wrote them.
const MAX_PART_AGE: Duration = Duration::from_secs(3600);
/// The largest file that is read.
const MAX_FILE_BYTES: u64 = 64 << 20;
const PART: &str = ".part-";

pub(super) struct Folder {
    path: PathBuf,
    /// What all files together may have; 0 for no cache.
    max_bytes: u64,
    trouble: Mutex<Trouble>,
}

/// What is wrong with the folder.
enum Trouble {
    None,
    /// It was not told yet.
    New(String),
    Told,
}

impl Folder {
    pub(super) const fn new(path: PathBuf, max_bytes: u64) -> Self {
        Self {
            path,
            max_bytes,
            trouble: Mutex::new(Trouble::None),
        }
    }

    pub(super) fn read(&self, name: &str) -> Option<Vec<u8>> {
        if self.max_bytes == 0 {
            return None;
        }
        let path = self.path.join(name);
        let about = fs::metadata(&path).ok()?;
        if about.len() > MAX_FILE_BYTES {
            return None;
        }
        let bytes = fs::read(&path).ok()?;
        let is_new = |at: SystemTime| at.elapsed().is_ok_and(|age| age < TOUCHED_EVERY);
        if !about.modified().is_ok_and(is_new) {
            // In a folder that is read-only the order of removal does not matter.
            let _ = File::options()
                .write(true)
                .open(&path)
                .and_then(|file| file.set_modified(SystemTime::now()));
        }
        Some(bytes)
    }

    /// Writes a file, in the place of one that is there, and removes others beyond the limit. A failure is noted.
    pub(super) fn write(&self, name: &str, bytes: &[u8]) {
        if self.max_bytes == 0 {
            return;
        }
        let written = self.try_write(name, bytes).and_then(|()| self.trim(name));
        if let Err(error) = written {
            self.note(&error);
        }
    }

    fn try_write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        make_private(&self.path)?;
        let mut part = tempfile::Builder::new().prefix(PART).tempfile_in(&self.path)?;
        part.write_all(bytes)?;
        part.persist(self.path.join(name))?;
        Ok(())
    }

    /// Removes the files that were not used for longest, until the rest is within the limit; `keep` was just made.
    fn trim(&self, keep: &str) -> io::Result<()> {
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            // Another process may have removed it.
            let Ok(about) = entry.metadata() else { continue };
            let used = about.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            if is_part(&entry) {
                if used.elapsed().is_ok_and(|age| age > MAX_PART_AGE) {
                    remove(&entry.path())?;
                }
            } else if about.is_file() {
                files.push((used, about.len(), entry));
            }
        }
        let mut total: u64 = files.iter().map(|(_, bytes, _)| bytes).sum();
        files.sort_by_key(|(used, _, _)| *used);
        for (_, bytes, entry) in files {
            if total <= self.max_bytes {
                break;
            }
            if entry.file_name() != keep {
                remove(&entry.path())?;
                total -= bytes;
            }
        }
        Ok(())
    }

    fn note(&self, error: &io::Error) {
        let mut trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(*trouble, Trouble::None) {
            *trouble = Trouble::New(format!(
                "Small pictures of takes cannot be kept in {} ({}), so they are made again each time. Make that folder \
                 writable, or set cache_mb = 0 under [pictures] to do without.",
                self.path.display(),
                io_error(error)
            ));
        }
    }

    /// What is wrong with the folder, in a sentence; told once.
    pub(super) fn trouble(&self) -> Option<String> {
        let mut trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        match std::mem::replace(&mut *trouble, Trouble::Told) {
            Trouble::New(sentence) => Some(sentence),
            before => {
                *trouble = before;
                None
            }
        }
    }
}

fn is_part(entry: &DirEntry) -> bool {
    entry.file_name().to_string_lossy().starts_with(PART)
}

/// Removes a file that another process may have removed.
fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn make_private(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(path: &Path) -> Vec<String> {
        let entries = fs::read_dir(path).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    fn last_used(path: &Path, hours_ago: u64) {
        let at = SystemTime::now() - Duration::from_secs(hours_ago * 3600);
        File::options()
            .write(true)
            .open(path)
            .unwrap()
            .set_modified(at)
            .unwrap();
    }

    #[test]
    fn what_was_not_used_for_longest_goes_first() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("deep/thumbnails");
        let folder = Folder::new(path.clone(), 30);
        for (name, hours) in [("a", 3), ("b", 2), ("c", 1)] {
            folder.write(name, &[7; 10]);
            last_used(&path.join(name), hours);
        }
        // A look makes it used.
        assert_eq!(folder.read("a").unwrap(), [7; 10]);
        folder.write("d", &[7; 10]);
        assert_eq!(names(&path), ["a", "c", "d"]);
        folder.write("e", &[7; 25]);
        assert_eq!(names(&path), ["e"]);
        folder.write("huge", &[7; 99]);
        assert_eq!(names(&path), ["huge"], "the newest one stays");
        assert_eq!(folder.trouble(), None);
    }

    #[test]
    fn what_a_process_left_that_died_is_removed_later() {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::new(home.path().to_owned(), 1000);
        for (name, hours) in [(".part-old", 2), (".part-new", 0)] {
            fs::write(home.path().join(name), "half").unwrap();
            last_used(&home.path().join(name), hours);
        }
        folder.write("a", b"whole");
        assert_eq!(names(home.path()), [".part-new", "a"]);
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_told_once() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("in the way");
        fs::write(&path, "a file").unwrap();
        let folder = Folder::new(path.join("thumbnails"), 1000);
        for _ in 0..3 {
            folder.write("a", b"whole");
        }
        let told = folder.trouble().unwrap();
        assert!(
            told.contains("in the way") && told.contains("cache_mb = 0"),
            "{told}"
        );
        folder.write("a", b"whole");
        assert_eq!((folder.trouble(), folder.read("a")), (None, None));
    }

    #[test]
    fn without_room_nothing_is_written() {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::new(home.path().join("thumbnails"), 0);
        folder.write("a", b"whole");
        assert_eq!((names(home.path()).len(), folder.trouble()), (0, None));
    }
}

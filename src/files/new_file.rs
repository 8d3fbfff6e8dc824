//! A new file that gets its name only when it is whole.

use std::fs::{File, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// What a new file may be for everybody; the umask takes its part away.
const MODE: u32 = 0o666;

/// Why a new file was not written. Nothing is left of it then.
#[derive(Debug, thiserror::Error)]
pub enum NewFileError {
    #[error("{} is there already, and it was not overwritten: choose another name", path.display())]
    Exists { path: PathBuf },
    #[error("cannot write {}: {source}", path.display())]
    Write {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
}

/// A file that is written beside its place and gets its name when it is whole. It is removed when this is dropped
/// before.
#[derive(Debug)]
pub struct NewFile {
    path: PathBuf,
    part: NamedTempFile,
}

impl NewFile {
    /// Opens a temporary file in the folder of `path`.
    ///
    /// # Errors
    /// [`NewFileError::Exists`] when something is at `path`, [`NewFileError::Write`] when its folder cannot be
    /// written to.
    pub fn create(path: &Path) -> Result<Self, NewFileError> {
        refuse_existing(path)?;
        let part = tempfile::Builder::new()
            .prefix(".rushes-")
            .permissions(Permissions::from_mode(MODE))
            .tempfile_in(folder_of(path))
            .map_err(|source| unwritable(path, source))?;
        Ok(Self {
            path: path.to_owned(),
            part,
        })
    }

    /// What is written to.
    pub fn out(&mut self) -> &mut File {
        self.part.as_file_mut()
    }

    /// Where the file lies until it has its name, for a check of what was written.
    #[must_use]
    pub fn part(&self) -> &Path {
        self.part.path()
    }

    /// The error for a failed write.
    #[must_use]
    pub fn failed(&self, source: io::Error) -> NewFileError {
        unwritable(&self.path, source)
    }

    /// Puts the bytes on the disk and gives the file its name. Returns how many bytes it has.
    ///
    /// # Errors
    /// [`NewFileError::Exists`] when something has appeared at its path meanwhile, [`NewFileError::Write`] when the
    /// disk fails.
    pub fn finish(self) -> Result<u64, NewFileError> {
        let Self { path, part } = self;
        let failed = |source| unwritable(&path, source);
        part.as_file().sync_all().map_err(failed)?;
        let bytes = part.as_file().metadata().map_err(failed)?.len();
        name_it(part, &path)?;
        File::open(folder_of(&path))
            .and_then(|folder| folder.sync_all())
            .map_err(failed)?;
        Ok(bytes)
    }
}

fn name_it(part: NamedTempFile, path: &Path) -> Result<(), NewFileError> {
    let Err(refused) = part.persist_noclobber(path) else {
        return Ok(());
    };
    refuse_existing(path)?;
    match refused.error.kind() {
        // Not every file system can rename without overwriting: then the name was checked just now.
        io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported | io::ErrorKind::PermissionDenied => refused
            .file
            .persist(path)
            .map(drop)
            .map_err(|failed| unwritable(path, failed.error)),
        _ => Err(unwritable(path, refused.error)),
    }
}

fn refuse_existing(path: &Path) -> Result<(), NewFileError> {
    match path.symlink_metadata() {
        Ok(_) => Err(NewFileError::Exists {
            path: path.to_owned(),
        }),
        Err(_) => Ok(()),
    }
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// The system's words alone, without the name of the temporary file, which nobody has asked for.
fn without_path(error: &io::Error) -> io::Error {
    let text = error.to_string();
    let words = text.split(" (os error ").next().unwrap_or_default();
    let words = words.split(" at path ").next().unwrap_or_default();
    io::Error::new(error.kind(), words)
}

#[allow(clippy::needless_pass_by_value, reason = "errors are passed as they come")]
fn unwritable(path: &Path, source: io::Error) -> NewFileError {
    NewFileError::Write {
        path: path.to_owned(),
        source: why_unwritable(path, &source),
    }
}

/// Why nothing can be written at `path`, in words that name nothing else: the folder that does not exist, else what the
/// system says.
#[must_use]
pub fn why_unwritable(path: &Path, error: &io::Error) -> io::Error {
    let folder = folder_of(path);
    if error.kind() == io::ErrorKind::NotFound && !folder.exists() {
        let missing = format!(
            "the folder {} does not exist: create it, or choose another one",
            folder.display()
        );
        return io::Error::new(error.kind(), missing);
    }
    without_path(error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }

    #[test]
    fn a_file_appears_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("video.mp4");
        let mut dropped = NewFile::create(&path).unwrap();
        dropped.out().write_all(b"half of").unwrap();
        assert!(!path.exists());
        drop(dropped);
        assert_eq!(names(folder.path()), [""; 0]);
        let mut whole = NewFile::create(&path).unwrap();
        whole.out().write_all(b"whole").unwrap();
        assert_eq!(whole.finish().unwrap(), 5);
        assert_eq!(names(folder.path()), ["video.mp4"]);
        assert_eq!(std::fs::read(&path).unwrap(), b"whole");
    }

    #[test]
    fn nothing_is_overwritten_even_when_it_appears_late() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("video.mp4");
        let mut late = NewFile::create(&path).unwrap();
        late.out().write_all(b"new").unwrap();
        std::fs::write(&path, "old").unwrap();
        for error in [late.finish().unwrap_err(), NewFile::create(&path).unwrap_err()] {
            assert!(matches!(error, NewFileError::Exists { .. }), "{error}");
            assert!(
                error.to_string().contains("video.mp4 is there already"),
                "{error}"
            );
        }
        assert_eq!(std::fs::read(&path).unwrap(), b"old");
        assert_eq!(names(folder.path()), ["video.mp4"]);
        let link = folder.path().join("link");
        std::os::unix::fs::symlink("nowhere", &link).unwrap();
        assert!(matches!(NewFile::create(&link), Err(NewFileError::Exists { .. })));
        let lost = NewFile::create(&folder.path().join("gone/video.mp4")).unwrap_err();
        assert!(lost.to_string().starts_with("cannot write "), "{lost}");
        assert!(
            lost.to_string().contains("gone does not exist: create it"),
            "{lost}"
        );
        assert!(!lost.to_string().contains(".rushes-"), "{lost}");
    }
}

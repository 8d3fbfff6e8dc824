//! Reads a plain tar archive that somebody else may have made.
//!
//! All of it is checked before anything is taken from it.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::archive_error::ArchiveError;
use super::listing::{Entry, Limits, list};
use super::new_file::NewFile;

/// An archive that was checked as a whole.
#[derive(Debug)]
pub struct Archive {
    path: PathBuf,
    file: File,
    entries: Vec<Entry>,
}

impl Archive {
    /// Opens the archive at `path` and checks every entry in it.
    ///
    /// # Errors
    /// [`ArchiveError`]: a path that leaves its folder or is absolute, a link, a device, a name that is there twice,
    /// an entry above the limits, an archive that ends early or is none.
    pub fn open(path: &Path, limits: Limits) -> Result<Self, ArchiveError> {
        let unreadable = |source| ArchiveError::Read {
            path: path.to_owned(),
            source,
        };
        // Looked at before it is opened: opening a pipe waits for somebody who writes to it.
        if !path.metadata().map_err(unreadable)?.is_file() {
            return Err(unreadable(io::Error::other("it is not a file")));
        }
        let file = File::open(path).map_err(unreadable)?;
        let entries = list(path, &file, limits)?;
        Ok(Self {
            path: path.to_owned(),
            file,
            entries,
        })
    }

    /// The whole content of the file of that name, which may have at most `most` bytes.
    ///
    /// # Errors
    /// [`ArchiveError::NoEntry`], [`ArchiveError::TooLarge`], or that it cannot be read.
    pub fn read(&self, name: &str, most: u64) -> Result<Vec<u8>, ArchiveError> {
        let entry = self.find(name)?;
        if entry.bytes > most {
            return Err(ArchiveError::too_large(&self.path, name, entry.bytes, most));
        }
        let mut bytes = Vec::new();
        self.open_entry(&entry)?
            .read_to_end(&mut bytes)
            .map_err(|source| self.unreadable(source))?;
        self.check_length(&entry, bytes.len() as u64)?;
        Ok(bytes)
    }

    /// Copies the file of that name to the new file `to`, whole or not at all. Returns its length.
    ///
    /// # Errors
    /// [`ArchiveError::NoEntry`], that it cannot be read, or that `to` cannot be written or is there already.
    pub fn copy(&self, name: &str, to: &Path) -> Result<u64, ArchiveError> {
        let entry = self.find(name)?;
        let mut new = NewFile::create(to)?;
        let copied = io::copy(&mut self.open_entry(&entry)?, new.out());
        let copied = copied.map_err(|source| new.failed(source))?;
        self.check_length(&entry, copied)?;
        Ok(new.finish()?)
    }

    fn find(&self, name: &str) -> Result<Entry, ArchiveError> {
        let found = self.entries.iter().find(|entry| entry.name == name);
        found.cloned().ok_or_else(|| ArchiveError::NoEntry {
            path: self.path.clone(),
            name: name.to_owned(),
        })
    }

    fn open_entry(&self, entry: &Entry) -> Result<impl Read, ArchiveError> {
        (&self.file)
            .seek(SeekFrom::Start(entry.at))
            .map_err(|source| self.unreadable(source))?;
        Ok((&self.file).take(entry.bytes))
    }

    fn check_length(&self, entry: &Entry, bytes: u64) -> Result<(), ArchiveError> {
        if bytes == entry.bytes {
            return Ok(());
        }
        Err(ArchiveError::Truncated {
            path: self.path.clone(),
            after: entry.name.clone(),
        })
    }

    fn unreadable(&self, source: io::Error) -> ArchiveError {
        ArchiveError::Read {
            path: self.path.clone(),
            source,
        }
    }
}

#[cfg(test)]
#[path = "archive_tests.rs"]
mod tests;

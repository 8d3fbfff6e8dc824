//! Lists a tar archive's entries and checks each of them.
//!
//! The extensions that keep long names (GNU `L` and pax `x`) are understood; those that change what an entry's bytes
//! are (sparse files, sizes in pax) are refused, since programs disagree about them.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use tar::{EntryType, PaxExtensions};

use super::archive_error::ArchiveError;
use super::entry_name::{self, BadName, Names};

/// A tar archive consists of blocks of this size.
const BLOCK: u64 = 512;
/// Most bytes that an extension which keeps a long name may have.
const MAX_EXTENSION: u64 = 64 * 1024;
/// Extensions and folders count too, so that an archive of nothing else comes to an end.
const HEADERS_PER_ENTRY: usize = 8;

/// How much of an archive is read at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Files in it.
    pub entries: usize,
    /// Bytes of each file.
    pub entry_bytes: u64,
}

/// A file in an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// A relative path with `/` that stays in its folder.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// Where it begins in the archive.
    pub(super) at: u64,
}

/// The files in the archive, which is called `path` in errors.
pub(super) fn list(path: &Path, file: &File, limits: Limits) -> Result<Vec<Entry>, ArchiveError> {
    Listing::new(path, limits).list(file)
}

/// The list of an archive's entries while it is made.
struct Listing<'a> {
    path: &'a Path,
    limits: Limits,
    names: Names,
    entries: Vec<Entry>,
    /// The name of the entry that comes next, where an extension keeps it.
    long_name: Option<Vec<u8>>,
    /// The name of the last entry that was seen.
    last: String,
    /// Where the last entry ends.
    end: u64,
}

impl<'a> Listing<'a> {
    fn new(path: &'a Path, limits: Limits) -> Self {
        Self {
            path,
            limits,
            names: Names::default(),
            entries: Vec::new(),
            long_name: None,
            last: String::new(),
            end: 0,
        }
    }

    fn list(mut self, file: &File) -> Result<Vec<Entry>, ArchiveError> {
        let unreadable = |source| ArchiveError::Read {
            path: self.path.to_owned(),
            source,
        };
        let length = file.metadata().map_err(unreadable)?.len();
        let most_headers = self.limits.entries.saturating_mul(HEADERS_PER_ENTRY);
        let mut archive = tar::Archive::new(file);
        let entries = archive.entries_with_seek().map_err(unreadable)?.raw(true);
        for (nth, entry) in entries.enumerate() {
            let mut entry = entry.map_err(|error| self.broken(&error, nth == 0))?;
            if nth >= most_headers {
                return Err(self.too_many());
            }
            self.end = entry.raw_file_position().saturating_add(entry.size());
            if self.end > length {
                self.last = self.name_of(&entry)?;
                return Err(self.truncated());
            }
            self.add(&mut entry)?;
        }
        self.check_end(file, length)?;
        Ok(self.entries)
    }

    fn add<R: Read>(&mut self, entry: &mut tar::Entry<'_, R>) -> Result<(), ArchiveError> {
        let kind = entry.header().entry_type();
        match kind {
            EntryType::GNULongName | EntryType::XHeader => {
                let extension = self.extension(entry)?;
                self.long_name = if kind == EntryType::XHeader {
                    self.pax_name(&extension)?.or(self.long_name.take())
                } else {
                    Some(until_zero(&extension))
                };
                return Ok(());
            }
            EntryType::XGlobalHeader => return self.extension(entry).map(drop),
            _ => {}
        }
        let name = self.name_of(entry)?;
        self.long_name = None;
        self.last.clone_from(&name);
        match kind {
            EntryType::Regular | EntryType::Continuous if !name.ends_with('/') => {
                self.names.add(&name).map_err(|why| ArchiveError::Name {
                    path: self.path.to_owned(),
                    name: name.clone(),
                    why,
                })?;
                if entry.size() > self.limits.entry_bytes {
                    let most = self.limits.entry_bytes;
                    return Err(ArchiveError::too_large(self.path, &name, entry.size(), most));
                }
                if self.entries.len() >= self.limits.entries {
                    return Err(self.too_many());
                }
                self.entries.push(Entry {
                    name,
                    bytes: entry.size(),
                    at: entry.raw_file_position(),
                });
                Ok(())
            }
            EntryType::Directory | EntryType::Regular => self.check_folder(&name),
            _ => Err(ArchiveError::Kind {
                path: self.path.to_owned(),
                name,
                kind: kind_in_words(kind),
            }),
        }
    }

    /// A folder is not an entry: it is made when a file is put there. Its name is checked all the same.
    fn check_folder(&self, name: &str) -> Result<(), ArchiveError> {
        let plain = name.strip_suffix('/').unwrap_or(name);
        // `.` is the folder that other programs archive.
        let checked = if plain == "." {
            Ok(())
        } else {
            entry_name::check(plain)
        };
        checked.map_err(|why| ArchiveError::Name {
            path: self.path.to_owned(),
            name: name.to_owned(),
            why,
        })
    }

    fn name_of<R: Read>(&self, entry: &tar::Entry<'_, R>) -> Result<String, ArchiveError> {
        let bytes = match &self.long_name {
            Some(name) => name.clone(),
            None => entry.header().path_bytes().into_owned(),
        };
        let name = String::from_utf8(bytes).map_err(|error| ArchiveError::Name {
            path: self.path.to_owned(),
            name: String::from_utf8_lossy(error.as_bytes()).into_owned(),
            why: BadName::NotText,
        })?;
        // `tar -c .` writes every name with this in front.
        Ok(match name.strip_prefix("./") {
            Some(rest) if !rest.is_empty() && entry.header().entry_type() != EntryType::Directory => {
                rest.to_owned()
            }
            Some(rest) if !rest.trim_end_matches('/').is_empty() => rest.to_owned(),
            _ => name,
        })
    }

    fn extension<R: Read>(&self, entry: &mut tar::Entry<'_, R>) -> Result<Vec<u8>, ArchiveError> {
        if entry.size() > MAX_EXTENSION {
            return Err(self.odd("the name of an entry is far too long"));
        }
        let mut bytes = Vec::new();
        entry
            .read_to_end(&mut bytes)
            .map_err(|source| ArchiveError::Read {
                path: self.path.to_owned(),
                source,
            })?;
        Ok(bytes)
    }

    /// The name in a pax extension.
    fn pax_name(&self, extension: &[u8]) -> Result<Option<Vec<u8>>, ArchiveError> {
        let mut name = None;
        for record in PaxExtensions::new(extension) {
            let record = record.map_err(|error| self.odd(&error.to_string()))?;
            match record.key_bytes() {
                b"path" => name = Some(record.value_bytes().to_owned()),
                b"size" => return Err(self.odd("it keeps the size of an entry in an extension")),
                key if key.starts_with(b"GNU.sparse") => return Err(self.odd("it has a sparse file")),
                _ => {}
            }
        }
        Ok(name)
    }

    /// After the last entry there is a block of zeros; where it is missing, the rest of the archive may be too.
    fn check_end(&self, mut file: &File, length: u64) -> Result<(), ArchiveError> {
        let mut block = Vec::new();
        let end = self.end.next_multiple_of(BLOCK);
        let read = file
            .seek(SeekFrom::Start(end))
            .and_then(|_| file.take(BLOCK).read_to_end(&mut block));
        read.map_err(|source| ArchiveError::Read {
            path: self.path.to_owned(),
            source,
        })?;
        if length == 0 {
            return Err(self.odd("it is empty"));
        }
        if block.len() as u64 == BLOCK && block.iter().all(|byte| *byte == 0) {
            return Ok(());
        }
        Err(self.truncated())
    }

    /// The archive's own header cannot be read.
    fn broken(&self, error: &io::Error, is_first: bool) -> ArchiveError {
        if is_first {
            return self.odd("its first entry cannot be read; unpack it first if it is compressed");
        }
        if error.to_string().contains("entire block") {
            return self.truncated();
        }
        self.odd(&format!("after the entry {:?}: {error}", self.last))
    }

    fn odd(&self, what: &str) -> ArchiveError {
        ArchiveError::NotAnArchive {
            path: self.path.to_owned(),
            what: what.to_owned(),
        }
    }

    fn too_many(&self) -> ArchiveError {
        ArchiveError::TooMany {
            path: self.path.to_owned(),
            most: self.limits.entries,
        }
    }

    fn truncated(&self) -> ArchiveError {
        ArchiveError::Truncated {
            path: self.path.to_owned(),
            after: self.last.clone(),
        }
    }
}

fn until_zero(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().copied().take_while(|byte| *byte != 0).collect()
}

fn kind_in_words(kind: EntryType) -> &'static str {
    match kind {
        EntryType::Symlink => "a link",
        EntryType::Link => "a hard link",
        EntryType::Char | EntryType::Block => "a device",
        EntryType::Fifo => "a pipe",
        EntryType::GNUSparse => "a sparse file",
        _ => "of an unknown kind",
    }
}

//! Writes a plain tar archive of named entries.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::Path;

use jiff::Timestamp;
use tar::{Builder, EntryType, Header};

use super::archive_error::ArchiveError;
use super::entry_name::Names;
use super::new_file::NewFile;

/// Where an entry's bytes come from.
#[derive(Debug, Clone, Copy)]
pub enum Content<'a> {
    Bytes(&'a [u8]),
    /// A regular file, read while the archive is written.
    File(&'a Path),
}

/// Writes a plain tar archive at `to` with these entries, each under its name, in this order. Names are relative
/// paths with `/`. Every entry bears the time `modified`, so the same entries are the same bytes. Returns how many
/// bytes the archive has.
///
/// # Errors
/// [`ArchiveError`]; nothing is at `to` then that was not there before.
pub fn write_archive(
    to: &Path,
    entries: &[(&str, Content<'_>)],
    modified: Timestamp,
) -> Result<u64, ArchiveError> {
    let mut names = Names::default();
    for (name, _) in entries {
        names.add(name).map_err(|why| ArchiveError::Name {
            path: to.to_owned(),
            name: (*name).to_owned(),
            why,
        })?;
    }
    let mut new = NewFile::create(to)?;
    let written = fill(BufWriter::new(new.out()), entries, modified)?;
    written.map_err(|source| new.failed(source))?;
    Ok(new.finish()?)
}

/// The outer error is that of a source, the inner one that of the archive's own disk.
fn fill(
    out: impl Write,
    entries: &[(&str, Content<'_>)],
    modified: Timestamp,
) -> Result<io::Result<()>, ArchiveError> {
    let seconds = u64::try_from(modified.as_second()).unwrap_or(0);
    let mut tar = Builder::new(out);
    for (name, content) in entries {
        let written = match content {
            Content::Bytes(bytes) => append(&mut tar, name, bytes.len() as u64, seconds, *bytes),
            Content::File(path) => {
                let unreadable = |what: &dyn std::fmt::Display| ArchiveError::Source {
                    path: (*path).to_owned(),
                    name: (*name).to_owned(),
                    what: what.to_string(),
                };
                let about = path.metadata().map_err(|error| unreadable(&error))?;
                // Opening a pipe waits for somebody who writes to it.
                if !about.is_file() {
                    return Err(unreadable(&"it is not a file"));
                }
                let file = File::open(path).map_err(|error| unreadable(&error))?;
                let mut source = Counted {
                    file: file.take(about.len()),
                    read: 0,
                    failed: None,
                };
                let written = append(&mut tar, name, about.len(), seconds, &mut source);
                if let Some(error) = source.failed {
                    return Err(unreadable(&error));
                }
                if written.is_ok() && source.read != about.len() {
                    return Err(unreadable(&"it became shorter while it was read"));
                }
                written
            }
        };
        if let Err(error) = written {
            return Ok(Err(error));
        }
    }
    Ok(tar.into_inner().and_then(|mut out| out.flush()))
}

fn append(
    tar: &mut Builder<impl Write>,
    name: &str,
    bytes: u64,
    seconds: u64,
    content: impl Read,
) -> io::Result<()> {
    let mut header = Header::new_gnu();
    header.set_entry_type(EntryType::Regular);
    header.set_mode(0o644);
    header.set_mtime(seconds);
    header.set_size(bytes);
    tar.append_data(&mut header, name, content)
}

/// A source whose failures and length are remembered.
struct Counted<R> {
    file: R,
    read: u64,
    failed: Option<io::Error>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self.file.read(into) {
            Ok(read) => {
                self.read += read as u64;
                Ok(read)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) => {
                let kind = error.kind();
                self.failed = Some(error);
                Err(kind.into())
            }
        }
    }
}

//! Scripts read and files written by commands: whole or not at all, never over another one by accident.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use super::Failure;
use super::exit::Exit;

/// The text of a script; `-` is standard input.
pub(super) fn read_script(file: &Path) -> Result<String, Failure> {
    let unreadable = |error: std::io::Error| {
        let what = if file == Path::new("-") {
            "standard input".into()
        } else {
            file.display().to_string()
        };
        Failure::new(Exit::Usage, format!("cannot read {what}: {error}"))
    };
    if file == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map_err(unreadable)?;
        return Ok(text);
    }
    fs::read_to_string(file).map_err(unreadable)
}

/// The error for a file that is in the way, unless `force`.
pub(super) fn refuse_if_there(path: &Path, force: bool) -> Result<(), Failure> {
    if !force && fs::symlink_metadata(path).is_ok() {
        let message = format!(
            "{} is there already: choose another name, or overwrite it with --force",
            path.display()
        );
        return Err(Failure::new(Exit::Usage, message));
    }
    Ok(())
}

/// A file that gets its name when it is whole.
pub(super) struct NewFile {
    path: PathBuf,
    part: tempfile::NamedTempFile,
}

impl NewFile {
    /// Opens it beside its place.
    pub fn begin(path: &Path) -> Result<Self, Failure> {
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let part = tempfile::Builder::new()
            .prefix(".rushes-")
            .tempfile_in(folder)
            .map_err(|error| unwritable(path, &error))?;
        Ok(Self {
            path: path.to_owned(),
            part,
        })
    }

    /// What is written to.
    pub fn out(&mut self) -> &mut impl Write {
        self.part.as_file_mut()
    }

    /// Gives it its name; over another file only with `force`.
    pub fn finish(self, force: bool) -> Result<(), Failure> {
        let Self { path, part } = self;
        part.as_file()
            .sync_all()
            .map_err(|error| unwritable(&path, &error))?;
        let named = if force {
            part.persist(&path)
        } else {
            part.persist_noclobber(&path)
        };
        match named {
            Ok(_) => Ok(()),
            Err(failed) if failed.error.kind() == std::io::ErrorKind::AlreadyExists => {
                refuse_if_there(&path, false)
            }
            Err(failed) => Err(unwritable(&path, &failed.error)),
        }
    }
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(Exit::Other, format!("cannot write {}: {error}", path.display()))
}

/// Writes a file that should not be there yet.
pub(super) fn write_new(path: &Path, bytes: &[u8], force: bool) -> Result<(), Failure> {
    let mut file = NewFile::begin(path)?;
    file.out()
        .write_all(bytes)
        .map_err(|error| unwritable(path, &error))?;
    file.finish(force)
}

/// Puts other bytes into a file that is there: its mode stays, and a link still leads to it.
pub(super) fn write_in_place(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let real = fs::canonicalize(path).map_err(|error| unwritable(path, &error))?;
    let mode = fs::metadata(&real)
        .map_err(|error| unwritable(path, &error))?
        .permissions();
    if mode.readonly() {
        let message = format!(
            "{} is read-only: make it writable, or give it with - to have the text printed",
            path.display()
        );
        return Err(Failure::new(Exit::Other, message));
    }
    let mut file = NewFile::begin(&real)?;
    file.out()
        .write_all(bytes)
        .map_err(|error| unwritable(path, &error))?;
    file.part
        .as_file()
        .set_permissions(mode)
        .map_err(|error| unwritable(path, &error))?;
    file.finish(true)
}

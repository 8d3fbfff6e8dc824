//! Reads scripts and writes files for commands: whole or not at all, and never over another file by accident.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::service::why_unwritable;

use super::Failure;

/// The text of a script; `-` is standard input.
pub(super) fn read_script(file: &Path) -> Result<String, Failure> {
    let unreadable = |error: std::io::Error| {
        let what = if file == Path::new("-") {
            "standard input".into()
        } else {
            file.display().to_string()
        };
        match error.kind() {
            std::io::ErrorKind::InvalidData => {
                Failure::usage(format!("{what} is not a text in UTF-8: save it as UTF-8"))
            }
            _ => Failure::usage(format!("cannot read {what}: {error}")),
        }
    };
    let text = if file == Path::new("-") {
        std::io::read_to_string(std::io::stdin())
    } else {
        fs::read_to_string(file)
    };
    text.map_err(unreadable)
}

/// Fails if there is such a file, unless `force`.
pub(super) fn refuse_if_there(path: &Path, force: bool) -> Result<(), Failure> {
    if !force && fs::symlink_metadata(path).is_ok() {
        let message = format!(
            "{} already exists: choose another name, or overwrite it with --force",
            path.display()
        );
        return Err(Failure::usage(message));
    }
    Ok(())
}

/// A file that gets its name when it is complete.
pub(super) struct NewFile {
    path: PathBuf,
    part: tempfile::NamedTempFile,
}

impl NewFile {
    /// Creates it beside its final path.
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

    pub fn out(&mut self) -> &mut impl Write {
        self.part.as_file_mut()
    }

    /// Gives it its name; overwrites another file only with `force`.
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
    Failure::other(format!(
        "cannot write {}: {}",
        path.display(),
        why_unwritable(path, error)
    ))
}

/// Writes a file that should not be there yet.
pub(super) fn write_new(path: &Path, bytes: &[u8], force: bool) -> Result<(), Failure> {
    let mut file = NewFile::begin(path)?;
    file.out()
        .write_all(bytes)
        .map_err(|error| unwritable(path, &error))?;
    file.finish(force)
}

/// Replaces the content of a file: its mode stays, and a link still leads to it.
pub(super) fn write_in_place(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let real = fs::canonicalize(path).map_err(|error| unwritable(path, &error))?;
    let mode = fs::metadata(&real)
        .map_err(|error| unwritable(path, &error))?
        .permissions();
    if mode.readonly() {
        let message = format!(
            "{} is read-only: make it writable, or pass - to print the text",
            path.display()
        );
        return Err(Failure::other(message));
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

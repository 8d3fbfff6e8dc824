//! Local files named as references: what they are, and whether the API takes them. Reads the disk, asks nobody.

use std::fs::{File, FileType};
use std::io::{Cursor, Read};
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use sha2::{Digest, Sha256};

use crate::media::{self, Flaw, OpenError, Probed, Source};
use crate::model::form::is_local;
use crate::model::parameters::Medium;
use crate::model::text::{hex, tenths};
use crate::model::{Form, Model, Parameter, Request};

mod paths;

pub use paths::{Paths, paths_like};

const MIB: u64 = 1024 * 1024;
/// Bytes by which a file's kind is known.
const HEAD: u64 = 8192;
/// Players and headers disagree by so much, in milliseconds.
const SLACK_MS: u64 = 200;

/// Why a local file cannot be a reference.
///
/// Each reads "what: next step", and nothing after the last `": "` but the step: readers set the two apart there.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    #[error("cannot read {} for {} ({error}): give a readable file or an http(s) URL", path.display(), parameter.wire())]
    Unreadable {
        parameter: Parameter,
        path: PathBuf,
        error: std::io::Error,
    },
    #[error("{} is {found}, {} takes {}: give a file or an http(s) URL", path.display(), parameter.wire(), wanted(*parameter))]
    NotAFile {
        parameter: Parameter,
        path: PathBuf,
        /// `a folder`
        found: &'static str,
    },
    #[error("{} is {found}, {} takes {}: give another file", path.display(), parameter.wire(), wanted(*parameter))]
    WrongKind {
        parameter: Parameter,
        path: PathBuf,
        found: String,
    },
    #[error("{} is damaged ({what}) and cannot be used as {}: choose an intact file", path.display(), parameter.wire())]
    Damaged {
        parameter: Parameter,
        path: PathBuf,
        /// `it ends early`
        what: String,
    },
    #[error("{} has {} MiB, {} takes at most {} MiB: make it smaller", path.display(), bytes.div_ceil(MIB), parameter.wire(), most / MIB)]
    TooLarge {
        parameter: Parameter,
        path: PathBuf,
        bytes: u64,
        most: u64,
    },
    #[error(
        "{} lasts {} s, {} takes {} to {} s: {}",
        path.display(), tenths(*millis), parameter.wire(), accepted.0 / 1000, accepted.1 / 1000,
        if *millis > accepted.1 { "cut it" } else { "give a longer one" }
    )]
    WrongLength {
        parameter: Parameter,
        path: PathBuf,
        millis: u64,
        accepted: (u64, u64),
    },
}

/// What a usable local file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFacts {
    /// `image/png`
    pub mime: String,
    pub bytes: u64,
    /// Length of a film or sound, where it can be told.
    pub millis: Option<u64>,
    /// The longest of all lengths that a film has. The price allows for it: nobody knows whether what an edit list
    /// hides is charged.
    pub longest_ms: Option<u64>,
    /// What could not be made sure of, and what to do: the API may refuse the file.
    pub doubt: Option<String>,
}

/// Looks at a local file that `parameter` of a request to `model` names.
///
/// # Errors
/// [`FileError`].
pub fn look(model: Model, parameter: Parameter, reference: &str) -> Result<FileFacts, FileError> {
    let path = Path::new(reference);
    let (file, bytes) = open(model, parameter, path)?;
    facts(model, parameter, path, bytes, file)
}

/// Opens the file that `parameter` names. What is looked at is what was opened, whatever takes its name meanwhile.
fn open(model: Model, parameter: Parameter, path: &Path) -> Result<(File, u64), FileError> {
    let (file, bytes) = media::open_file(&at_home(path)).map_err(|error| match error {
        OpenError::Io(error) => unreadable(parameter, path, error),
        OpenError::NotAFile(kind) => FileError::NotAFile {
            parameter,
            path: path.to_owned(),
            found: no_file(kind),
        },
    })?;
    let most = most_bytes(model, parameter);
    if bytes > most {
        return Err(FileError::TooLarge {
            parameter,
            path: path.to_owned(),
            bytes,
            most,
        });
    }
    Ok((file, bytes))
}

fn unreadable(parameter: Parameter, path: &Path, error: std::io::Error) -> FileError {
    FileError::Unreadable {
        parameter,
        path: path.to_owned(),
        error,
    }
}

/// What is in an opened file, or in its bytes.
fn facts(
    model: Model,
    parameter: Parameter,
    path: &Path,
    bytes: u64,
    mut source: impl Source,
) -> Result<FileFacts, FileError> {
    let mut head = Vec::new();
    let read = source
        .by_ref()
        .take(HEAD)
        .read_to_end(&mut head)
        .and_then(|_| source.rewind());
    read.map_err(|error| unreadable(parameter, path, error))?;
    let wrong_kind = |found: &str| FileError::WrongKind {
        parameter,
        path: path.to_owned(),
        found: found.to_owned(),
    };
    let mime = infer::get(&head).map_or("of no known kind", |kind| kind.mime_type());
    if !mime.starts_with(kind_prefix(parameter)) {
        return Err(wrong_kind(mime));
    }
    let medium = parameter.file_medium();
    let probed = match medium {
        Medium::Video => media::probe_video(path, source),
        Medium::Audio => media::probe_sound(path, mime, source),
        Medium::Image => media::probe_picture(path, mime, source),
    };
    let probed = probed.map_err(|flaw| match flaw {
        Flaw::NoPictures => wrong_kind("a video file without pictures"),
        Flaw::Damaged(what) => FileError::Damaged {
            parameter,
            path: path.to_owned(),
            what,
        },
    })?;
    let accepted = model.reference_ms(medium);
    match probed.millis {
        Some(millis) if millis + SLACK_MS < accepted.0 || millis > accepted.1 + SLACK_MS => {
            Err(FileError::WrongLength {
                parameter,
                path: path.to_owned(),
                millis,
                accepted,
            })
        }
        millis => Ok(FileFacts {
            mime: mime.to_owned(),
            bytes,
            millis,
            longest_ms: probed.longest_ms,
            doubt: doubt(parameter, path, &probed, accepted),
        }),
    }
}

/// What cannot be made sure of, as "what: next step".
fn doubt(parameter: Parameter, path: &Path, probed: &Probed, accepted: (u64, u64)) -> Option<String> {
    let (path, wire) = (path.display(), parameter.wire());
    if let Some(what) = &probed.doubt {
        return Some(format!(
            "{path} could not be checked ({what}), {wire} may be refused: make sure that it is whole and fits the limits"
        ));
    }
    let whole = probed.whole_ms.filter(|whole| *whole > accepted.1 + SLACK_MS)?;
    Some(format!(
        "the video in {path} is within {} s, but with its sound the file lasts {} s, and the provider may refuse \
         it: trim the sound too",
        accepted.1 / 1000,
        tenths(whole)
    ))
}

/// What is in the place of a regular file.
fn no_file(kind: FileType) -> &'static str {
    if kind.is_dir() {
        "a folder"
    } else if kind.is_fifo() {
        "a pipe"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

/// A local file that a form names, and what it is to be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Local {
    pub model: Model,
    pub parameter: Parameter,
    pub reference: String,
}

impl Local {
    /// Looks at the file.
    ///
    /// # Errors
    /// [`FileError`].
    pub fn look(&self) -> Result<FileFacts, FileError> {
        look(self.model, self.parameter, &self.reference)
    }
}

/// Every local file that the form names, looked at.
pub fn looked(form: &Form) -> Vec<Result<FileFacts, FileError>> {
    local(form).iter().map(Local::look).collect()
}

/// Every local file that the form names.
pub fn local(form: &Form) -> Vec<Local> {
    let named = form.references().filter(|(_, reference)| is_local(reference));
    named
        .map(|(parameter, reference)| Local {
            model: form.model,
            parameter,
            reference: reference.to_owned(),
        })
        .collect()
}

/// A file read to be uploaded.
pub(super) struct LocalFile {
    pub path: PathBuf,
    pub mime: String,
    /// See [`FileFacts::longest_ms`].
    pub longest_ms: Option<u64>,
    pub bytes: Bytes,
    pub sha256: String,
}

/// Every local file that the request names, read and checked before any is uploaded.
pub(super) fn read_all(probe: &Request) -> Result<Vec<LocalFile>, FileError> {
    let mut files: Vec<LocalFile> = Vec::new();
    for (parameter, reference) in probe
        .form
        .references()
        .filter(|(_, reference)| is_local(reference))
    {
        let path = PathBuf::from(reference);
        if files.iter().all(|known| known.path != path) {
            files.push(read(probe.form.model, parameter, reference)?);
        }
    }
    Ok(files)
}

/// What was read is what is checked and sent.
fn read(model: Model, parameter: Parameter, reference: &str) -> Result<LocalFile, FileError> {
    let path = PathBuf::from(reference);
    let (file, _) = open(model, parameter, &path)?;
    let mut bytes = Vec::new();
    let most = most_bytes(model, parameter);
    let read = file.take(most + 1).read_to_end(&mut bytes);
    read.map_err(|error| unreadable(parameter, &path, error))?;
    let bytes = Bytes::from(bytes);
    let length = bytes.len() as u64;
    if length > most {
        return Err(FileError::TooLarge {
            parameter,
            path,
            bytes: length,
            most,
        });
    }
    let facts = facts(model, parameter, &path, length, Cursor::new(bytes.clone()))?;
    let sha256 = hex(&Sha256::digest(&bytes));
    Ok(LocalFile {
        path,
        mime: facts.mime,
        longest_ms: facts.longest_ms,
        bytes,
        sha256,
    })
}

/// `~/…` in the user's home, as a shell would have it.
#[must_use]
pub fn at_home(path: &Path) -> PathBuf {
    match (path.strip_prefix("~"), std::env::home_dir()) {
        (Ok(rest), Some(home)) => home.join(rest),
        _ => path.to_owned(),
    }
}

fn most_bytes(model: Model, parameter: Parameter) -> u64 {
    model.reference_bytes(parameter.file_medium())
}

/// What the media type of a file begins with.
fn kind_prefix(parameter: Parameter) -> &'static str {
    match parameter.file_medium() {
        Medium::Video => "video/",
        Medium::Audio => "audio/",
        Medium::Image => "image/",
    }
}

fn wanted(parameter: Parameter) -> &'static str {
    match parameter.file_medium() {
        Medium::Video => "a video",
        Medium::Audio => "a sound file",
        Medium::Image => "a picture",
    }
}

#[cfg(test)]
#[path = "files_tests.rs"]
mod tests;

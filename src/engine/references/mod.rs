//! Local files named as references: what they are, and whether the API accepts them. Reads the disk, asks nobody.

use std::fs::{File, FileType};
use std::io::{Cursor, Read};
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use sha2::{Digest, Sha256};

use crate::media::{self, Flaw, OpenError, Probed, Source};
use crate::model::form::is_local;
use crate::model::parameters::Medium;
use crate::model::reported::Measured;
use crate::model::seconds::length;
use crate::model::text::hex;
use crate::model::{Complaint, Form, Model, Parameter, Request};

mod error;
mod moved;
mod paths;

use error::Fault;
pub use error::FileError;
pub use moved::found;
pub use paths::{PathMatches, anchor, anchored, paths_like};

/// Bytes from which a file's kind is detected.
const HEAD: u64 = 8192;
/// Players and headers disagree by this much, in milliseconds.
const SLACK_MS: u64 = 200;

/// What a usable local file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFacts {
    /// `image/png`
    pub mime: String,
    pub bytes: u64,
    /// The length of a video or sound, if it is known.
    pub millis: Option<u64>,
    /// The longest of all lengths that a video has. The price allows for it: nobody knows whether what an edit list
    /// hides is charged.
    pub longest_ms: Option<u64>,
    /// What could not be checked, and what to do: the API may refuse the file.
    pub doubt: Option<Complaint>,
    /// That others report its format as refused.
    pub refused_elsewhere: Option<Complaint>,
    /// The limits that others report and that it is beyond.
    pub beyond: Vec<Complaint>,
}

/// Looks at a local file that `parameter` of a request to `model` names.
pub fn look(model: Model, parameter: Parameter, reference: &str) -> Result<FileFacts, FileError> {
    let path = Path::new(reference);
    let (file, bytes) = open(model, parameter, path)?;
    facts(model, parameter, path, bytes, file)
}

/// Makes an error of what is wrong with the file that `parameter` names.
fn failed(parameter: Parameter, path: &Path) -> impl Fn(Fault) -> FileError + use<> {
    let path = path.to_owned();
    move |fault| FileError {
        parameter,
        path: path.clone(),
        fault,
    }
}

/// Opens the file that `parameter` names. Everything is read from this handle, so a file that takes its name meanwhile
/// does no harm.
fn open(model: Model, parameter: Parameter, path: &Path) -> Result<(File, u64), FileError> {
    let failed = failed(parameter, path);
    let (file, bytes) = media::open_file(&found(path)).map_err(|error| match error {
        OpenError::Io(error) => failed(Fault::Unreadable(error)),
        OpenError::NotAFile(kind) => failed(Fault::NotAFile(kind_of(kind))),
    })?;
    let max = model.reference_bytes(parameter.file_medium());
    if bytes > max {
        return Err(failed(Fault::TooLarge { bytes, max }));
    }
    Ok((file, bytes))
}

/// Checks what is in an opened file, or in its bytes.
fn facts(
    model: Model,
    parameter: Parameter,
    path: &Path,
    bytes: u64,
    mut source: impl Source,
) -> Result<FileFacts, FileError> {
    let failed = failed(parameter, path);
    let medium = parameter.file_medium();
    let mut head = Vec::new();
    let read = source
        .by_ref()
        .take(HEAD)
        .read_to_end(&mut head)
        .and_then(|_| source.rewind());
    read.map_err(|error| failed(Fault::Unreadable(error)))?;
    let mime = media::mime_of(&head).unwrap_or("of no known kind");
    let prefix = match medium {
        Medium::Video => "video/",
        Medium::Audio => "audio/",
        Medium::Image => "image/",
    };
    if !mime.starts_with(prefix) {
        return Err(failed(Fault::WrongKind(mime.to_owned())));
    }
    let probed = match medium {
        Medium::Video => media::probe_video(path, source),
        Medium::Audio => media::probe_sound(path, mime, source),
        Medium::Image => media::probe_picture(path, mime, source),
    };
    let probed = probed.map_err(|flaw| match flaw {
        Flaw::NoPictures => failed(Fault::WrongKind("a video file without pictures".to_owned())),
        Flaw::Damaged(what) => failed(Fault::Damaged(what)),
    })?;
    let accepted = model.reference_ms(medium);
    let is_outside =
        |millis| millis + SLACK_MS < accepted.0 || accepted.1 > 0 && millis > accepted.1 + SLACK_MS;
    if let Some(millis) = probed.millis.filter(|millis| is_outside(*millis)) {
        return Err(failed(Fault::WrongLength { millis, accepted }));
    }
    let measured = Measured {
        path: &path.to_string_lossy(),
        medium,
        mime,
        pixels: probed.pixels,
        millis: probed.millis,
    };
    Ok(FileFacts {
        mime: mime.to_owned(),
        bytes,
        millis: probed.millis,
        longest_ms: probed.longest_ms,
        doubt: doubt(path, &probed, accepted),
        refused_elsewhere: model.reported.format(&measured),
        beyond: model.reported.beyond(&measured),
    })
}

/// What cannot be verified.
fn doubt(path: &Path, probed: &Probed, accepted: (u64, u64)) -> Option<Complaint> {
    let path = path.display();
    if let Some(what) = &probed.doubt {
        return Some(Complaint::new(
            format!("{path} could not be checked ({what}), and the provider may refuse it"),
            "make sure that it is whole and fits the limits",
        ));
    }
    let is_longer = |whole: &u64| accepted.1 > 0 && *whole > accepted.1 + SLACK_MS;
    let whole = probed.whole_ms.filter(is_longer)?;
    let what = format!(
        "the video in {path} is within {}, but with its sound the file lasts {}, and the provider may refuse it",
        length(accepted.1),
        length(whole)
    );
    Some(Complaint::new(what, "trim the sound too"))
}

/// What is there instead of a regular file.
fn kind_of(kind: FileType) -> &'static str {
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

/// A local file that a form names, and what it is to be there: what is wrong with it depends on all three.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Local {
    pub model: Model,
    pub parameter: Parameter,
    pub reference: String,
}

impl Local {
    /// What `parameter` of the form names.
    pub fn of(form: &Form, parameter: Parameter, reference: &str) -> Self {
        Self {
            model: form.model,
            parameter,
            reference: reference.to_owned(),
        }
    }

    /// Looks at the file.
    pub fn look(&self) -> Result<FileFacts, FileError> {
        look(self.model, self.parameter, &self.reference)
    }
}

/// Every local file that the form names.
pub fn local(form: &Form) -> Vec<Local> {
    let named = form.references().filter(|(_, reference)| is_local(reference));
    named
        .map(|(parameter, reference)| Local::of(form, parameter, reference))
        .collect()
}

/// A file read to be uploaded.
pub(super) struct LocalFile {
    pub path: PathBuf,
    pub mime: String,
    /// As [`FileFacts::longest_ms`].
    pub longest_ms: Option<u64>,
    pub bytes: Bytes,
    pub sha256: String,
}

/// Reads and checks every local file that the request names, before any is uploaded.
pub(super) fn read_all(probe: &Request) -> Result<Vec<LocalFile>, FileError> {
    let mut files: Vec<LocalFile> = Vec::new();
    for local in local(&probe.form) {
        if files
            .iter()
            .all(|known| known.path != Path::new(&local.reference))
        {
            files.push(read(local.model, local.parameter, &local.reference)?);
        }
    }
    Ok(files)
}

/// Reads a file once: the bytes that are checked are the bytes that are sent.
fn read(model: Model, parameter: Parameter, reference: &str) -> Result<LocalFile, FileError> {
    let path = PathBuf::from(reference);
    let (file, _) = open(model, parameter, &path)?;
    let mut bytes = Vec::new();
    let max = model.reference_bytes(parameter.file_medium());
    let failed = failed(parameter, &path);
    let read = file.take(max + 1).read_to_end(&mut bytes);
    read.map_err(|error| failed(Fault::Unreadable(error)))?;
    let bytes = Bytes::from(bytes);
    let length = bytes.len() as u64;
    if length > max {
        return Err(failed(Fault::TooLarge { bytes: length, max }));
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

#[cfg(test)]
mod tests;

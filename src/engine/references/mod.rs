//! Local files named as references: what they are, and whether the API accepts them. Reads the disk, asks nobody.

use std::fs::{File, FileType};
use std::io::{Cursor, Read};
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use sha2::{Digest, Sha256};

use crate::media::{self, Flaw, OpenError, Probed, Source};
use crate::model::draft::is_local;
use crate::model::invalid::Field;
use crate::model::text::{hex, tenths};
use crate::model::{Draft, Request, Seed};

mod error;
mod paths;

pub use error::FileError;
use error::MIB;
pub use paths::{Paths, at_home, paths_like};

/// Bytes from which a file's kind is detected.
const HEAD: u64 = 8192;
/// Shortest and longest reference video, longest reference audio, in milliseconds (Segmind, Seedance 2.0 model
/// page, parameter table).
const VIDEO_MS: (u64, u64) = (2000, 15_000);
const AUDIO_MS: (u64, u64) = (0, 15_000);
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
    pub doubt: Option<String>,
}

/// Looks at a local file that `field` names.
pub fn look(field: Field, reference: &str) -> Result<FileFacts, FileError> {
    let path = Path::new(reference);
    let (file, bytes) = open(field, path)?;
    facts(field, path, bytes, file)
}

/// Opens the file that `field` names. Everything is read from this handle, so a file that takes its name meanwhile does
/// no harm.
fn open(field: Field, path: &Path) -> Result<(File, u64), FileError> {
    let (file, bytes) = media::open_file(&at_home(path)).map_err(|error| match error {
        OpenError::Io(error) => unreadable(field, path, error),
        OpenError::NotAFile(kind) => FileError::NotAFile {
            field,
            path: path.to_owned(),
            found: kind_of(kind),
        },
    })?;
    let max = max_bytes(field);
    if bytes > max {
        return Err(FileError::TooLarge {
            field,
            path: path.to_owned(),
            bytes,
            max,
        });
    }
    Ok((file, bytes))
}

fn unreadable(field: Field, path: &Path, error: std::io::Error) -> FileError {
    FileError::Unreadable {
        field,
        path: path.to_owned(),
        error,
    }
}

/// Checks what is in an opened file, or in its bytes.
fn facts(field: Field, path: &Path, bytes: u64, mut source: impl Source) -> Result<FileFacts, FileError> {
    let mut head = Vec::new();
    let read = source
        .by_ref()
        .take(HEAD)
        .read_to_end(&mut head)
        .and_then(|_| source.rewind());
    read.map_err(|error| unreadable(field, path, error))?;
    let wrong_kind = |found: &str| FileError::WrongKind {
        field,
        path: path.to_owned(),
        found: found.to_owned(),
    };
    let mime = infer::get(&head).map_or("of no known kind", |kind| kind.mime_type());
    if !mime.starts_with(kind_prefix(field)) {
        return Err(wrong_kind(mime));
    }
    let probed = match field {
        Field::Videos => media::probe_video(path, source),
        Field::Audios => media::probe_sound(path, mime, source),
        _ => media::probe_picture(path, mime, source),
    };
    let probed = probed.map_err(|flaw| match flaw {
        Flaw::NoPictures => wrong_kind("a video file without pictures"),
        Flaw::Damaged(what) => FileError::Damaged {
            field,
            path: path.to_owned(),
            what,
        },
    })?;
    let accepted = if field == Field::Videos {
        VIDEO_MS
    } else {
        AUDIO_MS
    };
    match probed.millis {
        Some(millis) if millis + SLACK_MS < accepted.0 || millis > accepted.1 + SLACK_MS => {
            Err(FileError::WrongLength {
                field,
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
            doubt: doubt(field, path, &probed, accepted),
        }),
    }
}

/// What cannot be made sure of, as "what: next step".
fn doubt(field: Field, path: &Path, probed: &Probed, accepted: (u64, u64)) -> Option<String> {
    let (path, wire) = (path.display(), field.wire());
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

/// Looks at every local file that the draft names.
pub fn looked(draft: &Draft) -> Vec<Result<FileFacts, FileError>> {
    let named = local(draft).into_iter();
    named.map(|(field, reference)| look(field, &reference)).collect()
}

/// Every local file that the draft names, with the field that names it.
pub fn local(draft: &Draft) -> Vec<(Field, String)> {
    let probe = draft.request(Seed::draw(&mut fastrand::Rng::with_seed(0)));
    let local = probe.addresses().filter(|(_, reference)| is_local(reference));
    local
        .map(|(field, reference)| (field, reference.to_owned()))
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
    for (field, reference) in probe.addresses().filter(|(_, reference)| is_local(reference)) {
        let path = PathBuf::from(reference);
        if files.iter().all(|known| known.path != path) {
            files.push(read(field, reference)?);
        }
    }
    Ok(files)
}

/// Reads a file once: the bytes that are checked are the bytes that are sent.
fn read(field: Field, reference: &str) -> Result<LocalFile, FileError> {
    let path = PathBuf::from(reference);
    let (file, _) = open(field, &path)?;
    let mut bytes = Vec::new();
    let max = max_bytes(field);
    let read = file.take(max + 1).read_to_end(&mut bytes);
    read.map_err(|error| unreadable(field, &path, error))?;
    let bytes = Bytes::from(bytes);
    let length = bytes.len() as u64;
    if length > max {
        return Err(FileError::TooLarge {
            field,
            path,
            bytes: length,
            max,
        });
    }
    let facts = facts(field, &path, length, Cursor::new(bytes.clone()))?;
    let sha256 = hex(&Sha256::digest(&bytes));
    Ok(LocalFile {
        path,
        mime: facts.mime,
        longest_ms: facts.longest_ms,
        bytes,
        sha256,
    })
}

/// Limits of one reference (Segmind, Seedance 2.0 model page, parameter table).
const fn max_bytes(field: Field) -> u64 {
    match field {
        Field::Videos => 50 * MIB,
        Field::Audios => 15 * MIB,
        _ => 30 * MIB,
    }
}

const fn kind_prefix(field: Field) -> &'static str {
    match field {
        Field::Videos => "video/",
        Field::Audios => "audio/",
        _ => "image/",
    }
}

#[cfg(test)]
mod tests;

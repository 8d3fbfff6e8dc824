//! Local files named as references: what they are, and whether the API takes them. Reads the disk, asks nobody.

use std::fs::{File, FileType};
use std::io::Read;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use sha2::{Digest, Sha256};

use crate::media;
use crate::model::draft::is_local;
use crate::model::invalid::Field;
use crate::model::{Draft, Request, Seed};

mod paths;

pub use paths::{Paths, paths_like};

const MIB: u64 = 1024 * 1024;
/// Bytes by which a file's kind is known.
const HEAD: u64 = 8192;
/// Shortest and longest reference video, longest reference audio, in milliseconds (Segmind, Seedance 2.0 model
/// page, parameter table).
const VIDEO_MS: (u64, u64) = (2000, 15_000);
const AUDIO_MS: (u64, u64) = (0, 15_000);
/// Players and headers disagree by so much, in milliseconds.
const SLACK_MS: u64 = 200;

/// Why a local file cannot be a reference.
///
/// Each reads "what: next step", and nothing after the last `": "` but the step: readers set the two apart there.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    #[error("cannot read {} for {} ({error}): give a readable file or an http(s) address", path.display(), field.wire())]
    Unreadable {
        field: Field,
        path: PathBuf,
        error: std::io::Error,
    },
    #[error("{} is {found}, {} takes {}: give a file or an http(s) address", path.display(), field.wire(), wanted(*field))]
    NotAFile {
        field: Field,
        path: PathBuf,
        /// `a folder`
        found: &'static str,
    },
    #[error("{} is {found}, {} takes {}: give another file", path.display(), field.wire(), wanted(*field))]
    WrongKind {
        field: Field,
        path: PathBuf,
        found: String,
    },
    #[error("{} has {} MiB, {} takes at most {} MiB: make it smaller", path.display(), bytes.div_ceil(MIB), field.wire(), most / MIB)]
    TooLarge {
        field: Field,
        path: PathBuf,
        bytes: u64,
        most: u64,
    },
    #[error(
        "{} lasts {}.{} s, {} takes {} to {} s: {}",
        path.display(), millis / 1000, millis % 1000 / 100, field.wire(), accepted.0 / 1000, accepted.1 / 1000,
        if *millis > accepted.1 { "cut it" } else { "give a longer one" }
    )]
    WrongLength {
        field: Field,
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
    /// Length of a film or sound, where its header tells it.
    pub millis: Option<u64>,
}

/// Looks at a local file that `field` names.
///
/// # Errors
/// [`FileError`].
pub fn look(field: Field, reference: &str) -> Result<FileFacts, FileError> {
    let path = Path::new(reference);
    let unreadable = |error| FileError::Unreadable {
        field,
        path: path.to_owned(),
        error,
    };
    let at = at_home(path);
    // Before it is opened: a pipe would wait for its writer, a terminal for its user.
    let about = std::fs::metadata(&at).map_err(unreadable)?;
    if !about.is_file() {
        return Err(FileError::NotAFile {
            field,
            path: path.to_owned(),
            found: no_file(about.file_type()),
        });
    }
    let bytes = about.len();
    let most = most_bytes(field);
    if bytes > most {
        return Err(FileError::TooLarge {
            field,
            path: path.to_owned(),
            bytes,
            most,
        });
    }
    let mut head = Vec::new();
    let file = File::open(&at).map_err(unreadable)?;
    file.take(HEAD).read_to_end(&mut head).map_err(unreadable)?;
    let mime = infer::get(&head).map(|kind| kind.mime_type().to_owned());
    let mime = mime.filter(|mime| mime.starts_with(kind_prefix(field)));
    let Some(mime) = mime else {
        let found = infer::get(&head).map_or_else(
            || "of no known kind".to_owned(),
            |kind| kind.mime_type().to_owned(),
        );
        return Err(FileError::WrongKind {
            field,
            path: path.to_owned(),
            found,
        });
    };
    let millis = length(field, &at);
    let accepted = if field == Field::Videos {
        VIDEO_MS
    } else {
        AUDIO_MS
    };
    match millis {
        Some(millis) if millis + SLACK_MS < accepted.0 || millis > accepted.1 + SLACK_MS => {
            Err(FileError::WrongLength {
                field,
                path: path.to_owned(),
                millis,
                accepted,
            })
        }
        _ => Ok(FileFacts { mime, bytes, millis }),
    }
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

/// How long a film or a sound lasts; `None` where the header does not tell.
fn length(field: Field, at: &Path) -> Option<u64> {
    match field {
        Field::Videos => media::inspect(at).ok().map(|movie| movie.duration_ms),
        Field::Audios => media::sound_ms(at),
        _ => None,
    }
}

/// What is wrong with the draft's local references: missing, unreadable, too large, too long, of another kind.
#[must_use]
pub fn unusable(draft: &Draft) -> Vec<FileError> {
    local(draft)
        .into_iter()
        .filter_map(|(field, reference)| look(field, &reference).err())
        .collect()
}

/// Every local file that the draft names, with the field that names it.
#[must_use]
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
    /// Length of a film or sound, where its header tells it.
    pub millis: Option<u64>,
    pub bytes: Bytes,
    pub sha256: String,
}

/// Every local file that the request names, read and checked before any is uploaded.
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

fn read(field: Field, reference: &str) -> Result<LocalFile, FileError> {
    let facts = look(field, reference)?;
    let path = PathBuf::from(reference);
    let bytes = std::fs::read(at_home(&path)).map_err(|error| FileError::Unreadable {
        field,
        path: path.clone(),
        error,
    })?;
    let sha256 = Sha256::digest(&bytes)
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    Ok(LocalFile {
        path,
        mime: facts.mime,
        millis: facts.millis,
        bytes: Bytes::from(bytes),
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

/// Limits of one reference (Segmind, Seedance 2.0 model page, parameter table).
const fn most_bytes(field: Field) -> u64 {
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

const fn wanted(field: Field) -> &'static str {
    match field {
        Field::Videos => "a video",
        Field::Audios => "a sound file",
        _ => "a picture",
    }
}

#[cfg(test)]
#[path = "files_tests.rs"]
mod tests;

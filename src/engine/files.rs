//! Local files named as references: what they are, and whether the API takes them. Reads the disk, asks nobody.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use sha2::{Digest, Sha256};

use crate::media;
use crate::model::draft::is_local;
use crate::model::invalid::Field;
use crate::model::{Draft, Request, Seed};

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
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    #[error("{}: cannot read {}: {error}. Give a readable file or an http(s) address.", field.wire(), path.display())]
    Unreadable {
        field: Field,
        path: PathBuf,
        error: std::io::Error,
    },
    #[error("{}: {} is {found}; {} is wanted", field.wire(), path.display(), wanted(*field))]
    WrongKind {
        field: Field,
        path: PathBuf,
        found: String,
    },
    #[error("{}: {} has {} MiB; at most {} MiB are taken", field.wire(), path.display(), bytes.div_ceil(MIB), most / MIB)]
    TooLarge {
        field: Field,
        path: PathBuf,
        bytes: u64,
        most: u64,
    },
    #[error("{}: {} lasts {}.{} s; {} to {} s are taken: cut it", field.wire(), path.display(), millis / 1000, millis % 1000 / 100, accepted.0 / 1000, accepted.1 / 1000)]
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
    let mut file = File::open(&at).map_err(unreadable)?;
    let bytes = file.metadata().map_err(unreadable)?.len();
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
    file.by_ref()
        .take(HEAD)
        .read_to_end(&mut head)
        .map_err(unreadable)?;
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
        bytes: Bytes::from(bytes),
        sha256,
    })
}

/// What `typed` may be the beginning of: files and folders, a folder ending in a stroke; at most `most`, sorted.
/// Hidden ones only when the name begins with a dot.
#[must_use]
pub fn paths_like(typed: &str, most: usize) -> Vec<String> {
    let (folder, name) = typed
        .rsplit_once('/')
        .map_or(("", typed), |(folder, name)| (&typed[..=folder.len()], name));
    let place = if folder.is_empty() { "." } else { folder };
    let Ok(entries) = std::fs::read_dir(at_home(Path::new(place))) else {
        return Vec::new();
    };
    let fits = |entry: &std::fs::DirEntry| {
        let own = entry.file_name();
        let own = own.to_string_lossy();
        own.starts_with(name) && (name.starts_with('.') || !own.starts_with('.'))
    };
    let mut found: Vec<String> = entries
        .filter_map(Result::ok)
        .filter(fits)
        .filter_map(|entry| {
            let own = entry.file_name().into_string().ok()?;
            let is_folder = entry.path().is_dir();
            Some(format!("{folder}{own}{}", if is_folder { "/" } else { "" }))
        })
        .collect();
    found.sort();
    found.truncate(most);
    found
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
mod tests {
    use super::*;

    /// A silent WAV of so many milliseconds: 8 kHz, one channel, 8 bits.
    fn wav(ms: u32) -> Vec<u8> {
        let count = ms * 8;
        let mut wav = Vec::new();
        wav.extend(b"RIFF");
        wav.extend((36 + count).to_le_bytes());
        wav.extend(b"WAVEfmt ");
        wav.extend(16_u32.to_le_bytes());
        wav.extend([1, 0, 1, 0]);
        wav.extend(8000_u32.to_le_bytes());
        wav.extend(8000_u32.to_le_bytes());
        wav.extend([1, 0, 8, 0]);
        wav.extend(b"data");
        wav.extend(count.to_le_bytes());
        wav.resize(wav.len() + count as usize, 128);
        wav
    }

    #[test]
    fn a_sound_is_measured_and_one_too_long_refused() {
        let dir = tempfile::tempdir().unwrap();
        let (short, long) = (dir.path().join("s.wav"), dir.path().join("l.wav"));
        std::fs::write(&short, wav(4000)).unwrap();
        std::fs::write(&long, wav(16_000)).unwrap();
        let facts = look(Field::Audios, short.to_str().unwrap()).unwrap();
        assert_eq!((facts.millis, facts.bytes), (Some(4000), 32_044));
        let error = look(Field::Audios, long.to_str().unwrap()).unwrap_err();
        assert!(
            error
                .to_string()
                .ends_with("lasts 16.0 s; 0 to 15 s are taken: cut it"),
            "{error}"
        );
        let error = look(Field::Images, short.to_str().unwrap()).unwrap_err();
        assert!(error.to_string().ends_with("a picture is wanted"), "{error}");
        let error = look(Field::Images, "/nowhere/at/all.png").unwrap_err();
        assert!(matches!(error, FileError::Unreadable { .. }), "{error}");
    }

    #[test]
    fn paths_are_completed_folder_by_folder() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("stills")).unwrap();
        for name in ["still 1.png", "story.txt", ".hidden"] {
            std::fs::write(dir.path().join(name), "x").unwrap();
        }
        let root = format!("{}/", dir.path().display());
        let found = |typed: &str| -> Vec<String> {
            let found = paths_like(&format!("{root}{typed}"), 9);
            found.iter().map(|path| path[root.len()..].to_owned()).collect()
        };
        assert_eq!(found("sti"), ["still 1.png", "stills/"]);
        assert_eq!(found(""), ["still 1.png", "stills/", "story.txt"]);
        assert_eq!(found(".h"), [".hidden"]);
        assert_eq!(found("no/where"), Vec::<String>::new());
        assert_eq!(paths_like(&root, 1).len(), 1);
    }
}

//! A film that has come: checked, and given its name. What was checked is known again by its hash.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::media::{self, MovieInfo};
use crate::model::text::hex;

use super::undelivered::Undelivered;
use super::{fit, part, place};

/// Bytes that are the film.
pub(super) struct Checked {
    pub bytes: u64,
    /// 64 lower-case hex digits.
    pub sha256: String,
    /// What its header says, or why it cannot be read.
    pub info: Result<MovieInfo, String>,
}

/// What is accepted of a film.
#[derive(Debug, Clone, Default)]
pub(super) struct Accepted {
    /// Its length; any when it is not known.
    pub wanted_ms: Option<u64>,
    /// All that arrived is known: it came in the announced length.
    pub is_whole: bool,
    /// A film of this hash came so often that it is kept although it cannot be read.
    pub unreadable: Option<String>,
}

/// A film that has been checked and bears its name.
pub(super) struct Delivered {
    pub path: PathBuf,
    pub film: Checked,
    /// Where a film lies now that had the name before.
    pub other: Option<PathBuf>,
}

/// Checks the part of the film at `path`. What is not the film is set aside, so that the next try starts afresh and
/// the user can look at it. Blocks.
pub(super) fn check(path: &Path, accepted: &Accepted) -> Result<Checked, Undelivered> {
    let part = part::of(path);
    let hash = || hashed(&part).map_err(Undelivered::io("cannot read", &part));
    let set_aside = || {
        let aside = part::aside(path);
        std::fs::rename(&part, &aside).map_err(Undelivered::io("cannot set aside", &part))?;
        Ok::<_, Undelivered>(format!("it is kept as {}", aside.display()))
    };
    let info = match media::inspect(&part) {
        Ok(info) => info,
        Err(wrong) => {
            let unreadable = wrong.unreadable();
            let Some(what) = unreadable.filter(|_| accepted.is_whole && media::looks_like_video(&part))
            else {
                return Err(Undelivered::NotTheFilm(format!("{wrong}; {}", set_aside()?)));
            };
            let (bytes, sha256) = hash()?;
            if accepted.unreadable.as_ref() == Some(&sha256) {
                let info = Err(what);
                return Ok(Checked { bytes, sha256, info });
            }
            let what = format!("{what}; {}", set_aside()?);
            return Err(Undelivered::UnreadableVideo { what, sha256 });
        }
    };
    if let Some(wrong) = fit::wrong_length(info.duration_ms, accepted.wanted_ms) {
        return Err(Undelivered::WrongLength(format!("{wrong}; {}", set_aside()?)));
    }
    let (bytes, sha256) = hash()?;
    let info = Ok(info);
    Ok(Checked { bytes, sha256, info })
}

/// Gives a checked part the name `path`; what bears it already is kept unless it is the same. Blocks.
pub(super) fn name(film: Checked, path: PathBuf, now: Timestamp) -> Result<Delivered, Undelivered> {
    let part = part::of(&path);
    let other = if is_there(&path, &film.sha256) {
        std::fs::rename(&part, &path).map(|()| None)
    } else {
        place::give_name(&part, &path, now)
    };
    let other = other.map_err(Undelivered::io("cannot name", &path))?;
    keep_name(&path).map_err(Undelivered::io("cannot keep", &path))?;
    Ok(Delivered { path, film, other })
}

/// The film at `path`, when an earlier run checked it, noted its hash and gave it its name, but ended before it was
/// saved. Any other film there is not the take's, whatever its age: numbers may be given out again after an older
/// store was put back. Blocks.
pub(super) fn named_before(path: PathBuf, noted: &str) -> Option<Delivered> {
    let info = media::inspect(&path).map_err(|wrong| wrong.unreadable().unwrap_or_else(|| wrong.to_string()));
    let (bytes, sha256) = hashed(&path).ok().filter(|(_, sha256)| sha256 == noted)?;
    keep_name(&path).ok()?;
    let film = Checked { bytes, sha256, info };
    Some(Delivered {
        path,
        film,
        other: None,
    })
}

/// Returns when the file's name is on the disk.
fn keep_name(path: &Path) -> io::Result<()> {
    let folder = path.parent().ok_or(io::ErrorKind::InvalidFilename)?;
    std::fs::File::open(folder)?.sync_all()
}

/// Whether what lies at `path` has that hash. Blocks.
pub(super) fn is_there(path: &Path, sha256: &str) -> bool {
    hashed(path).is_ok_and(|(_, there)| there == sha256)
}

/// Size and SHA-256 of what lies at `path`; the bytes are on the disk when it returns.
fn hashed(path: &Path) -> io::Result<(u64, String)> {
    let mut file = std::fs::File::open(path)?;
    let (mut hasher, mut bytes, mut chunk) = (Sha256::new(), 0, vec![0; 1 << 16]);
    loop {
        let n = file.read(&mut chunk)?;
        if n == 0 {
            file.sync_all()?;
            return Ok((bytes, hex(&hasher.finalize())));
        }
        hasher.update(&chunk[..n]);
        bytes += n as u64;
    }
}

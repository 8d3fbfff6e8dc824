//! Checks a downloaded video and renames it. A checked video is recognized by its hash.

use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::engine::file_names;
use crate::files;
use crate::media::{self, MovieInfo};
use crate::model::TakeId;
use crate::model::text::hex;

use super::error::Undelivered;
use super::folder::Names;
use super::{expected, partial};

/// A video that passed the checks.
pub struct CheckedVideo {
    pub bytes: u64,
    /// 64 lower-case hex digits.
    pub sha256: String,
    /// What its header says, or why it cannot be read.
    pub info: Result<MovieInfo, String>,
}

/// What is accepted as the video.
#[derive(Debug, Clone, Default)]
pub struct Acceptance {
    /// Its length; any length when it is not known.
    pub wanted_ms: Option<u64>,
    /// It arrived in the announced length.
    pub is_whole: bool,
    /// A file with this hash came so often that it is kept although it cannot be read.
    pub unreadable: Option<String>,
}

/// A video that has been checked and renamed.
pub struct Delivered {
    pub path: PathBuf,
    /// Where an earlier download may be kept that was not the video.
    pub aside: PathBuf,
    pub video: CheckedVideo,
    /// Where another video is kept that had the name before.
    pub other: Option<PathBuf>,
}

/// Checks the partial download of the video whose working name is `path`. A file that is not the video is set aside, so that the next try
/// starts from nothing and the user can look at it. Blocks.
pub fn check(path: &Path, accepted: &Acceptance) -> Result<CheckedVideo, Undelivered> {
    let part = partial::of(path);
    let hash = || hashed(&part).map_err(Undelivered::io("cannot read", &part));
    let set_aside = || {
        let aside = partial::aside(path);
        std::fs::rename(&part, &aside).map_err(Undelivered::io("cannot set aside", &part))?;
        Ok::<_, Undelivered>(format!("it is kept as {}", aside.display()))
    };
    let info = match media::inspect(&part) {
        Ok(info) => info,
        Err(wrong) => {
            let unreadable = wrong.unreadable();
            let Some(what) = unreadable.filter(|_| accepted.is_whole && media::looks_like_video(&part))
            else {
                return Err(Undelivered::NotTheVideo(format!("{wrong}; {}", set_aside()?)));
            };
            let (bytes, sha256) = hash()?;
            if accepted.unreadable.as_ref() == Some(&sha256) {
                let info = Err(what);
                return Ok(CheckedVideo { bytes, sha256, info });
            }
            let what = format!("{what}; {}", set_aside()?);
            return Err(Undelivered::UnreadableVideo { what, sha256 });
        }
    };
    if let Some(wrong) = expected::wrong_length(info.duration_ms, accepted.wanted_ms) {
        return Err(Undelivered::WrongLength(format!("{wrong}; {}", set_aside()?)));
    }
    let (bytes, sha256) = hash()?;
    let info = Ok(info);
    Ok(CheckedVideo { bytes, sha256, info })
}

/// Gives a checked partial download its name; another file of that name is kept aside. Blocks.
pub fn name(video: CheckedVideo, names: Names, now: Timestamp) -> Result<Delivered, Undelivered> {
    let (part, aside) = (partial::of(&names.working), partial::aside(&names.working));
    let path = names.saved;
    let other = if has_hash(&path, &video.sha256) {
        std::fs::rename(&part, &path).map(|()| None)
    } else {
        file_names::give_name(&part, &path, now)
    };
    let other = other.map_err(Undelivered::io("cannot name", &path))?;
    sync_name(&path).map_err(Undelivered::io("cannot keep", &path))?;
    Ok(Delivered {
        path,
        aside,
        video,
        other,
    })
}

/// The video, if an earlier run checked it, noted its hash and gave it its name, but ended before the take was saved.
/// The pattern of names may have changed since then, so it is looked for under others too. Any other video there is not the take's, whatever its age: numbers may be given out again after an older
/// store was put back. Blocks.
pub fn named_before(names: Names, take: TakeId, noted: &str) -> Option<Delivered> {
    let aside = partial::aside(&names.working);
    let others = file_names::maybe_of(names.saved.parent()?, take);
    let path = std::iter::once(names.saved)
        .chain(others)
        .find(|path| has_hash(path, noted))?;
    let info = media::inspect(&path).map_err(|wrong| wrong.unreadable().unwrap_or_else(|| wrong.to_string()));
    let (bytes, sha256) = hashed(&path).ok().filter(|(_, sha256)| sha256 == noted)?;
    sync_name(&path).ok()?;
    Some(Delivered {
        path,
        aside,
        video: CheckedVideo { bytes, sha256, info },
        other: None,
    })
}

/// Returns when the file's name is on the disk.
fn sync_name(path: &Path) -> io::Result<()> {
    let folder = path.parent().ok_or(io::ErrorKind::InvalidFilename)?;
    std::fs::File::open(folder)?.sync_all()
}

/// Whether the file at `path` has this hash. Blocks.
pub fn has_hash(path: &Path, sha256: &str) -> bool {
    hashed(path).is_ok_and(|(_, there)| there == sha256)
}

/// Size and SHA-256 of the file at `path`; its bytes are on the disk when it returns.
fn hashed(path: &Path) -> io::Result<(u64, String)> {
    let file = std::fs::File::open(path)?;
    let (bytes, hash) = files::sha256(&file)?;
    file.sync_all()?;
    Ok((bytes, hex(&hash)))
}

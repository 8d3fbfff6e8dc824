//! The first and the last frame of a saved take, as a file beside its video, for the form of another take.

use std::io::Write;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use url::Url;

use crate::engine::bin::picture_beside;
use crate::files::{NewFile, NewFileError};
use crate::media;
use crate::model::Take;
use crate::model::origin::is_loopback;
use crate::model::take::VIDEOS_KEPT;

use super::problem::{Kind, Problem};
use super::queue::{Change, Queue};

/// Names that are tried when others are taken.
const MAX_NAMES: u32 = 100;

/// Which picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    First,
    Last,
}

/// Saves the first frame of a take beside its video; returns the file.
///
/// # Errors
/// The take has no video; the video cannot be read; the picture cannot be written.
pub fn first_of(take: &Take) -> Result<String, Problem> {
    save(take, Which::First).and_then(|file| text(&file))
}

/// The last frame of a take: its URL while the provider keeps it, else a file, which is taken from the saved video where
/// there is none yet.
///
/// # Errors
/// As for [`first_of`].
pub fn last_of(queue: &Queue, take: &Take, now: Timestamp) -> Result<String, Problem> {
    if let Some(url) = living_url(take, now) {
        return Ok(url.to_owned());
    }
    if let Some(file) = take.last_frame_file.as_ref().filter(|file| file.exists()) {
        return text(file);
    }
    let file = save(take, Which::Last)?;
    queue.change(take.id, Change::LastFrame(file.clone()))?;
    text(&file)
}

/// The URL of the last frame, unless it has expired or is on this machine, where it ends with the sandbox.
fn living_url(take: &Take, now: Timestamp) -> Option<&str> {
    let url = take.last_frame_url.as_deref()?;
    let is_here = Url::parse(url).is_ok_and(|url| is_loopback(&url));
    let kept = take.times.rendered?.checked_add(VIDEOS_KEPT).ok()?;
    (!is_here && kept > now).then_some(url)
}

/// Writes the picture beside the video. A file that is there already is used when it is the same picture, and never
/// overwritten.
fn save(take: &Take, which: Which) -> Result<PathBuf, Problem> {
    let id = take.id;
    let video = take
        .file
        .as_ref()
        .ok_or_else(|| Problem::new(Kind::Usage, take.why_no_video(), "choose a saved take"))?;
    let picture = match which {
        Which::First => media::first_frame_png(video),
        Which::Last => media::last_frame_png(video),
    };
    let picture = picture.map_err(|error| {
        let why = format!("no picture of take {id} can be read: {error}");
        Problem::new(Kind::Other, why, "")
    })?;
    let word = match which {
        Which::First => "first",
        Which::Last => "last",
    };
    for n in 1..MAX_NAMES {
        let name = picture_beside(video, word, n, "png");
        if std::fs::read(&name).is_ok_and(|there| there == picture) {
            return Ok(name);
        }
        match write(&name, &picture) {
            Err(NewFileError::Exists { .. }) => {}
            Err(error) => return Err(Problem::because(error)),
            Ok(()) => return Ok(name),
        }
    }
    Err(Problem::because(format!(
        "the pictures beside {} have all names already",
        video.display()
    )))
}

fn write(path: &Path, picture: &[u8]) -> Result<(), NewFileError> {
    let mut file = NewFile::create(path)?;
    if let Err(error) = file.out().write_all(picture) {
        return Err(file.failed(error));
    }
    file.finish().map(drop)
}

fn text(path: &Path) -> Result<String, Problem> {
    let text = path.to_str().map(str::to_owned);
    text.ok_or_else(|| Problem::because(format!("the name of {} is not UTF-8", path.display())))
}

//! Joins videos without encoding them anew: their pictures and sounds are copied as they are, and one header describes
//! them all.
//!
//! A part is the time in which a video's pictures are shown. Its sound is placed so that sound and picture of each
//! part start together: frames of sound that lie outside of the part are left out, and the last one before a seam
//! lasts as long as needed. What an edit list hides stays hidden.

mod agree;
mod command;
mod entry;
mod error;
mod layout;
mod movie;
mod part;
mod pictures;
mod sounds;
mod tables;
mod track;
mod walk;

use std::path::{Path, PathBuf};

use crate::files::NewFile;

use super::guard::guarded;

pub use agree::Difference;
pub(super) use error::Fault;
pub use error::JoinError;
pub(super) use part::Part;

use movie::NewMovie;

/// What was joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Joined {
    /// Bytes of the new video.
    pub bytes: u64,
    /// Pictures in it: as many as in all its parts.
    pub frames: u32,
    /// How long its pictures are shown.
    pub duration_ms: u64,
    /// Whether it has sound.
    pub has_sound: bool,
    /// Tracks of the parts that are neither the first pictures nor the first sound, and were left out.
    pub tracks_left_out: usize,
}

/// Joins the videos `files`, in this order, into the new video `to`, without encoding anything anew.
///
/// They have to agree in codec and its parameters, in size, and in their sound. A video may be named more than once.
///
/// # Errors
/// [`JoinError`]: a video that cannot be read, two that do not agree (with the ffmpeg command that joins them all the
/// same), or a file that is at `to` already. Nothing is left at `to` then, and the videos are never altered.
pub fn join(files: &[PathBuf], to: &Path) -> Result<Joined, JoinError> {
    if files.len() < 2 {
        return Err(JoinError::TooFew { given: files.len() });
    }
    // Opened first: a name that is taken is said before long work.
    let mut new = NewFile::create(to)?;
    let mut parts = Vec::with_capacity(files.len());
    for path in files {
        parts.push(part(path).map_err(|fault| JoinError::of(fault, path, files, to))?);
    }
    if let Some((first, second, difference)) = agree::first_difference(&parts) {
        let (first, second) = (&files[first], &files[second]);
        return Err(JoinError::differ(first, second, difference, files, to));
    }
    let tracks_left_out = parts.iter().map(|part| part.tracks_left_out).sum();
    let video = NewMovie::of(parts).map_err(|(part, fault)| JoinError::of(fault, &files[part], files, to))?;
    video.write(&mut new)?;
    Ok(Joined {
        bytes: new.finish()?,
        frames: video.frames(),
        duration_ms: video.duration_ms(),
        has_sound: video.has_sound(),
        tracks_left_out,
    })
}

/// Reads a video's header where neither a panic nor an endless loop does harm.
fn part(path: &Path) -> Result<Part, Fault> {
    let owned = path.to_owned();
    guarded(path, move || Ok(Part::open(&owned)))?
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;

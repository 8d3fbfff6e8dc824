//! Gives the small pictures of a video, from the cache or made now.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use crate::files;
use crate::media::cancel::Cancel;
use crate::media::error::{MediaError, VideoProblem};
use crate::media::video::{Shown, Video, Wanted};
use crate::model::text::hex;

use super::folder::Folder;
use super::strip::{self, Still};

/// The longer side of a thumbnail, in pixels.
pub const THUMBNAIL_SIDE: u32 = 320;
/// The most thumbnails of one video; moments beyond them are left out.
pub const MAX_MOMENTS: usize = 64;
/// How soon a cancellation is noticed by one that waits for another that makes the same.
const NOTICED_WITHIN: Duration = Duration::from_millis(20);

/// Small pictures of videos, kept in a folder of the cache by the SHA-256 of the video.
///
/// Clones share one state. All of it blocks; use it off the event loop. What is held while they are made is one video
/// as [`Video`] bounds it and its thumbnails, of at most 300 kB each.
#[derive(Clone)]
pub struct Thumbnails {
    inner: Arc<Inner>,
    /// Behind the hash in the names of the files.
    set: &'static str,
}

struct Inner {
    folder: Folder,
    /// The hashes of the videos whose thumbnails are being made by this process.
    making: Mutex<HashSet<String>>,
    made: Condvar,
}

impl Thumbnails {
    /// Keeps them in a folder below `cache`, at most `max_bytes` of all; with 0 they are made each time.
    pub fn new(cache: &Path, max_bytes: u64) -> Self {
        Self {
            inner: Arc::new(Inner {
                folder: Folder::new(cache.join("thumbnails"), max_bytes),
                making: Mutex::default(),
                made: Condvar::new(),
            }),
            set: "",
        }
    }

    /// Another set of thumbnails of the same videos, at other moments, in the same folder and within the same limit; its
    /// `name` stands in the names of the files.
    #[must_use]
    pub fn set(&self, name: &'static str) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            set: name,
        }
    }

    /// The pictures that the video with this hash shows at `moments` (milliseconds), in their order, from the cache
    /// alone. Each comes with the time from which it is shown.
    pub fn cached(&self, sha256: &str, moments: &[u64]) -> Option<Vec<Shown>> {
        let stills = strip::decode(&self.inner.folder.read(&self.name_of(sha256)?)?)?;
        let find = |moment: &u64| stills.iter().find(|still| still.moment == *moment);
        let found: Option<Vec<&Still>> = moments.iter().take(MAX_MOMENTS).map(find).collect();
        Some(
            found?
                .into_iter()
                .map(|still| (still.shown, still.picture.clone()))
                .collect(),
        )
    }

    /// The same from the cache, or made now from `file` and kept. Where the hash is none, nothing is kept.
    ///
    /// # Errors
    /// The file cannot be read or decoded, or is not the one with this hash; or it was cancelled, which is noticed
    /// between pictures. That the cache cannot be written is no error: see [`Self::trouble`].
    pub fn of(
        &self,
        sha256: &str,
        file: &Path,
        moments: &[u64],
        cancel: &Cancel,
    ) -> Result<Vec<Shown>, MediaError> {
        let Some(name) = self.name_of(sha256) else {
            return Ok(in_order(make(file, moments, cancel)?));
        };
        if let Some(cached) = self.cached(sha256, moments) {
            return Ok(cached);
        }
        let _turn = self.turn(sha256, file, cancel)?;
        // Another thread may have made them meanwhile.
        if let Some(cached) = self.cached(sha256, moments) {
            return Ok(cached);
        }
        check_content(sha256, file, cancel)?;
        let stills = make(file, moments, cancel)?;
        if !stills.is_empty() {
            let mut kept = stills.clone();
            kept.sort_by_key(|still| still.moment);
            kept.dedup_by_key(|still| still.moment);
            // Pictures of several sizes are made again each time.
            if let Ok(strip) = strip::encode(&kept) {
                self.inner.folder.write(&name, &strip);
            }
        }
        Ok(in_order(stills))
    }

    /// The name of the file in the cache; `None` if this is no hash, since nothing from outside becomes a path.
    fn name_of(&self, sha256: &str) -> Option<String> {
        let is_hash = sha256.len() == 64
            && sha256
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        is_hash.then(|| format!("{sha256}{}.png", self.set))
    }

    /// Why nothing can be kept, and what to do, in sentences; told once.
    pub fn trouble(&self) -> Option<String> {
        self.inner.folder.trouble()
    }

    /// Waits until no other thread makes the thumbnails of this video.
    fn turn(&self, sha256: &str, file: &Path, cancel: &Cancel) -> Result<Turn<'_>, MediaError> {
        let mut making = self.inner.making.lock().unwrap_or_else(PoisonError::into_inner);
        while !making.insert(sha256.to_owned()) {
            if cancel.is_cancelled() {
                return Err(VideoProblem::Cancelled.at(file));
            }
            let waited = self.inner.made.wait_timeout(making, NOTICED_WITHIN);
            making = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        Ok(Turn {
            inner: &self.inner,
            sha256: sha256.to_owned(),
        })
    }
}

/// The right to make the thumbnails of a video.
struct Turn<'a> {
    inner: &'a Inner,
    sha256: String,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut making = self.inner.making.lock().unwrap_or_else(PoisonError::into_inner);
        making.remove(&self.sha256);
        self.inner.made.notify_all();
    }
}

fn in_order(stills: Vec<Still>) -> Vec<Shown> {
    stills
        .into_iter()
        .map(|still| (still.shown, still.picture))
        .collect()
}

/// Decodes the pictures, each key frame's at once.
fn make(file: &Path, moments: &[u64], cancel: &Cancel) -> Result<Vec<Still>, MediaError> {
    let wanted = Wanted {
        fit: Some((THUMBNAIL_SIDE, THUMBNAIL_SIDE)),
        bytes: None,
    };
    let mut video = Video::open(file, &wanted)?;
    let mut order: Vec<(usize, u64)> = moments.iter().copied().take(MAX_MOMENTS).enumerate().collect();
    order.sort_by_key(|(_, moment)| *moment);
    let mut stills = Vec::with_capacity(order.len());
    for (place, moment) in order {
        if cancel.is_cancelled() {
            return Err(VideoProblem::Cancelled.at(file));
        }
        let (shown, picture) = video.at(moment, cancel)?;
        stills.push((
            place,
            Still {
                moment,
                shown,
                picture,
            },
        ));
    }
    stills.sort_by_key(|(place, _)| *place);
    Ok(stills.into_iter().map(|(_, still)| still).collect())
}

/// Compares the file with its hash: thumbnails of something else must not be kept under it.
fn check_content(sha256: &str, file: &Path, cancel: &Cancel) -> Result<(), MediaError> {
    let source = File::open(file).map_err(|source| MediaError::io(file, source))?;
    let hash = files::sha256(UntilCancelled { source, cancel });
    if cancel.is_cancelled() {
        return Err(VideoProblem::Cancelled.at(file));
    }
    let (_, hash) = hash.map_err(|source| MediaError::io(file, source))?;
    if hex(&hash) == sha256 {
        Ok(())
    } else {
        Err(VideoProblem::OtherContent.at(file))
    }
}

/// A file that ends early when nobody wants its content any more.
struct UntilCancelled<'a> {
    source: File,
    cancel: &'a Cancel,
}

impl Read for UntilCancelled<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.cancel.is_cancelled() {
            return Ok(0);
        }
        self.source.read(into)
    }
}

#[cfg(test)]
#[path = "maker_tests.rs"]
mod tests;

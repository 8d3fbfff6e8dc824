//! Opens a video and gives its pictures one after another, by whichever decoder can.
//!
//! What is held of a video is bounded: at most [`MAX_PAST`] pictures that were shown, of at most [`MAX_PAST_BYTES`]
//! together (two, however large), and what its decoder holds. The built-in one holds at most 16 pictures that wait for
//! an earlier one, in the size that was asked for, and as many that later ones are decoded from, in the video's own
//! size; ffmpeg is another process, and of its pictures at most three are held here. No picture has more than
//! [`MAX_PIXELS`] pixels: the size in the file's header is compared before any picture is decoded, and that of each
//! picture before it is kept.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use super::cancel::Cancel;
use super::error::{MAX_PIXELS, MediaError, VideoProblem};
use super::ffmpeg_frames::FfmpegFrames;
use super::frames::Frames;
use super::guard::guarded;
use super::inspect::{Movie, MovieInfo};
use super::picture::Picture;

/// The most pictures that are kept to go back to without decoding them again: two seconds of them.
const MAX_PAST: usize = 48;
/// The most bytes that these may have.
const MAX_PAST_BYTES: usize = 32 << 20;

/// A picture and when it is shown, in milliseconds from the video's start.
pub type Shown = (u64, Picture);

/// The room in pixels, width and height, that pictures are scaled down to; `None` keeps their size.
pub type Fit = Option<(u32, u32)>;

/// How a video is opened.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// A picture that is larger is scaled down before it is kept, with its shape kept.
    pub fit: Fit,
    /// How many bytes the file must have, where that was noted.
    pub bytes: Option<u64>,
}

impl Wanted {
    /// In its own size; the file must have `bytes`, where that was noted.
    pub fn noted(bytes: Option<u64>) -> Self {
        Self {
            bytes,
            ..Self::default()
        }
    }
}

/// Decodes pictures in the order they are shown. It works until it is dropped, also after it was cancelled.
pub(super) trait Decode: Send {
    /// Goes to the picture that is shown at `ms`, or to the last one, which is returned next.
    fn seek(&mut self, ms: u64);
    /// The next picture; `None` after the last one. When it is cancelled, it stops within one picture.
    fn next(&mut self, cancel: &Cancel) -> Result<Option<Shown>, MediaError>;
    /// When the picture is shown that decoding has to begin with to show the one at `ms`.
    fn lead_in(&self, ms: u64) -> u64;
    /// From when the picture is shown that is shown at `ms`.
    fn begins(&self, ms: u64) -> u64;
    /// How many pictures it holds.
    #[cfg(test)]
    fn held(&self) -> usize;
}

/// An open video at one of its pictures. It keeps its place: the next picture is decoded from the one before.
///
/// All of it blocks; use it off the event loop. The built-in decoder is used, and an `ffmpeg` on PATH from the first
/// picture on that it cannot decode. No call lasts longer than 5 s a picture with the built-in decoder and 20 s with
/// ffmpeg. After [`VideoProblem::Cancelled`] it is where it was before, or at a picture that was asked for since.
pub struct Video {
    path: PathBuf,
    info: MovieInfo,
    fit: Fit,
    /// The program that is used where the built-in decoder gives up.
    ffmpeg: String,
    decoder: Box<dyn Decode>,
    /// The built-in decoder is used.
    is_built_in: bool,
    /// From where the decoder goes on.
    from: u64,
    /// When the current picture is shown; `None` at the start and after a seek.
    at: Option<u64>,
    /// The pictures up to the current one, and those after it that were gone back from.
    past: VecDeque<Shown>,
    /// How many of `past` come after the current one.
    back: usize,
}

impl Video {
    /// Opens the video at `path` before its first picture.
    ///
    /// # Errors
    /// The file is gone, empty, cut off, of another size than noted, no video, or of pictures that are too large. A
    /// codec that neither decoder can decode is an error of the first picture.
    pub fn open(path: &Path, wanted: &Wanted) -> Result<Self, MediaError> {
        Self::open_with(path, wanted, "ffmpeg")
    }

    pub(super) fn open_with(path: &Path, wanted: &Wanted, ffmpeg: &str) -> Result<Self, MediaError> {
        let owned = path.to_owned();
        let movie = guarded(path, move || Movie::open(&owned))?;
        let info = movie.info.clone();
        if let Some(noted) = wanted.bytes.filter(|noted| *noted != info.bytes) {
            let has = info.bytes;
            return Err(VideoProblem::OtherSize { has, noted }.at(path));
        }
        check_size(path, info.width, info.height)?;
        let is_built_in = movie.avc.is_some();
        let decoder: Box<dyn Decode> = if is_built_in {
            Box::new(Frames::new(path, movie, wanted.fit))
        } else {
            Box::new(FfmpegFrames::new(path, &info, wanted.fit, ffmpeg, None))
        };
        Ok(Self {
            path: path.to_owned(),
            info,
            fit: wanted.fit,
            ffmpeg: ffmpeg.to_owned(),
            decoder,
            is_built_in,
            from: 0,
            at: None,
            past: VecDeque::new(),
            back: 0,
        })
    }

    /// What the video's header says.
    pub const fn info(&self) -> &MovieInfo {
        &self.info
    }

    /// Goes to the picture that is shown at `ms`, or to the last one, which is returned by the next call of
    /// [`Self::next`]. Nothing is decoded yet.
    pub fn seek(&mut self, ms: u64) {
        self.decoder.seek(ms);
        self.from = ms;
        self.at = None;
        self.past.clear();
        self.back = 0;
    }

    /// The picture after the current one; `None` after the last one.
    pub fn next(&mut self, cancel: &Cancel) -> Result<Option<Shown>, MediaError> {
        if self.back > 0 {
            self.back -= 1;
            return Ok(self.current());
        }
        while let Some(shown) = self.decode(cancel)? {
            if self.at.is_none_or(|at| shown.0 > at) {
                self.remember(shown);
                return Ok(self.current());
            }
        }
        Ok(None)
    }

    /// The picture before the current one; `None` before the first one. What was not kept is decoded again from the key
    /// frame before.
    pub fn previous(&mut self, cancel: &Cancel) -> Result<Option<Shown>, MediaError> {
        let Some(at) = self.at.filter(|at| *at > 0) else {
            return Ok(None);
        };
        if self.past.len() >= self.back + 2 {
            self.back += 1;
            return Ok(self.current());
        }
        self.past.clear();
        self.back = 0;
        self.from = self.decoder.lead_in(at - 1);
        self.decoder.seek(self.from);
        if let Err(error) = self.refill(at, cancel) {
            self.past.clear();
            self.from = at;
            self.decoder.seek(at);
            return Err(error);
        }
        let later = self.past.iter().filter(|(ms, _)| *ms >= at).count();
        if later == self.past.len() {
            self.back = later.saturating_sub(1);
            return Ok(None);
        }
        self.back = later;
        Ok(self.current())
    }

    /// The picture that is shown at `ms`, or the last one.
    ///
    /// # Errors
    /// As for [`Self::next`]; [`VideoProblem::NoFrame`] if there is none.
    pub fn at(&mut self, ms: u64, cancel: &Cancel) -> Result<Shown, MediaError> {
        self.seek(ms);
        let shown = self.next(cancel)?;
        shown.ok_or_else(|| VideoProblem::NoFrame(ms).at(&self.path))
    }

    /// Goes on to the picture that is shown at `ms`; `None` when it is the current one. Those in between are passed over.
    ///
    /// # Errors
    /// As for [`Self::at`].
    pub fn onward(&mut self, ms: u64, cancel: &Cancel) -> Result<Option<Shown>, MediaError> {
        if self.back == 0 && self.at == Some(self.decoder.begins(ms)) {
            return Ok(None);
        }
        self.at(ms, cancel).map(Some)
    }

    /// The pictures after the current one. It ends after an error.
    pub fn pictures(&mut self, cancel: &Cancel) -> impl Iterator<Item = Result<Shown, MediaError>> {
        let mut is_over = false;
        std::iter::from_fn(move || {
            if is_over {
                return None;
            }
            let next = self.next(cancel).transpose();
            is_over = !matches!(next, Some(Ok(_)));
            next
        })
    }

    /// Decodes up to the picture shown at `until`, and remembers what comes before it.
    fn refill(&mut self, until: u64, cancel: &Cancel) -> Result<(), MediaError> {
        while let Some(shown) = self.decode(cancel)? {
            let is_there = shown.0 >= until;
            self.keep(shown);
            if is_there {
                break;
            }
        }
        Ok(())
    }

    fn decode(&mut self, cancel: &Cancel) -> Result<Option<Shown>, MediaError> {
        let decoded = match self.decoder.next(cancel) {
            Err(error) if self.is_built_in && may_help(&error) => {
                self.is_built_in = false;
                let refusal = Some(error);
                self.decoder = Box::new(FfmpegFrames::new(
                    &self.path,
                    &self.info,
                    self.fit,
                    &self.ffmpeg,
                    refusal,
                ));
                self.decoder.seek(self.from);
                self.decoder.next(cancel)
            }
            decoded => decoded,
        }?;
        if let Some((ms, _)) = &decoded {
            self.from = *ms;
        }
        Ok(decoded)
    }

    fn current(&mut self) -> Option<Shown> {
        let at = self.past.len().checked_sub(self.back + 1)?;
        let shown = self.past.get(at).cloned();
        self.at = shown.as_ref().map(|(ms, _)| *ms);
        shown
    }

    fn remember(&mut self, shown: Shown) {
        self.at = Some(shown.0);
        self.keep(shown);
    }

    fn keep(&mut self, shown: Shown) {
        if self.past.back().is_some_and(|(ms, _)| *ms >= shown.0) {
            return;
        }
        self.past.push_back(shown);
        let bytes = |past: &VecDeque<Shown>| past.iter().map(|(_, picture)| picture.rgb.len()).sum::<usize>();
        while self.past.len() > MAX_PAST || self.past.len() > 2 && bytes(&self.past) > MAX_PAST_BYTES {
            self.past.pop_front();
        }
    }
}

/// Whether ffmpeg may be able to decode what the built-in decoder could not.
fn may_help(error: &MediaError) -> bool {
    let MediaError::Read { problem, .. } = error else {
        return false;
    };
    !matches!(
        problem,
        VideoProblem::Io(_) | VideoProblem::TooLarge(..) | VideoProblem::Cancelled
    )
}

/// Refuses pictures that are too large to be decoded, or that have no size.
pub(super) fn check_size(path: &Path, width: u32, height: u32) -> Result<(), MediaError> {
    match u64::from(width) * u64::from(height) {
        0 => Err(MediaError::damaged(path, "its pictures have no size")),
        pixels if pixels > MAX_PIXELS => Err(VideoProblem::TooLarge(width, height).at(path)),
        _ => Ok(()),
    }
}

/// The video's first picture.
///
/// # Errors
/// As for [`Video::open`] and [`Video::next`].
pub fn first_frame(path: &Path) -> Result<Picture, MediaError> {
    frame_at(path, 0)
}

/// The same as a PNG file.
///
/// # Errors
/// As for [`first_frame`].
pub fn first_frame_png(path: &Path) -> Result<Vec<u8>, MediaError> {
    first_frame(path)?.png()
}

/// The picture that is shown at `ms`, or the last one of a shorter video.
///
/// # Errors
/// As for [`Video::at`].
pub fn frame_at(path: &Path, ms: u64) -> Result<Picture, MediaError> {
    let mut video = Video::open(path, &Wanted::default())?;
    video.at(ms, &Cancel::new()).map(|(_, picture)| picture)
}

#[cfg(test)]
#[path = "video_tests.rs"]
mod tests;

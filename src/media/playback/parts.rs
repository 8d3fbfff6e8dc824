//! One or several videos that are played in step, and the cells of them that are on the screen.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::quality::Quality;
use crate::media::cancel::Cancel;
use crate::media::cells::{Canvas, Grid, Shape, changes};
use crate::media::error::MediaError;
use crate::media::inspect::MovieInfo;
use crate::media::picture::Picture;
use crate::media::video::{Video, Wanted};

/// How often a picture is drawn less finely until its bytes fit.
const MAX_TRIES: usize = 6;

/// A video in the cells that it may fill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub file: PathBuf,
    /// How many bytes it must have, where that was noted.
    pub bytes: Option<u64>,
    pub columns: u16,
    pub rows: u16,
    /// The cells that are on the screen already, if they are known.
    pub shown: Grid,
}

/// What is shown of a part: when its picture begins, in milliseconds from the start, and its cells; or why there are none.
pub type Cells = Result<(u64, Grid), String>;

/// The cells of a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Of each part.
    pub parts: Vec<Cells>,
    /// How many bytes it takes to change the screen to them, about.
    pub bytes: usize,
}

/// Videos that are played in step. All of it blocks; use it off the event loop.
///
/// Of each video one picture is held beside what [`Video`] holds, and one set of cells.
pub struct Playback {
    parts: Vec<Playing>,
    shape: Shape,
    quality: Quality,
    /// Nothing was shown yet, not even why there is nothing.
    is_fresh: bool,
}

struct Playing {
    file: PathBuf,
    room: (u16, u16),
    video: Result<Opened, String>,
    shown: Grid,
}

/// A video at the picture that is shown.
struct Opened {
    video: Video,
    now: Option<(u64, Picture)>,
    /// The picture as it is drawn, once it is.
    canvas: Option<Canvas>,
}

impl Playback {
    /// Opens the videos. One that cannot be opened or decoded is shown as the reason why. The first picture is drawn in
    /// this `quality`.
    pub fn open(parts: Vec<Part>, shape: Shape, quality: Quality) -> Self {
        let open = |part: Part| Playing {
            video: Opened::open(&part.file, part.bytes).map_err(|error| error.to_string()),
            room: (part.columns, part.rows),
            file: part.file,
            shown: part.shown,
        };
        Self {
            parts: parts.into_iter().map(open).collect(),
            shape,
            quality,
            is_fresh: true,
        }
    }

    /// The same videos in other cells; those that are open stay open at their pictures.
    #[must_use]
    pub fn again(mut self, parts: Vec<Part>, shape: Shape, quality: Quality) -> Self {
        let mut open = |part: Part| {
            let at = self
                .parts
                .iter()
                .position(|open| open.file == part.file && open.video.is_ok());
            let video = match at.map(|at| self.parts.remove(at)) {
                Some(open) => open.video,
                None => Opened::open(&part.file, part.bytes).map_err(|error| error.to_string()),
            };
            Playing {
                video: video.map(|video| Opened {
                    canvas: None,
                    ..video
                }),
                room: (part.columns, part.rows),
                file: part.file,
                shown: part.shown,
            }
        };
        let parts = parts.into_iter().map(&mut open).collect();
        Self {
            parts,
            shape,
            quality,
            is_fresh: true,
        }
    }

    /// In which quality the next picture is drawn.
    pub const fn quality(&self) -> &Quality {
        &self.quality
    }

    /// The headers of the videos; `None` of one that cannot be read.
    pub fn infos(&self) -> Vec<Option<&MovieInfo>> {
        let opened = self.parts.iter().map(|part| part.video.as_ref().ok());
        opened
            .map(|video| video.map(|video| video.video.info()))
            .collect()
    }

    /// How long the longest of them lasts, in milliseconds.
    pub fn length(&self) -> u64 {
        let lengths = self.infos().into_iter().flatten().map(|info| info.duration_ms);
        lengths.max().unwrap_or(0)
    }

    /// How long a picture is shown at normal speed, of the video that has most of them.
    pub fn between(&self) -> Duration {
        let rates = self.infos().into_iter().flatten().map(|info| info.fps);
        let rate = rates.fold(1.0, f64::max);
        Duration::from_secs_f64(1.0 / rate)
    }

    /// Whether none of them can be shown.
    pub fn has_failed(&self) -> bool {
        self.parts.iter().all(|part| part.video.is_err())
    }

    /// The cells at `ms`, in at most about `allowance` bytes, if that is possible; `None` when they are on the screen, or when
    /// it was cancelled. A video that is shorter stays at its last picture.
    pub fn at(&mut self, ms: u64, allowance: usize, cancel: &Cancel) -> Option<Step> {
        let mut is_new = false;
        for part in &mut self.parts {
            is_new |= part.go_to(ms, cancel);
        }
        if cancel.is_cancelled() || !is_new && !self.is_fresh {
            return None;
        }
        self.is_fresh = false;
        let mut tries = 1;
        loop {
            let look = self.quality.look(self.shape);
            let grids: Vec<Option<Grid>> = self.parts.iter_mut().map(|part| part.draw(look)).collect();
            let pairs = self.parts.iter().zip(&grids);
            let bytes = pairs.filter_map(|(part, grid)| Some(changes(&part.shown, grid.as_ref()?).len()));
            let bytes = bytes.sum();
            if bytes > allowance && tries < MAX_TRIES && self.quality.lower(bytes, allowance) {
                tries += 1;
                continue;
            }
            self.quality.ease(bytes, allowance);
            let cells = self
                .parts
                .iter_mut()
                .zip(grids)
                .map(|(part, grid)| part.show(grid));
            return Some(Step {
                parts: cells.collect(),
                bytes,
            });
        }
    }
}

impl Playing {
    /// Goes to the picture at `ms`; returns whether that, or a failure, is new.
    fn go_to(&mut self, ms: u64, cancel: &Cancel) -> bool {
        let Ok(video) = &mut self.video else {
            return false;
        };
        match video.go_to(ms, cancel) {
            Ok(is_new) => is_new,
            Err(error) if error.is_cancelled() => false,
            Err(error) => {
                self.video = Err(error.to_string());
                true
            }
        }
    }

    fn draw(&mut self, look: crate::media::cells::Look) -> Option<Grid> {
        let video = self.video.as_mut().ok()?;
        let (_, picture) = video.now.as_ref()?;
        let (columns, rows) = self.room;
        let canvas = video
            .canvas
            .get_or_insert_with(|| Canvas::of(picture, columns, rows));
        Some(canvas.draw_over(look, &self.shown))
    }

    /// What is now on the screen.
    fn show(&mut self, grid: Option<Grid>) -> Cells {
        let video = self.video.as_ref().map_err(Clone::clone)?;
        self.shown = grid.unwrap_or_default();
        let at = video.now.as_ref().map_or(0, |(at, _)| *at);
        Ok((at, self.shown.clone()))
    }
}

impl Opened {
    fn open(file: &Path, bytes: Option<u64>) -> Result<Self, MediaError> {
        Ok(Self {
            video: Video::open(file, &Wanted::noted(bytes))?,
            now: None,
            canvas: None,
        })
    }

    fn go_to(&mut self, ms: u64, cancel: &Cancel) -> Result<bool, MediaError> {
        if let Some(shown) = self.video.onward(ms, cancel)? {
            self.now = Some(shown);
            self.canvas = None;
            return Ok(true);
        }
        Ok(self.canvas.is_none())
    }
}

#[cfg(test)]
#[path = "parts_tests.rs"]
mod tests;

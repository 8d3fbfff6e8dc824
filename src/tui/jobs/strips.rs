//! Makes the rows of small pictures of a wall, one take after another, each reported as soon as it is there.
//!
//! A newer request replaces an older one; what is being made goes on if it is still wanted, and is cancelled if not. Held are
//! the takes of the newest request, at most [`MAX_WANTED`], and the thumbnails of the one that is being made.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc::UnboundedSender;
use tokio::task::spawn_blocking;

use crate::media::cells::{self, Look};
use crate::media::{Cancel, Thumbnails};
use crate::model::Take;
use crate::service::wall;
use crate::tui::choosing::{Strip, StripKey, StripLook, WallNews};
use crate::tui::effect::Message;
use crate::tui::widgets::picture::PictureCells;

/// The most takes that wait for their pictures; others are requested again when they are seen.
pub const MAX_WANTED: usize = 96;

#[derive(Clone)]
pub struct Strips {
    thumbnails: Thumbnails,
    work: Arc<Mutex<Work>>,
}

#[derive(Default)]
struct Work {
    waiting: VecDeque<(StripKey, Take)>,
    /// What is being made, and what ends it.
    current: Option<(StripKey, Cancel)>,
    is_running: bool,
}

impl Strips {
    pub fn new(thumbnails: Thumbnails) -> Self {
        Self {
            thumbnails,
            work: Arc::default(),
        }
    }

    /// Makes the pictures of these takes instead of those requested before.
    pub fn want(&self, takes: Vec<Take>, look: StripLook, messages: UnboundedSender<Message>) {
        let mut work = self.work();
        let takes = takes.into_iter().take(MAX_WANTED);
        work.waiting = takes.map(|take| (StripKey::of(&take, look), take)).collect();
        if let Some((key, cancel)) = work.current.take() {
            let is_wanted = work.waiting.iter().any(|(wanted, _)| *wanted == key);
            if is_wanted {
                work.waiting.retain(|(wanted, _)| *wanted != key);
            } else {
                cancel.cancel();
            }
            work.current = Some((key, cancel));
        }
        if !work.is_running && !work.waiting.is_empty() {
            work.is_running = true;
            let strips = self.clone();
            spawn_blocking(move || strips.run(&messages));
        }
    }

    pub fn cancel(&self) {
        let mut work = self.work();
        work.waiting.clear();
        if let Some((_, cancel)) = &work.current {
            cancel.cancel();
        }
    }

    fn work(&self) -> MutexGuard<'_, Work> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self, messages: &UnboundedSender<Message>) {
        while let Some((key, take, cancel)) = self.next() {
            let cells = self.cells(&take, key.look, &cancel);
            if !cancel.is_cancelled() {
                let strip = Box::new(Strip { key, cells });
                let _ = messages.send(Message::Wall(WallNews::Pictures(strip)));
            }
            if let Some(trouble) = self.thumbnails.trouble() {
                let _ = messages.send(Message::Wall(WallNews::Trouble(trouble)));
            }
        }
    }

    fn next(&self) -> Option<(StripKey, Take, Cancel)> {
        let mut work = self.work();
        let next = work.waiting.pop_front();
        let cancel = Cancel::new();
        work.current = next.as_ref().map(|(key, _)| (key.clone(), cancel.clone()));
        work.is_running = next.is_some();
        next.map(|(key, take)| (key, take, cancel))
    }

    fn cells(&self, take: &Take, look: StripLook, cancel: &Cancel) -> Result<Vec<PictureCells>, String> {
        let pictures = wall::pictures(&self.thumbnails, take, look.scrub, cancel)?;
        let drawn = Look {
            shape: look.shape,
            depth: look.depth,
            thrift: Look::THRIFT,
            ..Look::default()
        };
        let cells = pictures
            .iter()
            .map(|picture| cells::draw(picture, look.columns, look.rows, drawn));
        Ok(cells.filter_map(PictureCells::new).collect())
    }
}

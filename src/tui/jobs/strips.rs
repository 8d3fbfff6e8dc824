//! Makes the rows of small pictures of a wall, one take after another, each reported as soon as it is there.
//!
//! A newer request replaces an older one; what is being made goes on if it is still wanted, and is cancelled if not. Held are
//! the takes of the newest request, at most [`MAX_WANTED`], and the thumbnails of the one that is being made.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc::UnboundedSender;
use tokio::task::spawn_blocking;

use crate::media::{Cancel, Thumbnails};
use crate::model::Take;
use crate::service::wall;
use crate::tui::choosing::{MAX_WANTED, Strip, StripKey, StripLook, WallNews};
use crate::tui::effect::Message;
use crate::tui::widgets::picture::DrawnPicture;

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
            // What was cancelled reports nothing, so it has to be made again.
            let is_wanted = !cancel.is_cancelled() && work.waiting.iter().any(|(wanted, _)| *wanted == key);
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
            let pictures = self.pictures(&take, key.look, &cancel);
            if !cancel.is_cancelled() {
                let strip = Box::new(Strip { key, pictures });
                let _ = messages.send(Message::Wall(WallNews::Pictures(strip)));
            }
            if let Some(why) = self.thumbnails.trouble() {
                let _ = messages.send(Message::Wall(WallNews::NotKept(why)));
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

    fn pictures(&self, take: &Take, look: StripLook, cancel: &Cancel) -> Result<Vec<DrawnPicture>, String> {
        let pictures = wall::pictures(&self.thumbnails, take, look.scrub, cancel)?;
        let drawn = pictures
            .iter()
            .filter_map(|picture| look.way.draw(picture, look.columns, look.rows));
        Ok(drawn.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::cells::{Depth, Shape};
    use crate::model::{Backend, Form, Seed, SystemClock, Usd};
    use crate::service::wall::Scrub;
    use crate::store::{Admission, Store};
    use crate::tui::picture_way::PictureWay;

    #[test]
    fn what_was_cancelled_and_is_wanted_again_is_made_again() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("rushes.db"), Arc::new(SystemClock)).unwrap();
        let reel = store.reel("night").unwrap();
        let (seeds, none) = (Seed::new(7).into_iter(), Usd::ZERO);
        let admission = Admission::of(&reel.id, Backend::Sandbox, Form::default(), seeds, none, none);
        let take = store.take(store.admit(&admission).unwrap()[0]).unwrap();
        let look = StripLook {
            scrub: Scrub::Middle,
            columns: 10,
            rows: 4,
            way: PictureWay::cells(Shape::Half, Depth::Truecolor),
        };
        let strips = Strips::new(Thumbnails::new(&folder.path().join("cache"), 1_000_000));
        let (messages, _inbox) = tokio::sync::mpsc::unbounded_channel();
        for (is_cancelled, waiting) in [(false, 0), (true, 1)] {
            let cancel = Cancel::new();
            if is_cancelled {
                cancel.cancel();
            }
            {
                let mut work = strips.work();
                work.current = Some((StripKey::of(&take, look), cancel));
                work.is_running = true;
            }
            strips.want(vec![take.clone()], look, messages.clone());
            assert_eq!(strips.work().waiting.len(), waiting, "cancelled: {is_cancelled}");
        }
    }
}

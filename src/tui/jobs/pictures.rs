//! Decodes single pictures of videos, one at a time; a newer request replaces one that waits or is decoded. The video of the
//! last request stays open, so that the next picture is decoded from the one before.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc::UnboundedSender;
use tokio::task::spawn_blocking;

use crate::media::{Cancel, MediaError, Shown, Video, Wanted};
use crate::tui::effect::{Frame, Message, Moment, Pictured};

#[derive(Clone, Default)]
pub struct Pictures(Arc<Mutex<Work>>);

#[derive(Default)]
struct Work {
    /// The newest request, until its picture is decoded.
    waiting: Option<(Frame, UnboundedSender<Message>)>,
    /// Ends what is decoded now.
    current: Cancel,
    /// The video at the picture that was shown last, while none is decoded.
    open: Option<Open>,
    /// The video is no longer needed once what is decoded now has ended.
    closes: bool,
    is_running: bool,
}

/// A video at one of its pictures.
struct Open {
    file: PathBuf,
    video: Video,
    /// The time of that picture; `None` if it is unknown.
    at: Option<u64>,
}

impl Pictures {
    /// Decodes a picture instead of those requested before.
    pub fn decode(&self, frame: Frame, messages: UnboundedSender<Message>) {
        let mut work = self.work();
        work.current.cancel();
        work.waiting = Some((frame, messages));
        work.closes = false;
        if !work.is_running {
            work.is_running = true;
            let pictures = self.clone();
            spawn_blocking(move || pictures.run());
        }
    }

    /// Ends the newest request, and closes the video.
    pub fn close(&self) {
        let mut work = self.work();
        work.current.cancel();
        work.waiting = None;
        work.open = None;
        work.closes = true;
    }

    fn work(&self) -> MutexGuard<'_, Work> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Decodes until no request waits.
    fn run(&self) {
        let mut open = None;
        while let Some((frame, messages, cancel)) = self.next(&mut open) {
            let pictured = pictured(&mut open, frame, &cancel);
            if !cancel.is_cancelled() {
                let _ = messages.send(Message::Pictured(Box::new(pictured)));
            }
        }
    }

    /// The next request, with the video that is open for it; gives the video back where there is none.
    fn next(&self, open: &mut Option<Open>) -> Option<(Frame, UnboundedSender<Message>, Cancel)> {
        let mut work = self.work();
        if std::mem::take(&mut work.closes) {
            *open = None;
        }
        let Some((frame, messages)) = work.waiting.take() else {
            work.open = open.take();
            work.is_running = false;
            return None;
        };
        if open.is_none() {
            *open = work.open.take();
        }
        work.current = Cancel::new();
        Some((frame, messages, work.current.clone()))
    }
}

fn pictured(open: &mut Option<Open>, asked: Frame, cancel: &Cancel) -> Pictured {
    let mut frame = asked.clone();
    let shown = show(open, &asked, cancel).map_err(|error| error.to_string());
    let picture = shown.and_then(|(at, picture)| {
        frame.moment = Moment::At(at);
        let drawn = asked.way.draw(&picture, asked.columns, asked.rows);
        drawn.ok_or_else(|| "the picture is empty".to_owned())
    });
    let movie = open.as_ref().map(|open| open.video.info().clone());
    Pictured {
        asked,
        frame,
        movie,
        picture,
    }
}

/// The requested picture, with the time at which it is shown.
fn show(open: &mut Option<Open>, frame: &Frame, cancel: &Cancel) -> Result<Shown, MediaError> {
    // The one before is closed first, so that only one is held.
    let kept = open.take().filter(|open| open.file == frame.file);
    let kept = match kept {
        Some(open) => open,
        None => Open {
            file: frame.file.clone(),
            video: Video::open(&frame.file, &Wanted::noted(frame.bytes))?,
            at: None,
        },
    };
    let Open { video, at, .. } = open.insert(kept);
    // Until this picture is there, the video may be at any.
    let known = at.take();
    let shown = match frame.moment {
        Moment::At(ms) => video.at(ms, cancel)?,
        Moment::After(ms) => {
            go(video, known, ms, cancel)?;
            match video.next(cancel)? {
                Some(next) => next,
                None => video.at(ms, cancel)?,
            }
        }
        Moment::Before(ms) => {
            go(video, known, ms, cancel)?;
            match video.previous(cancel)? {
                Some(previous) => previous,
                None => video.at(ms, cancel)?,
            }
        }
    };
    *at = Some(shown.0);
    Ok(shown)
}

/// Goes to the picture at `ms`, unless the video is there.
fn go(video: &mut Video, known: Option<u64>, ms: u64, cancel: &Cancel) -> Result<(), MediaError> {
    if known != Some(ms) {
        video.at(ms, cancel)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::cells::{Depth, Shape};
    use crate::model::TakeId;
    use crate::tui::picture_way::PictureWay;

    fn frame(moment: Moment) -> Frame {
        Frame {
            take: TakeId(1),
            file: PathBuf::from("tests/clips/cut.mp4"),
            bytes: None,
            moment,
            columns: 20,
            rows: 6,
            way: PictureWay::cells(Shape::Half, Depth::Truecolor),
        }
    }

    fn at(open: &mut Option<Open>, moment: Moment) -> u64 {
        let frame = frame(moment);
        let pictured = pictured(open, frame.clone(), &Cancel::new());
        assert_eq!(pictured.asked, frame);
        assert!(pictured.picture.is_ok(), "{:?}", pictured.picture);
        let Moment::At(ms) = pictured.frame.moment else {
            panic!("{:?}", pictured.frame.moment)
        };
        ms
    }

    #[test]
    fn a_file_of_another_size_than_was_saved_is_not_shown_as_the_take() {
        let frame = Frame {
            bytes: Some(12),
            ..frame(Moment::At(0))
        };
        let why = pictured(&mut None, frame, &Cancel::new()).picture.unwrap_err();
        assert!(why.contains("12 were saved"), "{why}");
    }

    #[test]
    fn pictures_are_found_forwards_and_backwards_and_stay_at_the_ends() {
        let mut open = None;
        let first = at(&mut open, Moment::At(0));
        let mut all = vec![first];
        loop {
            let next = at(&mut open, Moment::After(*all.last().unwrap()));
            if Some(&next) == all.last() {
                break;
            }
            all.push(next);
        }
        assert!(all.len() > 3 && all.is_sorted(), "{all:?}");
        let before = all[all.len() - 2];
        assert_eq!(at(&mut open, Moment::Before(all[all.len() - 1])), before);
        // From another place, as after a jump to a shot.
        assert_eq!(at(&mut open, Moment::Before(all[2])), all[1]);
        assert_eq!(at(&mut open, Moment::Before(first)), first);
        assert_eq!(at(&mut None, Moment::After(first)), all[1]);
    }

    /// What was cancelled has gone to another picture before it ended.
    #[test]
    fn after_a_cancelled_request_the_picture_after_the_shown_one_comes_next() {
        let mut open = None;
        let first = at(&mut open, Moment::At(0));
        let next = at(&mut open, Moment::After(first));
        assert_eq!(at(&mut open, Moment::At(0)), first);
        for moment in [Moment::At(9000), Moment::Before(9000), Moment::After(9000)] {
            let cancel = Cancel::new();
            cancel.cancel();
            let error = show(&mut open, &frame(moment), &cancel).unwrap_err();
            assert!(error.is_cancelled(), "{error}");
            assert_eq!(at(&mut open, Moment::After(first)), next, "{moment:?}");
            assert_eq!(at(&mut open, Moment::Before(next)), first, "{moment:?}");
        }
    }

    #[test]
    fn of_many_requests_only_the_newest_waits_and_closing_leaves_nothing_open() {
        let pictures = Pictures::default();
        let (messages, mut inbox) = tokio::sync::mpsc::unbounded_channel();
        // The thread that decodes is busy with another one.
        pictures.work().is_running = true;
        let busy = pictures.work().current.clone();
        for ms in (0..50).map(|n| n * 100) {
            pictures.decode(frame(Moment::At(ms)), messages.clone());
        }
        assert!(busy.is_cancelled());
        pictures.run();
        let Ok(Message::Pictured(pictured)) = inbox.try_recv() else {
            panic!("the newest is decoded")
        };
        assert_eq!(pictured.asked.moment, Moment::At(4900));
        assert!(inbox.is_empty());
        assert!(pictures.work().open.is_some() && !pictures.work().is_running);
        pictures.close();
        assert!(pictures.work().open.is_none());
        // What is decoded while it is closed is not kept either.
        pictures.work().is_running = true;
        pictures.decode(frame(Moment::At(0)), messages.clone());
        let mut open = None;
        let (frame, ..) = pictures.next(&mut open).unwrap();
        show(&mut open, &frame, &Cancel::new()).unwrap();
        pictures.close();
        assert!(pictures.next(&mut open).is_none());
        assert!(open.is_none() && pictures.work().open.is_none());
    }
}

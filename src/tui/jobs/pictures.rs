//! Decodes single pictures of videos; a newer request replaces an older one. The video of the last request stays open, so that
//! the next picture is decoded from the one before.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc::UnboundedSender;
use tokio::task::spawn_blocking;

use crate::media::{Cancel, MediaError, Shown, Video, Wanted};
use crate::tui::effect::{Frame, Message, Moment, Pictured};

#[derive(Default)]
pub struct Pictures {
    /// Ends the newest request.
    newest: Mutex<Cancel>,
    open: Arc<Mutex<Option<Open>>>,
}

/// A video at the picture that was shown last.
struct Open {
    file: PathBuf,
    video: Video,
    at: u64,
}

impl Pictures {
    /// Decodes a picture instead of those requested before.
    pub fn decode(&self, frame: Frame, messages: UnboundedSender<Message>) {
        let (cancel, open) = (self.renew(), Arc::clone(&self.open));
        spawn_blocking(move || {
            let mut open = open.lock().unwrap_or_else(PoisonError::into_inner);
            if cancel.is_cancelled() {
                return;
            }
            let pictured = pictured(&mut open, frame, &cancel);
            if !cancel.is_cancelled() {
                let _ = messages.send(Message::Pictured(Box::new(pictured)));
            }
        });
    }

    pub fn cancel(&self) {
        self.renew();
    }

    /// Ends the newest request, and returns what ends the next one.
    fn renew(&self) -> Cancel {
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        newest.cancel();
        *newest = Cancel::new();
        newest.clone()
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
            at: u64::MAX,
        },
    };
    let Open { video, at, .. } = open.insert(kept);
    let shown = match frame.moment {
        Moment::At(ms) => video.at(ms, cancel)?,
        Moment::After(ms) => {
            go(video, at, ms, cancel)?;
            match video.next(cancel)? {
                Some(next) => next,
                None => video.at(ms, cancel)?,
            }
        }
        Moment::Before(ms) => {
            go(video, at, ms, cancel)?;
            match video.previous(cancel)? {
                Some(previous) => previous,
                None => video.at(ms, cancel)?,
            }
        }
    };
    *at = shown.0;
    Ok(shown)
}

/// Goes to the picture at `ms`, unless the video is there.
fn go(video: &mut Video, at: &mut u64, ms: u64, cancel: &Cancel) -> Result<(), MediaError> {
    if *at != ms {
        *at = video.at(ms, cancel)?.0;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::cells::{Depth, Shape};
    use crate::model::TakeId;
    use crate::tui::picture_way::PictureWay;

    fn at(open: &mut Option<Open>, moment: Moment) -> u64 {
        let frame = Frame {
            take: TakeId(1),
            file: PathBuf::from("tests/clips/cut.mp4"),
            bytes: None,
            moment,
            columns: 20,
            rows: 6,
            way: PictureWay::cells(Shape::Half, Depth::Truecolor),
        };
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
            take: TakeId(1),
            file: PathBuf::from("tests/clips/cut.mp4"),
            bytes: Some(12),
            moment: Moment::At(0),
            columns: 20,
            rows: 6,
            way: PictureWay::cells(Shape::Half, Depth::Truecolor),
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
}

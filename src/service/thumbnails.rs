//! Makes the thumbnails of takes as they are saved, one after another on a thread of its own.

use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::engine::{OnSaved, TellUser};
use crate::media::{Cancel, MediaError, Shown, Thumbnails};
use crate::model::Take;

use super::shots::{moments, of_take};

/// The thumbnails of a saved take: its first picture, then one of each of its shots ([`of_take`]), each with the time
/// from which it is shown in milliseconds. From the cache, or made now; none of a take without a file.
///
/// # Errors
/// As for [`Thumbnails::of`].
pub fn of(thumbnails: &Thumbnails, take: &Take, cancel: &Cancel) -> Result<Vec<Shown>, MediaError> {
    let Some(file) = &take.file else {
        return Ok(Vec::new());
    };
    let sha256 = take.sha256.as_deref().unwrap_or_default();
    thumbnails.of(sha256, file, &moments(&of_take(take)), cancel)
}

/// What an engine is to call with saved takes. It stops when `over` is cancelled; what was not made by then is made when
/// it is looked at.
pub fn on_saved(thumbnails: Thumbnails, over: Cancel) -> OnSaved {
    let waiting: Mutex<Option<Sender<(Take, TellUser)>>> = Mutex::default();
    Arc::new(move |take: &Take, tell: TellUser| {
        let mut waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let sender = waiting.get_or_insert_with(|| start(thumbnails.clone(), over.clone()));
        // It has ended when the session is over.
        let _ = sender.send((take.clone(), tell));
    })
}

/// Starts the thread; it ends with the last sender, or when `over` is cancelled.
fn start(thumbnails: Thumbnails, over: Cancel) -> Sender<(Take, TellUser)> {
    let (sender, saved) = mpsc::channel();
    let work = move || make(&thumbnails, &saved, &over);
    if let Err(error) = thread::Builder::new().name("thumbnails".to_owned()).spawn(work) {
        tracing::warn!("thumbnails are not made ahead: {error}");
    }
    sender
}

fn make(thumbnails: &Thumbnails, saved: &Receiver<(Take, TellUser)>, over: &Cancel) {
    while let Ok((take, tell)) = saved.recv() {
        if over.is_cancelled() {
            return;
        }
        match of(thumbnails, &take, over) {
            Err(error) if !error.is_cancelled() => {
                tracing::info!("no thumbnails of take {}: {error}", take.id);
            }
            _ => {}
        }
        if let Some(trouble) = thumbnails.trouble() {
            tell(trouble);
        }
    }
}

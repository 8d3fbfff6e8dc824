//! Reads the small pictures of a take's shots from the cache, or makes them; a newer request replaces an older one.

use std::sync::{Mutex, PoisonError};

use tokio::sync::mpsc::UnboundedSender;
use tokio::task::spawn_blocking;

use crate::engine::Event;
use crate::media::{Cancel, MediaError, Thumbnails};
use crate::tui::effect::{Message, Stills, StillsWanted};
use crate::tui::widgets::picture::DrawnPicture;

#[derive(Default)]
pub struct ShotStills {
    /// Ends the newest request.
    newest: Mutex<Cancel>,
}

impl ShotStills {
    /// Reads stills instead of those requested before.
    pub fn read(&self, wanted: StillsWanted, thumbnails: Thumbnails, messages: UnboundedSender<Message>) {
        let cancel = self.cancel();
        spawn_blocking(move || {
            let pictures = match drawn(&wanted, &thumbnails, &cancel) {
                Err(error) if error.is_cancelled() => return,
                pictures => pictures.map_err(|error| error.to_string()),
            };
            let stills = Stills {
                asked: wanted,
                pictures,
            };
            let _ = messages.send(Message::Stills(Box::new(stills)));
            if let Some(trouble) = thumbnails.trouble() {
                let _ = messages.send(Message::Engine(Event::Problem(trouble)));
            }
        });
    }

    /// Ends the newest request, and returns what ends the next one.
    pub fn cancel(&self) -> Cancel {
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        newest.cancel();
        *newest = Cancel::new();
        newest.clone()
    }
}

fn drawn(
    wanted: &StillsWanted,
    thumbnails: &Thumbnails,
    cancel: &Cancel,
) -> Result<Vec<DrawnPicture>, MediaError> {
    let pictures = thumbnails.of(&wanted.sha256, &wanted.file, &wanted.moments, cancel)?;
    let drawn = pictures
        .iter()
        .filter_map(|(_, picture)| wanted.way.draw(picture, wanted.columns, wanted.rows));
    Ok(drawn.collect())
}

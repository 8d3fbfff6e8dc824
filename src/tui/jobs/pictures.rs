//! Decodes the first pictures of videos; a newer request replaces an older one.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::mpsc::UnboundedSender;
use tokio::task::spawn_blocking;

use crate::media;
use crate::media::cells::{self, Look};
use crate::tui::effect::{Frame, Message, Pictured};
use crate::tui::widgets::picture::PictureCells;

#[derive(Default)]
pub struct Pictures {
    /// The number of the newest request.
    newest: Arc<AtomicU64>,
}

impl Pictures {
    /// Decodes a picture instead of those requested before.
    pub fn decode(&self, frame: Frame, messages: UnboundedSender<Message>) {
        let own = self.newest.fetch_add(1, Ordering::SeqCst) + 1;
        let newest = Arc::clone(&self.newest);
        spawn_blocking(move || {
            let is_wanted = || newest.load(Ordering::SeqCst) == own;
            if let Some(pictured) = is_wanted().then(|| pictured(frame)).filter(|_| is_wanted()) {
                let _ = messages.send(Message::Pictured(Box::new(pictured)));
            }
        });
    }

    pub fn cancel(&self) {
        self.newest.fetch_add(1, Ordering::SeqCst);
    }
}

fn pictured(frame: Frame) -> Pictured {
    let movie = media::inspect(&frame.file).ok();
    let cells = media::first_frame(&frame.file)
        .map_err(|error| error.to_string())
        .and_then(|picture| {
            let look = Look {
                shape: frame.shape,
                depth: frame.depth,
                thrift: Look::THRIFT,
                ..Look::default()
            };
            let grid = cells::draw(&picture, frame.columns, frame.rows, look);
            PictureCells::new(grid).ok_or_else(|| "the picture is empty".to_owned())
        });
    Pictured { frame, movie, cells }
}

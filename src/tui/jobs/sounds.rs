//! Measures the sound of the take that is looked at; a newer request ends an older one.

use std::sync::{Mutex, PoisonError};

use tokio::sync::mpsc::UnboundedSender;
use tokio::task::spawn_blocking;

use crate::media::Cancel;
use crate::service::sound;
use crate::tui::effect::{Listening, Message};

#[derive(Default)]
pub struct Sounds {
    /// Ends the newest request.
    newest: Mutex<Cancel>,
}

impl Sounds {
    /// Measures the sound of a take instead of that requested before.
    pub fn listen(&self, listening: Listening, messages: UnboundedSender<Message>) {
        let cancel = self.renew();
        spawn_blocking(move || {
            if cancel.is_cancelled() {
                return;
            }
            let heard = sound::of_take(&listening.take, &cancel);
            if !cancel.is_cancelled() {
                let heard = heard.map_err(|problem| problem.to_string());
                let _ = messages.send(Message::Heard(Box::new((listening, heard))));
            }
        });
    }

    pub fn cancel(&self) {
        self.renew();
    }

    fn renew(&self) -> Cancel {
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        newest.cancel();
        *newest = Cancel::new();
        newest.clone()
    }
}

//! What jobs work with.

use std::path::PathBuf;
use std::sync::Arc;

use super::rescue::SaveTarget;
use super::words::Words;
use crate::engine::Published;
use crate::media::Thumbnails;
use crate::model::Form;
use crate::service::Queue;
use crate::store::{Reel, Store};
use crate::tui::terminal::{Clipboard, Meter};

#[derive(Clone)]
pub struct Tools {
    pub clipboard: Arc<dyn Clipboard>,
    pub reel: Reel,
    /// The reel's form as the store held it at the start.
    pub form: Option<Form>,
    /// For text that can be written neither to the store nor to its folder.
    pub state_folder: PathBuf,
    /// The expected time where the store has none of its own.
    pub published: Published,
    /// Changes takes, and wakes the engine.
    pub queue: Queue,
    /// Small pictures of takes.
    pub thumbnails: Thumbnails,
    /// The words of the log that were found already.
    pub words: Words,
    /// Counts what is written to the terminal.
    pub line: Meter,
}

impl Tools {
    pub(super) fn store(&self) -> &Store {
        &self.queue.store
    }

    pub(super) fn place(&self) -> SaveTarget {
        SaveTarget {
            store: self.store().clone(),
            reel_id: self.reel.id.clone(),
            state_folder: self.state_folder.clone(),
        }
    }
}

//! Inspects local files: references in the form, paths being typed, files lent to an external editor.

use std::path::Path;

use tokio::sync::mpsc::UnboundedSender;
use tokio::task::spawn_blocking;

use crate::engine::references::{self, Local};
use crate::service::checks;
use crate::tui::effect::Message;
use crate::tui::terminal::late::{Late, Lent};
use crate::tui::terminal::lent_file;

/// How many paths are listed when several begin with what was typed.
const NAMED_PATHS: usize = 8;

/// Inspects references, each on its own, so that a slow disk does not delay files on other disks.
pub fn look(named: Vec<Local>, messages: &UnboundedSender<Message>) {
    for local in named {
        let messages = messages.clone();
        spawn_blocking(move || {
            let _ = messages.send(Message::FilesSeen(checks::look(vec![local])));
        });
    }
}

/// Finds the paths that begin with what was typed.
pub fn find_paths(typed: String) -> Message {
    let found = references::paths_like(&typed, NAMED_PATHS);
    Message::PathsFound(typed, found)
}

/// Reads what was saved into lent files since the last look.
pub fn look_at_lent(lent: Vec<Lent>, then_edit: bool) -> Message {
    let late = |lent: Lent| lent.later_text().map(|text| Late { lent, text });
    let late = lent.into_iter().filter_map(late).collect();
    Message::LentSeen { late, then_edit }
}

/// Marks a lent file whose text was taken over.
pub fn mark_unwritten(file: &Path) {
    match std::fs::File::options().write(true).open(file) {
        Ok(file) => lent_file::mark_unwritten(&file),
        Err(error) => tracing::warn!("{} is offered again at the next start: {error}", file.display()),
    }
}

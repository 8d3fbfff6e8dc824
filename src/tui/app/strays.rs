//! Takes that files beside the films tell of and that the database does not know.

use crate::engine::sidecars::orphans::{self, Imported};
use crate::service::Problem;
use crate::tui::effect::Effect;
use crate::tui::overlays::{Confirm, Intent, Overlay};

use super::{App, Notice, Tone};

impl App {
    /// Asks whether they are to be imported. While something is typed, a line tells of the question that waits.
    pub(super) fn offer_import(&mut self, takes: usize) -> Vec<Effect> {
        let question = match takes {
            1 => "Import 1 take that the database does not know?".to_owned(),
            n => format!("Import {n} takes that the database does not know?"),
        };
        let confirm = Confirm {
            question,
            details: vec![
                "Only the files beside their films know these takes: the database may have lost its last changes.".into(),
                "Nothing is sent. What is still at the provider is fetched.".into(),
            ],
            yes: "import".to_owned(),
            then: Intent::ImportStrays,
        };
        let headline = Notice {
            text: orphans::offer(takes),
            tone: Tone::Warning,
        };
        self.show(Overlay::Confirm(confirm), headline);
        Vec::new()
    }

    /// They are in the log, or why not.
    pub(super) fn imported(&mut self, answer: Result<Imported, Problem>) -> Vec<Effect> {
        match answer {
            Ok(imported) => {
                self.tell(Tone::Good, imported.to_string());
                self.refresh()
            }
            Err(error) => {
                self.trouble("The takes could not be imported", &error);
                Vec::new()
            }
        }
    }
}

//! Asks whether takes are to be imported that only the files beside their videos know.

use super::confirm::Confirm;
use super::page::trouble;
use crate::engine::sidecars::orphans::{self, Imported};
use crate::service::Problem;
use crate::tui::component::Cx;
use crate::tui::effect::Effect;
use crate::tui::state::Tone;

/// Asks. While something is typed, a line tells of the question that waits.
pub fn offer(cx: &mut Cx, takes: usize) {
    let question = match takes {
        1 => "Import 1 take that the database does not know?".to_owned(),
        n => format!("Import {n} takes that the database does not know?"),
    };
    let details = [
        "Only the files beside their films know these takes: the database may have lost its last changes.",
        "Nothing is sent. What is still at the provider is fetched.",
    ];
    let confirm = Confirm::new(question, details.map(str::to_owned).into(), "import", |cx| {
        cx.run(Effect::ImportStrays);
    });
    cx.show(confirm, Tone::Warning, orphans::offer(takes));
}

/// They are in the log, or why not.
pub fn imported(cx: &mut Cx, answer: Result<Imported, Problem>) {
    match answer {
        Ok(imported) => {
            cx.tell(Tone::Good, imported.to_string());
            cx.refresh();
        }
        Err(error) => trouble(cx, "The takes could not be imported", &error),
    }
}

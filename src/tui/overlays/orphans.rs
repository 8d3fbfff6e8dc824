//! Offers to import takes that are known only from the files beside their videos.

use super::confirm::Confirm;
use super::page::show_problem;
use crate::engine::sidecars::orphans::{self, Imported};
use crate::model::text::counted;
use crate::service::Problem;
use crate::tui::component::Cx;
use crate::tui::effect::Effect;
use crate::tui::state::Tone;

pub fn offer(cx: &mut Cx, takes: usize) {
    let question = format!(
        "Import {} missing from the database?",
        counted(takes as u64, "take")
    );
    let details = [
        "Only files beside the videos record what is missing: the database may have lost its last changes.",
        "Nothing is sent. Videos that are still at the provider are downloaded.",
    ];
    let confirm = Confirm::new(question, details.map(str::to_owned).into(), "import", |cx| {
        cx.run(Effect::ImportOrphans);
    });
    cx.show(confirm, Tone::Warning, orphans::offer(takes));
}

pub fn imported(cx: &mut Cx, result: Result<Imported, Problem>) {
    match result {
        Ok(imported) => {
            cx.tell(Tone::Good, imported.to_string());
            cx.refresh();
        }
        Err(error) => show_problem(cx, "The takes could not be imported", &error),
    }
}

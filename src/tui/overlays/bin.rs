//! Empties the reel's bin: asks first, with the number of videos and their size.

use super::confirm::Confirm;
use super::page::show_problem;
use crate::engine::bin::{Binned, Emptied};
use crate::model::TakeId;
use crate::service::{Problem, bin};
use crate::tui::component::Cx;
use crate::tui::effect::Effect;
use crate::tui::state::Tone;

/// The bin was looked into: asks whether its files are deleted.
pub fn ask(cx: &mut Cx, result: Result<Vec<Binned>, Problem>) {
    let binned = match result {
        Ok(binned) => binned,
        Err(error) => return show_problem(cx, "The bin could not be read", &error),
    };
    // Files that were left outside of the bin were moved into it.
    cx.refresh();
    if binned.is_empty() {
        return cx.tell(Tone::Plain, "The bin of this reel is empty");
    }
    let takes: Vec<TakeId> = binned.iter().map(|one| one.take.id).collect();
    let question = format!("Delete {}, for good?", bin::amount(&binned));
    let details = vec![
        "Nothing brings the videos back. The takes and their requests stay in the log.".to_owned(),
        format!("Takes {}.", numbers(&takes)),
    ];
    let confirm = Confirm::new(question, details, "delete them", move |cx| {
        cx.run(Effect::EmptyBin(takes));
    });
    cx.show(
        confirm,
        Tone::Plain,
        "The bin was looked into: stop typing to see what it holds",
    );
}

fn numbers(takes: &[TakeId]) -> String {
    let numbers: Vec<String> = takes.iter().map(ToString::to_string).collect();
    numbers.join(", ")
}

/// The files were deleted, or could not be.
pub fn emptied(cx: &mut Cx, result: Result<Emptied, Problem>) {
    match result {
        Ok(emptied) => {
            let tone = if emptied.left.is_empty() {
                Tone::Good
            } else {
                Tone::Warning
            };
            cx.tell(tone, bin::emptied_in_words(&emptied));
        }
        Err(error) => show_problem(cx, "The bin was not emptied", &error),
    }
    cx.refresh();
}

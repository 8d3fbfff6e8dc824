//! Asks what to do with a text that an earlier session could not save.

use std::path::PathBuf;

use super::menu::{Choice, Menu};
use super::page::show_problem;
use super::revisions::beginning;
use crate::service::Problem;
use crate::tui::component::Cx;
use crate::tui::effect::{Decision, Effect, FoundText};
use crate::tui::keymap::Action;
use crate::tui::state::Tone;

/// Offers the first text that was found.
pub fn offer(cx: &mut Cx, result: Result<(Vec<FoundText>, Vec<PathBuf>), Problem>) {
    let found = match result {
        Ok((found, unreadable)) => {
            if let Some(file) = unreadable.first() {
                let text = format!(
                    "Unsaved text of an earlier session cannot be read: {}",
                    file.display()
                );
                cx.tell(Tone::Warning, text);
            }
            found
        }
        Err(error) => {
            return show_problem(
                cx,
                "The search for unsaved text of an earlier session failed",
                &error,
            );
        }
    };
    let Some(first) = found.into_iter().find(|found| found.form != cx.form.current) else {
        return;
    };
    let beginning = beginning(&first.form.prompt);
    let row = |text: &str, decision| {
        let found = first.clone();
        Choice::new(text, move |cx| {
            cx.run(Effect::DecideUnsaved(Box::new(found), decision));
        })
    };
    let rows = vec![
        row(
            &format!("Use it, and keep the current text as a revision: \"{beginning}\""),
            Decision::Use,
        ),
        row(
            "Keep both: it becomes a revision, the current text stays",
            Decision::KeepBoth,
        ),
        row("Discard it", Decision::Discard),
    ];
    cx.show(
        Menu::new("An earlier session could not save this text", rows),
        Tone::Warning,
        format!("An earlier session could not save \"{beginning}\": stop typing to decide"),
    );
}

/// The decision was carried out; the next text is looked for.
pub fn decided(cx: &mut Cx, found: FoundText, decision: Decision, result: Result<Option<i64>, Problem>) {
    let version = match result {
        Ok(version) => version.unwrap_or_default(),
        Err(error) => return show_problem(cx, "The unsaved text stays in its file", &error),
    };
    cx.run(Effect::FindUnsaved);
    match decision {
        Decision::Use => {
            let undo = cx.by_key(Action::Undo);
            cx.tell(Tone::Good, format!("The form now holds the unsaved text{undo}"));
            cx.put_form(found.form);
        }
        Decision::KeepBoth => {
            let list = cx.key_of(Action::Revisions);
            cx.tell(
                Tone::Good,
                format!("The unsaved text is kept as v{version}{list}"),
            );
        }
        Decision::Discard => cx.tell(Tone::Plain, "The unsaved text was discarded"),
    }
}

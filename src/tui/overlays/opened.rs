//! Offers to load a request that was found in a file or in pasted text.

use super::confirm::Confirm;
use super::menu::{Choice, Menu};
use super::page::show_problem;
use crate::model::text::counted;
use crate::service::Problem;
use crate::service::opening::{Found, InBundle, Opened, Source};
use crate::tui::component::Cx;
use crate::tui::effect::Effect;
use crate::tui::keymap::Action;
use crate::tui::overlays::revisions::beginning;
use crate::tui::state::Tone;

/// Whether text that was pasted or dropped may be a path or a request, so that it is looked at.
pub fn may_be_request(text: &str) -> bool {
    let text = text.trim();
    let starts = ["curl ", "$ curl ", "{", "import ", "from "];
    is_path(text) || starts.iter().any(|start| text.starts_with(start))
}

/// Whether the text is one line that begins like a path, as terminals paste a dropped file.
pub fn is_path(text: &str) -> bool {
    let text = text.trim().trim_start_matches(['\'', '"']);
    let starts = ["/", "~/", "./", "../", "file://"];
    !text.contains('\n') && starts.iter().any(|start| text.starts_with(start))
}

/// A request was found in `text` or in the file that it names, or several, or none.
pub fn offer(cx: &mut Cx, text: &str, result: Result<Found, Problem>) {
    match result {
        Ok(Found::Request(opened)) => ask(cx, *opened),
        Ok(Found::Choice(takes)) => choose(cx, text, takes),
        Err(error) => show_problem(cx, "No request was loaded", &error),
    }
}

/// Lists the takes of a bundle, to load the request of one.
fn choose(cx: &mut Cx, text: &str, takes: Vec<InBundle>) {
    let title = format!(
        "Bundle of {}: load one request",
        counted(takes.len() as u64, "take")
    );
    let row = |one: InBundle| {
        let (path, take) = (text.to_owned(), one.take);
        let shown = format!("seed {}  {}", one.seed, beginning(&one.prompt));
        let find = move |cx: &mut Cx| cx.run(Effect::FindRequest(path, Some(take)));
        Choice::new(shown, find).lead(format!("take {take}"))
    };
    let rows = takes.into_iter().map(row).collect();
    cx.show(
        Menu::new(title, rows),
        Tone::Plain,
        "A bundle was found: stop typing to see its takes",
    );
}

fn ask(cx: &mut Cx, opened: Opened) {
    let mut details = vec![format!("It was found in {}.", opened.source)];
    details.push(format!("It begins: {}", beginning(&opened.form.prompt)));
    details.extend(opened.remarks.iter().cloned());
    if let Source::Bundle(_) = opened.source {
        details.push("Only this request is loaded: `rushes open` imports the takes themselves.".to_owned());
    }
    details.push(format!(
        "The form as it is now can be brought back{}.",
        cx.by_key(Action::Undo)
    ));
    let question = Confirm::new("Load this request into the form?", details, "load", move |cx| {
        let undo = cx.by_key(Action::Undo);
        cx.tell(Tone::Good, format!("The form now holds the request{undo}"));
        cx.put_other_form(opened.form);
    });
    cx.show(
        question,
        Tone::Plain,
        "A request was found: stop typing to see it",
    );
}

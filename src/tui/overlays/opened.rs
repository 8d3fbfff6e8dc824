//! Offers to load a request that was found in a file or in pasted text.

use super::confirm::Confirm;
use super::page::show_problem;
use crate::service::Problem;
use crate::service::opening::{Opened, Source};
use crate::tui::component::Cx;
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
fn is_path(text: &str) -> bool {
    let text = text.trim_start_matches(['\'', '"']);
    let starts = ["/", "~/", "./", "../", "file://"];
    !text.contains('\n') && starts.iter().any(|start| text.starts_with(start))
}

/// The request was found, or not.
pub fn offer(cx: &mut Cx, result: Result<Box<Opened>, Problem>) {
    let opened = match result {
        Ok(opened) => opened,
        Err(error) => return show_problem(cx, "No request was loaded", &error),
    };
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

//! Joins or bundles the videos of a chain, a sweep or marked takes: asks for the name of the new file.

use std::path::Path;

use super::entry::Entry;
use super::page::show_problem;
use crate::engine::bin::folder_of;
use crate::model::{Take, TakeId};
use crate::service::Problem;
use crate::tui::component::Cx;
use crate::tui::effect::{Copying, Effect};
use crate::tui::state::Tone;

/// The takes were read: asks for a name, or says why nothing can be done.
pub fn ask(cx: &mut Cx, how: Copying, result: Result<Vec<Take>, Problem>) {
    let takes = match result {
        Ok(takes) => takes,
        Err(error) => return show_problem(cx, how.failed(), &error),
    };
    if let Some(without) = takes.iter().find(|take| take.file.is_none()) {
        let text = format!("{}: {}", how.failed(), without.why_no_video());
        return cx.tell(Tone::Warning, text);
    }
    let ids: Vec<TakeId> = takes.iter().map(|take| take.id).collect();
    let Some(first) = takes.first().and_then(|take| take.file.as_ref()) else {
        return;
    };
    if how == Copying::Join && takes.len() < 2 {
        let text =
            "Nothing to join: this take is in no chain. Mark the takes to be joined, or use `rushes concat`";
        return cx.tell(Tone::Warning, text);
    }
    let numbers: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let name = match how {
        Copying::Join => format!("joined-{}.mp4", numbers.join("-")),
        Copying::Bundle => format!("bundle-{}.tar", numbers.join("-")),
    };
    let title = match how {
        Copying::Join => format!("Join takes {} into the new file", numbers.join(", ")),
        Copying::Bundle => format!("Bundle takes {} in the new file", numbers.join(", ")),
    };
    // Not into the bin.
    let folder = folder_of(first).unwrap_or_else(|| Path::new(""));
    let proposed = folder.join(name).display().to_string();
    let entry = Entry::new(title, "a path", &proposed, move |path, cx| {
        if !path.trim().is_empty() {
            cx.run(Effect::WriteCopy {
                how,
                takes: ids,
                to: path.trim().into(),
            });
        }
    });
    cx.show(
        entry,
        Tone::Plain,
        "The takes were read: stop typing to name the new file",
    );
}

/// The file was written, or could not be.
pub fn copied(cx: &mut Cx, how: Copying, result: Result<String, Problem>) {
    match result {
        Ok(told) => cx.tell(Tone::Good, told),
        Err(error) => show_problem(cx, how.failed(), &error),
    }
}

//! Lists the revisions of the form, to load one.

use super::menu::{Choice, Menu};
use super::page::show_problem;
use crate::model::difference::Differences;
use crate::model::text::one_line;
use crate::service::Problem;
use crate::store::Revision;
use crate::tui::component::Cx;
use crate::tui::keymap::Action;
use crate::tui::state::Tone;

/// Characters of what differs.
const MAX_WORDS: usize = 200;
/// Characters of a prompt shown in a list.
const BEGINNING: usize = 54;

pub fn list(cx: &mut Cx, result: Result<Vec<Revision>, Problem>) {
    let revisions = match result {
        Ok(revisions) => revisions,
        Err(error) => return show_problem(cx, "The revisions could not be read", &error),
    };
    if revisions.is_empty() {
        return cx.tell(
            Tone::Plain,
            "There is no revision yet: generating makes the first",
        );
    }
    let row = |Row { revision, words }: Row| {
        let at = revision.at.to_zoned(cx.facts.zone.clone());
        let at = at.strftime("%m-%d %H:%M");
        let text = format!("{at}  {words}");
        let lead = format!("v{}", revision.version);
        Choice::new(text, move |cx| load(cx, revision)).lead(lead)
    };
    let rows = rows(revisions).into_iter().map(row).collect();
    cx.show(
        Menu::new("Revisions", rows),
        Tone::Plain,
        "The revisions are listed: stop typing to see them",
    );
}

/// A revision, and what tells it from the one below.
struct Row {
    revision: Revision,
    words: String,
}

/// The revisions with what differs from the next older one; the oldest with its first words. Of equal revisions only the
/// newest is listed.
fn rows(revisions: Vec<Revision>) -> Vec<Row> {
    let mut different: Vec<Revision> = Vec::with_capacity(revisions.len());
    for revision in revisions {
        if !different.iter().any(|newer| newer.form == revision.form) {
            different.push(revision);
        }
    }
    let words = |at: usize, revision: &Revision| match different.get(at + 1) {
        Some(older) => Differences::in_short(&older.form, &revision.form, MAX_WORDS),
        None => beginning(&revision.form.prompt),
    };
    let words: Vec<String> = different
        .iter()
        .enumerate()
        .map(|(at, revision)| words(at, revision))
        .collect();
    let rows = different.into_iter().zip(words);
    rows.map(|(revision, words)| Row { revision, words }).collect()
}

/// Loads a revision into the form, as one step of undo.
fn load(cx: &mut Cx, revision: Revision) {
    let undo = cx.by_key(Action::Undo);
    cx.tell(
        Tone::Good,
        format!("The form now holds v{}{undo}", revision.version),
    );
    cx.put_other_form(revision.form);
}

/// The first words of a prompt.
pub fn beginning(prompt: &str) -> String {
    one_line(prompt.trim_start(), BEGINNING)
}

//! Lists the reel's snippets, to insert, add, change, rename or delete one.

use super::confirm::Confirm;
use super::entry::Entry;
use super::menu::{Choice, Menu};
use super::page::show_problem;
use crate::model::template::is_name;
use crate::model::text::one_line;
use crate::service::Problem;
use crate::tui::component::{Cx, Possible};
use crate::tui::effect::{Effect, SnippetChange};
use crate::tui::state::Tone;

/// Characters of a snippet shown in the list.
const BEGINNING: usize = 60;

/// Opens the list.
pub fn list(cx: &mut Cx) {
    let mut rows = Vec::new();
    for (name, text) in &cx.form.snippets {
        let choice = Choice::new(one_line(text, BEGINNING), {
            let name = name.clone();
            move |cx| one(cx, &name)
        });
        rows.push(choice.lead(name.clone()));
    }
    rows.push(Choice::new("New snippet", ask_name));
    cx.open(Menu::new("Snippets", rows));
}

/// What can be done with one.
fn one(cx: &mut Cx, name: &str) {
    let with = |run: fn(&mut Cx, &str)| {
        let name = name.to_owned();
        move |cx: &mut Cx| run(cx, &name)
    };
    let rows = vec![
        Choice::new(format!("Insert {{{{{name}}}}} at the cursor"), with(insert)),
        Choice::new("Change its text", with(change)),
        Choice::new("Rename it", with(rename)),
        Choice::new("Delete it", with(delete)),
    ];
    cx.open(Menu::new(name, rows));
}

fn insert(cx: &mut Cx, name: &str) {
    cx.form.editor.paste(&format!("{{{{{name}}}}}"));
    cx.prompt_changed();
    cx.edit_prompt();
}

/// Whether a text can be the name of a snippet.
fn can_be_name(typed: &str) -> Possible {
    match typed.trim() {
        name if is_name(name) => Ok(()),
        name => Err(format!(
            "{name:?} cannot be the name of a snippet: use letters, digits, - and _"
        )),
    }
}

/// Asks for a name.
fn ask_name(cx: &mut Cx) {
    let title = "Name of the snippet: letters, digits, - and _";
    let entry = Entry::new(title, "coat", "", |typed, cx| add(cx, typed.trim()));
    cx.open(entry.checked(|typed, _| can_be_name(typed)));
}

fn add(cx: &mut Cx, name: &str) {
    if cx.form.snippets.contains_key(name) {
        cx.tell(
            Tone::Warning,
            format!("There is a snippet {name}: this is its text"),
        );
    }
    change(cx, name);
}

fn change(cx: &mut Cx, name: &str) {
    let text = cx.form.snippets.get(name).cloned().unwrap_or_default();
    let owned = name.to_owned();
    cx.open(Entry::new(
        format!("Text of the snippet {name}"),
        "a red wool coat, worn at the cuffs",
        &text,
        move |typed, cx| {
            let name = owned;
            let text = typed.trim().to_owned();
            if text.is_empty() {
                return cx.tell(Tone::Plain, "Nothing was changed: a snippet needs a text");
            }
            cx.run(Effect::ChangeSnippet(SnippetChange::Set { name, text }));
        },
    ));
}

fn rename(cx: &mut Cx, from: &str) {
    let (title, text) = (format!("New name of the snippet {from}"), from);
    let from = from.to_owned();
    let entry = Entry::new(title, "coat", text, move |typed, cx| {
        let to = typed.trim().to_owned();
        cx.run(Effect::ChangeSnippet(SnippetChange::Rename { from, to }));
    });
    cx.open(entry.checked(|typed, state| {
        can_be_name(typed)?;
        let is_taken = state.form.snippets.contains_key(typed.trim());
        if is_taken {
            return Err(format!("there is a snippet {} already", typed.trim()));
        }
        Ok(())
    }));
}

fn delete(cx: &mut Cx, name: &str) {
    let name = name.to_owned();
    let question = format!("Delete the snippet {name}?");
    let call = format!("{{{{{name}}}}}");
    let details = vec![format!("Prompts that call {call} then send {call} as it stands.")];
    cx.open(Confirm::new(question, details, "delete", |cx| {
        cx.run(Effect::ChangeSnippet(SnippetChange::Remove { name }));
    }));
}

/// A snippet was changed, or could not be.
pub fn changed(cx: &mut Cx, result: Result<String, Problem>) {
    match result {
        Ok(text) => cx.tell(Tone::Good, text),
        Err(error) => show_problem(cx, "The snippet was not changed", &error),
    }
    cx.refresh();
}

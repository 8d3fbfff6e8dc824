//! Offers text that an external editor saved after it had given the terminal back.

use super::menu::{Choice, Menu};
use crate::model::text::one_line;
use crate::tui::component::Cx;
use crate::tui::effect::{Decision, Effect, LentWork, TerminalEffect};
use crate::tui::keymap::Action;
use crate::tui::state::Tone;
use crate::tui::terminal::late::{Late, Lent};

/// Characters of a late text that the question shows.
const BEGINNING: usize = 60;

/// Opens the external editor, after a check whether an earlier one has saved a text meanwhile.
pub fn open_editor(cx: &mut Cx) {
    if cx.lent.is_empty() {
        edit(cx);
    } else {
        look(cx, true);
    }
}

fn edit(cx: &mut Cx) {
    let text = cx.form.editor.text();
    cx.run_in_terminal(TerminalEffect::Edit(text));
}

/// Checks the lent files, if there are any, and then opens the editor if `then_edit`.
pub fn look(cx: &mut Cx, then_edit: bool) {
    if !cx.lent.is_empty() {
        let lent = cx.lent.clone();
        cx.run(Effect::Lent(LentWork::Look { lent, then_edit }));
    }
}

/// The editor ended at once and changed nothing, so it may have passed its file to a window.
pub fn ended_at_once(cx: &mut Cx, lent: Lent) {
    let key = cx.by_key(Action::OpenEditor);
    let (program, file) = (&lent.program, lent.file.display());
    let text = format!(
        "{program} ended at once and changed nothing. If it still has {file} open, what you save there is offered \
         later{key}. For an editor that waits, set EDITOR or VISUAL, such as \"code --wait\"."
    );
    cx.tell(Tone::Warning, text);
    cx.lent.push(lent);
}

/// Offers the first text that is new.
pub fn seen(cx: &mut Cx, mut late: Vec<Late>, then_edit: bool) {
    late.retain(|late| late.text != cx.form.editor.text());
    match late.into_iter().next() {
        // Nothing opens over text being typed or a question: the next check offers it.
        Some(_) if cx.late_is_asked || cx.is_typing => {}
        Some(late) => offer(cx, late),
        None if then_edit => edit(cx),
        None => {}
    }
}

fn offer(cx: &mut Cx, late: Late) {
    cx.late_is_asked = true;
    let undo = cx.by_key(Action::Undo);
    let beginning = one_line(late.text.trim_start(), BEGINNING);
    let title = format!("{} saved a text after it had closed. Use it?", late.lent.program);
    let row = |text: String, decision| {
        let late = late.clone();
        Choice::new(text, move |cx| decide(cx, &late, decision))
    };
    let rows = vec![
        row(
            format!("Use it instead of the prompt{undo}: \"{beginning}\""),
            Decision::Use,
        ),
        row(
            "Leave it in its file: the next start offers it again".to_owned(),
            Decision::KeepBoth,
        ),
        row("Discard it and remove its file".to_owned(), Decision::Discard),
    ];
    let menu = Menu::new(title, rows).or_else(move |cx| decide(cx, &late, Decision::KeepBoth));
    cx.open(menu);
}

fn decide(cx: &mut Cx, late: &Late, decision: Decision) {
    cx.late_is_asked = false;
    let file = &late.lent.file;
    if decision == Decision::Discard {
        cx.lent.retain(|lent| lent.file != *file);
        cx.tell(Tone::Plain, "The late text was discarded and its file removed");
        return cx.run(Effect::Lent(LentWork::Remove(file.clone())));
    }
    // The file stays lent, because the editor may save again; only a new text is offered again.
    for lent in cx.lent.iter_mut().filter(|lent| lent.file == *file) {
        lent.known.clone_from(&late.text);
    }
    if decision == Decision::Use {
        cx.form.editor.set_text(&late.text);
        cx.prompt_changed();
        cx.run(Effect::Lent(LentWork::MarkUnwritten(file.clone())));
    } else {
        let text = format!(
            "The text stays in {}, and the next start offers it again.",
            file.display()
        );
        cx.tell(Tone::Plain, text);
    }
}

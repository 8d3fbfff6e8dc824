//! Commands for the selected take: open it, use its request, judge it, write a note, copy it.

use super::copy;
use crate::model::Verdict;
use crate::service::{Change, Problem};
use crate::tui::component::{Command, Cx, Declare, Possible};
use crate::tui::effect::{Copying, Effect};
use crate::tui::keymap::Action;
use crate::tui::overlays::difference;
use crate::tui::overlays::entry::Entry;
use crate::tui::overlays::page::show_problem;
use crate::tui::state::State;

pub struct TakeCommands;

impl Declare for TakeCommands {
    const COMMANDS: &'static [Command<Self>] = &[
        Command::on(&[Action::Open], |_, _, cx| {
            if let Ok(id) = cx.the_take().map(|take| take.id) {
                cx.run(Effect::Open(id));
            }
        })
        .when(there_is_a_take),
        Command::on(&[Action::UseTake], |_, _, cx| use_take(cx)).when(there_is_a_take),
        Command::on(&[Action::Difference], |_, _, cx| {
            if let Ok(take) = cx.the_take().cloned() {
                difference::open(cx, &[take]);
            }
        })
        .when(there_is_a_take),
        Command::on(&[Action::Circle, Action::Reject], |_, action, cx| {
            judge(action, cx);
        })
        .when(there_is_a_take),
        Command::on(&[Action::Note], |_, _, cx| note(cx)).when(there_is_a_take),
        Command::on(&[Action::JoinFiles, Action::Bundle], |_, action, cx| {
            let how = match action {
                Action::JoinFiles => Copying::Join,
                _ => Copying::Bundle,
            };
            if let Ok(id) = cx.the_take().map(|take| take.id) {
                cx.run(Effect::FindChain(id, how));
            }
        })
        .when(has_a_file),
        Command::on(
            &[Action::CopyCurl, Action::CopyPython, Action::CopyJson],
            |_, action, cx| copy::copy(action, cx),
        )
        .when(there_is_a_take),
        Command::on(&[Action::CopyPath], |_, action, cx| copy::copy(action, cx)).when(has_a_file),
        Command::on(&[Action::CopyUrl], |_, action, cx| copy::copy(action, cx)).when(|_, _, state| {
            let take = state.the_take()?;
            let no_url = || format!("take {} has no URL: it is {}", take.id, take.state);
            take.output_url.as_ref().map(drop).ok_or_else(no_url)
        }),
    ];
}

fn there_is_a_take(_: &TakeCommands, _: Action, state: &State) -> Possible {
    state.the_take().map(drop)
}

fn has_a_file(_: &TakeCommands, _: Action, state: &State) -> Possible {
    let take = state.the_take()?;
    let no_file = || format!("take {} has no file: it is {}", take.id, take.state);
    take.file.as_ref().map(drop).ok_or_else(no_file)
}

fn use_take(cx: &mut Cx) {
    let Ok(take) = cx.the_take().cloned() else { return };
    if let Err(why) = cx.load(&take, |_| {}) {
        let what = format!("Take {} cannot be used", take.id);
        show_problem(cx, &what, &Problem::because(why));
    }
}

/// Circles or rejects the selected take; the same key again removes the verdict.
fn judge(action: Action, cx: &mut Cx) {
    let verdict = match action {
        Action::Circle => Verdict::Circled,
        _ => Verdict::Rejected,
    };
    cx.change_take(|take| match take.verdict {
        same if same == verdict => Change::Verdict(Verdict::None),
        _ => Change::Verdict(verdict),
    });
}

fn note(cx: &mut Cx) {
    let Ok(take) = cx.the_take() else { return };
    let id = take.id;
    let note = take.note.clone().unwrap_or_default();
    cx.open(Entry::new(
        format!("Note on take {id}"),
        "what is good or bad about it",
        &note,
        move |text, cx| cx.run(Effect::Change(id, Change::Note(text.trim().to_owned()))),
    ));
}

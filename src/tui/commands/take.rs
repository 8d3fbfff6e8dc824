//! Commands for the selected take: open it or unfold its sweep, use its request, copy it.

use super::copy;
use crate::model::{TakeId, Verdict};
use crate::service::Problem;
use crate::service::orders::has_own_request;
use crate::tui::component::{Command, Cx, Declare, Possible};
use crate::tui::effect::{Copying, Effect, Purpose};
use crate::tui::keymap::Action;
use crate::tui::overlays::difference;
use crate::tui::overlays::page::show_problem;
use crate::tui::state::{Chosen, State, ids};

pub struct TakeCommands;

impl Declare for TakeCommands {
    const COMMANDS: &'static [Command<Self>] = &[
        Command::on(&[Action::Open], |_, _, cx| open(cx))
            .when(|_, _, state| match state.selected_sweep() {
                Some(_) => Ok(()),
                None => state.the_take().map(drop),
            })
            .called(|_, state| {
                let label = if state.unfoldable().is_some() {
                    Action::Unfold
                } else if state.selected_sweep().is_some() {
                    Action::Fold
                } else {
                    Action::Open
                };
                label.short().to_owned()
            }),
        Command::on(&[Action::Unfold], |_, _, cx| {
            if let Some(number) = cx.unfoldable() {
                cx.unfold(number);
            }
        })
        .when(|_, _, state| match state.unfoldable() {
            Some(_) => Ok(()),
            None => Err("no folded sweep is selected".to_owned()),
        }),
        Command::on(&[Action::Fold], |_, _, cx| {
            if let Some(number) = cx.foldable() {
                cx.fold(number);
            }
        })
        .when(|_, _, state| match state.foldable() {
            Some(_) => Ok(()),
            None => Err("no unfolded sweep is selected".to_owned()),
        }),
        Command::on(&[Action::UseTake], |_, _, cx| use_take(cx))
            .when(|_, _, state| has_own_request(state.the_take()?)),
        Command::on(&[Action::Difference], |_, _, cx| {
            if let Ok(takes) = difference::compared(cx) {
                cx.run(Effect::FindTakes(takes, Purpose::Compare));
                cx.takes.marks.clear();
            }
        })
        .when(|_, _, state| difference::compared(state).map(drop)),
        Command::on(&[Action::JoinFiles, Action::Bundle], |_, action, cx| {
            let how = match action {
                Action::JoinFiles => Copying::Join,
                _ => Copying::Bundle,
            };
            if let Ok(takes) = to_copy(cx) {
                cx.run(Effect::FindTakes(takes, Purpose::Copy(how)));
                cx.takes.marks.clear();
            }
        })
        .when(|_, _, state| to_copy(state).map(drop)),
        Command::on(
            &[Action::CopyCurl, Action::CopyPython, Action::CopyJson],
            |_, action, cx| copy::copy(action, cx),
        )
        .when(there_is_a_take),
        Command::on(&[Action::CopyPath], |_, action, cx| copy::copy(action, cx))
            .when(|_, _, state| has_file(state)),
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

fn has_file(state: &State) -> Possible {
    let take = state.the_take()?;
    take.file.as_ref().map(drop).ok_or_else(|| take.why_no_video())
}

/// The takes whose videos are joined or bundled: the saved ones of a sweep, the marked ones, or the selected one. Rejected
/// takes are left out unless there are no others.
fn to_copy(state: &State) -> Result<Vec<TakeId>, String> {
    let acted = state.acted_on()?;
    let mut takes = match acted.chosen {
        Chosen::Sweep(_) => acted.saved(),
        Chosen::Marks | Chosen::Take(_) => acted.takes.clone(),
    };
    if takes.iter().any(|take| take.verdict != Verdict::Rejected) {
        takes.retain(|take| take.verdict != Verdict::Rejected);
    }
    match &takes[..] {
        [] => Err(format!("{} has no saved take yet", acted.name())),
        [_] if !acted.is_several() => has_file(state).map(|()| ids(&takes)),
        _ => Ok(ids(&takes)),
    }
}

/// Opens the selected take; unfolds or folds the selected sweep.
fn open(cx: &mut Cx) {
    if let Some(number) = cx.unfoldable() {
        cx.unfold(number);
    } else if let Some(number) = cx.selected_sweep().map(|row| row.sweep.number) {
        cx.fold(number);
    } else if let Ok(id) = cx.the_take().map(|take| take.id) {
        cx.run(Effect::Open(id));
    }
}

fn use_take(cx: &mut Cx) {
    let Ok(take) = cx.the_take().cloned() else { return };
    if let Err(why) = cx.load(&take, |_| {}) {
        let what = format!("Take {} cannot be used", take.id);
        show_problem(cx, &what, &Problem::because(why));
    }
}

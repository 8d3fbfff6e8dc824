//! Commands of the workbench as a whole: focus, zoom, the terminal, quitting.

use crate::tui::component::{AppRequest, Command, Declare};
use crate::tui::effect::TerminalEffect;
use crate::tui::keymap::{Action, PaneId};
use crate::tui::overlays::quitting::Quitting;
use crate::tui::state::{Leaving, Tone};

pub struct Program;

impl Declare for Program {
    const COMMANDS: &'static [Command<Self>] = &[
        Command::on(PaneId::FOCUS, |_, action, cx| {
            if let Some(pane) = PaneId::ALL.into_iter().find(|pane| pane.focus() == action) {
                cx.focus(pane);
            }
        }),
        Command::on(&[Action::FocusNext, Action::FocusPrev], |_, action, cx| {
            let by = if action == Action::FocusNext {
                1
            } else {
                PaneId::ALL.len() - 1
            };
            cx.request(AppRequest::FocusStep(by));
        }),
        Command::on(&[Action::FocusPrev], |_, _, cx| {
            cx.request(AppRequest::FocusStep(PaneId::ALL.len() - 1));
        }),
        Command::on(&[Action::FocusPrev], |_, _, cx| {
            cx.request(AppRequest::FocusStep(PaneId::ALL.len() - 1));
        }),
        Command::on(&[Action::Leave], |_, _, cx| cx.request(AppRequest::Leave)),
        Command::on(&[Action::Zoom], |_, _, cx| cx.request(AppRequest::Zoom)),
        Command::on(&[Action::Redraw], |_, _, cx| {
            cx.run_in_terminal(TerminalEffect::Redraw);
        }),
        Command::on(&[Action::ToggleMouse], |_, _, cx| {
            let has_mouse = !cx.has_mouse;
            cx.has_mouse = has_mouse;
            cx.run_in_terminal(TerminalEffect::Mouse(has_mouse));
        }),
        Command::on(&[Action::NextPictureMode], |_, _, cx| {
            cx.pictures.next();
            let words = cx.pictures.words();
            cx.tell(Tone::Plain, words);
        }),
        Command::on(&[Action::Suspend], |_, _, cx| {
            cx.run_in_terminal(TerminalEffect::Suspend);
        }),
        Command::on(&[Action::Quit], |_, _, cx| {
            if cx.goes_on() > 0 {
                cx.open(Quitting::default());
            } else {
                cx.leaving = Some(Leaving::Quit);
            }
        }),
        Command::on(&[Action::QuitNow], |_, _, cx| cx.leaving = Some(Leaving::Quit)),
        Command::on(&[Action::QuitWhenDone], |_, _, cx| cx.quit_when_done()),
        // Other components declare these where they are possible.
        Command::on(&[Action::Accept], |_, _, _| ())
            .when(|_, _, _| Err("there is no question to answer".to_owned())),
        Command::on(&[Action::CapOfSettings], |_, _, _| ()).when(|_, _, state| {
            let how = state.by_key(Action::Caps);
            Err(format!("the caps are not open{how}"))
        }),
        Command::on(&[Action::Import, Action::ImportAll], |_, _, _| ()).when(|_, _, state| {
            let how = state.by_key(Action::Reconcile);
            Err(format!("the comparison is not open{how}"))
        }),
        Command::on(
            &[Action::ReleaseOnHold, Action::CancelOnHold, Action::ChangeOnHold],
            |_, _, _| (),
        )
        .when(|_, _, state| {
            let how = state.by_key(Action::DecideOnHold);
            Err(format!("the question about takes on hold is not open{how}"))
        }),
    ];
}

//! Commands of the workbench as a whole: which pane has the keys, palette and help, the terminal, quitting.

use crate::tui::action::Action;
use crate::tui::component::{Command, Declare, Request};
use crate::tui::effect::TerminalEffect;
use crate::tui::overlays::quitting::Quitting;
use crate::tui::overlays::reconcile;
use crate::tui::pane::PaneId;
use crate::tui::state::Leaving;

/// See the module.
pub struct Desk;

impl Declare for Desk {
    const COMMANDS: &'static [Command<Self>] = &[
        Command::new(
            &[
                Action::FocusPrompt,
                Action::FocusParameters,
                Action::FocusQueue,
                Action::FocusLog,
                Action::FocusMonitor,
            ],
            |_, action, cx| {
                cx.focus(match action {
                    Action::FocusPrompt => PaneId::Prompt,
                    Action::FocusParameters => PaneId::Params,
                    Action::FocusQueue => PaneId::Queue,
                    Action::FocusLog => PaneId::Log,
                    _ => PaneId::Monitor,
                });
            },
        )
        .anywhere(),
        Command::new(&[Action::FocusNext], |_, _, cx| cx.request(Request::FocusStep(1))).anywhere(),
        Command::new(&[Action::FocusPrev], |_, _, cx| {
            cx.request(Request::FocusStep(PaneId::ALL.len() - 1));
        })
        .anywhere(),
        Command::new(&[Action::Leave], |_, _, cx| cx.request(Request::Leave)).anywhere(),
        Command::new(&[Action::Zoom], |_, _, cx| cx.request(Request::Zoom)).anywhere(),
        Command::new(&[Action::Palette], |_, _, cx| cx.request(Request::Palette)).anywhere(),
        Command::new(&[Action::Help], |_, _, cx| cx.request(Request::Help)).anywhere(),
        Command::new(&[Action::CompareBooks], |_, _, cx| reconcile::ask(cx)).anywhere(),
        Command::new(&[Action::Redraw], |_, _, cx| {
            cx.run_in_terminal(TerminalEffect::Redraw)
        })
        .anywhere(),
        Command::new(&[Action::ToggleMouse], |_, _, cx| {
            let has_mouse = !cx.has_mouse;
            cx.has_mouse = has_mouse;
            cx.run_in_terminal(TerminalEffect::Mouse(has_mouse));
        })
        .anywhere(),
        Command::new(&[Action::Suspend], |_, _, cx| {
            cx.run_in_terminal(TerminalEffect::Suspend);
        })
        .anywhere(),
        Command::new(&[Action::Quit], |_, _, cx| {
            if cx.goes_on() > 0 {
                cx.open(Quitting::default());
            } else {
                cx.leaving = Some(Leaving::Quit);
            }
        })
        .anywhere(),
        Command::new(&[Action::QuitNow], |_, _, cx| cx.leaving = Some(Leaving::Quit)).anywhere(),
        Command::new(&[Action::QuitWhenDone], |_, _, cx| cx.quit_when_done()).anywhere(),
        // Where these do something, another component declares them.
        Command::new(&[Action::Accept], |_, _, _| ())
            .when(|_, _, _| Err("nothing is asked".to_owned()))
            .anywhere(),
        Command::new(&[Action::Adopt, Action::AdoptAll], |_, _, _| ())
            .when(|_, _, state| {
                let how = state.by_key(Action::CompareBooks);
                Err(format!("no books are open{how}"))
            })
            .anywhere(),
        Command::new(
            &[Action::ReleaseHeld, Action::CancelHeld, Action::ChangeHeld],
            |_, _, _| (),
        )
        .when(|_, _, state| {
            let how = state.by_key(Action::DecideHeld);
            Err(format!("nothing is asked{how}"))
        })
        .anywhere(),
    ];
}

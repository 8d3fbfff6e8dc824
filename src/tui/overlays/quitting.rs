//! Asks how to quit while takes are in flight: leave them to the background, or wait for them.

use ratatui::layout::Rect;

use super::question::Question;
use crate::tui::canvas::{Canvas, Drawn};
use crate::tui::component::{Command, Component, Cx, Declare};
use crate::tui::keymap::{Action, Context};
use crate::tui::state::{Leaving, MOVES, State};

#[derive(Debug, Default)]
pub struct Quitting {
    scroll: Question,
}

impl Declare for Quitting {
    const COMMANDS: &'static [Command<Self>] = &[
        Command::on(&[Action::QuitNow], |_, _, cx| cx.leaving = Some(Leaving::Quit)),
        Command::on(&[Action::QuitWhenDone], |_, _, cx| {
            cx.close();
            cx.quit_when_done();
        }),
        Command::on(MOVES, |quitting, action, cx| quitting.scroll.step(action, cx)),
    ];
}

impl Component for Quitting {
    fn context(&self) -> Context {
        Context::Quitting
    }

    fn left(&mut self, cx: &mut Cx) {
        cx.stay_open();
    }

    fn hints(&self) -> &'static [Action] {
        &[Action::QuitNow, Action::QuitWhenDone, Action::Leave]
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, state: &State) -> Drawn {
        self.scroll.draw(canvas, area, &question(state), &details(state))
    }
}

fn question(state: &State) -> String {
    let unsettled = &state.takes.unsettled;
    let running = unsettled.sent + unsettled.unknown;
    let takes = |n: usize, one: &str, several: &str| match n {
        1 => format!("1 take {one}"),
        n => format!("{n} takes {several}"),
    };
    let what = match (running, state.goes_on() - running) {
        (0, waiting) => takes(waiting, "waits to be sent", "wait to be sent"),
        (running, 0) => takes(running, "is still running", "are still running"),
        (running, 1) => takes(running, "is still running", "are still running") + ", and 1 waits",
        (running, waiting) => {
            takes(running, "is still running", "are still running") + &format!(", and {waiting} wait")
        }
    };
    if state.quits_when_done {
        format!("{what}. Quit now instead of when all have finished?")
    } else {
        format!("{what}. Quit?")
    }
}

/// What happens to the running takes.
fn details(state: &State) -> Vec<String> {
    let Some(why) = state.why_not_sent() else {
        let all = "Work continues in the background: waiting takes are sent, and videos are saved.";
        return vec![all.to_owned()];
    };
    let mut details = vec!["Work continues in the background: videos are saved.".to_owned()];
    details.extend((state.takes.unsettled.ready > 0).then(|| why.in_words(state)));
    details
}

//! A question before something that cannot be undone or costs money.

use ratatui::layout::Rect;

use super::question::Question;
use crate::tui::canvas::{Canvas, Drawn};
use crate::tui::component::{Command, Component, Cx, Declare};
use crate::tui::keymap::{Action, Context};
use crate::tui::state::{MOVES, State};

type Then = Box<dyn FnOnce(&mut Cx)>;
type Again = Box<dyn Fn(&Confirm, &mut Cx)>;

pub struct Confirm {
    pub question: String,
    /// What to know before answering.
    pub details: Vec<String>,
    /// The label of the yes: `generate`.
    pub yes: String,
    then: Option<Then>,
    /// Asks again when the state has changed.
    again: Option<Again>,
    scroll: Question,
}

impl Confirm {
    pub fn new(
        question: impl Into<String>,
        details: Vec<String>,
        yes: impl Into<String>,
        then: impl FnOnce(&mut Cx) + 'static,
    ) -> Self {
        Self {
            question: question.into(),
            details,
            yes: yes.into(),
            then: Some(Box::new(then)),
            again: None,
            scroll: Question::default(),
        }
    }

    /// With `again`, which is called after each change of the state and replaces the question when it is outdated.
    pub fn or_again(mut self, again: impl Fn(&Self, &mut Cx) + 'static) -> Self {
        self.again = Some(Box::new(again));
        self
    }

    /// Does what the yes does.
    pub fn answer(self, cx: &mut Cx) {
        if let Some(then) = self.then {
            then(cx);
        }
    }

    /// Whether both ask the same.
    pub fn is_same(&self, other: &Self) -> bool {
        (&self.question, &self.details, &self.yes) == (&other.question, &other.details, &other.yes)
    }
}

impl Declare for Confirm {
    const COMMANDS: &'static [Command<Self>] = &[
        Command::on(&[Action::Accept], |confirm: &mut Self, _, cx| {
            cx.close();
            if let Some(then) = confirm.then.take() {
                then(cx);
            }
        })
        .called(|confirm, _| confirm.yes.clone())
        .answer(),
        Command::on(MOVES, |confirm, action, cx| confirm.scroll.step(action, cx)),
    ];
}

impl Component for Confirm {
    fn context(&self) -> Context {
        Context::Confirm
    }

    fn hints(&self) -> &'static [Action] {
        &[Action::Accept, Action::Leave]
    }

    fn refresh(&mut self, cx: &mut Cx) {
        if let Some(again) = &self.again {
            again(self, cx);
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, _state: &State) -> Drawn {
        self.scroll.draw(canvas, area, &self.question, &self.details)
    }
}

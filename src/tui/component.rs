//! What a component is: a pane, an overlay or a mode that holds its state, its commands, its keys, its reaction and its
//! drawing.

use std::any::Any;
use std::collections::VecDeque;
use std::ops::{Deref, DerefMut};

use crossterm::event::KeyEvent;
use ratatui::layout::Rect;

use super::action::Action;
use super::canvas::{Canvas, Drawn, Target};
use super::effect::Message;
use super::keymap::Context;
use super::pane::PaneId;
use super::state::{Notice, State, Tone};

/// Whether a command can be done now; if not, why, for the user.
pub type Possible = Result<(), String>;

/// One command: which actions it answers to, what it is called, when it can be done, and what it does.
pub struct Command<C> {
    actions: &'static [Action],
    run: fn(&mut C, Action, &mut Cx),
    during: Option<fn(&C) -> bool>,
    check: Option<fn(&C, Action, &State) -> Possible>,
    label: Option<fn(&C, &State) -> String>,
    is_anywhere: bool,
    is_answer: bool,
}

impl<C> Command<C> {
    /// A command that can always be done while its component has the keys.
    pub const fn on(actions: &'static [Action], run: fn(&mut C, Action, &mut Cx)) -> Self {
        Self {
            actions,
            run,
            during: None,
            check: None,
            label: None,
            is_anywhere: false,
            is_answer: false,
        }
    }

    /// Exists only in some modes of the component; else another component may have the command.
    pub const fn during(self, mode: fn(&C) -> bool) -> Self {
        Self {
            during: Some(mode),
            ..self
        }
    }

    /// Can be done only when `check` says so.
    pub const fn when(self, check: fn(&C, Action, &State) -> Possible) -> Self {
        Self {
            check: Some(check),
            ..self
        }
    }

    /// The key line calls it by another name than the action's own.
    pub const fn called(self, label: fn(&C, &State) -> String) -> Self {
        Self {
            label: Some(label),
            ..self
        }
    }

    /// Can also be done while another component has the keys.
    pub const fn anywhere(self) -> Self {
        Self {
            is_anywhere: true,
            ..self
        }
    }

    /// Answers a question, so it counts only when the user has seen the whole of it.
    pub const fn answer(self) -> Self {
        Self {
            is_answer: true,
            ..self
        }
    }
}

/// A component declares its commands in one table, so that what it offers is what it does.
pub trait Declare: Sized + 'static {
    const COMMANDS: &'static [Command<Self>];
}

/// A command as it is offered now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    pub action: Action,
    /// As the key line calls it.
    pub label: String,
    pub possible: Possible,
    /// Can also be done while another component has the keys.
    pub is_anywhere: bool,
    /// Counts only when the question was shown whole.
    pub is_answer: bool,
}

/// The table of [`Declare`], asked and performed. Key line, palette, help and behaviour all go through here.
pub trait Commands {
    /// Every command, in the order of the table.
    fn commands(&self, state: &State) -> Vec<Offered>;
    /// The command for `action`, if the component has one.
    fn offer(&self, action: Action, state: &State) -> Option<Offered>;
    /// Does the command for `action`, if the component has one.
    fn act(&mut self, action: Action, cx: &mut Cx);
}

impl<C: Declare> Commands for C {
    fn commands(&self, state: &State) -> Vec<Offered> {
        let actions = C::COMMANDS.iter().flat_map(|command| command.actions);
        actions.filter_map(|action| self.offer(*action, state)).collect()
    }

    fn offer(&self, action: Action, state: &State) -> Option<Offered> {
        let command = find(self, action)?;
        Some(Offered {
            action,
            label: command
                .label
                .map_or_else(|| action.short().to_owned(), |label| label(self, state)),
            possible: command.check.map_or(Ok(()), |check| check(self, action, state)),
            is_anywhere: command.is_anywhere,
            is_answer: command.is_answer,
        })
    }

    fn act(&mut self, action: Action, cx: &mut Cx) {
        if let Some(command) = find(self, action) {
            (command.run)(self, action, cx);
        }
    }
}

fn find<C: Declare>(component: &C, action: Action) -> Option<&'static Command<C>> {
    C::COMMANDS.iter().find(|command| {
        command.actions.contains(&action) && command.during.is_none_or(|during| during(component))
    })
}

/// A pane or an overlay.
pub trait Component: Commands + Any {
    /// The keymap's table that holds while it has the keys.
    fn context(&self) -> Context;

    /// The commands that the key line shows first.
    fn hints(&self) -> &'static [Action];

    /// What the status line calls the mode in which keys are no commands of a pane.
    fn mode(&self) -> Option<&'static str> {
        None
    }

    /// Takes a key that is no command; `false` when it means nothing here.
    fn key(&mut self, _key: KeyEvent, _cx: &mut Cx) -> bool {
        false
    }

    /// Takes pasted text; `false` when no text goes here.
    fn paste(&mut self, _text: &str, _cx: &mut Cx) -> bool {
        false
    }

    /// Reacts to a message; `true` when nobody else needs it.
    fn receive(&mut self, _message: &Message, _cx: &mut Cx) -> bool {
        false
    }

    /// The shared state may have changed while this overlay is on top.
    fn refresh(&mut self, _cx: &mut Cx) {}

    /// The overlay is left without an answer, or the pane loses the keys.
    fn left(&mut self, _cx: &mut Cx) {}

    /// The pane begins to take text.
    fn edit(&mut self, _cx: &mut Cx) {}

    /// Selects the item at a place of the pane.
    fn select(&mut self, _target: Target, _cx: &mut Cx) {}

    /// Takes over what a `newer` overlay would show, so that it need not be opened.
    fn absorb(&mut self, _newer: &dyn Component) -> bool {
        false
    }

    /// A frame was drawn, with so many columns and rows for a picture.
    fn drawn(&mut self, _picture: Option<(u16, u16)>, _cx: &mut Cx) {}

    /// Draws over `area`; a pane that has one row draws itself on a line. Changes nothing.
    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, state: &State) -> Drawn;
}

impl dyn Component {
    /// The component as what it is, when it is a `T`.
    pub fn downcast<T: Component>(&self) -> Option<&T> {
        let any: &dyn Any = self;
        any.downcast_ref()
    }
}

/// What a component asks of the application.
pub enum Request {
    /// Opens an overlay that a key has just asked for.
    Open(Box<dyn Component>),
    /// Opens an overlay that no key has asked for, once nothing is typed; until then the notice stands for it.
    Show(Box<dyn Component>, Notice),
    /// Closes the topmost overlay: it was answered.
    Close,
    /// Leaves exactly one thing: the topmost overlay, a zoom, the log's filter.
    Leave,
    /// Focuses the pane and selects the item at that place.
    GoTo(Target),
    /// Gives the keys to the pane that is so many places further on.
    FocusStep(usize),
    /// Gives the keys to a pane, which begins to take text.
    Edit(PaneId),
    Act(Action),
    Zoom,
    Palette,
    Help,
}

/// What a component works with: the shared state, and what it asks of the application.
pub struct Cx {
    state: State,
    requests: VecDeque<Request>,
}

impl Cx {
    pub const fn new(state: State) -> Self {
        Self {
            state,
            requests: VecDeque::new(),
        }
    }

    pub fn request(&mut self, request: Request) {
        self.requests.push_back(request);
    }

    pub(super) fn next_request(&mut self) -> Option<Request> {
        self.requests.pop_front()
    }

    pub fn open(&mut self, overlay: impl Component) {
        self.request(Request::Open(Box::new(overlay)));
    }

    /// Opens what no key has just asked for. While something is typed, `headline` stands for it.
    pub fn show(&mut self, overlay: impl Component, tone: Tone, headline: impl Into<String>) {
        let text = headline.into();
        self.request(Request::Show(Box::new(overlay), Notice { text, tone }));
    }

    /// Closes the topmost overlay: it was answered.
    pub fn close(&mut self) {
        self.request(Request::Close);
    }

    pub fn focus(&mut self, pane: PaneId) {
        self.request(Request::GoTo(Target::Pane(pane)));
    }

    pub fn edit_prompt(&mut self) {
        self.request(Request::Edit(PaneId::Prompt));
    }
}

impl Deref for Cx {
    type Target = State;
    fn deref(&self) -> &State {
        &self.state
    }
}

impl DerefMut for Cx {
    fn deref_mut(&mut self) -> &mut State {
        &mut self.state
    }
}

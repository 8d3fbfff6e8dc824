//! The traits of components: panes, overlays and sets of commands, each with its state, commands, keys and drawing.

use std::any::Any;
use std::collections::VecDeque;
use std::ops::{Deref, DerefMut};

use crossterm::event::KeyEvent;
use ratatui::layout::Rect;

use super::canvas::{Canvas, Drawn, Target, Unread};
use super::effect::Message;
use super::keymap::{Action, Context, PaneId};
use super::state::{Notice, State, Tone};

/// Whether a command can be run now; if not, the reason for the user.
pub type Possible = Result<(), String>;

/// One command: the actions that run it, its label, when it is possible, and what it does.
pub struct Command<C> {
    actions: &'static [Action],
    run: fn(&mut C, Action, &mut Cx),
    during: Option<fn(&C) -> bool>,
    check: Option<fn(&C, Action, &State) -> Possible>,
    label: Option<fn(&C, &State) -> String>,
    is_anywhere: bool,
    unread: Unread,
}

impl<C> Command<C> {
    /// A command that is always possible while its component has the keys.
    pub const fn on(actions: &'static [Action], run: fn(&mut C, Action, &mut Cx)) -> Self {
        Self {
            actions,
            run,
            during: None,
            check: None,
            label: None,
            is_anywhere: false,
            unread: Unread::Acts,
        }
    }

    /// Exists only in some modes of the component; else another component may have the command.
    pub const fn during(mut self, mode: fn(&C) -> bool) -> Self {
        self.during = Some(mode);
        self
    }

    /// Possible only when `check` says so.
    pub const fn when(mut self, check: fn(&C, Action, &State) -> Possible) -> Self {
        self.check = Some(check);
        self
    }

    /// Has another label in the key line than its action.
    pub const fn called(mut self, label: fn(&C, &State) -> String) -> Self {
        self.label = Some(label);
        self
    }

    /// Also possible while another pane has the keys.
    pub const fn anywhere(mut self) -> Self {
        self.is_anywhere = true;
        self
    }

    /// Answers a question, so it counts only when the user has seen the whole question.
    pub const fn answer(mut self) -> Self {
        self.unread = Unread::ReadsOn;
        self
    }

    /// Opens the question that it answers when the user has not seen the whole of it.
    pub const fn asks_unless_read(mut self) -> Self {
        self.unread = Unread::Asks;
        self
    }
}

/// A component declares its commands in one table, so that what it offers is what it does.
pub trait Declare: Sized + 'static {
    const COMMANDS: &'static [Command<Self>];
}

/// A command as it is offered now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// The label in the key line.
    pub label: String,
    pub possible: Possible,
    pub is_anywhere: bool,
    pub unread: Unread,
}

/// The table of [`Declare`], queried and run. Key line, palette and behaviour all go through here.
pub trait Commands {
    /// The command for `action`, if the component has one.
    fn offer(&self, action: Action, state: &State) -> Option<Offered>;
    /// Runs the command for `action`, if the component has one.
    fn act(&mut self, action: Action, cx: &mut Cx);
}

impl<C: Declare> Commands for C {
    fn offer(&self, action: Action, state: &State) -> Option<Offered> {
        let command = find(self, action)?;
        Some(Offered {
            label: command
                .label
                .map_or_else(|| action.short().to_owned(), |label| label(self, state)),
            possible: command.check.map_or(Ok(()), |check| check(self, action, state)),
            is_anywhere: command.is_anywhere,
            unread: command.unread,
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
    /// The table of the keymap that applies while it has the keys.
    fn context(&self) -> Context;

    /// The commands that the key line shows first.
    fn hints(&self) -> &'static [Action];

    /// The name of the mode in the status line, while keys are not the commands of a pane.
    fn mode(&self) -> Option<&'static str> {
        None
    }

    /// Handles a key that is no command; `false` when it means nothing here.
    fn key(&mut self, _key: KeyEvent, _cx: &mut Cx) -> bool {
        false
    }

    /// Handles pasted text; `false` when no text can be typed here.
    fn paste(&mut self, _text: &str, _cx: &mut Cx) -> bool {
        false
    }

    /// Reacts to a message; `true` when nothing else needs it.
    fn receive(&mut self, _message: &Message, _cx: &mut Cx) -> bool {
        false
    }

    /// The shared state may have changed while this overlay is on top.
    fn refresh(&mut self, _cx: &mut Cx) {}

    /// Called when the overlay is closed without an answer, or the pane loses the keys.
    fn left(&mut self, _cx: &mut Cx) {}

    /// Starts the editing of text in the pane.
    fn edit(&mut self, _cx: &mut Cx) {}

    /// Selects the item at a place of the pane.
    fn select(&mut self, _target: Target, _cx: &mut Cx) {}

    /// Shows what a `newer` overlay would show, if it can; that one is then not opened.
    fn absorb(&mut self, _newer: &dyn Component) -> bool {
        false
    }

    /// Called after a frame was drawn, with the columns and rows that it has for a picture.
    fn drawn(&mut self, _picture: Option<(u16, u16)>, _cx: &mut Cx) {}

    /// Draws itself in `area`; a pane that has one row draws a summary.
    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, state: &State) -> Drawn;
}

impl dyn Component {
    pub fn downcast<T: Component>(&self) -> Option<&T> {
        let any: &dyn Any = self;
        any.downcast_ref()
    }
}

/// What a component asks of the application.
pub enum AppRequest {
    /// Opens an overlay that a key has just asked for.
    Open(Box<dyn Component>),
    /// Opens an overlay that no key has asked for as soon as nothing is typed; until then the notice is shown.
    Show(Box<dyn Component>, Notice),
    /// Closes the topmost overlay, which was answered.
    Close,
    /// Leaves exactly one thing: the topmost overlay, a zoom, the log's filter.
    Leave,
    /// Focuses the pane and selects the item at that place.
    GoTo(Target),
    /// Focuses the pane that many places further on.
    FocusStep(usize),
    /// Focuses a pane and starts editing there.
    Edit(PaneId),
    Act(Action),
    Zoom,
    Palette,
    Help,
}

/// What a component works with: the shared state, and what it asks of the application.
pub struct Cx {
    state: State,
    requests: VecDeque<AppRequest>,
}

impl Cx {
    pub const fn new(state: State) -> Self {
        Self {
            state,
            requests: VecDeque::new(),
        }
    }

    pub fn request(&mut self, request: AppRequest) {
        self.requests.push_back(request);
    }

    pub(super) fn next_request(&mut self) -> Option<AppRequest> {
        self.requests.pop_front()
    }

    pub fn open(&mut self, overlay: impl Component) {
        self.request(AppRequest::Open(Box::new(overlay)));
    }

    /// Requests [`AppRequest::Show`], with `headline` as the notice.
    pub fn show(&mut self, overlay: impl Component, tone: Tone, headline: impl Into<String>) {
        let text = headline.into();
        self.request(AppRequest::Show(Box::new(overlay), Notice { text, tone }));
    }

    pub fn close(&mut self) {
        self.request(AppRequest::Close);
    }

    pub fn focus(&mut self, pane: PaneId) {
        self.request(AppRequest::GoTo(Target::Pane(pane)));
    }

    pub fn edit_prompt(&mut self) {
        self.request(AppRequest::Edit(PaneId::Prompt));
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

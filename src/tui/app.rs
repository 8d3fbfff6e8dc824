//! Routes keys, text, clicks and messages to the components, and carries out their requests.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;

use super::canvas::{KeyHint, Shown, Target, Unread};
use super::component::{AppRequest, Component, Cx, Offered, Possible};
use super::effect::{Effect, Message};
use super::keymap::{Action, Context, Found, Key, Keymap, PaneId, key_labels};
use super::overlays::confirm::Confirm;
use super::overlays::palette::Palette;
use super::overlays::{help, late};
use super::playing::FrameTaken;
use super::stack::Stack;
use super::state::{MOVES, State, Tone};
use super::{burst, hints, receive};
use crate::model::text::capitalized;
use crate::model::{Form, TakeId};

pub use super::canvas::Seen;
pub use super::state::{Facts, Leaving, SCRIPT, going_on};

pub struct App {
    cx: Cx,
    stack: Stack,
    /// Overlays that no key has asked for, to be opened when nothing is typed.
    waiting: Vec<Box<dyn Component>>,
    is_zoomed: bool,
    /// The keys of an unfinished chord.
    pending: Vec<Key>,
    /// What keys count for in a frame that the terminal has not accepted yet: how much of the question, and which takes.
    on_its_way: Option<(Shown, Vec<TakeId>)>,
    /// What was received of a playing and is not drawn yet.
    played: Option<FrameTaken>,
    /// What was drawn of it and the terminal may not have accepted yet.
    drawn_of_it: Option<FrameTaken>,
}

impl App {
    /// A workbench with `form`, or with a sample script when there is no form yet.
    pub fn new(facts: Facts, keymap: Keymap, form: Option<Form>) -> Self {
        Self {
            cx: Cx::new(State::new(facts, keymap, form)),
            stack: Stack::new(),
            waiting: Vec::new(),
            is_zoomed: false,
            pending: Vec::new(),
            on_its_way: None,
            played: None,
            drawn_of_it: None,
        }
    }

    pub fn state(&self) -> &State {
        &self.cx
    }

    pub fn state_mut(&mut self) -> &mut State {
        &mut self.cx
    }

    /// The topmost overlay of type `T`.
    pub fn overlay<T: Component>(&self) -> Option<&T> {
        self.overlays().iter().rev().find_map(|open| open.downcast())
    }

    pub fn overlays(&self) -> &[Box<dyn Component>] {
        &self.stack.overlays
    }

    pub fn pane(&self, pane: PaneId) -> &dyn Component {
        self.stack.pane(pane)
    }

    pub fn is_zoomed(&self) -> bool {
        self.is_zoomed
    }

    /// The component that has the keys.
    pub fn top(&self) -> &dyn Component {
        self.stack.top(self.cx.focus)
    }

    /// The table of the keymap that applies now.
    pub fn context(&self) -> Context {
        self.top().context()
    }

    /// Whether keys are text now.
    pub fn is_typing(&self) -> bool {
        self.context().is_text()
    }

    /// Shows problems with the settings, if there are any.
    pub fn complain(&mut self, complaints: &[String]) {
        receive::complain(&mut self.cx, complaints);
        self.settle();
    }

    /// The first effects, which read everything from the store.
    pub fn begin(&mut self) -> Vec<Effect> {
        self.cx.refresh();
        self.cx.look_at_files();
        late::look(&mut self.cx, false);
        self.cx.run(Effect::FindUnsaved);
        self.cx.take_effects()
    }
}

/// Commands.
impl App {
    /// The command for an action, as it is offered now.
    pub fn offer(&self, action: Action) -> Option<Offered> {
        self.stack.find(action, &self.cx).map(|(_, offered)| offered)
    }

    /// Runs an action, or tells the user why it is not possible.
    pub fn act(&mut self, action: Action) -> Possible {
        self.cx.catch_up();
        if !MOVES.contains(&action) {
            self.cx.rested();
        }
        let found = self.stack.find(action, &self.cx);
        let found = found.ok_or_else(|| "it is not possible here".to_owned());
        let possible = found.and_then(|(place, offered)| offered.possible.map(|()| (place, offered.unread)));
        match possible {
            Ok((_, Unread::ReadsOn)) if !self.was_read() => {}
            Ok((place, _)) => {
                let focus = self.cx.focus;
                self.stack.at(place, focus).act(action, &mut self.cx);
                self.settle();
            }
            Err(why) => {
                self.cx
                    .tell(Tone::Warning, format!("{}: {why}", capitalized(action.short())));
                return Err(why);
            }
        }
        Ok(())
    }

    pub fn hints(&self) -> Vec<KeyHint> {
        hints::key_line(&self.stack, &self.cx, &self.pending)
    }
}

/// Questions count only when they were seen.
impl App {
    /// Whether the last frame showed the whole question on top. Otherwise scrolls it, or tells the user why the answer does
    /// not count.
    fn was_read(&mut self) -> bool {
        let shown = if self.cx.seen.overlays == self.overlays().len() {
            self.cx.seen.over.shown
        } else {
            Shown::Cut
        };
        match shown {
            Shown::Whole => return true,
            Shown::Partly => {
                let focus = self.cx.focus;
                self.stack.top_mut(focus).act(Action::Down, &mut self.cx);
            }
            Shown::Cut => self.cx.tell(
                Tone::Warning,
                "Nothing was done: the window is too small for the question. Enlarge it, then answer again.",
            ),
        }
        false
    }

    /// A frame was drawn that the terminal has not accepted yet, so nobody can have read its question, or seen other takes than
    /// those of the frame before.
    pub fn drawn_on_its_way(&mut self, mut seen: Seen) -> Vec<Effect> {
        let shown = std::mem::take(&mut seen.over.shown);
        let takes = std::mem::replace(&mut seen.over.takes, self.cx.seen.over.takes.clone());
        let effects = self.drawn(seen);
        self.on_its_way = Some((shown, takes));
        if let Some(taken) = &mut self.drawn_of_it {
            taken.was_behind = true;
        }
        effects
    }

    /// The terminal has accepted the last frame. Returns what follows from that.
    pub fn frame_arrived(&mut self) -> Option<Effect> {
        if let Some((shown, takes)) = self.on_its_way.take() {
            self.cx.seen.over.shown = shown;
            self.cx.seen.over.takes = takes;
        }
        self.drawn_of_it.take().map(Effect::FrameTaken)
    }

    pub fn drawn(&mut self, seen: Seen) -> Vec<Effect> {
        let picture = seen.drawn.picture;
        self.cx.seen = seen;
        self.on_its_way = None;
        self.drawn_of_it = self.played.take().or(self.drawn_of_it);
        for component in self.stack.all_mut() {
            component.drawn(picture, &mut self.cx);
        }
        self.cx.take_effects()
    }

    /// Handles a key while the terminal is too small for panes: text can be typed, and only commands run that can do no harm
    /// unseen.
    fn key_unseen(&mut self, event: KeyEvent) {
        let key = Key::from(event);
        let context = self.context();
        self.pending.clear();
        let is_ctrl_c = key == Key::ctrl('c');
        if context.is_text() {
            let closes = event.code == KeyCode::Enter && context != Context::Editing;
            if is_ctrl_c {
                let _ = self.act(Action::Leave);
            } else if !closes && event.code != KeyCode::Esc {
                match self.cx.keymap.find(context, &[key]) {
                    Found::Action(Action::Redraw) => drop(self.act(Action::Redraw)),
                    Found::Action(_) | Found::Begun => {}
                    Found::Nothing => drop(self.type_key(event)),
                }
            }
            return;
        }
        let found = match self.cx.keymap.find(Context::Global, &[key]) {
            _ if is_ctrl_c => Action::Quit,
            _ if key == Key::ctrl('z') => Action::Suspend,
            Found::Action(action) => action,
            Found::Begun | Found::Nothing => return,
        };
        match found {
            // No question could be read here, and takes go on without the workbench.
            Action::Quit => drop(self.act(Action::QuitNow)),
            Action::Redraw | Action::Suspend => drop(self.act(found)),
            _ => {}
        }
    }
}

/// Requests of the components.
impl App {
    fn settle(&mut self) {
        while let Some(request) = self.cx.next_request() {
            match request {
                AppRequest::Open(overlay) => self.open(overlay),
                AppRequest::Show(overlay, headline) => {
                    if self.is_shown(overlay.as_ref()) {
                        continue;
                    }
                    if self.is_typing() {
                        self.waiting.push(overlay);
                        self.cx.news.announce(headline);
                    } else {
                        self.open(overlay);
                    }
                }
                AppRequest::Close => {
                    self.stack.overlays.pop();
                    self.nothing_seen();
                }
                AppRequest::Leave => self.leave(),
                AppRequest::GoTo(target) => self.go_to(target),
                AppRequest::FocusStep(by) => {
                    let at = self.cx.focus as usize + by;
                    self.go_to(Target::Pane(PaneId::ALL[at % PaneId::ALL.len()]));
                }
                AppRequest::Edit(pane) => {
                    self.go_to(Target::Pane(pane));
                    self.stack.pane_mut(pane).edit(&mut self.cx);
                }
                AppRequest::Act(action) => drop(self.act(action)),
                AppRequest::Zoom => self.is_zoomed = !self.is_zoomed,
                AppRequest::Palette => {
                    self.open(Box::new(Palette::new(hints::palette(&self.stack, &self.cx))));
                }
                AppRequest::Help => self.open(Box::new(help::page(&self.cx.keymap, self.context()))),
            }
        }
    }

    /// Whether an overlay that is open or waiting shows what this one would.
    fn is_shown(&mut self, newer: &dyn Component) -> bool {
        let mut shown = self.stack.all_mut().chain(&mut self.waiting);
        shown.any(|open| open.absorb(newer))
    }

    fn open(&mut self, overlay: Box<dyn Component>) {
        self.pending.clear();
        self.stack.overlays.push(overlay);
        self.nothing_seen();
    }

    /// Another component has the keys than in the last frame.
    fn nothing_seen(&mut self) {
        self.cx.seen.over.shown = Shown::Cut;
        self.cx.seen.over.takes.clear();
        self.on_its_way = None;
    }

    fn leave(&mut self) {
        if let Some(mut overlay) = self.stack.overlays.pop() {
            self.nothing_seen();
            overlay.left(&mut self.cx);
            // A key that arrived together with this one is for what lies below, and acts on its take.
            let focus = self.cx.focus;
            self.stack.top_mut(focus).refresh(&mut self.cx);
        } else if self.is_zoomed {
            self.is_zoomed = false;
        } else {
            self.cx.leave_filter();
        }
    }

    fn go_to(&mut self, target: Target) {
        let focus = self.cx.focus;
        self.stack.pane_mut(focus).left(&mut self.cx);
        self.cx.focus = target.pane();
        self.stack.pane_mut(target.pane()).select(target, &mut self.cx);
    }

    /// Opens what has waited, when nothing is typed.
    fn let_in(&mut self) {
        if self.is_typing() {
            return;
        }
        for overlay in std::mem::take(&mut self.waiting) {
            self.open(overlay);
        }
        self.cx.typing_ended();
    }

    fn refresh_top(&mut self) {
        let focus = self.cx.focus;
        self.stack.top_mut(focus).refresh(&mut self.cx);
        self.settle();
    }
}

/// Input and messages.
impl App {
    pub fn receive(&mut self, message: Message) -> Vec<Effect> {
        self.cx.look_at_clock();
        self.cx.is_typing = self.is_typing();
        if let Message::Played(played) = &message {
            self.played = Some(FrameTaken {
                playing: played.playing,
                frame: played.frame,
                was_behind: false,
            });
        }
        let is_taken = self
            .stack
            .all_mut()
            .any(|component| component.receive(&message, &mut self.cx));
        if !is_taken {
            receive::receive(&mut self.cx, message);
        }
        self.settle();
        self.refresh_top();
        self.let_in();
        self.cx.take_effects()
    }

    /// Checks and saves the text that was typed since the last frame.
    pub fn catch_up(&mut self) -> Vec<Effect> {
        self.cx.catch_up();
        self.cx.take_effects()
    }

    /// Handles all events that arrived together.
    pub fn feed(&mut self, mut batch: &[Event]) -> Vec<Effect> {
        self.cx.look_at_clock();
        self.cx.news.burst_begins();
        while let Some(first) = batch.first() {
            let typed = burst::typed(batch);
            let text_goes_here = self.is_typing() && self.pending.is_empty();
            if text_goes_here && burst::is_paste(&typed) {
                batch = &batch[typed.chars().count()..];
                self.paste_burst(&typed);
            } else if !text_goes_here && burst::is_stray_paste(&typed) {
                batch = &batch[typed.chars().count()..];
                self.refuse_paste();
            } else {
                batch = &batch[1..];
                let asked = self.asks();
                self.event(first);
                if !asked && self.asks() {
                    // Keys that arrived together with the one that raised a question cannot be its answer.
                    break;
                }
            }
        }
        self.cx.news.burst_ends();
        self.let_in();
        // A key may have closed an overlay that covered a question whose amounts are outdated.
        self.refresh_top();
        if self.cx.is_live() {
            // Another program may have changed the settings about money.
            self.cx.run(Effect::ReadMoney);
        }
        self.cx.take_effects()
    }

    /// Whether a yes-or-no question is open.
    fn asks(&self) -> bool {
        self.top().downcast::<Confirm>().is_some()
    }

    fn event(&mut self, event: &Event) {
        match event {
            Event::Key(key) if key.kind != KeyEventKind::Release => self.key(*key),
            Event::Paste(text) => self.paste(text),
            Event::Mouse(mouse) => self.click(*mouse),
            Event::FocusGained => {
                self.cx.window_focused = Some(true);
                self.cx.refresh();
                self.cx.look_at_files();
                late::look(&mut self.cx, false);
            }
            Event::FocusLost => self.cx.window_focused = Some(false),
            Event::Key(_) | Event::Resize(..) => {}
        }
    }

    fn key(&mut self, event: KeyEvent) {
        let key = Key::from(event);
        let context = self.context();
        if self.redraws(context, key) {
            return drop(self.act(Action::Redraw));
        }
        self.cx.news.clear_for_key();
        if self.cx.seen.too_small {
            return self.key_unseen(event);
        }
        if key == Key::ctrl('c') {
            self.pending.clear();
            let quits = context.is_at_rest();
            return drop(self.act(if quits { Action::Quit } else { Action::Leave }));
        }
        if key == Key::ctrl('z') && !context.is_text() {
            return drop(self.act(Action::Suspend));
        }
        self.pending.push(key);
        match self.cx.keymap.find(context, &self.pending) {
            Found::Action(action) => {
                self.pending.clear();
                let _ = self.act(action);
            }
            Found::Begun => {}
            Found::Nothing => {
                let keys = std::mem::take(&mut self.pending);
                let is_chord = keys.len() > 1;
                if is_chord && key == Key::plain(KeyCode::Esc) {
                    return;
                }
                if context.is_text() && !is_chord && self.type_key(event) {
                    return;
                }
                if let Some(after) = burst::after_escape(event).filter(|_| !is_chord) {
                    let _ = self.act(Action::Leave);
                    return self.key(after);
                }
                let text = hints::wrong_key(context, &self.cx, &key_labels(&keys));
                self.cx.tell(Tone::Plain, text);
            }
        }
    }

    /// Whether the key redraws the screen, which it does everywhere unless it is text or bound to something else here.
    fn redraws(&self, context: Context, key: Key) -> bool {
        let redraw = Found::Action(Action::Redraw);
        let keymap = &self.cx.keymap;
        let is_text = context.is_text() && key.typed().is_some();
        let is_free = [Found::Nothing, redraw].contains(&keymap.find(context, &[key]));
        !is_text && is_free && keymap.find(Context::Global, &[key]) == redraw
    }

    /// Gives a key that is no command to the component that has the keys; `false` when it means nothing there either.
    fn type_key(&mut self, event: KeyEvent) -> bool {
        let focus = self.cx.focus;
        let is_taken = self.stack.top_mut(focus).key(event, &mut self.cx);
        self.settle();
        is_taken
    }

    /// Handles pasted text, which never runs commands.
    fn paste(&mut self, text: &str) {
        self.cx.news.clear();
        self.pending.clear();
        let focus = self.cx.focus;
        if !self.stack.top_mut(focus).paste(text, &mut self.cx) {
            self.refuse_paste();
        }
        self.settle();
    }

    /// Handles a burst of keys as a paste; in a one-line field, an Enter at its end is a key of its own.
    fn paste_burst(&mut self, burst: &str) {
        let is_one_line = self.context() != Context::Editing;
        match burst.strip_suffix('\n').filter(|_| is_one_line) {
            Some(line) => {
                self.paste(line);
                self.key(KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE));
            }
            None => self.paste(burst),
        }
    }

    fn refuse_paste(&mut self) {
        let key = self.cx.keymap.label(Context::Prompt, Action::EditPrompt);
        let how = key.map_or_else(String::new, |key| format!(": in the prompt, press {key} first"));
        self.cx.tell(
            Tone::Warning,
            format!("The pasted text was ignored, because keys are commands here{how}"),
        );
    }

    fn click(&mut self, mouse: MouseEvent) {
        if !self.overlays().is_empty() {
            return;
        }
        let Some(target) = self.cx.seen.drawn.at(Position::new(mouse.column, mouse.row)) else {
            return;
        };
        let is_here = target.pane() == self.cx.focus;
        match mouse.kind {
            MouseEventKind::Down(MouseButton::Left) => {
                self.cx.request(AppRequest::GoTo(target));
                self.settle();
            }
            MouseEventKind::ScrollUp if is_here => drop(self.act(Action::Up)),
            MouseEventKind::ScrollDown if is_here => drop(self.act(Action::Down)),
            _ => {}
        }
    }
}

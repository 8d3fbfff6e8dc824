//! The state that all components share: the request form, the takes, the money and the news. It does no input or output:
//! what is to be done is left as [`Effect`]s for the jobs.

mod ended;
mod files;
mod form;
mod money;
mod news;
mod sample;
mod takes;

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::layout::Rect;

use super::action::Action;
use super::canvas::Drawn;
use super::effect::{Effect, Mark, TerminalEffect};
use super::keymap::{Context, Keymap};
use super::pane::PaneId;
use super::terminal::late::Lent;
use crate::config::Notify;
use crate::engine::Published;
use crate::model::clock::start_of_day;
use crate::model::rule::RuleSet;
use crate::model::{Backend, Clock, Form, MoneySettings, Take};
use crate::store::Reel;

pub use form::{EditedForm, form_of};
pub use money::{Money, going_on};
pub use news::{News, Notice, Tone};
pub use sample::SCRIPT;
pub use takes::{LogList, QueueList, Takes};

/// What does not change while the workbench runs.
#[derive(Clone)]
pub struct Facts {
    pub reel: Reel,
    pub backend: Backend,
    /// The settings about money at the start.
    pub money: MoneySettings,
    /// Most takes at the provider at once.
    pub in_flight: u32,
    /// How often a take that the provider failed to render is repeated automatically.
    pub repeats: u32,
    pub clock: Arc<dyn Clock>,
    pub zone: TimeZone,
    /// The expected wait where the store has no waits of its own.
    pub published: Published,
    /// Rules of the script that are switched off.
    pub lint_off: RuleSet,
    /// How often timers on screen advance.
    pub tick: std::time::Duration,
    /// When the terminal rings for takes that have ended.
    pub notify: Notify,
}

/// Why the workbench ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaving {
    /// The user quit.
    Quit,
    /// The terminal is gone, or its input ended.
    HungUp,
    /// Another signal asked for it.
    Signalled(super::terminal::Signal),
}

/// What the last frame showed, and where.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seen {
    /// Every pane shown, with its border.
    pub panes: Vec<(PaneId, Rect)>,
    /// What was drawn in the panes.
    pub drawn: Drawn,
    /// What was drawn of the topmost overlay.
    pub over: Drawn,
    /// How many overlays there were.
    pub overlays: usize,
    /// Overlays stay above this row: below it are the news and the keys.
    pub floor: u16,
    /// The terminal is too small for panes: only that was drawn.
    pub too_small: bool,
}

/// See the module.
pub struct State {
    pub facts: Facts,
    pub keymap: Keymap,
    /// Read from the clock before each change; timers are drawn from it.
    pub now: Timestamp,
    /// The pane that has the keys when no overlay has them.
    pub focus: PaneId,
    /// Characters go into a text.
    pub is_typing: bool,
    pub form: EditedForm,
    pub takes: Takes,
    pub money: Money,
    pub news: News,
    /// Files that an external editor may still save into.
    pub lent: Vec<Lent>,
    /// The user is asked about a text that was saved into one of them.
    pub late_is_asked: bool,
    pub has_mouse: bool,
    /// Whether the terminal's window has the keys; `None` until the terminal has said so, and many never do.
    pub window_focused: Option<bool>,
    pub quits_when_done: bool,
    pub leaving: Option<Leaving>,
    pub seen: Seen,
    effects: Vec<Effect>,
}

impl State {
    /// The state at the start. With no form yet it holds a sample script, so that the first key can generate.
    pub fn new(facts: Facts, keymap: Keymap, form: Option<Form>) -> Self {
        let form = form.unwrap_or_else(sample::form);
        Self {
            now: facts.clock.now(),
            money: Money::of(&facts, &form),
            form: EditedForm::new(form, facts.lint_off),
            facts,
            keymap,
            focus: PaneId::Prompt,
            is_typing: false,
            takes: Takes::default(),
            news: News::default(),
            lent: Vec::new(),
            late_is_asked: false,
            has_mouse: false,
            window_focused: None,
            quits_when_done: false,
            leaving: None,
            seen: Seen::default(),
            effects: Vec::new(),
        }
    }

    /// Reads the clock.
    pub fn look_at_clock(&mut self) {
        self.now = self.facts.clock.now();
    }

    /// Has an effect done.
    pub fn run(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    pub fn run_in_terminal(&mut self, effect: TerminalEffect) {
        self.run(Effect::Terminal(effect));
    }

    /// The effects to be done since they were last taken.
    pub(super) fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    pub fn tell(&mut self, tone: Tone, text: impl Into<String>) {
        self.news.tell(tone, text);
    }

    /// Rings for a user who may look elsewhere: unless the window is known to have the keys, or the settings say
    /// otherwise.
    pub fn notify(&mut self, text: String) {
        let rings = match self.facts.notify {
            Notify::Always => true,
            Notify::Never => false,
            Notify::Auto => self.window_focused != Some(true),
        };
        if rings {
            self.run_in_terminal(TerminalEffect::Notify(text));
        }
    }

    /// Whether takes cost the user's money.
    pub fn is_live(&self) -> bool {
        self.facts.backend == Backend::Live
    }

    /// When the day began where the user is.
    pub fn midnight(&self) -> Timestamp {
        start_of_day(self.now, self.facts.zone.clone())
    }

    /// The take that commands are about: the queue's when the queue has the keys, else the log's.
    pub fn selected(&self) -> Option<&Take> {
        match self.focus {
            PaneId::Queue => self.takes.queue.selected(),
            _ => self.takes.log.selected(),
        }
    }

    /// As [`State::selected`], or why there is none.
    pub fn the_take(&self) -> Result<&Take, String> {
        let place = if self.focus == PaneId::Queue {
            "the queue is empty"
        } else {
            "the log shows no take"
        };
        self.selected()
            .ok_or_else(|| format!("{place}{}", self.by_key(Action::Generate)))
    }

    /// Makes a small change of the selected take.
    pub fn mark(&mut self, mark: impl FnOnce(&Take) -> Mark) {
        match self.the_take().map(|take| (take.id, mark(take))) {
            Ok((id, mark)) => self.run(Effect::Mark(id, mark)),
            Err(why) => self.tell(Tone::Warning, why),
        }
    }

    /// ": g generate", with the key in force in the pane that has the keys; nothing when there is none.
    pub fn by_key(&self, action: Action) -> String {
        key_hint(&self.keymap, self.focus.context(), action)
    }

    /// ": W revisions", with the key in force in every pane; nothing when there is none.
    pub fn key_of(&self, action: Action) -> String {
        key_hint(&self.keymap, Context::Global, action)
    }

    /// What is missing, and the key that brings it.
    pub fn nothing_yet(&self, what: &str) -> String {
        format!("{what}{}", self.key_of(Action::Generate))
    }

    /// The window's title: the reel, and how many of its takes are not done.
    pub fn title(&self) -> String {
        let reel = crate::model::text::one_line(&self.facts.reel.name, 40);
        match self.takes.queue.takes.len() {
            0 => format!("rushes: {reel}"),
            n => format!("rushes: {reel} ({n})"),
        }
    }

    /// Whether anything on screen counts seconds, or takes are waited for that another process may save. Otherwise no
    /// clock runs.
    pub fn shows_timers(&self) -> bool {
        let counts =
            |take: &Take| take.state.in_flight() || take.not_before.is_some_and(|until| until > self.now);
        self.quits_when_done
            || self.takes.queue.takes.iter().any(counts)
            || self.takes.line.not_before.is_some_and(|until| until > self.now)
    }

    /// Rows of a page in the pane that has the keys, as it was drawn last.
    pub fn pane_rows(&self) -> u16 {
        const UNKNOWN: u16 = 10;
        let pane = self.seen.panes.iter().find(|(pane, _)| *pane == self.focus);
        pane.map_or(UNKNOWN, |(_, area)| area.height.saturating_sub(2))
    }
}

fn key_hint(keymap: &Keymap, context: Context, action: Action) -> String {
    let key = keymap.label(context, action);
    key.map_or_else(String::new, |key| format!(": {key} {}", action.short()))
}

/// The actions that move a selection or a page.
pub const MOVES: &[Action] = &[
    Action::Up,
    Action::Down,
    Action::PageUp,
    Action::PageDown,
    Action::Top,
    Action::Bottom,
];

/// How far a move goes where a page has so many `rows`.
pub fn distance(action: Action, rows: u16) -> isize {
    const ALL: isize = i32::MAX as isize;
    let page = isize::try_from(rows.max(2) - 1).unwrap_or(1);
    match action {
        Action::Up => -1,
        Action::Down => 1,
        Action::PageUp => -page,
        Action::PageDown => page,
        Action::Top => -ALL,
        _ => ALL,
    }
}

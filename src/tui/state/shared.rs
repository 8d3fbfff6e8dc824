//! The state that all components share: the request form, the takes, the money and the news.
//!
//! It does no input or output; work is left as [`Effect`]s for the jobs.

use jiff::Timestamp;

use super::balance::Balance;
use super::facts::Facts;
use super::form::EditedForm;
use super::leaving::Leaving;
use super::money::Money;
use super::news::{News, Tone};
use super::sample;
use super::takes::Takes;
use crate::config::{LogColumn, Notify};
use crate::model::clock::start_of_day;
use crate::model::family::has_final;
use crate::model::{Backend, Drift, Form, Take, TakeId};
use crate::service::Change;
use crate::store::{Chains, Children, Probe};
use crate::tui::canvas::Seen;
use crate::tui::effect::{Effect, TerminalEffect};
use crate::tui::keymap::{Action, Context, Keymap, PaneId};
use crate::tui::picture_style::PictureStyle;
use crate::tui::terminal::late::Lent;

pub struct State {
    pub facts: Facts,
    pub keymap: Keymap,
    /// Read from the clock before each change; timers are drawn from it.
    pub now: Timestamp,
    /// The pane that has the keys when no overlay is open.
    pub focus: PaneId,
    pub is_typing: bool,
    pub form: EditedForm,
    pub takes: Takes,
    pub money: Money,
    /// The takes that came from those that are loaded.
    pub children: Children,
    /// What is known of whether models give the same clip for the same seed, the newest first.
    pub probes: Vec<Probe>,
    /// The chains that takes of those that are loaded belong to.
    pub chains: Chains,
    /// What is left on a live account, once the provider has reported it.
    pub balance: Option<Balance>,
    pub news: News,
    /// Files that an external editor may still save into.
    pub lent: Vec<Lent>,
    /// The user is being asked about a text that was saved into one of them.
    pub late_is_asked: bool,
    /// The columns of the log that can be chosen, from left to right.
    pub log_columns: Vec<LogColumn>,
    /// What skipping the moderation means was said, and agreed to.
    pub moderation_is_explained: bool,
    pub has_mouse: bool,
    pub pictures: PictureStyle,
    /// Whether the terminal's window has the focus; `None` until the terminal reports it, which many never do.
    pub window_focused: Option<bool>,
    pub quits_when_done: bool,
    pub leaving: Option<Leaving>,
    /// The reel that is opened next, when that is why the workbench is left.
    pub next_reel: Option<String>,
    pub seen: Seen,
    /// Prices of which the user was told in this session, because bills are off them.
    pub(super) drifts_told: Vec<Drift>,
    /// How often something was played.
    playings: u64,
    pub(super) effects: Vec<Effect>,
}

impl State {
    /// Whether a draft has its final, or may have one.
    pub fn is_finished(&self, draft: TakeId) -> bool {
        self.children
            .get(&draft)
            .is_some_and(|children| has_final(children))
    }

    /// The state at the start. Without a form it has a sample script, so that the first key can generate.
    pub fn new(facts: Facts, keymap: Keymap, form: Option<Form>) -> Self {
        let form = form.unwrap_or_else(sample::form);
        Self {
            now: facts.clock.now(),
            money: Money::of(&facts),
            form: EditedForm::new(form, facts.lint_off),
            log_columns: facts.log_columns.clone(),
            facts,
            keymap,
            focus: PaneId::Prompt,
            is_typing: false,
            takes: Takes::default(),
            children: Children::new(),
            probes: Vec::new(),
            chains: Chains::new(),
            balance: None,
            news: News::default(),
            lent: Vec::new(),
            late_is_asked: false,
            moderation_is_explained: false,
            has_mouse: false,
            pictures: PictureStyle::default(),
            window_focused: None,
            quits_when_done: false,
            leaving: None,
            next_reel: None,
            seen: Seen::default(),
            drifts_told: Vec::new(),
            playings: 0,
            effects: Vec::new(),
        }
    }

    pub fn look_at_clock(&mut self) {
        self.now = self.facts.clock.now();
    }

    pub fn run(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    pub fn run_in_terminal(&mut self, effect: TerminalEffect) {
        self.run(Effect::Terminal(effect));
    }

    pub(in crate::tui) fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// The number of the next playing.
    pub const fn next_playing(&mut self) -> u64 {
        self.playings += 1;
        self.playings
    }

    pub fn tell(&mut self, tone: Tone, text: impl Into<String>) {
        self.news.tell(tone, text);
    }

    /// Rings the terminal's bell as the settings say: by default unless the window is known to have the focus.
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

    /// Whether takes cost money.
    pub fn is_live(&self) -> bool {
        self.facts.backend == Backend::Live
    }

    /// The start of the user's day.
    pub fn midnight(&self) -> Timestamp {
        start_of_day(self.now, self.facts.zone.clone())
    }

    /// Changes the selected take.
    pub fn change_take(&mut self, change: impl FnOnce(&Take) -> Change) {
        match self.the_take().map(|take| (take.id, change(take))) {
            Ok((id, change)) => self.run(Effect::Change(id, change)),
            Err(why) => self.tell(Tone::Warning, why),
        }
    }

    /// `: g generate` with the key that runs the action in the focused pane; empty when it has none.
    pub fn by_key(&self, action: Action) -> String {
        key_hint(&self.keymap, self.focus.context(), action)
    }

    /// `: W revisions` with the key that runs the action in every pane; empty when it has none.
    pub fn key_of(&self, action: Action) -> String {
        key_hint(&self.keymap, Context::Global, action)
    }

    /// As [`Self::key_of`], with the key that runs the action there.
    pub fn key_in(&self, context: Context, action: Action) -> String {
        key_hint(&self.keymap, context, action)
    }

    /// What is missing, and the key that generates it.
    pub fn nothing_yet(&self, what: &str) -> String {
        format!("{what}{}", self.key_of(Action::Generate))
    }

    /// The window title: the reel, and how many of its takes are in the queue.
    pub fn title(&self) -> String {
        let reel = crate::model::text::one_line(&self.facts.reel.name, 40);
        match self.takes.queue.takes.len() {
            0 => format!("rushes: {reel}"),
            n => format!("rushes: {reel} ({n})"),
        }
    }

    /// Whether a clock has to run: something on screen counts seconds, or the workbench waits for takes that another
    /// process may save.
    pub fn shows_timers(&self) -> bool {
        let waits = |until: Option<Timestamp>| until.is_some_and(|until| until > self.now);
        let counts = |take: &Take| take.state.in_flight() || waits(take.not_before);
        self.quits_when_done
            || self.takes.queue.takes.iter().any(counts)
            || waits(self.takes.queue_state.not_before)
    }

    /// The rows of a page in the focused pane, as it was drawn last.
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

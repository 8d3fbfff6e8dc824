//! The state of the workbench. Changed by [`App::act`] and [`App::receive`] only, which answer with effects.
//!
//! Knows no terminal, does no input or output.

mod choices;
mod commands;
mod copy;
mod draft;
mod generate;
mod input;
mod lists;
mod messages;
mod moves;
mod sample;
mod takes;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::model::{Backend, Clock, Draft, Expectation, PriceTable, Take, TakeId, Usd};
use crate::store::{Cap, Line, Reel};

use super::editor::PromptEditor;
use super::effect::Effect;
use super::keymap::{Context, Key, Keymap};
use super::overlays::Overlay;
pub use choices::Parameter;
pub use commands::Hint;
pub use lists::{LogList, QueueList};
pub use sample::SCRIPT;

/// The five panes, by their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Pane {
    #[default]
    Prompt,
    Parameters,
    Queue,
    Log,
    Monitor,
}

impl Pane {
    /// In the order of their numbers.
    pub const ALL: [Self; 5] = [Self::Prompt, Self::Parameters, Self::Queue, Self::Log, Self::Monitor];

    /// The keymap's table for it.
    #[must_use]
    pub const fn context(self) -> Context {
        match self {
            Self::Prompt => Context::Prompt,
            Self::Parameters => Context::Parameters,
            Self::Queue => Context::Queue,
            Self::Log => Context::Log,
            Self::Monitor => Context::Monitor,
        }
    }
}

/// How much a line of news weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Good,
    Warning,
    Error,
}

/// One line of news, gone with the next key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub text: String,
    pub tone: Tone,
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

/// What does not change while the workbench runs.
#[derive(Clone)]
pub struct Facts {
    pub reel: Reel,
    pub backend: Backend,
    pub prices: PriceTable,
    /// Most takes at the provider at once.
    pub in_flight: u32,
    /// Most money of a day.
    pub cap_per_day: Option<Usd>,
    pub clock: Arc<dyn Clock>,
    pub zone: TimeZone,
}

/// See the module.
pub struct App {
    pub facts: Facts,
    pub keymap: Keymap,
    pub draft: Draft,
    pub prompt: PromptEditor,
    pub focus: Pane,
    /// Keys go into the prompt.
    pub editing: bool,
    pub zoomed: bool,
    pub parameter: Parameter,
    pub queue: QueueList,
    pub log: LogList,
    pub line: Line,
    /// Spent or committed since midnight.
    pub today: Usd,
    /// How long a take of the draft will be on its way.
    pub expectation: Expectation,
    /// The version of the draft that the last takes were made of.
    pub draft_version: Option<i64>,
    /// Bytes of films on their way in.
    pub arriving: BTreeMap<TakeId, (u64, Option<u64>)>,
    pub overlays: Vec<Overlay>,
    pub notice: Option<Notice>,
    /// Keys of a chord begun.
    pub pending: Vec<Key>,
    pub mouse: bool,
    /// Whether the terminal's window has the keys.
    pub window_focused: bool,
    /// Read from the clock before each change; timers are drawn from it.
    pub now: Timestamp,
    pub leaving: Option<Leaving>,
    pub(super) quit_when_done: bool,
    pub(super) random: fastrand::Rng,
    pub(super) refresh: lists::Refresh,
    /// What the last copy held, for where no clipboard can be reached.
    pub register: String,
}

impl App {
    /// A workbench on `draft`. With no draft yet it holds a sample script, so that the first key can generate.
    #[must_use]
    pub fn new(facts: Facts, keymap: Keymap, draft: Option<Draft>, random: fastrand::Rng) -> Self {
        let draft = draft.unwrap_or_else(sample::draft);
        let now = facts.clock.now();
        Self {
            prompt: PromptEditor::new(&draft.prompt),
            expectation: Expectation::published(draft.model),
            facts,
            keymap,
            draft,
            focus: Pane::Prompt,
            editing: false,
            zoomed: false,
            parameter: Parameter::Resolution,
            queue: QueueList::default(),
            log: LogList::default(),
            line: Line::default(),
            today: Usd::ZERO,
            draft_version: None,
            arriving: BTreeMap::new(),
            overlays: Vec::new(),
            notice: None,
            pending: Vec::new(),
            mouse: false,
            window_focused: true,
            now,
            leaving: None,
            quit_when_done: false,
            random,
            refresh: lists::Refresh::default(),
            register: String::new(),
        }
    }

    /// The keymap's table that is in force: the topmost overlay's, the editor's, or the pane's.
    #[must_use]
    pub fn context(&self) -> Context {
        match self.overlays.last() {
            Some(overlay) => overlay.context(),
            None if self.editing => Context::Editing,
            None => self.focus.context(),
        }
    }

    /// The take that actions are about: the queue's when the queue has the keys, else the log's.
    #[must_use]
    pub fn selected(&self) -> Option<&Take> {
        match self.focus {
            Pane::Queue => self.queue.selected(),
            _ => self.log.selected(),
        }
    }

    /// Takes at the provider.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.queue.takes.iter().filter(|take| take.state.in_flight()).count()
    }

    /// Whether anything on screen counts seconds. While nothing does there is no clock.
    #[must_use]
    pub fn shows_timers(&self) -> bool {
        let counts = |take: &Take| take.state.in_flight() || take.not_before.is_some_and(|until| until > self.now);
        self.queue.takes.iter().any(counts) || self.line.not_before.is_some_and(|until| until > self.now)
    }

    /// The cap of the day, when there is one that counts: the sandbox is free.
    #[must_use]
    pub fn cap(&self) -> Option<Cap> {
        let limit = self.facts.cap_per_day.filter(|_| self.is_live())?;
        Some(Cap {
            limit,
            since: self.midnight(),
        })
    }

    /// Whether takes cost the user's money.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.facts.backend == Backend::Live
    }

    /// When the day began, where the user is.
    #[must_use]
    pub fn midnight(&self) -> Timestamp {
        let now = self.now.to_zoned(self.facts.zone.clone());
        now.start_of_day().map_or(self.now, |start| start.timestamp())
    }

    /// The clock is read.
    pub fn look_at_clock(&mut self) {
        self.now = self.facts.clock.now();
    }

    /// What is to be done first: everything is read from the store.
    pub fn begin(&mut self) -> Vec<Effect> {
        self.refresh()
    }

    fn tell(&mut self, tone: Tone, text: impl Into<String>) {
        self.notice = Some(Notice {
            text: text.into(),
            tone,
        });
    }

    fn open(&mut self, overlay: Overlay) {
        self.pending.clear();
        self.overlays.push(overlay);
    }
}

//! The state of the workbench. Changed by [`App::act`] and [`App::receive`] only, which answer with effects.
//!
//! Knows no terminal, does no input or output.

mod act;
mod books;
mod commands;
mod complete;
mod copy;
mod draft;
mod ended;
mod generate;
mod held;
mod input;
mod late;
mod lists;
mod messages;
mod moves;
mod quit;
mod references;
mod revisions;
mod sample;
mod script;
mod strays;
mod takes;
mod unseen;
mod waiting;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::config::Notify;
use crate::engine::Published;
use crate::engine::admit::Order;
use crate::model::clock::start_of_day;
use crate::model::rule::RuleSet;
use crate::model::{Backend, Clock, Draft, Expectation, MoneySettings, Take, TakeId, Usd};
use crate::store::{Cap, QueueState, Reel, Unsettled};

use ratatui::layout::Rect;

use super::editor::Editor;
use super::effect::{Effect, Frame, Pictured};
use super::keymap::{Context, Key, Keymap};
use super::overlays::{Ask, Overlay, Purpose, Shown};
use super::panes::{Drawn, PaneId, ParamsState};
use super::reading::{Files, Reading};
use super::terminal::late::Lent;
pub use commands::Hint;
pub use late::Late;
pub use lists::{LogList, QueueList};
pub use quit::going_on;
pub use sample::SCRIPT;

use messages::effect_terminal;

/// The keymap's table for a pane.
#[must_use]
pub const fn context_of(pane: PaneId) -> Context {
    match pane {
        PaneId::Prompt => Context::Prompt,
        PaneId::Params => Context::Parameters,
        PaneId::Queue => Context::Queue,
        PaneId::Log => Context::Log,
        PaneId::Monitor => Context::Monitor,
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

/// A piece of news. It leaves with the next key, or by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub text: String,
    pub tone: Tone,
}

/// Where things were drawn last: paging, mouse and scrolling go by it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seen {
    /// Every pane shown, with its border.
    pub panes: Vec<(PaneId, Rect)>,
    /// What lies under the mouse.
    pub drawn: Drawn,
    /// Columns and rows that the monitor has for a picture; `None` when it is not in sight.
    pub picture: Option<(u16, u16)>,
    /// Rows that the page over the panes has room for.
    pub reader_rows: u16,
    /// Lines that the page has, wrapped.
    pub reader_lines: u16,
    /// The terminal is too small for panes: nothing but that was drawn.
    pub too_small: bool,
    /// How many overlays there were.
    pub overlays: usize,
    /// How much was drawn of the question on top.
    pub question: Shown,
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
    /// The settings about money at the start.
    pub money: MoneySettings,
    /// Most takes at the provider at once.
    pub in_flight: u32,
    /// How often a take that the provider failed to render is repeated by itself.
    pub repeats: u32,
    pub clock: Arc<dyn Clock>,
    pub zone: TimeZone,
    /// The expectation where the store has none of its own.
    pub published: Published,
    /// Rules of the script that are switched off.
    pub lint_off: RuleSet,
    /// How often timers on screen advance.
    pub tick: std::time::Duration,
    /// When takes that end are rung out.
    pub notify: Notify,
}

/// See the module.
pub struct App {
    pub facts: Facts,
    pub keymap: Keymap,
    pub draft: Draft,
    pub prompt: Editor,
    pub focus: PaneId,
    /// Keys go into the prompt.
    pub editing: bool,
    pub zoomed: bool,
    pub params: ParamsState,
    pub queue: QueueList,
    pub log: LogList,
    pub line: QueueState,
    /// Takes of all reels that are not done.
    pub unsettled: Unsettled,
    /// The settings about money as they were read last.
    pub money: MoneySettings,
    /// Spent or committed since midnight.
    pub today: Usd,
    /// What the takes in line may cost.
    pub promised: Usd,
    /// The most that the take whose turn it is may cost, over all reels.
    pub next: Option<Usd>,
    /// What is left on a live account; `None` until the provider said it.
    pub balance: Option<Usd>,
    /// How long a take of the draft will be on its way.
    pub expectation: Expectation,
    /// The version of the draft that the last takes were made of.
    pub draft_version: Option<i64>,
    /// The draft as it was then.
    pub versioned: Option<Draft>,
    /// Bytes of films on their way in.
    pub arriving: BTreeMap<TakeId, (u64, Option<u64>)>,
    pub overlays: Vec<Overlay>,
    /// Files that an editor may still save into.
    pub lent: Vec<Lent>,
    /// Lines of the question on top that are scrolled off.
    pub question_scroll: usize,
    pub notice: Option<Notice>,
    /// Pieces of news so far.
    told: u64,
    /// Keys of a chord begun.
    pub pending: Vec<Key>,
    pub mouse: bool,
    /// Whether the terminal's window has the keys; `None` until the terminal has said so, and many never do.
    pub window_focused: Option<bool>,
    /// Read from the clock before each change; timers are drawn from it.
    pub now: Timestamp,
    pub leaving: Option<Leaving>,
    pub seen: Seen,
    /// How much of the question is in a frame that the terminal has not taken yet.
    question_on_its_way: Option<Shown>,
    /// The picture that was decoded last.
    pub pictured: Option<Pictured>,
    /// The picture being decoded.
    decoding: Option<Frame>,
    /// The draft as it was handed out to be saved last, and how often that was done.
    saved: Draft,
    saves: u64,
    /// The number of the newest save that the store took.
    confirmed: u64,
    /// Text was changed since editing began.
    touched: bool,
    /// The store is to be read again when it has taken all saves: it may hold another workbench's draft.
    recheck: bool,
    waiting: waiting::Waiting,
    /// Drafts put in the place of others, each with the one before.
    replaced: Vec<draft::Replaced>,
    /// What is known of the local files that the draft names.
    pub files: Files,
    /// Those of them that are being looked at.
    looking: BTreeSet<String>,
    /// The draft as it was read last.
    pub reading: Reading,
    completing: Option<complete::Completing>,
    pub(super) quit_when_done: bool,
    pub(super) refresh: lists::Refresh,
    /// What the last copy held, for where no clipboard can be reached.
    pub register: String,
    /// What the user is asked to name a maximum for.
    asking_price: Option<(Ask, Order)>,
}

impl App {
    /// A workbench on `draft`. With no draft yet it holds a sample script, so that the first key can generate.
    #[must_use]
    pub fn new(facts: Facts, keymap: Keymap, draft: Option<Draft>) -> Self {
        let draft = draft.unwrap_or_else(sample::draft);
        let now = facts.clock.now();
        Self {
            prompt: Editor::new(&draft.prompt),
            saved: draft.clone(),
            reading: Reading::of(&draft, &facts.lint_off, &Files::new()),
            expectation: (facts.published)(draft.model, draft.resolution),
            keymap,
            draft,
            focus: PaneId::Prompt,
            editing: false,
            zoomed: false,
            params: ParamsState::default(),
            queue: QueueList::default(),
            log: LogList::default(),
            line: QueueState::default(),
            unsettled: Unsettled::default(),
            money: facts.money.clone(),
            today: Usd::ZERO,
            promised: Usd::ZERO,
            next: None,
            balance: None,
            draft_version: None,
            versioned: None,
            arriving: BTreeMap::new(),
            overlays: Vec::new(),
            lent: Vec::new(),
            question_scroll: 0,
            notice: None,
            told: 0,
            pending: Vec::new(),
            mouse: false,
            window_focused: None,
            now,
            leaving: None,
            seen: Seen::default(),
            question_on_its_way: None,
            pictured: None,
            decoding: None,
            saves: 0,
            confirmed: 0,
            touched: false,
            recheck: false,
            waiting: waiting::Waiting::default(),
            replaced: Vec::new(),
            files: Files::new(),
            looking: BTreeSet::new(),
            completing: None,
            quit_when_done: false,
            refresh: lists::Refresh::default(),
            register: String::new(),
            asking_price: None,
            facts,
        }
    }

    /// The keymap's table that is in force: the topmost overlay's, the editor's, or the pane's.
    #[must_use]
    pub fn context(&self) -> Context {
        match self.overlays.last() {
            Some(overlay) => overlay.context(),
            None if self.editing => Context::Editing,
            None if self.params.is_editing() => Context::Field,
            None => context_of(self.focus),
        }
    }

    /// What keys do now, where they are not commands of a pane.
    #[must_use]
    pub fn mode(&self) -> Option<&'static str> {
        let is_filter =
            matches!(self.overlays.last(), Some(Overlay::Entry(entry)) if entry.purpose == Purpose::Filter);
        match self.context() {
            Context::Editing => Some("EDITING"),
            Context::Field if is_filter => Some("FILTERING"),
            Context::Field => Some("TYPING"),
            Context::Menu => Some("CHOOSING"),
            Context::Palette => Some("COMMAND"),
            Context::Timeline => Some("TIMELINE"),
            _ => None,
        }
    }

    /// The take that actions are about: the queue's when the queue has the keys, else the log's.
    #[must_use]
    pub fn selected(&self) -> Option<&Take> {
        match self.focus {
            PaneId::Queue => self.queue.selected(),
            _ => self.log.selected(),
        }
    }

    /// This reel's takes at the provider.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.queue
            .takes
            .iter()
            .filter(|take| take.state.in_flight())
            .count()
    }

    /// The window's title: the reel, and what is not done in it.
    #[must_use]
    pub fn title(&self) -> String {
        let reel = crate::model::text::one_line(&self.facts.reel.name, 40);
        match self.queue.takes.len() {
            0 => format!("rushes: {reel}"),
            n => format!("rushes: {reel} ({n})"),
        }
    }

    /// Whether anything on screen counts seconds, or takes are waited for that another process may bring home.
    /// Otherwise there is no clock.
    #[must_use]
    pub fn shows_timers(&self) -> bool {
        let counts =
            |take: &Take| take.state.in_flight() || take.not_before.is_some_and(|until| until > self.now);
        self.quit_when_done
            || self.queue.takes.iter().any(counts)
            || self.line.not_before.is_some_and(|until| until > self.now)
    }

    /// The cap of the day, when there is one that counts: the sandbox is free.
    #[must_use]
    pub fn cap(&self) -> Option<Cap> {
        // In doubt there is no cap that could be relied on.
        let money = Some(&self.money).filter(|money| {
            let is_hidden = money.doubt.as_ref().is_some_and(|doubt| doubt.hides_the_cap);
            self.is_live() && !is_hidden
        })?;
        Cap::of_day(money, self.now, self.facts.zone.clone())
    }

    /// Whether takes cost the user's money.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.facts.backend == Backend::Live
    }

    /// When the day began, where the user is.
    #[must_use]
    pub fn midnight(&self) -> Timestamp {
        start_of_day(self.now, self.facts.zone.clone())
    }

    /// The clock is read.
    pub fn look_at_clock(&mut self) {
        self.now = self.facts.clock.now();
    }

    /// What is to be done first: everything is read from the store.
    pub fn begin(&mut self) -> Vec<Effect> {
        let mut effects = self.refresh();
        effects.extend(self.look_at_files());
        effects.extend(self.look_at_lent());
        effects.push(Effect::FindUnsaved);
        effects
    }

    /// A frame was drawn that the terminal has not taken yet: nobody can have read its question.
    pub fn drawn_on_its_way(&mut self, seen: Seen) -> Vec<Effect> {
        let shown = seen.question;
        let effects = self.drawn(Seen {
            question: Shown::Cut,
            ..seen
        });
        self.question_on_its_way = Some(shown);
        effects
    }

    /// The terminal has taken the last frame.
    pub fn frame_arrived(&mut self) {
        if let Some(shown) = self.question_on_its_way.take() {
            self.seen.question = shown;
        }
    }

    /// A frame was drawn: has the selected take's picture decoded when there is room for it and it is another.
    pub fn drawn(&mut self, seen: Seen) -> Vec<Effect> {
        self.seen = seen;
        self.question_on_its_way = None;
        let wanted = self
            .seen
            .picture
            .zip(self.selected())
            .and_then(|((columns, rows), take)| {
                let file = take.file.clone()?;
                let take = take.id;
                (columns > 0 && rows > 0).then_some(Frame {
                    take,
                    file,
                    columns,
                    rows,
                })
            });
        let shown = self.pictured.as_ref().map(|pictured| &pictured.frame);
        if wanted.is_none() || wanted.as_ref() == shown || wanted == self.decoding {
            return Vec::new();
        }
        self.decoding.clone_from(&wanted);
        wanted.map(Effect::Picture).into_iter().collect()
    }

    /// The number of the news on screen, if there are any.
    #[must_use]
    pub fn news_shown(&self) -> Option<u64> {
        self.notice.as_ref().map(|_| self.told)
    }

    fn tell(&mut self, tone: Tone, text: impl Into<String>) {
        self.put_notice(Notice {
            text: text.into(),
            tone,
        });
    }

    fn put_notice(&mut self, notice: Notice) {
        self.told += 1;
        self.notice = Some(notice);
    }

    fn open(&mut self, overlay: Overlay) {
        self.pending.clear();
        self.question_scroll = 0;
        self.seen.question = Shown::Cut;
        self.question_on_its_way = None;
        self.overlays.push(overlay);
    }
}

//! A whole workbench without a terminal: keys in, screen and store out.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use futures::Stream;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::Terminal;
use rushes::config::{LogColumn, Notify};
use rushes::engine::{Event as News, Published, Wake};
use rushes::model::clock::ManualClock;
use rushes::model::rule::RuleSet;
use rushes::model::{Backend, Clock, Expectation, Form, MoneySettings, MoneySource, Spending, Usd};
use rushes::service::{Queue, Starter};
use rushes::store::{Reel, Store};
use rushes::tui::app::{App, Facts, Leaving, Seen};
use rushes::tui::expiry::REST;
use rushes::tui::glyphs;
use rushes::tui::jobs::rescue::Unsaved;
use rushes::tui::jobs::{Jobs, Tools};
use rushes::tui::keymap::{Key, Keymap};
use rushes::tui::panes::{Monitor, PaneId};
use rushes::tui::picture_style::PictureStyle;
use rushes::tui::run::{Loop, LoopError};
use rushes::tui::screen::Screen;
use rushes::tui::terminal::clipboard::{Sent, osc52};
use rushes::tui::terminal::editor::{Edited, EditorError};
use rushes::tui::terminal::{Clipboard, Host, Quiet, Signal};
use rushes::tui::theme::{ColorDepth, Theme};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::watch;

use crate::fake_service::{FakeService, QUIETLY};
use crate::test_provider::Provider;
use crate::test_screen::Glass;
use crate::till::Till;

pub const REEL: &str = "night-drive";
/// A pause of a millisecond lasts longer than this only on a busy machine, which is waited out for [`PATIENCE`] at most.
const LATE: Duration = Duration::from_millis(30);
const PATIENCE: Duration = Duration::from_secs(20);

/// What the stand-ins saw.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    pub fn note(&self, what: impl Into<String>) {
        self.0.lock().unwrap().push(what.into());
    }
    /// All but the window's titles and the quiet comparison, which come when they like.
    pub fn all(&self) -> Vec<String> {
        let mut lines = self.0.lock().unwrap().clone();
        lines.retain(|line| !line.starts_with(r#"escape "\u{1b}]0;"#) && line != QUIETLY);
        lines
    }
    pub fn holds(&self, what: &str) -> bool {
        self.0.lock().unwrap().iter().any(|line| line.contains(what))
    }
}

struct FakeClipboard(Log);

impl Clipboard for FakeClipboard {
    fn send(&self, text: &str) -> Sent {
        self.0.note(format!("clipboard {text}"));
        Sent::ByTerminal(osc52(text))
    }
}

type Keys = Arc<Mutex<UnboundedReceiver<Option<Event>>>>;

/// As stubborn as crossterm's stream: the waker that met it empty is the one it wakes.
pub struct Input {
    keys: Keys,
    waker: Option<Waker>,
}

impl Stream for Input {
    type Item = io::Result<Event>;
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let waker = self.waker.take().unwrap_or_else(|| cx.waker().clone());
        let next = self
            .keys
            .lock()
            .unwrap()
            .poll_recv(&mut Context::from_waker(&waker));
        if next.is_pending() {
            self.waker = Some(waker);
        }
        next.map(|event| event.flatten().map(Ok))
    }
}

/// Takes its input from a channel and notes what is asked of it.
pub struct FakeHost {
    log: Log,
    keys: Keys,
    /// What the external editor gives back.
    edited: Option<String>,
    /// It ends at once, changes nothing and keeps the file.
    at_once: bool,
    /// Whether the terminal takes what is written.
    reads: watch::Receiver<bool>,
}

impl Host for FakeHost {
    type Input = Input;

    fn input(&mut self) -> Self::Input {
        Input {
            keys: Arc::clone(&self.keys),
            waker: None,
        }
    }
    fn leave(&mut self) {
        self.log.note("leave");
    }
    fn enter(&mut self) -> io::Result<()> {
        self.log.note("enter");
        Ok(())
    }
    async fn suspend(&mut self) {
        self.log.note("suspend");
    }
    async fn edit(&mut self, text: &str) -> Result<Edited, EditorError> {
        self.log.note(format!("edit {text}"));
        let given = self.at_once.then(|| text.to_owned());
        let text = given
            .or_else(|| self.edited.clone())
            .ok_or_else(|| io::Error::other("no room"))?;
        let (_, file) = tempfile::NamedTempFile::new()?.keep().unwrap();
        self.log.note(format!("file {}", file.display()));
        Ok(Edited {
            text,
            file,
            failure: None,
            at_once: self.at_once.then(|| "code".to_owned()),
        })
    }
    fn set_mouse(&mut self, on: bool) -> io::Result<()> {
        self.log.note(format!("mouse {on}"));
        Ok(())
    }
    fn escape(&mut self, sequence: &str) -> io::Result<()> {
        self.log.note(format!("escape {sequence:?}"));
        Ok(())
    }
    fn is_behind(&self) -> bool {
        !*self.reads.borrow()
    }
    async fn taken(&mut self) -> io::Result<()> {
        let reads = self.reads.wait_for(|reads| *reads).await;
        reads.map(drop).map_err(io::Error::other)
    }
}

/// Whether the selected take's picture, if there is room for it, was drawn at its size.
fn shows_its_picture(app: &App, seen: &Seen) -> bool {
    let selected = app.state().selected().filter(|take| take.file.is_some());
    let room = seen.drawn.picture;
    let wanted = room
        .filter(|(columns, rows)| *columns > 0 && *rows > 0)
        .zip(selected);
    wanted.is_none_or(|(size, take)| {
        let monitor = app.pane(PaneId::Monitor).downcast::<Monitor>().unwrap();
        let frame = monitor.frame();
        let stills = monitor.stills();
        let has_stills = |size| {
            stills.is_some_and(|stills| stills.take == take.id && (stills.columns, stills.rows) == size)
        };
        frame.is_some_and(|frame| frame.take == take.id && (frame.columns, frame.rows) == size)
            && seen.drawn.stills.is_none_or(has_stills)
    })
}

/// How a workbench is set up.
pub struct Options {
    pub backend: Backend,
    pub size: (u16, u16),
    pub cap: Option<Usd>,
    pub keymap: Keymap,
    pub edited: Option<String>,
    /// The setting of that name.
    pub advance: bool,
    /// The external editor ends at once and keeps its file.
    pub at_once: bool,
    /// The provider's history differs from the log.
    pub history_differs: bool,
    /// What the store holds before the start.
    pub prepare: Option<fn(&Desk)>,
    /// How long the store waits for another writer.
    pub patience: Duration,
    /// Where the store lies, when it is not a folder of its own.
    pub folder: Option<Arc<tempfile::TempDir>>,
    /// How everything looks.
    pub screen: Screen,
    /// How pictures are drawn.
    pub pictures: PictureStyle,
    /// Who renders; without one, takes are queued and nothing is sent.
    pub provider: Option<Provider>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            backend: Backend::Sandbox,
            size: (140, 40),
            cap: None,
            keymap: Keymap::default(),
            edited: None,
            advance: false,
            at_once: false,
            history_differs: false,
            prepare: None,
            patience: Duration::from_secs(10),
            folder: None,
            screen: plain_screen(),
            pictures: PictureStyle::default(),
            provider: None,
        }
    }
}

/// The user's side of a running workbench.
#[derive(Clone)]
pub struct Desk {
    pub store: Store,
    pub reel_id: String,
    pub glass: Glass,
    pub log: Log,
    pub clock: Arc<ManualClock>,
    pub till: Arc<Till>,
    events: UnboundedSender<Option<Event>>,
    signals: UnboundedSender<Signal>,
    news: UnboundedSender<News>,
    frames: Arc<Mutex<u64>>,
    jams: Arc<AtomicBool>,
    whole: Arc<Mutex<Option<(u16, u16)>>>,
    reads: watch::Sender<bool>,
}

impl Desk {
    /// The form as the store has it.
    pub fn form(&self) -> Form {
        self.store
            .forms(&self.reel_id)
            .edited()
            .unwrap()
            .unwrap_or_default()
    }
    /// Presses keys written as in a keymap: `g`, `esc`, `y p`.
    pub fn press(&self, keys: &str) {
        for key in keys.split_whitespace() {
            self.send(Event::Key(event_of(key)));
        }
    }
    /// Types a text, a key a character, each on its own.
    pub async fn write(&self, text: &str) {
        for c in text.chars() {
            self.send(Event::Key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE)));
            self.settle().await;
        }
    }
    pub fn send(&self, event: Event) {
        self.events.send(Some(event)).unwrap();
    }
    /// The terminal has another size.
    pub fn resize(&self, width: u16, height: u16) {
        self.glass.resize(width, height);
        self.send(Event::Resize(width, height));
    }
    /// Whether the last frame has that size and shows the selected take's picture, where there is room for it.
    pub fn shows_all_at(&self, size: (u16, u16)) -> bool {
        *self.whole.lock().unwrap() == Some(size)
    }
    /// The terminal takes what is written, or no longer does.
    pub fn reads(&self, reads: bool) {
        self.reads.send_replace(reads);
    }
    /// The terminal does not take the next frame until it reads again.
    pub fn jam_with_the_next_frame(&self) {
        self.jams.store(true, Ordering::SeqCst);
    }
    /// The terminal is gone.
    pub fn close_input(&self) {
        self.events.send(None).unwrap();
    }
    pub fn signal(&self, signal: Signal) {
        // A workbench that has ended listens no more.
        let _ = self.signals.send(signal);
    }
    pub fn tell(&self, event: News) {
        self.news.send(event).unwrap();
    }
    pub fn frames(&self) -> u64 {
        *self.frames.lock().unwrap()
    }
    /// Waits until the screen shows `text`.
    pub async fn sees(&self, text: &str) {
        self.until(&format!("the screen shows {text:?}"), |desk| {
            desk.glass.text().contains(text)
        })
        .await;
    }
    /// Waits until the screen no longer shows `text`.
    pub async fn sees_no(&self, text: &str) {
        self.until(&format!("the screen shows no {text:?}"), |desk| {
            !desk.glass.text().contains(text)
        })
        .await;
    }
    /// Waits for a condition; the time-out only ends a test that has failed.
    pub async fn until(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        for _ in 0..10_000 {
            if holds(self) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        panic!("waited for: {what}\n{}\n{:?}", self.glass.text(), self.log.all());
    }
    /// Waits until the queue holds `count` takes.
    pub async fn queued(&self, count: usize) {
        self.until(&format!("{count} takes are in the queue"), |desk| {
            desk.store.unsettled_takes(None).unwrap().len() == count
        })
        .await;
    }
    /// Lets time pass on the paused clock of [`workbench_out_of_time`]: none passes outside.
    pub async fn let_pass(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }
    /// Lets everything that is under way come to its end: no effect running, no frame outstanding.
    pub async fn settle(&self) {
        self.settle_for(Duration::from_millis(40)).await;
    }
    /// As [`Desk::settle`], until the Monitor has followed the selection too.
    pub async fn rest(&self) {
        self.settle_for(REST + Duration::from_millis(30)).await;
    }
    /// As [`Desk::settle`], with so long a silence as the sign.
    pub async fn settle_for(&self, silence: Duration) {
        let mut last = (self.frames(), self.glass.bytes());
        let (mut quiet, begun) = (0, Instant::now());
        while quiet < silence.as_millis() {
            let round = Instant::now();
            tokio::time::sleep(Duration::from_millis(1)).await;
            let now = (self.frames(), self.glass.bytes());
            // While the machine is too busy to be on time, silence says nothing.
            let is_late = round.elapsed() > LATE && begun.elapsed() < PATIENCE;
            quiet = if now == last && !is_late { quiet + 1 } else { 0 };
            last = now;
        }
    }
}

pub fn event_of(key: &str) -> KeyEvent {
    let mut event: KeyEvent = crokey::parse(key).map_or_else(|_| panic!("no key {key:?}"), Into::into);
    if let Some(c) = key.chars().next().filter(|_| key.chars().count() == 1) {
        event = KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE);
    }
    assert!(
        key.parse::<Key>().is_ok_and(|parsed| parsed == Key::from(event)),
        "{key}"
    );
    event
}

/// A workbench that has ended.
pub struct Ended {
    pub leaving: Result<Leaving, LoopError>,
    pub unsaved: Option<Unsaved>,
    pub desk: Desk,
    pub folder: Arc<tempfile::TempDir>,
}

/// Runs a workbench while `user` works at it, then ends it by a signal, if the user did not. The store lives in a
/// folder of its own.
pub fn workbench<F: Future<Output = ()>>(options: Options, user: impl FnOnce(Desk) -> F) -> Ended {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(at_desk(options, user))
}

/// As [`workbench`], on a clock that runs only while nobody has anything to do.
pub fn workbench_out_of_time<F: Future<Output = ()>>(
    options: Options,
    user: impl FnOnce(Desk) -> F,
) -> Ended {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap();
    runtime.block_on(at_desk(options, user))
}

fn published() -> Published {
    Arc::new(|_, _| Expectation::around(100_000, "a guess"))
}

/// What does not change while the workbench runs.
fn facts(
    reel: Reel,
    backend: Backend,
    money: MoneySettings,
    clock: Arc<dyn Clock>,
    published: Published,
) -> Facts {
    Facts {
        reel,
        backend,
        money,
        in_flight: 4,
        repeats: 0,
        clock,
        zone: TimeZone::UTC,
        published,
        lint_off: RuleSet::NONE,
        tick: Duration::from_secs(1),
        notify: Notify::Auto,
        advance: false,
        log_columns: LogColumn::DEFAULT.to_vec(),
    }
}

/// The state of a workbench on `form`, with nobody to do what it asks for.
pub fn app_alone(form: Form) -> App {
    app_on(Backend::Sandbox, form)
}

/// As [`app_alone`], where takes cost money.
pub fn live_app_alone(form: Form) -> App {
    app_on(Backend::Live, form)
}

/// How every workbench here looks.
pub fn plain_screen() -> Screen {
    Screen::new(
        Theme::fallback(ColorDepth::Ansi16),
        &glyphs::UNICODE,
        TimeZone::UTC,
    )
}

fn app_on(backend: Backend, form: Form) -> App {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::at(Timestamp::UNIX_EPOCH));
    let store = Store::open(&folder.path().join("rushes.db"), clock.clone()).unwrap();
    let reel = store.reel(REEL).unwrap();
    let facts = facts(reel, backend, Till::under(None).read(), clock, published());
    App::new(facts, Keymap::default(), Some(form))
}

/// An engine that sends nothing, and tells what the desk has it tell.
fn stand_in(
    desk: &Desk,
    history_differs: bool,
    spending: Spending,
    wake: Wake,
    told: UnboundedReceiver<News>,
) -> Starter {
    let service = FakeService {
        log: desk.log.clone(),
        store: desk.store.clone(),
        history_differs,
        spending,
        wake,
    };
    service.starter(told)
}

/// As [`workbench`], in a runtime that is there already.
#[allow(clippy::too_many_lines)] // everything that a workbench is given, in order
pub async fn at_desk<F: Future<Output = ()>>(options: Options, user: impl FnOnce(Desk) -> F) -> Ended {
    let folder = options
        .folder
        .unwrap_or_else(|| Arc::new(tempfile::tempdir().unwrap()));
    let clock = Arc::new(ManualClock::at(
        "2026-11-22T14:00:00Z".parse::<Timestamp>().unwrap(),
    ));
    let waiting = rushes::store::StoreOptions {
        busy_timeout: options.patience,
    };
    let store = Store::open_with(&folder.path().join("rushes.db"), clock.clone(), waiting).unwrap();
    let reel = store.reel(REEL).unwrap();
    let log = Log::default();
    let (events, keys) = unbounded_channel();
    let (signals, mut signalled) = unbounded_channel();
    let (news, told) = unbounded_channel();
    let (messages, inbox) = unbounded_channel();
    let desk = Desk {
        store: store.clone(),
        reel_id: reel.id.clone(),
        glass: Glass::new(options.size.0, options.size.1),
        log: log.clone(),
        clock: clock.clone(),
        till: Till::under(options.cap),
        events,
        signals,
        news,
        frames: Arc::default(),
        jams: Arc::default(),
        whole: Arc::default(),
        reads: watch::Sender::new(true),
    };
    if let Some(prepare) = options.prepare {
        prepare(&desk);
    }
    let form = store.forms(&reel.id).edited().unwrap();
    let spending = Spending::of(desk.till.clone());
    let known = form.clone();
    let wake = Wake::default();
    let starter = match options.provider {
        Some(provider) => {
            let (folder, spending) = (folder.path(), spending.clone());
            provider.starter(folder, &desk, spending, options.backend, wake.clone())
        }
        None => stand_in(
            &desk,
            options.history_differs,
            spending.clone(),
            wake.clone(),
            told,
        ),
    };
    let published = published();
    let jobs = Jobs::start(
        Tools {
            words: Arc::default(),
            thumbnails: rushes::media::Thumbnails::new(&folder.path().join("cache"), 50_000_000),
            line: desk.glass.meter(),
            published: Arc::clone(&published),
            clipboard: Arc::new(FakeClipboard(log.clone())),
            reel: reel.clone(),
            form: known,
            state_folder: folder.path().join("state"),
            queue: Queue {
                store,
                reels: folder.path().join("reels"),
                backend: options.backend,
                spending: spending.clone(),
                wake,
            },
        },
        messages,
    );
    let mut facts = facts(reel, options.backend, spending.read(), clock, published);
    facts.advance = options.advance;
    let mut app = App::new(facts, options.keymap, form);
    app.state_mut().pictures = options.pictures;
    let screen = options.screen;
    let draw = |app: &App, frame: &mut ratatui::Frame<'_>| {
        *desk.frames.lock().unwrap() += 1;
        if desk.jams.swap(false, Ordering::SeqCst) {
            desk.reads.send_replace(false);
        }
        let size = (frame.area().width, frame.area().height);
        let seen = screen.draw(app, frame);
        *desk.whole.lock().unwrap() = shows_its_picture(app, &seen).then_some(size);
        seen
    };
    let mut bench = Loop {
        terminal: Terminal::new(Quiet::new(desk.glass.clone(), true)).unwrap(),
        host: FakeHost {
            log: log.clone(),
            keys: Arc::new(Mutex::new(keys)),
            edited: options.edited,
            at_once: options.at_once,
            reads: desk.reads.subscribe(),
        },
        signals: futures::stream::poll_fn(move |cx| signalled.poll_recv(cx)),
        messages: inbox,
        jobs: &jobs,
        title: String::new(),
    };
    let (leaving, ()) = futures::join!(bench.run(&mut app, &draw, Some(starter)), async {
        user(desk.clone()).await;
        desk.signal(Signal::Terminate);
    });
    drop(bench);
    let unsaved = jobs.finish().await;
    Ended {
        leaving,
        unsaved,
        desk,
        folder,
    }
}

//! The workbench put together: a real terminal, the store, an engine.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::config::Notify;
use crate::engine::{Event, Published};
use crate::model::rule::RuleSet;
use crate::model::{Backend, Clock, Form, Spending};
use crate::service::{Queue, Starter};
use crate::store::{Reel, Store, StoreError};

use super::app::{App, Facts, Leaving, going_on};
use super::effect::Message;
use super::glyphs::Glyphs;
use super::jobs::rescue::Unsaved;
use super::jobs::{Jobs, Tools};
use super::keymap::Keymap;
use super::run::Loop;
use super::screen::Screen;
use super::terminal::late;
use super::terminal::modes::{NotATerminal, Session, require_terminal};
use super::terminal::signals::{INTERRUPTED, LAST_MOMENTS, Signals, leave_within};
use super::terminal::{Out, Quiet, RealHost, SystemClipboard};
use super::theme::{ColorDepth, Theme};

/// Longest wait for the last look at the store, which may be held up by another program.
const LAST_LOOK: Duration = Duration::from_secs(1);

/// All that the workbench is given.
pub struct Setup {
    pub store: Store,
    pub reel: Reel,
    /// The folder that holds one folder for each reel.
    pub reels: PathBuf,
    pub backend: Backend,
    /// What may be spent; shared with the engine.
    pub spending: Spending,
    /// Changes takes, and wakes the engine.
    pub queue: Queue,
    /// Most takes at the provider at once.
    pub in_flight: u32,
    /// How often a take that the provider failed to render is repeated by itself.
    pub repeats: u32,
    /// The user's keymap; it need not be there.
    pub keymap_file: PathBuf,
    /// The user's themes.
    pub themes: PathBuf,
    pub theme: String,
    pub depth: ColorDepth,
    pub glyphs: &'static Glyphs,
    pub mouse: bool,
    /// For the external editor's file, and for text that the store does not take.
    pub state_folder: PathBuf,
    pub clock: Arc<dyn Clock>,
    pub zone: TimeZone,
    /// How long takes are expected to take where the store has none of its own.
    pub published: Published,
    /// Rules of the script that are switched off.
    pub lint_off: RuleSet,
    /// How often timers on screen advance.
    pub tick: Duration,
    /// When takes that end are rung out.
    pub notify: Notify,
    pub starter: Starter,
    /// What was wrong with the settings, a line each; shown at the start.
    pub complaints: Vec<String>,
    /// What is said of damage that is met on the way.
    pub damage: UnboundedReceiver<String>,
}

/// How the workbench ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exit {
    pub leaving: Leaving,
    /// Texts that editors saved late, a sentence each.
    pub late: Vec<String>,
    /// Where the text is that the store did not take.
    pub unsaved: Option<Unsaved>,
    /// Takes of this backend, over all reels, that somebody has to take up: sent ones whose film is not saved, and
    /// waiting ones that may be sent.
    pub in_flight: usize,
}

/// Why there is no workbench.
#[derive(Debug, thiserror::Error)]
pub enum TuiError {
    #[error(transparent)]
    NotATerminal(#[from] NotATerminal),
    #[error("the terminal could not be set up ({0}): try another terminal, or `rushes gen`")]
    Terminal(#[source] io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl TuiError {
    /// 2 when it was called wrongly, else 1.
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::NotATerminal(_) => 2,
            Self::Terminal(_) | Self::Store(_) => 1,
        }
    }
}

/// Runs the workbench in this terminal until it is left. The terminal is then as it was found. A terminal that is
/// lost on the way counts as a hang-up.
///
/// # Errors
/// When there is no terminal, it cannot be set up, or the form cannot be read.
pub async fn run_workbench(mut setup: Setup) -> Result<Exit, TuiError> {
    require_terminal()?;
    let form = setup.store.forms(&setup.reel.id).edited()?;
    let screen = Screen::new(load_theme(&mut setup), setup.glyphs, setup.zone.clone());
    let known = form.clone();
    let mut app = start(&mut setup, form);
    // crossterm drops colours for NO_COLOR by itself, the reversed selection with them; the theme sees to it.
    crossterm::style::force_color_output(true);
    let signals = Signals::listen().map_err(TuiError::Terminal)?;
    let (messages, inbox) = unbounded_channel();
    let (store, who) = (setup.store.clone(), setup.backend);
    let (state_folder, prefix) = (setup.state_folder.clone(), late::own_prefix(&setup.reel.id));
    let (told, mut damage) = (messages.clone(), setup.damage);
    tokio::spawn(async move {
        while let Some(sentence) = damage.recv().await {
            let _ = told.send(Message::Works(Event::Problem(sentence)));
        }
    });
    let tools = Tools {
        store: setup.store,
        clipboard: Arc::new(SystemClipboard::of(&|name| std::env::var(name).ok())),
        reel_id: setup.reel.id,
        reel_name: setup.reel.name,
        form: known,
        reels: setup.reels,
        state_folder: setup.state_folder.clone(),
        backend: setup.backend,
        published: setup.published,
        spending: setup.spending,
        queue: setup.queue,
    };
    let jobs = Jobs::start(tools, messages);
    let session = Session::enter(setup.mouse).map_err(TuiError::Terminal)?;
    let backend = Quiet::new(CrosstermBackend::new(Out), true);
    let mut main_loop = Loop {
        terminal: Terminal::new(backend).map_err(TuiError::Terminal)?,
        host: RealHost::new(state_folder, prefix, setup.mouse),
        signals,
        messages: inbox,
        jobs: &jobs,
        title: String::new(),
    };
    let ended = main_loop
        .run(
            &mut app,
            &|app, frame| screen.draw(app, frame),
            Some(setup.starter),
        )
        .await;
    let leaving = ended.unwrap_or_else(|error| {
        tracing::warn!("{error}");
        Leaving::HungUp
    });
    // A user who quits sees to it that it ends.
    if leaving != Leaving::Quit {
        leave_within(LAST_MOMENTS, INTERRUPTED);
    }
    drop(main_loop);
    drop(session);
    let unsaved = jobs.finish().await;
    let in_flight = left_over(store, who)
        .await
        .unwrap_or_else(|| app.state().goes_on());
    Ok(Exit {
        leaving,
        late: late_texts(&app),
        unsaved,
        in_flight,
    })
}

/// Where editors have saved texts that nobody was offered yet, a sentence each.
fn late_texts(app: &App) -> Vec<String> {
    let written = app.state().lent.iter().filter(|lent| lent.later_text().is_some());
    let told = written.map(|lent| {
        let (program, file) = (&lent.program, lent.file.display());
        format!("{program} saved a text late. It is in {file}, and the next start offers it.")
    });
    told.collect()
}

/// How many takes a later process has to continue, by the store; `None` when the store cannot be read soon.
async fn left_over(store: Store, backend: Backend) -> Option<usize> {
    let read = move || {
        Ok::<_, StoreError>(going_on(
            &store.queue(backend).unsettled()?,
            &store.queue(backend).state()?,
        ))
    };
    match timeout(LAST_LOOK, spawn_blocking(read)).await {
        Ok(Ok(Ok(count))) => return Some(count),
        Ok(Ok(Err(error))) => tracing::warn!("{error}"),
        Ok(Err(_)) | Err(_) => tracing::warn!("what is in flight could not be read from the store"),
    }
    None
}

/// The state at the start, with what was wrong with settings and keymap.
fn start(setup: &mut Setup, form: Option<Form>) -> App {
    let keymap = load_keymap(setup);
    let facts = Facts {
        reel: setup.reel.clone(),
        backend: setup.backend,
        money: setup.spending.read(),
        in_flight: setup.in_flight,
        repeats: setup.repeats,
        clock: Arc::clone(&setup.clock),
        zone: setup.zone.clone(),
        published: Arc::clone(&setup.published),
        lint_off: setup.lint_off,
        tick: setup.tick,
        notify: setup.notify,
    };
    let mut app = App::new(facts, keymap, form);
    app.state_mut().has_mouse = setup.mouse;
    app.complain(&setup.complaints);
    app.state_mut().lent = late::left_behind(&setup.state_folder, &setup.reel.id).unwrap_or_else(|error| {
        tracing::warn!("{}: {error}", setup.state_folder.display());
        Vec::new()
    });
    app
}

fn load_keymap(setup: &mut Setup) -> Keymap {
    let file = &setup.keymap_file;
    match std::fs::read_to_string(file) {
        Ok(text) => {
            let (keymap, errors) = Keymap::patched(&file.display().to_string(), &text);
            setup.complaints.extend(errors.iter().map(ToString::to_string));
            keymap
        }
        Err(error) => {
            if error.kind() != io::ErrorKind::NotFound {
                let text = format!("{}: {error}; the default keys are in force", file.display());
                setup.complaints.push(text);
            }
            Keymap::default()
        }
    }
}

fn load_theme(setup: &mut Setup) -> Theme {
    Theme::load(&setup.theme, Some(&setup.themes), setup.depth).unwrap_or_else(|error| {
        setup.complaints.push(error.to_string());
        Theme::fallback(setup.depth)
    })
}

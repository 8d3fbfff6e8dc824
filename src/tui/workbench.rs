//! Runs the workbench on a real terminal, with the store and an engine.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::engine::Event;
use crate::media::Thumbnails;
use crate::model::{Backend, Form};
use crate::service::{Queue, Starter};
use crate::store::{Store, StoreError};

use super::app::{App, Facts, Leaving, going_on};
use super::effect::Message;
use super::glyphs::Glyphs;
use super::jobs::rescue::Unsaved;
use super::jobs::{Jobs, Tools};
use super::keymap::Keymap;
use super::picture_style::PictureStyle;
use super::run::Loop;
use super::screen::Screen;
use super::terminal::leaving::{INTERRUPTED, LAST_MOMENTS, leave_within};
use super::terminal::modes::{NotATerminal, TerminalGuard, require_terminal};
use super::terminal::signals::Signals;
use super::terminal::{Out, Quiet, RealHost, SystemClipboard, late};
use super::theme::{ColorDepth, Theme};

/// The store may be locked by another program when it is read for the last time.
const MAX_LAST_READ: Duration = Duration::from_secs(1);

/// Everything that the workbench needs.
pub struct WorkbenchSetup {
    pub facts: Facts,
    /// Changes takes, and wakes the engine.
    pub queue: Queue,
    /// The user's keymap, which may be missing.
    pub keymap_file: PathBuf,
    /// The folder of the user's themes.
    pub themes: PathBuf,
    pub theme: String,
    pub depth: ColorDepth,
    pub glyphs: &'static Glyphs,
    pub mouse: bool,
    pub pictures: PictureStyle,
    /// Small pictures of takes.
    pub thumbnails: Thumbnails,
    /// For the external editor's file, and for text that cannot be saved in the store.
    pub state_folder: PathBuf,
    pub starter: Starter,
    /// Problems with the settings, shown at the start.
    pub complaints: Vec<String>,
    /// Reports of damaged rows in the store.
    pub damage: UnboundedReceiver<String>,
}

/// How the workbench ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkbenchExit {
    pub leaving: Leaving,
    /// A sentence for each text that an editor saved late.
    pub late: Vec<String>,
    /// The reel to be opened next.
    pub next_reel: Option<String>,
    /// Where the text is that could not be saved.
    pub unsaved: Option<Unsaved>,
    /// Takes of this backend, over all reels, that another process has to continue: sent ones whose video is not saved,
    /// and waiting ones that may be sent.
    pub in_flight: usize,
}

/// Why the workbench could not run.
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
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::NotATerminal(_) => 2,
            Self::Terminal(_) | Self::Store(_) => 1,
        }
    }
}

/// Runs the workbench in this terminal until it is left, and then restores the terminal. A terminal that is lost on the
/// way counts as a hang-up.
pub async fn run_workbench(mut setup: WorkbenchSetup) -> Result<WorkbenchExit, TuiError> {
    require_terminal()?;
    let (store, reel) = (setup.queue.store.clone(), setup.facts.reel.clone());
    let form = store.forms(&reel.id).edited()?;
    let screen = Screen::new(load_theme(&mut setup), setup.glyphs, setup.facts.zone.clone());
    let backend = setup.facts.backend;
    let mut app = start(&mut setup, form.clone());
    // For NO_COLOR, crossterm would drop the reversed selection together with the colours; the theme handles it.
    crossterm::style::force_color_output(true);
    let signals = Signals::listen().map_err(TuiError::Terminal)?;
    let (messages, inbox) = unbounded_channel();
    let (state_folder, prefix) = (setup.state_folder.clone(), late::own_prefix(&reel.id));
    let (told, mut damage) = (messages.clone(), setup.damage);
    tokio::spawn(async move {
        while let Some(sentence) = damage.recv().await {
            let _ = told.send(Message::Engine(Event::Problem(sentence)));
        }
    });
    let tools = Tools {
        clipboard: Arc::new(SystemClipboard::of(&|name| std::env::var(name).ok())),
        reel,
        form,
        state_folder: setup.state_folder,
        published: setup.facts.published,
        queue: setup.queue,
        thumbnails: setup.thumbnails,
        words: Arc::default(),
        line: Out::meter(),
    };
    let jobs = Jobs::start(tools, messages);
    let guard = TerminalGuard::enter(setup.mouse).map_err(TuiError::Terminal)?;
    let terminal = Terminal::new(Quiet::new(CrosstermBackend::new(Out), true));
    let mut main_loop = Loop {
        terminal: terminal.map_err(TuiError::Terminal)?,
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
    // A user who quits is there to end a workbench that hangs.
    if !matches!(leaving, Leaving::Quit | Leaving::Reel) {
        leave_within(LAST_MOMENTS, INTERRUPTED);
    }
    drop(main_loop);
    drop(guard);
    let unsaved = jobs.finish().await;
    let in_flight = left_over(store, backend).await;
    Ok(WorkbenchExit {
        leaving,
        next_reel: app.state().next_reel.clone(),
        late: late_texts(&app),
        unsaved,
        in_flight: in_flight.unwrap_or_else(|| app.state().goes_on()),
    })
}

/// A sentence for each text that an editor saved late and that was not offered to the user yet.
fn late_texts(app: &App) -> Vec<String> {
    let written = app.state().lent.iter().filter(|lent| lent.later_text().is_some());
    let told = written.map(|lent| {
        let (program, file) = (&lent.program, lent.file.display());
        format!("{program} saved a text late. It is in {file}, and the next start offers it.")
    });
    told.collect()
}

/// How many takes a later process has to continue; `None` when the store cannot be read in time.
async fn left_over(store: Store, backend: Backend) -> Option<usize> {
    let read = move || {
        let queue = store.queue(backend);
        Ok::<_, StoreError>(going_on(&queue.unsettled()?, &queue.state()?))
    };
    match timeout(MAX_LAST_READ, spawn_blocking(read)).await {
        Ok(Ok(Ok(count))) => return Some(count),
        Ok(Ok(Err(error))) => tracing::warn!("{error}"),
        Ok(Err(_)) | Err(_) => tracing::warn!("what is in flight could not be read from the store"),
    }
    None
}

fn start(setup: &mut WorkbenchSetup, form: Option<Form>) -> App {
    let keymap = load_keymap(setup);
    let mut app = App::new(setup.facts.clone(), keymap, form);
    app.state_mut().has_mouse = setup.mouse;
    app.state_mut().pictures = setup.pictures;
    app.complain(&setup.complaints);
    let lent = late::left_behind(&setup.state_folder, &setup.facts.reel.id);
    app.state_mut().lent = lent.unwrap_or_else(|error| {
        tracing::warn!("{}: {error}", setup.state_folder.display());
        Vec::new()
    });
    app
}

fn load_keymap(setup: &mut WorkbenchSetup) -> Keymap {
    let file = &setup.keymap_file;
    match std::fs::read_to_string(file) {
        Ok(text) => {
            let (keymap, errors) = Keymap::patched(&file.display().to_string(), &text);
            setup.complaints.extend(errors.iter().map(ToString::to_string));
            keymap
        }
        Err(error) => {
            if error.kind() != io::ErrorKind::NotFound {
                let text = format!("{}: {error}; the default keys are used", file.display());
                setup.complaints.push(text);
            }
            Keymap::default()
        }
    }
}

fn load_theme(setup: &mut WorkbenchSetup) -> Theme {
    Theme::load(&setup.theme, Some(&setup.themes), setup.depth).unwrap_or_else(|error| {
        setup.complaints.push(error.to_string());
        Theme::fallback(setup.depth)
    })
}

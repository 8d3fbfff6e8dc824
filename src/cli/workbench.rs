//! `rushes` alone: the workbench, whose engine starts once the first frame is on screen.

use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use tokio::sync::mpsc::unbounded_channel;

use crate::config::{self, Settings};
use crate::engine::blocking;
use crate::service::backend::{self, Choice};
use crate::service::home::environment;
use crate::service::{Home, Session, Starter, workbench};
use crate::tui::app::{Facts, Leaving};
use crate::tui::glyphs::{self, Glyphs};
use crate::tui::jobs::rescue::Unsaved;
use crate::tui::picture_style::PictureStyle;
use crate::tui::theme::ColorDepth;
use crate::tui::{WorkbenchSetup, run_workbench};

use super::args::Global;
use super::exit::Exit;
use super::{Failure, background, print};

/// How long the terminal may take to show the last messages.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Runs the workbench, and again for each other reel that the user opens from inside. What is typed is saved before, so
/// nothing is lost; what is in flight is continued by the next one.
pub(super) async fn run(global: &Global) -> Result<Exit, Failure> {
    let mut global = global.clone();
    loop {
        match open_reel(&global).await? {
            Ended::Left(exit) => return Ok(exit),
            Ended::ForReel(name) => global.reel = Some(name),
        }
    }
}

/// How one workbench ended.
enum Ended {
    Left(Exit),
    /// Another reel is opened.
    ForReel(String),
}

async fn open_reel(global: &Global) -> Result<Ended, Failure> {
    let (tell, damage) = unbounded_channel();
    let home = Home::open(global.home.as_deref(), global.reel_or_new(), move |said| {
        let _ = tell.send(said);
    })?;
    let choice = backend::choose(&global.wanted(), &home).await?;
    let who = choice.backend();
    let settings = &home.settings;
    let setup = WorkbenchSetup {
        facts: Facts {
            reel: home.reel.clone(),
            backend: who,
            money: home.spending(who).read(),
            in_flight: settings.in_flight,
            repeats: settings.repeat_failed,
            clock: Arc::clone(&home.clock),
            zone: jiff::tz::TimeZone::system(),
            published: backend::published(who, settings.sandbox_speed),
            lint_off: settings.lint_off,
            tick: tick(settings.motion),
            notify: settings.notify,
            advance: settings.advance,
            log_columns: settings.log_columns.clone(),
        },
        queue: home.queue(who),
        keymap_file: home.paths.keymap_file(),
        themes: home.paths.themes(),
        theme: settings.theme.clone(),
        depth: depth(settings.color),
        glyphs: signs(settings.glyphs),
        mouse: settings.mouse,
        pictures: pictures(settings),
        thumbnails: home.thumbnails.clone(),
        state_folder: home.paths.state.clone(),
        complaints: home.complaints(),
        damage,
        starter: starter(choice, home),
    };
    let exit = run_workbench(setup)
        .await
        .map_err(|error| match error.exit_code() {
            2 => Failure::usage(error),
            _ => Failure::other(error),
        })?;
    if let (Leaving::Reel, None, Some(name)) = (exit.leaving, &exit.unsaved, &exit.next_reel) {
        exit.late.iter().for_each(|sentence| print::complain(sentence));
        return Ok(Ended::ForReel(name.clone()));
    }
    let handed_over = match exit.in_flight {
        0 => None,
        in_flight => Some(hand_over(global, in_flight).await),
    };
    if exit.leaving != Leaving::HungUp {
        let unsaved = exit.unsaved.as_ref().map(where_the_text_is);
        say_last(exit.late.into_iter().chain(unsaved).chain(handed_over).collect()).await;
    }
    Ok(Ended::Left(match exit.leaving {
        Leaving::Quit => Exit::Ok,
        // The text that was typed could not be saved, which was said.
        Leaving::Reel => Exit::Other,
        Leaving::HungUp | Leaving::Signalled(_) => Exit::Interrupted,
    }))
}

/// Prints the last messages on a terminal that may be blocked.
async fn say_last(sentences: Vec<String>) {
    let say = blocking(move || sentences.iter().for_each(|sentence| print::complain(sentence)));
    if tokio::time::timeout(LAST_WORDS, say).await.is_err() {
        tracing::warn!("the terminal does not show the last messages");
    }
}

/// Hands takes that are in flight to a process without a terminal, and says whether that worked.
async fn hand_over(global: &Global, in_flight: usize) -> String {
    match background::hand_over(global).await {
        Ok(()) => format!("{in_flight} in flight; a background process downloads the videos (`rushes ls`)"),
        Err(error) => {
            format!(
                "{in_flight} in flight at the provider; run `rushes resume` to download the videos ({error})"
            )
        }
    }
}

/// Where a text is that the store did not take.
fn where_the_text_is(unsaved: &Unsaved) -> String {
    match unsaved {
        Unsaved::File(file) => format!(
            "your text could not be saved in the database; it is in {} and the next start offers it",
            file.display()
        ),
        Unsaved::Nowhere(prompt) => {
            format!("your text could not be saved anywhere; copy it from here:\n{prompt}")
        }
    }
}

/// How pictures are drawn in this terminal.
pub(super) fn pictures(settings: &Settings) -> PictureStyle {
    let is_ascii = *signs(settings.glyphs) == glyphs::ASCII;
    let moves = settings.motion != config::Motion::Off;
    PictureStyle::of(&environment, is_ascii, depth(settings.color)).with(&settings.pictures, moves)
}

fn depth(setting: config::Depth) -> ColorDepth {
    match setting {
        config::Depth::Auto => ColorDepth::detect(&environment),
        config::Depth::Never => ColorDepth::Never,
        config::Depth::Ansi16 => ColorDepth::Ansi16,
        config::Depth::Ansi256 => ColorDepth::Ansi256,
        config::Depth::TrueColor => ColorDepth::Truecolor,
    }
}

/// How often timers on screen advance.
const fn tick(setting: config::Motion) -> Duration {
    Duration::from_secs(match setting {
        config::Motion::Full => 1,
        config::Motion::Reduced => 5,
        config::Motion::Off => 30,
    })
}

fn signs(setting: config::Glyphs) -> &'static Glyphs {
    match setting {
        config::Glyphs::Auto => Glyphs::for_locale(&environment),
        config::Glyphs::Unicode => &glyphs::UNICODE,
        config::Glyphs::Ascii => &glyphs::ASCII,
    }
}

/// Begins the session and starts its engine.
fn starter(choice: Choice, home: Home) -> Starter {
    let start = async move { Ok(workbench::start(Session::begin(choice, &home).await?)) };
    Box::new(move || start.boxed())
}

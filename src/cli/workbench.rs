//! `rushes` alone: the workbench, with an engine that starts once the first frame is on screen.

use std::sync::{Arc, Mutex, PoisonError};

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::sync::mpsc;

use crate::config;
use crate::engine::{Engine, Event};
use crate::model::{Backend, TakeId};
use crate::sandbox::Sandbox;
use crate::tui::app::Leaving;
use crate::tui::glyphs::{self, Glyphs};
use crate::tui::theme::ColorDepth;
use crate::tui::works::{Started, Starter, Works, WorksEvent};
use crate::tui::{Setup, run_workbench};

use super::args::Global;
use super::backend::{self, Choice};
use super::exit::Exit;
use super::house::{House, environment};
use super::{Failure, resume};

pub(super) async fn run(global: &Global) -> Result<Exit, Failure> {
    let house = House::open(global)?;
    let choice = backend::choose(global, &house).await?;
    let who = choice.backend();
    let settings = &house.settings;
    let setup = Setup {
        store: house.store.clone(),
        reel: house.reel.clone(),
        backend: who,
        prices: settings.prices.clone(),
        in_flight: settings.in_flight,
        cap_per_day: settings.cap_per_day.filter(|_| who == Backend::Live),
        keymap_file: house.paths.keymap_file(),
        themes: house.paths.themes(),
        theme: settings.theme.clone(),
        depth: depth(settings.color),
        glyphs: signs(settings.glyphs),
        mouse: settings.mouse,
        state_folder: house.paths.state.clone(),
        clock: Arc::clone(&house.clock),
        zone: jiff::tz::TimeZone::system(),
        complaints: house.warnings.iter().map(ToString::to_string).collect(),
        starter: starter(choice, house),
    };
    let exit = run_workbench(setup).await.map_err(|error| {
        let exit = if error.exit_code() == 2 {
            Exit::Usage
        } else {
            Exit::Other
        };
        Failure::new(exit, error)
    })?;
    if exit.in_flight > 0 {
        hand_over(global, exit.in_flight, exit.leaving);
    }
    Ok(match exit.leaving {
        Leaving::Quit => Exit::Ok,
        Leaving::HungUp | Leaving::Signalled(_) => Exit::Interrupted,
    })
}

/// Takes at the provider are brought home by a process without a terminal.
fn hand_over(global: &Global, in_flight: usize, leaving: Leaving) {
    let started = resume::start_in_background(global);
    if leaving == Leaving::HungUp {
        // The terminal is gone: nobody reads.
        return;
    }
    match started {
        Ok(_) => {
            eprintln!("rushes: {in_flight} in flight; they are brought home in the background (`rushes ls`)")
        }
        Err(error) => eprintln!(
            "rushes: {in_flight} in flight go on at the provider; `rushes resume` brings them home ({error})"
        ),
    }
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

fn signs(setting: config::Glyphs) -> &'static Glyphs {
    match setting {
        config::Glyphs::Auto => Glyphs::for_locale(&environment),
        config::Glyphs::Unicode => &glyphs::UNICODE,
        config::Glyphs::Ascii => &glyphs::ASCII,
    }
}

/// Makes the backend ready and starts the engine on it.
fn starter(choice: Choice, house: House) -> Starter {
    Box::new(move || {
        async move {
            let ready = backend::ready_for(choice, &house)
                .await
                .map_err(|failure| failure.message)?;
            let (engine, events) = Engine::start(ready.engine(&house));
            let running = Running {
                engine: Mutex::new(Some(engine)),
                sandbox: Mutex::new(ready.sandbox),
            };
            Ok::<Started, String>((Box::new(running), translated(events)))
        }
        .boxed()
    })
}

/// The engine, and the sandbox that must live as long.
struct Running {
    engine: Mutex<Option<Engine>>,
    sandbox: Mutex<Option<Sandbox>>,
}

impl Running {
    fn with_engine(&self, act: impl FnOnce(&Engine)) {
        if let Some(engine) = self
            .engine
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .as_ref()
        {
            act(engine);
        }
    }
}

impl Works for Running {
    fn wake(&self) {
        self.with_engine(Engine::wake);
    }

    fn check_again(&self) {
        self.with_engine(Engine::check_unknown);
    }

    fn mark_not_sent(&self, id: TakeId) {
        self.with_engine(|engine| engine.mark_not_sent(id));
    }

    fn stop(&self) -> BoxFuture<'static, ()> {
        let engine = self.engine.lock().unwrap_or_else(PoisonError::into_inner).take();
        let sandbox = self.sandbox.lock().unwrap_or_else(PoisonError::into_inner).take();
        async move {
            if let Some(engine) = engine {
                engine.stop().await;
            }
            if let Some(sandbox) = sandbox {
                sandbox.stop().await;
            }
        }
        .boxed()
    }
}

/// The engine's events in the workbench's terms.
fn translated(mut events: mpsc::UnboundedReceiver<Event>) -> mpsc::UnboundedReceiver<WorksEvent> {
    let (sender, receiver) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Some(event) = events.recv().await {
            let told = match event {
                Event::Take(id) => WorksEvent::Take(id),
                Event::Line(backend) => WorksEvent::Line(backend),
                Event::Progress { take, bytes, total } => WorksEvent::Progress { take, bytes, total },
                Event::Trouble(sentence) => WorksEvent::Trouble(sentence),
            };
            if sender.send(told).is_err() {
                break;
            }
        }
    });
    receiver
}

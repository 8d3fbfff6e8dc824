//! The command line: one file for each command. Commands print and never draw.

mod animatic;
pub mod args;
mod background;
mod bin;
mod checks;
mod copies;
mod doctor;
mod estimate;
pub mod exit;
mod export;
mod files;
mod form;
mod r#gen;
mod lint;
mod ls;
mod models;
mod open;
mod open_file;
mod options;
mod own_executable;
mod play;
mod print;
mod probe;
mod promote;
mod reconcile;
mod reels;
mod reference;
mod resume;
mod sandbox;
mod show;
mod stats;
mod still;
mod wall;
mod workbench;

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::engine::Event;
use crate::service::Problem;
use crate::store::StoreError;

use args::{Cli, Command};
use exit::Exit;

/// Why a command ended early: the sentence for the user and the exit code.
#[derive(Debug)]
pub struct Failure {
    pub exit: Exit,
    pub message: String,
}

#[allow(clippy::needless_pass_by_value, reason = "errors are passed as they come")]
impl Failure {
    fn new(exit: Exit, message: impl ToString) -> Self {
        let message = message.to_string();
        Self { exit, message }
    }

    fn usage(message: impl ToString) -> Self {
        Self::new(Exit::Usage, message)
    }

    fn other(message: impl ToString) -> Self {
        Self::new(Exit::Other, message)
    }
}

/// Reports panics without the environment, which may contain the key. Panics of a video parser are caught and reported as
/// a damaged file, so they are only logged. The workbench's own hook, which restores the terminal, calls this one.
pub fn report_panics() {
    // A second one in one process does nothing.
    let _ = color_eyre::config::HookBuilder::default()
        .display_env_section(false)
        .install();
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if crate::media::is_worker_thread() {
            tracing::info!(%panic, "a video could not be read");
        } else {
            report(panic);
        }
    }));
}

/// Prevents core dumps, and other processes of the user from reading the memory: both would give the key away.
fn keep_memory_private() {
    // If the system refuses, the program works anyway.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
    #[cfg(not(target_os = "linux"))]
    let _ = rustix::process::setrlimit(
        rustix::process::Resource::Core,
        rustix::process::Rlimit {
            current: Some(0),
            maximum: Some(0),
        },
    );
}

/// Reads the command line; the exit code after printing help or the parse error.
pub fn parse() -> Result<Cli, ExitCode> {
    Cli::try_parse().map_err(|error| {
        if !error.use_stderr() {
            error.exit();
        }
        // The message repeats the arguments, which may contain anything.
        print::note(error.render().to_string().trim_end());
        ExitCode::from(Exit::Usage.code())
    })
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::new(Exit::of_kind(problem.kind), problem)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Problem::from(error).into()
    }
}

/// Runs what the command line says; the exit code is one of [`Exit`].
pub fn run(cli: Cli) -> ExitCode {
    own_executable::hold();
    report_panics();
    keep_memory_private();
    // Everything that is written is for the user alone.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    crate::segmind::tls::install();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return end(Err(Failure::other(format!("cannot start: {error}")))),
    };
    let result = runtime.block_on(dispatch(cli));
    // A blocking read of standard input must not keep a finished program running.
    runtime.shutdown_background();
    end(result)
}

/// Why a program leaves before it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Leave {
    /// It was asked to.
    Asked,
    /// Its terminal is gone.
    HungUp,
}

/// Returns at the first signal that asks the program to end.
fn interrupt() -> impl Future<Output = Leave> {
    use tokio::signal::unix::{SignalKind, signal};
    let signals = [
        (SignalKind::interrupt(), Leave::Asked),
        (SignalKind::terminate(), Leave::Asked),
        (SignalKind::hangup(), Leave::HungUp),
    ];
    let any = signals.into_iter().filter_map(|(kind, why)| {
        let mut signal = signal(kind).ok()?;
        Some(Box::pin(async move {
            signal.recv().await;
            why
        }))
    });
    let first = futures::future::select_all(any);
    async move { first.await.0 }
}

/// Waits for an event, or until it is time to look at the clock, and reports a problem.
async fn next_event(events: &mut UnboundedReceiver<Event>, patience: Duration) {
    if let Ok(Some(Event::Problem(sentence))) = tokio::time::timeout(patience, events.recv()).await {
        print::complain(&sentence);
    }
}

async fn dispatch(cli: Cli) -> Result<Exit, Failure> {
    let global = cli.global;
    // Mistakes in the user's file are reported by the commands that read the settings.
    if let Ok(paths) = open::paths(&global) {
        crate::model::Model::offer(crate::config::models(&paths, global.api.as_deref()).specs);
    }
    match cli.command {
        None => workbench::run(&global).await,
        Some(Command::Gen(args)) => r#gen::run(&global, &args).await,
        Some(Command::Promote(args)) => promote::run(&global, &args).await,
        Some(Command::Probe(args)) => probe::run(&global, &args).await,
        Some(Command::Chain(args)) => promote::chain(&global, &args),
        Some(Command::Ls(args)) => ls::run(&global, &args),
        Some(Command::Show(args)) => show::run(&global, &args),
        Some(Command::Stats(args)) => stats::run(&global, &args),
        Some(Command::Export(args)) => export::run(&global, &args),
        Some(Command::Resume(args)) => resume::run(&global, &args).await,
        Some(Command::Reconcile(args)) => reconcile::run(&global, &args).await,
        Some(Command::Estimate(args)) => estimate::run(&global, &args).await,
        Some(Command::Lint(args)) => lint::run(&global, &args),
        Some(Command::Animatic(args)) => animatic::run(&global, &args),
        Some(Command::Still(args)) => still::run(&global, &args),
        Some(Command::Wall(args)) => wall::run(&global, &args),
        Some(Command::Play(args)) => play::run(&global, &args).await,
        Some(Command::Sandbox(args)) => sandbox::run(&global, &args).await,
        Some(Command::Open(args)) => open_file::run(&global, &args),
        Some(Command::Concat(args)) => copies::concat(&global, &args),
        Some(Command::Bundle(args)) => copies::bundle(&global, &args),
        Some(Command::Embed(args)) => copies::embed(&global, &args),
        Some(Command::Reels(args)) => reels::run(&global, &args),
        Some(Command::Bin(args)) => bin::run(&global, &args),
        Some(Command::Models(args)) => models::run(&global, &args).await,
        Some(Command::Doctor(args)) => doctor::run(&global, &args).await,
        Some(Command::Config) => reference::config(&global),
        Some(Command::Themes { name }) => reference::themes(&global, name.as_deref()),
        Some(Command::Keys) => reference::keys(&global),
    }
}

fn end(result: Result<Exit, Failure>) -> ExitCode {
    let exit = result.unwrap_or_else(|failure| {
        print::complain(&failure.message);
        failure.exit
    });
    ExitCode::from(exit.code())
}

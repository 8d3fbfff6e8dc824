//! The command line: one file for each command. Commands print and never draw.

mod animatic;
pub mod args;
mod background;
mod checks;
mod doctor;
mod estimate;
pub mod exit;
mod files;
mod form;
mod r#gen;
mod lint;
mod ls;
mod open;
mod options;
mod own;
mod print;
mod reconcile;
mod reference;
mod resume;
mod sandbox;
mod show;
mod workbench;

use std::process::ExitCode;

use clap::Parser;

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

impl Failure {
    #[allow(
        clippy::needless_pass_by_value,
        reason = "errors are handed over as they come"
    )]
    fn new(exit: Exit, message: impl ToString) -> Self {
        Self {
            exit,
            message: message.to_string(),
        }
    }
}

/// Has panics reported without the environment, which may hold the key; those of a parser of films are caught, told as
/// a damaged file, and only logged. Before the workbench's own hook, which gives the terminal back and then calls this
/// one.
pub fn report_panics() {
    // A second one in one process keeps the first.
    let _ = color_eyre::config::HookBuilder::default()
        .display_env_section(false)
        .install();
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if crate::media::is_worker_thread() {
            tracing::info!(%panic, "a film could not be read");
        } else {
            report(panic);
        }
    }));
}

/// Has no core dump written, and lets no other process of the user read the memory: both would give the key away.
fn keep_memory_private() {
    // A system that refuses leaves the program no worse than it was.
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

/// Reads the command line.
///
/// # Errors
/// The exit code when there is nothing to run: help was asked for, or it cannot be understood. That is told.
pub fn parse() -> Result<Cli, ExitCode> {
    Cli::try_parse().map_err(|error| {
        if !error.use_stderr() {
            error.exit();
        }
        // It repeats the arguments, which may be names that came from elsewhere.
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
        Self::new(Exit::Other, error)
    }
}

/// Runs what the command line says; the exit code is one of [`Exit`].
#[must_use]
pub fn run(cli: Cli) -> ExitCode {
    own::hold();
    report_panics();
    keep_memory_private();
    // Whatever is written here is the user's own business.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    crate::segmind::tls::install();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return end(Err(Failure::new(Exit::Other, format!("cannot start: {error}")))),
    };
    let result = runtime.block_on(dispatch(cli));
    // A blocking read of standard input must not keep a finished program alive.
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

/// Ends on the first of the signals that ask a program to leave.
async fn interrupt() -> Leave {
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
    futures::future::select_all(any).await.0
}

async fn dispatch(cli: Cli) -> Result<Exit, Failure> {
    let global = cli.global;
    // What is wrong in the user's file is told by the commands that read the settings.
    if let Ok(paths) = open::paths(&global) {
        crate::model::Model::offer(crate::config::models(&paths).0);
    }
    match cli.command {
        None => workbench::run(&global).await,
        Some(Command::Gen(args)) => r#gen::run(&global, &args).await,
        Some(Command::Ls(args)) => ls::run(&global, &args),
        Some(Command::Show(args)) => show::run(&global, &args),
        Some(Command::Resume(args)) => resume::run(&global, &args).await,
        Some(Command::Reconcile(args)) => reconcile::run(&global, &args).await,
        Some(Command::Estimate(args)) => estimate::run(&global, &args),
        Some(Command::Lint(args)) => lint::run(&global, &args),
        Some(Command::Animatic(args)) => animatic::run(&global, &args),
        Some(Command::Sandbox(args)) => sandbox::run(&global, &args).await,
        Some(Command::Doctor(args)) => doctor::run(&global, &args).await,
        Some(Command::Config) => reference::config(),
        Some(Command::Themes { name }) => reference::themes(&global, name.as_deref()),
        Some(Command::Keys) => reference::keys(&global),
    }
}

fn end(result: Result<Exit, Failure>) -> ExitCode {
    let exit = match result {
        Ok(exit) => exit,
        Err(failure) => {
            print::complain(&failure.message);
            failure.exit
        }
    };
    ExitCode::from(exit.code())
}

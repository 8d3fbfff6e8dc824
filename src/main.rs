//! Hooks, arguments, dispatch; nothing else.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    rushes::cli::run(rushes::cli::args::Cli::parse())
}

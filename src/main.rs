//! Hooks, arguments, dispatch; nothing else.

use std::process::ExitCode;

fn main() -> ExitCode {
    match rushes::cli::parse() {
        Ok(cli) => rushes::cli::run(cli),
        Err(exit) => exit,
    }
}

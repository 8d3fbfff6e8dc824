//! Continues unsettled takes in a process with a session of its own, which no terminal's end can stop.

use std::io::{self, Read};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::engine::blocking;
use crate::model::pause::backoff;

use super::args::Global;
use super::own_executable;

/// How often the hand-over is tried, within a second.
const TRIES: u32 = 6;

/// Starts `resume` without a terminal, with the same options. Returns its process id once it has a session of its own:
/// before that, the end of ours would end it too.
pub(super) fn start(global: &Global) -> io::Result<u32> {
    let spawn = |nth| resume(global, "--detached", nth)?.stderr(Stdio::null()).spawn();
    let mut child = spawn(0).or_else(|_| spawn(1))?;
    let mut word = [0];
    let told = child.stdout.take().map(|mut out| out.read_exact(&mut word));
    match told {
        Some(Ok(())) => Ok(child.id()),
        _ => Err(io::Error::other("it ended before it left the terminal")),
    }
}

/// As [`start`], from a terminal that may be closing: a process outside of its foreground does it, so that a hang-up does
/// not reach the new one before it has left. A hang-up may still hit that process at its start: then it is tried again.
/// A failure is logged, because there may be nobody to read it.
pub(super) async fn hand_over(global: &Global) -> io::Result<()> {
    let mut tries = 0;
    loop {
        let mut command = resume(global, "--background", tries)?;
        tries += 1;
        command.process_group(0).stderr(Stdio::piped());
        let output = blocking(move || command.output()).await;
        let error = match output {
            Ok(output) if output.status.success() => return Ok(()),
            Ok(output) => io::Error::other(format!(
                "{}: {}",
                output.status,
                String::from_utf8_lossy(&output.stderr).trim()
            )),
            Err(error) => error,
        };
        if tries == TRIES {
            tracing::error!("takes in flight are not continued in the background: {error}");
            return Err(error);
        }
        tokio::time::sleep(backoff(tries, Duration::from_millis(20), Duration::from_secs(1))).await;
    }
}

/// This program as `resume` with that option, for the `nth` try.
fn resume(global: &Global, how: &str, nth: u32) -> io::Result<Command> {
    let mut command = own_executable::program(nth)?;
    if let Some(home) = &global.home {
        command.arg("--home").arg(home);
    }
    if let Some(api) = &global.api {
        command.arg("--api").arg(api);
    }
    command
        .args(global.sandbox.then_some("--sandbox"))
        .args(global.live.then_some("--live"))
        .args(["resume", how])
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    Ok(command)
}

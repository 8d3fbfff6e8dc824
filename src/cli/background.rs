//! What is left is brought home by a process in a session of its own, which the end of no terminal reaches.

use std::io::{self, Read};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::engine::blocking;
use crate::model::pause::backoff;

use super::args::Global;
use super::own;

/// How often it is tried to hand over, within a second.
const TRIES: u32 = 6;

/// Starts `resume` without a terminal, with the same options. Returns its number when it has a session of its own:
/// before that, the end of ours would end it too.
pub(super) fn start(global: &Global) -> io::Result<u32> {
    let spawn = |nth| anew(global, "--detached", nth)?.stderr(Stdio::null()).spawn();
    let mut child = spawn(0).or_else(|_| spawn(1))?;
    let mut word = [0];
    let told = child.stdout.take().map(|mut out| out.read_exact(&mut word));
    match told {
        Some(Ok(())) => Ok(child.id()),
        _ => Err(io::Error::other("it ended before it had left the terminal")),
    }
}

/// The same from a terminal that may be going: by a process outside of its foreground, so that its hang-ups do not meet
/// the new one before it has left. One may meet even that in its first moment: then it is tried again. A failure is
/// logged, since there may be nobody to read it.
pub(super) async fn hand_over(global: &Global) -> io::Result<()> {
    let mut tries = 0;
    loop {
        let mut command = anew(global, "--background", tries)?;
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
            tracing::error!("what is in flight is not brought home in the background: {error}");
            return Err(error);
        }
        tokio::time::sleep(backoff(tries, Duration::from_millis(20), Duration::from_secs(1))).await;
    }
}

/// This program as `resume` with that option, at the `nth` try.
fn anew(global: &Global, how: &str, nth: u32) -> io::Result<Command> {
    let mut command = own::program(nth)?;
    if let Some(home) = &global.home {
        command.arg("--home").arg(home);
    }
    if let Some(api) = &global.api {
        command.arg("--api").arg(api);
    }
    command
        .args(global.sandbox.then_some("--sandbox"))
        .args(global.live.then_some("--live"))
        .args(["--reel", &global.reel, "resume", how])
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    Ok(command)
}

//! Finds the key: environment, command, file, in this order; never in an argument, which others can see.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::process::{Child, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::model::key::BadKey;
use crate::model::text::one_line;
use crate::model::{ApiKey, child};

use super::Env;
use super::error::ConfigError;
use super::paths::Paths;
use super::settings::Settings;

/// How long `key_command` may take; a password manager may ask for its own password first.
const COMMAND_LIMIT: Duration = Duration::from_secs(10);
/// The most bytes that are read from the command or the file.
const MAX_BYTES: u64 = 4096;

/// The key of `SEGMIND_API_KEY`, of `key_command`, or of the key file; `None` when there is none. Waits for
/// the command, at most ten seconds.
///
/// # Errors
/// When the first source that exists gives no key: the next one is not tried, as it may have another account's key.
pub fn find_key(env: &Env<'_>, settings: &Settings, paths: &Paths) -> Result<Option<ApiKey>, ConfigError> {
    if let Some(text) = env(ApiKey::VARIABLE).filter(|text| !text.trim().is_empty()) {
        return ApiKey::new(&text)
            .map(Some)
            .map_err(ConfigError::KeyInEnvironment);
    }
    if let Some(command) = &settings.key_command {
        return from_command(command, COMMAND_LIMIT).map(Some);
    }
    from_file(&paths.key_file())
}

fn from_command(line: &str, limit: Duration) -> Result<ApiKey, ConfigError> {
    let wrong = |reason: String| ConfigError::KeyCommand {
        command: one_line(line, 80),
        reason,
    };
    let words = shell_words::split(line).map_err(|_| wrong("has an unclosed quotation mark".to_owned()))?;
    let Some((program, arguments)) = words.split_first() else {
        return Err(wrong("is empty".to_owned()));
    };
    let mut child = child::command(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| wrong(format!("cannot be started ({})", error.kind())))?;
    let deadline = Instant::now() + limit;
    let ended = printed(&mut child, deadline).zip(exit(&mut child, deadline));
    let Some(((out, err), status)) = ended else {
        let _ = child.kill();
        let _ = child.wait();
        return Err(wrong(format!("did not end within {} s", limit.as_secs_f32())));
    };
    if !status.success() {
        let said = one_line(err.lines().next().unwrap_or_default(), 160);
        return Err(wrong(format!("failed ({status}): {said}")));
    }
    let first_line = out.trim_start().lines().next().unwrap_or_default();
    ApiKey::new(first_line).map_err(|bad| wrong(format!("printed no key ({bad})")))
}

/// Standard output and standard error, read to their ends; `None` when that takes too long.
fn printed(child: &mut Child, deadline: Instant) -> Option<(String, String)> {
    let (sender, receiver) = mpsc::channel();
    let (out, err) = (child.stdout.take()?, child.stderr.take()?);
    std::thread::spawn(move || {
        let err = std::thread::spawn(move || read_text(err));
        let out = read_text(out);
        // The receiver is gone after a timeout.
        let _ = sender.send((out, err.join().unwrap_or_default()));
    });
    receiver
        .recv_timeout(deadline.saturating_duration_since(Instant::now()))
        .ok()
}

/// How it ended; `None` if it closed its streams but still runs.
#[expect(
    clippy::disallowed_methods,
    reason = "a child's end has no other signal on a blocking thread"
)]
fn exit(child: &mut Child, deadline: Instant) -> Option<ExitStatus> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) if Instant::now() < deadline => std::thread::sleep(Duration::from_millis(5)),
            _ => return None,
        }
    }
}

/// The first bytes of a stream as text; the rest is read and dropped, so that the writer can end.
fn read_text(mut stream: impl Read) -> String {
    let mut bytes = Vec::new();
    let _ = stream.by_ref().take(MAX_BYTES).read_to_end(&mut bytes);
    let _ = std::io::copy(&mut stream, &mut std::io::sink());
    String::from_utf8_lossy(&bytes).into_owned()
}

fn from_file(path: &Path) -> Result<Option<ApiKey>, ConfigError> {
    let unreadable = |error: std::io::Error| ConfigError::KeyFileUnreadable {
        path: path.to_owned(),
        reason: error.kind().to_string(),
    };
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(error)),
    };
    check_mode(path, &file.metadata().map_err(unreadable)?)?;
    let mut text = String::new();
    file.take(MAX_BYTES)
        .read_to_string(&mut text)
        .map_err(unreadable)?;
    let in_file = |bad: BadKey| ConfigError::KeyInFile {
        path: path.to_owned(),
        bad,
    };
    ApiKey::new(&text).map(Some).map_err(in_file)
}

fn check_mode(path: &Path, metadata: &std::fs::Metadata) -> Result<(), ConfigError> {
    use std::os::unix::fs::PermissionsExt;
    const OTHERS: u32 = 0o077;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & OTHERS == 0 {
        return Ok(());
    }
    Err(ConfigError::KeyFileOpen {
        path: path.to_owned(),
        mode,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_never_ends_is_stopped() {
        for line in ["sleep 1000", "sh -c 'exec >&- 2>&-; exec sleep 1000'"] {
            let error = from_command(line, Duration::from_millis(200)).unwrap_err();
            assert!(error.to_string().contains("did not end within 0.2 s"), "{error}");
        }
    }
}

//! Runs an `ffmpeg` that writes raw pictures or sound into a pipe, for what rushes itself cannot decode.
//!
//! Of what it writes at most three pieces are held: one that is being read, one that waits, and one that was handed out.
//! It is killed when it is dropped.

use std::ffi::OsString;
use std::io::{self, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use crate::model::child;
use crate::model::text::one_line;

use super::cancel::Cancel;
use super::error::{MediaError, VideoProblem};

/// How long one piece may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// How soon a cancellation is noticed while it writes nothing.
const NOTICED_WITHIN: Duration = Duration::from_millis(20);
/// How much of its complaints is read.
const MAX_COMPLAINT: u64 = 2000;

/// A running `ffmpeg`.
pub(super) struct Ffmpeg {
    child: Child,
    pieces: Receiver<io::Result<Vec<u8>>>,
    /// The start of what it said on standard error, once it has ended.
    complaint: Receiver<String>,
    patience: Duration,
}

/// The command that decodes the file at `path`; `from` is where, in microseconds. The caller adds what it writes.
pub(super) fn command(program: &str, path: &Path, from: Option<u64>) -> Command {
    let mut command = child::command(program);
    command.args([
        "-nostdin",
        "-v",
        "error",
        "-protocol_whitelist",
        "file,pipe",
        "-noautorotate",
    ]);
    if let Some(from) = from {
        command.args(["-ss", &format!("{from}us")]);
    }
    // "file:" keeps a file's name from being taken for a URL or an option.
    let mut file = OsString::from("file:");
    file.push(path);
    command.arg("-i").arg(file);
    command
}

impl Ffmpeg {
    /// Starts `command`, which writes pieces of `size` bytes to standard output.
    pub(super) fn start(command: &mut Command, size: usize) -> io::Result<Self> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let (send, pieces) = mpsc::sync_channel(1);
        if let Some(mut pipe) = child.stdout.take() {
            thread::spawn(move || {
                loop {
                    let mut piece = Vec::new();
                    let read = pipe.by_ref().take(size as u64).read_to_end(&mut piece);
                    let is_last = piece.len() < size || read.is_err();
                    // The receiver is gone when nobody wants more.
                    if (piece.is_empty() && read.is_ok())
                        || send.send(read.map(|_| piece)).is_err()
                        || is_last
                    {
                        break;
                    }
                }
            });
        }
        let (tell, complaint) = mpsc::channel();
        if let Some(mut pipe) = child.stderr.take() {
            thread::spawn(move || {
                let mut said = Vec::new();
                let _ = pipe.by_ref().take(MAX_COMPLAINT).read_to_end(&mut said);
                // The rest is dropped, so that it can go on writing.
                let _ = io::copy(&mut pipe, &mut io::sink());
                let _ = tell.send(String::from_utf8_lossy(&said).into_owned());
            });
        }
        Ok(Self {
            child,
            pieces,
            complaint,
            patience: PATIENCE,
        })
    }

    #[cfg(test)]
    pub(super) fn within(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// The next piece, of which the last one may be shorter; `None` after it.
    ///
    /// # Errors
    /// It wrote nothing for too long, reading failed, or it was cancelled, after which it can be asked again.
    pub(super) fn next(&mut self, path: &Path, cancel: &Cancel) -> Result<Option<Vec<u8>>, MediaError> {
        let deadline = Instant::now() + self.patience;
        loop {
            if cancel.is_cancelled() {
                return Err(VideoProblem::Cancelled.at(path));
            }
            match self.pieces.recv_timeout(NOTICED_WITHIN) {
                Ok(Ok(piece)) => return Ok(Some(piece)),
                Ok(Err(error)) => return Err(VideoProblem::Ffmpeg(error.to_string()).at(path)),
                Err(RecvTimeoutError::Disconnected) => return Ok(None),
                Err(RecvTimeoutError::Timeout) if Instant::now() < deadline => {}
                Err(RecvTimeoutError::Timeout) => {
                    let seconds = self.patience.as_secs();
                    let why = format!("it wrote nothing for {seconds} s");
                    return Err(VideoProblem::Ffmpeg(why).at(path));
                }
            }
        }
    }

    /// The error for having ended too early: what it said, or `otherwise`.
    pub(super) fn ended(&self, path: &Path, otherwise: &str) -> MediaError {
        let said = self
            .complaint
            .recv_timeout(Duration::from_secs(1))
            .unwrap_or_default();
        let said = said.lines().map(str::trim).find(|line| !line.is_empty());
        VideoProblem::Ffmpeg(one_line(said.unwrap_or(otherwise), 200)).at(path)
    }
}

impl Drop for Ffmpeg {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str, size: usize) -> Ffmpeg {
        let mut command = child::command("sh");
        Ffmpeg::start(command.args(["-c", script]), size).unwrap()
    }

    #[test]
    fn pieces_come_whole_and_the_last_one_as_long_as_it_is() {
        let (mut ffmpeg, path, cancel) = (shell("printf abcdefgh", 3), Path::new("x"), Cancel::new());
        let pieces = std::iter::from_fn(|| ffmpeg.next(path, &cancel).unwrap());
        assert_eq!(pieces.collect::<Vec<_>>(), [&b"abc"[..], b"def", b"gh"]);
        assert!(ffmpeg.ended(path, "no more").to_string().contains("no more"));
    }

    #[test]
    fn what_it_complains_about_is_told_in_one_line() {
        let (mut ffmpeg, path) = (
            shell("echo 'moov \u{1b}[31m atom not found' >&2", 3),
            Path::new("x"),
        );
        assert!(ffmpeg.next(path, &Cancel::new()).unwrap().is_none());
        let told = ffmpeg.ended(path, "no more").to_string();
        assert!(told.contains("moov") && !told.contains('\u{1b}'), "{told}");
    }

    #[test]
    fn one_that_writes_nothing_is_an_error_and_one_that_is_cancelled_can_go_on() {
        let path = Path::new("x");
        let mut hung = shell("sleep 1000", 3).within(Duration::from_millis(50));
        let error = hung.next(path, &Cancel::new()).unwrap_err();
        assert!(error.to_string().contains("wrote nothing"), "{error}");
        let cancelled = Cancel::new();
        cancelled.cancel();
        let mut slow = shell("read x </dev/null; printf abc", 3);
        assert!(slow.next(path, &cancelled).unwrap_err().is_cancelled());
        assert_eq!(slow.next(path, &Cancel::new()).unwrap().unwrap(), b"abc");
    }

    #[test]
    fn it_is_killed_when_nobody_wants_more() {
        let ffmpeg = shell("exec sleep 1000", 3);
        let id = ffmpeg.child.id();
        drop(ffmpeg);
        assert!(!Path::new(&format!("/proc/{id}")).exists());
    }
}

//! Decodes one picture with an `ffmpeg` on PATH, for videos that rushes itself cannot decode.

use std::ffi::OsString;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::model::child;

use super::error::{MediaError, VideoProblem};
use super::inspect::MovieInfo;
use super::picture::Picture;

/// How long one picture may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// The picture shown at `ms`, or `None` when there is no `ffmpeg`.
pub(super) fn frame_at(path: &Path, ms: u64, info: &MovieInfo) -> Option<Result<Picture, MediaError>> {
    // A time after the last picture would give nothing.
    let last = info
        .duration_ms
        .saturating_sub(info.duration_ms / u64::from(info.frames.max(1)));
    let child = spawn(path, ms.min(last), info).ok()?;
    Some(read(path, child, info))
}

fn spawn(path: &Path, ms: u64, info: &MovieInfo) -> std::io::Result<Child> {
    // "file:" keeps a file's name from being taken for a URL or an option.
    let mut file = OsString::from("file:");
    file.push(path);
    let (width, height) = (info.width, info.height);
    child::command("ffmpeg")
        .args(["-nostdin", "-v", "error", "-ss", &format!("{ms}ms"), "-i"])
        .arg(file)
        .args(["-frames:v", "1", "-vf", &format!("scale={width}:{height}")])
        .args(["-f", "rawvideo", "-pix_fmt", "rgb24", "-"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
}

fn read(path: &Path, mut child: Child, info: &MovieInfo) -> Result<Picture, MediaError> {
    let bytes = u64::from(info.width) * u64::from(info.height) * 3;
    let (send, receive) = mpsc::channel();
    if let Some(pipe) = child.stdout.take() {
        thread::spawn(move || {
            let mut rgb = Vec::new();
            let read = pipe.take(bytes).read_to_end(&mut rgb);
            // The receiver is gone after a timeout.
            let _ = send.send(read.map(|_| rgb));
        });
    }
    let received = receive.recv_timeout(PATIENCE);
    // It has printed the picture or timed out.
    let _ = child.kill();
    let _ = child.wait();
    let failed = |why: &str| VideoProblem::Ffmpeg(why.to_owned()).at(path);
    match received {
        Ok(Ok(rgb)) if rgb.len() as u64 == bytes && bytes > 0 => Ok(Picture {
            width: info.width,
            height: info.height,
            rgb,
        }),
        Ok(Ok(_)) => Err(failed("it found no picture there")),
        Ok(Err(error)) => Err(failed(&error.to_string())),
        Err(_) => Err(failed("it took longer than 20 s")),
    }
}

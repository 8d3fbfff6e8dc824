//! Saves the last frame that the provider returns as a picture beside the video.
//!
//! The video is what is paid for: whatever goes wrong with the picture is reported, and the video is saved all the same.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use futures::StreamExt;
use tokio::time::timeout;

use crate::engine::blocking::blocking;
use crate::engine::context::Context;
use crate::engine::file_names;
use crate::engine::pauses::Interrupted;
use crate::files::NewFile;
use crate::media::{looks_like_picture, read_still};
use crate::model::Take;

/// The video is saved only afterwards, so the picture may not take long.
const MAX_WAIT: Duration = Duration::from_secs(30);
/// The largest picture that is saved, in bytes; a PNG of 4K has less.
const MAX_BYTES: usize = 64 << 20;
const TRIES: u32 = 2;

/// Downloads, checks and saves the picture; `None` when the take has none, or when it could not be saved, which is
/// reported.
pub async fn save(context: &Context, take: &Take, video: &Path) -> Result<Option<PathBuf>, Interrupted> {
    let Some(url) = take.last_frame_url.as_deref() else {
        return Ok(None);
    };
    let mut why = String::new();
    for _ in 0..TRIES {
        let downloading = context
            .pauses
            .unless_stopped(timeout(MAX_WAIT, download(context, url)));
        let bytes = match downloading.await? {
            Ok(Ok(bytes)) => bytes,
            Ok(Err(error)) => {
                why = error;
                continue;
            }
            Err(_) => {
                why = format!("it did not arrive within {} s", MAX_WAIT.as_secs());
                continue;
            }
        };
        let video = video.to_owned();
        match blocking(move || keep(&video, &bytes)).await {
            Ok(file) => return Ok(Some(file)),
            Err(error) => why = error,
        }
    }
    context.events.problem(format!(
        "The video of take {} is complete, but its last frame was not saved as a picture: {why}. The frame is in the \
         video too.",
        take.id
    ));
    Ok(None)
}

async fn download(context: &Context, url: &str) -> Result<Vec<u8>, String> {
    let download = context.setup.client.download(url, 0).await;
    let mut download = download.map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    while let Some(chunk) = download.chunks.next().await {
        bytes.extend_from_slice(&chunk.map_err(|error| error.to_string())?);
        if bytes.len() > MAX_BYTES {
            return Err(format!("it has more than {} MiB", MAX_BYTES >> 20));
        }
    }
    match download.total {
        Some(total) if total != bytes.len() as u64 => {
            Err(format!("{} of {total} bytes arrived", bytes.len()))
        }
        _ => Ok(bytes),
    }
}

/// Writes a picture beside the video, under a name that no other file has. Blocks.
fn keep(video: &Path, bytes: &[u8]) -> Result<PathBuf, String> {
    let ending = looks_like_picture(bytes).ok_or("what arrived is no picture")?;
    for path in (1..100).map(|n| file_names::picture(video, "last", n, ending)) {
        // As an earlier run saved it, which ended before the take was saved.
        if std::fs::read(&path).is_ok_and(|there| there == bytes) {
            return Ok(path);
        }
        if path.symlink_metadata().is_ok() {
            continue;
        }
        let mut new = NewFile::create(&path).map_err(|error| error.to_string())?;
        let written = new.out().write_all(bytes);
        written.map_err(|source| new.failed(source).to_string())?;
        read_still(new.part()).map_err(|error| error.to_string())?;
        new.finish().map_err(|error| error.to_string())?;
        return Ok(path);
    }
    Err("every name for it is in use".to_owned())
}

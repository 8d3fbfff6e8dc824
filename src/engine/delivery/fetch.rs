//! One try to download a video: a partial download is continued, checked and renamed.

use std::io;
use std::path::Path;

use futures::StreamExt;
use tokio::fs::File;
use tokio::io::{AsyncSeekExt, AsyncWriteExt};

use crate::engine::blocking::blocking;
use crate::engine::context::Context;
use crate::engine::events::Event;
use crate::engine::pauses::Interrupted;
use crate::engine::v1;
use crate::model::Take;
use crate::store::Facts;

use super::error::Undelivered;
use super::folder::names;
use super::video::{self, Acceptance, CheckedVideo, Delivered};
use super::{expected, partial};

/// Progress is reported after this many bytes.
const PROGRESS_STEP: u64 = 256 * 1024;

/// Which videos are kept although they are not what was asked for.
#[derive(Debug, Clone)]
pub struct Keep {
    pub any_length: bool,
    /// The hash of a video that cannot be read.
    pub unreadable: Option<String>,
}

/// Downloads the video of `take`, checks it and gives it its name.
pub async fn fetch(context: &Context, take: &Take, keep: Keep) -> Result<Delivered, Undelivered> {
    let names = names(context, take).await?;
    if let Some(noted) = take.sha256.clone() {
        let (names, id) = (names.clone(), take.id);
        if let Some(video) = blocking(move || video::named_before(names, id, &noted)).await {
            return Ok(video);
        }
    }
    let is_in_response = v1::is_in_response(take);
    let url = match take.output_url.as_deref() {
        None if !is_in_response => return Err(Undelivered::NoUrl),
        url => url,
    };
    let part = partial::of(&names.working);
    // The lock is held until the video has its name.
    let at = part.clone();
    let file = blocking(move || partial::lock(&at, !is_in_response)).await?;
    let mut file = file.map(File::from_std);
    let mut is_whole = false;
    if let (Some(url), Some(file)) = (url, &mut file)
        && !was_downloaded(take, &part).await
    {
        is_whole = download(context, take, url, &part, file).await?;
    }
    let accepted = Acceptance {
        // What cannot be downloaded again is kept whatever its length.
        wanted_ms: expected::length_ms(take).filter(|_| !keep.any_length && take.output_url.is_some()),
        is_whole,
        unreadable: keep.unreadable,
    };
    let at = names.working.clone();
    let checked = blocking(move || video::check(&at, &accepted)).await?;
    note(context, take, &checked).await?;
    let now = context.now();
    blocking(move || video::name(checked, names, now)).await
}

/// Whether an earlier run downloaded and checked the whole video.
async fn was_downloaded(take: &Take, part: &Path) -> bool {
    let Some(noted) = take.sha256.clone() else {
        return false;
    };
    let part = part.to_owned();
    blocking(move || video::has_hash(&part, &noted)).await
}

/// Records the video's hash before it gets its name, so that it is recognized after a crash in between.
async fn note(context: &Context, take: &Take, video: &CheckedVideo) -> Result<(), Interrupted> {
    let facts = Facts {
        bytes: Some(video.bytes),
        sha256: Some(video.sha256.clone()),
        ..Facts::default()
    };
    context.learn(take.id, facts).await?;
    // In case the store is lost.
    context.write_sidecar(take.id).await;
    Ok(())
}

/// Writes the bytes into `part`, continuing where an earlier try ended if the server can. Returns whether the server
/// announced the length and all of it came.
async fn download(
    context: &Context,
    take: &Take,
    url: &str,
    part: &Path,
    file: &mut File,
) -> Result<bool, Undelivered> {
    let cannot_write = Undelivered::io("cannot write", part);
    let have = file.metadata().await.map_or(0, |meta| meta.len());
    let response = context.setup.client.download(url, have).await;
    let mut response = match response.map_err(Undelivered::from) {
        Err(error) if error.is_past_its_end() => {
            // It cannot be continued.
            file.set_len(0).await.map_err(&cannot_write)?;
            return Err(error);
        }
        response => response?,
    };
    let mut written = if response.resumed { have } else { 0 };
    file.set_len(written).await.map_err(&cannot_write)?;
    let sought = file.seek(io::SeekFrom::Start(written)).await;
    sought.map_err(&cannot_write)?;
    let mut told = 0;
    while let Some(chunk) = context.pauses.unless_stopped(response.chunks.next()).await? {
        let chunk = chunk?;
        file.write_all(&chunk).await.map_err(&cannot_write)?;
        written += chunk.len() as u64;
        if written - told > PROGRESS_STEP {
            told = written;
            context.events.tell(Event::Progress {
                take: take.id,
                bytes: written,
                total: response.total,
            });
        }
    }
    // Only a flush reports an earlier write that failed; a sync does not.
    file.flush().await.map_err(&cannot_write)?;
    let synced = file.sync_all().await;
    synced.map_err(Undelivered::io("cannot keep", part))?;
    match response.total {
        Some(total) if total != written => Err(Undelivered::NotTheVideo(format!(
            "{written} of {total} bytes arrived"
        ))),
        total => Ok(total.is_some()),
    }
}

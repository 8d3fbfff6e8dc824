//! Serves videos and uploads under public URLs, without a key. (Segmind, output files: kept seven days.)

use std::io::SeekFrom;
use std::path::Path as FilePath;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;

use super::upload;
use crate::sandbox::app::App;
use crate::sandbox::faults::{Expiry, Intent};
use crate::sandbox::ledger::Lookup;
use crate::sandbox::ranges::{self, Part};
use crate::sandbox::refusals::{Refusal, html};

/// `GET /files/{id}.mp4` and `/files/{id}-last.png`
pub(in crate::sandbox) async fn video(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    method: Method,
    headers: HeaderMap,
    intent: Option<Extension<Intent>>,
) -> Result<Response, Refusal> {
    let is_gone = intent.is_some_and(|Extension(intent)| intent.expire == Some(Expiry::File));
    let (video_of, still_of) = (name.strip_suffix(".mp4"), name.strip_suffix("-last.png"));
    let is_video = video_of.is_some();
    let Some(id) = video_of.or(still_of).map(str::to_owned).filter(|_| !is_gone) else {
        return Ok(html(StatusCode::NOT_FOUND));
    };
    let look = if is_video && method != Method::HEAD {
        Lookup::Download
    } else {
        Lookup::About
    };
    let Some(job) = app
        .ledger(move |ledger, now| ledger.look_up(now, &id, look))
        .await?
    else {
        return Ok(html(StatusCode::NOT_FOUND));
    };
    if is_video {
        let video = app.video(&job).await?;
        return send(&video.path, "video/mp4", &video.sha256, &headers).await;
    }
    let still = if job.wants_last_frame() {
        app.videos.still(&job).await?
    } else {
        None
    };
    match still {
        Some(path) => send(&path, "image/png", &name, &headers).await,
        None => Ok(html(StatusCode::NOT_FOUND)),
    }
}

/// `GET /assets/{name}`
pub(in crate::sandbox) async fn asset(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let is_plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.') && !name.starts_with('.');
    let path = app.assets.join(&name);
    if !is_plain || !tokio::fs::try_exists(&path).await.unwrap_or(false) {
        return Ok(html(StatusCode::NOT_FOUND));
    }
    send(&path, upload::mime_of(&name), &name, &headers).await
}

/// Sends the file, or the requested part of it. `content` identifies what is in it.
async fn send(
    path: &FilePath,
    mime: &'static str,
    content: &str,
    headers: &HeaderMap,
) -> Result<Response, Refusal> {
    let tag = &format!("\"{content}\"");
    let mut file = tokio::fs::File::open(path).await.map_err(Refusal::internal)?;
    let size = file.metadata().await.map_err(Refusal::internal)?.len();
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &header::HeaderValue| value.to_str().ok())
    };
    let is_same = text(header::IF_RANGE).is_none_or(|known| known == tag.as_str());
    let common = [
        (header::CONTENT_TYPE, mime.to_owned()),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        (header::ETAG, tag.clone()),
    ];
    let (status, range, from, count) = match ranges::part(text(header::RANGE).filter(|_| is_same), size) {
        Part::Whole => (StatusCode::OK, None, 0, size),
        Part::Bytes { from, count } => {
            let range = format!("bytes {from}-{}/{size}", from + count - 1);
            (StatusCode::PARTIAL_CONTENT, Some(range), from, count)
        }
        Part::OutOfRange => {
            let range = [(header::CONTENT_RANGE, format!("bytes */{size}"))];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, range).into_response());
        }
    };
    file.seek(SeekFrom::Start(from))
        .await
        .map_err(Refusal::internal)?;
    let body = Body::from_stream(ReaderStream::with_capacity(file.take(count), 64 * 1024));
    let length = [(header::CONTENT_LENGTH, count)];
    let range = range.map(|range| [(header::CONTENT_RANGE, range)]);
    Ok((status, common, length.map(as_text), range, body).into_response())
}

fn as_text((name, value): (header::HeaderName, u64)) -> (header::HeaderName, String) {
    (name, value.to_string())
}

//! `POST /upload-asset`: data URLs in, public URLs out. (Segmind, SDK 1.3.0, `files`.)

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::json_body;
use crate::model::text::hex;
use crate::sandbox::app::App;
use crate::sandbox::data_url::DataUrl;
use crate::sandbox::intake;
use crate::sandbox::refusals::Refusal;

/// The most bytes of an upload request.
const MAX_BODY_BYTES: usize = 64 * 1024 * 1024;

/// File endings and the media types they stand for; the first of a type names its files.
const KINDS: [(&str, &str); 14] = [
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("webp", "image/webp"),
    ("gif", "image/gif"),
    ("bmp", "image/bmp"),
    ("tif", "image/tiff"),
    ("mp4", "video/mp4"),
    ("mov", "video/quicktime"),
    ("webm", "video/webm"),
    ("mp3", "audio/mpeg"),
    ("wav", "audio/wav"),
    ("wav", "audio/x-wav"),
    ("m4a", "audio/mp4"),
    ("bin", "application/octet-stream"),
];

pub(in crate::sandbox) async fn upload(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, Refusal> {
    let bytes = json_body(&headers, body, MAX_BODY_BYTES).await?;
    let body = intake::json(&bytes)?;
    let given = body["data_urls"].as_array().filter(|urls| !urls.is_empty());
    let files: Vec<DataUrl> = given
        .ok_or_else(|| Refusal::bad_request("data_urls must be a list of data URLs"))?
        .iter()
        .map(|url| {
            url.as_str()
                .and_then(DataUrl::read)
                .ok_or_else(|| Refusal::bad_request(WRONG))
        })
        .collect::<Result<_, _>>()?;
    let mut urls = Vec::with_capacity(files.len());
    for file in files {
        urls.push(store(&app, file).await?);
    }
    Ok(Json(
        json!({ "file_urls": urls, "message": "Files uploaded successfully" }),
    ))
}

const WRONG: &str = "data_urls must hold data URLs such as data:image/png;base64,…";

/// The media type that a file's ending stands for.
pub(super) fn mime_of(name: &str) -> &'static str {
    let ending = name.rsplit('.').next().unwrap_or_default();
    KINDS
        .iter()
        .find(|(known, _)| *known == ending)
        .map_or("application/octet-stream", |(_, mime)| mime)
}

/// Stores one file under a fresh name: uploading the same bytes twice makes two files, as with the provider.
async fn store(app: &App, asset: DataUrl) -> Result<String, Refusal> {
    let kind = KINDS.iter().find(|(_, mime)| *mime == asset.mime);
    let name = format!(
        "{}.{}",
        intake::fresh_id(),
        kind.map_or("bin", |(ending, _)| ending)
    );
    let path = app.assets.join(&name);
    let url = format!("{}/assets/{name}", app.origin);
    let write = tokio::fs::write(&path, &asset.bytes).await;
    write.map_err(Refusal::internal)?;
    app.ledger(move |ledger, now| {
        let sha256 = hex(&Sha256::digest(&asset.bytes));
        ledger.enter_upload(now, &name, &asset.mime, asset.bytes.len() as u64, &sha256)
    })
    .await?;
    Ok(url)
}

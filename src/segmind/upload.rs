//! Uploads local files. (Segmind, Python SDK, `files`.)
//!
//! Uploads are kept for good, cannot be listed or deleted, and the same file sent twice is stored twice: remember what
//! was uploaded.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::Value;

use super::call::{Call, Purpose};
use super::client::Client;
use super::error::{ApiError, ApiResponse, Stage};
use super::read;
use super::wire::Wire;

/// A file to be uploaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// `image/png`, for example.
    pub mime: String,
    pub bytes: Bytes,
}

impl Client {
    /// The URLs of `files`, in their order; fails unless the response names one for each.
    pub async fn upload(&self, files: &[Upload]) -> Result<ApiResponse<Vec<String>>, ApiError> {
        let (url, json) = (self.routes().upload(), body(files));
        let call = Call::post(Stage::Upload, Purpose::Upload, Wire::Patient, url, json);
        let reply = self.call(call).await?;
        let urls = reply.good_json().as_ref().and_then(urls);
        match urls.filter(|urls| urls.len() == files.len()) {
            Some(urls) => Ok(reply.done(urls)),
            None => Err(reply.failed("one URL for each file")),
        }
    }
}

/// The request body, written straight into one buffer: files are large.
fn body(files: &[Upload]) -> Bytes {
    let length = |file: &Upload| file.bytes.len() / 3 * 4 + file.mime.len() + 32;
    let encoded: usize = files.iter().map(length).sum();
    let mut json = String::with_capacity(encoded + 32);
    json.push_str("{\"data_urls\":[");
    for (i, file) in files.iter().enumerate() {
        let mime = file
            .mime
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '+' | '.'));
        json.push_str(if i == 0 { "\"data:" } else { ",\"data:" });
        json.extend(mime);
        json.push_str(";base64,");
        STANDARD.encode_string(&file.bytes, &mut json);
        json.push('"');
    }
    json.push_str("]}");
    Bytes::from(json)
}

fn urls(json: &Value) -> Option<Vec<String>> {
    let list = read::first(json, &["/file_urls", "/urls"], |value| value.as_array().cloned())?;
    let one = |value: &Value| read::url(value).or_else(|| read::first(value, &["/url"], read::url));
    list.iter().map(one).collect()
}

//! The routes: one file for each group of paths.

pub(super) mod account;
pub(super) mod audit;
pub(super) mod blocking;
pub(super) mod catalogue;
pub(super) mod files;
pub(super) mod history;
pub(super) mod poll;
pub(super) mod submit;
pub(super) mod upload;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, StatusCode, header};

use super::refusals::Refusal;

/// Reads a JSON body of at most `most` bytes.
async fn json_body(headers: &HeaderMap, body: Body, most: usize) -> Result<Bytes, Refusal> {
    let is_json = headers
        .get(header::CONTENT_TYPE)
        .and_then(|given| given.to_str().ok())
        .and_then(|given| given.split(';').next())
        .is_some_and(|given| given.trim().eq_ignore_ascii_case("application/json"));
    if !is_json {
        return Err(Refusal::not_acceptable(
            "Invalid content type: use application/json",
        ));
    }
    axum::body::to_bytes(body, most).await.map_err(|_| {
        let limit = most / (1024 * 1024);
        Refusal::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("Request body is cut short, or larger than {limit} MiB"),
        )
    })
}

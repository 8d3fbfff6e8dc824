//! The API's error responses (Segmind, error codes; texts as seen in recorded runs).

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::ledger::LedgerError;

/// The page of a 405 and of a missing file.
pub(super) fn html(status: StatusCode) -> Response {
    let reason = status.canonical_reason().unwrap_or("Error");
    let page = format!(
        "<!doctype html>\n<html lang=en>\n<title>{code} {reason}</title>\n<h1>{reason}</h1>\n",
        code = status.as_u16()
    );
    (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
}

/// An error response.
#[derive(Debug)]
pub(super) struct Refusal {
    pub status: StatusCode,
    pub body: Value,
}

impl Refusal {
    /// `{"error": "<text>"}`.
    pub fn new(status: StatusCode, text: impl Into<String>) -> Self {
        let text: String = text.into();
        Self {
            status,
            body: json!({ "error": text }),
        }
    }

    pub fn bad_request(text: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, text)
    }

    pub fn not_acceptable(text: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_ACCEPTABLE, text)
    }

    /// An id that is unknown, or whose record expired.
    pub fn no_record(request_id: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("Request {request_id} not found"))
    }

    pub fn internal(text: impl std::fmt::Display) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            format!("Internal server error: {text}"),
        )
    }

    /// The response that the docs give for a code, for faults that name only the code.
    pub fn documented(status: StatusCode) -> Self {
        let text = match status.as_u16() {
            400 => "Missing or invalid parameter",
            401 => KEY_REJECTED,
            402 => "Insufficient credits",
            403 => "Your account is not allowed to use this model",
            404 => "Model not found",
            406 => "Team spend cap reached. Raise the limit or wait until it resets.",
            410 => "This model has been retired",
            422 => "The request could not be processed",
            429 => "Rate limit exceeded. Please try again later.",
            _ => "Internal server error",
        };
        Self::new(status, text)
    }
}

/// No key was sent.
pub(super) const KEY_MISSING: &str = "Missing Authorization or x-api-key in header";
/// The key is not accepted.
pub(super) const KEY_REJECTED: &str =
    "Unauthorized. API key is invalid or may have expired. Please check your API key and try again.";

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, axum::Json(self.body)).into_response()
    }
}

impl From<LedgerError> for Refusal {
    fn from(error: LedgerError) -> Self {
        Self::internal(error)
    }
}

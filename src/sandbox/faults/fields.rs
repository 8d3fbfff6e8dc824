//! Rewrites single fields of a JSON response, so that one number in it is wrong while all the rest is real.

use axum::body::{Body, to_bytes};
use axum::http::header;
use axum::response::Response;
use serde_json::Value;

/// The largest response whose fields are rewritten.
const MAX_BYTES: usize = 4 * 1024 * 1024;
/// Numbers that JSON cannot write.
const BARE: [&str; 3] = ["NaN", "Infinity", "-Infinity"];

/// What a field is set to.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::sandbox) enum Field {
    Json(Value),
    /// Written as it stands, without quotes: `NaN` or `Infinity`, which are not JSON.
    Bare(&'static str),
}

impl Field {
    /// The field that a value of a faults file stands for; `None` for a date, a list or a table.
    pub fn of(value: &toml::Value) -> Option<Self> {
        Some(match value {
            toml::Value::String(text) => Self::Json(Value::from(text.clone())),
            toml::Value::Integer(number) => Self::Json(Value::from(*number)),
            toml::Value::Boolean(yes) => Self::Json(Value::from(*yes)),
            toml::Value::Float(number) if number.is_nan() => Self::Bare("NaN"),
            toml::Value::Float(number) if number.is_infinite() && *number > 0.0 => Self::Bare("Infinity"),
            toml::Value::Float(number) if number.is_infinite() => Self::Bare("-Infinity"),
            toml::Value::Float(number) => Self::Json(Value::from(*number)),
            _ => return None,
        })
    }
}

/// Stands for a bare word until the response is text.
fn placeholder(word: &str) -> Value {
    Value::from(format!("\u{1}{word}\u{1}"))
}

/// Sets fields that the response has, and adds none. A response that is not JSON stays unchanged.
pub(super) async fn set(response: Response, fields: &[(String, Field)]) -> Response {
    let kind = response.headers().get(header::CONTENT_TYPE);
    if !kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/json")) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, MAX_BYTES).await else {
        return Response::from_parts(parts, Body::empty());
    };
    let Ok(mut json) = serde_json::from_slice::<Value>(&bytes) else {
        return Response::from_parts(parts, Body::from(bytes));
    };
    for (path, field) in fields {
        if let Some(place) = json.pointer_mut(&format!("/{}", path.replace('.', "/"))) {
            *place = match field {
                Field::Json(value) => value.clone(),
                Field::Bare(word) => placeholder(word),
            };
        }
    }
    let mut body = json.to_string();
    for word in BARE {
        body = body.replace(&placeholder(word).to_string(), word);
    }
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(body))
}

//! Checks the key of a request: `x-api-key` of Segmind's form. `Authorization: Bearer` gets 401, as on the gateway.

use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::refusals::{KEY_MISSING, KEY_REJECTED, Refusal};

/// Lets a request with a key pass. The gateway and the hosts behind the website word a 401 differently.
pub(super) async fn require_key(request: Request, next: Next) -> Response {
    match complaint(request.headers()) {
        None => next.run(request).await,
        Some(text) => {
            let path = request.uri().path();
            let on_gateway = path.starts_with("/v1/") || path.starts_with("/v2/");
            refusal(text, on_gateway).into_response()
        }
    }
}

fn refusal(text: &str, on_gateway: bool) -> Refusal {
    let status = StatusCode::UNAUTHORIZED;
    if on_gateway {
        return Refusal::new(status, text);
    }
    let body = json!({"error": "invalid_token", "error_description": text, "status_code": 401});
    Refusal { status, body }
}

fn complaint(headers: &HeaderMap) -> Option<&'static str> {
    match headers
        .get("x-api-key")
        .map(|key| key.to_str().unwrap_or_default())
    {
        Some(key) if has_key_form(key) => None,
        Some(key) if !key.is_empty() => Some(KEY_REJECTED),
        _ if headers.contains_key("authorization") => Some(KEY_REJECTED),
        _ => Some(KEY_MISSING),
    }
}

fn has_key_form(key: &str) -> bool {
    key.strip_prefix("SG_")
        .is_some_and(|digits| digits.len() == 16 && digits.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_keys_of_segminds_form_open() {
        assert!(has_key_form(super::super::KEY));
        for key in [
            "",
            "SG_",
            "SG_123",
            "sg_005a4db0c5005a4d",
            "SG_005a4db0c5005a4d0",
            "SG_005a4db0c5005a4x",
        ] {
            assert!(!has_key_form(key), "{key}");
        }
    }
}

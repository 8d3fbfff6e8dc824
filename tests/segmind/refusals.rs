//! A row for every row of the API's error table, sent in response to each kind of call.

use rushes::model::FailureKind as K;
use rushes::segmind::{ApiError, Class, Client, Upload};
use serde_json::json;

use crate::test_server::{Server, html, http, json as response};

/// Any day of the history.
const DAY: jiff::civil::Date = jiff::civil::date(2026, 8, 1);

/// A response, then class and kind for the POST that buys, and words that the message must have.
struct Row(&'static str, Vec<u8>, Class, K, &'static str);

#[rustfmt::skip]
#[allow(clippy::too_many_lines)]
fn rows() -> Vec<Row> {
    use Class::{Ambiguous, FatalForQueue, FatalForTake, Repeatable};
    let error = |status, text: &str| response(status, &json!({"error": text}).to_string());
    vec![
        Row("bad parameter", error(400, "duration must be one of 4, 5"), FatalForTake, K::BadParameter, "duration must be"),
        Row("missing parameter", error(400, "prompt is required"), FatalForTake, K::BadParameter, "prompt is required"),
        Row("no reason", http("400 Bad Request", ""), FatalForTake, K::BadParameter, "answered 400 Bad Request"),
        Row("input text", error(400, "InputTextSensitiveContentDetected: The request failed"), FatalForTake, K::InputText, "InputTextSensitive"),
        Row("input image", error(400, "InputImageSensitiveContentDetected.PrivacyInformation"), FatalForTake, K::InputImage, "PrivacyInformation"),
        Row("no key", error(401, "Missing Authorization or x-api-key in header"), FatalForQueue, K::KeyMissing, "Missing Authorization"),
        Row("bad key", error( 401, "Unauthorized. API key is invalid or may have expired. Please check"), FatalForQueue, K::KeyRejected, "invalid or may have expired"),
        Row("auth surface", response( 401, r#"{"error":"invalid_token","error_description":"token is bad","status_code":401}"#), FatalForQueue, K::KeyRejected, "invalid_token: token is bad"),
        Row("forbidden", error(403, "Your team may not use this model"), FatalForTake, K::Forbidden, "team may not"),
        Row("unknown model", error(404, "Model not found"), FatalForTake, K::ModelUnknown, "Model not found"),
        Row("wrong method", html(405, "405 Not Allowed"), FatalForTake, K::Unclear, "405 Not Allowed"),
        Row("credits", error(406, "Insufficient credits. Balance 0.10, need 1.51"), FatalForQueue, K::Credits, "Balance 0.10, need 1.51"),
        Row("content type", error(406, "Invalid content type"), FatalForTake, K::BadParameter, "Invalid content type"),
        Row("enum", error(406, "'999p' is not one of ['480p', '720p']"), FatalForTake, K::BadParameter, "not one of"),
        Row("spend cap", error(406, "Team spend cap reached"), FatalForQueue, K::SpendCap, "spend cap"),
        Row("spending limit", error(406, "The team has used up its monthly budget"), FatalForQueue, K::SpendCap, "monthly budget"),
        Row("bare 406", http("406 Not Acceptable", ""), FatalForTake, K::Unclear, "answered 406"),
        Row("payment", error(402, "Payment required"), FatalForQueue, K::Credits, "Payment required"),
        Row("retired", error(410, "Model has been retired"), FatalForTake, K::ModelRetired, "retired"),
        Row("too large", error(413, "Payload too large"), FatalForTake, K::BadParameter, "too large"),
        Row("output video", error( 422, "OutputVideoSensitiveContentDetected: the output video may contain sensitive information"), FatalForTake, K::OutputVideo, "OutputVideo"),
        Row("output audio", error(422, "OutputAudioSensitiveContentDetected"), FatalForTake, K::OutputAudio, "OutputAudio"),
        Row("copyright", error(422, "OutputVideoSensitiveContentDetected.PolicyViolation"), FatalForTake, K::Copyright, "PolicyViolation"),
        Row("real person", error(422, "The image may contain a real person"), FatalForTake, K::InputImage, "real person"),
        Row("exclusion", error(422, "first frame cannot be used together with reference images"), FatalForTake, K::BadParameter, "first frame"),
        Row("stale", error(422, "stale request"), FatalForTake, K::Stale, "stale"),
        Row("inner timeout", error(422, "polling timed out"), FatalForTake, K::ProviderFault, "timed out"),
        Row("no words", error(422, ""), FatalForTake, K::Unclear, "answered 422"),
        Row("rate", error(429, "Too many requests"), Repeatable, K::Rate, "Too many requests"),
        Row("rate by gateway", html(429, "429 Too Many Requests"), Repeatable, K::Rate, "429 Too Many Requests"),
        Row("internal", error(500, "Internal server error"), Ambiguous, K::ProviderFault, "Internal server error"),
        Row("really a bad value", error(500, "invalid duration"), Ambiguous, K::BadParameter, "invalid duration"),
        Row("bad gateway", html(502, "502 Bad Gateway"), Ambiguous, K::ProviderFault, "502 Bad Gateway"),
        Row("unavailable", http("503 Service Unavailable", "busy"), Ambiguous, K::ProviderFault, "busy"),
        Row("gateway timeout", html(504, "504 Gateway Time-out"), Ambiguous, K::ProviderFault, "504 Gateway Time-out"),
        Row("request timeout", http("408 Request Timeout", ""), Ambiguous, K::Unclear, "408"),
        Row("redirect", http("302 Found\r\nlocation: https://portal.example/", ""), FatalForTake, K::Unclear, "portal.example"),
        Row("redirect for good", http("308 Permanent Redirect\r\nlocation: /v3", ""), FatalForTake, K::Unclear, "/v3"),
        Row("empty 200", http("200 OK", ""), Ambiguous, K::ProviderFault, "empty body"),
        Row("blank 200", http("200 OK", " \n"), Ambiguous, K::ProviderFault, "empty body"),
        Row("no content", http("204 No Content", ""), Ambiguous, K::ProviderFault, "empty body"),
        Row("page 200", html(200, "Welcome"), Ambiguous, K::ProviderFault, "HTML page (Welcome)"),
        Row("garbage 200", http("200 OK", [0xff, 0xfe, 0x00, 0x1b]), Ambiguous, K::ProviderFault, "without"),
        Row("half JSON 200", http("200 OK", r#"{"request_id": "ab"#), Ambiguous, K::ProviderFault, "without"),
        Row("error 200", response(200, r#"{"error":"Insufficient credits"}"#), Ambiguous, K::Credits, "Insufficient credits"),
    ]
}

fn check(row: &Row, error: &ApiError, class: Class, call: &str) {
    let name = row.0;
    assert_eq!(error.class, class, "{call}, {name}: {error}");
    assert!(error.message.contains(row.4), "{call}, {name}: {error}");
    assert!(error.message.starts_with("127.0.0.1:"), "{call}, {name}: {error}");
    assert!(!error.message.chars().any(char::is_control), "{call}, {name}");
    let code: u16 = String::from_utf8_lossy(&row.1[9..12]).parse().unwrap();
    assert_eq!(error.status, Some(code), "{call}, {name}");
    let exchange = error.exchange.as_ref().unwrap();
    assert_eq!(exchange.status, Some(code), "{call}, {name}");
    assert!(exchange.response.is_some(), "{call}, {name}");
}

#[tokio::test]
async fn each_row_in_response_to_the_submit() {
    for row in rows() {
        let server = Server::saying(row.1.clone()).await;
        let body = json!({"prompt": "a kitchen"});
        let error = server
            .client()
            .submit("seedance-2.0-fast".parse().unwrap(), &body)
            .await
            .unwrap_err();
        check(&row, &error, row.2, "submit");
        assert_eq!(error.kind, row.3, "{}: {error}", row.0);

        let mut video = Vec::new();
        let error = server
            .client()
            .generate_v1("seedance-2.0-fast".parse().unwrap(), &body, &mut video)
            .await
            .unwrap_err();
        check(&row, &error, row.2, "v1");
        assert_eq!(error.kind, row.3, "{}: {error}", row.0);
        assert!(video.is_empty(), "{}", row.0);
        assert_eq!(server.seen().len(), 2, "{}: each POST goes out once", row.0);
    }
}

#[tokio::test]
async fn each_row_in_response_to_a_query_leaves_the_take_alone() {
    for row in rows() {
        let class = match row.1[9..12] {
            [b'4', b'0', b'1'] => Class::FatalForQueue,
            [b'4', b'0', b'2'] => Class::FatalForQueue,
            [b'4', b'0', b'6'] => row.2,
            [b'4', b'0', b'0' | b'5'] | [b'4', b'1', b'0' | b'3'] | [b'4', b'2', b'2'] => Class::FatalForTake,
            _ => Class::Repeatable,
        };
        let server = Server::saying(row.1.clone()).await;
        let client = server.client();
        for (call, error) in questions(&client).await {
            check(&row, &error, class, call);
        }
        assert_eq!(server.seen().len(), 5, "{}", row.0);
    }
}

async fn questions(client: &Client) -> [(&'static str, ApiError); 5] {
    [
        ("status", client.status("0123").await.unwrap_err()),
        ("result", client.result("0123").await.unwrap_err()),
        ("credits", client.credits().await.unwrap_err()),
        ("history", client.history(1, DAY, DAY).await.unwrap_err()),
        ("upload", upload_as_question(client).await),
    ]
}

/// An upload differs from a question only where the code says that the request itself is wrong.
async fn upload_as_question(client: &Client) -> ApiError {
    let file = Upload {
        mime: "image/png".into(),
        bytes: "png".into(),
    };
    let mut error = client.upload(&[file]).await.unwrap_err();
    if matches!(error.status, Some(403 | 404)) && error.class == Class::FatalForTake {
        error.class = Class::Repeatable;
    }
    error
}

#[tokio::test]
async fn an_unknown_or_expired_job_is_stale_not_failed() {
    let server = Server::saying(response(404, r#"{"error":"Request 0123 not found"}"#)).await;
    let error = server.client().status("0123").await.unwrap_err();
    assert_eq!((error.class, error.kind), (Class::Repeatable, K::Stale));
}

#[tokio::test]
async fn a_rate_limit_says_how_long_to_wait() {
    for (head, seconds) in [
        ("429 Too Many\r\nretry-after: 12", Some(12)),
        ("429 Too Many\r\nx-rate-limit-reset-at-utc: 9", Some(9)),
        (
            "429 Too Many\r\ndate: Sun, 22 Nov 2026 10:00:00 GMT\r\nretry-after: Sun, 22 Nov 2026 10:00:30 GMT",
            Some(30),
        ),
        (
            "429 Too Many\r\ndate: Sun, 22 Nov 2026 10:00:00 GMT\r\nx-rate-limit-reset-at-utc: 2026-11-22T10:01:00Z",
            Some(60),
        ),
        ("429 Too Many", None),
        ("429 Too Many\r\nretry-after: 0", None),
        ("429 Too Many\r\nretry-after: 999999999999", None),
        (
            "429 Too Many\r\nretry-after: 0\r\nx-rate-limit-reset-at-utc: 9",
            Some(9),
        ),
        (
            "429 Too Many\r\nx-rate-limit-reset-at-utc: 2020-01-01T00:00:00Z",
            None,
        ),
    ] {
        let server = Server::saying(http(head, r#"{"error":"slow down"}"#)).await;
        let error = server
            .client()
            .submit("seedance-2.0-mini".parse().unwrap(), &json!({}))
            .await
            .unwrap_err();
        assert_eq!(error.retry_after.map(|wait| wait.as_secs()), seconds, "{head}");
        assert_eq!((error.class, error.kind), (Class::Repeatable, K::Rate));
    }
}

#[tokio::test]
async fn an_ambiguous_response_keeps_the_id_of_its_headers() {
    let server = Server::saying(http("200 OK\r\nx-request-id: 5ca1ab1e", "")).await;
    let error = server
        .client()
        .submit("seedance-2.0-mini".parse().unwrap(), &json!({}))
        .await
        .unwrap_err();
    assert_eq!(error.request_id.as_deref(), Some("5ca1ab1e"));
}

//! The key: to the three origins as a header, and nowhere else.

use rushes::model::ApiKey;
use rushes::segmind::{Class, Client, Endpoints, Timeouts, Upload};
use serde_json::json;

use crate::test_server::{KEY, Server, client, client_with, http, json as response};

/// Any day of the history.
const DAY: jiff::civil::Date = jiff::civil::date(2026, 8, 1);

async fn every_call(client: &Client) -> Vec<String> {
    let file = Upload {
        mime: "image/png".into(),
        bytes: "png".into(),
    };
    let mut video = Vec::new();
    vec![
        format!(
            "{:?}",
            client
                .submit("seedance-2.0-fast".parse().unwrap(), &json!({}))
                .await
        ),
        format!(
            "{:?}",
            client
                .generate_v1("seedance-2.0-fast".parse().unwrap(), &json!({}), &mut video)
                .await
        ),
        format!("{:?}", client.status("0123").await),
        format!("{:?}", client.result("0123").await),
        format!("{:?}", client.credits().await),
        format!("{:?}", client.history(1, DAY, DAY).await),
        format!("{:?}", client.history_one("0123").await),
        format!("{:?}", client.upload(&[file]).await),
    ]
}

#[tokio::test]
async fn every_keyed_call_carries_the_key_once_and_never_in_its_url() {
    let server = Server::saying(response(200, "{}")).await;
    every_call(&server.client()).await;
    let seen = server.seen();
    assert_eq!(seen.len(), 8);
    for request in seen {
        let head = request.split("\r\n\r\n").next().unwrap();
        assert!(head.contains(&format!("\r\nx-api-key: {KEY}")), "{head}");
        assert!(head.contains("\r\nuser-agent: rushes/"), "{head}");
        assert_eq!(request.matches(KEY).count(), 1, "{request}");
        assert!(!head.to_ascii_lowercase().contains("authorization:"));
    }
}

#[tokio::test]
async fn the_catalogue_of_models_is_asked_for_without_the_key() {
    let server = Server::saying(response(200, r#"[{"slug": "seedance-2.0"}]"#)).await;
    let models = server.client().models().await.unwrap();
    assert_eq!(models.value[0]["slug"], "seedance-2.0");
    let seen = server.seen();
    assert_eq!(seen.len(), 1);
    assert!(seen[0].starts_with("GET /inference-model-information/list HTTP/1.1\r\n"));
    let head = seen[0].to_ascii_lowercase();
    assert!(
        !head.contains("x-api-key") && !head.contains("authorization"),
        "{head}"
    );
    assert!(!seen[0].contains(KEY));
    for nonsense in ["", "<html>", "[1, 2", "nothing"] {
        let server = Server::saying(response(200, nonsense)).await;
        let error = server.client().models().await.unwrap_err();
        assert_eq!(error.class, Class::Repeatable, "{nonsense}");
    }
}

#[tokio::test]
async fn each_service_is_asked_at_its_own_origin() {
    let good = || Server::saying(response(200, "{}"));
    let (gateway, uploads, history) = (good().await, good().await, good().await);
    let endpoints = Endpoints {
        gateway: gateway.origin.clone(),
        uploads: format!("{}/", uploads.origin),
        history: history.origin.clone(),
        stand_in: false,
    };
    let client = client_with(endpoints, std::time::Duration::from_secs(20));
    every_call(&client).await;
    assert_eq!(
        (gateway.seen().len(), uploads.seen().len(), history.seen().len()),
        (5, 1, 2)
    );
}

#[tokio::test]
async fn no_redirect_is_followed_with_the_key() {
    for code in [301, 302, 303, 307, 308] {
        let other = Server::saying(response(200, r#"{"request_id":"stolen","status":"QUEUED"}"#)).await;
        let head = format!("{code} Moved\r\nlocation: {}/elsewhere", other.origin);
        let server = Server::saying(http(&head, "")).await;
        for result in every_call(&server.client()).await {
            assert!(result.starts_with("Err("), "{code}: {result}");
        }
        assert_eq!(server.seen().len(), 8, "{code}");
        assert_eq!(other.seen().len(), 0, "{code}: the other host was asked");
    }
}

#[tokio::test]
async fn a_response_that_repeats_the_key_does_not_spread_it() {
    let echo =
        json!({"error": format!("API key {KEY} is invalid"), "status": "FAILED", "data": [], "credits": 1});
    for code in [200, 400, 401, 422, 500] {
        let head = format!("{code} Word\r\nx-request-id: r\r\nlocation: /{KEY}");
        let server = Server::saying(http(&head, echo.to_string())).await;
        for result in every_call(&server.client()).await {
            assert!(!result.contains(KEY), "{code}: {result}");
        }
    }
    let redirect = Server::saying(http(&format!("302 Found\r\nlocation: /?k={KEY}"), "")).await;
    let error = redirect.client().credits().await.unwrap_err();
    assert!(
        error.to_string().contains("[key]") && !format!("{error:?}").contains(KEY),
        "{error:?}"
    );
}

/// Escapes are undone where a response is decoded, and must not bring the key back.
#[tokio::test]
async fn a_response_that_repeats_the_key_in_escapes_does_not_spread_it() {
    let escaped: String = KEY.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect();
    let nested = json!({"key": KEY})
        .to_string()
        .replace(KEY, &escaped)
        .replace('"', "\\\"");
    let row = format!(
        r#"{{"request_id":"{escaped}","error":"{escaped}","request_body":"{}"}}"#,
        nested.replace("\\u", "\\\\u")
    );
    let body = format!(
        r#"{{"error":"bad key {escaped}","status":"FAILED","request_id":"{escaped}","data":[{row}],"credits":1}}"#
    );
    serde_json::from_str::<serde_json::Value>(&body).unwrap();
    for code in [200, 400, 401, 422, 500] {
        let server = Server::saying(http(&format!("{code} Word"), body.clone())).await;
        for result in every_call(&server.client()).await {
            assert!(
                !result.contains(KEY) && !result.contains("u0053"),
                "{code}: {result}"
            );
        }
    }
}

#[tokio::test]
async fn a_host_name_of_this_machine_is_resolved_and_asked() {
    let server = Server::saying(response(200, r#"{"credits":1}"#)).await;
    let named = server.origin.replace("127.0.0.1", "localhost");
    client(&named).credits().await.unwrap();
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn the_client_itself_does_not_print_it() {
    let client = client("http://127.0.0.1:9");
    let printed = format!(
        "{client:?} {client:#?} {:?}",
        client
            .submit("seedance-2.0-fast".parse().unwrap(), &json!({}))
            .await
    );
    assert!(!printed.contains(KEY) && !printed.contains("6aa"), "{printed}");
    assert!(printed.contains("ApiKey(redacted)"));
}

#[test]
fn an_origin_that_would_give_the_key_away_is_refused() {
    for (origin, words) in [
        ("http://api.segmind.com", "not encrypted"),
        ("http://127.0.0.1.evil.example", "not encrypted"),
        (
            "https://127.0.0.1@evil.example",
            "may only have a scheme, a host and a port",
        ),
        ("https://api.segmind.com/v2", "write https://api.segmind.com"),
        ("segmind", "is not a URL"),
        ("", "is not a URL"),
    ] {
        let key = ApiKey::new(KEY).unwrap();
        let error = Client::new(Endpoints::at_one(origin), key, Timeouts::default()).unwrap_err();
        assert_eq!(error.class, Class::FatalForQueue, "{origin}");
        assert!(
            error.message.contains(words) && error.message.contains("gateway"),
            "{origin}: {error}"
        );
    }
    let key = ApiKey::new(KEY).unwrap();
    assert!(Client::new(Endpoints::live(), key, Timeouts::default()).is_ok());
}

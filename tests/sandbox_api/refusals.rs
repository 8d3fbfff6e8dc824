//! Each documented code that needs no scripted fault.

use rushes::model::Usd;
use rushes::sandbox::KEY;
use serde_json::{Value, json};

use super::support::{Bench, form, json_response};

#[tokio::test]
async fn a_missing_key_and_a_bad_key_are_told_apart() {
    let bench = Bench::new().await;
    let with = |header: &'static str, value: &'static str| {
        bench
            .client
            .post(bench.url("/v2/seedance-2.0"))
            .header(header, value)
            .json(&form())
    };
    let (status, missing) = json_response(with("x-other", "1")).await;
    assert_eq!(
        (status, missing),
        (
            401,
            json!({"error": "Missing Authorization or x-api-key in header"})
        )
    );
    for (header, value) in [
        ("x-api-key", "SG_nope"),
        ("x-api-key", "0123456789abcdef"),
        ("authorization", "Bearer SG_005a4db0c5005a4d"),
    ] {
        let (status, body) = json_response(with(header, value)).await;
        let text = body["error"].as_str().unwrap();
        assert_eq!(status, 401);
        assert!(
            text.starts_with("Unauthorized. API key is invalid or may have expired"),
            "{text}"
        );
    }
    assert_eq!(
        json_response(with("x-api-key", "SG_fedcba9876543210")).await.0,
        200
    );
    assert_eq!(bench.accepted().await, 1);
}

#[tokio::test]
async fn the_website_host_words_a_401_as_invalid_token() {
    let bench = Bench::new().await;
    for request in [
        bench.client.get(bench.url("/inference-request/request-history")),
        bench.client.post(bench.url("/upload-asset")).json(&json!({})),
    ] {
        let (status, body) = json_response(request).await;
        assert_eq!(
            (status, &body["error"], &body["status_code"]),
            (401, &json!("invalid_token"), &json!(401))
        );
        assert!(body["error_description"].is_string());
    }
}

#[tokio::test]
async fn bad_values_are_refused_by_kind() {
    let bench = Bench::new().await;
    let cases: [(&str, Value, u16, &str); 7] = [
        ("/v2/seedance-9", form(), 404, "seedance-9"),
        ("/v2/seedance-2.0", json!({}), 400, "prompt"),
        ("/v2/seedance-2.0", json!({"prompt": ""}), 400, "prompt"),
        (
            "/v2/seedance-2.0",
            json!({"prompt": "k", "seed": "x"}),
            400,
            "seed",
        ),
        (
            "/v2/seedance-2.0",
            json!({"prompt": "k", "resolution": "900p"}),
            406,
            "480p, 720p, 1080p or 4k",
        ),
        (
            "/v2/seedance-2.0",
            json!({"prompt": "k", "aspect_ratio": "2:1"}),
            406,
            "16:9",
        ),
        (
            "/v1/seedance-2.0",
            json!({"prompt": "k", "aspect_ratio": "2:1"}),
            406,
            "16:9",
        ),
    ];
    for (path, body, expected, word) in cases {
        let (status, refused) = json_response(bench.post(path, &body)).await;
        let text = refused["error"].as_str().unwrap();
        assert_eq!(status, expected, "{path} {body}");
        assert!(text.contains(word), "{text}");
    }
    assert_eq!(bench.accepted().await, 0);
}

#[tokio::test]
async fn a_body_of_another_type_gets_406_and_broken_json_400() {
    let bench = Bench::new().await;
    let send = |mime: &'static str, body: &'static str| {
        let url = bench.url("/v2/seedance-2.0");
        bench
            .client
            .post(url)
            .header("x-api-key", KEY)
            .header("content-type", mime)
            .body(body)
    };
    let (status, body) = json_response(send("text/plain", "{\"prompt\":\"k\"}")).await;
    assert_eq!(status, 406);
    assert!(
        body["error"]
            .as_str()
            .unwrap()
            .starts_with("Invalid content type"),
        "{body}"
    );
    assert_eq!(
        json_response(send("application/json", "{\"prompt\":")).await.0,
        400
    );
    assert_eq!(
        json_response(send("application/json; charset=utf-8", "{\"prompt\":\"k\"}"))
            .await
            .0,
        200
    );
}

#[tokio::test]
async fn a_wrong_method_gets_a_page_and_an_unknown_path_404() {
    let bench = Bench::new().await;
    for request in [
        bench.get("/v2/seedance-2.0"),
        bench.post("/v2/requests/abc/status", &json!({})),
        bench
            .client
            .delete(bench.url("/v1/get-user-credits"))
            .header("x-api-key", KEY),
    ] {
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 405);
        assert!(
            response.headers()["content-type"]
                .to_str()
                .unwrap()
                .starts_with("text/html")
        );
        assert!(
            response
                .text()
                .await
                .unwrap()
                .contains("<h1>Method Not Allowed</h1>")
        );
    }
    assert_eq!(bench.json("/v3/anything").await.0, 404);
    let unknown = json!({"error": "Request 00ff not found"});
    assert_eq!(bench.status("00ff").await, (404, unknown.clone()));
    assert_eq!(bench.result("00ff").await, (404, unknown));
}

#[tokio::test]
async fn too_little_credit_names_balance_and_need() {
    let bench = Bench::with(|options| options.balance = Usd::from_micros(1_000_000)).await;
    bench.submit().await;
    for (path, expected) in [("/v2/seedance-2.0", 402), ("/v1/seedance-2.0", 406)] {
        let (status, body) = json_response(bench.post(path, &form())).await;
        assert_eq!(status, expected, "{path}");
        assert_eq!(
            body["error"],
            "Insufficient credits. Your balance is 0.294 credits, this request needs 0.706 credits."
        );
    }
    assert_eq!(bench.accepted().await, 1);
}

#[tokio::test]
async fn a_submit_of_more_than_a_mebibyte_is_refused() {
    let bench = Bench::new().await;
    let prompt = |bytes: usize| json!({"prompt": "k".repeat(bytes)});
    assert_eq!(
        json_response(bench.post("/v2/seedance-2.0", &prompt(1024 * 1024)))
            .await
            .0,
        413
    );
    assert_eq!(
        json_response(bench.post("/v2/seedance-2.0", &prompt(1000 * 1000)))
            .await
            .0,
        200
    );
}

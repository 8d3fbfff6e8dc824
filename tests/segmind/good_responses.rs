//! Every form of a good response that the API notes know of.

use rushes::model::take::ProviderTimes;
use rushes::model::{FailureKind as K, Model, Usd};
use rushes::segmind::{Class, HistoryState, Outcome, Stage, Status, Upload, Video};
use serde_json::{Value, json};

use crate::test_server::{Server, html, http, json as response};

/// Any day of the history.
const DAY: jiff::civil::Date = jiff::civil::date(2026, 8, 1);
const ID: &str = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";

#[tokio::test]
async fn a_submit_gives_its_id_and_follows_no_url_of_the_response() {
    for id in [ID, "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"] {
        let body = json!({
            "request_id": id, "status": "QUEUED", "poll_url": "https://evil.example/poll",
            "status_url": "https://evil.example/s", "response_url": "https://evil.example/r",
        });
        let queued = r#"{"status":"QUEUED","status_url":"https://evil.example/s","metrics":{}}"#;
        let server = Server::start(vec![
            crate::test_server::Play::Say(response(200, &body.to_string())),
            crate::test_server::Play::Say(response(200, queued)),
        ])
        .await;
        let client = server.client();
        let request = json!({"prompt": "Shot 1: küche", "seed": 7});
        let submitted = client.submit(Model::default(), &request).await.unwrap();
        assert_eq!(submitted.value, id);
        let exchange = submitted.exchange;
        assert_eq!(exchange.status, Some(200));
        assert_eq!(
            (exchange.stage, exchange.method, exchange.path.as_str()),
            (Stage::Submit, "POST", "/v2/seedance-2.0")
        );
        assert!(exchange.response.unwrap().contains(id));
        assert_eq!(client.status(id).await.unwrap().value, Status::Queued);

        let seen = server.seen();
        assert!(
            seen[0].starts_with("POST /v2/seedance-2.0 HTTP/1.1\r\n"),
            "{}",
            seen[0]
        );
        let sent: Value = serde_json::from_str(seen[0].split("\r\n\r\n").nth(1).unwrap()).unwrap();
        assert_eq!(sent, request);
        assert!(seen[1].starts_with(&format!("GET /v2/requests/{id}/status HTTP/1.1\r\n")));
    }
}

#[tokio::test]
async fn an_accepted_response_with_any_2xx_counts_and_so_does_one_cut_off_after_its_end() {
    let body = json!({"request_id": ID}).to_string();
    let longer = format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}",
        body.len() + 9
    );
    for bytes in [response(202, &body), response(201, &body), longer.into_bytes()] {
        let server = Server::saying(bytes).await;
        let submitted = server
            .client()
            .submit("seedance-2.0-fast".parse().unwrap(), &json!({}))
            .await
            .unwrap();
        assert_eq!(submitted.value, ID);
    }
}

#[tokio::test]
async fn ids_are_escaped_and_dot_segments_refused() {
    let server = Server::saying(response(200, r#"{"status":"PROCESSING"}"#)).await;
    let client = server.client();
    assert_eq!(
        client.status("../../x?a=b#c %2e").await.unwrap().value,
        Status::Processing
    );
    assert!(server.seen()[0].starts_with("GET /v2/requests/..%2F..%2Fx%3Fa=b%23c%20%252e/status HTTP/1.1"));
    for id in ["", ".", "..", "a\nb", &"x".repeat(201)] {
        assert_eq!(client.status(id).await.unwrap_err().exchange, None, "{id:?}");
        assert_eq!(client.result(id).await.unwrap_err().exchange, None, "{id:?}");
        assert_eq!(client.history_one(id).await.unwrap_err().exchange, None, "{id:?}");
    }
    assert_eq!(server.seen().len(), 1);

    let hostile = Server::saying(response(200, r#"{"request_id":".."}"#)).await;
    let error = hostile
        .client()
        .submit("seedance-2.0-fast".parse().unwrap(), &json!({}))
        .await
        .unwrap_err();
    assert_eq!(error.class, Class::Ambiguous);
}

#[tokio::test]
async fn every_form_of_a_status_is_read() {
    let full = json!({"status": "COMPLETED", "metrics": {
        "inference_time": 120.5, "queue_time": "3", "total_time": 123.5, "cost": "1.512",
        "remaining_credits": 8.488, "retry_count": 1,
    }});
    let failed = |message: &str, kind| Status::Failed {
        message: message.into(),
        kind,
    };
    let moderated =
        json!({"status": "FAILED", "error": "OutputVideoSensitiveContentDetected", "metrics": {}});
    for (code, body, expected) in [
        (200, json!({"status": "QUEUED", "metrics": {}}), Status::Queued),
        (200, json!({"status": "PROCESSING"}), Status::Processing),
        (200, json!({"status": "processing"}), Status::Processing),
        (200, full, Status::Completed),
        (200, json!({"status": "COMPLETED"}), Status::Completed),
        (
            200,
            json!({"status": "COMPLETED", "metrics": {"cost": null}}),
            Status::Completed,
        ),
        (
            422,
            moderated.clone(),
            failed("OutputVideoSensitiveContentDetected", K::OutputVideo),
        ),
        (
            200,
            moderated,
            failed("OutputVideoSensitiveContentDetected", K::OutputVideo),
        ),
        (
            422,
            json!({"status": "FAILED", "error": "invalid duration: 7"}),
            failed("invalid duration: 7", K::BadParameter),
        ),
        (
            422,
            json!({"status": "FAILED", "error": null}),
            failed("the provider gives no reason", K::Unclear),
        ),
        (
            422,
            json!({"status": "FAILED"}),
            failed("the provider gives no reason", K::Unclear),
        ),
    ] {
        let server = Server::saying(response(code, &body.to_string())).await;
        assert_eq!(
            server.client().status(ID).await.unwrap().value,
            expected,
            "{code} {body}"
        );
    }
}

#[tokio::test]
async fn a_code_that_is_not_the_jobs_own_cannot_fail_it() {
    for code in [401, 403, 404, 429, 500, 502] {
        let server = Server::saying(response(code, r#"{"status":"FAILED","error":"gateway"}"#)).await;
        let error = server.client().status(ID).await.unwrap_err();
        assert_eq!(error.status, Some(code));
    }
    let server = Server::saying(response(200, r#"{"status":"DREAMING"}"#)).await;
    let error = server.client().status(ID).await.unwrap_err();
    assert_eq!(error.class, Class::Repeatable);
    assert!(error.message.contains("without a known status"), "{error}");
}

#[tokio::test]
async fn every_form_of_a_result_is_read() {
    let url = "https://images.segmind.com/x.mp4";
    let last = "https://images.segmind.com/x.png";
    let video = Video {
        url: url.into(),
        cost: None,
        odd_cost: None,
        last_frame_url: None,
        times: ProviderTimes::default(),
        remaining_credits: None,
    };
    let completed = |video: Video| Outcome::Completed(Box::new(video));
    let rich = Video {
        cost: Some(Usd::from_micros(703_080)),
        last_frame_url: Some(last.into()),
        times: ProviderTimes {
            queue_ms: Some(46),
            render_ms: Some(996),
        },
        remaining_credits: Some(Usd::from_micros(8_488_000)),
        ..video.clone()
    };
    let body = |size: Value, seed: Value| {
        json!({
            "status": "COMPLETED", "error": null, "metrics": {"cost": 0.70308, "remaining_credits": "8.488", "queue_time": 0.046, "inference_time": "0.996"}, "output": url, "seed": seed,
            "video": {"url": url, "content_type": "video/mp4", "file_name": "x.mp4", "file_size": size, "last_frame_url": last},
            "prompt": "p", "timings": {},
        })
    };
    for (code, body, expected) in [
        (200, body(json!(4_194_304), json!(7)), completed(rich.clone())),
        (200, body(json!("4194304"), json!("7")), completed(rich)),
        (
            200,
            json!({"status": "COMPLETED", "output": url}),
            completed(video.clone()),
        ),
        (
            200,
            json!({"status": "COMPLETED", "output": url, "seed": -1}),
            completed(video.clone()),
        ),
        (200, json!({"output": url}), completed(video.clone())),
        (
            200,
            json!({"status": "COMPLETED", "output": url, "last_frame": {"url": last}}),
            completed(Video {
                last_frame_url: Some(last.into()),
                ..video.clone()
            }),
        ),
        (
            200,
            json!({"status": "COMPLETED", "output": url, "last_frame_url": last}),
            completed(Video {
                last_frame_url: Some(last.into()),
                ..video.clone()
            }),
        ),
        (200, json!({"status": "PROCESSING"}), Outcome::Pending),
        (200, json!({"status": "QUEUED", "output": null}), Outcome::Pending),
        (
            422,
            json!({"status": "FAILED", "error": "copyright"}),
            Outcome::Failed {
                message: "copyright".into(),
                kind: K::Copyright,
            },
        ),
    ] {
        let server = Server::saying(response(code, &body.to_string())).await;
        assert_eq!(
            server.client().result(ID).await.unwrap().value,
            expected,
            "{code} {body}"
        );
        assert!(server.seen()[0].starts_with(&format!("GET /v2/requests/{ID} HTTP/1.1")));
    }
    let server = Server::saying(response(200, r#"{"status":"COMPLETED","output":"not a URL"}"#)).await;
    let error = server.client().result(ID).await.unwrap_err();
    assert_eq!(error.class, Class::Repeatable);
    assert!(error.message.contains("without a video's URL"), "{error}");
}

#[tokio::test]
async fn credits_with_hyphen_and_without_the_free_ones() {
    for (body, credits) in [
        (r#"{"credits": 12.5, "free-credits": 0.018}"#, 12_500_000),
        (r#"{"credits": "12.5"}"#, 12_500_000),
        (r#"{"credits": -0.25, "free-credits": 0}"#, -250_000),
    ] {
        let server = Server::saying(response(200, body)).await;
        let found = server.client().credits().await.unwrap().value;
        assert_eq!(found.micros(), credits, "{body}");
        assert!(server.seen()[0].starts_with("GET /v1/get-user-credits HTTP/1.1"));
    }
}

#[tokio::test]
async fn the_history_is_read_in_every_envelope() {
    let row = json!({
        "request_id": ID, "model_name": "seedance-2.0", "model_status": "COMPLETED", "credits_deduction": "1.512",
        "request_body": "{\"seed\": 7}", "generation_url": "https://images.segmind.com/x.mp4", "latency_ms": 189_300,
        "model_created": "2026-08-19T10:11:12.123456", "error": null,
    });
    let second = json!({"request_id": "b", "model_status": "FAILED", "request_body": {"seed": 8}, "error": "moderation of the prompt"});
    let third = json!({"request_id": "c", "model_status": "PENDING"});
    let rows = json!([row, row, second, third, {"model_name": "no id"}, 5]);
    for body in [
        json!({"data": rows}),
        rows.clone(),
        json!({"data": {"rows": rows}}),
    ] {
        let server = Server::saying(response(200, &body.to_string())).await;
        let days = ["2026-08-01", "2026-08-20"].map(|day| day.parse().unwrap());
        let page = server.client().history(2, days[0], days[1]).await.unwrap().value;
        assert_eq!((page.listed, page.unreadable, page.rows.len()), (6, 2, 3));
        let first = &page.rows[0];
        assert_eq!(
            (first.request_id.as_str(), first.state),
            (ID, HistoryState::Completed)
        );
        assert_eq!(first.cost, Some(Usd::from_micros(1_512_000)));
        assert_eq!(first.request_body, Some(json!({"seed": 7})));
        assert_eq!(first.url.as_deref(), Some("https://images.segmind.com/x.mp4"));
        assert_eq!(
            first.created,
            Some("2026-08-19T10:11:12.123456Z".parse().unwrap())
        );
        assert_eq!((first.latency_ms, first.error.as_deref()), (Some(189_300), None));
        assert_eq!(page.rows[1].request_body, Some(json!({"seed": 8})));
        assert_eq!(page.rows[1].error.as_deref(), Some("moderation of the prompt"));
        assert_eq!(
            (page.rows[2].state, page.rows[2].cost),
            (HistoryState::Pending, None)
        );
        let line = "GET /inference-request/request-history?page=2&per_page=100&from_date=2026-08-01&to_date=2026-08-20\
                    &sort_by=model_created&sort_order=desc HTTP/1.1";
        assert!(server.seen()[0].starts_with(line), "{}", server.seen()[0]);
    }
    let empty = Server::saying(response(200, r#"{"data":[]}"#)).await;
    let page = empty.client().history(1, DAY, DAY).await.unwrap().value;
    assert_eq!((page.listed, page.unreadable), (0, 0));
    for body in [r#"{"data":null}"#, "{}", r#""none""#] {
        let odd = Server::saying(response(200, body)).await;
        let error = odd.client().history(1, DAY, DAY).await.unwrap_err();
        assert_eq!(
            error.class,
            Class::Repeatable,
            "{body} must not pass for an empty history"
        );
    }
}

#[tokio::test]
async fn one_request_of_the_history() {
    let row = json!({"request_id": ID, "model_status": "COMPLETED", "credits_deduction": 0.7});
    for body in [
        row.clone(),
        json!({"data": row}),
        json!({"data": [row]}),
        json!([row]),
    ] {
        let server = Server::saying(response(200, &body.to_string())).await;
        let found = server.client().history_one(ID).await.unwrap().value.unwrap();
        assert_eq!(found.cost, Some(Usd::from_micros(700_000)), "{body}");
        assert!(
            server.seen()[0].starts_with(&format!("GET /inference-request/request-history/{ID} HTTP/1.1"))
        );
    }
    for bytes in [
        response(404, r#"{"error":"not found"}"#),
        response(200, r#"{"data":[]}"#),
        response(200, r#"{"data":null}"#),
    ] {
        let server = Server::saying(bytes).await;
        assert_eq!(server.client().history_one(ID).await.unwrap().value, None);
    }
    for bytes in [
        html(404, "404 Not Found"),
        http("404 Not Found", ""),
        response(500, "{}"),
        response(200, "{}"),
    ] {
        let server = Server::saying(bytes).await;
        assert!(server.client().history_one(ID).await.is_err());
    }
}

#[tokio::test]
async fn uploads_keep_their_order_and_both_field_names_are_read() {
    let files = [
        Upload {
            mime: "image/png".into(),
            bytes: "first".into(),
        },
        Upload {
            mime: "audio/\"mpeg\n".into(),
            bytes: "second!".into(),
        },
    ];
    let (a, b) = (
        "https://images.segmind.com/assets/a.png",
        "https://images.segmind.com/assets/b.mp3",
    );
    for name in ["file_urls", "urls"] {
        let server = Server::saying(response(200, &json!({name: [a, b], "message": "ok"}).to_string())).await;
        assert_eq!(server.client().upload(&files).await.unwrap().value, [a, b]);
        let seen = &server.seen()[0];
        assert!(seen.starts_with("POST /upload-asset HTTP/1.1"));
        let body: Value = serde_json::from_str(seen.split("\r\n\r\n").nth(1).unwrap()).unwrap();
        assert_eq!(
            body,
            json!({"data_urls": ["data:image/png;base64,Zmlyc3Q=", "data:audio/mpeg;base64,c2Vjb25kIQ=="]})
        );
    }
    let short = Server::saying(response(200, &json!({"file_urls": [a]}).to_string())).await;
    let error = short.client().upload(&files).await.unwrap_err();
    assert!(error.message.contains("one URL for each file"), "{error}");
}

/// Python writes numbers that JSON does not know. They make no response unreadable.
#[tokio::test]
async fn numbers_that_json_does_not_allow_hide_nothing_else() {
    let url = "https://images.segmind.com/x.mp4";
    let metrics = "{\"queue_time\":NaN,\"total_time\":-Infinity,\"inference_time\":1e999,\"cost\":0.5}";
    let server = Server::saying(response(
        200,
        &format!("{{\"status\":\"COMPLETED\",\"metrics\":{metrics}}}"),
    ))
    .await;
    match server.client().status(ID).await.unwrap().value {
        Status::Completed => {}
        other => panic!("{other:?}"),
    }
    let body = format!(
        "{{\"status\":\"COMPLETED\",\"prompt\":\"NaN and \\\"NaN\",\"error\":NaN,\"seed\":NaN,\"output\":\"{url}\",\"metrics\":{metrics}}}"
    );
    let server = Server::saying(response(200, &body)).await;
    match server.client().result(ID).await.unwrap().value {
        Outcome::Completed(video) => {
            assert_eq!(video.url, url);
            assert_eq!(video.cost, Some(Usd::from_micros(500_000)));
        }
        other => panic!("{other:?}"),
    }
}

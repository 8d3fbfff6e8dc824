//! Submit, status, result, and what it costs.

use rushes::model::Usd;
use serde_json::json;

use super::support::{Bench, form, json_response, usd};

#[tokio::test]
async fn a_submit_responds_200_with_an_id_and_the_urls_to_poll() {
    let bench = Bench::new().await;
    let (status, body) = json_response(bench.post("/v2/seedance-2.0-fast", &form())).await;
    let id = body["request_id"].as_str().unwrap().to_owned();
    assert_eq!(status, 200);
    assert!(
        id.len() == 32 && id.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')),
        "{id}"
    );
    assert_eq!(
        body,
        json!({
            "request_id": id,
            "status": "QUEUED",
            "poll_url": bench.url(&format!("/v1/requests/{id}")),
            "status_url": bench.url(&format!("/v2/requests/{id}/status")),
            "response_url": bench.url(&format!("/v2/requests/{id}")),
        })
    );
}

#[tokio::test]
async fn a_job_goes_from_queued_to_processing_to_completed_by_the_clock() {
    let bench = Bench::new().await;
    let id = bench.submit().await;
    let (status, body) = bench.status(&id).await;
    assert_eq!(
        (status, &body["status"], &body["metrics"]),
        (200, &json!("QUEUED"), &json!({}))
    );
    bench.later(2);
    for path in ["/v2/requests/{}/status", "/v2/requests/{}", "/v1/requests/{}"] {
        let (status, body) = bench.json(&path.replace("{}", &id)).await;
        assert_eq!((status, &body["status"]), (200, &json!("PROCESSING")), "{path}");
        assert_eq!(body["request_id"], json!(id));
    }
    bench.finish();
    let (status, body) = bench.status(&id).await;
    assert_eq!((status, &body["status"]), (200, &json!("COMPLETED")));
    let metrics = &body["metrics"];
    let seconds = |name: &str| metrics[name].as_f64().unwrap();
    let parts = seconds("queue_time") + seconds("inference_time");
    assert!(
        (parts - seconds("total_time")).abs() < 0.001 && (3.0..15.0).contains(&parts),
        "{metrics}"
    );
    assert_eq!(usd(&metrics["cost"]).micros(), 706_010);
    assert_eq!(
        usd(&metrics["remaining_credits"]),
        Usd::from_micros(100_000_000) - usd(&metrics["cost"])
    );
}

#[tokio::test]
async fn a_result_is_complete_and_its_video_needs_no_key() {
    let bench = Bench::new().await;
    let id = bench.submit().await;
    bench.finish();
    let (status, body) = bench.result(&id).await;
    assert_eq!(
        (status, &body["status"], &body["error"]),
        (200, &json!("COMPLETED"), &json!(null))
    );
    assert_eq!((&body["seed"], &body["prompt"]), (&json!(7), &form()["prompt"]));
    let url = body["output"].as_str().unwrap();
    assert_eq!(body["video"]["url"], url);
    assert!(url.starts_with(&bench.sandbox.origin()));
    let video = bench.client.get(url).send().await.unwrap();
    assert_eq!(video.headers()["content-type"], "video/mp4");
    let bytes = video.bytes().await.unwrap();
    assert_eq!(body["video"]["file_size"], json!(bytes.len()));
    assert_eq!(&bytes[4..8], b"ftyp");
    assert_eq!(bench.json(&format!("/v1/requests/{id}")).await.1, body);
}

#[tokio::test]
async fn a_failed_job_responds_422_without_a_cost_and_bills_nothing() {
    let bench = Bench::new().await;
    let frame = "https://example.com/frame.png";
    let body = json!({"prompt": "k", "first_frame_url": frame, "reference_images": [frame]});
    let id = bench.submit_body(&body).await;
    assert!(
        bench.credits().await < 100.0,
        "the price is held back while the job is open"
    );
    bench.finish();
    for path in ["/v2/requests/{}/status", "/v2/requests/{}"] {
        let (status, body) = bench.json(&path.replace("{}", &id)).await;
        assert_eq!(
            (status, &body["status"], &body["request_id"]),
            (422, &json!("FAILED"), &json!(id))
        );
        assert!(
            body["error"].as_str().unwrap().contains("exclude each other"),
            "{body}"
        );
        assert!(body["metrics"].get("cost").is_none(), "{body}");
    }
    let (status, legacy) = bench.json(&format!("/v1/requests/{id}")).await;
    assert_eq!((status, &legacy["status"]), (200, &json!("FAILED")));
    assert_eq!(legacy["error_message"], legacy["error"]);
    assert!((bench.credits().await - 100.0).abs() < 1e-9);
}

#[tokio::test]
async fn the_same_id_has_one_bill_however_often_it_is_read() {
    let bench = Bench::new().await;
    let id = bench.submit().await;
    bench.finish();
    for _ in 0..3 {
        bench.result(&id).await;
        bench.status(&id).await;
    }
    let ledger = bench.ledger().await;
    let row = &ledger["requests"][0];
    assert_eq!((&row["handed_out"], &row["status_reads"]), (&json!(3), &json!(3)));
    assert_eq!(ledger["charged"], row["charge"]);
    assert_eq!(
        (&row["state"], &row["reserved"]),
        (&json!("COMPLETED"), &json!(0.0))
    );
}

#[tokio::test]
async fn records_expire_an_hour_after_the_submit() {
    let bench = Bench::new().await;
    let id = bench.submit().await;
    bench.later(3599);
    assert_eq!(bench.result(&id).await.0, 200);
    bench.later(1);
    let gone = json!({"error": format!("Request {id} not found")});
    for path in ["/v2/requests/{}/status", "/v2/requests/{}", "/v1/requests/{}"] {
        assert_eq!(
            bench.json(&path.replace("{}", &id)).await,
            (404, gone.clone()),
            "{path}"
        );
    }
    let (status, row) = bench
        .json(&format!("/inference-request/request-history/{id}"))
        .await;
    assert_eq!((status, &row["model_status"]), (200, &json!("COMPLETED")));
    assert_eq!(
        bench
            .client
            .get(row["generation_url"].as_str().unwrap())
            .send()
            .await
            .unwrap()
            .status(),
        200
    );
}

#[tokio::test]
async fn the_ledger_needs_no_key_and_shows_what_was_sent() {
    let bench = Bench::new().await;
    let sent = json!({"prompt": "k", "duration": 4, "unknown": {"kept": true}});
    let id = bench.submit_body(&sent).await;
    let row = bench.ledger().await["requests"][0].clone();
    assert_eq!(
        (&row["request_id"], &row["body"], &row["version"]),
        (&json!(id), &sent, &json!("v2"))
    );
    assert_eq!(
        (&row["state"], &row["charge"], &row["model"]),
        (&json!("QUEUED"), &json!(0.0), &json!("seedance-2.0"))
    );
    assert_eq!(
        (&row["completed_at"], &row["sha256"]),
        (&json!(null), &json!(null))
    );
    assert!(usd(&row["reserved"]) > Usd::ZERO);
    assert_eq!(row["created_at"], "2026-10-05T12:00:00Z");
    // The former name.
    let (_, same) = json_response(bench.client.get(bench.url("/_sandbox/books"))).await;
    assert_eq!(same, bench.ledger().await);
}

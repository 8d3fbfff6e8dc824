//! The blocking contract: the video's bytes, or JSON, with the bill in the headers.

use std::sync::Arc;

use rushes::model::Usd;
use serde_json::{Value, json};

use super::support::{Bench, form, header};

/// Sends `body` to v1, advances the clock once it is accepted, and returns the response.
async fn run(bench: Bench, body: Value) -> (Arc<Bench>, reqwest::Response) {
    let bench = Arc::new(bench);
    let sender = Arc::clone(&bench);
    let response = tokio::spawn(async move { sender.post("/v1/seedance-2.0", &body).send().await.unwrap() });
    while bench.accepted().await == 0 {
        tokio::task::yield_now().await;
    }
    assert!(
        !response.is_finished(),
        "v1 must not answer before its video is rendered"
    );
    bench.finish();
    let response = response.await.unwrap();
    (bench, response)
}

#[tokio::test]
async fn v1_responds_with_the_video_and_its_bill() {
    let (bench, response) = run(Bench::new().await, form()).await;
    assert_eq!(
        (response.status().as_u16(), header(&response, "content-type")),
        (200, "video/mp4".to_owned())
    );
    let row = bench.ledger().await["requests"][0].clone();
    assert_eq!(header(&response, "x-request-id"), row["request_id"]);
    assert_eq!(header(&response, "x-seed-value"), "7");
    let cost: Usd = Usd::parse(&header(&response, "x-cost")).unwrap();
    assert_eq!(json!(cost), row["charge"]);
    let left = Usd::parse(&header(&response, "x-remaining-credits")).unwrap();
    assert_eq!(left, Usd::from_micros(100_000_000) - cost);
    assert!(header(&response, "x-generation-time").parse::<f64>().unwrap() > 1.0);
    let bytes = response.bytes().await.unwrap();
    assert_eq!(&bytes[4..8], b"ftyp");
    assert_eq!(
        (&row["bytes"], &row["version"]),
        (&json!(bytes.len()), &json!("v1"))
    );
    assert_eq!(row["handed_out"], json!(1));
}

#[tokio::test]
async fn v1_can_respond_with_json_and_a_url() {
    let bench = Bench::with(|options| options.v1_json = true).await;
    let (bench, response) = run(bench, form()).await;
    assert_eq!(header(&response, "content-type"), "application/json");
    assert!(!header(&response, "x-cost").is_empty());
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["output"], body["video"]["url"]);
    let video = bench
        .client
        .get(body["output"].as_str().unwrap())
        .send()
        .await
        .unwrap();
    assert_eq!(video.bytes().await.unwrap().len(), body["video"]["file_size"]);
}

#[tokio::test]
async fn a_v1_job_that_fails_responds_422_and_bills_nothing() {
    let (bench, response) = run(Bench::new().await, json!({"prompt": "k", "duration": 7})).await;
    assert_eq!(response.status(), 422);
    let body: Value = response.json().await.unwrap();
    assert!(body["error"].as_str().unwrap().contains("duration 7"), "{body}");
    assert!((bench.credits().await - 100.0).abs() < 1e-9);
}

#[tokio::test]
async fn a_client_that_hangs_up_does_not_undo_the_job() {
    let bench = Bench::new().await;
    let request = bench.post("/v1/seedance-2.0", &form()).send();
    let accepted = async {
        while bench.accepted().await == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        response = request => panic!("answered too early: {response:?}"),
        () = accepted => (),
    }
    bench.finish();
    let row = bench.ledger().await["requests"][0].clone();
    assert_eq!(
        (&row["state"], &row["handed_out"]),
        (&json!("COMPLETED"), &json!(0))
    );
    let (_, history) = bench.json("/inference-request/request-history").await;
    assert!(
        history["data"][0]["generation_url"].is_string(),
        "only the history finds the video: {history}"
    );
}

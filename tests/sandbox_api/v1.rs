//! The blocking contract: the video's bytes, or JSON, with the bill in the headers.

use std::sync::Arc;

use rushes::model::Usd;
use serde_json::{Value, json};

use super::support::{Bench, form, header};

/// Sends `body` to v1, advances the clock once it is accepted, and returns the response.
async fn run(bench: Bench, body: Value) -> (Arc<Bench>, reqwest::Response) {
    let bench = Arc::new(bench);
    let sender = Arc::clone(&bench);
    let answer = tokio::spawn(async move { sender.post("/v1/seedance-2.0", &body).send().await.unwrap() });
    while bench.accepted().await == 0 {
        tokio::task::yield_now().await;
    }
    assert!(
        !answer.is_finished(),
        "v1 must not answer before its video is rendered"
    );
    bench.finish();
    let answer = answer.await.unwrap();
    (bench, answer)
}

#[tokio::test]
async fn v1_answers_the_video_with_its_bill() {
    let (bench, answer) = run(Bench::new().await, form()).await;
    assert_eq!(
        (answer.status().as_u16(), header(&answer, "content-type")),
        (200, "video/mp4".to_owned())
    );
    let row = bench.books().await["requests"][0].clone();
    assert_eq!(header(&answer, "x-request-id"), row["request_id"]);
    assert_eq!(header(&answer, "x-seed-value"), "7");
    let cost: Usd = Usd::parse(&header(&answer, "x-cost")).unwrap();
    assert_eq!(json!(cost), row["charge"]);
    let left = Usd::parse(&header(&answer, "x-remaining-credits")).unwrap();
    assert_eq!(left, Usd::from_micros(100_000_000) - cost);
    assert!(header(&answer, "x-generation-time").parse::<f64>().unwrap() > 1.0);
    let bytes = answer.bytes().await.unwrap();
    assert_eq!(&bytes[4..8], b"ftyp");
    assert_eq!(
        (&row["bytes"], &row["version"]),
        (&json!(bytes.len()), &json!("v1"))
    );
    assert_eq!(row["handed_out"], json!(1));
}

#[tokio::test]
async fn v1_can_answer_json_with_an_address() {
    let bench = Bench::with(|options| options.v1_json = true).await;
    let (bench, answer) = run(bench, form()).await;
    assert_eq!(header(&answer, "content-type"), "application/json");
    assert!(!header(&answer, "x-cost").is_empty());
    let body: Value = answer.json().await.unwrap();
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
async fn a_v1_job_that_fails_answers_422_and_bills_nothing() {
    let (bench, answer) = run(Bench::new().await, json!({"prompt": "k", "duration": 7})).await;
    assert_eq!(answer.status(), 422);
    let body: Value = answer.json().await.unwrap();
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
        answer = request => panic!("answered too early: {answer:?}"),
        () = accepted => (),
    }
    bench.finish();
    let row = bench.books().await["requests"][0].clone();
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

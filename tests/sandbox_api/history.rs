//! The request history.

use serde_json::{Value, json};

use super::support::{Bench, form, json_response};

fn ids(page: &Value) -> Vec<&str> {
    page["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["request_id"].as_str().unwrap())
        .collect()
}

async fn list(bench: &Bench, query: &str) -> Value {
    let (status, page) = bench
        .json(&format!("/inference-request/request-history?{query}"))
        .await;
    assert_eq!(status, 200, "{page}");
    page
}

#[tokio::test]
async fn a_history_row_has_the_request_and_its_outcome() {
    let bench = Bench::new().await;
    let id = bench.submit().await;
    let pending = list(&bench, "status=PENDING").await["data"][0].clone();
    assert_eq!(
        (&pending["model_status"], &pending["generation_url"]),
        (&json!("PENDING"), &json!(null))
    );
    bench.finish();
    let (status, row) = bench
        .json(&format!("/inference-request/request-history/{id}"))
        .await;
    assert_eq!(
        (status, &row["model_status"], &row["model_name"]),
        (200, &json!("COMPLETED"), &json!("seedance-2.0"))
    );
    let body: Value = serde_json::from_str(row["request_body"].as_str().unwrap()).unwrap();
    assert_eq!(body, form());
    assert_eq!(row["credits_deduction"], bench.ledger().await["charged"]);
    assert!(row["latency_ms"].as_u64().unwrap() > 3000);
    assert_eq!(row["model_created"], "2026-10-05T12:00:00Z");
    assert_eq!(row["generation_url"], bench.result(&id).await.1["output"]);
    assert_eq!(list(&bench, "page=1&per_page=100").await["data"], json!([row]));
    assert_eq!(bench.json("/inference-request/request-history/00ff").await.0, 404);
}

#[tokio::test]
async fn pages_filters_and_orders() {
    let bench = Bench::new().await;
    let mut all = Vec::new();
    for seconds in [4, 10, 5] {
        all.push(
            bench
                .submit_body(&json!({"prompt": "k", "duration": seconds}))
                .await,
        );
        bench.later(60);
    }
    let (_, fast) =
        json_response(bench.post("/v2/seedance-2.0-fast", &json!({"prompt": "k", "duration": 7}))).await;
    all.push(fast["request_id"].as_str().unwrap().to_owned());
    bench.later(60);
    let [four, ten, five, failed] = [&all[0], &all[1], &all[2], &all[3]].map(String::as_str);
    let newest = list(&bench, "per_page=3").await;
    assert_eq!(ids(&newest), [failed, five, ten]);
    assert_eq!([&newest["total"], &newest["total_pages"]], [&json!(4), &json!(2)]);
    assert_eq!(ids(&list(&bench, "per_page=3&page=2").await), [four]);
    assert_eq!(
        ids(&list(&bench, "sort_order=asc").await),
        [four, ten, five, failed]
    );
    let dearest = list(&bench, "sort_by=credits_deduction").await;
    assert_eq!(ids(&dearest), [ten, five, four, failed]);
    assert_eq!(ids(&list(&bench, "model_name=fast").await), [failed]);
    assert_eq!(ids(&list(&bench, "status=FAILED").await), [failed]);
    assert_eq!(ids(&list(&bench, "status=COMPLETED").await), [five, ten, four]);
    let (_, made) = bench.json("/inference-request/generations?page=1").await;
    assert_eq!(ids(&made), [five, ten, four]);
    assert_eq!(made["data"][0]["parameters"]["duration"], json!(5));
    let (_, recent) = bench
        .json("/inference-request/recent-generations?model_name=seedance-2.0")
        .await;
    assert_eq!(ids(&recent).len(), 3);
}

#[tokio::test]
async fn windows_are_seven_days_by_default_and_31_at_most() {
    let bench = Bench::new().await;
    let id = bench.submit().await;
    bench.later(8 * 24 * 3600);
    assert!(ids(&list(&bench, "").await).is_empty());
    assert_eq!(
        ids(&list(&bench, "from_date=2026-10-05&to_date=2026-10-05").await),
        [&id]
    );
    assert_eq!(ids(&list(&bench, "from_date=2026-10-01").await), [&id]);
    assert!(ids(&list(&bench, "from_date=2026-10-06").await).is_empty());
    for wrong in [
        "from_date=2026-09-01&to_date=2026-10-05",
        "from_date=2026-10-06&to_date=2026-10-05",
        "from_date=yesterday",
        "page=0",
        "per_page=101",
        "status=DONE",
        "sort_by=seed",
        "sort_order=up",
    ] {
        let (status, body) = bench
            .json(&format!("/inference-request/request-history?{wrong}"))
            .await;
        assert_eq!(status, 400, "{wrong}");
        assert!(body["error"].is_string());
    }
    bench.later(365 * 24 * 3600);
    assert_eq!(
        bench
            .json(&format!("/inference-request/request-history/{id}"))
            .await
            .0,
        200
    );
}

//! How long a take needed, by the provider's own times.

use rushes::model::take::TakeRecord;
use serde_json::Value;

use crate::test_engine::Stage;

/// The response that named the times is kept with the take, so that they can be compared.
#[tokio::test(flavor = "multi_thread")]
async fn the_providers_own_times_are_kept_and_shown() {
    let stage = Stage::with_faults("").await;
    let ids = stage.admit("7").await;
    let (engine, _events) = stage.start();
    let take = stage.saved(&ids).await.remove(0);
    engine.stop().await;
    let exchanges = stage.store.exchanges(take.id).unwrap();
    let result = exchanges
        .iter()
        .rfind(|exchange| exchange.stage == "result")
        .unwrap();
    let result: Value = serde_json::from_str(result.response.as_deref().unwrap()).unwrap();
    let metrics = |name: &str| result["metrics"][name].as_f64().unwrap();
    let record = TakeRecord::from(&take);
    let is_near = |shown: Option<f64>, told: f64| (shown.unwrap() - told).abs() < 0.001;
    assert!(is_near(record.seconds.queue, metrics("queue_time")), "{record:?}");
    assert!(
        is_near(record.seconds.render, metrics("inference_time")),
        "{record:?}"
    );
    let wait = record.wait.unwrap();
    assert_eq!(
        (wait.p50, wait.p90, wait.basis.as_str()),
        (0.3, 0.45, "a quick sandbox")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn times_that_cannot_be_are_left_out() {
    let stage = Stage::with_faults(
        r#"
        [[fault]]
        path = "/v2/requests/*"
        set = { "metrics.queue_time" = -4, "metrics.inference_time" = "soon" }
        "#,
    )
    .await;
    let ids = stage.admit("7").await;
    let (engine, _events) = stage.start();
    let take = stage.saved(&ids).await.remove(0);
    engine.stop().await;
    assert_eq!(take.provider_times, rushes::model::take::ProviderTimes::default());
}

//! Drafts that a model can finish, and their finals.

use serde_json::{Value, json};

use super::support::{Bench, json_response, usd};

const PATH: &str = "/v2/seedance-2.5-draft-final";
const DAY: i64 = 24 * 3600;

fn draft() -> Value {
    json!({
        "prompt": "Shot 1: a kite lifts.",
        "resolution": "480p",
        "aspect_ratio": "9:16",
        "duration": 5,
        "seed": -1,
        "draft": true,
    })
}

fn final_of(name: &Value) -> Value {
    json!({"draft_task_id": name, "resolution": "1080p"})
}

/// The id of an accepted request, and the draft's name in the answer.
async fn submit(bench: &Bench, body: &Value) -> (String, Value) {
    let (status, answer) = json_response(bench.post(PATH, body)).await;
    assert_eq!(status, 200, "{answer}");
    let id = answer["request_id"].as_str().unwrap().to_owned();
    (id, answer["draft_task_id"].clone())
}

/// Why a request is refused.
async fn refused(bench: &Bench, body: &Value) -> (u16, String) {
    let (status, answer) = json_response(bench.post(PATH, body)).await;
    (status, answer["error"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn submit_and_result_name_a_draft_and_nothing_else() {
    let bench = Bench::new().await;
    let (id, name) = submit(&bench, &draft()).await;
    assert_eq!(name, json!(format!("draft-{id}")));
    let mut plain = draft();
    plain["draft"] = json!(false);
    let (plain, no_name) = submit(&bench, &plain).await;
    assert_eq!(no_name, Value::Null);
    let other = bench.submit_body(&draft()).await;
    bench.finish();
    assert_eq!(bench.result(&id).await.1["draft_task_id"], name);
    for id in [plain, other] {
        let (status, result) = bench.result(&id).await;
        assert_eq!((status, &result["draft_task_id"]), (200, &Value::Null));
    }
    let (_, name) = submit(&bench, &draft()).await;
    let (final_id, no_name) = {
        bench.finish();
        submit(&bench, &final_of(&name)).await
    };
    bench.finish();
    assert_eq!(no_name, Value::Null);
    assert_eq!(bench.result(&final_id).await.1["draft_task_id"], Value::Null);
}

#[tokio::test]
async fn every_final_of_a_draft_is_the_same_video_and_is_billed() {
    let bench = Bench::new().await;
    let (draft_id, name) = submit(&bench, &draft()).await;
    bench.finish();
    let seed = bench.result(&draft_id).await.1["seed"].clone();
    let (first, _) = submit(&bench, &final_of(&name)).await;
    bench.later(6 * DAY);
    let (second, _) = submit(&bench, &final_of(&name)).await;
    bench.finish();
    for id in [&first, &second] {
        let video = bench
            .client
            .get(bench.url(&format!("/files/{id}.mp4")))
            .send()
            .await
            .unwrap();
        assert_eq!(video.status(), 200);
    }
    let (_, result) = bench.result(&second).await;
    assert_eq!((&result["seed"], &result["prompt"]), (&seed, &draft()["prompt"]));

    let ledger = bench.ledger().await;
    let row = |n: usize| &ledger["requests"][n];
    assert_eq!(ledger["requests"].as_array().unwrap().len(), 3);
    assert_eq!(row(1)["sha256"], row(2)["sha256"]);
    assert!(row(1)["sha256"].is_string());
    for n in [1, 2] {
        assert_eq!(row(n)["body"], final_of(&name));
        assert_eq!((&row(n)["seed"], &row(n)["finishes"]), (&seed, &json!(draft_id)));
        // 5 s and one frame at 0.5876 dollars a second.
        assert_eq!(usd(&row(n)["charge"]).micros(), 2_962_483);
    }
    assert_eq!(row(0)["finishes"], Value::Null);
    assert!(usd(&row(0)["charge"]).micros() < 600_000);
    let (_, listed) = bench
        .json(&format!("/inference-request/request-history/{second}"))
        .await;
    let sent: Value = serde_json::from_str(listed["request_body"].as_str().unwrap()).unwrap();
    assert_eq!(sent, final_of(&name));
}

#[tokio::test]
async fn a_draft_that_cannot_be_finished_is_refused_with_the_reason() {
    let bench = Bench::with_faults(
        "[[fault]]\nmethod = \"POST\"\npath = \"/v2/*\"\nnth = 2\nfail = \"InternalError\"\n",
    )
    .await;
    let (_, name) = submit(&bench, &draft()).await;
    let (_, of_failed) = submit(&bench, &draft()).await;
    let mut plain = draft();
    plain["draft"] = json!(false);
    let (plain, _) = submit(&bench, &plain).await;
    let other = bench.submit_body(&draft()).await;
    let early = refused(&bench, &final_of(&name)).await;
    assert_eq!(
        early,
        (
            406,
            format!(
                "Invalid value for draft_task_id: {} is not completed yet",
                name.as_str().unwrap()
            )
        )
    );
    bench.finish();
    let names = |id: &str| json!(format!("draft-{id}"));
    for (unusable, why) in [
        (of_failed, "has failed"),
        (json!("draft-0123456789abcdef0123456789abcdef"), "names no draft"),
        (json!("0123"), "names no draft"),
        (names(&plain), "names no draft"),
        (names(&other), "names no draft"),
    ] {
        let (status, text) = refused(&bench, &final_of(&unusable)).await;
        assert_eq!(status, 406, "{unusable}");
        assert!(text.contains(why), "{unusable}: {text}");
    }
    // A final is no draft, so it cannot be finished again.
    let (final_id, _) = submit(&bench, &final_of(&name)).await;
    bench.finish();
    assert!(
        refused(&bench, &final_of(&names(&final_id)))
            .await
            .1
            .contains("names no draft")
    );

    let accepted = bench.accepted().await;
    bench.later(7 * DAY - 121);
    submit(&bench, &final_of(&name)).await;
    bench.later(1);
    let (status, text) = refused(&bench, &final_of(&name)).await;
    assert_eq!(status, 406);
    assert!(
        text.contains("has expired on 2026-10-12T12:00:00Z, 7 days after it was made"),
        "{text}"
    );
    assert_eq!(bench.accepted().await, accepted + 1);
}

#[tokio::test]
async fn a_final_has_only_the_name_of_its_draft_and_one_of_the_resolutions_of_finals() {
    let bench = Bench::new().await;
    let (_, name) = submit(&bench, &draft()).await;
    bench.finish();
    for (field, value) in [
        ("prompt", json!("Shot 1: a kite lifts.")),
        ("seed", json!(7)),
        ("duration", json!(5)),
        ("draft", json!(true)),
        ("return_last_frame", json!(false)),
    ] {
        let mut body = final_of(&name);
        body[field] = value;
        let (status, text) = refused(&bench, &body).await;
        assert_eq!(status, 406, "{body}");
        assert_eq!(
            text,
            format!("Invalid parameter: {field} must not be sent again, it is taken from the draft")
        );
    }
    for resolution in [json!("480p"), json!("4k"), json!(1080), Value::Null] {
        let mut body = final_of(&name);
        body["resolution"] = resolution;
        assert_eq!(
            refused(&bench, &body).await,
            (
                406,
                "Invalid value for resolution: a draft is finished at 1080p".to_owned()
            ),
            "{body}"
        );
    }
    assert_eq!(refused(&bench, &final_of(&json!(7))).await.0, 400);
    let mut wrong = draft();
    wrong["draft"] = json!("yes");
    assert_eq!(refused(&bench, &wrong).await.0, 400);
    // A draft itself is not made at the resolution of its final.
    let mut large = draft();
    large["resolution"] = json!("1080p");
    assert_eq!(refused(&bench, &large).await.0, 406);
    assert_eq!(bench.accepted().await, 1);
}

#[tokio::test]
async fn v1_finishes_a_draft_too() {
    let bench = Bench::with(|options| options.v1_json = true).await;
    let (draft_id, name) = submit(&bench, &draft()).await;
    bench.finish();
    let clock = std::sync::Arc::clone(&bench.clock);
    let waiting = tokio::spawn(json_response(
        bench.post("/v1/seedance-2.5-draft-final", &final_of(&name)),
    ));
    while bench.accepted().await < 2 {
        tokio::task::yield_now().await;
    }
    clock.advance(jiff::SignedDuration::from_secs(60));
    let (status, answer) = waiting.await.unwrap();
    assert_eq!(
        (status, &answer["draft_task_id"]),
        (200, &Value::Null),
        "{answer}"
    );
    assert_eq!(answer["seed"], bench.result(&draft_id).await.1["seed"]);
}

#[tokio::test]
async fn the_catalogue_shows_the_fields_of_drafts() {
    let bench = Bench::new().await;
    let (_, models) = json_response(bench.client.get(bench.url("/inference-model-information/list"))).await;
    let of = |slug: &str| {
        let found = models
            .as_array()
            .unwrap()
            .iter()
            .find(|model| model["slug"] == slug);
        found.unwrap()["parameters_schema"].clone()
    };
    let schema = of("seedance-2.5-draft-final");
    let properties = &schema["properties"];
    assert_eq!(properties["draft"]["type"], "boolean");
    assert_eq!(properties["draft_task_id"]["type"], "string");
    assert_eq!(properties["resolution"]["enum"], json!(["480p", "1080p"]));
    assert_eq!(schema["required"], json!([]));
    let plain = of("seedance-2.5");
    assert!(plain["properties"].get("draft").is_none());
    assert_eq!(plain["required"], json!(["prompt"]));
}

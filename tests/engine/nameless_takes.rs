//! Takes that the provider accepted or failed without giving an id: their history rows are never given to an identical
//! take.

use jiff::SignedDuration;
use rushes::model::{ApiVersion, Form, TakeState};
use rushes::store::Facts;

use crate::test_engine::{Stage, form, until};

/// A blocking request that fails is answered without an id.
const REFUSES_V1: &str =
    "[[fault]]\nmethod = \"POST\"\npath = \"/v1/*\"\nnth = 1\nfail = \"Internal server error\"\n";

fn v1(seed: &str) -> Form {
    Form {
        api_version: ApiVersion::V1,
        seeds: seed.into(),
        ..form()
    }
}

/// A blocking request that fails names no id. Its row in the history must not be taken for that of an equal take whose
/// own video was rendered and billed.
#[tokio::test(flavor = "multi_thread")]
async fn an_identical_failed_take_does_not_take_the_place_of_a_lost_one() {
    let stage = Stage::with_faults(
        "[[fault]]\nmethod = \"POST\"\npath = \"/v2/*\"\nnth = 1\nreset = \"after_accept\"\n\
         [[fault]]\nmethod = \"POST\"\npath = \"/v1/*\"\nnth = 1\nfail = \"Internal server error\"\n",
    )
    .await;
    let lost = stage.admit("55").await;
    let twin = stage.admit_draft(v1("55")).await;
    let (engine, _events) = stage.start();
    let takes = stage.settled(&[lost[0], twin[0]]).await;
    let states: Vec<TakeState> = takes.iter().map(|take| take.state).collect();
    assert_eq!(states, [TakeState::Saved, TakeState::Refused], "{takes:?}");
    engine.stop().await;
}

/// The same, while the lost request itself is not listed yet: the failed one may not be taken for it meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn a_failed_identical_request_is_not_claimed_before_the_lost_one_must_be_listed() {
    let late = "[[fault]]\nmethod = \"POST\"\npath = \"/v2/*\"\nnth = 1\ndelay_ms = 2500\n";
    let stage = Stage {
        certain_after: SignedDuration::from_secs(5),
        ..Stage::with_faults(&format!("{REFUSES_V1}{late}")).await
    };
    let failed = stage.admit_draft(v1("58")).await;
    let (engine, _events) = stage.start();
    assert_eq!(stage.settled(&failed).await[0].state, TakeState::Refused);
    engine.stop().await;
    let lost = stage.admit("58").await;
    let (take, client) = (stage.claimed(), stage.client());
    // It is in flight for a while yet, and its sender is gone.
    let on_its_way = tokio::spawn(async move { client.submit(take.model, &take.body).await });
    stage.store.leases("dead").release_all().unwrap();
    let (engine, _events) = stage.start();
    let takes = stage.settled(&lost).await;
    engine.stop().await;
    assert_eq!(takes[0].state, TakeState::Saved, "{:?}", takes[0]);
    let submitted = on_its_way.await.unwrap().unwrap().value;
    assert_eq!(takes[0].request_id, Some(submitted));
}

/// Its own never arrived: what is left is the failed one, for which nothing was billed.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_take_beside_an_identical_failed_one_is_settled() {
    let stage = Stage::with_faults(REFUSES_V1).await;
    let failed = stage.admit_draft(v1("59")).await;
    let (engine, _events) = stage.start();
    assert_eq!(stage.settled(&failed).await[0].state, TakeState::Refused);
    engine.stop().await;
    let lost = stage.admit("59").await;
    stage.claimed();
    stage.store.leases("dead").release_all().unwrap();
    let (engine, _events) = stage.start();
    let takes = stage.settled(&lost).await;
    engine.stop().await;
    assert_eq!(takes[0].state, TakeState::Failed, "{:?}", takes[0]);
    assert_eq!(takes[0].cost, Some(rushes::model::Usd::ZERO));
}

/// A blocking request that fails names no id. Its row has another prompt and the lost take's seed: it is the other's,
/// and no reason to wonder for ever.
#[tokio::test(flavor = "multi_thread")]
async fn a_failed_request_without_an_id_of_another_prompt_leaves_no_take_unclear() {
    let stage = Stage::with_faults(REFUSES_V1).await;
    let harbour = Form {
        prompt: "A harbour.".into(),
        ..v1("57")
    };
    let failed = stage.admit_draft(harbour).await;
    let (engine, _events) = stage.start();
    assert_eq!(stage.settled(&failed).await[0].state, TakeState::Refused);
    engine.stop().await;
    let lost = stage.admit("57").await;
    stage.claimed();
    stage.store.leases("dead").release_all().unwrap();
    let (engine, _events) = stage.start();
    let lost = stage.settled(&lost).await;
    assert_eq!(lost[0].state, TakeState::NotSent, "{:?}", lost[0]);
    engine.stop().await;
}

/// A blocking request may be answered without an id. Its row in the history belongs to its own take, not to an equal one
/// that never arrived: one bill would be in two takes.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_of_a_take_without_an_id_is_not_given_to_an_identical_take() {
    let stage = Stage::with_faults("").await;
    let named = stage.admit_draft(v1("56")).await;
    let (engine, _events) = stage.start();
    let request_id = stage.settled(&named).await[0].request_id.clone();
    engine.stop().await;
    let raw = rusqlite::Connection::open(stage.data.join("rushes.db")).unwrap();
    raw.execute("UPDATE takes SET request_id = NULL", []).unwrap();
    // Its sender died before the first byte.
    let lost = stage.admit_draft(v1("56")).await;
    stage.claimed();
    stage.store.leases("dead").release_all().unwrap();
    let (engine, _events) = stage.start();
    stage
        .wait(&lost, |take| {
            take.state == TakeState::Unknown || take.state.settled()
        })
        .await;
    until(
        || "the history is not asked".to_owned(),
        async || {
            engine.check_unknown();
            stage.looks(lost[0]) >= 3
        },
    )
    .await;
    assert_eq!(stage.take(lost[0]).state, TakeState::Unknown);
    // Reconciling tells whose it is. Then no other row is left for the other take.
    let (setup, now) = (stage.setup(), jiff::Timestamp::now());
    rushes::engine::reconcile::compare(&setup, now, 31).await.unwrap();
    assert_eq!(stage.take(named[0]).request_id, request_id);
    let lost = stage.settled(&lost).await;
    assert_eq!(lost[0].state, TakeState::NotSent, "{:?}", lost[0]);
    engine.stop().await;
}

/// Its response was the video, under an id of the gateway's own that no query knows. The program ended before it had
/// recorded more.
#[tokio::test(flavor = "multi_thread")]
async fn a_blocking_take_whose_response_came_is_saved_from_its_partial_download() {
    let stage = Stage::with_faults("").await;
    let ids = stage.admit_draft(v1("60")).await;
    let take = stage.claimed();
    let video = stage.video_path(&take);
    let mut part = tokio::fs::File::create(video.with_extension("mp4.part"))
        .await
        .unwrap();
    let client = stage.client();
    let response = client
        .generate_v1(take.model, &take.body, &mut part)
        .await
        .unwrap()
        .value;
    let accepted = Facts {
        request_id: Some("of-the-gateway".into()),
        http_status: Some(200),
        cost: response.cost,
        ..Facts::default()
    };
    stage
        .store
        .step("dead", take.id, TakeState::Accepted, "", &accepted)
        .unwrap();
    stage.store.leases("dead").release_all().unwrap();
    let (engine, _events) = stage.start();
    let takes = stage.settled(&ids).await;
    engine.stop().await;
    assert_eq!(takes[0].state, TakeState::Saved, "{:?}", takes[0]);
    assert_eq!(takes[0].cost, response.cost);
    let asked = stage.store.exchanges(take.id).unwrap();
    assert!(asked.is_empty(), "{asked:?}");
}

/// The history leaves fields out. What is left is the body of a refused take of the same seed, and the lost one's too.
#[tokio::test(flavor = "multi_thread")]
async fn a_shortened_row_is_not_explained_away_by_a_refused_take() {
    let stage = Stage::with_faults(REFUSES_V1).await;
    let refused = stage.admit_draft(v1("61")).await;
    let (engine, _events) = stage.start();
    assert_eq!(stage.settled(&refused).await[0].state, TakeState::Refused);
    engine.stop().await;
    // As a provider that drops the pictures shows it: sent without, kept with.
    let lost = stage
        .admit_draft(Form {
            images: vec!["https://example.com/kite.png".into()],
            ..v1("61")
        })
        .await;
    let take = stage.claimed();
    let mut body = take.body.clone();
    body["reference_images"] = serde_json::json!([]);
    stage.client().submit(take.model, &body).await.unwrap();
    stage.store.leases("dead").release_all().unwrap();
    let (engine, _events) = stage.start();
    let looked = |n: u32| stage.looks(lost[0]) >= n;
    let began = std::time::Instant::now();
    until(
        || format!("the history is not asked: {:?}", stage.take(lost[0])),
        async || {
            engine.check_unknown();
            looked(6) && began.elapsed() > std::time::Duration::from_secs(3)
        },
    )
    .await;
    assert_eq!(
        stage.take(lost[0]).state,
        TakeState::Unknown,
        "{:?}",
        stage.take(lost[0])
    );
    engine.stop().await;
}

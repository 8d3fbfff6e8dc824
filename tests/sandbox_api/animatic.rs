//! The films that the sandbox makes by itself.

use std::sync::Arc;

use rushes::media::inspect;
use rushes::model::clock::ManualClock;
use rushes::sandbox::start;
use serde_json::{Value, json};

use super::support::{Bench, client, options};

async fn bench() -> Bench {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let clock = Arc::new(ManualClock::at("2026-10-05T12:00:00Z".parse().unwrap()));
    let options = options(folder.path().join("state"), Arc::<ManualClock>::clone(&clock));
    Bench {
        sandbox: start(options).await.unwrap(),
        clock,
        client: client(),
        folder,
    }
}

fn scene(seed: u32) -> Value {
    json!({
        "prompt": "Shot 1 | 0s–2s\nA kite lifts.\nShot 2 | 2s–4s\nClose-up: it falls.",
        "resolution": "480p",
        "aspect_ratio": "9:16",
        "duration": 4,
        "seed": seed,
        "return_last_frame": true,
    })
}

#[tokio::test]
async fn films_play_as_asked_and_follow_from_the_request() {
    let bench = bench().await;
    let mut ids = Vec::new();
    for seed in [7, 7, 8] {
        ids.push(bench.submit_body(&scene(seed)).await);
    }
    bench.finish();
    let mut last_frame = Value::Null;
    for id in &ids {
        last_frame = bench.result(id).await.1["video"]["last_frame_url"].clone();
    }
    let film = bench
        .client
        .get(bench.url(&format!("/files/{}.mp4", ids[0])))
        .send()
        .await
        .unwrap();
    let path = bench.folder.path().join("film.mp4");
    std::fs::write(&path, film.bytes().await.unwrap()).unwrap();
    let info = inspect(&path).unwrap();
    assert_eq!(
        (info.width, info.height, info.frames, info.audio_codec.is_some()),
        (496, 864, 96, true)
    );
    let books = bench.books().await;
    let hash = |n: usize| books["requests"][n]["sha256"].as_str().unwrap();
    assert_eq!(hash(0), hash(1), "the same request gives the same bytes");
    assert_ne!(hash(0), hash(2), "another seed gives another film");
    let picture = bench
        .client
        .get(last_frame.as_str().unwrap())
        .send()
        .await
        .unwrap()
        .bytes()
        .await
        .unwrap();
    let width_and_height = [496_u32.to_be_bytes(), 864_u32.to_be_bytes()].concat();
    assert_eq!(picture[16..24], width_and_height);
}

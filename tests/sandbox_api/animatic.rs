//! The videos that the sandbox makes by itself.

use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use rushes::media::{Picture, frame_at, inspect};
use rushes::model::clock::ManualClock;
use rushes::sandbox::start;
use serde_json::{Value, json};

use super::support::{Bench, client, json_response, options};

async fn bench() -> Bench {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let clock = Arc::new(ManualClock::at("2026-10-05T12:00:00Z".parse().unwrap()));
    over(folder, clock).await
}

/// A sandbox over this folder, on a port of its own.
async fn over(folder: Arc<tempfile::TempDir>, clock: Arc<ManualClock>) -> Bench {
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
async fn videos_play_as_asked_and_follow_from_the_request() {
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
    let video = bench
        .client
        .get(bench.url(&format!("/files/{}.mp4", ids[0])))
        .send()
        .await
        .unwrap();
    let path = bench.folder.path().join("video.mp4");
    std::fs::write(&path, video.bytes().await.unwrap()).unwrap();
    let info = inspect(&path).unwrap();
    assert_eq!(
        (info.width, info.height, info.frames, info.audio_codec.is_some()),
        (496, 864, 96, true)
    );
    let ledger = bench.ledger().await;
    let hash = |n: usize| ledger["requests"][n]["sha256"].as_str().unwrap();
    assert_eq!(hash(0), hash(1), "the same request gives the same bytes");
    assert_ne!(hash(0), hash(2), "another seed gives another video");
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

/// A picture in one strong colour.
fn png(rgb: [u8; 3]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, 90, 160);
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&rgb.repeat(90 * 160)).unwrap();
    writer.finish().unwrap();
    file
}

async fn upload(bench: &Bench, bytes: &[u8]) -> String {
    let data = format!("data:image/png;base64,{}", BASE64_STANDARD.encode(bytes));
    let (status, stored) = json_response(bench.post("/upload-asset", &json!({"data_urls": [data]}))).await;
    assert_eq!(status, 200, "{stored}");
    stored["file_urls"][0].as_str().unwrap().to_owned()
}

/// The video's hash in the ledger, and its picture at 200 ms.
async fn video(bench: &Bench, body: &Value) -> (String, Picture) {
    let id = bench.submit_body(body).await;
    let path = download(bench, &id).await;
    let ledger = bench.ledger().await;
    let requests = ledger["requests"].as_array().unwrap();
    let own = requests
        .iter()
        .find(|request| request["request_id"] == id.as_str());
    let hash = own.unwrap()["sha256"].as_str().unwrap().to_owned();
    (hash, frame_at(&path, 200).unwrap())
}

/// The file of a video, when it is there.
async fn download(bench: &Bench, id: &str) -> PathBuf {
    bench.finish();
    let url = bench.url(&format!("/files/{id}.mp4"));
    let bytes = bench.client.get(url).send().await.unwrap().bytes().await.unwrap();
    let path = bench.folder.path().join(format!("{id}.mp4"));
    std::fs::write(&path, bytes).unwrap();
    path
}

fn is_red(picture: &Picture) -> bool {
    let [red, green, blue] = picture.pixel(picture.width / 2, picture.height * 2 / 5);
    red > 200 && green < 60 && blue < 60
}

#[tokio::test]
async fn an_uploaded_first_frame_is_also_seen_by_a_later_sandbox() {
    let bench = bench().await;
    let with = |url: &str| {
        let mut body = scene(7);
        body["first_frame_url"] = json!(url);
        body["return_last_frame"] = json!(false);
        body
    };
    let (plain, picture) = video(&bench, &with("")).await;
    assert!(!is_red(&picture));
    let red = upload(&bench, &png([240, 20, 20])).await;
    let (first, picture) = video(&bench, &with(&red)).await;
    assert!(is_red(&picture) && first != plain);
    let again = upload(&bench, &png([240, 20, 20])).await;
    assert_eq!(
        video(&bench, &with(&again)).await.0,
        first,
        "same picture, same video"
    );
    let (folder, clock, origin) = (bench.folder, bench.clock, bench.sandbox.origin());
    bench.sandbox.stop().await;
    let later = over(folder, clock).await;
    assert_ne!(later.sandbox.origin(), origin);
    assert_eq!(
        video(&later, &with(&red)).await.0,
        first,
        "the old URL names the same upload"
    );
}

#[tokio::test]
async fn no_other_url_is_ever_fetched() {
    let bench = bench().await;
    let trap = TcpListener::bind("127.0.0.1:0").unwrap();
    trap.set_nonblocking(true).unwrap();
    let trap_url = format!(
        "http://{}/assets/{}.png",
        trap.local_addr().unwrap(),
        "0".repeat(32)
    );
    let mut body = scene(7);
    body["prompt"] = json!("A kite as in image 1 and image 2.");
    let damaged = upload(&bench, b"\x89PNG not really").await;
    body["reference_images"] = json!([trap_url, damaged, format!("{}/../books.db", bench.url("/assets"))]);
    let (_, picture) = video(&bench, &body).await;
    assert_eq!(
        (picture.width, picture.height),
        (496, 864),
        "the video is made all the same"
    );
    let caller = trap.accept().map(|(_, from)| from);
    assert!(caller.is_err(), "{caller:?} came for a picture");
}

#[tokio::test]
async fn a_frame_in_the_request_itself_is_shown() {
    let bench = bench().await;
    let data = |rgb| format!("data:image/png;base64,{}", BASE64_STANDARD.encode(png(rgb)));
    let mut body = scene(7);
    body["first_frame_url"] = json!(data([240, 20, 20]));
    body["last_frame_url"] = json!(data([20, 20, 240]));
    let (_, picture) = video(&bench, &body).await;
    assert!(is_red(&picture));
}

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

/// Submits to a model and returns the id, and the name of the draft if it is one.
async fn submit_to(bench: &Bench, model: &str, body: &Value) -> (String, Value) {
    let (status, answer) = json_response(bench.post(&format!("/v2/{model}"), body)).await;
    assert_eq!(status, 200, "{answer}");
    (
        answer["request_id"].as_str().unwrap().to_owned(),
        answer["draft_task_id"].clone(),
    )
}

/// How much two pictures of any size differ, at 12 × 12 places, in levels of a colour.
fn difference(one: &Picture, other: &Picture) -> u32 {
    let at = |picture: &Picture, x: u32, y: u32| {
        picture.pixel(
            picture.width * (2 * x + 1) / 24,
            picture.height * (2 * y + 1) / 24,
        )
    };
    let places = (0..12).flat_map(|y| (0..12).map(move |x| (x, y)));
    let levels = places.flat_map(|(x, y)| {
        let (one, other) = (at(one, x, y), at(other, x, y));
        (0..3).map(move |channel| u32::from(one[channel].abs_diff(other[channel])))
    });
    levels.sum::<u32>() / (12 * 12 * 3)
}

#[tokio::test]
async fn a_final_is_the_animatic_of_its_draft_at_its_own_size() {
    const MODEL: &str = "seedance-2.5-draft-final";
    let bench = bench().await;
    let draft = |seed: u32| {
        let mut body = scene(seed);
        body["draft"] = json!(true);
        body
    };
    let (draft_id, name) = submit_to(&bench, MODEL, &draft(7)).await;
    let (other_id, _) = submit_to(&bench, MODEL, &draft(8)).await;
    let (draft, other) = (
        download(&bench, &draft_id).await,
        download(&bench, &other_id).await,
    );
    let body = json!({"draft_task_id": name, "resolution": "1080p"});
    let (final_id, _) = submit_to(&bench, MODEL, &body).await;
    let finished = download(&bench, &final_id).await;
    let info = inspect(&finished).unwrap();
    assert_eq!(
        (info.width, info.height, info.frames, info.audio_codec.is_some()),
        (1080, 1920, 96, true)
    );
    let last_frame = bench.result(&final_id).await.1["video"]["last_frame_url"].clone();
    assert!(last_frame.is_string(), "the draft asked for its last frame");
    for ms in [200, 3000] {
        let [draft, other, finished] = [&draft, &other, &finished].map(|path| frame_at(path, ms).unwrap());
        let (near, far) = (difference(&draft, &finished), difference(&other, &finished));
        assert!(
            near * 3 < far,
            "{ms} ms: {near} from the draft, {far} from another seed"
        );
    }
}

#[tokio::test]
async fn every_resolution_and_the_longest_take_are_served() {
    let bench = bench().await;
    for (model, resolution, seconds, size) in [
        ("seedance-2.0", "1080p", 4, (1920, 1080)),
        ("seedance-2.0", "4k", 4, (3840, 2160)),
        ("seedance-2.5", "1080p", 4, (1920, 1080)),
        ("seedance-2.5", "480p", 30, (864, 496)),
    ] {
        let body =
            json!({"prompt": "A kite lifts.", "resolution": resolution, "duration": seconds, "seed": 7});
        let (id, _) = submit_to(&bench, model, &body).await;
        let info = inspect(&download(&bench, &id).await).unwrap();
        assert_eq!(
            (info.width, info.height, info.frames),
            (size.0, size.1, seconds * 24),
            "{model} {resolution} {seconds} s"
        );
    }
}

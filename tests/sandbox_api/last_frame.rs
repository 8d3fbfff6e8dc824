//! The last frame, for requests that ask for it.

use std::io::Write;
use std::sync::Arc;

use rushes::media::Picture;
use rushes::model::Request;
use rushes::sandbox::{VideoError, VideoMaker};
use serde_json::{Value, json};

use super::support::{Bench, form, header};

/// Makes a trivial video with a last frame of 64 by 48.
struct Grey;

impl VideoMaker for Grey {
    fn video(&self, _: &Request, out: &mut dyn Write) -> Result<(), VideoError> {
        Ok(out.write_all(b"video")?)
    }

    fn last_frame(&self, _: &Request) -> Option<Picture> {
        let rgb = vec![99; 64 * 48 * 3];
        Some(Picture {
            width: 64,
            height: 48,
            rgb,
        })
    }
}

fn asked() -> Value {
    let mut body = form();
    body["return_last_frame"] = json!(true);
    body
}

#[tokio::test]
async fn a_last_frame_is_a_public_picture_and_no_download_of_the_video() {
    let bench = Bench::with_videos(Arc::new(Grey)).await;
    let (with, without) = (bench.submit_body(&asked()).await, bench.submit().await);
    bench.finish();
    let video = bench.result(&with).await.1["video"].clone();
    let url = video["last_frame_url"].as_str().unwrap();
    let picture = bench.client.get(url).send().await.unwrap();
    assert_eq!(
        (picture.status().as_u16(), header(&picture, "content-type")),
        (200, "image/png".to_owned())
    );
    let bytes = picture.bytes().await.unwrap();
    assert!(
        bytes.starts_with(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x40\0\0\0\x30"),
        "64 by 48"
    );
    assert!(
        bench.result(&without).await.1["video"]
            .get("last_frame_url")
            .is_none()
    );
    let other = bench.url(&format!("/files/{without}-last.png"));
    assert_eq!(bench.client.get(other).send().await.unwrap().status(), 404);
    assert_eq!(bench.ledger().await["requests"][0]["downloads"], 0);
    bench.later(8 * 24 * 3600);
    assert_eq!(bench.client.get(url).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn a_video_maker_without_last_frames_gives_none() {
    let bench = Bench::new().await;
    let id = bench.submit_body(&asked()).await;
    bench.finish();
    let (status, body) = bench.result(&id).await;
    assert_eq!(status, 200);
    assert!(body["video"].get("last_frame_url").is_none(), "{body}");
    let url = bench.url(&format!("/files/{id}-last.png"));
    assert_eq!(bench.client.get(url).send().await.unwrap().status(), 404);
}

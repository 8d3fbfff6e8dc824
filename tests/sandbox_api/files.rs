//! Videos and uploads under their public URLs.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::support::{Bench, header, json_response};

struct HexOf<'a>(&'a [u8]);

impl std::fmt::LowerHex for HexOf<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

async fn video(bench: &Bench) -> String {
    let id = bench.submit().await;
    bench.finish();
    bench.result(&id).await.1["output"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_download_can_be_resumed_and_matches_the_ledger() {
    let bench = Bench::new().await;
    let url = video(&bench).await;
    let whole = bench.client.get(&url).send().await.unwrap();
    assert_eq!(header(&whole, "accept-ranges"), "bytes");
    let tag = header(&whole, "etag");
    let bytes = whole.bytes().await.unwrap();
    let part = |range: &str| bench.client.get(&url).header("range", range);
    let rest = part("bytes=1000-").header("if-range", &tag).send().await.unwrap();
    assert_eq!(rest.status(), 206);
    assert_eq!(
        header(&rest, "content-range"),
        format!("bytes 1000-{}/{}", bytes.len() - 1, bytes.len())
    );
    assert_eq!(rest.bytes().await.unwrap(), bytes[1000..]);
    let changed = part("bytes=1000-")
        .header("if-range", "\"other\"")
        .send()
        .await
        .unwrap();
    assert_eq!(
        (changed.status().as_u16(), changed.bytes().await.unwrap().len()),
        (200, bytes.len())
    );
    let beyond = part(&format!("bytes={}-", bytes.len())).send().await.unwrap();
    assert_eq!(beyond.status(), 416);
    assert_eq!(
        header(&beyond, "content-range"),
        format!("bytes */{}", bytes.len())
    );
    let hash = format!("{:x}", HexOf(&Sha256::digest(&bytes)));
    let row = bench.ledger().await["requests"][0].clone();
    assert_eq!(
        (&row["sha256"], &row["bytes"]),
        (&json!(hash), &json!(bytes.len()))
    );
}

#[tokio::test]
async fn downloads_are_counted_and_a_head_is_not() {
    let bench = Bench::new().await;
    let url = video(&bench).await;
    let head = bench.client.head(&url).send().await.unwrap();
    assert_eq!(head.status(), 200);
    assert!(header(&head, "content-length").parse::<u64>().unwrap() > 1000);
    for _ in 0..2 {
        bench
            .client
            .get(&url)
            .send()
            .await
            .unwrap()
            .bytes()
            .await
            .unwrap();
    }
    let row = bench.ledger().await["requests"][0].clone();
    assert_eq!(
        [&row["results"], &row["downloads"], &row["handed_out"]],
        [&json!(1), &json!(2), &json!(3)]
    );
}

#[tokio::test]
async fn videos_are_kept_seven_days() {
    let bench = Bench::new().await;
    let url = video(&bench).await;
    bench.later(7 * 24 * 3600 - 60);
    assert_eq!(bench.client.get(&url).send().await.unwrap().status(), 200);
    bench.later(60);
    assert_eq!(bench.client.get(&url).send().await.unwrap().status(), 404);
    for odd in [
        "/files/none.mp4",
        "/files/none",
        "/files/..%2fbooks.db",
        "/assets/..%2f..%2fbooks.db",
    ] {
        assert_eq!(
            bench.client.get(bench.url(odd)).send().await.unwrap().status(),
            404,
            "{odd}"
        );
    }
}

#[tokio::test]
async fn a_video_does_not_exist_before_the_job_is_complete() {
    let bench = Bench::new().await;
    let id = bench.submit().await;
    let url = bench.url(&format!("/files/{id}.mp4"));
    assert_eq!(bench.client.get(&url).send().await.unwrap().status(), 404);
    bench.finish();
    assert_eq!(bench.client.get(&url).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn uploads_come_back_in_order_under_fresh_urls() {
    let bench = Bench::new().await;
    let picture = b"\x89PNG not really".as_slice();
    let sound = b"RIFF not really".as_slice();
    let data = |mime: &str, bytes: &[u8]| format!("data:{mime};base64,{}", BASE64_STANDARD.encode(bytes));
    let sent = json!({"data_urls": [data("image/png", picture), data("audio/wav", sound)]});
    let (status, first) = json_response(bench.post("/upload-asset", &sent)).await;
    assert_eq!(status, 200);
    let (_, second) = json_response(bench.post("/upload-asset", &sent)).await;
    assert_ne!(
        first["file_urls"], second["file_urls"],
        "not idempotent, as with the provider"
    );
    for (url, mime, bytes) in [
        (&first["file_urls"][0], "image/png", picture),
        (&first["file_urls"][1], "audio/wav", sound),
    ] {
        let url = url.as_str().unwrap();
        assert!(url.starts_with(&bench.url("/assets/")), "{url}");
        let got = bench.client.get(url).send().await.unwrap();
        assert_eq!(header(&got, "content-type"), mime);
        assert_eq!(got.bytes().await.unwrap(), bytes);
    }
    let ledger = bench.ledger().await;
    assert_eq!(
        ledger["uploads"],
        json!({"count": 4, "bytes": 2 * (picture.len() + sound.len())})
    );
    for wrong in [
        json!({}),
        json!({"data_urls": []}),
        json!({"data_urls": ["https://example.com/a.png"]}),
    ] {
        assert_eq!(
            json_response(bench.post("/upload-asset", &wrong)).await.0,
            400,
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn the_catalogue_needs_no_key() {
    let bench = Bench::new().await;
    let (status, list) =
        json_response(bench.client.get(bench.url("/inference-model-information/list"))).await;
    assert_eq!(status, 200);
    let slugs: Vec<&str> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|m| m["slug"].as_str().unwrap())
        .collect();
    assert_eq!(
        slugs,
        [
            "seedance-2.0",
            "seedance-2.0-fast",
            "seedance-2.0-mini",
            "seedance-2.5",
            "seedance-2.5-draft-final"
        ]
    );
    assert_eq!(list[0]["is_depreciated"], false);
    assert_eq!(
        list[0]["parameters_schema"]["properties"]["duration"]["enum"],
        json!([4, 5, 6, 8, 10, 12, 15])
    );
}

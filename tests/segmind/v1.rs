//! v1: raw video or JSON, told apart by the bytes rather than by the content type.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use rushes::model::{FailureKind as K, Model, Usd};
use rushes::segmind::{Class, Endpoints, V1Video};
use serde_json::json;
use tokio::io::AsyncWrite;

use crate::test_server::{Late, Play, Server, client_with, http};

const URL: &str = "https://images.segmind.com/x.mp4";

fn mp4() -> Vec<u8> {
    let mut video = b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2".to_vec();
    video.extend((0..300_000_u32).map(|i| u8::try_from(i % 251).unwrap()));
    video
}

async fn generate(response: Vec<u8>) -> (V1Video, Vec<u8>) {
    let server = Server::saying(response).await;
    let mut video = Vec::new();
    let response = server
        .client()
        .generate_v1(Model::default(), &json!({"prompt": "p"}), &mut video)
        .await
        .unwrap();
    assert!(server.seen()[0].starts_with("POST /v1/seedance-2.0 HTTP/1.1"));
    (response.value, video)
}

#[tokio::test]
async fn bytes_are_written_whatever_type_is_claimed() {
    for claimed in [
        "video/mp4",
        "application/octet-stream",
        "application/json",
        "text/html",
    ] {
        let (video, written) = generate(http(&format!("200 OK\r\ncontent-type: {claimed}"), mp4())).await;
        assert_eq!(video.url, None, "{claimed}");
        assert!(written == mp4(), "{claimed}: other bytes were written");
    }
    let (_, written) = generate(http("200 OK", mp4())).await;
    assert!(written == mp4());
    let (video, written) = generate(http(
        "200 OK\r\ncontent-type: video/webm",
        [0x1a, 0x45, 0xdf, 0xa3],
    ))
    .await;
    assert_eq!((video.url, written.len()), (None, 4));
    let chunked =
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\n\0\0\0\r\n9\r\n\x18ftypisom\r\n0\r\n\r\n";
    let (video, written) = generate(chunked.to_vec()).await;
    assert_eq!((video.url, written.len()), (None, 12));
}

#[tokio::test]
async fn every_name_of_the_url_is_read() {
    for body in [
        json!({"video": URL}),
        json!({"video": {"url": URL}}),
        json!({"video_url": URL}),
        json!({"output": URL}),
        json!({"output": {"video_url": URL}}),
        json!({"url": URL}),
        json!({"data": [{"url": URL}]}),
        json!(URL),
    ] {
        for claimed in ["application/json", "application/octet-stream", "text/plain"] {
            let response = http(
                &format!("200 OK\r\ncontent-type: {claimed}"),
                format!(" \n{body}"),
            );
            let (video, written) = generate(response).await;
            assert_eq!(video.url.as_deref(), Some(URL), "{claimed} {body}");
            assert!(written.is_empty());
        }
    }
}

#[tokio::test]
async fn headers_tell_bill_and_id() {
    let head = "200 OK\r\nx-cost: 1.512\r\nx-remaining-credits: 8.488\r\nx-generation-time: 163.1\r\n\
                x-seed-value: 42\r\nx-request-id: 0a1b";
    let (video, _) = generate(http(head, mp4())).await;
    assert_eq!(video.cost, Some(Usd::from_micros(1_512_000)));
    assert_eq!(video.request_id.as_deref(), Some("0a1b"));

    let odd = "200 OK\r\nx-cost: $0.70\r\nx-remaining-credits: much\r\nx-seed-value: -1";
    let (video, _) = generate(http(odd, mp4())).await;
    assert_eq!(
        (video.cost, video.request_id),
        (Some(Usd::from_micros(700_000)), None)
    );

    let body =
        json!({"output": URL, "request_id": "c", "seed": 7, "metrics": {"cost": 0.5, "inference_time": 9}});
    let (video, _) = generate(http("200 OK", body.to_string())).await;
    assert_eq!(video.cost, Some(Usd::from_micros(500_000)));
    assert_eq!(video.request_id.as_deref(), Some("c"));
}

#[tokio::test]
async fn a_truncated_video_was_bought() {
    let mut half = b"HTTP/1.1 200 OK\r\nx-request-id: 0a1b\r\ncontent-length: 900000\r\n\r\n".to_vec();
    half.extend(mp4());
    let server = Server::saying(half).await;
    let mut video = Vec::new();
    let error = server
        .client()
        .generate_v1("seedance-2.0-mini".parse().unwrap(), &json!({}), &mut video)
        .await
        .unwrap_err();
    assert_eq!(
        (error.class, error.kind),
        (Class::Ambiguous, K::Network),
        "{error}"
    );
    assert_eq!(error.request_id.as_deref(), Some("0a1b"));
}

struct FullDisk;

impl AsyncWrite for FullDisk {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, _: &[u8]) -> Poll<io::Result<usize>> {
        Poll::Ready(Err(io::ErrorKind::StorageFull.into()))
    }
    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[tokio::test]
async fn a_video_that_cannot_be_written_was_bought() {
    let server = Server::saying(http("200 OK", mp4())).await;
    let error = server
        .client()
        .generate_v1("seedance-2.0-mini".parse().unwrap(), &json!({}), &mut FullDisk)
        .await
        .unwrap_err();
    assert_eq!(
        (error.class, error.kind),
        (Class::Ambiguous, K::Storage),
        "{error}"
    );
}

/// v1 rightly keeps silent for longer than the time allowed between two bytes elsewhere.
#[tokio::test]
async fn the_wait_for_a_video_is_bounded_only_by_the_overall_time() {
    let late = Arc::new(Late::default());
    let play = Play::SayWhenLet(Arc::clone(&late), http("200 OK", mp4()));
    let server = Server::start(vec![play]).await;
    let silent = Server::start(vec![Play::Silence; 3]).await;
    let client_of =
        |server: &Server| client_with(Endpoints::at_one(&server.origin), Duration::from_millis(50));
    let (client, other) = (client_of(&server), client_of(&silent));
    let mut video = Vec::new();
    let body = json!({});
    let generating = client.generate_v1("seedance-2.0-mini".parse().unwrap(), &body, &mut video);
    // Several others, begun after it, have given up by the same time-out: the response must still be taken.
    let outlasting = async {
        late.asked.notified().await;
        for _ in 0..3 {
            other.credits().await.unwrap_err();
        }
        late.send.notify_one();
    };
    let (generated, ()) = tokio::join!(generating, outlasting);
    generated.unwrap();
    assert!(video == mp4());
}

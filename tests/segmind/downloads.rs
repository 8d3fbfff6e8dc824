//! Videos from their hosts: whole, resumed, redirected, gone, broken off.

use futures::StreamExt;
use rushes::model::FailureKind as K;
use rushes::segmind::{ApiError, Class, Download, MAX_VIDEO};

use crate::test_server::{KEY, Play, Server, client, html, http};

/// A client that would send its key to an origin that is not asked here.
fn away() -> rushes::segmind::Client {
    client("http://127.0.0.1:9")
}

async fn bytes_of(download: Download) -> Result<Vec<u8>, ApiError> {
    let mut chunks = download.chunks;
    let mut all = Vec::new();
    while let Some(chunk) = chunks.next().await {
        all.extend_from_slice(&chunk?);
    }
    Ok(all)
}

#[tokio::test]
async fn a_whole_video_is_downloaded_without_sending_the_key() {
    let server = Server::saying(http("200 OK\r\ncontent-type: video/mp4", b"0123456789")).await;
    let download = away()
        .download(&format!("{}/a.mp4?sig=1", server.origin), 0)
        .await
        .unwrap();
    assert_eq!((download.total, download.resumed), (Some(10), false));
    assert_eq!(bytes_of(download).await.unwrap(), b"0123456789");
    let seen = &server.seen()[0];
    assert!(seen.starts_with("GET /a.mp4?sig=1 HTTP/1.1"));
    assert!(
        !seen.contains(KEY) && !seen.contains("api-key") && !seen.contains("range:"),
        "{seen}"
    );
}

#[tokio::test]
async fn the_key_is_not_sent_even_to_the_gateway_when_it_hosts_the_video() {
    let server = Server::saying(http("200 OK", b"video")).await;
    server
        .client()
        .download(&format!("{}/a.mp4", server.origin), 0)
        .await
        .unwrap();
    assert!(!server.seen()[0].contains(KEY));
}

#[tokio::test]
async fn the_rest_is_requested_and_told_apart_from_the_whole() {
    let rest = http("206 Partial Content\r\ncontent-range: bytes 4-9/10", b"456789");
    let server = Server::saying(rest).await;
    let download = away().download(&server.origin, 4).await.unwrap();
    assert_eq!((download.total, download.resumed), (Some(10), true));
    assert_eq!(bytes_of(download).await.unwrap(), b"456789");
    assert!(
        server.seen()[0].contains("\r\nrange: bytes=4-\r\n"),
        "{}",
        server.seen()[0]
    );

    let server = Server::saying(http("200 OK", b"0123456789")).await;
    let download = away().download(&server.origin, 4).await.unwrap();
    assert_eq!((download.total, download.resumed), (Some(10), false));

    let server = Server::saying(http("416 Range Not Satisfiable\r\ncontent-range: bytes */10", "")).await;
    let download = away().download(&server.origin, 10).await.unwrap();
    assert_eq!((download.total, download.resumed), (Some(10), true));
    assert_eq!(bytes_of(download).await.unwrap(), b"");
    let error = away().download(&server.origin, 11).await.unwrap_err();
    assert_eq!((error.class, error.status), (Class::Repeatable, Some(416)));

    let wrong = http(
        "206 Partial Content\r\ncontent-range: bytes 0-9/10",
        b"0123456789",
    );
    let server = Server::saying(wrong).await;
    let error = away().download(&server.origin, 4).await.unwrap_err();
    assert_eq!(
        (error.class, error.kind),
        (Class::Repeatable, K::Delivery),
        "{error}"
    );
}

#[tokio::test]
async fn only_a_missing_file_is_final() {
    for (response, class, kind) in [
        (html(404, "Not Found"), Class::FatalForTake, K::Stale),
        (http("410 Gone", ""), Class::FatalForTake, K::Stale),
        (http("401 Unauthorized", ""), Class::Repeatable, K::Delivery),
        (
            http("403 Forbidden", "<Error>AccessDenied</Error>"),
            Class::Repeatable,
            K::Delivery,
        ),
        (http("429 Slow", ""), Class::Repeatable, K::Delivery),
        (html(503, "busy"), Class::Repeatable, K::Delivery),
        (http("204 No Content", ""), Class::Repeatable, K::Delivery),
    ] {
        let server = Server::saying(response).await;
        let error = away().download(&server.origin, 0).await.unwrap_err();
        assert_eq!((error.class, error.kind), (class, kind), "{error}");
    }
}

#[tokio::test]
async fn a_truncated_video_is_an_error_not_a_short_video() {
    let half = b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n0123".to_vec();
    let chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\n0123\r\n".to_vec();
    for response in [half.clone(), chunked] {
        let server = Server::saying(response).await;
        let download = away().download(&server.origin, 0).await.unwrap();
        let error = bytes_of(download).await.unwrap_err();
        assert_eq!(
            (error.class, error.kind),
            (Class::Repeatable, K::Network),
            "{error}"
        );
    }
    let server = Server::start(vec![Play::ResetUnread]).await;
    let error = away().download(&server.origin, 0).await.unwrap_err();
    assert_eq!(
        (error.class, error.kind),
        (Class::Repeatable, K::Network),
        "{error}"
    );
}

#[tokio::test]
async fn an_absurdly_large_video_is_not_downloaded() {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", MAX_VIDEO + 1);
    let server = Server::saying(head.into_bytes()).await;
    let error = away().download(&server.origin, 0).await.unwrap_err();
    assert_eq!(
        (error.class, error.kind),
        (Class::FatalForTake, K::Delivery),
        "{error}"
    );
}

#[tokio::test]
async fn redirects_of_video_hosts_are_followed_but_not_for_ever() {
    let video = Server::saying(http("200 OK", b"video")).await;
    let first = Server::saying(http(&format!("302 Found\r\nlocation: {}/b", video.origin), "")).await;
    let download = away().download(&first.origin, 0).await.unwrap();
    assert_eq!(bytes_of(download).await.unwrap(), b"video");

    let circle = Server::saying(http("302 Found\r\nlocation: /again", "")).await;
    let error = away().download(&circle.origin, 0).await.unwrap_err();
    assert!(error.message.contains("redirects in circles"), "{error}");
    assert!(circle.seen().len() < 10);
}

#[tokio::test]
async fn only_http_urls_are_downloaded() {
    for url in [
        "file:///etc/passwd",
        "/a.mp4",
        "",
        "ftp://a/b",
        "data:video/mp4;base64,AA",
    ] {
        let error = away().download(url, 0).await.unwrap_err();
        assert!(error.message.contains("is not a URL"), "{url}: {error}");
    }
}

//! Connections that fail, before or after the request is out; responses that are too long or too deep.

use std::time::Duration;

use rushes::model::{FailureKind as K, Model};
use rushes::segmind::{ApiError, Class, Client, Endpoints, MAX_RESPONSE, Timeouts};
use serde_json::json;
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use crate::test_server::{KEY, Play, Server, client, client_with, http};

async fn buy(client: &Client) -> [ApiError; 2] {
    let body = json!({"prompt": "a kitchen"});
    let mut video = Vec::new();
    [
        client.submit(Model::default(), &body).await.unwrap_err(),
        client
            .generate_v1(Model::default(), &body, &mut video)
            .await
            .unwrap_err(),
    ]
}

async fn check(client: &Client, bought: Class, words: &str) {
    for error in buy(client).await {
        assert_eq!((error.class, error.kind), (bought, K::Network), "{error}");
        assert!(error.message.contains(words), "{error}");
        assert!(
            !error.message.contains("http://") && !error.message.contains("/v2"),
            "{error}"
        );
    }
    let error = client.status("0123").await.unwrap_err();
    assert_eq!(
        (error.class, error.kind),
        (Class::Repeatable, K::Network),
        "{error}"
    );
}

#[tokio::test]
async fn a_refused_connection_sent_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    check(&client(&origin), Class::Repeatable, "refuses the connection").await;
}

#[tokio::test]
async fn a_name_that_does_not_resolve_sent_nothing() {
    // RFC 6761 keeps .invalid free of names. Behind a proxy the tunnel fails instead, with the same class.
    let client = client("https://rushes-test.invalid");
    for error in buy(&client).await {
        assert_eq!(
            (error.class, error.kind),
            (Class::Repeatable, K::Network),
            "{error}"
        );
        assert!(error.message.contains("rushes-test.invalid"), "{error}");
    }
}

#[tokio::test]
async fn a_connection_that_is_never_established_sent_nothing() {
    // A listener whose queue is full answers no further connection.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut queued = Vec::new();
    for _ in 0..8 {
        let connect = TcpStream::connect(address);
        match tokio::time::timeout(Duration::from_millis(200), connect).await {
            Ok(stream) => queued.push(stream.unwrap()),
            Err(_) => break,
        }
    }
    let timeouts = Timeouts {
        connect: Duration::from_millis(300),
        ..Timeouts::default()
    };
    let key = rushes::model::ApiKey::new(KEY).unwrap();
    let client = Client::new(Endpoints::at_one(&format!("http://{address}")), key, timeouts).unwrap();
    check(&client, Class::Repeatable, "no connection to 127.0.0.1").await;
}

#[tokio::test]
async fn a_failed_handshake_sent_nothing() {
    for said in ["HTTP/1.1 400 Bad Request\r\n\r\n", ""] {
        let server = Server::start(vec![Play::Blurt(said.into())]).await;
        let client = client(&server.origin.replace("http://", "https://"));
        check(&client, Class::Repeatable, "127.0.0.1").await;
        for bytes in server.seen() {
            assert!(
                !bytes.contains(KEY) && !bytes.contains("kitchen"),
                "sent before the handshake was done"
            );
        }
    }
}

#[tokio::test]
async fn a_reset_is_ambiguous_even_when_nothing_was_read() {
    for play in [Play::ResetUnread, Play::SayAndReset(Vec::new())] {
        let server = Server::start(vec![play]).await;
        check(&server.client(), Class::Ambiguous, "127.0.0.1").await;
        assert_eq!(
            server.seen().len(),
            3,
            "one connection for each call, none repeated"
        );
    }
}

#[tokio::test]
async fn a_silent_close_and_garbage_are_ambiguous() {
    for said in [
        "",
        "HTTP/1.1 2",
        "SSH-2.0-OpenSSH_9.2\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n",
    ] {
        let server = Server::saying(said.into()).await;
        for error in buy(&server.client()).await {
            assert_eq!(error.class, Class::Ambiguous, "{said:?}: {error}");
        }
        assert_eq!(
            server.client().status("0123").await.unwrap_err().class,
            Class::Repeatable
        );
    }
}

#[tokio::test]
async fn a_response_cut_off_in_the_middle_is_ambiguous() {
    let half = b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{\"request_id\":\"0a1b";
    let server = Server::saying(half.to_vec()).await;
    let error = server
        .client()
        .submit("seedance-2.0-fast".parse().unwrap(), &json!({}))
        .await
        .unwrap_err();
    assert_eq!(
        (error.class, error.status),
        (Class::Ambiguous, Some(200)),
        "{error}"
    );
    assert!(error.message.contains("broke off"), "{error}");

    let server = Server::start(vec![Play::SayAndReset(half.to_vec())]).await;
    for error in buy(&server.client()).await {
        assert_eq!(error.class, Class::Ambiguous, "{error}");
    }
}

#[tokio::test]
async fn silence_after_the_request_is_ambiguous() {
    let server = Server::start(vec![Play::Silence]).await;
    let client = client_with(Endpoints::at_one(&server.origin), Duration::from_millis(200));
    let error = client
        .submit("seedance-2.0-fast".parse().unwrap(), &json!({}))
        .await
        .unwrap_err();
    assert_eq!((error.class, error.kind), (Class::Ambiguous, K::Network));
    assert!(error.message.contains("did not answer in time"), "{error}");
    assert_eq!(client.result("0123").await.unwrap_err().class, Class::Repeatable);

    let timeouts = Timeouts {
        overall: Duration::from_millis(300),
        ..Timeouts::default()
    };
    let key = rushes::model::ApiKey::new(KEY).unwrap();
    let client = Client::new(Endpoints::at_one(&server.origin), key, timeouts).unwrap();
    for error in buy(&client).await {
        assert_eq!(error.class, Class::Ambiguous, "{error}");
    }
}

#[tokio::test]
async fn a_response_of_ten_megabytes_is_not_read() {
    let head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n[".to_vec();
    let server = Server::start(vec![Play::Forever(head, b"0,".repeat(32_768))]).await;
    for error in buy(&server.client()).await {
        assert_eq!(error.class, Class::Ambiguous);
        assert!(error.message.contains("more than 4 MiB"), "{error}");
        assert!(error.exchange.unwrap().response.unwrap().len() <= 64 * 1024);
    }
    let error = server.client().credits().await.unwrap_err();
    assert_eq!(error.class, Class::Repeatable);
    let text = format!("{{\"status\":\"QUEUED\",\"pad\":\"{}\"}}", "x".repeat(10 << 20));
    assert!(text.len() > MAX_RESPONSE);
    let server = Server::saying(http("200 OK", text)).await;
    assert_eq!(
        server.client().status("0123").await.unwrap_err().class,
        Class::Repeatable
    );
}

#[tokio::test]
async fn ten_thousand_levels_do_not_overflow() {
    let deep = format!(
        "{{\"request_id\":\"a\",\"x\":{}1{}}}",
        "[".repeat(10_000),
        "]".repeat(10_000)
    );
    let server = Server::saying(http("200 OK\r\ncontent-type: application/json", deep)).await;
    for error in buy(&server.client()).await {
        assert_eq!(error.class, Class::Ambiguous);
    }
    assert_eq!(
        server.client().status("0123").await.unwrap_err().class,
        Class::Repeatable
    );
    let deep = "{\"a\":".repeat(10_000);
    let server = Server::saying(http("400 Bad Request\r\ncontent-type: application/json", deep)).await;
    for error in buy(&server.client()).await {
        assert_eq!(error.class, Class::FatalForTake);
    }
}

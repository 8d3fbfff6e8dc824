//! A scripted server on the loopback that says exactly the bytes it is told to, hangs up when told to, and
//! remembers every byte it was sent.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use rushes::model::ApiKey;
use rushes::segmind::{Client, Endpoints, Timeouts};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

pub const KEY: &str = "SG_00112233445566aa";

/// A delayed response.
#[derive(Default)]
pub struct Late {
    pub asked: Notify,
    pub send: Notify,
}

/// What the server does with one connection.
#[derive(Clone)]
pub enum Play {
    /// Reads the request, says these bytes, closes.
    Say(Vec<u8>),
    /// Like [`Play::Say`], but only when the test allows it; notifies the test once it has been asked.
    SayWhenLet(Arc<Late>, Vec<u8>),
    /// Reads the request, says these bytes, then cuts the connection off with a reset, which may overtake
    /// the bytes.
    SayAndReset(Vec<u8>),
    /// Cuts the connection off before anything is read.
    ResetUnread,
    /// Reads the request and says nothing at all until the client leaves.
    Silence,
    /// Says these bytes, then the others over and over until the client leaves.
    Forever(Vec<u8>, Vec<u8>),
    /// Reads some bytes, whatever they are, says these and closes.
    Blurt(Vec<u8>),
}

pub struct Server {
    pub origin: String,
    seen: Arc<Mutex<Vec<Vec<u8>>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    /// Plays `plays` one connection after the other; the last one for all that follow.
    pub async fn start(plays: Vec<Play>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&seen);
        let task = tokio::spawn(async move {
            let mut next = 0;
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let play = plays[next.min(plays.len() - 1)].clone();
                next += 1;
                let at = {
                    let mut log = log.lock().unwrap();
                    log.push(Vec::new());
                    log.len() - 1
                };
                tokio::spawn(serve(stream, play, Arc::clone(&log), at));
            }
        });
        Self { origin, seen, task }
    }

    pub async fn saying(response: Vec<u8>) -> Self {
        Self::start(vec![Play::Say(response)]).await
    }

    /// Everything sent on each connection, as text.
    pub fn seen(&self) -> Vec<String> {
        let seen = self.seen.lock().unwrap();
        seen.iter()
            .map(|bytes| String::from_utf8_lossy(bytes).into_owned())
            .collect()
    }

    pub fn client(&self) -> Client {
        client(&self.origin)
    }
}

async fn serve(mut stream: TcpStream, play: Play, log: Arc<Mutex<Vec<Vec<u8>>>>, at: usize) {
    let remember = |bytes: Vec<u8>| log.lock().unwrap()[at] = bytes;
    match play {
        Play::Say(response) => {
            remember(read_request(&mut stream).await);
            let _ = stream.write_all(&response).await;
            let _ = stream.shutdown().await;
        }
        Play::SayWhenLet(late, response) => {
            remember(read_request(&mut stream).await);
            late.asked.notify_one();
            late.send.notified().await;
            let _ = stream.write_all(&response).await;
            let _ = stream.shutdown().await;
        }
        Play::SayAndReset(response) => {
            remember(read_request(&mut stream).await);
            let _ = stream.write_all(&response).await;
            let _ = stream.flush().await;
            let _ = stream.set_zero_linger();
        }
        Play::ResetUnread => {
            let _ = stream.set_zero_linger();
        }
        Play::Silence => {
            remember(read_request(&mut stream).await);
            let _ = stream.read(&mut [0; 64]).await;
        }
        Play::Forever(start, more) => {
            remember(read_request(&mut stream).await);
            let _ = stream.write_all(&start).await;
            while stream.write_all(&more).await.is_ok() {}
        }
        Play::Blurt(response) => {
            let mut bytes = vec![0; 4096];
            let count = stream.read(&mut bytes).await.unwrap_or(0);
            bytes.truncate(count);
            remember(bytes);
            let _ = stream.write_all(&response).await;
        }
    }
}

/// Head and body, as long as `content-length` says.
async fn read_request(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut chunk = vec![0; 16_384];
    loop {
        if let Some(end) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
            let length: usize = length.map_or(0, |text| text.trim().parse().unwrap());
            if bytes.len() >= end + 4 + length {
                return bytes;
            }
        }
        match stream.read(&mut chunk).await {
            Ok(0) | Err(_) => return bytes,
            Ok(count) => bytes.extend_from_slice(&chunk[..count]),
        }
    }
}

pub fn client(origin: &str) -> Client {
    client_with(Endpoints::at_one(origin), Duration::from_secs(20))
}

pub fn client_with(endpoints: Endpoints, read: Duration) -> Client {
    let timeouts = Timeouts {
        connect: Duration::from_secs(5),
        read,
        overall: Duration::from_mins(1),
    };
    Client::new(endpoints, ApiKey::new(KEY).unwrap(), timeouts).unwrap()
}

/// A whole response with its length; `head` is the status and further lines, such as `200 OK\r\nx-cost: 1`.
pub fn http(head: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let length = body.len();
    let mut bytes =
        format!("HTTP/1.1 {head}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n").into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

pub fn json(status: u16, body: &str) -> Vec<u8> {
    http(&format!("{status} Word\r\ncontent-type: application/json"), body)
}

pub fn html(status: u16, title: &str) -> Vec<u8> {
    let page = format!("<!DOCTYPE html><html><head><title>{title}</title></head><body>nginx</body></html>");
    http(&format!("{status} Word\r\ncontent-type: text/html"), page)
}

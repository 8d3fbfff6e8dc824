//! A scripted provider: HTTP on the loopback, one request per connection, and any response that the test wants.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A request: its head and, if its length is given, its body.
pub type Manner = fn(&str, &mut TcpStream);

/// One more line of a response's head.
pub const JSON: &str = "content-type: application/json";

pub struct Provider {
    pub origin: String,
    /// Every request as it came.
    pub seen: Arc<Mutex<Vec<String>>>,
}

impl Provider {
    /// Answers in this manner until the tests end.
    pub fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&seen);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { continue };
                let log = Arc::clone(&log);
                std::thread::spawn(move || {
                    let request = whole_request(&mut stream);
                    log.lock().unwrap().push(request.clone());
                    manner(&request, &mut stream);
                });
            }
        });
        Self { origin, seen }
    }
}

/// Nothing is left unread: else the end of the response could be lost to a reset.
fn whole_request(stream: &mut TcpStream) -> String {
    let (mut bytes, mut chunk) = (Vec::new(), [0; 4096]);
    loop {
        let n = stream.read(&mut chunk).unwrap_or(0);
        bytes.extend_from_slice(&chunk[..n]);
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
        let whole = end.is_some_and(|end| {
            let head = String::from_utf8_lossy(&bytes[..end]);
            bytes.len() >= end + 4 + length(&head)
        });
        if n == 0 || whole {
            return String::from_utf8_lossy(&bytes).into_owned();
        }
    }
}

/// The length of the body that this head announces.
fn length(head: &str) -> usize {
    let told = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse().ok())?
    });
    told.unwrap_or(0)
}

/// A whole response; `more` are lines of its head.
pub fn say(stream: &mut TcpStream, status: &str, more: &str, body: &str) {
    let response = format!(
        "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n{more}\r\n\r\n{body}",
        body.len()
    );
    let _ = stream.write_all(response.as_bytes());
}

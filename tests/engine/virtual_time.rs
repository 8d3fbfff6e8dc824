//! A provider that answers as a test scripts it, over real HTTP and in virtual time: hours pass in a moment.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rushes::engine::{Engine, Event, Setup};
use rushes::model::key::ApiKey;
use rushes::model::{Backend, Clock, Expectation, Form, Spending, Take, TakeId, Usd};
use rushes::segmind::{Client, Endpoints, Timeouts};
use rushes::store::{Admission, Reel, Store};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::Instant;

use crate::test_engine::form;

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Request {
    /// Since the world began.
    pub at: Duration,
    /// Such as `POST /v2/seedance-2.0`.
    pub line: String,
    pub body: String,
}

impl Request {
    pub fn is(&self, start: &str) -> bool {
        self.line.starts_with(start)
    }
}

/// A whole response, or `None` to hang up without one.
pub type Reply = Option<String>;

/// A response with its length and the provider's `Date`; `more` are further lines of its head.
#[allow(clippy::unnecessary_wraps, reason = "a script says this or hangs up")]
pub fn say(date: Timestamp, status: &str, more: &str, body: &str) -> Reply {
    let date = date.strftime("%a, %d %b %Y %H:%M:%S GMT");
    let more = if more.is_empty() {
        String::new()
    } else {
        format!("{more}\r\n")
    };
    let length = body.len();
    Some(format!(
        "HTTP/1.1 {status}\r\ndate: {date}\r\ncontent-length: {length}\r\nconnection: close\r\n\
         content-type: application/json\r\n{more}\r\n{body}"
    ))
}

/// This machine's clock: it goes by virtual time, and jumps when it is told to.
pub struct VirtualClock {
    began: Instant,
    jumped: Mutex<SignedDuration>,
}

pub fn start() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

impl VirtualClock {
    /// The true time, which the provider's clock shows.
    pub fn there(&self) -> Timestamp {
        start() + SignedDuration::try_from(self.began.elapsed()).unwrap()
    }

    pub fn jump(&self, by: SignedDuration) {
        *self.jumped.lock().unwrap_or_else(PoisonError::into_inner) += by;
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        self.there() + *self.jumped.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub struct World {
    pub folder: tempfile::TempDir,
    pub clock: Arc<VirtualClock>,
    pub store: Store,
    pub reel: Reel,
    pub seen: Arc<Mutex<Vec<Request>>>,
    pub backend: Backend,
    pub cap: Option<Usd>,
    origin: String,
}

impl World {
    /// A world whose provider answers as `script` says; it is given the true time.
    pub async fn start(script: impl Fn(&Request, Timestamp) -> Reply + Send + Sync + 'static) -> Self {
        rushes::segmind::tls::install();
        let clock = Arc::new(VirtualClock {
            began: Instant::now(),
            jumped: Mutex::default(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let script = Arc::new(script);
        let (log, times) = (Arc::clone(&seen), Arc::clone(&clock));
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (log, times, script) = (Arc::clone(&log), Arc::clone(&times), Arc::clone(&script));
                tokio::spawn(async move { serve(stream, &log, &times, &*script).await });
            }
        });
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("rushes.db"), clock.clone()).unwrap();
        let reel = store.reel("test").unwrap();
        Self {
            folder,
            clock,
            store,
            reel,
            seen,
            backend: Backend::Sandbox,
            cap: None,
            origin,
        }
    }

    /// The same file as another process has it.
    pub fn other_store(&self) -> Store {
        Store::open(&self.folder.path().join("rushes.db"), self.clock.clone()).unwrap()
    }

    pub fn client(&self) -> Client {
        // Virtual time may leap while bytes are on their way.
        let long = Duration::from_secs(100_000);
        let timeouts = Timeouts {
            connect: long,
            read: long,
            overall: long,
        };
        let key = ApiKey::new(rushes::sandbox::KEY).unwrap();
        Client::with_clock(
            Endpoints::stand_in(&self.origin),
            key,
            timeouts,
            self.clock.clone(),
        )
        .unwrap()
    }

    pub fn setup(&self, store: &Store) -> Setup {
        Setup {
            store: store.clone(),
            client: self.client(),
            clock: self.clock.clone(),
            backend: self.backend,
            reels: self.reels(),
            file_names: "{n}-s{seed}-{res}-{dur}s".parse().unwrap(),
            in_flight: 4,
            spending: Spending::fixed(self.cap),
            published: Arc::new(|_, _| Expectation::around(120_000, "a script")),
            history_certain_after: SignedDuration::from_mins(20),
            on_saved: Arc::new(|_, _| {}),
            random: 1,
            wake: rushes::engine::Wake::default(),
        }
    }

    pub fn reels(&self) -> PathBuf {
        self.folder.path().join("reels")
    }

    pub fn engine(&self) -> (Engine, UnboundedReceiver<Event>) {
        Engine::start(self.setup(&self.store))
    }

    /// Puts a number of takes of one form into the queue.
    pub fn admit(&self, takes: u32, form: Form) -> Vec<TakeId> {
        let seeds = (1..=takes).map(|seed| rushes::model::Seed::new(seed).unwrap());
        let admission = Admission::of(
            &self.reel.id,
            self.backend,
            form,
            seeds,
            Usd::from_micros(281_232),
            Usd::from_micros(284_162),
        );
        self.store.admit(&admission).unwrap()
    }

    pub fn take(&self, id: TakeId) -> Take {
        self.store.take(id).unwrap()
    }

    /// The requests so far whose line begins so.
    pub fn seen(&self, start: &str) -> Vec<Request> {
        let seen = self.seen.lock().unwrap();
        seen.iter().filter(|request| request.is(start)).cloned().collect()
    }

    /// Waits in virtual time until `holds`, at most so long; whether it does.
    pub async fn comes(&self, within: Duration, holds: impl Fn() -> bool) -> bool {
        let deadline = Instant::now() + within;
        while !holds() {
            if Instant::now() >= deadline {
                return false;
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        true
    }

    pub fn form() -> Form {
        form()
    }
}

async fn serve(
    mut stream: TcpStream,
    log: &Mutex<Vec<Request>>,
    clock: &VirtualClock,
    script: &(impl Fn(&Request, Timestamp) -> Reply + ?Sized),
) {
    let Some((head, body)) = read(&mut stream).await else {
        return;
    };
    let request = Request {
        at: clock.began.elapsed(),
        line: head.lines().next().unwrap_or_default().to_owned(),
        body,
    };
    log.lock().unwrap().push(request.clone());
    if let Some(reply) = script(&request, clock.there()) {
        let _ = stream.write_all(reply.as_bytes()).await;
        let _ = stream.shutdown().await;
    }
}

async fn read(stream: &mut TcpStream) -> Option<(String, String)> {
    let (mut bytes, mut chunk) = (Vec::new(), vec![0; 16_384]);
    loop {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
        if let Some(end) = end {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let length = head.to_ascii_lowercase().lines().find_map(|line| {
                let length = line.strip_prefix("content-length:")?;
                length.trim().parse::<usize>().ok()
            });
            if bytes.len() >= end + 4 + length.unwrap_or(0) {
                return Some((head, String::from_utf8_lossy(&bytes[end + 4..]).into_owned()));
            }
        }
        match stream.read(&mut chunk).await {
            Ok(0) | Err(_) => return None,
            Ok(count) => bytes.extend_from_slice(&chunk[..count]),
        }
    }
}

/// The most requests within any minute.
pub fn most_in_a_minute(requests: &[Request]) -> usize {
    let in_the_minute_from = |first: Duration| {
        let within = |request: &&Request| request.at >= first && request.at < first + Duration::from_secs(60);
        requests.iter().filter(within).count()
    };
    requests
        .iter()
        .map(|request| in_the_minute_from(request.at))
        .max()
        .unwrap_or(0)
}

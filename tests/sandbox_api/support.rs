//! A sandbox on a clock that is moved by hand, and a client for it.

use std::io::Write;
use std::path::PathBuf;
use std::sync::{Arc, Once};

use jiff::SignedDuration;
use reqwest::{RequestBuilder, Response};
use rushes::model::Request;
use rushes::model::Usd;
use rushes::model::clock::ManualClock;
use rushes::sandbox::{
    KEY, Options, PLAY_MONEY, Pace, Sandbox, SandboxError, VideoError, VideoMaker, start_with,
};
use serde_json::{Value, json};

/// A running sandbox.
pub struct Bench {
    pub sandbox: Sandbox,
    pub clock: Arc<ManualClock>,
    pub client: reqwest::Client,
    pub folder: Arc<tempfile::TempDir>,
}

/// Options over `state` on a free port, with `clock` as the clock.
pub fn options(state: PathBuf, clock: Arc<ManualClock>) -> Options {
    Options {
        state,
        bind: "127.0.0.1:0".parse().unwrap(),
        pace: Pace::Scaled(1.0),
        faults: None,
        v1_json: false,
        same_seed: rushes::sandbox::SameSeed::default(),
        clock,
        balance: PLAY_MONEY,
    }
}

/// A video that is quick to make: 200 KB that depend on the request.
pub fn quick_videos() -> Arc<dyn VideoMaker> {
    Arc::new(
        |request: &Request, out: &mut dyn Write| -> Result<(), VideoError> {
            out.write_all(b"\0\0\0\x18ftypisom\0\0\x02\0isommp41")?;
            for line in 0..20_000 {
                writeln!(out, "{line:06} {}", request.seed)?;
            }
            Ok(())
        },
    )
}

pub fn client() -> reqwest::Client {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        rustls::crypto::ring::default_provider()
            .install_default()
            .unwrap();
    });
    reqwest::Client::builder().no_proxy().build().unwrap()
}

impl Bench {
    pub async fn new() -> Self {
        Self::with(|_| ()).await
    }

    pub async fn with(change: impl FnOnce(&mut Options)) -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let clock = Arc::new(ManualClock::at("2026-10-05T12:00:00Z".parse().unwrap()));
        Self::over(folder, clock, change).await.unwrap()
    }

    pub async fn with_videos(maker: Arc<dyn VideoMaker>) -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let clock = Arc::new(ManualClock::at("2026-10-05T12:00:00Z".parse().unwrap()));
        let options = options(folder.path().join("state"), Arc::clone(&clock));
        let sandbox = start_with(options, maker).await.unwrap();
        Self {
            sandbox,
            clock,
            client: client(),
            folder,
        }
    }

    /// With this text as its faults file.
    pub async fn with_faults(text: &str) -> Self {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        Self::with(|options| options.faults = Some(file.path().to_owned())).await
    }

    pub async fn over(
        folder: Arc<tempfile::TempDir>,
        clock: Arc<ManualClock>,
        change: impl FnOnce(&mut Options),
    ) -> Result<Self, SandboxError> {
        let mut options = options(folder.path().join("state"), Arc::<ManualClock>::clone(&clock));
        change(&mut options);
        Ok(Self {
            sandbox: start_with(options, quick_videos()).await?,
            clock,
            client: client(),
            folder,
        })
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.sandbox.origin())
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(self.url(path)).header("x-api-key", KEY)
    }

    pub fn post(&self, path: &str, body: &Value) -> RequestBuilder {
        self.client
            .post(self.url(path))
            .header("x-api-key", KEY)
            .json(body)
    }

    pub async fn json(&self, path: &str) -> (u16, Value) {
        json_response(self.get(path)).await
    }

    /// Submits a request for ten seconds and returns its id.
    pub async fn submit(&self) -> String {
        self.submit_body(&form()).await
    }

    pub async fn submit_body(&self, body: &Value) -> String {
        let (status, response) = json_response(self.post("/v2/seedance-2.0", body)).await;
        assert_eq!(status, 200, "{response}");
        response["request_id"].as_str().unwrap().to_owned()
    }

    pub fn later(&self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds));
    }

    /// Past the end of every render.
    pub fn finish(&self) {
        self.later(60);
    }

    pub async fn status(&self, id: &str) -> (u16, Value) {
        self.json(&format!("/v2/requests/{id}/status")).await
    }

    pub async fn result(&self, id: &str) -> (u16, Value) {
        self.json(&format!("/v2/requests/{id}")).await
    }

    pub async fn credits(&self) -> f64 {
        self.json("/v1/get-user-credits").await.1["credits"]
            .as_f64()
            .unwrap()
    }

    /// The sandbox's ledger; no key is sent.
    pub async fn ledger(&self) -> Value {
        let (status, ledger) = json_response(self.client.get(self.url("/_sandbox/ledger"))).await;
        assert_eq!(status, 200);
        let sum = ["balance", "reserved", "charged"]
            .iter()
            .map(|part| usd(&ledger[part]).micros())
            .sum();
        assert_eq!(
            usd(&ledger["opening"]),
            Usd::from_micros(sum),
            "the ledger must balance: {ledger}"
        );
        ledger
    }

    /// How many requests the ledger has.
    pub async fn accepted(&self) -> usize {
        self.ledger().await["requests"].as_array().unwrap().len()
    }
}

pub fn usd(value: &Value) -> Usd {
    serde_json::from_value(value.clone()).unwrap()
}

pub fn form() -> Value {
    json!({"prompt": "Shot 1: a kite lifts.", "resolution": "480p", "seed": 7})
}

/// Status and JSON body.
pub async fn json_response(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

pub fn header(response: &Response, name: &str) -> String {
    let value = response.headers().get(name);
    value
        .map(|value| value.to_str().unwrap().to_owned())
        .unwrap_or_default()
}

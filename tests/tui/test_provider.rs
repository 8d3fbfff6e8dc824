//! The provider of a workbench under test: the real sandbox on the desk's clock, with the real engine.

use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use jiff::SignedDuration;
use rushes::engine;
use rushes::media::{Sound, VideoSource, Yuv};
use rushes::model::key::ApiKey;
use rushes::model::{Backend, Clock, Expectation, Request, Seed, Spending, Usd};
use rushes::sandbox::{self, Pace, VideoError};
use rushes::segmind::{Client, Endpoints, Timeouts};
use rushes::service::{Session, Starter, workbench};
use rushes::store::Store;

use crate::test_workbench::Desk;

/// How much slower than the sandbox's own pace: a 480p take waits 3 to 10 s of the desk's clock in the provider's queue
/// and is rendered after less than 110 s in all, a 720p take after less than 210 s. Which it is follows from its id.
const PACE: f64 = 0.12;

/// How the provider behaves.
#[derive(Default)]
pub struct Provider {
    /// The contents of a faults file.
    pub faults: &'static str,
    /// What is in the account, in dollars; `50` unless given.
    pub balance: Option<&'static str>,
    /// The maximum number of takes there at once; 4 unless given.
    pub in_flight: Option<u32>,
    /// It renders a hundred times as fast, so that the engine, which learns how long takes last, asks a hundred times as
    /// often.
    pub is_fast: bool,
    /// A generation of this prompt and seed was started by another program.
    pub elsewhere: Option<(&'static str, u32)>,
}

impl Provider {
    /// Starts the sandbox and an engine on it, both in `folder`.
    pub fn starter(
        self,
        folder: &Path,
        desk: &Desk,
        spending: Spending,
        backend: Backend,
        wake: engine::Wake,
    ) -> Starter {
        let (store, clock): (Store, Arc<dyn Clock>) = (desk.store.clone(), desk.clock.clone());
        rushes::segmind::tls::install();
        let (state, reels) = (folder.join("sandbox"), folder.join("reels"));
        std::fs::create_dir_all(&state).unwrap();
        let faults = state.join("faults.toml");
        std::fs::write(&faults, self.faults).unwrap();
        let options = sandbox::Options {
            state,
            bind: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            pace: Pace::Scaled(if self.is_fast { 100.0 * PACE } else { PACE }),
            faults: Some(faults),
            v1_json: false,
            same_seed: rushes::sandbox::SameSeed::default(),
            clock: clock.clone(),
            balance: Usd::parse(self.balance.unwrap_or("50")).unwrap(),
        };
        Box::new(move || {
            async move {
                let sandbox = sandbox::start_with(options, Arc::new(video)).await.unwrap();
                let origin = sandbox.origin();
                let endpoints = match backend {
                    Backend::Live => Endpoints::at_one(&origin),
                    Backend::Sandbox => Endpoints::stand_in(&origin),
                };
                let key = ApiKey::new(sandbox::KEY).unwrap();
                let timeouts = Timeouts {
                    connect: Duration::from_secs(5),
                    read: Duration::from_secs(5),
                    overall: Duration::from_secs(30),
                };
                let client = Client::with_clock(endpoints, key, timeouts, clock.clone()).unwrap();
                if let Some((prompt, seed)) = self.elsewhere {
                    let form = rushes::model::Form {
                        prompt: prompt.to_owned(),
                        ..rushes::model::Form::default()
                    };
                    let request = form.request(Seed::new(seed).unwrap());
                    client.submit(request.form.model, &request.body()).await.unwrap();
                }
                let setup = engine::Setup {
                    store,
                    client,
                    clock,
                    backend,
                    reels,
                    file_names: "{n}-s{seed}-{res}-{dur}s".parse().unwrap(),
                    in_flight: self.in_flight.unwrap_or(4),
                    spending,
                    // The engine asks often while the clock stands still, and every other second after it was moved.
                    published: Arc::new(|_, _| Expectation {
                        p10_ms: 700,
                        p50_ms: 700,
                        p90_ms: 600_000,
                        basis: "a test asks often".to_owned(),
                    }),
                    history_certain_after: SignedDuration::from_mins(20),
                    on_saved: Arc::new(|_, _| {}),
                    random: 1,
                    wake,
                };
                Ok(workbench::start(Session::on(setup, Some(sandbox))))
            }
            .boxed()
        })
    }
}

/// Frames a second of the videos: few, so that they are encoded quickly.
const FPS: u32 = 2;

/// A video of one picture: a sky that grows lighter towards the sea.
fn video(request: &Request, out: &mut dyn Write) -> Result<(), VideoError> {
    let mut video = Still {
        size: request.pixels(),
        frames: u32::from(request.form.duration.get()) * FPS,
    };
    rushes::media::encode(&mut video, out)?;
    Ok(())
}

struct Still {
    size: (u32, u32),
    frames: u32,
}

impl VideoSource for Still {
    fn size(&self) -> (u32, u32) {
        self.size
    }
    fn fps(&self) -> u32 {
        FPS
    }
    fn frames(&self) -> u32 {
        self.frames
    }
    fn title(&self) -> &'static str {
        "still"
    }
    fn is_cut(&self, _frame: u32) -> bool {
        false
    }
    fn draw(&mut self, frame: u32, picture: &mut Yuv) {
        if frame > 0 {
            return;
        }
        let (width, height) = (self.size.0 as usize, self.size.1 as usize);
        for (y, row) in picture.y.chunks_exact_mut(width).enumerate() {
            let light = if y * 2 < height { 60 + y * 200 / height } else { 40 };
            row.fill(u8::try_from(light).unwrap());
        }
        picture.u.fill(150);
        picture.v.fill(110);
    }
    fn sound(&self) -> Option<Sound> {
        None
    }
}

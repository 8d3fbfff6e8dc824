//! Starts and stops a sandbox.

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::app::{App, router};
use super::connections::{Connection, CuttableListener};
use super::faults::{self, Faults};
use super::ledger::Ledger;
use super::video_maker::Animatics;
use super::videos::Videos;
use super::{Options, SandboxError, VideoMaker};

/// How long a stop waits for responses in progress.
const GRACE: Duration = Duration::from_millis(200);

/// The folder of uploads in the state folder.
const ASSETS: &str = "assets";

/// A running sandbox. Dropping it ends it at once; [`Sandbox::stop`] lets responses in progress finish.
pub struct Sandbox {
    origin: String,
    address: SocketAddr,
    drain: CancellationToken,
    cut_all: CancellationToken,
    serving: JoinHandle<io::Result<()>>,
}

/// Starts a sandbox whose videos are the animatics of the scripts.
pub async fn start(options: Options) -> Result<Sandbox, SandboxError> {
    let assets = options.state.join(ASSETS);
    start_with(options, Arc::new(Animatics { assets })).await
}

/// Starts a sandbox whose videos come from `maker`.
pub async fn start_with(options: Options, maker: Arc<dyn VideoMaker>) -> Result<Sandbox, SandboxError> {
    check(&options)?;
    let faults = match &options.faults {
        Some(file) => faults::load(file)?,
        None => Faults::default(),
    };
    let drain = CancellationToken::new();
    let cut_all = CancellationToken::new();
    let listener = CuttableListener::new(listen(options.bind).await?, cut_all.clone());
    let address = listener.address().map_err(|source| SandboxError::Listen {
        address: options.bind,
        source,
    })?;
    let app = open(options, format!("http://{address}"), maker, drain.clone())?;
    let service = router(Arc::new(app), faults).into_make_service_with_connect_info::<Connection>();
    let server = axum::serve(listener, service).with_graceful_shutdown(drain.clone().cancelled_owned());
    Ok(Sandbox {
        origin: format!("http://{address}"),
        address,
        drain,
        cut_all,
        serving: tokio::spawn(async move { server.await }),
    })
}

impl Sandbox {
    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub fn origin(&self) -> String {
        self.origin.clone()
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops it: responses in progress have a moment to finish, then their connections are cut. Accepted jobs continue by
    /// the clock and are there at the next start.
    pub async fn stop(mut self) {
        self.drain.cancel();
        if timeout(GRACE, &mut self.serving).await.is_err() {
            self.cut_all.cancel();
            // Only a safeguard: cut connections end by themselves.
            let _ = timeout(GRACE, &mut self.serving).await;
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.drain.cancel();
        self.cut_all.cancel();
    }
}

fn check(options: &Options) -> Result<(), SandboxError> {
    if !options.bind.ip().is_loopback() {
        return Err(SandboxError::NotLoopback {
            address: options.bind,
        });
    }
    match options.pace {
        super::Pace::Scaled(given) if !options.pace.is_usable() => Err(SandboxError::Speed { given }),
        _ => Ok(()),
    }
}

async fn listen(address: SocketAddr) -> Result<TcpListener, SandboxError> {
    TcpListener::bind(address)
        .await
        .map_err(|source| match source.kind() {
            io::ErrorKind::AddrInUse => SandboxError::PortTaken { address },
            _ => SandboxError::Listen { address, source },
        })
}

fn open(
    options: Options,
    origin: String,
    maker: Arc<dyn VideoMaker>,
    stop: CancellationToken,
) -> Result<App, SandboxError> {
    let folder = |name: &str| make_folder(&options.state, name);
    let (files, assets) = (folder("files")?, folder(ASSETS)?);
    let ledger = Ledger::open(&options.state.join("books.db"), options.balance)?;
    let videos = Videos::new(files, maker, options.same_seed, stop);
    for request_id in ledger.expired_videos(options.clock.now())? {
        videos.remove(&request_id);
    }
    Ok(App {
        ledger,
        videos,
        assets,
        pace: options.pace,
        v1_json: options.v1_json,
        clock: options.clock,
        origin,
    })
}

fn make_folder(state: &Path, name: &str) -> Result<std::path::PathBuf, SandboxError> {
    let path = state.join(name);
    match std::fs::create_dir_all(&path) {
        Ok(()) => Ok(path),
        Err(source) => Err(SandboxError::State { path, source }),
    }
}

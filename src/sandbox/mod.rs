//! The API's stand-in on the loopback: same paths, bodies, codes and timings, real videos, no money.
//!
//! It knows nothing about the program's own store or client, which speak HTTP to it. Its ledger is a file of its own, so that
//! accepted requests outlive the process, as they do at the provider.

mod app;
mod auth;
mod bill;
mod connections;
mod data_url;
mod drafts;
mod error;
pub mod faults;
mod intake;
mod last_frame;
mod ledger;
mod ranges;
mod refusals;
mod routes;
mod server;
mod timing;
mod video_maker;
mod videos;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

pub use error::SandboxError;
pub use ledger::LedgerError;
pub use server::{Sandbox, start, start_with};
pub use timing::{Pace, scaled_seconds};
pub use video_maker::{VideoError, VideoMaker};

use crate::model::{Clock, Usd};

/// The key that the embedded sandbox is used with. Any key of Segmind's form (`SG_` and 16 hex digits) is
/// accepted; others get 401.
pub const KEY: &str = "SG_005a4db0c5005a4d";

/// What is in the account of a new ledger.
pub const PLAY_MONEY: Usd = Usd::from_micros(100_000_000);

/// What the same request with the same seed gives once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SameSeed {
    /// The same bytes.
    #[default]
    Same,
    /// A video that looks the same: some rows of its pictures are a little lighter.
    Near,
    /// The video of another seed.
    Different,
}

/// How a sandbox is run.
#[derive(Clone)]
pub struct Options {
    /// Folder of the ledger, videos and uploads; made when missing. Several sandboxes may share one.
    pub state: PathBuf,
    /// Where to listen: the loopback only; port 0 chooses a free one.
    pub bind: SocketAddr,
    pub pace: Pace,
    /// A file of scripted failures, see [`faults`].
    pub faults: Option<PathBuf>,
    /// Whether v1 responds with a URL in JSON instead of the video's bytes (both have been seen).
    pub v1_json: bool,
    pub same_seed: SameSeed,
    pub clock: Arc<dyn Clock>,
    /// The play money in the account of a new ledger.
    pub balance: Usd,
}

//! The API's stand-in on the loopback: same paths, bodies, codes and timings, real films, no money.
//!
//! Knows nothing of the program's own store or client; whoever wants the sandbox speaks HTTP to it. Its books
//! are a file of their own, so that what it accepted outlives the process, as with the provider.

mod answers;
mod app;
mod auth;
mod bill;
mod books;
mod error;
pub mod faults;
mod films;
mod intake;
mod pace;
mod ranges;
mod routes;
mod server;
mod wire;

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

pub use books::BooksError;
pub use error::SandboxError;
pub use pace::Pace;
pub use server::{Sandbox, start, start_with};

use crate::model::{Clock, Request, Usd};

/// The key that the embedded sandbox is used with. Any key of Segmind's form (`SG_` and 16 hex digits) opens
/// it; others draw 401.
pub const KEY: &str = "SG_005a4db0c5005a4d";

/// What is in the account when the books are opened for the first time.
pub const PLAY_MONEY: Usd = Usd::from_micros(100_000_000);

/// Why a film could not be made.
pub type FilmError = Box<dyn std::error::Error + Send + Sync>;

/// Writes the film of a request as MP4. The same request must give the same bytes.
pub type FilmMaker = Arc<dyn Fn(&Request, &mut dyn Write) -> Result<(), FilmError> + Send + Sync>;

/// How a sandbox is run.
#[derive(Clone)]
pub struct Options {
    /// Folder of the books, films and uploads; made when missing. Several sandboxes may share one.
    pub state: PathBuf,
    /// Where to listen: the loopback only; port 0 takes a free one.
    pub bind: SocketAddr,
    pub pace: Pace,
    /// A file of scripted failures, see [`faults`].
    pub faults: Option<PathBuf>,
    /// Whether v1 answers JSON with an address instead of the film's bytes (both are seen in the wild).
    pub v1_json: bool,
    pub clock: Arc<dyn Clock>,
    /// The play money in the account; counts only when the books are opened for the first time.
    pub balance: Usd,
}

/// A film of the request's bytes alone, in an MP4's outer boxes.
fn film_maker() -> FilmMaker {
    std::sync::Arc::new(|request, out| {
        out.write_all(b"\0\0\0\x18ftypisom\0\0\x02\0isommp41")?;
        let body = request.body().to_string();
        let size = u32::try_from(body.len() + 8)?;
        out.write_all(&size.to_be_bytes())?;
        out.write_all(b"mdat")?;
        Ok(out.write_all(body.as_bytes())?)
    })
}

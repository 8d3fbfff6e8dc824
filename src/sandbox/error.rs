//! Why a sandbox did not start.

use std::net::SocketAddr;
use std::path::PathBuf;

use super::faults::FaultsError;
use super::ledger::LedgerError;

/// Why a sandbox did not start, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    #[error("the sandbox is not offered on {address}: it listens on the loopback only, use 127.0.0.1")]
    NotLoopback { address: SocketAddr },
    #[error("port {port} on {ip} is taken: choose another port, or 0 for a free one", ip = address.ip(), port = address.port())]
    PortTaken { address: SocketAddr },
    #[error("cannot listen on {address}: {source}")]
    Listen {
        address: SocketAddr,
        source: std::io::Error,
    },
    #[error("{given} is not a speed: give a number above 0, such as 1 or 50")]
    Speed { given: f64 },
    #[error("cannot use the sandbox's folder {}: {source}; make it writable or choose another", path.display())]
    State { path: PathBuf, source: std::io::Error },
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Faults(#[from] FaultsError),
}

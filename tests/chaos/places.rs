//! Where a storm lies: the folder of the store, what must outlive it, and the program as it is installed.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rushes::model::{Backend, SystemClock};
use rushes::store::{Options, Store};

/// The harness does not wait long for a database that is locked; it tries again at a later tick.
const BUSY: Duration = Duration::from_millis(200);

/// The folders of one round. Only `home` may be on a disk that becomes full.
#[derive(Debug, Clone)]
pub struct Places {
    /// Holds everything of the round.
    pub outer: PathBuf,
    /// What `RUSHES_HOME` names.
    pub home: PathBuf,
    /// Whose money is spent there. Live money goes to the sandbox as well, and a cap holds it.
    pub backend: Backend,
}

impl Places {
    pub fn new(outer: &Path, backend: Backend) -> Self {
        let places = Self {
            outer: outer.to_owned(),
            home: outer.join("home"),
            backend,
        };
        std::fs::create_dir_all(places.outer.join("bin")).unwrap();
        std::fs::create_dir_all(&places.home).unwrap();
        places
    }

    /// The program that clients run. Its file is replaced while they run.
    pub fn program(&self) -> PathBuf {
        self.outer.join("bin/rushes")
    }

    pub fn database(&self) -> PathBuf {
        self.home.join("data/rushes.db")
    }

    /// Everything that processes say, for whoever looks into a failed run.
    pub fn said(&self) -> PathBuf {
        self.outer.join("said.log")
    }

    /// The store, as a user's hand in it; none while it is not there, locked, or without room.
    pub fn store(&self) -> Option<Store> {
        if !self.database().exists() {
            return None;
        }
        Store::open_with(
            &self.database(),
            Arc::new(SystemClock),
            Options { busy_timeout: BUSY },
        )
        .ok()
    }
}

//! The folders of a storm: the store's, the one for what must outlive it, and the one with the installed program.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rushes::model::{Backend, SystemClock};
use rushes::store::{Store, StoreOptions};

/// The harness does not wait long for a database that is locked; it tries again at a later tick.
const BUSY: Duration = Duration::from_millis(200);

/// The folders of one round. Only `home` may be on a disk that becomes full.
#[derive(Debug, Clone)]
pub struct Folders {
    /// Holds everything of the round.
    pub outer: PathBuf,
    /// What `RUSHES_HOME` names.
    pub home: PathBuf,
    /// Whose money is spent there. Live money goes to the sandbox as well, and a cap holds it.
    pub backend: Backend,
}

impl Folders {
    pub fn new(outer: &Path, backend: Backend) -> Self {
        let folders = Self {
            outer: outer.to_owned(),
            home: outer.join("home"),
            backend,
        };
        std::fs::create_dir_all(folders.outer.join("bin")).unwrap();
        std::fs::create_dir_all(&folders.home).unwrap();
        folders
    }

    /// The program that clients run. Its file is replaced while they run.
    pub fn program(&self) -> PathBuf {
        self.outer.join("bin/rushes")
    }

    pub fn database(&self) -> PathBuf {
        self.home.join("data/rushes.db")
    }

    /// Everything that processes print, for the analysis of a failed run.
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
            StoreOptions { busy_timeout: BUSY },
        )
        .ok()
    }
}

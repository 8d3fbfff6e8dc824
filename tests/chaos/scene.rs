//! What a storm takes place in: processes, clocks, folders, and what was counted and found so far.

use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use crate::audit::Wrong;
use crate::clients::Clients;
use crate::disk::Disk;
use crate::figures::{Figures, add};
use crate::places::Places;
use crate::server::Server;
use crate::upgrade;
use crate::watch::Watch;
use crate::{bills, faults};

/// The order of the fields is the order in which they are dropped: processes before their disk and folder.
pub struct Scene {
    pub clients: Clients,
    pub server: Server,
    pub watch: Watch,
    pub random: fastrand::Rng,
    pub figures: Figures,
    pub wrong: Vec<Wrong>,
    /// While this is so, nothing is killed and no clock is moved.
    pub is_still: bool,
    /// Whether nothing can be written: the database is locked, or the disk is full.
    pub is_locked: bool,
    pub is_full: bool,
    /// How often the program's file was replaced.
    pub version: u64,
    pub places: Places,
    /// The home's own disk, where one can be mounted.
    pub disk: Option<Disk>,
    /// What the two clock files say, in seconds: ours, the provider's.
    shifts: (i64, i64),
    folder: Option<TempDir>,
}

impl Scene {
    pub fn new(seed: u64, config: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let places = Places::new(folder.path());
        let disk = Disk::mount(&places.home);
        std::fs::create_dir_all(places.home.join("config")).unwrap();
        std::fs::write(places.home.join("config/config.toml"), config).unwrap();
        upgrade::install(&places);
        let server = Server::new(&places);
        Self {
            clients: Clients::new(&places, server.origin()),
            server,
            watch: Watch::new(&places.database()),
            random: fastrand::Rng::with_seed(seed),
            figures: Figures {
                rounds: 1,
                ..Figures::default()
            },
            wrong: Vec::new(),
            is_still: false,
            is_locked: false,
            is_full: false,
            version: 0,
            places,
            disk,
            shifts: (0, 0),
            folder: Some(folder),
        }
    }

    pub fn say_wrong(&mut self, what: String) {
        self.wrong.push(Wrong::new(what));
    }

    /// Replaces the program's file under whatever runs.
    pub fn upgrade(&mut self) {
        self.version += 1;
        upgrade::replace(&self.places, self.version);
    }

    /// Kills the sandbox if it runs, and starts it with other faults.
    pub fn restart(&mut self) {
        let faults = faults::file(&mut self.random);
        self.restart_with(&faults);
    }

    /// Kills the sandbox if it runs, and starts it without faults. The bills stay as absurd as they were.
    pub fn restart_calmly(&mut self) {
        self.restart_with(&bills::rules().concat());
    }

    /// Kills the sandbox if it runs, and starts it with these faults.
    pub fn restart_with(&mut self, faults: &str) {
        self.note_faults();
        self.server.kill();
        self.server.start(faults);
    }

    fn note_faults(&mut self) {
        let struck = self.server.struck().into_iter();
        let counts = struck.map(|strikes| (strikes.rule, strikes.count)).collect();
        add(&mut self.figures.faults, &counts);
    }

    /// Both clocks jump together.
    pub fn jump(&mut self, seconds: i64) {
        self.shifts = (self.shifts.0 + seconds, self.shifts.1 + seconds);
        self.set_clocks();
    }

    /// Our clock is put a little off the provider's.
    pub fn slip(&mut self, off: i64) {
        self.shifts.0 = self.shifts.1 + off;
        self.set_clocks();
    }

    fn set_clocks(&mut self) {
        self.figures.clock_jumps += 1;
        for (name, shift) in [("our-shift", self.shifts.0), ("provider-shift", self.shifts.1)] {
            let file = self.places.outer.join(name);
            let new = file.with_extension("new");
            std::fs::write(&new, shift.to_string()).unwrap();
            std::fs::rename(new, file).unwrap();
        }
    }

    /// Keeps everything for whoever looks into it, and says where.
    pub fn keep(&mut self) -> PathBuf {
        self.clients.kill_all();
        if self.disk.is_some() {
            // The disk is gone when this process ends.
            let copy = self.places.outer.join("home-as-it-was");
            let copied = Command::new("cp")
                .arg("-a")
                .arg(&self.places.home)
                .arg(copy)
                .status();
            copied.unwrap();
        }
        self.disk = None;
        self.folder.take().map(TempDir::keep).unwrap_or_default()
    }
}

//! What a storm takes place in: processes, clocks, folders, and what was counted and found so far.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use rushes::model::clock::start_of_day;
use rushes::model::{Backend, TakeId, Usd};
use tempfile::TempDir;

use crate::audit::Wrong;
use crate::caps::{self, InForce};
use crate::clients::Clients;
use crate::disk::Disk;
use crate::figures::{Figures, add, count};
use crate::folders::Folders;
use crate::primed_store::prime;
use crate::server::Server;
use crate::upgrade;
use crate::watch::Watch;
use crate::{absurd_bills, faults, stderr_audit};

/// Quick takes that were there before. A clock that jumps makes a take slow in hindsight, and what is expected of the
/// next ones stays quick with these.
const PRIMED: usize = 20;

/// The order of the fields is the order in which they are dropped: processes before their disk and folder.
pub struct Scene {
    pub clients: Clients,
    pub server: Server,
    pub watch: Watch,
    pub random: fastrand::Rng,
    pub figures: Figures,
    pub wrong: Vec<Wrong>,
    /// While it is true, nothing is killed and no clock is moved.
    pub is_still: bool,
    /// Whether nothing can be written: the database is locked, or the disk is full.
    pub is_locked: bool,
    pub is_full: bool,
    /// How often the program's file was replaced.
    pub version: u64,
    pub folders: Folders,
    /// The home's own disk, where one can be mounted.
    pub disk: Option<Disk>,
    /// The caps that a live round had, one after the other.
    pub caps: Vec<InForce>,
    /// The takes whose bills were above their reserve and stopped the queue, as messages name them.
    pub stops: BTreeSet<String>,
    /// The takes that were there before the round.
    pub primed: Vec<TakeId>,
    /// What the two clock files say, in seconds: ours, the provider's.
    shifts: (i64, i64),
    folder: Option<TempDir>,
}

impl Scene {
    pub fn new(seed: u64, backend: Backend) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let folders = Folders::new(folder.path(), backend);
        let disk = Disk::mount(&folders.home);
        let is_live = backend == Backend::Live;
        let primed = prime(&folders.home, backend, PRIMED);
        caps::write(&folders, None);
        upgrade::install(&folders);
        let server = Server::new(&folders);
        let mut scene = Self {
            clients: Clients::new(&folders, server.origin()),
            server,
            watch: Watch::new(&folders.database(), &primed),
            random: fastrand::Rng::with_seed(seed),
            figures: Figures {
                rounds: 1,
                live_rounds: u64::from(is_live),
                ..Figures::default()
            },
            caps: Vec::new(),
            stops: BTreeSet::new(),
            primed,
            wrong: Vec::new(),
            is_still: false,
            is_locked: false,
            is_full: false,
            version: 0,
            folders,
            disk,
            shifts: (0, 0),
            folder: Some(folder),
        };
        if is_live {
            scene.jump_to_noon();
        }
        scene
    }

    /// The time of the clients.
    pub fn now(&self) -> Timestamp {
        Timestamp::now() + SignedDuration::from_secs(self.shifts.0)
    }

    /// Noon of the next day: no clock that slips a little reaches another day.
    pub fn jump_to_noon(&mut self) {
        let now = self.now();
        let noon = start_of_day(now, TimeZone::UTC) + SignedDuration::from_hours(36);
        self.jump(noon.duration_since(now).as_secs());
    }

    /// Nothing runs and no request is under way while the clocks `jump`, as overnight.
    pub fn rest(&mut self, jump: impl FnOnce(&mut Self)) {
        self.kill_all_clients();
        // What a fault holds up arrives before the next one starts, or never.
        count(&mut self.figures.kills, "the sandbox");
        self.restart();
        jump(self);
    }

    pub fn kill_all_clients(&mut self) {
        for _ in 0..self.clients.kill_all() {
            count(&mut self.figures.kills, "all at once");
        }
    }

    /// The user writes another cap into the settings, while nobody runs who may have read the one before.
    pub fn set_cap(&mut self, limit: Option<Usd>) {
        self.kill_all_clients();
        caps::write(&self.folders, limit);
        let after = self.watch.last_event();
        self.caps.push(InForce { after, limit });
    }

    /// Notes why the live queue is stopped, if it is for a bill.
    pub fn note_stop(&mut self) {
        if self.folders.backend == Backend::Live
            && let Some(why) = self.watch.stopped_by_a_bill()
        {
            self.stops.extend(stderr_audit::billed_take(&why));
        }
    }

    /// What is committed of the day's cap; none while the store cannot be read.
    pub fn spent_today(&self) -> Option<Usd> {
        let today = start_of_day(self.now(), TimeZone::UTC);
        let store = self.folders.store()?;
        store.queue(self.folders.backend).committed_since(today).ok()
    }

    /// Whether neither a stop nor the cap keeps the next take from being sent.
    pub fn lets_send(&self) -> bool {
        let backend = self.folders.backend;
        if backend == Backend::Sandbox {
            return true;
        }
        let Some(store) = self.folders.store() else {
            return false;
        };
        let is_stopped = store
            .queue(backend)
            .state()
            .map_or(true, |state| state.stopped.is_some());
        let has_room = |limit: Usd| {
            let spent = self.spent_today();
            spent.is_some_and(|spent| spent + caps::each() <= limit)
        };
        !is_stopped && self.caps.last().and_then(|cap| cap.limit).is_none_or(has_room)
    }

    pub fn say_wrong(&mut self, what: String) {
        self.wrong.push(Wrong::new(what));
    }

    /// Replaces the program's file under whatever runs.
    pub fn upgrade(&mut self) {
        self.version += 1;
        upgrade::replace(&self.folders, self.version);
    }

    /// Kills the sandbox if it runs, and starts it with other faults.
    pub fn restart(&mut self) {
        let faults = faults::file(&mut self.random);
        self.restart_with(&faults);
    }

    /// Kills the sandbox if it runs, and starts it without faults. The bills stay as absurd as they were.
    pub fn restart_calmly(&mut self) {
        self.restart_with(&absurd_bills::rules().concat());
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

    /// Our clock gets a small offset from the provider's.
    pub fn slip(&mut self, off: i64) {
        self.shifts.0 = self.shifts.1 + off;
        self.set_clocks();
    }

    fn set_clocks(&mut self) {
        self.figures.clock_jumps += 1;
        for (name, shift) in [("our-shift", self.shifts.0), ("provider-shift", self.shifts.1)] {
            let file = self.folders.outer.join(name);
            let new = file.with_extension("new");
            std::fs::write(&new, shift.to_string()).unwrap();
            std::fs::rename(new, file).unwrap();
        }
    }

    /// Keeps everything for an investigation, and says where.
    pub fn keep(&mut self) -> PathBuf {
        self.clients.kill_all();
        if self.disk.is_some() {
            // The disk is gone when this process ends.
            let copy = self.folders.outer.join("home-as-it-was");
            let copied = Command::new("cp")
                .arg("-a")
                .arg(&self.folders.home)
                .arg(copy)
                .status();
            copied.unwrap();
        }
        self.disk = None;
        self.folder.take().map(TempDir::keep).unwrap_or_default()
    }
}

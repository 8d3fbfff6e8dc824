//! One round: processes come and are killed, clocks jump, answers go wrong; then calm, until nothing moves.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::clients::Clients;
use crate::figures::{Figures, add, count};
use crate::patience::until;
use crate::server::Server;
use crate::watch::Watch;
use crate::{audit, faults};

/// How much of a storm it is.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    pub takes: usize,
    /// The storm lasts until so many were killed and every take was asked for.
    pub kills: u64,
    /// Or until this has passed since every take was asked for.
    pub longest: Duration,
}

impl Scale {
    pub const SHORT: Self = Self {
        takes: 40,
        kills: 12,
        longest: Duration::from_secs(3),
    };

    pub fn long(takes: usize) -> Self {
        Self {
            takes,
            kills: takes as u64,
            longest: Duration::from_secs(60),
        }
    }
}

/// Seconds that the clock of client and provider jump by: past a lease, a little back, past the age to which
/// records are kept.
const PAST_A_LEASE: i64 = 65;
const A_LITTLE: [i64; 4] = [-20, -5, 5, 20];
const PAST_A_RECORD: i64 = 3700;
const PAST_A_FILM: i64 = 8 * 24 * 3600;

/// Seeds asked for by one `rushes gen`.
const BATCH: usize = 5;
const CLIENTS: usize = 4;
const TICK: Duration = Duration::from_millis(15);
/// A calm store settles in a fraction of this.
const PATIENCE: Duration = Duration::from_secs(240);

/// How often each prompt was asked for with each seed.
pub type Asked = BTreeMap<(String, i64), u64>;

pub struct Storm {
    pub seed: u64,
    scale: Scale,
    random: fastrand::Rng,
    folder: tempfile::TempDir,
    server: Server,
    clients: Clients,
    watch: Watch,
    asked: Asked,
    figures: Figures,
    /// What the two clock files say, in seconds: ours, the provider's.
    shifts: (i64, i64),
    next_seed: i64,
}

impl Storm {
    pub fn new(seed: u64, scale: Scale) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path();
        std::fs::create_dir_all(home.join("config")).unwrap();
        std::fs::write(
            home.join("config/config.toml"),
            "in_flight = 12\nsandbox_speed = 30\n[timeouts]\nconnect_s = 3\nread_s = 5\noverall_s = 20\n",
        )
        .unwrap();
        let server = Server::new(home);
        let clients = Clients::new(home, server.origin());
        Self {
            seed,
            scale,
            random: fastrand::Rng::with_seed(seed),
            watch: Watch::new(home),
            server,
            clients,
            asked: Asked::new(),
            figures: Figures {
                rounds: 1,
                ..Figures::default()
            },
            shifts: (0, 0),
            next_seed: 100,
            folder,
        }
    }

    /// The whole round; panics when store and books disagree.
    pub fn blow(mut self) -> Figures {
        let began = Instant::now();
        self.restart(true);
        self.rage();
        self.calm();
        let takes = self.all_takes();
        let books = self.server.books();
        let reels = self.folder.path().join("data/reels");
        let mut wrong = audit::audit(&takes, &books, &self.asked, &reels);
        let too_often = self.watch.sent_too_often();
        wrong.extend(too_often.into_iter().map(audit::Wrong::sent_too_often));
        if !wrong.is_empty() {
            let kept: PathBuf = self.folder.keep();
            let ways: Vec<String> = wrong
                .iter()
                .map(|wrong| match &wrong.of {
                    Some((prompt, seed)) => format!("{wrong}\n{}", self.watch.ways(prompt, *seed)),
                    None => wrong.to_string(),
                })
                .collect();
            panic!(
                "RUSHES_CHAOS_SEED={}: {} things are wrong (all is kept in {}):\n{}",
                self.seed,
                wrong.len(),
                kept.display(),
                ways.join("\n")
            );
        }
        self.figures.takes = takes.len() as u64;
        self.figures.accepted = books["requests"].as_array().unwrap().len() as u64;
        self.figures.submits = self.watch.steps_into("submitting");
        self.figures.unclear = self.watch.steps_into("unknown");
        self.figures.cleared = self.watch.cleared_up();
        self.figures.ends = self.watch.states();
        self.figures.processes = self.clients.started;
        self.figures.seconds = began.elapsed().as_secs_f64();
        self.figures
    }

    /// Takes are asked for, processes killed, clocks moved.
    fn rage(&mut self) {
        let mut all_asked_at = None;
        loop {
            let asked: u64 = self.watch.states().values().sum();
            if all_asked_at.is_none() && asked >= self.scale.takes as u64 {
                all_asked_at = Some(Instant::now());
            }
            if let Some(since) = all_asked_at
                && (self.is_enough() || since.elapsed() > self.scale.longest)
            {
                return;
            }
            if self.clients.living() < CLIENTS {
                self.start_one(all_asked_at.is_none());
            }
            match self.random.u32(..1000) {
                0..15 => self.kill_any(),
                15..75 => self.kill_one_seen(),
                75..85 => self.kill_server(),
                85..110 => self.jump(PAST_A_LEASE),
                110..118 => self.slip(),
                118..120 => self.jump_past_a_record(),
                _ => {}
            }
            // The storm's own pace.
            std::thread::sleep(TICK);
        }
    }

    /// Enough were killed, and what was asked for was sent.
    fn is_enough(&mut self) -> bool {
        let waiting = self.watch.states().get("waiting").copied().unwrap_or(0);
        self.figures.killed() >= self.scale.kills && waiting == 0
    }

    fn start_one(&mut self, may_ask: bool) {
        match self.random.u32(..10) {
            0..6 if may_ask => self.ask(),
            6..8 => self.clients.start_detached(),
            _ => self.clients.start(&["resume"]),
        }
    }

    /// `rushes gen` of one of the prompts, now and then of seeds that were asked for before.
    fn ask(&mut self) {
        let reels = [
            ("north", "Shot 1: a kite"),
            ("south", "Shot 1: a harbour\nShot 2: a gull"),
        ];
        let (reel, prompt) = reels[self.random.usize(..reels.len())];
        if self.next_seed == 100 || self.random.u32(..8) > 0 {
            self.next_seed += BATCH as i64;
        }
        let seeds = self.next_seed - BATCH as i64..self.next_seed;
        for seed in seeds.clone() {
            *self.asked.entry((prompt.to_owned(), seed)).or_default() += 1;
        }
        let list = format!("{}..{}", seeds.start, seeds.end - 1);
        let version = if self.random.u32(..4) == 0 { "v1" } else { "v2" };
        self.clients.start(&[
            "gen",
            "--yes",
            "--json",
            "--reel",
            reel,
            "--prompt",
            prompt,
            "--seeds",
            &list,
            "--duration",
            "4",
            "--no-audio",
            "--api-version",
            version,
        ]);
    }

    fn kill_any(&mut self) {
        if self.clients.kill_any(&mut self.random) {
            count(&mut self.figures.kills, "at random");
        }
    }

    /// Kills a process whose take stands in a chosen state just now.
    fn kill_one_seen(&mut self) {
        let points = [
            "submitting",
            "unknown",
            "accepted",
            "queued",
            "processing",
            "rendered",
        ];
        let point = points[self.random.usize(..points.len())];
        let held = self.watch.held();
        let seen: Vec<u32> = held
            .into_iter()
            .filter(|(_, state)| state == point)
            .map(|(pid, _)| pid)
            .collect();
        if let Some(pid) = self.random.choice(seen)
            && self.clients.kill(pid)
        {
            count(&mut self.figures.kills, &format!("seen {point}"));
        }
    }

    fn kill_server(&mut self) {
        count(&mut self.figures.kills, "the sandbox");
        self.restart(true);
    }

    /// Kills the sandbox if it runs, and starts it with other faults or none.
    fn restart(&mut self, with_faults: bool) {
        self.note_faults();
        self.server.kill();
        let faults = with_faults.then(|| faults::file(&mut self.random));
        self.server.start(faults.as_deref());
    }

    fn note_faults(&mut self) {
        let Some(answer) = self.server.get("/_sandbox/faults") else {
            return;
        };
        let struck = answer["faults"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|rule| {
                let count = rule["struck"].as_u64().filter(|count| *count > 0)?;
                Some((rule["name"].as_str()?.to_owned(), count))
            });
        add(&mut self.figures.faults, &struck.collect());
    }

    /// Both clocks jump together.
    fn jump(&mut self, seconds: i64) {
        self.shifts = (self.shifts.0 + seconds, self.shifts.1 + seconds);
        self.set_clocks();
    }

    /// Our clock is put a little off the provider's, either way.
    fn slip(&mut self) {
        let off = A_LITTLE[self.random.usize(..A_LITTLE.len())];
        self.shifts.0 = self.shifts.1 + off;
        self.set_clocks();
    }

    /// An hour passes, as over night: nothing runs and nothing is on its way meanwhile.
    fn jump_past_a_record(&mut self) {
        for _ in 0..self.clients.kill_all() {
            count(&mut self.figures.kills, "all at once");
        }
        // What a fault holds up arrives before the next one starts, or never.
        self.kill_server();
        self.jump(PAST_A_RECORD);
    }

    fn set_clocks(&mut self) {
        self.figures.clock_jumps += 1;
        for (name, shift) in [("our-shift", self.shifts.0), ("provider-shift", self.shifts.1)] {
            let file = self.folder.path().join(name);
            let new = file.with_extension("new");
            std::fs::write(&new, shift.to_string()).unwrap();
            std::fs::rename(new, file).unwrap();
        }
    }

    /// No more faults; leases run out; then resumed until nothing is left to do.
    fn calm(&mut self) {
        self.clients.kill_all();
        self.restart(false);
        self.jump(2 * PAST_A_LEASE);
        self.clients.start(&["resume", "--release-held"]);
        let settled = until(PATIENCE, || {
            if self.unsettled() == 0 {
                return Ok(());
            }
            if self.clients.living() == 0 {
                // What is left is a film that the provider lost: it is given up after its week.
                self.jump(PAST_A_FILM);
                self.clients.start(&["resume", "--release-held"]);
            }
            Err(self.watch.states())
        });
        if let Err(states) = settled {
            let kept = std::mem::replace(&mut self.folder, tempfile::tempdir().unwrap()).keep();
            panic!(
                "RUSHES_CHAOS_SEED={}: not settled: {states:?}, in {}",
                self.seed,
                kept.display()
            );
        }
        let ended = until(PATIENCE, || match self.clients.living() {
            0 => Ok(()),
            living => Err(living),
        });
        ended.expect("resume ends when nothing is left to do");
    }

    fn unsettled(&mut self) -> u64 {
        let settled = ["saved", "failed", "refused", "cancelled", "expired", "not_sent"];
        let states = self.watch.states();
        let all: u64 = states.values().sum();
        all - settled.iter().filter_map(|state| states.get(*state)).sum::<u64>()
    }

    /// Every take as `rushes ls` prints it.
    fn all_takes(&self) -> Vec<serde_json::Value> {
        let output = self
            .clients
            .command(&["ls", "--json", "--all-reels"])
            .stdout(std::process::Stdio::piped())
            .output()
            .unwrap();
        assert!(output.status.success());
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

//! One round: processes start and are killed, clocks jump, responses go wrong, and disturbances of every kind happen;
//! then calm, until nothing changes.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rushes::model::{Backend, Usd};
use rushes::store::Filter;

use crate::audit::{self, Orders, Wrong};
use crate::caps::{self, Caps};
use crate::disk::FullDisks;
use crate::disturbance::Disturbance;
use crate::drafts::Drafts;
use crate::figures::{Figures, count};
use crate::locks::Locks;
use crate::rate_limits::Rates;
pub use crate::scale::Scale;
use crate::scene::Scene;
use crate::upgrade::Upgrades;
use crate::workbenches::Workbenches;
use crate::{calm, cap_audit, hand_over, stderr_audit};

/// Seconds that the clock of client and provider jump by: past a lease, a little back, past the age to which
/// records are kept.
pub const PAST_A_LEASE: i64 = 65;
const A_LITTLE: [i64; 4] = [-20, -5, 5, 20];
const PAST_A_RECORD: i64 = 3700;

/// Seeds asked for by one `rushes gen`.
pub const BATCH: usize = 5;
const CLIENTS: usize = 4;
/// Takes at the provider at once.
pub const IN_FLIGHT: usize = 12;
const TICK: Duration = Duration::from_millis(15);
/// After this many ticks we check which processes were started by others.
const LOOK_AROUND: u64 = 64;

/// How often each prompt was asked for with each seed.
pub type Asked = BTreeMap<(String, i64), u64>;

pub struct Storm {
    pub seed: u64,
    test: &'static str,
    scale: Scale,
    scene: Scene,
    disturbances: Vec<Box<dyn Disturbance>>,
    asked: Asked,
    next_seed: i64,
    drafts: Drafts,
}

impl Storm {
    /// A storm drawn from `seed`; `test` is the name of the test that it is part of.
    pub fn new(seed: u64, scale: Scale, test: &'static str) -> Self {
        let mut scene = Scene::new(seed, caps::backend(seed));
        let can_fill = scene.disk.is_some();
        let random = &mut scene.random;
        let mut disturbances: Vec<Box<dyn Disturbance>> = vec![
            Box::new(Locks::new(random, &scale)),
            Box::new(FullDisks::new(random, &scale, can_fill)),
            Box::new(Upgrades::new(random, &scale)),
            Box::new(Rates::new(random, &scale)),
            Box::new(Workbenches::new(random, &scale, test)),
        ];
        if scene.folders.backend == Backend::Live {
            disturbances.push(Box::new(Caps::new(&mut scene, &scale)));
        }
        Self {
            seed,
            test,
            scale,
            scene,
            disturbances,
            asked: Asked::new(),
            next_seed: 100,
            drafts: Drafts::default(),
        }
    }

    /// The whole round; panics if store and ledger disagree, or if something else is wrong.
    pub fn blow(mut self) -> Figures {
        let mut began = Instant::now();
        self.scene.restart();
        self.rage();
        for disturbance in &mut self.disturbances {
            disturbance.end(&mut self.scene);
        }
        if self.scene.folders.backend == Backend::Live {
            Caps::raise(&mut self.scene);
        }
        self.scene.figures.seconds_of_rage = lap(&mut began);
        hand_over::lose_it(&mut self.scene, self.test);
        self.scene.figures.seconds_of_last_link = lap(&mut began);
        calm::settle(&mut self.scene, &self.scale);
        Drafts::finish_one(&mut self.scene);
        self.scene.figures.seconds_of_calm = lap(&mut began);
        let takes = calm::all_takes(&self.scene);
        let ledger = self.scene.server.ledger();
        let scene = &mut self.scene;
        scene.figures.takes = takes.len() as u64;
        scene.figures.accepted = ledger["requests"].as_array().unwrap().len() as u64;
        scene.figures.submits = scene.watch.steps_into("submitting");
        scene.figures.unclear = scene.watch.steps_into("unknown");
        scene.figures.cleared = scene.watch.cleared_up();
        scene.figures.ends = scene.watch.states();
        scene.figures.processes = scene.clients.started;
        self.judge(&takes, &ledger);
        self.scene.figures
    }

    /// Panics when anything is wrong.
    fn judge(&mut self, takes: &[serde_json::Value], ledger: &serde_json::Value) {
        let scene = &mut self.scene;
        let mut wrong = std::mem::take(&mut scene.wrong);
        let store = scene.folders.store().expect("a calm store can be opened");
        let backend = scene.folders.backend;
        let committed = store.queue(backend).committed_since(Timestamp::UNIX_EPOCH);
        let committed = committed.map_or_else(
            |error| {
                wrong.push(Wrong::new(format!("what is spent cannot be told: {error}")));
                i64::MAX
            },
            Usd::micros,
        );
        let orders = Orders {
            asked: &self.asked,
            by_hand: scene.figures.asked_by_hand,
        };
        let reels = scene.folders.home.join("data/reels");
        wrong.extend(audit::audit(takes, ledger, &orders, committed, &reels));
        if backend == Backend::Live {
            let takes = store.takes(&Filter::default(), 0, cap_audit::ALL);
            let takes = takes.expect("a calm store can be read");
            wrong.extend(cap_audit::audit(scene, &takes, ledger, self.scale.is_short));
        }
        let too_often = scene.watch.sent_too_often();
        wrong.extend(too_often.into_iter().map(Wrong::sent_too_often));
        wrong.extend(
            stderr_audit::wrong_words(&scene.folders.said())
                .into_iter()
                .map(Wrong::new),
        );
        if wrong.is_empty() {
            return;
        }
        let ways: Vec<String> = wrong
            .iter()
            .map(|wrong| match &wrong.of {
                Some((prompt, seed)) => format!("{wrong}\n{}", scene.watch.ways(prompt, *seed)),
                None => wrong.to_string(),
            })
            .collect();
        // A failed round prints its figures too.
        println!("{}", scene.figures);
        panic!(
            "RUSHES_CHAOS_SEED={}: {} things are wrong (all is kept in {}):\n{}",
            self.seed,
            wrong.len(),
            scene.keep().display(),
            ways.join("\n")
        );
    }

    /// Takes are asked for, processes killed, clocks moved, and disturbances happen.
    fn rage(&mut self) {
        let mut all_asked_at = None;
        for tick in 0.. {
            self.scene.note_stop();
            let asked: u64 = self.scene.watch.states().values().sum();
            let is_all = asked >= self.scale.takes as u64 || Caps::is_late(&self.scene, &self.scale);
            if all_asked_at.is_none() && is_all {
                all_asked_at = Some(Instant::now());
            }
            if let Some(since) = all_asked_at
                && (self.is_enough() || since.elapsed() > self.scale.longest)
            {
                return;
            }
            if tick % LOOK_AROUND == 0 {
                self.look_around();
            }
            if self.scene.clients.living() < CLIENTS {
                self.start_one(all_asked_at.is_none());
            }
            for disturbance in &mut self.disturbances {
                disturbance.tick(&mut self.scene);
            }
            if !self.scene.is_still {
                self.kill_or_jump();
            }
            // The storm's own schedule.
            std::thread::sleep(TICK);
        }
    }

    /// Adds the processes that clients started. Each lost link leaves one, which stays while there is work.
    fn look_around(&mut self) {
        let scene = &mut self.scene;
        scene.clients.take_in_strays();
        if scene.clients.living_strays() > CLIENTS
            && !scene.is_still
            && scene.clients.kill_any(&mut scene.random)
        {
            count(&mut scene.figures.kills, "at random");
        }
    }

    /// Enough were killed, every disturbance has happened, and every take was sent or has no room under the cap.
    fn is_enough(&mut self) -> bool {
        self.scene.figures.killed() >= self.scale.kills
            && self.drafts.has_struck(&mut self.scene)
            && self
                .disturbances
                .iter()
                .all(|disturbance| disturbance.has_struck())
            && (self.scene.watch.waiting() == 0 || !self.scene.lets_send())
    }

    fn kill_or_jump(&mut self) {
        let scene = &mut self.scene;
        match scene.random.u32(..1000) {
            0..15 if scene.clients.kill_any(&mut scene.random) => {
                count(&mut scene.figures.kills, "at random");
            }
            15..75 => self.kill_one_seen(),
            75..85 => self.kill_server(),
            85..110 => scene.jump(PAST_A_LEASE),
            110..118 => {
                let off = A_LITTLE[scene.random.usize(..A_LITTLE.len())];
                scene.slip(off);
            }
            118..120 => self.jump_past_a_record(),
            _ => {}
        }
    }

    fn start_one(&mut self, may_ask: bool) {
        match self.scene.random.u32(..12) {
            0..4 if self.drafts.order(&mut self.scene, &mut self.asked) => {}
            0..8 if may_ask => self.ask(),
            8..10 => self.scene.clients.start_detached(),
            _ => self.scene.clients.start(&["resume"]),
        }
    }

    /// `rushes gen` of one of the prompts, now and then of seeds that were asked for before.
    fn ask(&mut self) {
        let random = &mut self.scene.random;
        let reels = [
            ("north", "Shot 1: a kite"),
            ("south", "Shot 1: a harbour\nShot 2: a gull"),
        ];
        let (reel, prompt) = reels[random.usize(..reels.len())];
        if self.next_seed == 100 || random.u32(..8) > 0 {
            self.next_seed += BATCH as i64;
        }
        let seeds = self.next_seed - BATCH as i64..self.next_seed;
        for seed in seeds.clone() {
            *self.asked.entry((prompt.to_owned(), seed)).or_default() += 1;
        }
        let list = format!("{}..{}", seeds.start, seeds.end - 1);
        let version = if random.u32(..4) == 0 { "v1" } else { "v2" };
        let mut arguments = vec!["gen", "--yes", "--json", "--reel", reel, "--prompt", prompt];
        arguments.extend(["--seeds", &list, "--duration", "4", "--no-audio"]);
        arguments.extend(["--api-version", version]);
        self.scene.clients.start(&arguments);
    }

    /// Kills a process whose take is in a chosen state.
    fn kill_one_seen(&mut self) {
        let points = [
            "submitting",
            "unknown",
            "accepted",
            "queued",
            "processing",
            "rendered",
        ];
        let scene = &mut self.scene;
        let point = points[scene.random.usize(..points.len())];
        let owned = scene.watch.owned().into_iter();
        let seen: Vec<u32> = owned
            .filter(|(_, state)| state == point)
            .map(|(pid, _)| pid)
            .collect();
        if let Some(pid) = scene.random.choice(seen)
            && scene.clients.kill(pid)
        {
            count(&mut scene.figures.kills, &format!("seen {point}"));
        }
    }

    fn kill_server(&mut self) {
        count(&mut self.scene.figures.kills, "the sandbox");
        self.scene.restart();
    }

    /// An hour passes.
    fn jump_past_a_record(&mut self) {
        self.scene.rest(|scene| scene.jump(PAST_A_RECORD));
    }
}

/// Seconds since `began`, which becomes now.
fn lap(began: &mut Instant) -> f64 {
    let seconds = began.elapsed().as_secs_f64();
    *began = Instant::now();
    seconds
}

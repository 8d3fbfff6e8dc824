//! Two workbenches beside the workers, in real terminals on the same reel: typed into at random, killed like the
//! others, their terminals lost with and without a signal, or so slow that they stop reading.

use std::io::Write;
use std::process::ChildStdin;
use std::time::{Duration, Instant};

use rushes::model::{Form, Seconds};

use crate::disturbance::Disturbance;
use crate::figures::count;
use crate::random_keys;
use crate::scene::Scene;
use crate::schedule::Schedule;
use crate::storm::Scale;
use crate::terminal;
use crate::waiting::until;

const WORKBENCHES: usize = 2;
pub const REEL: &str = "north";
/// How long a workbench may take to end: twice what it allows itself after a hang-up.
pub const BOUND: Duration = Duration::from_secs(40);
const LARGE: &str = "size 200 60";
const SIZES: [&str; 5] = [
    "size 20 5",
    "size 80 24",
    "size 120 40",
    "size 200 60",
    "size 40 12",
];

/// A workbench and what is about to happen to it.
struct Workbench {
    pid: u32,
    orders: ChildStdin,
    controls: bool,
    /// Typed one by one, so that keys arrive as keys and not as a paste.
    to_type: Vec<String>,
    /// Its terminal reads again then.
    stalled_until: Option<Instant>,
}

/// A workbench that must end by then.
struct Ending {
    pid: u32,
    by: Instant,
    why: &'static str,
    /// While its orders are open, the terminal exists but does not read.
    _terminal: Option<ChildStdin>,
}

pub struct Workbenches {
    test: &'static str,
    all: Vec<Workbench>,
    ending: Vec<Ending>,
    starts: Schedule,
    types: Schedule,
    stalls: Schedule,
    losses: Schedule,
    has_draft: bool,
    has_terminated: bool,
    /// Whether the next workbench gets a signal when its terminal is gone: every other one does.
    controls: bool,
    may_ask: u64,
}

impl Workbenches {
    pub fn new(random: &mut fastrand::Rng, scale: &Scale, test: &'static str) -> Self {
        let pause = if scale.is_short {
            2_000..5_000
        } else {
            4_000..15_000
        };
        Self {
            test,
            all: Vec::new(),
            ending: Vec::new(),
            starts: Schedule::new(random, 200..800, 300..1_500),
            types: Schedule::new(random, 0..1, 10..60),
            stalls: Schedule::new(random, 2_500..4_500, pause.clone()),
            losses: Schedule::new(random, 3_500..6_000, pause),
            has_draft: false,
            has_terminated: false,
            controls: false,
            may_ask: (scale.takes / 6) as u64,
        }
    }

    /// A short prompt that is quick to draw, before the first workbench reads it.
    fn put_form(&mut self, scene: &Scene) -> Option<()> {
        let store = scene.folders.store()?;
        let form = Form {
            prompt: "a wall".to_owned(),
            duration: Seconds::new(4).unwrap(),
            generate_audio: false,
            ..Form::default()
        };
        store.forms(&store.reel(REEL).ok()?.id).save(&form).ok()?;
        self.has_draft = true;
        Some(())
    }

    fn start(&mut self, scene: &mut Scene) {
        if !self.has_draft && self.put_form(scene).is_none() {
            return;
        }
        self.controls = !self.controls;
        let controls = self.controls;
        let arguments = [scene.clients.options(), vec!["--reel", REEL]].concat();
        if let Some((pid, child, orders)) = terminal::start(self.test, &scene.folders, &arguments, controls) {
            scene.clients.take_in_workbench(pid, child);
            count(&mut scene.figures.disturbances, "workbench started");
            self.all.push(Workbench {
                pid,
                orders,
                controls,
                to_type: Vec::new(),
                stalled_until: None,
            });
        }
    }

    /// The next key of each, or a new phrase.
    fn type_on(&mut self, scene: &mut Scene) {
        for workbench in &mut self.all {
            if workbench.stalled_until.is_some() {
                // Drawn again and again, so that there is more than a terminal holds that is not read.
                workbench.order(&terminal::keys(random_keys::REDRAW));
                continue;
            }
            if workbench.to_type.is_empty() {
                let (phrase, asks) = random_keys::phrase(&mut scene.random, self.may_ask > 0);
                let typed = random_keys::LEAVE
                    .iter()
                    .map(|key| (*key).to_owned())
                    .chain(phrase);
                workbench.to_type = typed.collect();
                workbench.to_type.reverse();
                if asks {
                    self.may_ask -= 1;
                    scene.figures.asked_by_hand += 1;
                }
                if scene.random.u32(..30) == 0 {
                    workbench.order(SIZES[scene.random.usize(..SIZES.len())]);
                }
            }
            if let Some(key) = workbench.to_type.pop() {
                workbench.order(&terminal::keys(&key));
            }
        }
    }

    /// A terminal reads nothing for a while, and much is drawn meanwhile.
    fn stall(&mut self, scene: &mut Scene) -> bool {
        let free = self.all.iter_mut().filter(|one| one.stalled_until.is_none());
        let Some(workbench) = scene.random.choice(free.collect::<Vec<_>>()) else {
            return false;
        };
        workbench.order("stop");
        workbench.order(LARGE);
        let long = Duration::from_millis(scene.random.u64(1_500..4_000));
        workbench.stalled_until = Some(Instant::now() + long);
        count(&mut scene.figures.disturbances, "terminal stopped reading");
        true
    }

    /// A terminal that was stalled long enough reads again, or its workbench is told to end while it does not.
    fn end_stalls(&mut self, scene: &mut Scene) {
        let now = Instant::now();
        let mut at = 0;
        while at < self.all.len() {
            let is_over = self.all[at].stalled_until.is_some_and(|until| now >= until);
            if is_over && (scene.random.bool() || !self.has_terminated) {
                let workbench = self.all.swap_remove(at);
                self.has_terminated = true;
                scene.clients.terminate(workbench.pid);
                count(
                    &mut scene.figures.disturbances,
                    "TERM while the terminal does not read",
                );
                let why = "TERM while its terminal did not read";
                self.expect_end(workbench.pid, Some(workbench.orders), why);
            } else {
                if is_over {
                    self.all[at].stalled_until = None;
                    self.all[at].order("go");
                }
                at += 1;
            }
        }
    }

    fn lose_link(&mut self, scene: &mut Scene) -> bool {
        if self.all.is_empty() {
            return false;
        }
        let workbench = self.all.swap_remove(scene.random.usize(..self.all.len()));
        scene.clients.lose_terminal(workbench.pid);
        let (what, why) = if workbench.controls {
            ("link lost", "its terminal was gone")
        } else {
            (
                "link lost without a signal",
                "its terminal was gone without a signal",
            )
        };
        count(&mut scene.figures.disturbances, what);
        self.expect_end(workbench.pid, None, why);
        true
    }

    fn expect_end(&mut self, pid: u32, terminal: Option<ChildStdin>, why: &'static str) {
        self.ending.push(Ending {
            pid,
            by: Instant::now() + BOUND,
            why,
            _terminal: terminal,
        });
    }

    /// Those that ended as they should are forgotten; those that did not are wrong, and killed.
    fn look_at_endings(&mut self, scene: &mut Scene) {
        self.ending.retain(|ending| {
            if !scene.clients.runs(ending.pid) {
                return false;
            }
            if Instant::now() < ending.by {
                return true;
            }
            scene.clients.kill(ending.pid);
            scene.say_wrong(format!(
                "workbench {} still ran {} s after {}",
                ending.pid,
                BOUND.as_secs(),
                ending.why
            ));
            false
        });
    }
}

impl Workbench {
    /// A terminal that ended meanwhile takes no orders.
    fn order(&mut self, line: &str) {
        let _ = writeln!(self.orders, "{line}");
    }
}

impl Disturbance for Workbenches {
    fn tick(&mut self, scene: &mut Scene) {
        self.all.retain(|workbench| scene.clients.runs(workbench.pid));
        self.look_at_endings(scene);
        if self.all.len() < WORKBENCHES && self.starts.is_due(&mut scene.random) {
            self.start(scene);
        }
        if self.types.is_due(&mut scene.random) {
            self.type_on(scene);
        }
        self.end_stalls(scene);
        if scene.is_still {
            return;
        }
        if self.stalls.is_due(&mut scene.random) && !self.stall(scene) {
            self.stalls.put_off();
        }
        if self.losses.is_due(&mut scene.random) && !self.lose_link(scene) {
            self.losses.put_off();
        }
    }

    fn end(&mut self, scene: &mut Scene) {
        let all_ended = until(BOUND + Duration::from_secs(5), || {
            self.look_at_endings(scene);
            if self.ending.is_empty() { Ok(()) } else { Err(()) }
        });
        assert!(all_ended.is_ok(), "what does not end is killed");
        self.all.clear();
    }

    fn has_struck(&self) -> bool {
        self.stalls.strikes > 0 && self.losses.strikes > 0
    }
}

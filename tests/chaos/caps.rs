//! The cap of a live round: it is lowered to what is spent while takes are in the queue, and each new day leaves room.

use rushes::model::price::Priced;
use rushes::model::{AspectRatio, Backend, Model, PriceTable, Resolution, Seconds, Usd};

use crate::disturbance::Disturbance;
use crate::figures::count;
use crate::folders::Folders;
use crate::scene::Scene;
use crate::schedule::Schedule;
use crate::storm::{BATCH, IN_FLIGHT, Scale};

const SETTINGS: &str = "sandbox_speed = 30\n\n[timeouts]\nconnect_s = 3\nread_s = 5\noverall_s = 20\n";
/// At least this many takes are in the queue when the cap is lowered, and have no room.
const IN_QUEUE: u64 = 2;
/// Live takes at the provider at the same time: few, so that others wait in the queue.
const LIVE_IN_FLIGHT: usize = 3;
/// A cap that was set after this event, until the next one was.
#[derive(Debug, Clone, Copy)]
pub struct InForce {
    pub after: i64,
    pub limit: Option<Usd>,
}

/// Whether the round of this seed spends live money: every third does.
pub const fn backend(seed: u64) -> Backend {
    if seed.is_multiple_of(3) {
        Backend::Live
    } else {
        Backend::Sandbox
    }
}

/// Replaces the settings with ones that have this cap.
pub fn write(folders: &Folders, cap: Option<Usd>) {
    let cap = cap.map_or_else(
        || "\"none\"".to_owned(),
        |cap| {
            format!(
                "{}.{:02}",
                cap.micros() / 1_000_000,
                cap.micros() % 1_000_000 / 10_000
            )
        },
    );
    let in_flight = match folders.backend {
        Backend::Live => LIVE_IN_FLIGHT,
        Backend::Sandbox => IN_FLIGHT,
    };
    let folder = folders.home.join("config");
    let new = folder.join("config.toml.new");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(
        &new,
        format!("in_flight = {in_flight}\ncap_per_day = {cap}\n{SETTINGS}"),
    )
    .unwrap();
    std::fs::rename(new, folder.join("config.toml")).unwrap();
}

/// What is reserved for each take of a storm.
pub fn each() -> Usd {
    let priced = Priced {
        model: Model::default(),
        resolution: Resolution::P480,
        ratio: AspectRatio::WIDE,
        seconds: Seconds::new(4).unwrap(),
        clip_frames: 0,
    };
    PriceTable::default().price(&priced).unwrap().most
}

/// A cap that leaves room for this many takes and part of another, in whole cents.
fn room_for(takes: usize) -> Usd {
    let micros = each().micros() * takes as i64 + each().micros() / 2;
    Usd::from_micros(micros / 10_000 * 10_000)
}

/// How the user changes the cap, and the days that pass under it.
pub struct Caps {
    /// Leaves room for some takes of each new day.
    usual: Usd,
    /// Nothing more has room today.
    is_tight: bool,
    was_tight: bool,
    nights: Schedule,
    most_nights: u64,
}

impl Caps {
    /// Sets the cap under which a live round begins.
    pub fn new(scene: &mut Scene, scale: &Scale) -> Self {
        let usual = room_for((scale.takes / 4).max(2 * BATCH));
        scene.set_cap(Some(usual));
        let (first, pause) = if scale.is_short {
            (4_000..5_000, 2_000..3_000)
        } else {
            (20_000..30_000, 10_000..20_000)
        };
        Self {
            usual,
            is_tight: false,
            was_tight: false,
            nights: Schedule::new(&mut scene.random, first, pause),
            most_nights: scale.nights,
        }
    }

    /// Much was spent today, or some on a later day when the cap was not lowered before, and takes are in the queue.
    fn is_time_to_lower(&self, scene: &mut Scene) -> bool {
        let is_overdue = !self.was_tight && self.nights.strikes > 0;
        let enough = if is_overdue { each() } else { self.usual };
        let parts = if is_overdue { 1 } else { 3 };
        scene.watch.waiting() >= IN_QUEUE
            && scene
                .spent_today()
                .is_some_and(|spent| spent.times(parts) >= enough)
    }

    /// While takes are in the queue the user lowers the cap to what is spent today, so that none of them has room.
    fn lower(&mut self, scene: &mut Scene) -> Option<()> {
        scene.kill_all_clients();
        if scene.watch.waiting() == 0 {
            // They were sent before their clients died: another time.
            return None;
        }
        let cents = scene.spent_today()?.micros() / 10_000 + 1;
        scene.set_cap(Some(Usd::from_micros(cents * 10_000)));
        (self.is_tight, self.was_tight) = (true, true);
        count(&mut scene.figures.disturbances, "cap lowered");
        Some(())
    }

    /// Counts the takes that have waited since the cap was lowered, with clients that would have sent them.
    fn count_stopped(&self, scene: &mut Scene) {
        if self.is_tight {
            scene.figures.stopped_by_cap += scene.watch.waiting();
        }
    }

    /// The next day begins under the usual cap.
    fn sleep(&mut self, scene: &mut Scene) {
        self.count_stopped(scene);
        scene.rest(Scene::jump_to_noon);
        scene.set_cap(Some(self.usual));
        self.is_tight = false;
        count(&mut scene.figures.disturbances, NIGHT);
    }

    /// The user raises the cap after the rage: nothing is kept back any more.
    pub fn raise(scene: &mut Scene) {
        scene.set_cap(None);
    }

    /// Whether enough days have passed to stop waiting for takes.
    pub fn is_late(scene: &Scene, scale: &Scale) -> bool {
        let nights = scene.figures.disturbances.get(NIGHT).copied();
        nights.unwrap_or(0) >= scale.nights
    }
}

const NIGHT: &str = "night";

impl Disturbance for Caps {
    fn tick(&mut self, scene: &mut Scene) {
        if scene.is_still || scene.is_full {
            return;
        }
        if !self.is_tight && !scene.is_locked && self.is_time_to_lower(scene) {
            let _ = self.lower(scene);
        }
        if self.nights.strikes < self.most_nights && self.nights.is_due(&mut scene.random) {
            self.sleep(scene);
        }
    }

    fn end(&mut self, scene: &mut Scene) {
        self.count_stopped(scene);
    }

    fn has_struck(&self) -> bool {
        self.was_tight && self.nights.strikes > 0
    }
}

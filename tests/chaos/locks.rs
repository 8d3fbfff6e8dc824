//! Locked databases: somebody holds the write lock for a while, as a backup or a stuck process does.

use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::Connection;

use crate::figures::count;
use crate::pace::Pace;
use crate::scene::Scene;
use crate::storm::Scale;
use crate::trouble::Trouble;

/// Longer than the program waits for a lock.
const LONGEST_MS: u64 = 12_000;
const SHORTEST_MS: u64 = 200;

pub struct Locks {
    pace: Pace,
    longest_ms: u64,
    held: Option<Held>,
}

/// A lock that lasts until its time is over or its channel is dropped.
struct Held {
    let_go: Sender<()>,
    thread: JoinHandle<bool>,
}

impl Locks {
    pub fn new(random: &mut fastrand::Rng, scale: &Scale) -> Self {
        let (longest_ms, pause) = if scale.is_short {
            (1_500, 3_000..6_000)
        } else {
            (LONGEST_MS, 4_000..20_000)
        };
        Self {
            pace: Pace::new(random, 500..2_500, pause),
            longest_ms,
            held: None,
        }
    }

    fn finish(&mut self, scene: &mut Scene) {
        if let Some(held) = self.held.take() {
            drop(held.let_go);
            scene.is_locked = false;
            if held.thread.join().unwrap() {
                count(&mut scene.figures.troubles, "database locked");
            }
        }
    }
}

impl Trouble for Locks {
    fn tick(&mut self, scene: &mut Scene) {
        if self.held.as_ref().is_some_and(|held| held.thread.is_finished()) {
            self.finish(scene);
        }
        let can = self.held.is_none() && !scene.is_still && scene.places.database().exists();
        if !can || !self.pace.is_due(&mut scene.random) {
            return;
        }
        // Most are short; one that outlasts the program's patience comes now and then.
        let most = if scene.random.u32(..4) == 0 {
            self.longest_ms
        } else {
            self.longest_ms / 4
        };
        let long = Duration::from_millis(scene.random.u64(SHORTEST_MS..=most.max(SHORTEST_MS)));
        let (let_go, until) = channel::<()>();
        let database = scene.places.database();
        let thread = std::thread::spawn(move || {
            let held = Connection::open(database).and_then(|held| {
                held.busy_timeout(Duration::from_secs(5))?;
                held.execute_batch("BEGIN IMMEDIATE")?;
                Ok(held)
            });
            // Nothing is written, so that closing the connection is enough to let go.
            let is_held = held.is_ok();
            if is_held {
                let _ = until.recv_timeout(long);
            }
            is_held
        });
        scene.is_locked = true;
        self.held = Some(Held { let_go, thread });
    }

    fn end(&mut self, scene: &mut Scene) {
        self.finish(scene);
    }

    fn has_struck(&self) -> bool {
        self.pace.strikes > 0
    }
}

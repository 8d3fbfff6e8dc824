//! Locked databases: somebody holds the write lock for a while, as a backup or a stuck process does.

use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::Connection;

use crate::disturbance::Disturbance;
use crate::figures::count;
use crate::scene::Scene;
use crate::schedule::Schedule;
use crate::storm::Scale;

/// Longer than the program waits for a lock.
const MAX_MS: u64 = 12_000;
const MIN_MS: u64 = 200;

pub struct Locks {
    schedule: Schedule,
    longest_ms: u64,
    lock: Option<Lock>,
}

/// A lock that lasts until its time is over or its channel is dropped.
struct Lock {
    release: Sender<()>,
    thread: JoinHandle<bool>,
}

impl Locks {
    pub fn new(random: &mut fastrand::Rng, scale: &Scale) -> Self {
        let (longest_ms, pause) = if scale.is_short {
            (1_500, 3_000..6_000)
        } else {
            (MAX_MS, 4_000..20_000)
        };
        Self {
            schedule: Schedule::new(random, 500..2_500, pause),
            longest_ms,
            lock: None,
        }
    }

    fn finish(&mut self, scene: &mut Scene) {
        if let Some(lock) = self.lock.take() {
            drop(lock.release);
            scene.is_locked = false;
            if lock.thread.join().unwrap() {
                count(&mut scene.figures.disturbances, "database locked");
            }
        }
    }
}

impl Disturbance for Locks {
    fn tick(&mut self, scene: &mut Scene) {
        if self.lock.as_ref().is_some_and(|lock| lock.thread.is_finished()) {
            self.finish(scene);
        }
        let can = self.lock.is_none() && !scene.is_still && scene.folders.database().exists();
        if !can || !self.schedule.is_due(&mut scene.random) {
            return;
        }
        // Most are short; one that outlasts the program's patience comes now and then.
        let most = if scene.random.u32(..4) == 0 {
            self.longest_ms
        } else {
            self.longest_ms / 4
        };
        let long = Duration::from_millis(scene.random.u64(MIN_MS..=most.max(MIN_MS)));
        let (release, until) = channel::<()>();
        let database = scene.folders.database();
        let thread = std::thread::spawn(move || {
            let lock = Connection::open(database).and_then(|lock| {
                lock.busy_timeout(Duration::from_secs(5))?;
                lock.execute_batch("BEGIN IMMEDIATE")?;
                Ok(lock)
            });
            // Nothing is written, so that closing the connection is enough to let go.
            let is_locked = lock.is_ok();
            if is_locked {
                let _ = until.recv_timeout(long);
            }
            is_locked
        });
        scene.is_locked = true;
        self.lock = Some(Lock { release, thread });
    }

    fn end(&mut self, scene: &mut Scene) {
        self.finish(scene);
    }

    fn has_struck(&self) -> bool {
        self.schedule.strikes > 0
    }
}

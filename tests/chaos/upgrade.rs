//! An upgrade of the program while it runs: a new file under the old name, as installers do it.

use crate::disturbance::Disturbance;
use crate::figures::count;
use crate::folders::Folders;
use crate::scene::Scene;
use crate::schedule::Schedule;
use crate::storm::Scale;

pub struct Upgrades {
    schedule: Schedule,
}

/// Puts the program where clients find it, and the version to come beside it.
pub fn install(folders: &Folders) {
    for version in ["version-0", "version-1"] {
        std::fs::copy(
            env!("CARGO_BIN_EXE_rushes"),
            folders.outer.join("bin").join(version),
        )
        .unwrap();
    }
    replace(folders, 0);
}

/// Replaces the program's file. The version counts up, so that the file is another one each time.
pub fn replace(folders: &Folders, version: u64) {
    let bin = folders.outer.join("bin");
    let new = bin.join("new");
    std::fs::hard_link(bin.join(format!("version-{}", version % 2)), &new).unwrap();
    std::fs::rename(new, folders.program()).unwrap();
}

impl Upgrades {
    pub fn new(random: &mut fastrand::Rng, scale: &Scale) -> Self {
        let pause = if scale.is_short {
            3_000..6_000
        } else {
            5_000..15_000
        };
        Self {
            schedule: Schedule::new(random, 1_500..3_000, pause),
        }
    }
}

impl Disturbance for Upgrades {
    fn tick(&mut self, scene: &mut Scene) {
        if self.schedule.is_due(&mut scene.random) {
            scene.upgrade();
            count(&mut scene.figures.disturbances, "program replaced");
        }
    }

    fn end(&mut self, _: &mut Scene) {}

    fn has_struck(&self) -> bool {
        self.schedule.strikes > 0
    }
}
